/**
 * What the grader and the submission's side say to each other, a line of JSON at a time. The grader asks, the
 * other side answers once; whatever it says is data, checked by {@link parseReport} before it is used.
 */

/**
 * One thing that is delivered to the submission; it then runs until nothing in it can run any more. `begin` loads the
 * script anew and forgets all that was held; `crash` stops a machine and loads the script anew, and keeps what is held.
 */
export type Op =
  | ['begin']
  | ['crash', machine: number]
  | ['construct', held: number, room: string, name: string, args: unknown]
  | ['call', call: number, target: number, method: string, args: unknown, holdAs: number]
  | ['function', call: number, room: string, name: string, args: unknown, holdAs: number]
  | ['hold', held: number, value: unknown]
  | ['read', call: number, target: number, property: string | null]
  | ['assign', call: number, target: number, path: (string | number)[], value: unknown]
  | ['fire', timer: number]
  | ['together', ops: Op[]]
  | ['answer', ask: number, outcome: Outcome]
  | ['event', stream: number, outcome: Outcome | { status: 'ended' }]

/** How something went that the submission asked of what it was lent. */
export type Outcome = { status: 'resolved'; value: unknown } | { status: 'rejected'; error: Thrown }

/** What is run for a submission, in two scripts. */
export interface Script {
  /** What is given to every submission: it is run once. */
  given: string
  /**
   * The rooms: a function that makes them, called anew for every check. So nothing that they remember is left, but V8 keeps
   * what it has learned of their code.
   */
  rooms: string
}

/** A script as it is handed over: what is given is left out where it has been run ahead of time. */
export type Loading = Pick<Script, 'rooms'> & Partial<Script>

/**
 * `load` hands over the scripts, for all slots, and runs them by themselves, once; `run` delivers, one after the other; `look`
 * asks what the rooms of all slots have left where the others find it.
 */
export type Request = ['load', script: Loading] | ['run', nowMs: number, ops: Op[]] | ['look']

/**
 * A request as it is sent. The answer must bear its number and its slot: several checks may be under way in one process, each
 * in a slot of its own.
 */
export type Numbered = [number: number, slot: number, request: Request]

/** The most that is told of one error, in characters; the rest is cut off, on either side. */
export const THROWN = { name: 100, message: 2_000, stack: 4_000 } as const

/** The most that is told of what a check's rooms print; the rest is dropped, on either side. */
export const PRINTED = { lines: 100, characters: 2_000 } as const

/** The most errors that nobody caught, and the most lessons, that are told of in one report, on either side. */
export const TOLD = 100

/** An error that was thrown on the submission's side. */
export interface Thrown {
  name: string
  message: string
  fields: unknown
  stack: string
}

/** What happened since the last report. */
export interface Report {
  /** The slot and the number of the request. */
  slot: number
  answers: number
  /** Calls that settled, and by which op of the request (from 0). */
  settled: Settled[]
  /** Timers that were set, with their delay in ms. */
  timers: [id: number, delayMs: number][]
  cancelled: number[]
  /** What it asked of what it was lent, in order. */
  asked: Asked[]
  /** Whether rooms have left a name where the rooms of all checks find it. Only `look` is told: to count names takes long. */
  touches: boolean
  /** Lessons whose unwritten parts were entered. */
  stubs: string[]
  /** The numbers of the script's pieces that were entered for the first time, where they are marked. */
  entered: number[]
  /** Errors that nobody caught: thrown while loading, by a timer, or as an unhandled rejection. */
  uncaught: Thrown[]
}

/** One call that settled. */
export type Settled =
  | { call: number; op: number; status: 'resolved'; value: unknown }
  | { call: number; op: number; status: 'rejected'; error: Thrown }

/**
 * Something that the submission asks of what it was lent: to call it (`method` is `''` for a function) and answer, to
 * call it and pass on the stream that it returns, or to close such a stream.
 */
export type Asked =
  | { does: 'call'; ask: number; lent: number; method: string; args: unknown[] }
  | { does: 'open'; stream: number; lent: number; method: string; args: unknown[] }
  | { does: 'close'; stream: number }

/** The submission's side said something that is no report. */
export class Malformed extends Error {}

/**
 * Reads a report.
 *
 * @throws {Malformed} if it is none
 */
export function parseReport(line: string): Report {
  const parsed = json(line)
  if (!isRecord(parsed)) throw new Malformed('the report is no object')
  return {
    slot: integer(parsed.slot),
    answers: integer(parsed.answers),
    settled: list(parsed.settled).map((item) => {
      if (!isRecord(item)) throw new Malformed('a settled call is no object')
      const at = { call: integer(item.call), op: integer(item.op) }
      if (item.status === 'resolved') return { status: 'resolved', value: item.value, ...at }
      if (item.status === 'rejected') return { status: 'rejected', error: thrown(item.error), ...at }
      throw new Malformed('a settled call is neither resolved nor rejected')
    }),
    timers: list(parsed.timers).map((item) => {
      const [id, delayMs] = list(item)
      if (typeof delayMs !== 'number' || !(delayMs >= 0 && Number.isFinite(delayMs)))
        throw new Malformed('a delay is no number of milliseconds')
      return [integer(id), delayMs]
    }),
    cancelled: list(parsed.cancelled).map(integer),
    asked: list(parsed.asked).map(asked),
    touches: parsed.touches === true,
    stubs: list(parsed.stubs)
      .slice(0, TOLD)
      .map((stub) => string(stub).slice(0, THROWN.name)),
    entered: list(parsed.entered).map(integer),
    uncaught: list(parsed.uncaught).slice(0, TOLD).map(thrown),
  }
}

/** Something that the rooms of a slot print, as it is sent. */
export type Printed = [slot: number, text: string]

/** Reads what was printed; `undefined` if it is none of that. */
export function parsePrinted(line: string): Printed | undefined {
  try {
    const [slot, text] = list(json(line))
    return [integer(slot), string(text).slice(0, PRINTED.characters)]
  } catch {
    return undefined
  }
}

function json(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new Malformed('the report is no JSON', { cause: error })
  }
}

function thrown(value: unknown): Thrown {
  if (!isRecord(value)) throw new Malformed('an error is no object')
  return {
    name: string(value.name).slice(0, THROWN.name),
    message: string(value.message).slice(0, THROWN.message),
    fields: value.fields,
    stack: string(value.stack).slice(0, THROWN.stack),
  }
}

function asked(value: unknown): Asked {
  if (!isRecord(value)) throw new Malformed('what is asked is no object')
  if (value.does === 'close') return { does: 'close', stream: integer(value.stream) }
  const what = { lent: integer(value.lent), method: string(value.method), args: list(value.args) }
  if (value.does === 'open') return { does: 'open', stream: integer(value.stream), ...what }
  if (value.does === 'call') return { does: 'call', ask: integer(value.ask), ...what }
  throw new Malformed('what is asked is of no known kind')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Malformed('expected a list')
  return value
}

function integer(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Malformed('expected an integer')
  return value
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw new Malformed('expected a string')
  return value
}
