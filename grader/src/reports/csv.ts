import type { Verdict } from '../runner/verdict.ts'
import { withoutActive } from './escape.ts'

/** What a spreadsheet takes for a formula. */
const FORMULA = /^[\s]*[=+\-@|%\t\r＝＋－＠]/

/** Marks: a line for the heads, then a line a submission, with a column for each lesson and each requirement. */
export function toCsv(verdicts: Verdict[]): string {
  const lessons = new Map<string, Set<string>>()
  for (const { lesson, requirements } of verdicts.flatMap((verdict) => verdict.lessons)) {
    const ids = lessons.get(lesson) ?? new Set()
    for (const { id } of requirements) ids.add(id)
    lessons.set(lesson, ids)
  }
  const columns = [...lessons].flatMap(([lesson, ids]) => [lesson, ...ids])
  const head = ['submission', 'hash', 'isolation', 'earned', 'possible', ...columns]
  const lines = verdicts.map((verdict) => {
    const marks = new Map<string, number>()
    for (const { lesson, points, requirements } of verdict.lessons) {
      marks.set(lesson, points.earned)
      for (const { id, earned } of requirements) marks.set(id, earned)
    }
    const { submission, isolation, points } = verdict
    return [
      submission.path,
      submission.hash,
      isolation,
      points.earned,
      points.possible,
      ...columns.map((column) => marks.get(column) ?? ''),
    ]
  })
  return [head, ...lines].map((line) => `${line.map(field).join(',')}\r\n`).join('')
}

/**
 * One field, by RFC 4180; what would be a formula begins with an apostrophe, as OWASP advises. Where the decimal point is
 * a comma, spreadsheets separate fields by semicolons: these are quoted, too.
 */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const shown = withoutActive(value)
  const text = FORMULA.test(shown) ? `'${shown}` : shown
  return /[",;\t\r\n']|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
