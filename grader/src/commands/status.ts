import { loadCourse } from '../course/course.ts'
import { coloursFor } from '../learn/colours.ts'
import { bestPoints, courseStanding, currentLesson } from '../learn/course-standing.ts'
import { columnsOf } from '../learn/page.ts'
import { readProgress } from '../learn/progress.ts'
import { courseLine } from '../learn/screen.ts'
import { cut, padded, wrap } from '../learn/text-layout.ts'
import type { CommandContext } from './context.ts'

/**
 * Prints the most points that each lesson ever had, and what to do next. Grades nothing.
 *
 * @returns the exit code, 0
 */
export async function status({ root, out }: CommandContext): Promise<number> {
  const course = loadCourse(root)
  const { progress, note } = readProgress(root)
  const width = Math.min(100, columnsOf(out)) - 1
  const colours = coloursFor(out)
  const { bold, dim, green, yellow, cyan } = colours
  const titleWidth = Math.min(40, width - 30)
  const current = currentLesson(course, progress)

  const lines = [courseLine(courseStanding(course, progress), width, colours)]
  let part = ''
  for (const lesson of course.lessons) {
    if (lesson.part !== part) lines.push('', ` ${bold(cut(lesson.part, width - 1))}`)
    part = lesson.part
    const { earned, possible } = bestPoints(lesson, progress)
    const isPassed = progress.passed.has(lesson.folder)
    const mark = isPassed ? green('✓') : earned > 0 ? yellow('◐') : dim('·')
    const points = `${earned} of ${possible} points`
    lines.push(
      ` ${mark} ${lesson.number}  ${padded(lesson.title, titleWidth)}  ${isPassed ? green(points) : points}`,
    )
  }
  const open = current.requirements.find(({ id, points }) => (progress.best.get(id) ?? 0) < points)
  const next = open
    ? `Next: ${open.id} of lesson ${current.number}, ${current.title}. npm start goes on there.`
    : `Lesson ${current.number} has all its points. npm start, then n, goes on.`
  lines.push('', ...wrap(next, width - 1).map((line) => ` ${cyan(line)}`))
  if (note !== undefined) lines.push('', ...wrap(`${note}.`, width - 1).map((line) => ` ${yellow(line)}`))
  out.write(`${lines.join('\n')}\n`)
  return 0
}
