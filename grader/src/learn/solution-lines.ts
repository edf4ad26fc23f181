import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { referenceAt } from '../course/reference.ts'
import type { Colours } from './colours.ts'
import { readRooms } from './read-rooms.ts'
import { referenceDiff } from './reference-diff.ts'

/** The learner's rooms of a lesson beside the reference's; there must be a reference. */
export function solutionLines(course: Course, lesson: Lesson, width: number, colours: Colours): string[] {
  if (lesson.rooms.length === 0)
    return [' This lesson has no room of its own, so there is nothing to compare.']
  const { rooms } = readRooms(course)
  return lesson.rooms.flatMap((room, index) => {
    const theirs = referenceAt(course.root, course.lessons, room, Number.POSITIVE_INFINITY)
    const heads = { mine: `yours: work/${room}.ts`, theirs: `the reference: solutions/${room}.ts` }
    const mine = (rooms.get(room) ?? '').replaceAll('\r\n', '\n')
    return [...(index > 0 ? [''] : []), ...referenceDiff(mine, theirs, heads, width, colours)]
  })
}
