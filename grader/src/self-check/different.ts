import { ALIKE } from '../alike/alike.ts'
import { runsOf, similarity } from '../alike/similarity.ts'
import type { DifferentEntry } from '../bank/entry.ts'
import type { Problem } from '../course/lesson-error.ts'
import { lessonsBelow } from '../course/needs.ts'
import type { Submission } from '../intake/intake.ts'
import { inParallel } from '../runner/in-parallel.ts'
import { count, type Kit, type Part } from './part.ts'
import { type Taken, takeAll, verdictProblems } from './submissions.ts'
import { treeOf } from './trees.ts'

/**
 * Each right-but-different submission gets every point, is not the reference again, and carries the lessons above it as
 * well as the reference does.
 */
export const differentOnes: Part = {
  name: 'right but different submissions',
  async run(kit) {
    const entries = kit.bank.entries.filter((entry) => entry.kind === 'different')
    const { taken, problems } = takeAll(entries, kit)
    const alike: string[] = []
    const judged = await inParallel(taken, async (one) => {
      const { entry, submission } = one
      const measured = similarityToReference(entry, submission, kit)
      alike.push(`${entry.lesson.folder}/${entry.name} ${percent(measured)}`)
      return [
        ...(await verdictProblems(one, kit)),
        ...(await problemsAbove(one, kit)),
        ...(measured > ALIKE ? [tooAlike(entry, measured)] : []),
      ]
    })
    problems.push(...judged.flat())
    const counted = [
      count(entries.length, 'submission'),
      ...(alike.length ? [`like the reference: ${alike.sort().join(', ')}`] : []),
    ]
    return { counted: counted.join('; '), checked: entries.length, problems, skipped: [] }
  },
}

/** What fails of the lessons above, the reference's rooms of which stand on those of the submission. */
async function problemsAbove(
  { entry, submission }: Taken<DifferentEntry>,
  { course, grading }: Kit,
): Promise<Problem[]> {
  const reference = treeOf(course, Number.POSITIVE_INFINITY)
  const problems: Problem[] = []
  for (const lesson of course.lessons) {
    if (!reference || !lessonsBelow(course.lessons, lesson).includes(entry.lesson)) continue
    const rooms = new Map(submission.rooms)
    for (const room of lesson.rooms) rooms.set(room, reference.get(`${room}.ts`) ?? '')
    const suite = await grading.suiteOf(lesson)
    const verdict = await grading.gradeSubmission({ ...submission, rooms }, lesson, suite, true)
    for (const { id, outcome, message } of verdict.lessons.flatMap(({ own }) => own?.checks ?? [])) {
      if (outcome === 'passed') continue
      problems.push({
        file: entry.file,
        line: 1,
        message: `expected ${id} to pass over it, came ${outcome}: ${message}`,
      })
    }
  }
  return problems
}

/** Of the room that is most like the reference's. */
function similarityToReference({ lesson }: DifferentEntry, { rooms }: Submission, { course }: Kit): number {
  const reference = treeOf(course, Number.POSITIVE_INFINITY)
  const starter = treeOf(course, 1)
  return Math.max(
    ...lesson.rooms.map((room) => {
      const written = (text = '') => runsOf(text, starter?.get(`${room}.ts`))
      return similarity(written(rooms.get(room)), written(reference?.get(`${room}.ts`)))
    }),
  )
}

function tooAlike({ file }: DifferentEntry, measured: number): Problem {
  const message = `expected at most ${percent(ALIKE)} in common with the reference, came ${percent(measured)}: have it written by somebody who has not seen it`
  return { file, line: 1, message }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
