import { decode, encode } from './codec.ts'
import { Outside } from './outside.ts'
import { type Op, type Report, type Thrown, TOLD } from './protocol.ts'
import { describe } from './thrown.ts'

/** What a lesson's script makes: its rooms, anew each time. */
export interface Loaded {
  /** What each room exports. */
  rooms: Record<string, Record<string, unknown>>
  enteredStubs: () => string[]
  /** The pieces of the script that were entered since this was asked last, where they are marked. */
  entered?: () => number[]
  /** The error by which the API refuses, as the rooms know it. */
  StatusError?: new (
    status: unknown,
  ) => Error
}

/** The rooms of one check, what is held of them, and what happened in them since that was last told. */
export class Session {
  readonly slot: number
  readonly #makeRooms: () => Loaded
  readonly #held = new Map<number, unknown>()
  readonly #broken = new Map<number, unknown>()
  readonly #outside: Outside
  #loaded: Loaded | undefined
  /** All that were loaded: what is held of the earlier ones goes on when a machine crashes. */
  readonly #everLoaded: Loaded[] = []
  #nowMs = 0
  #happened = nothing()
  /** The op that is being carried out, by its place in the request. */
  #op = 0
  #isOver = false
  #printed = 0

  /** @param numbers the last number that was given to anything in this process */
  constructor(slot: number, makeRooms: () => Loaded, numbers: { last: number }) {
    this.slot = slot
    this.#makeRooms = makeRooms
    this.#outside = new Outside(
      () => this.#happened,
      () => this.#nowMs,
      (thrown) => this.#errorOf(thrown),
      numbers,
    )
  }

  /** Makes the rooms, anew if there are some. */
  load(): void {
    this.#loaded = undefined
    try {
      this.#loaded = this.#makeRooms()
      this.#everLoaded.push(this.#loaded)
    } catch (error) {
      this.uncaught(error)
    }
  }

  /** Nothing of it is heard of any more. */
  end(): void {
    this.#isOver = true
    this.#outside.end()
  }

  /** Takes down an error that nobody caught. */
  uncaught(error: unknown): void {
    const { uncaught } = this.#happened
    if (uncaught.length < TOLD) uncaught.push(describe(error))
  }

  /** Counts one more line that the rooms print, and returns which one it is, from 1 on. */
  print(): number {
    return ++this.#printed
  }

  /** What happened since this was asked last. */
  report(): Omit<Report, 'slot' | 'answers' | 'touches'> {
    const happened = this.#happened
    this.#happened = nothing()
    happened.entered = this.#everLoaded.flatMap(({ entered }) => entered?.() ?? [])
    happened.stubs = this.#loaded?.enteredStubs() ?? []
    return happened
  }

  /** Carries out one op, the `index`th of its request. */
  deliver(op: Op, index: number, nowMs: number): void {
    this.#op = index
    this.#nowMs = nowMs
    this.#deliver(op)
  }

  #deliver(op: Op): void {
    switch (op[0]) {
      case 'begin':
        this.load()
        break
      case 'crash':
        this.#outside.crash(op[1])
        this.load()
        break
      case 'construct': {
        const [, id, room, name, args] = op
        try {
          const made = Reflect.construct(
            this.#exported(room, name, 'class') as never,
            this.#read(args) as never,
          )
          this.#held.set(id, made)
        } catch (error) {
          this.#broken.set(id, error)
        }
        break
      }
      case 'together':
        for (const one of op[1]) this.#deliver(one)
        break
      case 'hold':
        this.#held.set(op[1], this.#read(op[2]))
        break
      case 'fire':
        try {
          this.#outside.fire(op[1])
        } catch (error) {
          this.uncaught(error)
        }
        break
      case 'answer':
        this.#outside.answer(op[1], op[2])
        break
      case 'event':
        this.#outside.event(op[1], op[2])
        break
      case 'call': {
        const [, call, target, method, args, holdAs] = op
        this.#answer(call, holdAs, () => {
          const object = this.#the(target) as Record<string, unknown>
          const callee = object[method]
          if (typeof callee !== 'function') throw missing('method', method, object)
          return Reflect.apply(callee, object, this.#read(args) as unknown[])
        })
        break
      }
      case 'function': {
        const [, call, room, name, args, holdAs] = op
        this.#answer(call, holdAs, () =>
          Reflect.apply(
            this.#exported(room, name, 'function') as never,
            undefined,
            this.#read(args) as never,
          ),
        )
        break
      }
      case 'read': {
        const [, call, target, property] = op
        this.#answer(call, 0, () =>
          property === null ? this.#the(target) : (this.#the(target) as Record<string, unknown>)[property],
        )
        break
      }
      case 'assign': {
        const [, call, target, path, value] = op
        this.#answer(call, 0, () => {
          const last = path.at(-1) as string
          let object = this.#the(target) as Record<string, unknown>
          for (const key of path.slice(0, -1)) object = object[key] as Record<string, unknown>
          object[last] = this.#read(value)
        })
        break
      }
    }
  }

  /** Makes a call and reports how it settles, whenever that is. */
  #answer(call: number, holdAs: number, make: () => unknown): void {
    const settle = (settled: Report['settled'][number]) => {
      if (!this.#isOver) this.#happened.settled.push(settled)
    }
    const reject = (error: unknown) => {
      if (holdAs) this.#broken.set(holdAs, error)
      settle({ call, op: this.#op, status: 'rejected', error: describe(error) })
    }
    const resolve = (value: unknown) => {
      if (holdAs) this.#held.set(holdAs, value)
      settle({ call, op: this.#op, status: 'resolved', value: holdAs ? null : encode(value) })
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

  #exported(room: string, name: string, kind: 'class' | 'function'): unknown {
    const exports = this.#loaded?.rooms[room]
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

  #the(id: number): unknown {
    if (this.#broken.has(id)) throw this.#broken.get(id)
    return this.#held.get(id)
  }

  #read(encoded: unknown): unknown {
    return decode(encoded, ({ $, v }) => {
      if ($ === 'held') return this.#the(Number(v))
      const { machine, id, streams } = v as { machine: number; id: number; streams?: string[] }
      return $ === 'clock' ? this.#outside.clock(machine) : this.#outside.lent(machine, id, streams)
    })
  }

  /** An error of the other side's, as the rooms would have made it. */
  #errorOf({ name, message, fields }: Thrown): Error {
    const own = decode(fields) as { status?: unknown }
    if (name === 'StatusError' && this.#loaded?.StatusError) return new this.#loaded.StatusError(own.status)
    return Object.assign(new Error(message), own, { name })
  }
}

/** What is told of a session in which nothing happened. */
export function nothing(): Omit<Report, 'slot' | 'answers' | 'touches'> {
  return { settled: [], timers: [], cancelled: [], asked: [], stubs: [], entered: [], uncaught: [] }
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
