import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { lessonsBelow } from '../course/needs.ts'
import { isReference, isStub, referenceRoom, stubRoom } from '../course/reference.ts'
import { hasReference } from '../course/tree.ts'
import type { RoomSource } from './bundle.ts'

/**
 * Whose rooms a lesson's checks run over. `alone`: the lesson's are the submission's, those of other lessons the
 * reference's; this is what counts. `own`: all are the submission's.
 */
export type Stack = 'alone' | 'own'

/** The texts of somebody's rooms, by name: `store`. */
export type Rooms = ReadonlyMap<string, string>

/** Where the rooms of a bundle come from, and whose they are. */
export interface Stock {
  source: RoomSource
  /** The rooms that are the submission's: places in these are worth telling. */
  learners: readonly string[]
  stack: Stack
}

/**
 * The rooms for what counts. All are the submission's where there is no reference, as in a student edition, and in a lesson
 * that has no room of its own. Without a reference, its API is what worlds stand on, too, and what is not handed in is not
 * written yet.
 */
export function aloneStock({ root, lessons }: Course, lesson: Lesson, rooms: Rooms): Stock {
  const others = new Set(
    lessons.filter((other) => other.folder !== lesson.folder).flatMap((other) => other.rooms),
  )
  const isWhole = hasReference(root)
  const isReferences = (room: string) => isWhole && lesson.rooms.length > 0 && others.has(room)
  return stockOf(root, rooms, isReferences, isWhole ? 'alone' : 'own')
}

/**
 * The rooms of the own stack: the lesson's are the submission's, and so are those of the lessons below that
 * {@link ownBelow} names.
 *
 * @param replaced those of the lessons below that are the reference's nevertheless; default: none
 */
export function ownStock(
  course: Course,
  lesson: Lesson,
  rooms: Rooms,
  replaced: ReadonlySet<string> = new Set(),
): Stock {
  const own = new Set(lesson.rooms)
  for (const room of ownBelow(course, lesson, rooms).flatMap((below) => below.rooms))
    if (!replaced.has(room)) own.add(room)
  return stockOf(course.root, rooms, (room) => !own.has(room), 'own')
}

/**
 * The rooms of the lessons below that make an own stack another than what counts: handed in, begun, and not the
 * reference's. Where there are none, there is nothing that an own stack could tell.
 *
 * @returns for each such lesson its rooms, in the order of the course
 */
export function ownBelow(
  { root, lessons }: Course,
  lesson: Lesson,
  rooms: Rooms,
): { lesson: Lesson; rooms: string[] }[] {
  if (!hasReference(root) || lesson.rooms.length === 0) return []
  const isOwn = (room: string) => {
    const text = rooms.get(room)
    return text !== undefined && !isStub(root, room, text) && !isReference(root, lessons, room, text)
  }
  return lessonsBelow(lessons, lesson)
    .map((below) => ({ lesson: below, rooms: below.rooms.filter(isOwn) }))
    .filter((below) => below.rooms.length > 0)
}

function stockOf(root: string, rooms: Rooms, isReferences: (room: string) => boolean, stack: Stack): Stock {
  const learners = [...rooms.keys()].filter((room) => !isReferences(room))
  const ours = (room: string) => referenceRoom(root, room) ?? stubRoom(root, room)
  return {
    source: (room) => (learners.includes(room) ? rooms.get(room) : ours(room)),
    learners,
    stack,
  }
}
