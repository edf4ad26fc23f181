import type { Course } from '../course/course.ts'
import { referenceRoom } from '../course/reference.ts'
import type { Submission } from '../intake/intake.ts'
import type { Entry } from './entry.ts'

/** Whether the fault of a submission is in a room of an earlier lesson: that is all that it brings. */
export function hasBlame(entry: Entry): boolean {
  return entry.kind === 'wrong' && entry.blame !== undefined
}

/** The submission as it is graded: one with its fault in an earlier room stands under the reference's rooms of its lesson. */
export function complete({ root }: Pick<Course, 'root'>, entry: Entry, submission: Submission): Submission {
  if (!hasBlame(entry)) return submission
  const own = entry.lesson.rooms.map((room) => [room, referenceRoom(root, room) ?? ''] as const)
  return { ...submission, rooms: new Map([...own, ...submission.rooms]) }
}
