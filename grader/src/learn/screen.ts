/** The learner's screen: from what is known of a lesson to the lines of the terminal. Nothing here does anything. */

import type { Lesson } from '../course/lesson.ts'
import { plainMarkdown, recall } from '../reports/plain-markdown.ts'
import { OUTCOME_WORDS } from '../reports/terminal.ts'
import type { Points, Verdict } from '../runner/verdict.ts'
import type { TypeProblem } from '../types/type-problem.ts'
import type { Colours } from './colours.ts'
import { failureLines } from './failure.ts'
import {
  firstFailure,
  isPassed,
  type LessonResult,
  pointsOf,
  type Standing,
  standingOf,
} from './lesson-result.ts'
import { ownLines } from './own-lines.ts'
import { type Key, keyLines, type Page, paragraph, type Size, scrollRange, usableWidth } from './page.ts'
import { cut, padded, widthOf, wrap } from './text-layout.ts'

const TYPE_PROBLEMS = 3
const BAR_WIDTH = 30
const STANDING_WIDTH = 14
/** Which neighbours share a line: the first of these that is enough for all to fit. */
const FOLDS: readonly ((standing: Standing) => boolean)[] = [
  // It holds for the whole room: there is one thing to be said.
  (standing) => standing === 'refused',
  (standing) => standing === 'passed' || standing === 'refused',
  () => true,
]

/** How far a learner has come in the whole course. */
export interface CourseStanding {
  points: Points
  lessons: number
  passed: number
}

/** All that the screen of a lesson shows. */
export interface LessonState {
  course: CourseStanding
  lesson: Lesson
  /** The lessons that it stands on. */
  below: readonly Lesson[]
  /** The lesson after this one. */
  next: Lesson | undefined
  /** Whether this lesson passed, now or earlier, and there is a reference to be looked at. */
  passedOnce: boolean
  /** The last grading, or as much as is known of the one that goes on. */
  result: LessonResult | undefined
  /** The grading that goes on. */
  running: { through: number; of: number } | undefined
  /** There is no hidden suite here: the visible examples were run. */
  examplesOnly: boolean
  /** How many hints were shown, by requirement. */
  hintsShown: ReadonlyMap<string, number>
  /** The requirement whose hints are on the screen. */
  hintsOf: string | undefined
  /** `undefined`: the compiler did not get through. */
  typeProblems: readonly TypeProblem[] | undefined
  isolation: Verdict['isolation']
  /** What a learner should know and can act upon, as sentences. */
  notes: readonly string[]
  /** The answer to the last key. */
  message: string | undefined
  /** Whether there are keys to press; where there are none, commands are named instead. */
  interactive: boolean
}

/** The screen of a lesson. Where it is too long for the terminal, requirements that are alike share a line. */
export function lessonPage(state: LessonState, size: Size, colours: Colours): Page {
  const width = usableWidth(size)
  const foot = footLines(state, width, colours)
  const head = headLines(state, width, colours)
  const rest = [
    '',
    ...verdictLines(state, width, colours),
    ...ownStackLines(state, width, colours),
    ...typeLines(state, width, colours),
    ...noteLines(state, width, colours),
    // At the end, where a new one is easily scrolled to.
    ...hintLines(state, width, colours),
  ]
  let page: Page = { head, body: [], foot }
  for (const folds of FOLDS) {
    page = { head, body: [...requirementLines(state, folds, width, colours), ...rest], foot }
    if (scrollRange(page, size) === 0) break
  }
  return page
}

/** The first lines: the lesson, its points, and the way through the course. */
function headLines(state: LessonState, width: number, colours: Colours): string[] {
  const { bold, dim } = colours
  const { lesson, result, running, course } = state
  const points = result && !result.fault ? pointsOf(lesson, result) : undefined
  const right = running
    ? `grading, ${running.through} of ${running.of} checks`
    : points
      ? `${points.earned} of ${points.possible} points`
      : ''
  const left = cut(`Lesson ${lesson.number} · ${lesson.title}`, width - 3 - widthOf(right))
  const gap = ' '.repeat(Math.max(2, width - 1 - widthOf(left) - widthOf(right)))
  return [` ${bold(left)}${gap}${running ? dim(right) : right}`, courseLine(course, width, colours), '']
}

/** The progress bar of the course, with its numbers. */
export function courseLine(
  { points, lessons, passed }: CourseStanding,
  width: number,
  colours: Colours,
): string {
  const text = `${points.earned} of ${points.possible} points · ${passed} of ${lessons} lessons passed`
  const bar = Math.min(BAR_WIDTH, width - 3 - widthOf(text))
  if (bar < 5) return ` ${colours.dim(cut(text, width - 1))}`
  const share = points.possible === 0 ? 0 : points.earned / points.possible
  // Full means done, empty means not begun: everything between is between.
  const done =
    share === 0 || share === 1 ? share * bar : Math.min(bar - 1, Math.max(1, Math.round(share * bar)))
  return ` ${colours.green('━'.repeat(done))}${colours.dim('╌'.repeat(bar - done))}  ${colours.dim(text)}`
}

interface Row {
  ids: string[]
  standing: Standing
  earned: number
  points: number
  text: string
}

function requirementLines(
  state: LessonState,
  folds: (standing: Standing) => boolean,
  width: number,
  colours: Colours,
): string[] {
  const { lesson, result } = state
  const first = result && firstFailure(result)?.requirement
  // What is explained below has its own line.
  const isFirst = (id: string) => id === first
  const rows: Row[] = []
  for (const requirement of lesson.requirements) {
    const { id, points, text } = requirement
    const standing = result ? standingOf(requirement, result) : 'waiting'
    const earned = standing === 'passed' ? points : 0
    const last = rows.at(-1)
    if (
      folds(standing) &&
      last?.standing === standing &&
      (standing === 'refused' || (!isFirst(id) && !last.ids.some(isFirst)))
    ) {
      last.ids.push(id)
      last.earned += earned
      last.points += points
    } else rows.push({ ids: [id], standing, earned, points, text })
  }
  const names = rows.map(({ ids }) => (ids.length > 1 ? `${ids[0]} to ${ids.at(-1)}` : (ids[0] ?? '')))
  const nameWidth = Math.max(...names.map((name) => name.length), 0)
  return rows.map((row, index) => requirementLine(row, names[index] ?? '', nameWidth, width, colours))
}

function requirementLine(row: Row, name: string, nameWidth: number, width: number, colours: Colours): string {
  const { mark, paint, word } = standingLook(row.standing, colours)
  const points = row.standing === 'unchecked' ? '' : `${row.earned}/${row.points}`
  const before = `${padded(name, nameWidth)}  `
  const middle = `${padded(points, 5)}  `
  const room = width - 3 - widthOf(before) - STANDING_WIDTH - widthOf(middle)
  const text = row.ids.length > 1 ? `${row.ids.length} requirements` : recall(plainMarkdown(row.text))
  const quiet = row.standing === 'passed' || row.ids.length > 1 ? colours.dim : (same: string) => same
  return ` ${paint(mark)} ${before}${paint(padded(word, STANDING_WIDTH))}${colours.dim(middle)}${quiet(cut(text, Math.max(1, room)))}`
}

function standingLook(standing: Standing, { green, red, dim, yellow }: Colours) {
  switch (standing) {
    case 'passed':
      return { mark: '✓', paint: green, word: 'passed' }
    case 'not-started':
      return { mark: '·', paint: dim, word: 'not started' }
    case 'waiting':
      return { mark: '·', paint: dim, word: '…' }
    case 'unchecked':
      return { mark: ' ', paint: dim, word: 'not checked' }
    case 'grader-error':
      return { mark: '!', paint: yellow, word: 'grader fault' }
    default:
      return { mark: '✗', paint: red, word: cut(OUTCOME_WORDS[standing], STANDING_WIDTH - 1) }
  }
}

function verdictLines(state: LessonState, width: number, colours: Colours): string[] {
  const { lesson, result, running, next } = state
  if (!result) return paragraph('Getting ready …', width, colours.dim)
  if (result.fault !== undefined) {
    return [
      ...paragraph(
        'This could not be graded, and that is a fault of Drydock, not of yours:',
        width,
        colours.yellow,
      ),
      ...wrap(result.fault, width - 3).map((line) => `   ${line}`),
    ]
  }
  const check = firstFailure(result)
  if (check) {
    const shown = state.hintsShown.get(check.requirement) ?? 0
    return failureLines(check, lesson, result, { shown, interactive: state.interactive }, width, colours)
  }
  const current = result.manifest.find((id) => !result.checks.some((check) => check.id === id))
  if (running) return paragraph(`${current ?? 'The last check'} is running …`, width, colours.dim)
  if (!isPassed(result)) return paragraph('There is nothing to check here.', width, colours.dim)
  const advice = (line: string) => wrap(line, width - 3).map((part) => `   ${colours.cyan(part)}`)
  const outcome = state.examplesOnly
    ? `Every example of lesson ${lesson.number} passes. The lesson asks for more than they look at.`
    : `Lesson ${lesson.number} passed.`
  const onward = state.interactive ? 'n goes on to' : `npm start -- --lesson ${next?.number} goes on to`
  const beside = state.interactive ? 's puts' : `npm run solution -- ${lesson.number} puts`
  return [
    ...paragraph(outcome, width, (line) => colours.bold(colours.green(line))),
    ...wrap(lesson.promise, width - 3).map((line) => `   ${line}`),
    ...advice(next ? `${onward} lesson ${next.number}, ${next.title}.` : 'This was the last lesson.'),
    ...(state.passedOnce && lesson.rooms.length > 0
      ? advice(`${beside} your room beside the reference.`)
      : []),
  ]
}

function ownStackLines(state: LessonState, width: number, colours: Colours): string[] {
  const { result, below, interactive } = state
  if (!result?.own) return []
  const lines = ownLines({ run: result.own, below, passed: isPassed(result), interactive }, width, colours)
  return lines.length > 0 ? ['', ...lines] : []
}

function hintLines({ lesson, hintsOf, hintsShown }: LessonState, width: number, colours: Colours): string[] {
  if (hintsOf === undefined) return []
  const hints = lesson.hints.get(hintsOf) ?? []
  const shown = hints.slice(0, hintsShown.get(hintsOf) ?? 0)
  return shown.flatMap((hint, index) => [
    '',
    ` ${colours.cyan(cut(`Hint ${index + 1} of ${hints.length} for ${hintsOf}`, width - 1))}`,
    ...wrap(plainMarkdown(hint), width - 3).map((line) => `   ${line}`),
  ])
}

function typeLines({ typeProblems }: LessonState, width: number, colours: Colours): string[] {
  if (!typeProblems)
    return [
      '',
      ...paragraph('Type errors were not found out: the compiler did not get through.', width, colours.dim),
    ]
  if (typeProblems.length === 0) return []
  const count = typeProblems.length === 1 ? 'One type error' : `${typeProblems.length} type errors`
  const lines = typeProblems.slice(0, TYPE_PROBLEMS).flatMap(({ room, line, column, message }) =>
    wrap(`${room}.ts:${line}:${column}  ${message}`, width - 3)
      .slice(0, 3)
      .map((text) => `   ${text}`),
  )
  const left = typeProblems.length - TYPE_PROBLEMS
  if (left > 0) lines.push(`   ${colours.dim(`and ${left} more`)}`)
  return ['', ...paragraph(`${count}, which cost no points:`, width, colours.yellow), ...lines]
}

function noteLines(
  { notes, isolation, examplesOnly }: LessonState,
  width: number,
  colours: Colours,
): string[] {
  const all = [...notes]
  if (examplesOnly) all.push('Run over the visible examples: the hidden suite is not in this edition.')
  if (isolation === 'unverified') {
    all.push('Unverified: here your rooms run in a process of their own, without a sandbox around it.')
  }
  return all.flatMap((note) => ['', ...paragraph(note, width, colours.dim)])
}

function footLines({ message, lesson, passedOnce }: LessonState, width: number, colours: Colours): string[] {
  const keys: Key[] = [
    ['h', 'hint'],
    ['n', 'next'],
    ['p', 'previous'],
    ['l', 'list'],
    ['a', 'all'],
    ['o', 'open'],
    ...(passedOnce ? [['s', 'solution'] as const] : []),
    ...(lesson.rooms.length > 0 ? [['r', 'reset'] as const] : []),
    ['q', 'quit'],
  ]
  const said = message === undefined ? [] : wrap(message, width - 1).map((line) => ` ${line}`)
  return ['', ...said, ...keyLines(keys, width, colours)]
}
