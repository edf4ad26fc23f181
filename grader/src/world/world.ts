import { assembleApi } from '#cluster/assemble-api'
import { around } from '#cluster/world/around'
import { Faults } from '#cluster/world/faults'
import { delayed, type Latency } from '#cluster/world/latency'
import type { Trace } from '#cluster/world/trace'
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import { seeded } from '#kit/random'
import type { CheckContext } from '../runner/check.ts'
import { Unmet } from '../runner/expect.ts'
import { words } from '../runner/words.ts'
import type { Call, Handle, Machine, SubjectClock } from '../subject/subject.ts'
import { BudgetExceeded } from '../subject/virtual-time.ts'
import { MeteredStore } from './metered-store.ts'
import { ownApi } from './own-api.ts'

/** How long a world waits for what is to come, where nobody says otherwise, in ms. */
const PATIENCE_MS = 10 * 60_000
/** For how long nothing must have been written before a world counts as settled, in ms. */
const QUIET_MS = 60_000

/** How many values all JSON patches of one check may copy: each may double an object. */
const COPIES_LIMIT = 10

/** What a world is to be like. */
export interface WorldOptions {
  /** Default: from 1 to 5 ms. */
  latency?: Latency
}

/** A machine in a world: a place for one component. */
export interface Host {
  /** What stands in the trace for it. */
  readonly name: string
  /** Its way to the API, with latency, faults and trace: to be handed to the component. */
  readonly client: Handle<Client>
  readonly clock: Handle<Clock>
  /** What goes wrong between this machine and the API. */
  readonly faults: Faults
  /** Lends the component something of the check's; what is done with it stands in the trace as `what`. */
  lend: Machine['lend']
  /** Ends what runs on it, at once; from then on the rooms remember nothing. */
  crash(): Promise<void>
}

/**
 * A world for one check: an API with its history, a clock, chance, and machines for what is graded. Time passes when the
 * check says so; between two moments everything runs until nothing can run any more.
 */
export class World {
  /** The check's own way to the API: at once, without faults. */
  readonly api: Client
  /** The API's store, to compact it. */
  readonly compact: (revision: number) => Promise<void>
  readonly clock: SubjectClock
  readonly trace: Trace
  readonly #context: CheckContext
  readonly #inner: Client
  readonly #latency: Latency
  readonly #random
  /** When anything was last written, but for leases, and by whom. */
  #lastWrite: { atMs: number; who: string; what: string }

  constructor(context: CheckContext, api: Client, compact: World['compact'], options: WorldOptions) {
    this.#context = context
    this.#inner = api
    this.clock = context.clock
    this.#latency = options.latency ?? { leastMs: 1, mostMs: 5 }
    this.#random = seeded(context.seed)
    this.trace = context.trace
    this.#lastWrite = { atMs: this.clock.now(), who: 'nobody', what: 'nothing' }
    this.compact = compact
    this.api = this.#counted('the check', this.trace.around('the check', api))
  }

  /** A machine of its own for a component. */
  host(name: string): Host {
    const machine = this.#context.boot()
    const faults = new Faults()
    const arriving = delayed(faults.around(this.#inner), this.#latency, this.#context.clock, this.#random)
    const client = this.#counted(name, this.trace.around(name, arriving))
    return {
      name,
      faults,
      clock: machine.clock,
      client: machine.lend(client, ['watch']),
      lend: machine.lend,
      crash: () => {
        this.trace.add(name, 'crashes')
        return machine.crash()
      },
    }
  }

  /** Lets `ms` pass. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms)
  }

  /**
   * Lets time pass until a call of the component's is answered.
   *
   * @param what names the call: "stop() of a controller that has nothing to do"
   * @param withinMs default: 10 minutes
   * @throws {Unmet} if it is not
   */
  async done<T>(call: Call<T>, what: string, withinMs = PATIENCE_MS): Promise<T> {
    const untilMs = this.clock.now() + withinMs
    let pending = true
    const answered = () => {
      pending = false
    }
    call.then(answered, answered)
    do await turn()
    while (pending && (await this.clock.step(untilMs)))
    if (pending) throw new Unmet(what, words('it has resolved'), words('it is still waiting'))
    return call
  }

  /**
   * Lets time pass until something holds; what can never come is noticed at once.
   *
   * @param what a sentence: "the cache has web"
   * @param withinMs default: 10 minutes
   */
  async until(what: string, holds: () => boolean | Promise<boolean>, withinMs = PATIENCE_MS): Promise<void> {
    const untilMs = this.clock.now() + withinMs
    while (!(await holds())) {
      if (await this.clock.step(untilMs)) continue
      // What was under way when it was asked may have come to its end since.
      if (await holds()) return
      const isOver = this.clock.next() === undefined
      const seen = isOver ? 'nothing is left that could happen' : `not within ${spell(withinMs)}`
      throw new Unmet(what, words('it comes about'), words(seen))
    }
  }

  /** Lets time pass until `look` no longer throws; throws what it threw last. */
  async eventually(look: () => Promise<void>, withinMs = PATIENCE_MS): Promise<void> {
    const untilMs = this.clock.now() + withinMs
    for (;;) {
      try {
        await look()
        return
      } catch (error) {
        if (!(error instanceof Unmet) || !(await this.clock.step(untilMs))) throw error
      }
    }
  }

  /** Lets `ms` pass; `look` must not throw at any moment of it. */
  async throughout(ms: number, look: () => Promise<void>): Promise<void> {
    const untilMs = this.clock.now() + ms
    do await look()
    while (await this.clock.step(untilMs))
    await this.advance(untilMs - this.clock.now())
    await look()
  }

  /**
   * Lets time pass until nothing but leases was written for a while.
   *
   * @param quietMs how long; default: 1 minute
   * @param withinMs default: 10 minutes
   */
  async settle(quietMs = QUIET_MS, withinMs = PATIENCE_MS): Promise<void> {
    const limitMs = this.clock.now() + withinMs
    let quietUntilMs = this.clock.now() + quietMs
    while (await this.clock.step(quietUntilMs)) {
      quietUntilMs = Math.max(quietUntilMs, this.#lastWrite.atMs + quietMs)
      if (quietUntilMs <= limitMs + quietMs) continue
      const { who, what } = this.#lastWrite
      const restless = words(`${who} keeps writing: ${what}`)
      throw new Unmet('how the cluster settles', words('nothing is written any more'), restless)
    }
    await this.advance(quietUntilMs - this.clock.now())
  }

  /** A client whose writes count as unrest. */
  #counted(who: string, inner: Client): Client {
    return around(inner, {
      call: async (request, proceed) => {
        const answer = await proceed()
        if (request.verb !== 'get' && request.verb !== 'list' && request.kind !== 'Lease')
          this.#lastWrite = {
            atMs: this.clock.now(),
            who,
            what: `${request.verb} ${request.kind} ${request.name ?? ''}`,
          }
        return answer
      },
      watch: (_, open) => open(),
    })
  }
}

/** A world with an empty API in which the namespace `default` is: the reference's, or that of the submission's own stack. */
export async function newWorld(context: CheckContext, options: WorldOptions = {}): Promise<World> {
  const random = seeded(context.seed)
  if (context.stack === 'own') {
    const { api, compact } = ownApi(context)
    return settled(new World(context, api, compact, options))
  }
  const store = new MeteredStore()
  const api = assembleApi({ store, clock: context.clock as unknown as Clock, random })
  return settled(new World(context, thrifty(api), (revision) => store.compact(revision), options))
}

/** An API that refuses to grow objects out of themselves again and again: of a patch that is refused nothing is read or stored. */
function thrifty(inner: Client): Client {
  let copies = 0
  const same = around(inner, { call: (_, proceed) => proceed(), watch: (_, open) => open() })
  return {
    ...same,
    patch: async (kind, at, patch, options) => {
      const operations: unknown = patch?.type === 'json' ? patch.operations : []
      if (Array.isArray(operations)) copies += operations.filter((one) => one?.op === 'copy').length
      if (copies > COPIES_LIMIT)
        throw new BudgetExceeded(`the room's patches copied more than ${COPIES_LIMIT} times in one check`)
      return same.patch(kind, at, patch, options)
    },
  }
}

async function settled(world: World): Promise<World> {
  await world.api.create('Namespace', { metadata: { name: 'default' } })
  return world
}

/** Lets everything run that can run without time passing. */
function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

function spell(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`
}
