import { decode, encode } from '../sandbox/codec.ts'
import type { Asked, Op, Outcome } from '../sandbox/protocol.ts'
import { BudgetExceeded } from './virtual-time.ts'

/** How often one check's rooms may ask, and how many streams they may hold open at a time. */
const ASKS_LIMIT = 20_000
const STREAMS_LIMIT = 1_000

interface Lent {
  machine: number
  value: object
}

/** What of ours was lent to the rooms of one check, and what they ask of it. Nothing that they say is trusted. */
export class Lending {
  readonly #post: (op: Op) => void
  readonly #lent = new Map<number, Lent>()
  readonly #streams = new Map<number, { machine: number; close: () => void }>()
  readonly #crashed = new Set<number>()
  #asks = 0

  /** @param post hands an answer over, to be delivered */
  constructor(post: (op: Op) => void) {
    this.#post = post
  }

  /** Whether anything was lent. */
  get any(): boolean {
    return this.#lent.size > 0
  }

  /** @param id a number that nothing else of the check has */
  lend(id: number, machine: number, value: object): void {
    this.#lent.set(id, { machine, value })
  }

  /**
   * Does what the rooms ask. The answers are posted as they come.
   *
   * @throws {BudgetExceeded} if they ask too much
   */
  take(asked: readonly Asked[]): void {
    for (const one of asked) {
      if (++this.#asks > ASKS_LIMIT)
        throw new BudgetExceeded(`the room made more than ${ASKS_LIMIT} calls in one check`)
      if (one.does === 'close') {
        this.#streams.get(one.stream)?.close()
        this.#streams.delete(one.stream)
        continue
      }
      const lent = this.#lent.get(one.lent)
      if (!lent || this.#crashed.has(lent.machine)) continue
      if (one.does === 'call') void this.#call(lent, one)
      else if (this.#streams.size < STREAMS_LIMIT) void this.#open(lent, one)
      else throw new BudgetExceeded(`the room held more than ${STREAMS_LIMIT} watches open`)
    }
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
    const outcome = await settled(async () => encode(await invoke(lent, method, args)))
    if (!this.#crashed.has(lent.machine)) this.#post(['answer', ask, outcome])
  }

  async #open(lent: Lent, { stream: id, method, args }: Asked & { does: 'open' }): Promise<void> {
    let stream: AsyncIterator<unknown> | undefined
    this.#streams.set(id, { machine: lent.machine, close: () => void stream?.return?.() })
    for (let over = false; !over; ) {
      const outcome = await settled(async () => {
        stream ??= invoke(lent, method, args) as AsyncIterator<unknown>
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
}

async function settled(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { status: 'resolved', value: await work() }
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    return {
      status: 'rejected',
      error: { name, message, fields: encode({ ...(error as object) }), stack: '' },
    }
  }
}

function invoke({ value }: Lent, method: string, args: unknown): unknown {
  const callee = typeof value === 'function' ? method === '' && value : methodOf(value, method)
  if (typeof callee !== 'function') throw new TypeError(`there is no method ${method}()`)
  return Reflect.apply(callee, typeof value === 'function' ? undefined : value, decode(args) as unknown[])
}

/** A method that the object was given, by itself or by its class; none that every object has. */
function methodOf(value: object, method: string): unknown {
  if (method === 'constructor') return undefined
  for (let owner: object = value; owner !== Object.prototype && owner; owner = Object.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner, method)) return Reflect.get(value, method)
  }
  return undefined
}
