import { join } from 'node:path'
import type { DifferentEntry } from '../bank/entry.ts'
import { type Mistake, mistakesFile, readMistakes, withMistake } from '../bank/mistakes.ts'
import { LessonError, type Problem } from '../course/lesson-error.ts'
import { NothingToGrade, takeIn } from '../intake/intake.ts'
import { inParallel } from '../runner/in-parallel.ts'
import { type Outcome, requirementOf } from '../runner/outcome.ts'
import { count, type Kit, type Part } from './part.ts'
import type { Taken } from './submissions.ts'

/** What says nothing of a mistake. */
const UNGRADED: readonly Outcome[] = ['refused', 'not-started', 'grader-error']

/** Each mistake that is listed of a right submission costs it the requirement that the mistake breaks. */
export const mistakes: Part = {
  name: 'mistakes in right submissions',
  async run(kit) {
    const problems: Problem[] = []
    const listed = kit.bank.entries
      .filter((entry) => entry.kind === 'different')
      .flatMap((entry) => {
        try {
          const submission = takeIn(entry.folder, join(kit.root, entry.folder), entry.lesson.rooms)
          return readMistakes(kit.root, entry, submission.rooms).map((mistake) => ({
            entry,
            submission,
            mistake,
          }))
        } catch (error) {
          if (error instanceof LessonError) problems.push(...error.problems)
          // That there is no room is told with the right submissions.
          else if (!(error instanceof NothingToGrade)) throw error
          return []
        }
      })
    const found = await inParallel(listed, (one) => problemsOf(one, kit))
    problems.push(...found.flat())
    return { counted: count(listed.length, 'mistake'), checked: listed.length, problems, skipped: [] }
  },
}

async function problemsOf(
  { entry, submission, mistake }: Taken<DifferentEntry> & { mistake: Mistake },
  { grading }: Kit,
): Promise<Problem[]> {
  const { does, fails, room, line } = mistake
  const suite = await grading.suiteOf(entry.lesson)
  const text = withMistake(submission.rooms.get(room) ?? '', mistake)
  const rooms = new Map(submission.rooms).set(room, text)
  const checks = suite.filter(({ id }) => requirementOf(id) === fails)
  const { lessons } = await grading.gradeSubmission({ ...submission, rooms }, entry.lesson, checks)
  const verdicts = lessons.flatMap((lesson) => lesson.checks)
  const ungraded = verdicts.find(({ outcome }) => UNGRADED.includes(outcome))
  const report = (message: string) => [{ file: mistakesFile(entry), line, message }]
  if (ungraded)
    return report(
      `expected a room that can be graded where it ${does}, came ${ungraded.outcome}: ${ungraded.message}`,
    )
  if (verdicts.some(({ outcome }) => outcome !== 'passed')) return []
  return report(`expected ${fails} to fail where the room ${does}, it passed`)
}
