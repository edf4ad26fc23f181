import { decode, encode } from '../sandbox/codec.ts'
import { type Asked, Malformed, type Op, type Outcome } from '../sandbox/protocol.ts'
import { BudgetExceeded } from './virtual-time.ts'

/** How often one check's rooms may ask. */
const ASKS_LIMIT = 5_000
/** How many streams they may hold open at a time. */
const STREAMS_LIMIT = 200
/** What all that they say may come to, in characters: many times what any needs. */
const SAID_LIMIT = 256 * 2 ** 10
/** What one answer or event may come to, and all of one check, in characters. */
const ANSWER_LIMIT = 2 ** 20
const ANSWERS_LIMIT = 16 * 2 ** 20
/** How much is done at a time: so what is under way at once is bounded, whatever was asked for. */
const AT_A_TIME = 20

interface Lent {
  machine: number
  value: object
  /** The methods that return streams. */
  streams: readonly string[]
}

/** What of ours was lent to the rooms of one check, and what they ask of it. Nothing that they say is trusted. */
export class Lending {
  readonly #post: (op: Op) => void
  readonly #end: (problem: Error) => void
  readonly #lent = new Map<number, Lent>()
  readonly #streams = new Map<number, { machine: number; close: () => void }>()
  readonly #crashed = new Set<number>()
  #waiting: Asked[] = []
  #asks = 0
  #said = 0
  #answered = 0

  /**
   * @param post hands an answer over, to be delivered
   * @param end ends the check
   */
  constructor(post: (op: Op) => void, end: (problem: Error) => void) {
    this.#post = post
    this.#end = end
  }

  /** Whether anything was lent. */
  get any(): boolean {
    return this.#lent.size > 0
  }

  /** @param id a number that nothing else of the check has */
  lend(id: number, machine: number, value: object, streams: readonly string[]): void {
    this.#lent.set(id, { machine, value, streams })
  }

  /**
   * Takes what the rooms ask, and begins to do it.
   *
   * @throws {BudgetExceeded} if it is too much
   */
  take(asked: readonly Asked[]): void {
    this.#asks += asked.length
    if (this.#asks > ASKS_LIMIT)
      throw new BudgetExceeded(`the room made more than ${ASKS_LIMIT} calls in one check`)
    for (const one of asked) if (one.does !== 'close') this.#said += JSON.stringify(one.args).length
    if (this.#said > SAID_LIMIT)
      throw new BudgetExceeded(`the room's calls in one check came to more than ${SAID_LIMIT / 2 ** 10} KiB`)
    this.#waiting = this.#waiting.concat(asked)
    this.work()
  }

  /**
   * Does the next of what the rooms ask. The answers are posted as they come.
   *
   * @returns whether there was anything to do
   * @throws {BudgetExceeded} if too many streams are open
   * @throws {Malformed} if a number is used twice
   */
  work(): boolean {
    const next = this.#waiting.splice(0, AT_A_TIME)
    for (const one of next) {
      if (one.does === 'close') {
        this.#streams.get(one.stream)?.close()
        this.#streams.delete(one.stream)
        continue
      }
      const lent = this.#lent.get(one.lent)
      if (!lent || this.#crashed.has(lent.machine)) continue
      if (one.does === 'call') {
        void this.#call(lent, one)
        continue
      }
      if (this.#streams.has(one.stream)) throw new Malformed('a watch has the number of another')
      if (this.#streams.size >= STREAMS_LIMIT)
        throw new BudgetExceeded(`the room held more than ${STREAMS_LIMIT} watches open`)
      void this.#open(lent, one)
    }
    return next.length > 0
  }

  /** From now on nothing that was lent to the machine answers, and its streams are closed. */
  crash(machine: number): void {
    this.#crashed.add(machine)
    for (const [id, stream] of this.#streams) {
      if (stream.machine !== machine) continue
      this.#streams.delete(id)
      stream.close()
    }
  }

  async #call(lent: Lent, { ask, method, args }: Asked & { does: 'call' }): Promise<void> {
    const outcome = await this.#settled(async () => encode(await invoke(lent, method, args, false)))
    if (!this.#crashed.has(lent.machine)) this.#post(['answer', ask, outcome])
  }

  async #open(lent: Lent, { stream: id, method, args }: Asked & { does: 'open' }): Promise<void> {
    let stream: AsyncIterator<unknown> | undefined
    this.#streams.set(id, { machine: lent.machine, close: () => void stream?.return?.() })
    for (let over = false; !over; ) {
      const outcome = await this.#settled(async () => {
        stream ??= invoke(lent, method, args, true) as AsyncIterator<unknown>
        const next = await stream.next()
        over = next.done === true
        return encode(next.value)
      })
      // Closed meanwhile, or its machine has crashed.
      if (!this.#streams.has(id)) return
      over ||= outcome.status === 'rejected'
      if (over) this.#streams.delete(id)
      this.#post(['event', id, over && outcome.status === 'resolved' ? { status: 'ended' } : outcome])
    }
  }

  async #settled(work: () => Promise<unknown>): Promise<Outcome> {
    const outcome = await settled(work, this.#end)
    const size = JSON.stringify(outcome).length
    this.#answered += size
    if (size > ANSWER_LIMIT)
      this.#end(new BudgetExceeded(`one answer to the room came to more than ${ANSWER_LIMIT / 2 ** 20} MiB`))
    if (this.#answered > ANSWERS_LIMIT)
      this.#end(
        new BudgetExceeded(`the answers to the room came to more than ${ANSWERS_LIMIT / 2 ** 20} MiB`),
      )
    return outcome
  }
}

/** @param end ends the check, where the work was more than it may be */
async function settled(work: () => Promise<unknown>, end: (problem: Error) => void): Promise<Outcome> {
  try {
    return { status: 'resolved', value: await work() }
  } catch (error) {
    if (error instanceof BudgetExceeded) end(error)
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    return {
      status: 'rejected',
      error: { name, message, fields: encode({ ...(error as object) }), stack: '' },
    }
  }
}

/** @param isStream whether the method must be one that returns a stream, or must not */
function invoke({ value, streams }: Lent, method: string, args: unknown[], isStream: boolean): unknown {
  const callee = typeof value === 'function' ? method === '' && value : methodOf(value, method)
  if (typeof callee !== 'function' || streams.includes(method) !== isStream)
    throw new TypeError(`there is no method ${method}()`)
  const copies = args.map((arg) => decode(arg))
  return Reflect.apply(callee, typeof value === 'function' ? undefined : value, copies)
}

/** A method that the object was given, by itself or by its class; none that every object has. */
function methodOf(value: object, method: string): unknown {
  if (method === 'constructor') return undefined
  for (let owner: object = value; owner !== Object.prototype && owner; owner = Object.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner, method)) return Reflect.get(value, method)
  }
  return undefined
}
