import { bold, cyan, dim, green, red, yellow } from 'kleur/colors'
import type { Alike } from '../alike/alike.ts'
import type { CheckVerdict, Outcome } from '../runner/outcome.ts'
import { untold } from '../runner/trace-lines.ts'
import type { LessonVerdict, Points, RequirementVerdict, RunOutput, Verdict } from '../runner/verdict.ts'
import { escapeForLine, escapeForTerminal } from './escape.ts'
import { causeText, ownFailures, ownRooms } from './own-stack.ts'
import { plainMarkdown, recall } from './plain-markdown.ts'

/** How each outcome is said to a learner. */
export const OUTCOME_WORDS: Record<Outcome, string> = {
  passed: 'passed',
  failed: 'failed',
  'not-started': 'not started',
  crashed: 'crashed',
  'timed-out': 'timed out',
  'over-limit': 'over the limit',
  refused: 'refused',
  'grader-error': 'a fault of the grader, not of yours',
}

/** How many of the last steps of what happened are told. */
const TRACE_LINES = 12
/** From so many lessons on, one that passed takes one line. */
const MANY_LESSONS = 3

/**
 * The report of one submission, for a person at a terminal.
 *
 * @param requirements those that an own stack may be blamed for; the ones in the verdict are known
 */
export function terminalReport(
  verdict: Verdict,
  requirements: readonly Pick<RequirementVerdict, 'id' | 'text'>[] = [],
): string[] {
  const lines = [`${bold(escapeForLine(verdict.submission.path))}  ${pointsText(verdict.points)}`, '']
  const known = [...requirements, ...verdict.lessons.flatMap((lesson) => lesson.requirements)]
  const textOf = (id: string) => known.find((requirement) => requirement.id === id)?.text
  const many = verdict.lessons.length >= MANY_LESSONS
  for (const lesson of verdict.lessons) {
    const inOneLine = many && isAllRight(lesson)
    // Those of one line stand together.
    if (!inOneLine && lines.at(-1) !== '') lines.push('')
    if (inOneLine) lines.push(`${MARKS.passed} ${bold(lesson.lesson)}  ${pointsText(lesson.points)}`)
    else lines.push(...lessonLines(lesson, verdict), ...ownLines(lesson, verdict.run.own, textOf), '')
  }
  if (lines.at(-1) !== '') lines.push('')
  lines.push(...typeLines(verdict), ...alikeLines(verdict))
  const { ignored } = verdict.submission
  if (ignored.length)
    lines.push(dim(`Not looked at, because they are no rooms: ${escapeForLine(ignored.join(', '))}`))
  if (verdict.isolation === 'unverified') {
    lines.push(yellow('Unverified: on this machine the submission ran without a sandbox around its process.'))
  }
  lines.push(
    dim(
      `seed ${verdict.seed} · submission ${verdict.submission.hash.slice(0, 12)} · suite ${verdict.suite.hash.slice(0, 12)}`,
    ),
  )
  return lines
}

function typeLines({ run: { types = [] } }: Verdict): string[] {
  if (types === null)
    return [`${bold('Type errors')}  ${dim('not found out: the compiler did not get through')}`, '']
  if (types.length === 0) return []
  const lines = types
    .slice(0, 10)
    .map(({ room, line, message }) => `  ${cyan(`${room}.ts:${line}`)} ${escapeForLine(message)}`)
  if (types.length > 10) lines.push(dim(`  … and ${types.length - 10} more`))
  return [`${bold('Type errors')}  ${dim('they cost nothing')}`, ...lines, '']
}

function alikeLines({ run: { alike = [] } }: Verdict): string[] {
  if (alike.length === 0) return []
  const lines = alike.map((one) => `  ${cyan(`${one.room}.ts`)} ${likeText(one)}`)
  return [`${bold('Alike')}  ${dim('for a person to look at; it costs nothing')}`, ...lines, '']
}

function likeText({ like, share }: Alike): string {
  return `is like ${like === null ? 'the reference' : escapeForLine(like)} (${Math.round(share * 100)} %)`
}

/** One line for one submission of a batch. */
export function batchLine(verdict: Verdict): string {
  const lessons = verdict.lessons.map(({ lesson, points }) => `${lesson.slice(0, 2)} ${pointsText(points)}`)
  const odd = new Set(verdict.lessons.flatMap(({ checks }) => checks.map(({ outcome }) => outcome)))
  const remarks = (['refused', 'crashed', 'timed-out', 'over-limit', 'grader-error'] as const).filter(
    (outcome) => odd.has(outcome),
  )
  const fallen = verdict.lessons
    .filter(({ own }) => own && ownFailures(own).length > 0)
    .map(({ lesson }) => lesson.slice(0, 2))
  const words = remarks.map((outcome) => OUTCOME_WORDS[outcome])
  if (fallen.length) words.push(`own stack fails in ${fallen.join(', ')}`)
  for (const one of verdict.run.alike ?? []) words.push(`${one.room}.ts ${likeText(one)}`)
  const remark = words.length ? yellow(`  ${words.join(', ')}`) : ''
  return `${pointsText(verdict.points).padEnd(8)} ${escapeForLine(verdict.submission.path)}  ${dim(lessons.join(' · '))}${remark}`
}

function lessonLines(lesson: LessonVerdict, verdict: Verdict): string[] {
  const lines = [`${bold(lesson.lesson)}  ${pointsText(lesson.points)}`]
  const outcomes = new Set(lesson.checks.map(({ outcome, message }) => `${outcome}\0${message}`))
  const [first] = lesson.checks
  if (first && outcomes.size === 1 && isOfTheWholeRoom(lesson.checks)) {
    const message = escapeForTerminal(first.message).split('\n')
    const further = checkLines(first, verdict.run.alone).slice(1 + message.length)
    return [
      ...lines,
      `  ${outcomeText(first.outcome)}: ${message.join('\n    ')}`,
      ...further.map((line) => `  ${line}`),
    ]
  }
  for (const requirement of lesson.requirements) {
    const checks = lesson.checks.filter((check) => check.requirement === requirement.id)
    lines.push(...requirementLines(requirement, checks, verdict))
  }
  return lines
}

/** What holds for the whole room is said once: why it is not run, what it does not export, where it does not load. */
function isOfTheWholeRoom([first, ...others]: readonly CheckVerdict[]): boolean {
  if (!first || first.outcome === 'passed') return false
  const isNotRun = first.outcome === 'refused' || first.outcome === 'not-started'
  return isNotRun || (others.length > 0 && first.expected === undefined)
}

function requirementLines(
  requirement: RequirementVerdict,
  checks: CheckVerdict[],
  verdict: Verdict,
): string[] {
  const { id, points, text } = requirement
  const standing = standingOf(checks)
  const plain = plainMarkdown(text)
  const head = recall(plain)
  const lines = [`  ${MARKS[standing]} ${id} ${dim(`(${points})`)} ${head}`]
  if (standing === 'passed' || standing === 'not started') return lines
  if (standing === 'failed') {
    // What the head has said is not said again.
    const rest = plain.startsWith(head) ? plain.slice(head.length).replace(/^(\n| +)/, '') : plain
    if (rest !== '') lines.push(...rest.split('\n').map((line) => dim(`      ${line}`)))
  }
  const notStarted = checks.filter(({ outcome }) => outcome === 'not-started')
  const wrong = checks.filter(({ outcome }) => outcome !== 'passed' && outcome !== 'not-started')
  // What is not written yet matters once the rest is right; one check says what comes next.
  for (const check of wrong.length ? wrong : notStarted.slice(0, 1)) {
    lines.push(...checkLines(check, verdict.run.alone).map((line) => `      ${line}`))
  }
  return lines
}

function isAllRight({ checks, own }: LessonVerdict): boolean {
  return [...checks, ...(own?.checks ?? [])].every(({ outcome }) => outcome === 'passed') && checks.length > 0
}

/** How the lesson goes with the submission's own rooms below it. */
function ownLines(
  { own }: LessonVerdict,
  output: RunOutput,
  textOf: (requirement: string) => string | undefined,
): string[] {
  if (!own) return []
  const failures = ownFailures(own)
  const passed = own.checks.length - failures.length
  const counted = `With ${escapeForLine(ownRooms(own))}: ${passed} of ${own.checks.length} checks pass`
  if (failures.length === 0) return [`  ${MARKS.passed} ${counted}`]
  const told = failures.filter(({ blame }) => blame !== undefined)
  const lines = told.flatMap((check) => [
    ...checkLines(check, output),
    `  cause     ${yellow(escapeForLine(causeText(check, textOf) ?? ''))}`,
  ])
  const left = failures.length - told.length
  if (left > 0) lines.push(dim(`and ${left} more`))
  return [`  ${MARKS.failed} ${counted}  ${dim('it costs nothing')}`, ...lines.map((line) => `      ${line}`)]
}

const MARKS = { passed: green('✓'), 'not started': dim('·'), begun: yellow('◦'), failed: red('✗') }

function standingOf(checks: CheckVerdict[]): keyof typeof MARKS {
  const outcomes = new Set(checks.map(({ outcome }) => outcome))
  if (outcomes.size === 1 && outcomes.has('passed')) return 'passed'
  if (outcomes.size === 1 && outcomes.has('not-started')) return 'not started'
  outcomes.delete('passed')
  outcomes.delete('not-started')
  return outcomes.size === 0 ? 'begun' : 'failed'
}

/** What is to be said of a check that did not pass. */
export function checkLines(check: CheckVerdict, output: RunOutput): string[] {
  const lines = [`${check.id} ${check.title}: ${outcomeText(check.outcome)}`]
  for (const line of escapeForTerminal(check.message).split('\n')) lines.push(`  ${line}`)
  if (check.expected !== undefined) lines.push(`  expected  ${green(escapeForLine(check.expected))}`)
  if (check.seen !== undefined) lines.push(`  seen      ${red(escapeForLine(check.seen))}`)
  if (check.steps !== undefined) lines.push(`  steps     ${escapeForLine(check.steps)}`)
  if (check.place !== undefined) lines.push(`  at        ${cyan(escapeForLine(check.place))}`)
  if (check.trace?.length) {
    const left = check.trace.length - TRACE_LINES
    lines.push('  what happened')
    if (left > 0) lines.push(dim(`    ${untold(left, 'line')}`))
    for (const step of check.trace.slice(-TRACE_LINES)) lines.push(`    ${escapeForLine(step)}`)
  }
  const stoppedAt = output.stoppedAt[check.id]
  if (stoppedAt?.length) lines.push(`  it was at ${cyan(escapeForLine(stoppedAt.slice(0, 3).join(' < ')))}`)
  const printed = output.console[check.id] ?? []
  if (printed.length) {
    lines.push('  it printed')
    for (const line of printed.slice(0, 10)) lines.push(dim(`    ${escapeForLine(line)}`))
    if (printed.length > 10) lines.push(dim(`    … and ${printed.length - 10} more lines`))
  }
  return lines
}

function outcomeText(outcome: Outcome): string {
  const paint = outcome === 'passed' ? green : outcome === 'not-started' ? dim : red
  return paint(OUTCOME_WORDS[outcome])
}

function pointsText({ earned, possible }: Points): string {
  const paint = earned === possible && possible > 0 ? green : earned === 0 ? dim : yellow
  return paint(`${earned} of ${possible}`)
}
