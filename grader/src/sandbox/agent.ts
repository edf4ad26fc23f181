/**
 * The submission's side of the channel: does what the grader asks, lets the room run until nothing in it can
 * run any more, and reports what happened. It runs in the submission's own realm and is trusted with nothing:
 * whoever takes it over can only answer for the submission, which is what a submission does anyway.
 */
import { ambient } from './ambient.ts'
import { decode, encode } from './codec.ts'
import { Outside } from './outside.ts'
import {
  type Numbered,
  type Op,
  PRINTED,
  type Report,
  type Script,
  THROWN,
  type Thrown,
  TOLD,
} from './protocol.ts'

/** What the process (or the grader's own, for the in-process driver) lends to the agent. */
export interface AgentHost {
  /** Sends the answer to the request. */
  reply(line: string): void
  /** Sends something that was printed. */
  log(line: string): void
  /** Calls back when every promise job has run. */
  settle(then: () => void): void
  /** Runs a script in this realm, and returns its value. */
  evaluate(source: string, filename: string): unknown
  /** Set by the agent: called with an error that nobody caught. */
  onFault?: (error: unknown) => void
}

interface Bundle {
  rooms: Record<string, Record<string, unknown>>
  enteredStubs: () => string[]
  /** The error by which the API refuses, as the rooms know it. */
  StatusError?: new (
    status: unknown,
  ) => Error
}

/** @returns what is to be called with each line that the grader sends */
export function startAgent(host: AgentHost): (line: string) => void {
  let makeRooms: () => Bundle = () => ({ rooms: {}, enteredStubs: () => [] })
  let bundle: Bundle | undefined
  let now = 0
  /** Numbers are given once, so that nothing is taken for what had it in an earlier check. */
  const numbers = { last: 0 }
  let logLines = 0
  let held = new Map<number, unknown>()
  let broken = new Map<number, unknown>()
  let report = newReport()
  let outside = newOutside()
  // Which `begin` we are in: a call that settles later than its check is nobody's answer.
  let generation = 0
  let currentOp = 0
  /** The number of the request. */
  let asked = 0

  function newOutside(): Outside {
    return new Outside(
      () => report,
      () => now,
      errorOf,
      numbers,
    )
  }

  /** @param script where it is new */
  function begin(script?: Script): void {
    generation++
    logLines = 0
    held = new Map()
    broken = new Map()
    outside.end()
    outside = newOutside()
    if (script) makeRooms = maker(script)
    load()
  }

  /** What makes the rooms; where their script fails, it fails so each time. */
  function maker({ given, rooms }: Script): () => Bundle {
    try {
      host.evaluate(given, 'given.js')
      return host.evaluate(rooms, 'rooms.js') as () => Bundle
    } catch (error) {
      return () => {
        throw error
      }
    }
  }

  function load(): void {
    bundle = undefined
    try {
      bundle = makeRooms()
    } catch (error) {
      uncaught(error)
    }
  }

  function run(ops: Op[], index: number): void {
    const op = ops[index]
    if (op) {
      currentOp = index
      deliver(op)
      host.settle(() => run(ops, index + 1))
    } else {
      sendReport()
    }
  }

  function deliver(op: Op): void {
    switch (op[0]) {
      case 'begin':
        begin()
        break
      case 'crash':
        outside.crash(op[1])
        load()
        break
      case 'construct': {
        const [, id, room, name, args] = op
        try {
          held.set(id, Reflect.construct(exported(room, name, 'class') as never, read(args) as never))
        } catch (error) {
          broken.set(id, error)
        }
        break
      }
      case 'together':
        for (const one of op[1]) deliver(one)
        break
      case 'hold':
        held.set(op[1], read(op[2]))
        break
      case 'fire':
        try {
          outside.fire(op[1])
        } catch (error) {
          uncaught(error)
        }
        break
      case 'answer':
        outside.answer(op[1], op[2])
        break
      case 'event':
        outside.event(op[1], op[2])
        break
      case 'call': {
        const [, call, target, method, args, holdAs] = op
        answer(call, holdAs, () => {
          const object = the(target) as Record<string, unknown>
          const callee = object[method]
          if (typeof callee !== 'function') throw missing('method', method, object)
          return Reflect.apply(callee, object, read(args) as unknown[])
        })
        break
      }
      case 'function': {
        const [, call, room, name, args, holdAs] = op
        answer(call, holdAs, () =>
          Reflect.apply(exported(room, name, 'function') as never, undefined, read(args) as never),
        )
        break
      }
      case 'read': {
        const [, call, target, property] = op
        answer(call, 0, () =>
          property === null ? the(target) : (the(target) as Record<string, unknown>)[property],
        )
        break
      }
      case 'assign': {
        const [, call, target, path, value] = op
        answer(call, 0, () => {
          const last = path.at(-1) as string
          let object = the(target) as Record<string, unknown>
          for (const key of path.slice(0, -1)) object = object[key] as Record<string, unknown>
          object[last] = read(value)
        })
        break
      }
    }
  }

  /** Makes a call and reports how it settles, whenever that is. */
  function answer(call: number, holdAs: number, make: () => unknown): void {
    const mine = generation
    const settle = (settled: Report['settled'][number]) => {
      if (mine === generation) report.settled.push(settled)
    }
    const reject = (error: unknown) => {
      if (holdAs) broken.set(holdAs, error)
      settle({ call, op: currentOp, status: 'rejected', error: describe(error) })
    }
    const resolve = (value: unknown) => {
      if (holdAs) held.set(holdAs, value)
      settle({ call, op: currentOp, status: 'resolved', value: holdAs ? null : encode(value) })
    }
    try {
      const result = make()
      // What is not promised is settled at once: it must not take a turn that the contract does not have.
      if (isThenable(result)) Promise.resolve(result).then(resolve, reject)
      else resolve(result)
    } catch (error) {
      reject(error)
    }
  }

  function uncaught(error: unknown): void {
    if (report.uncaught.length < TOLD) report.uncaught.push(describe(error))
  }

  function exported(room: string, name: string, kind: 'class' | 'function'): unknown {
    const exports = bundle?.rooms[room]
    if (!exports) throw new Error(`the room ${room} is not loaded`)
    const value = exports[name]
    if (typeof value === 'function') return value
    const names = Object.keys(exports).filter((key) => key !== 'default' || exports.default !== undefined)
    const found =
      name in exports
        ? `its ${name} is ${kindOf(value)}`
        : names.length
          ? `it exports ${names.join(', ')}`
          : 'it exports nothing'
    throw Object.assign(new Error(`${room}.ts must export ${kind} ${name}; ${found}`), {
      name: 'MissingExport',
    })
  }

  function the(id: number): unknown {
    if (broken.has(id)) throw broken.get(id)
    return held.get(id)
  }

  function read(encoded: unknown): unknown {
    return decode(encoded, ({ $, v }) => {
      if ($ === 'held') return the(Number(v))
      const { machine, id, streams } = v as { machine: number; id: number; streams?: string[] }
      return $ === 'clock' ? outside.clock(machine) : outside.lent(machine, id, streams)
    })
  }

  /** An error of the other side's, as the rooms would have made it. */
  function errorOf({ name, message, fields }: Thrown): Error {
    const own = decode(fields) as { status?: unknown }
    if (name === 'StatusError' && bundle?.StatusError) return new bundle.StatusError(own.status)
    return Object.assign(new Error(message), own, { name })
  }

  function sendReport(): void {
    report.answers = asked
    report.stubs = bundle?.enteredStubs() ?? []
    const line = JSON.stringify(report)
    report = newReport()
    host.reply(line)
  }

  host.onFault = uncaught

  const realm = globalThis as unknown as Record<string, unknown>
  const print = (...values: unknown[]) => {
    if (logLines++ >= PRINTED.lines) return
    const text = logLines > PRINTED.lines - 1 ? '… and more' : values.map(show).join(' ')
    host.log(JSON.stringify(text.slice(0, PRINTED.characters)))
  }
  realm.console = { debug: print, error: print, info: print, log: print, warn: print }
  realm.structuredClone ??= copy
  Object.assign(realm, ambient())
  // Two ways to real time that lead around the stand-ins.
  Date.prototype.constructor = realm.Date as DateConstructor
  Reflect.deleteProperty(Intl, 'DateTimeFormat')

  return (line) => {
    const [number, request] = JSON.parse(line) as Numbered
    asked = number
    switch (request[0]) {
      case 'load':
        begin(request[1])
        host.settle(sendReport)
        break
      case 'run':
        now = request[1]
        run(request[2], 0)
    }
  }
}

function newReport(): Report {
  return { answers: 0, settled: [], timers: [], cancelled: [], asked: [], stubs: [], uncaught: [] }
}

function isThenable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  )
}

/** A value, in two words: "an object". */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function missing(kind: string, name: string, object: unknown): Error {
  const owner = (object as object | null)?.constructor?.name ?? String(object)
  return Object.assign(new Error(`${owner} must have a ${kind} ${name}()`), { name: 'MissingExport' })
}

function describe(error: unknown): Thrown {
  const thrown = (message: string): Thrown => ({ name: 'Thrown', message, fields: {}, stack: '' })
  try {
    if (!(error instanceof Error)) return thrown(`${show(error)} was thrown, which is no Error`)
    const { name, ...fields } = error
    return {
      name: String(name).slice(0, THROWN.name),
      message: String(error.message).slice(0, THROWN.message),
      fields: encode(fields),
      stack: String(error.stack ?? '').slice(0, THROWN.stack),
    }
  } catch {
    // A proxy, or a getter that throws.
    return thrown('something was thrown that cannot be read')
  }
}

/** What `structuredClone` does with plain data, for a realm that comes without it. */
function copy(value: unknown): unknown {
  return decode(encode(value), undefined)
}

/** A value as somebody who debugs wants to read it: strings bare, data as JSON. */
function show(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Error) return String(value.stack ?? value)
  if (typeof value === 'function') return `[function ${value.name}]`
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
