import { PushedStream } from '#cluster/world/pushed-stream'
import { decode, encode } from './codec.ts'
import type { Asked, Outcome, Report, Thrown } from './protocol.ts'

/**
 * What the rooms of one check have of the world outside of them: clocks, and things that were lent to them. Each
 * belongs to a machine; once that has crashed, nothing of it fires, answers or asks any more.
 */
export class Outside {
  readonly #report: () => Pick<Report, 'asked' | 'timers' | 'cancelled'>
  readonly #now: () => number
  readonly #errorOf: (thrown: Thrown) => Error
  readonly #numbers: { last: number }
  readonly #timers = new Map<number, { machine: number; fire: () => void }>()
  readonly #asks = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>()
  readonly #streams = new Map<number, PushedStream<unknown>>()
  readonly #crashed = new Set<number>()
  #over = false

  /**
   * @param report where to say what is asked for
   * @param errorOf makes an error of what came across
   * @param numbers the last number that was given to anything, by whomever
   */
  constructor(
    report: () => Pick<Report, 'asked' | 'timers' | 'cancelled'>,
    now: () => number,
    errorOf: (thrown: Thrown) => Error,
    numbers: { last: number },
  ) {
    this.#report = report
    this.#now = now
    this.#errorOf = errorOf
    this.#numbers = numbers
  }

  /** The clock of a machine. */
  clock(machine: number) {
    return {
      now: this.#now,
      setTimer: (delayMs: number, fire: () => void) => {
        if (!(delayMs >= 0 && delayMs < Number.POSITIVE_INFINITY)) {
          throw new RangeError(`a delay is a finite number of milliseconds from 0 on, not ${delayMs}`)
        }
        const timer = ++this.#numbers.last
        if (!this.#isOff(machine)) {
          this.#timers.set(timer, { machine, fire })
          this.#report().timers.push([timer, delayMs])
        }
        return {
          cancel: () => {
            if (this.#timers.delete(timer)) this.#report().cancelled.push(timer)
          },
        }
      },
    }
  }

  /**
   * Stands for something that was lent to a machine. Its methods answer with promises, or with streams.
   *
   * @param streams the methods that return streams; `undefined` for a function
   */
  lent(machine: number, id: number, streams: readonly string[] | undefined): unknown {
    const call = (method: string, args: unknown[]) => this.#call(machine, id, method, args)
    if (!streams) return (...args: unknown[]) => call('', args)
    return new Proxy(Object.freeze({}), {
      get: (_, name) => {
        // Asked of every object by `await` and by JSON: it is no method.
        if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined
        return streams.includes(name)
          ? (...args: unknown[]) => this.#open(machine, id, name, args)
          : (...args: unknown[]) => call(name, args)
      },
    })
  }

  /** Lets a timer fire, if it is still set. */
  fire(timer: number): void {
    const set = this.#timers.get(timer)
    this.#timers.delete(timer)
    set?.fire()
  }

  /** Settles a call of something that was lent. */
  answer(ask: number, outcome: Outcome): void {
    const asked = this.#asks.get(ask)
    this.#asks.delete(ask)
    if (outcome.status === 'resolved') asked?.resolve(decode(outcome.value))
    else asked?.reject(this.#errorOf(outcome.error))
  }

  /** Passes on what a stream brings. One that breaks off says so once, and is over. */
  event(id: number, outcome: Outcome | { status: 'ended' }): void {
    const stream = this.#streams.get(id)
    if (!stream) return
    if (outcome.status === 'resolved') {
      stream.push(decode(outcome.value))
      return
    }
    this.#streams.delete(id)
    if (outcome.status === 'rejected') stream.fail(this.#errorOf(outcome.error))
    else stream.end()
  }

  /** Turns a machine off: whatever it waits for never comes. */
  crash(machine: number): void {
    this.#crashed.add(machine)
    for (const [timer, set] of this.#timers) {
      if (set.machine !== machine) continue
      this.#timers.delete(timer)
      this.#report().cancelled.push(timer)
    }
  }

  /** Turns everything off. */
  end(): void {
    this.#over = true
    this.#timers.clear()
  }

  #isOff(machine: number): boolean {
    return this.#over || this.#crashed.has(machine)
  }

  #call(machine: number, lent: number, method: string, args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#isOff(machine)) return
      const ask = ++this.#numbers.last
      this.#asks.set(ask, { resolve, reject })
      this.#ask({ does: 'call', ask, lent, method, args: args.map((arg) => encode(arg)) })
    })
  }

  #open(machine: number, lent: number, method: string, args: unknown[]): PushedStream<unknown> {
    const id = ++this.#numbers.last
    const stream = new PushedStream<unknown>(() => {
      if (this.#streams.delete(id) && !this.#isOff(machine)) this.#ask({ does: 'close', stream: id })
    })
    if (this.#isOff(machine)) {
      stream.end()
    } else {
      this.#streams.set(id, stream)
      this.#ask({ does: 'open', stream: id, lent, method, args: args.map((arg) => encode(arg)) })
    }
    return stream
  }

  #ask(asked: Asked): void {
    this.#report().asked.push(asked)
  }
}
