import { findRequirement, loadCourse, unknownRequirement } from '../course/course.ts'
import { coloursFor } from '../learn/colours.ts'
import { columnsOf } from '../learn/page.ts'
import { updateProgress } from '../learn/progress.ts'
import { wrap } from '../learn/text-layout.ts'
import { plainMarkdown } from '../reports/plain-markdown.ts'
import { requirementOf } from '../runner/outcome.ts'
import { type CommandContext, UsageError } from './context.ts'

/**
 * Shows one hint more for a requirement, with those before it. What was shown is kept in progress.
 *
 * @param id a requirement or one of its checks: `ST-4`, `ST-4.2`
 * @returns the exit code, 0
 * @throws {UsageError} if there is no such requirement
 */
export async function hint({ root, out }: CommandContext, id: string): Promise<number> {
  const course = loadCourse(root)
  const found = findRequirement(course, requirementOf(id))
  if (!found) throw new UsageError(unknownRequirement(course, requirementOf(id)))
  const { lesson, requirement } = found
  const hints = lesson.hints.get(requirement.id) ?? []
  let before = 0
  const progress = updateProgress(root, ({ hints: shown }) => {
    before = Math.min(hints.length, shown.get(requirement.id) ?? 0)
    shown.set(requirement.id, Math.min(hints.length, before + 1))
  })
  const shown = progress.hints.get(requirement.id) ?? 0

  const width = Math.min(100, columnsOf(out))
  const { bold, cyan, dim } = coloursFor(out)
  const points = requirement.points === 1 ? '1 point' : `${requirement.points} points`
  const lines = [
    bold(`${requirement.id}, ${points}, of lesson ${lesson.number}, ${lesson.title}`),
    ...wrap(plainMarkdown(requirement.text), width - 2).map((line) => `  ${line}`),
  ]
  for (const [index, text] of hints.slice(0, shown).entries()) {
    lines.push('', cyan(`Hint ${index + 1} of ${hints.length}`))
    lines.push(...wrap(plainMarkdown(text), width - 2).map((line) => `  ${line}`))
  }
  lines.push('')
  if (before >= hints.length) lines.push(dim(`These are all there are. The lesson is in ${lesson.file}.`))
  else if (shown < hints.length) lines.push(dim(`npm run hint -- ${requirement.id} shows the next.`))
  else lines.push(dim('This was the last.'))
  out.write(`${lines.join('\n')}\n`)
  return 0
}
