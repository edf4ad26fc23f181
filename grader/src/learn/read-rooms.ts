import { type Course, roomsOf } from '../course/course.ts'
import { NothingToGrade, type Submission, takeIn } from '../intake/intake.ts'
import { workFolder } from './work-tree.ts'

/** The learner's rooms as they are now; no rooms at all is a state like any other. */
export function readRooms(course: Course): Submission {
  try {
    return takeIn('work', workFolder(course.root), roomsOf(course))
  } catch (error) {
    if (!(error instanceof NothingToGrade)) throw error
    return { path: 'work', hash: '', rooms: new Map(), refused: new Map(), ignored: [] }
  }
}
