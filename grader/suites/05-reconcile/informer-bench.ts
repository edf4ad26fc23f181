// What every check of the informer stands on: an informer, what it is given, and looks at both.
import type { Faults } from '#cluster/world/faults'
import type { Clock } from '#kit/clock'
import { expired as expiredError, StatusError } from '#kit/status-error'
import type { CheckContext } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import { words } from '../../src/runner/words.ts'
import type { Call, Handle, Remote } from '../../src/subject/subject.ts'
import type * as Fixture from './informer.fixture.ts'
import { type Asked, ScriptedApi } from './scripted-api.ts'

/** How an informer is made. */
export type Setup = Fixture.InformerSetup
/** What a list answers. */
export type List = ReturnType<ScriptedApi['list']>

/** What is around an informer. */
export interface Surroundings {
  clock?: Handle<Clock>
  faults?: Faults
  /** What stands in the trace for it; `null`: nothing does. Default: the informer. */
  who?: string | null
}

/** What an informer shows and has told; what is left out is not looked at. */
export interface View {
  told?: string[]
  others?: string[]
  errors?: string[]
  late?: string[]
  cache?: string[]
  synced?: boolean
}

/** What a message calls each of them. */
const NAMES = {
  told: 'what the handler was told',
  others: 'what the other handlers were told',
  errors: 'what onError got',
  late: 'what handlers and onError were told after stop()',
  cache: 'what the cache shows',
  synced: 'synced',
} as const

/** The request of a list, as a whole. */
export const LIST = { list: 'ConfigMap', limit: 500 }

/** The watch from a version, as a whole. */
export function watchFrom(version: number | string) {
  return { watch: 'ConfigMap', resourceVersion: `${version}`, allowWatchBookmarks: true }
}

/** Longer than any first back-off, so that a check that is not about back-off need not know how long that is. */
export const AFTER_BACK_OFF_MS = 5_000

/** A request without what RC-1 and RC-8 say of all of them: `list`, `list on from 1`, or `watch from 12`. */
export function inShort(request: Asked): string {
  if ('watch' in request) return `watch from ${request.resourceVersion}`
  return request.continue === undefined ? 'list' : `list on from ${request.continue}`
}

/** An informer of an API whose answers the check decides. */
export class Bench {
  readonly api: ScriptedApi
  readonly rig: Remote<Fixture.InformerRig>
  readonly #subject: CheckContext
  readonly #who: string | null

  constructor(
    subject: CheckContext,
    setup: Setup = {},
    api = new ScriptedApi(),
    { clock = subject.clock, faults, who = 'the informer' }: Surroundings = {},
  ) {
    this.#subject = subject
    this.#who = who
    this.api = api
    const { construct } = subject.room<typeof Fixture>('fixture/informer')
    this.rig = construct('InformerRig', api.lendTo(subject, who ?? undefined, faults), clock, setup)
  }

  /** Resolves with what it shows at that moment. */
  start(): Call<{ cache: string[]; synced: boolean }> {
    return this.#told('is started', this.rig.start.patient)
  }

  stop(): Call<void> {
    return this.#told('is stopped', this.rig.stop.patient)
  }

  /** Lets `ms` pass; by default lets happen what needs no time. */
  pass(ms = 0): Promise<void> {
    return this.#subject.clock.advance(ms)
  }

  /** Looks at the informer once everything has happened that needs no time. */
  async look(when: string, expected: View): Promise<void> {
    const seen = await this.seen()
    for (const part of ['told', 'others', 'errors', 'late', 'cache', 'synced'] as const) {
      if (expected[part] !== undefined)
        expect<unknown>(seen[part], `${NAMES[part]} ${when}`).toEqual(expected[part])
    }
  }

  /** Lets the API's answers and events set out: what is asked of the rig next travels with them, and comes after them. */
  async setOut(): Promise<void> {
    for (let i = 0; i < 100; i++) await undefined
  }

  /** What the informer has told since the last time, and shows, once everything has happened that needs no time. */
  async seen() {
    const all = {
      told: [] as string[],
      others: [] as string[],
      errors: [] as string[],
      views: [] as string[],
      late: [] as string[],
    }
    for (;;) {
      await this.setOut()
      const before = this.api.answered
      const { told, others, errors, views, late, ...now } = await this.rig.look()
      all.told.push(...told)
      all.others.push(...others)
      all.errors.push(...errors)
      all.views.push(...views)
      all.late.push(...late)
      // What the rig has asked for meanwhile is answered only now.
      await this.setOut()
      if (this.api.answered === before) return { ...all, ...now }
    }
  }

  /**
   * Looks at what the informer asked of its client since the last time.
   *
   * @param expected a request as a whole; or in short, where only this matters: `list`, or `watch from 12`
   */
  async asked(when: string, expected: (object | string)[]): Promise<void> {
    await this.pass()
    const seen = this.api.asked.map((one, i) => (typeof expected[i] === 'object' ? one : inShort(one)))
    expect<unknown>(seen, `what was asked of the client ${when}`).toEqual(expected)
  }

  /** Looks at the watches among that: whether there was a list is for another requirement. */
  async watched(when: string, expected: string[]): Promise<void> {
    await this.pass()
    const watches = this.api.asked.filter((one) => 'watch' in one)
    expect(watches.map(inShort), `the next watch ${when}`).toEqual(expected)
  }

  /** In how many ms each timer is due. */
  async dueInMs(): Promise<number[]> {
    const { clock } = this.#subject
    await this.pass()
    return (await clock.pending()).map((dueMs) => dueMs - clock.now())
  }

  /** Looks at the timers, as the ms until they are due. */
  async timers(when: string, expected: number[]): Promise<void> {
    const what = `timers that are set ${when} (in how many ms each is due)`
    expect(await this.dueInMs(), what).toEqual(expected)
  }

  /** Does something that stands in the trace. */
  #told<T>(what: string, act: () => T): T {
    if (this.#who !== null) this.#subject.trace.add(this.#who, what)
    return act()
  }
}

/**
 * Plays scenes side by side: they share their round trips. Of those that fail the first one is told, with what happened in
 * it alone.
 *
 * @param scenes by the name that stands in the trace
 */
export async function playAll<T>(
  { trace }: CheckContext,
  scenes: Readonly<Record<string, (who: string) => Promise<T>>>,
): Promise<T[]> {
  const ends = await Promise.allSettled(Object.entries(scenes).map(([who, play]) => play(who)))
  return ends.map((end, i) => {
    if (end.status === 'fulfilled') return end.value
    tellOf(trace, Object.keys(scenes)[i] ?? '')
    throw end.reason
  })
}

/** Tells of nobody else, where many live side by side. */
export function tellOf(trace: CheckContext['trace'], who: string): void {
  trace.about(who, who)
}

/** An informer that has listed `a` at 11 and `b` at 12, and watches; what it was asked and told until then is read. */
export async function started(
  subject: CheckContext,
  setup: Setup = {},
  around: Surroundings = {},
): Promise<Bench> {
  const bench = new Bench(subject, setup, new ScriptedApi(), around)
  bench.api.put('a')
  bench.api.put('b')
  bench.start()
  await bench.seen()
  void bench.api.asked
  return bench
}

/** How often a check lets `reconcile` be called, at most: who comes to more never stops. */
const MANY_CALLS = 100

/** Looks whether a controller calls `reconcile` again and again. */
export function comesToRest(calls: number, when: string): void {
  expect(calls, `how often reconcile was called ${when}`).toSatisfy(
    `at most ${MANY_CALLS} times: a key that went well comes again only when something adds it`,
    (times) => times <= MANY_CALLS,
  )
}

/** How a call stands once everything has happened that needs no time. */
async function standing({ clock }: CheckContext, call: Call<unknown>): Promise<unknown> {
  let standing: unknown = words('it is still waiting')
  call.then(
    () => {
      standing = words('it has resolved')
    },
    (error: unknown) => {
      standing = error
    },
  )
  await clock.advance(0)
  await new Promise((resolve) => void setImmediate(resolve))
  if (standing instanceof Error) throw standing
  return standing
}

/** Looks at a call that must have been answered by now. */
export async function answered(subject: CheckContext, call: Call<unknown>, what: string): Promise<void> {
  expect<unknown>(await standing(subject, call), what).toEqual(words('it has resolved'))
}

/** Looks at a call that must still be waiting. */
export async function stillWaits(subject: CheckContext, call: Call<unknown>, what: string): Promise<void> {
  expect<unknown>(await standing(subject, call), what).toEqual(words('it is still waiting'))
}

/** When something is stopped: as it makes its n-th request, or at a time, in ms. */
export type Moment = { request: number } | { atMs: number }

/** A moment, in words. */
export const spell = (moment: Moment) =>
  'request' in moment ? `at its request ${moment.request}` : `after ${moment.atMs} ms`

/** Requests from the first to the n-th. */
export const requests = (n: number): Moment[] => Array.from({ length: n }, (_, i) => ({ request: i + 1 }))

/** 410, as a watch or a list answers. */
export function expired(): Error {
  return expiredError('too old')
}

/** 410 with the other reason that it may have. */
export function gone(): Error {
  const message = 'compacted'
  return new StatusError({
    apiVersion: 'v1',
    kind: 'Status',
    status: 'Failure',
    code: 410,
    reason: 'Gone',
    message,
  })
}

/** A bench whose methods can be taken apart. */
export function parts(bench: Bench) {
  return {
    api: bench.api,
    rig: bench.rig,
    start: bench.start.bind(bench),
    stop: bench.stop.bind(bench),
    pass: bench.pass.bind(bench),
    look: bench.look.bind(bench),
    seen: bench.seen.bind(bench),
    asked: bench.asked.bind(bench),
    watched: bench.watched.bind(bench),
    timers: bench.timers.bind(bench),
    dueInMs: bench.dueInMs.bind(bench),
  }
}
