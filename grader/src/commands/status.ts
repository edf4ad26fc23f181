import { loadCourse } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { readExamples } from '../examples/titles.ts'
import { coloursFor } from '../learn/colours.ts'
import { bestPoints, courseStanding, currentLesson } from '../learn/course-standing.ts'
import { columnsOf } from '../learn/page.ts'
import { type Progress, readProgress } from '../learn/progress.ts'
import { courseLine } from '../learn/screen.ts'
import { cut, padded, wrap } from '../learn/text-layout.ts'
import { requirementOf } from '../runner/outcome.ts'
import { hasSuite } from '../runner/suites.ts'
import type { CommandContext } from './context.ts'

/**
 * Prints the most points that each lesson ever had, and what to do next. Grades nothing.
 *
 * @returns the exit code, 0
 */
export async function status({ root, suites, out }: CommandContext): Promise<number> {
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
  const examplesOnly = !hasSuite(suites, current.folder)
  const next = nextStep(current, progress, examplesOnly ? examined(root, current) : undefined)
  lines.push('', ...wrap(next, width - 1).map((line) => ` ${cyan(line)}`))
  if (examplesOnly)
    lines.push(
      ` ${dim('Points are those of the visible examples: the hidden suite is not in this edition.')}`,
    )
  if (note !== undefined) lines.push('', ...wrap(`${note}.`, width - 1).map((line) => ` ${yellow(line)}`))
  out.write(`${lines.join('\n')}\n`)
  return 0
}

/** The requirements that a lesson's visible examples look at. */
function examined(root: string, lesson: Lesson): Set<string> {
  return new Set(readExamples(root, lesson).map(({ id }) => requirementOf(id)))
}

/** @param looked the requirements that are looked at; left out: all */
function nextStep({ number, title, requirements }: Lesson, { best }: Progress, looked?: Set<string>): string {
  const open = requirements.find(
    ({ id, points }) => (looked?.has(id) ?? true) && (best.get(id) ?? 0) < points,
  )
  if (open) return `Next: ${open.id} of lesson ${number}, ${title}. npm start goes on there.`
  const how = looked ? `Every example of lesson ${number} passes.` : `Lesson ${number} has all its points.`
  return `${how} npm start, then n, goes on.`
}
