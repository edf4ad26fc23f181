import { findLesson, loadCourse, unknownLesson } from '../course/course.ts'
import { hasReference } from '../course/tree.ts'
import { coloursFor } from '../learn/colours.ts'
import { columnsOf } from '../learn/page.ts'
import { readProgress } from '../learn/progress.ts'
import { solutionLines } from '../learn/solution-lines.ts'
import { type CommandContext, UsageError } from './context.ts'

/** What `npm run solution` can be asked. */
export interface SolutionOptions {
  /** Shows the reference before the lesson has passed, too. */
  spoil?: boolean
}

/**
 * Prints the learner's rooms of a lesson beside the reference's.
 *
 * @param name `01` or `01-store`
 * @returns the exit code: 0; 1 if the lesson has not passed and nothing was spoiled; 2 where there is no
 *   reference
 * @throws {UsageError} if there is no such lesson
 */
export async function solution(
  { root, out, err }: CommandContext,
  name: string,
  { spoil }: SolutionOptions,
): Promise<number> {
  const course = loadCourse(root)
  const lesson = findLesson(course, name)
  if (!lesson) throw new UsageError(unknownLesson(course, name))
  if (!hasReference(root)) {
    err.write('This edition has no reference: expected it in solutions/. Ask whoever gave you the course.\n')
    return 2
  }
  if (!spoil && !readProgress(root).progress.passed.has(lesson.folder)) {
    err.write(
      `Lesson ${lesson.number} has not passed yet. npm run solution -- ${lesson.number} --spoil shows the reference all the same.\n`,
    )
    return 1
  }
  const width = columnsOf(out)
  out.write(`${solutionLines(course, lesson, width - 1, coloursFor(out)).join('\n')}\n`)
  return 0
}
