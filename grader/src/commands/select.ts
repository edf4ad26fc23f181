import { type Course, findLesson, unknownLesson } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { unknownName } from '../course/nearest.ts'
import type { Check } from '../runner/check.ts'
import { requirementOf } from '../runner/outcome.ts'
import { loadSuite } from '../runner/suites.ts'
import { UsageError } from './context.ts'

/** What is to be graded: lessons, each with the checks that were asked for. */
export type Selection = { lesson: Lesson; checks: Check[] }[]

/**
 * Finds the lessons and checks that a user named.
 *
 * @param lessons numbers or folders; none means all
 * @param checks ids of requirements or checks, `ST-4` or `ST-4.2`; none means all of the lessons
 * @param instead the checks of a lesson that has no hidden suite here
 * @throws {UsageError} if a name is unknown, with the nearest known one
 */
export async function select(
  course: Course,
  suites: string,
  lessons: string[],
  checks: string[],
  instead?: (lesson: Lesson) => Promise<Check[]>,
): Promise<Selection> {
  const wanted = lessons.map((name) => {
    const lesson = findLesson(course, name)
    if (!lesson) throw new UsageError(unknownLesson(course, name))
    return lesson
  })
  const all: Selection = []
  for (const lesson of wanted.length
    ? course.lessons.filter((lesson) => wanted.includes(lesson))
    : course.lessons) {
    const suite = (await loadSuite(suites, lesson.folder)) ?? (await instead?.(lesson))
    if (!suite)
      throw new UsageError(
        `there is no hidden suite for ${lesson.folder} here: a student edition grades with the examples, npm test`,
      )
    all.push({ lesson, checks: suite })
  }
  if (checks.length === 0) return all

  const ids = all.flatMap((part) => part.checks.map(({ id }) => id))
  const known = new Set([...ids.map(requirementOf), ...ids])
  const asked = new Set(checks.map((id) => id.toUpperCase()))
  for (const id of asked) if (!known.has(id)) throw new UsageError(unknownName('check', id, known))
  return all
    .map(({ lesson, checks }) => ({
      lesson,
      checks: checks.filter(({ id }) => asked.has(id) || asked.has(requirementOf(id))),
    }))
    .filter(({ checks }) => checks.length > 0)
}
