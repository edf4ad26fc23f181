import type { WrongEntry } from '../bank/entry.ts'
import { LessonError, type Problem } from '../course/lesson-error.ts'
import { inParallel } from '../runner/in-parallel.ts'
import { count, type Kit, type Part } from './part.ts'
import { type Taken, takeAll, verdictProblems } from './submissions.ts'

/** Each wrong submission type-checks, passes the visible examples, and gets its verdict. */
export const wrongOnes: Part = {
  name: 'wrong submissions',
  async run(kit) {
    const entries = kit.bank.entries.filter((entry) => entry.kind === 'wrong')
    const { taken, problems } = takeAll(entries, kit)
    const judged = await inParallel(taken, async (one) => [
      ...(await verdictProblems(one, kit)),
      ...(await exampleProblems(one, kit)),
    ])
    problems.push(...judged.flat())
    const counted = count(entries.length, 'submission')
    return { counted, checked: entries.length, problems, skipped: [] }
  },
}

async function exampleProblems(
  { entry: { lesson, file }, submission }: Taken<WrongEntry>,
  { grading }: Kit,
): Promise<Problem[]> {
  try {
    const verdict = await grading.gradeSubmission(submission, lesson, await grading.examplesOf(lesson))
    const checks = verdict.lessons.flatMap(({ checks }) => checks)
    return checks
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ requirement, title, outcome, message }) => ({
        file,
        line: 1,
        message: `expected it to pass the visible examples, came ${outcome} in "${requirement}: ${title}": ${message}`,
      }))
  } catch (error) {
    // The part on examples says what is wrong with them.
    if (error instanceof LessonError) return []
    throw error
  }
}
