import type { Lesson } from '../course/lesson.ts'
import { plainMarkdown } from '../reports/plain-markdown.ts'
import { OUTCOME_WORDS } from '../reports/terminal.ts'
import type { CheckVerdict } from '../runner/outcome.ts'
import { untold } from '../runner/trace-lines.ts'
import type { RunOutput } from '../runner/verdict.ts'
import type { Colours } from './colours.ts'
import type { LessonResult } from './lesson-result.ts'
import { labelled } from './page.ts'
import { wrap, wrapAtMost } from './text-layout.ts'

const LABEL_WIDTH = 11
const VALUE_LINES = 6
const CONSOLE_LINES = 8
const PLACES = 5
const TRACE_LINES = 12

/** The hints of the requirement: how many the learner has seen, and whether a key shows the next. */
export interface HintState {
  shown: number
  interactive: boolean
}

/** One check that did not pass, explained: what was asked for, what came, where, and which hint to ask for. */
export function failureLines(
  check: CheckVerdict,
  lesson: Lesson,
  result: LessonResult,
  hints: HintState,
  width: number,
  colours: Colours,
): string[] {
  const { bold, red, yellow, cyan } = colours
  const { room, part } = partsOf(width, colours)

  if (check.outcome === 'refused') {
    return [
      ` ${bold(red('Refused, so nothing was run:'))}`,
      ...wrap(check.message, width - 3).map((line) => `   ${line}`),
    ]
  }
  const notStarted = check.outcome === 'not-started'
  const lines = headingLines(check, width, (text) => bold((notStarted ? yellow : red)(text)))
  const requirement = lesson.requirements.find(({ id }) => id === check.requirement)
  const rooms = lesson.rooms.map((room) => `work/${room}.ts`).join(', ')
  lines.push(
    ...findingLines(check, result, width, colours),
    ...(notStarted && rooms ? part('To write', wrap(rooms, room)) : []),
    ...part('Hints', wrap(hintAdvice(check, lesson, hints), room).map(cyan)),
    // Last, because it may be long, and the title says the gist of it.
    ...(requirement ? part(requirement.id, wrap(plainMarkdown(requirement.text), room)) : []),
  )
  return lines
}

/** A check with its outcome and its title. */
export function headingLines(
  { id, outcome, title }: CheckVerdict,
  width: number,
  paint: (text: string) => string,
): string[] {
  const head = `${id} ${OUTCOME_WORDS[outcome]}:`
  // Only whole lines are coloured: the id ends where the first line says so.
  return wrap(`${head} ${title}`, width - 1).map((line, index) =>
    index === 0 && line.startsWith(head) ? ` ${paint(head)}${line.slice(head.length)}` : ` ${line}`,
  )
}

/** What was looked at, expected and seen, and what else is known of it. */
export function findingLines(
  check: CheckVerdict,
  { console, stoppedAt }: RunOutput,
  width: number,
  colours: Colours,
): string[] {
  const { room, part } = partsOf(width, colours)
  const value = (label: string, text: string | undefined) =>
    text === undefined ? [] : part(label, wrapAtMost(text, room, VALUE_LINES))
  const compared = check.expected !== undefined || check.seen !== undefined
  const places = stoppedAt[check.id] ?? []
  const printed = console[check.id] ?? []
  return [
    ...(check.message
      ? part(compared ? 'Looked at' : 'What came', wrapAtMost(check.message, room, VALUE_LINES))
      : []),
    ...value('Expected', check.expected),
    ...value('Seen', check.seen),
    ...value('Steps', check.steps),
    ...value('Place', check.place),
    ...(check.trace?.length ? part('It went', lastOf(check.trace, room)) : []),
    ...(places.length > 0 ? part('It was in', bounded(places, PLACES, room)) : []),
    ...(printed.length > 0 ? part('It printed', bounded(printed, CONSOLE_LINES, room)) : []),
  ]
}

/** Lines under labels, and how wide they may be. */
export function partsOf(width: number, colours: Colours) {
  return {
    room: width - 5 - LABEL_WIDTH,
    part: (label: string, lines: readonly string[]) => labelled(label, lines, colours, LABEL_WIDTH),
  }
}

function bounded(entries: readonly string[], limit: number, width: number): string[] {
  const lines = entries.slice(0, limit).flatMap((entry) => wrapAtMost(entry, width, 3))
  if (lines.length <= limit && entries.length <= limit) return lines
  const left = entries.length - limit
  return [...lines.slice(0, limit), left > 0 ? `… and ${left} more` : '…']
}

/** What happened last stands at the end. */
function lastOf(steps: readonly string[], width: number): string[] {
  const lines = steps.slice(-TRACE_LINES).flatMap((step) => wrapAtMost(step, width, 3))
  const left = steps.length - TRACE_LINES
  return left > 0 ? [untold(left, 'line'), ...lines] : lines
}

function hintAdvice(
  { requirement }: CheckVerdict,
  lesson: Lesson,
  { shown, interactive }: HintState,
): string {
  const all = lesson.hints.get(requirement)?.length ?? 0
  const ask = interactive ? 'h' : `npm run hint -- ${requirement}`
  if (all === 0) return `there are none for ${requirement}; the lesson is in ${lesson.file}`
  if (shown >= all) return `you have seen all ${all} for ${requirement}; ${ask} shows them again`
  if (shown === 0) return `${ask} shows the first of ${all} for ${requirement}`
  return `${ask} shows number ${shown + 1} of ${all} for ${requirement}`
}
