import { type Course, roomsOf } from '../course/course.ts'
import { LessonError } from '../course/lesson-error.ts'
import { treeAt } from '../course/regions.ts'
import { referenceRooms } from '../course/tree.ts'
import type { Tree } from './grading.ts'

const known = new WeakMap<Course, Map<number, Tree>>()

/**
 * The rooms of somebody who is about to begin lesson `n`; `Infinity` for the reference. Made once for each.
 *
 * @returns `undefined` if a region is malformed, which another part reports
 */
export function treeOf(course: Course, n: number): Tree | undefined {
  const trees = known.get(course) ?? new Map<number, Tree>()
  known.set(course, trees)
  const tree = trees.get(n)
  if (tree) return tree
  try {
    const made = treeAt(new Map(roomFiles(course)), course.lessons, n)
    trees.set(n, made)
    return made
  } catch (error) {
    if (error instanceof LessonError) return undefined
    throw error
  }
}

/** Of the lessons that are looked at: what is written for others may be half there. */
function roomFiles(course: Course): [string, string][] {
  const rooms = roomsOf(course)
  return [...referenceRooms(course.root)].filter(([path]) => rooms.includes(path.replace(/\.ts$/, '')))
}

/** The sentence for a part that needs the trees, where they cannot be made. */
export const NO_TREES = 'the regions of the reference are malformed, so there is no tree to look at'

/** What a tree is to a person. */
export function treeName(n: number): string {
  if (n === Number.POSITIVE_INFINITY) return 'the reference'
  return n <= 1 ? 'the starter' : `the catch-up for lesson ${String(n).padStart(2, '0')}`
}
