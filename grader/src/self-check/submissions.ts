import { join } from 'node:path'
import { complete, hasBlame } from '../bank/complete.ts'
import type { Entry } from '../bank/entry.ts'
import { judge } from '../bank/judge.ts'
import type { Course } from '../course/course.ts'
import type { Problem } from '../course/lesson-error.ts'
import { roomsUpTo } from '../course/needs.ts'
import { NothingToGrade, type Submission, takeIn } from '../intake/intake.ts'
import type { Kit } from './part.ts'
import { treeOf } from './trees.ts'

/** A submission of the bank with its rooms. */
export interface Taken<E extends Entry> {
  entry: E
  submission: Submission
}

/**
 * Reads the rooms of submissions and checks their types, all before anything of them runs: the compiler would keep it
 * waiting. Rooms that a submission does not have are the reference's, also those of its lesson where its fault is in an
 * earlier one.
 */
export function takeAll<E extends Entry>(
  entries: readonly E[],
  { root, course, types }: Kit,
): { taken: Taken<E>[]; problems: Problem[] } {
  const reference = treeOf(course, Number.POSITIVE_INFINITY) ?? new Map<string, string>()
  const taken: Taken<E>[] = []
  const problems: Problem[] = []
  for (const entry of entries) {
    const { folder, file } = entry
    try {
      const submission = takeIn(folder, join(root, folder), roomsOfEntry(course, entry))
      const rooms = new Map([...reference].map(([path, text]) => [path.replace(/\.ts$/, ''), text]))
      taken.push({ entry, submission: complete(course, entry, submission) })
      for (const [room, text] of submission.rooms) rooms.set(room, text)
      for (const { room, line, message } of types.problems(rooms, [...submission.rooms.keys()]))
        problems.push({ file: `${folder}/${room}.ts`, line, message })
    } catch (error) {
      if (!(error instanceof NothingToGrade)) throw error
      problems.push({ file, line: 1, message: error.message })
    }
  }
  return { taken, problems }
}

/** What is not as the bank says in how the hidden suite judges a submission. */
export async function verdictProblems(
  { entry, submission }: Taken<Entry>,
  { grading }: Kit,
): Promise<Problem[]> {
  const suite = await grading.suiteOf(entry.lesson)
  const verdict = await grading.gradeSubmission(submission, entry.lesson, suite, hasBlame(entry))
  const { file, at } = entry
  return judge(entry, verdict).map((message) => ({ file, line: at.fails ?? 1, message }))
}

/** The rooms that a submission of the bank may hold. */
export function roomsOfEntry({ lessons }: Course, entry: Entry): string[] {
  return hasBlame(entry) ? roomsUpTo(lessons, entry.lesson) : entry.lesson.rooms
}
