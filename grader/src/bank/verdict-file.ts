import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { type Course, findLesson, unknownLesson } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import type { Report } from '../course/lesson-error.ts'
import { nearest, unknownName } from '../course/nearest.ts'
import { lessonsBelow } from '../course/needs.ts'
import type { Blame } from '../runner/blame.ts'
import type { Outcome } from '../runner/outcome.ts'
import type { Entry, HostileEntry, RunExpectation, SetupStep, WrongEntry } from './entry.ts'

const KEYS = {
  wrong: ['lesson', 'fails', 'outcome', 'over', 'blame'],
  different: ['lesson', 'fails'],
  hostile: ['lesson', 'attack', 'fails', 'outcome', 'only', 'setup', 'run'],
} as const

const OUTCOMES: readonly Outcome[] = [
  'failed',
  'not-started',
  'crashed',
  'timed-out',
  'over-limit',
  'refused',
]

/** What a `verdict.yaml` says. */
export type Expectation = Pick<Entry, 'lesson' | 'fails' | 'outcomes' | 'at'> &
  Pick<WrongEntry, 'blame'> &
  Pick<HostileEntry, 'attack' | 'only' | 'setup' | 'run'> & {
    /** The wrong submission of a lesson below whose rooms it takes; left out where it has its own. */
    over?: Entry
  }

/**
 * Reads a `verdict.yaml`. Whatever is wrong is reported.
 *
 * @param kind what the submission is: each kind has its own keys
 * @param entries those of the lessons below, at least: it may take the rooms of one
 * @returns `undefined` if something was reported
 */
export function parseVerdictFile(
  text: string,
  kind: Entry['kind'],
  course: Course,
  entries: readonly Entry[],
  report: Report,
): Expectation | undefined {
  let sound = true
  const complain: Report = (line, message) => {
    sound = false
    report(line, message)
  }
  const values = readKeys(text, KEYS[kind], complain)
  if (!values) return undefined
  const at = Object.fromEntries([...values].map(([key, { line }]) => [key, line]))
  const of = (key: string) => values.get(key)?.value
  const line = (key: string) => at[key] ?? 1

  const lesson = readLesson(of('lesson'), course, (message) => complain(line('lesson'), message))
  const ids = lesson?.requirements.map(({ id }) => id) ?? []
  const known = (key: string, value: unknown): string[] => {
    const list = listOfText(value)
    if (!list)
      complain(line(key), `expected ${key} with a list of requirements, such as [ST-3], came ${show(value)}`)
    for (const id of list ?? [])
      if (lesson && !ids.includes(id)) complain(line(key), unknownName('requirement', id, ids))
    return list ?? []
  }

  const all = kind === 'hostile' && of('fails') === 'all'
  const fails = all ? 'all' : known('fails', of('fails'))
  const below = lesson ? lessonsBelow(course.lessons, lesson) : []
  const wrongBelow = entries.filter((entry) => entry.kind === 'wrong' && below.includes(entry.lesson))
  const over = readOver(of('over'), wrongBelow, (message) => complain(line('over'), message))
  const blamesAnother = of('blame') !== undefined || of('over') !== undefined
  const blame =
    lesson && blamesAnother
      ? readBlame(of('blame'), below, (message) => complain(line('blame'), message))
      : undefined
  if (blamesAnother && fails.length > 0)
    complain(line('fails'), 'expected `fails: []`: with a fault in an earlier room, all that counts passes')
  if (kind === 'wrong' && !blamesAnother && fails !== 'all' && (fails.length < 1 || fails.length > 2))
    complain(
      line('fails'),
      `expected one requirement, or two, that a wrong submission fails, came ${fails.length}`,
    )
  if (kind === 'different' && fails.length > 0)
    complain(line('fails'), 'expected `fails: []`: what is right in another way gets every point')
  const outcomes = readOutcomes(of('outcome'), fails.length > 0, (message) =>
    complain(line('outcome'), message),
  )
  const attack = of('attack')
  if (kind === 'hostile' && (typeof attack !== 'string' || attack.trim() === ''))
    complain(line('attack'), 'expected attack with one sentence that says what it tries')
  const only = of('only') === undefined ? [] : known('only', of('only'))
  const setup = readSetup(of('setup'), (message) => complain(line('setup'), message))
  const run = readRun(of('run'), (message) => complain(line('run'), message))
  if (!sound || !lesson) return undefined
  const fault = { ...(over ? { over } : {}), ...(blame ? { blame } : {}) }
  return { lesson, fails, outcomes, at, ...fault, attack: String(attack ?? ''), only, setup, run }
}

function readKeys(
  text: string,
  keys: readonly string[],
  report: Report,
): Map<string, { value: unknown; line: number }> | undefined {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false })
  const lineOf = (offset = 0) => counter.linePos(offset).line
  for (const error of document.errors) report(lineOf(error.pos[0]), `this is not YAML: ${error.message}`)
  if (document.errors.length > 0) return undefined
  if (!isMap(document.contents)) {
    report(1, `expected ${keys.join(', ')}, each on its line, came ${show(document.toJS())}`)
    return undefined
  }
  const plain: unknown = document.toJS()
  const values = new Map<string, { value: unknown; line: number }>()
  for (const { key } of document.contents.items) {
    if (!isScalar(key)) continue
    const name = String(key.value)
    const line = lineOf(key.range?.[0])
    values.set(name, { value: Reflect.get(Object(plain), name), line })
    if (keys.includes(name)) continue
    const meant = nearest(name, keys)
    report(
      line,
      `unknown key ${name}: ${meant ? `did you mean ${meant}?` : `expected one of ${keys.join(', ')}`}`,
    )
  }
  return values
}

function readLesson(value: unknown, course: Course, report: (message: string) => void): Lesson | undefined {
  const lesson = typeof value === 'string' ? findLesson(course, value) : undefined
  if (lesson) return lesson
  if (typeof value === 'string') report(unknownLesson(course, value))
  else report(`expected lesson with the name of its folder, such as 01-store, came ${show(value)}`)
  return undefined
}

function readOver(
  value: unknown,
  wrongBelow: readonly Entry[],
  report: (message: string) => void,
): Entry | undefined {
  if (value === undefined) return undefined
  const named = new Map(wrongBelow.map((entry) => [`${entry.lesson.folder}/wrong/${entry.name}`, entry]))
  const over = typeof value === 'string' ? named.get(value) : undefined
  if (over) return over
  const example = nearest(String(value), named.keys()) ?? [...named.keys()][0]
  const such = example === undefined ? 'of which there is none' : `such as ${example}`
  report(`expected over with a wrong submission of a lesson below, ${such}, came ${show(value)}`)
  return undefined
}

function readBlame(
  value: unknown,
  below: readonly Lesson[],
  report: (message: string) => void,
): Blame | undefined {
  const { lesson: name, requirement, room, ...others } = Object(value) as Record<string, unknown>
  const blamed = below.find(({ folder }) => folder === name)
  const form = '{ lesson: 01-store, requirement: ST-6, room: store }'
  if (!blamed || typeof room !== 'string' || Object.keys(others).length > 0) {
    const folders = below.map(({ folder }) => folder).join(', ')
    report(`expected blame such as ${form}, its lesson one of ${folders || 'none'}, came ${show(value)}`)
    return undefined
  }
  const ids = blamed.requirements.map(({ id }) => id)
  if (!blamed.rooms.includes(room)) report(unknownName('room', room, blamed.rooms))
  if (requirement === undefined) return { lesson: blamed.folder, room }
  if (typeof requirement !== 'string' || !ids.includes(requirement))
    report(unknownName('requirement', String(requirement), ids))
  return { lesson: blamed.folder, requirement: String(requirement), room }
}

function readOutcomes(value: unknown, needed: boolean, report: (message: string) => void): Outcome[] {
  const list = typeof value === 'string' ? [value] : listOfText(value)
  if (!needed) {
    if (value !== undefined) report('no requirement fails, so there is no outcome to be expected: remove it')
    return []
  }
  if (!list || list.length === 0) {
    report(`expected outcome with one of ${OUTCOMES.join(', ')}, or a list of those, came ${show(value)}`)
    return []
  }
  return list.flatMap((name) => {
    const known = OUTCOMES.find((outcome) => outcome === name)
    if (!known) report(unknownName('outcome', name, OUTCOMES))
    return known ?? []
  })
}

function readSetup(value: unknown, report: (message: string) => void): SetupStep[] {
  if (value === undefined) return []
  const forms = '{ link: PATH, to: TARGET }, { fifo: PATH }, { bytes: PATH, size: NUMBER } or { named: NAME }'
  if (!Array.isArray(value)) {
    report(`expected setup with a list of ${forms}, came ${show(value)}`)
    return []
  }
  return value.flatMap((step: unknown) => {
    const read = readStep(step)
    if (!read) report(`expected ${forms}, each PATH inside the submission, came ${show(step)}`)
    return read ?? []
  })
}

function readStep(step: unknown): SetupStep | undefined {
  const { link, to, fifo, bytes, size, named } = Object(step) as Record<string, unknown>
  if (isInside(link) && typeof to === 'string') return { do: 'link', path: link, to }
  if (isInside(fifo)) return { do: 'fifo', path: fifo }
  if (isInside(bytes) && typeof size === 'number' && Number.isSafeInteger(size) && size >= 0)
    return { do: 'bytes', path: bytes, size }
  if (typeof named === 'string' && named !== '' && !/[/\\\0]/.test(named) && !/^\.\.?$/.test(named))
    return { do: 'named', name: named }
  return undefined
}

function isInside(path: unknown): path is string {
  return (
    typeof path === 'string' && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  )
}

function readRun(value: unknown, report: (message: string) => void): RunExpectation {
  if (value === undefined) return {}
  const { console, stoppedAt, ...others } = Object(value) as Record<string, unknown>
  const fits = [console, stoppedAt].every((text) => text === undefined || typeof text === 'string')
  if (typeof value !== 'object' || !fits || Object.keys(others).length > 0)
    report(`expected run with console and stoppedAt, each a text that must occur, came ${show(value)}`)
  return {
    ...(typeof console === 'string' ? { console } : {}),
    ...(typeof stoppedAt === 'string' ? { stoppedAt } : {}),
  }
}

function listOfText(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
