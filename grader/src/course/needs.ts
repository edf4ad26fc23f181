import type { Lesson } from './lesson.ts'

/** What is asked of a lesson to know what it stands on. */
export type Standing = Pick<Lesson, 'number' | 'needs' | 'rooms'>

/** The lessons that a lesson stands on, be it through others, in the order of the course. */
export function lessonsBelow<L extends Standing>(lessons: readonly L[], lesson: Standing): L[] {
  const below = new Set<L>()
  const visit = ({ needs }: Standing) => {
    for (const other of lessons) {
      if (other.number === lesson.number || !needs.includes(other.number) || below.has(other)) continue
      below.add(other)
      visit(other)
    }
  }
  visit(lesson)
  return lessons.filter((other) => below.has(other))
}

/**
 * The rooms that a lesson's checks speak to: its own, or those of the lessons below it where it has none. What these stand on
 * comes with them.
 */
export function spokenRooms(lessons: readonly Standing[], lesson: Standing): readonly string[] {
  return lesson.rooms.length > 0 ? lesson.rooms : roomsUpTo(lessons, lesson)
}

/** The rooms of the lessons below a lesson, then its own. */
export function roomsUpTo(lessons: readonly Standing[], lesson: Standing): string[] {
  return [...new Set([...lessonsBelow(lessons, lesson), lesson].flatMap(({ rooms }) => rooms))]
}
