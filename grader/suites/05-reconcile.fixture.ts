// Runs beside the rooms of a submission: puts informers and controllers together with what cannot be lent, because
// it is asked for an answer at once. What is told here is written down, and read by the suite.
import type { ConfigMap } from 'kubernetes-types/core/v1'
import type { Stored, StoredMetadata } from '#kit/api/metadata'
import type { Client, WatchEvent } from '#kit/client'
import type { Clock, Timer } from '#kit/clock'
import type { Result, Source } from '#kit/controller'
import type { EventHandler, InformerOptions, SharedInformer } from '#kit/informer'
import type { Stream } from '#kit/stream'
import type { RateLimitingQueue } from '#kit/work-queue'
import { Controller, controllerOf, itself, source } from '#rooms/controller'
import { Informer } from '#rooms/informer'
import { WorkQueue } from '#rooms/work-queue'

type Item = Stored<ConfigMap>

/** `default/web@11` */
function tag({ metadata: { namespace, name, resourceVersion } }: Item): string {
  return `${namespace === undefined ? '' : `${namespace}/`}${name}@${resourceVersion}`
}

/** What a handler is told, a line each. */
function recorder(
  told: string[],
  after: () => void = () => {},
  who?: string,
): Required<EventHandler<'ConfigMap'>> {
  const say = (line: string) => {
    told.push(who === undefined ? line : `${who}: ${line}`)
    after()
  }
  return {
    added: (object) => say(`added ${tag(object)}`),
    updated: (old, object) => {
      const isCopy = old !== object && tag(old) === tag(object)
      say(`updated ${tag(old)} to ${tag(object)}${isCopy ? ' (a copy)' : ''}`)
    },
    deleted: (object) => say(`deleted ${tag(object)}`),
  }
}

/** What an informer is to be like. */
export interface InformerSetup {
  options?: Pick<
    InformerOptions<'ConfigMap'>,
    'namespace' | 'labelSelector' | 'fieldSelector' | 'user' | 'resyncMs'
  >
  /** Leave `resyncMs` out. Otherwise it is 0 where the options say nothing: who sets it without is told once. */
  withoutResyncMs?: boolean
  /** What `random.next()` answers, one after the other; then the last one for ever. Default: 0. */
  random?: number[]
  /** Has indexes `app`, by the label, and `data`, by every key of the data. */
  indexed?: boolean
  /** What comes before the handler: one that throws each time, one that calls `stop()`, or three that want one thing each. */
  first?:
    | 'throws'
    | 'stops'
    | 'stops and throws'
    | 'stops when updated'
    | 'stops when deleted'
    | 'one thing each'
  /** Call `stop()` in `onError`, and wait for it there. */
  errorsStop?: boolean
  /** Leave `onError` out. */
  quiet?: boolean
}

/** An informer of ConfigMaps with a handler. */
export class InformerRig {
  readonly #informer: Informer<'ConfigMap'>
  readonly #told: string[] = []
  readonly #others: string[] = []
  readonly #errors: string[] = []
  readonly #views: string[] = []
  readonly #late: string[] = []
  #stopCalled = false
  readonly #timersSet: number[] = []

  constructor(client: Client, clock: Clock, setup: InformerSetup) {
    const numbers = setup.random ?? [0]
    const random = { next: () => (numbers.length > 1 ? numbers.shift() : numbers[0]) ?? 0 }
    this.#informer = new Informer(
      'ConfigMap',
      { client, clock: bounded(clock, this.#timersSet), random },
      {
        ...(!setup.withoutResyncMs && { resyncMs: 0 }),
        ...setup.options,
        ...(setup.indexed && {
          indexes: {
            app: ({ metadata }: Item) => (metadata.labels?.app === undefined ? [] : [metadata.labels.app]),
            data: ({ data = {} }: Item) => Object.keys(data),
          },
        }),
        ...(!setup.quiet && {
          onError: (error: unknown) => {
            this.#errors.push(error instanceof Error ? error.message : 'no Error')
            if (this.#stopCalled) this.#late.push('onError')
            return setup.errorsStop ? this.#stopNow() : undefined
          },
        }),
      },
    )
    if (setup.first === 'throws') {
      this.#informer.addHandler(
        recorder(this.#others, () => {
          throw new Error('the handler fails')
        }),
      )
    }
    if (setup.first === 'stops') this.#informer.addHandler({ added: () => this.#stopNow() })
    if (setup.first === 'stops when updated') this.#informer.addHandler({ updated: () => this.#stopNow() })
    if (setup.first === 'stops when deleted') this.#informer.addHandler({ deleted: () => this.#stopNow() })
    if (setup.first === 'stops and throws') {
      this.#informer.addHandler({
        added: () => {
          void this.#stopNow()
          throw new Error('the handler fails')
        },
      })
    }
    if (setup.first === 'one thing each') this.addOneThingEach()
    const { added, updated, deleted } = recorder(this.#told, () => {
      if (this.#stopCalled) this.#late.push(this.#told.at(-1) ?? '')
    })
    const view = ({ metadata }: Item) => {
      const shown = (one: Item | undefined) => (one ? tag(one) : 'nothing')
      const among = (all: Item[]) => shown(all.find((one) => one.metadata.name === metadata.name))
      this.#views.push(
        [
          `get: ${shown(this.#informer.get(metadata))}`,
          `list: ${among(this.#informer.list(metadata.namespace))}`,
          ...(setup.indexed ? [`byIndex of web: ${among(this.#informer.byIndex('app', 'web'))}`] : []),
        ].join(', '),
      )
    }
    this.#informer.addHandler({
      added: (object) => {
        added(object)
        view(object)
      },
      updated: (old, object) => {
        updated(old, object)
        view(object)
      },
      deleted: (object) => {
        deleted(object)
        view(object)
      },
    })
  }

  /** Resolves when `start()` does, with what it shows at that moment. */
  async start() {
    await this.#informer.start()
    return { cache: tags(this.#informer.list()), synced: this.#informer.synced }
  }

  stop(): Promise<void> {
    return this.#informer.stop()
  }

  /**
   * What the handler was told and the cache showed of it then, what another one was told, and what `onError` got, since
   * this was asked last; of these, what came after a handler or `onError` had called `stop()`; and the cache.
   */
  look() {
    return {
      told: this.#told.splice(0),
      views: this.#views.splice(0),
      others: this.#others.splice(0),
      errors: this.#errors.splice(0),
      late: this.#late.splice(0),
      cache: tags(this.#informer.list()),
      synced: this.#informer.synced,
    }
  }

  /** In how many ms each timer was due that was set since this was asked last, also if it has fired or was cancelled. */
  timersSet(): number[] {
    return this.#timersSet.splice(0)
  }

  /**
   * @param who stands before each line of what it is told
   * @returns what a new handler was told before `addHandler` returned
   */
  addHandler(who?: string): string[] {
    this.#informer.addHandler(recorder(this.#others, () => {}, who))
    return this.#others.splice(0)
  }

  /**
   * Adds a handler that throws each time, or calls `stop()`.
   *
   * @returns what it was told before `addHandler` returned
   */
  addHandlerThat(does: 'throws' | 'stops'): string[] {
    const told: string[] = []
    const act = () => {
      if (does === 'throws') throw new Error('the new handler fails')
      void this.#stopNow()
    }
    this.#informer.addHandler(recorder(told, act))
    return told
  }

  /** Adds three handlers, of which each has one method. */
  addOneThingEach(): void {
    const { added, updated, deleted } = recorder(this.#others)
    for (const handler of [{ added }, { updated }, { deleted }]) this.#informer.addHandler(handler)
  }

  get(namespace: string | undefined, name: string): string {
    const found = this.#informer.get(namespace === undefined ? { name } : { namespace, name })
    return found ? tag(found) : 'nothing'
  }

  list(namespace: string): string[] {
    return tags(this.#informer.list(namespace))
  }

  byIndex(index: string, value: string): string[] {
    return tags(this.#informer.byIndex(index, value))
  }

  /** Stops it, and writes down what it showed then, beside what others were told. */
  #stopNow(): Promise<void> {
    this.#others.push(...tags(this.#informer.list()), `synced: ${this.#informer.synced}`)
    this.#stopCalled = true
    return this.#informer.stop()
  }
}

/** How many timers of 0 ms an informer may set at the same instant. It needs none. */
const ZERO_TIMERS = 10

/**
 * A clock that sets no more timers of 0 ms at an instant once there were many: who sets the next one when the last one
 * fires would never come to an end.
 *
 * @param set in how many ms each is due
 */
function bounded(clock: Clock, set: number[] = []): Clock {
  let [nowMs, count] = [clock.now(), 0]
  return {
    now: () => clock.now(),
    setTimer(delayMs, fire) {
      if (clock.now() > nowMs) [nowMs, count] = [clock.now(), 0]
      set.push(delayMs)
      if (delayMs === 0 && ++count > ZERO_TIMERS) return { cancel() {} }
      return clock.setTimer(delayMs, fire)
    },
  }
}

/** Lets as many turns of the job queue pass. */
async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await undefined
}

/** How many turns of the job queue a room gets to notice something. */
const TURNS = 20

/** A watch that brings one event, when it is told to. */
function watchOf(event: WatchEvent<'ConfigMap'>) {
  type Next = IteratorResult<WatchEvent<'ConfigMap'>, undefined>
  const over: Next = { done: true, value: undefined }
  let settle: (next: Next) => void = () => {}
  const first = new Promise<Next>((resolve) => {
    settle = resolve
  })
  let end = () => {}
  const last = new Promise<Next>((resolve) => {
    end = () => resolve(over)
  })
  let isFirst = true
  const stream: Stream<WatchEvent<'ConfigMap'>> = {
    async next() {
      const next = isFirst ? first : last
      isFirst = false
      return next
    },
    async return() {
      settle(over)
      end()
      return over
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return { stream, bring: () => settle({ done: false, value: event }) }
}

/**
 * Stops informers that have listed one object just after an event has come to them: each one a turn of the job queue later
 * than the one before.
 *
 * @returns after how many turns `stop()` was called, where a handler was told or the cache changed after it
 */
export async function changedAfterStop(listed: Item, events: WatchEvent<'ConfigMap'>[]): Promise<number[]> {
  const late = new Set<number>()
  // No time passes here.
  const clock: Clock = { now: () => 0, setTimer: () => ({ cancel() {} }) }
  for (let turns = 0; turns < TURNS; turns++) {
    for (const event of events) {
      const { stream, bring } = watchOf(event)
      const { resourceVersion } = listed.metadata
      const client = {
        list: async () => ({ metadata: { resourceVersion }, items: [listed] }),
        watch: () => stream,
      }
      const rig = new InformerRig(client as unknown as Client, clock, {})
      const start = rig.start()
      await pass(50)
      bring()
      // Not pass(): that would take a turn more.
      for (let turn = 0; turn < turns; turn++) await undefined
      void Promise.allSettled([start, rig.stop()])
      const before = rig.look()
      await pass(50)
      const { told, cache } = rig.look()
      if (told.length > 0 || cache.join() !== before.cache.join()) late.add(turns)
    }
  }
  return [...late]
}

function tags(objects: Item[]): string[] {
  return objects.map(tag).sort()
}

/** An informer that does what it is told, and has one object before it is started. */
class StandIn implements SharedInformer<'ConfigMap'> {
  readonly handlers: EventHandler<'ConfigMap'>[] = []
  readonly calls: string[] = []
  synced = false
  readonly ends: (() => void)[] = []
  readonly #there: Item

  constructor(there: Item) {
    this.#there = there
  }

  addHandler(handler: EventHandler<'ConfigMap'>): void {
    this.calls.push('addHandler')
    this.handlers.push(handler)
    handler.added?.(this.#there)
  }

  start(): Promise<void> {
    this.calls.push('start')
    return this.#later()
  }

  stop(): Promise<void> {
    this.calls.push('stop')
    return this.#later()
  }

  get(): undefined {}

  list(): Item[] {
    return [this.#there]
  }

  byIndex(): Item[] {
    return []
  }

  #later(): Promise<void> {
    return new Promise((resolve) => void this.ends.push(resolve))
  }
}

/** A source over an informer, whose objects concern the keys that they have as data. */
export class SourceRig {
  readonly #informer: StandIn
  readonly #source: Source
  readonly #keys: string[] = []

  /** @param there what its informer has before it is started */
  constructor(there: Item) {
    this.#informer = new StandIn(there)
    this.#source = source(this.#informer, ({ data = {} }) => Object.keys(data))
  }

  start(): Promise<void> {
    return this.#source.start((key) => void this.#keys.push(key))
  }

  stop(): Promise<void> {
    return this.#source.stop()
  }

  /** Lets what the informer was asked for come true. */
  end(): void {
    for (const end of this.#informer.ends.splice(0)) end()
  }

  added(object: Item): void {
    for (const handler of this.#informer.handlers) handler.added?.(object)
  }

  updated(old: Item, object: Item): void {
    for (const handler of this.#informer.handlers) handler.updated?.(old, object)
  }

  deleted(object: Item): void {
    for (const handler of this.#informer.handlers) handler.deleted?.(object)
  }

  /** Each key once, in order, and what the informer was asked for, since this was asked last. */
  look() {
    return { keys: [...new Set(this.#keys.splice(0))].sort(), informer: this.#informer.calls.splice(0) }
  }
}

/** The keys of `itself`. */
export function keysOfItself(metadata: StoredMetadata): string[] {
  return itself({ metadata })
}

/** The keys of `controllerOf`, for each object. */
export function keysOfController(apiVersion: string, kind: string, objects: StoredMetadata[]): string[][] {
  const keysOf = controllerOf(apiVersion, kind)
  return objects.map((metadata) => keysOf({ metadata }))
}

/**
 * How `reconcile` ends: it rejects, throws, waits for `end`, rejects when that comes, or resolves with this
 * `requeueAfterMs`.
 */
export type Ending = 'rejects' | 'throws' | 'waits' | 'waits and rejects' | number

/** What a controller is to be like. */
export interface ControllerSetup {
  /** How many sources it has. Default: 1. */
  sources?: number
  workers?: number
  /** How `reconcile` ends for a key, one time after the other; then it resolves. */
  endings?: Record<string, Ending[]>
  /** Leave `onError` out. */
  quiet?: boolean
}

/** Where it is written down what a controller does, in its order. */
export interface Diary {
  add(what: string): Promise<void>
}

/** After how many calls `reconcile` ends no more, until `stop()`: a controller that calls it for ever would keep the check waiting. */
const MANY_CALLS = 200

/** A queue that writes down what it is told when a key has been worked on. */
function recorded(queue: RateLimitingQueue, write: (told: string, key: string) => void): RateLimitingQueue {
  return {
    get length() {
      return queue.length
    },
    add: (key) => queue.add(key),
    addAfter(key, delayMs) {
      write('addAfter', key)
      queue.addAfter(key, delayMs)
    },
    addRateLimited(key) {
      write('addRateLimited', key)
      queue.addRateLimited(key)
    },
    forget(key) {
      write('forget', key)
      queue.forget(key)
    },
    retries: (key) => queue.retries(key),
    get: () => queue.get(),
    done(key) {
      write('done', key)
      queue.done(key)
    },
    shutDown: () => queue.shutDown(),
    shutDownWithDrain: () => queue.shutDownWithDrain(),
  }
}

/** A controller over sources that do what they are told. Every key is reconciled as `endings` says. */
export class ControllerRig {
  readonly #controller: Controller
  readonly #queue: WorkQueue
  readonly #sources: { calls: string[]; add: (key: string) => void; ends: (() => void)[] }[]
  readonly #begun: string[] = []
  readonly #errors: string[] = []
  readonly #waiting: { key: string; end: () => void }[] = []
  readonly #afterwards: Record<string, string[]> = {}
  readonly #breaks = new Break(MANY_CALLS)
  readonly #diary: Diary | undefined

  constructor(clock: Clock, { sources = 1, workers, endings = {}, quiet }: ControllerSetup, diary?: Diary) {
    this.#diary = diary
    this.#queue = new WorkQueue(clock)
    this.#sources = Array.from({ length: sources }, () => ({ calls: [], add: () => {}, ends: [] }))
    this.#controller = new Controller({
      sources: this.#sources.map(sourceOf),
      queue: recorded(this.#queue, (told, key) => this.#after(told, key)),
      ...(workers !== undefined && { workers }),
      ...(!quiet && {
        onError: (error: unknown, key: string) => {
          this.#errors.push(`${key}: ${error instanceof Error ? error.message : 'no Error'}`)
          this.#after('onError', key)
          this.#write(`calls onError for ${key}`)
        },
      }),
      reconcile: (key) => {
        this.#begun.push(key)
        this.#write(`calls reconcile for ${key}`)
        const ending = endings[key]?.shift()
        if (ending === 'throws') throw this.#failure(key, 'reconcile fails at once')
        return this.#breaks.after(() => this.#end(key, ending))
      },
    })
  }

  start(): Promise<void> {
    return this.#controller.start()
  }

  stop(): Promise<void> {
    const stop = this.#controller.stop()
    this.#breaks.end()
    return stop
  }

  /** Fills or stops a source, whichever it is waiting for. */
  end(source = 0): void {
    for (const end of this.#sources[source]?.ends.splice(0) ?? []) end()
  }

  /** Names keys, as a source. */
  add(keys: string[], source = 0): void {
    for (const key of keys) this.#sources[source]?.add(key)
  }

  /** Ends the `reconcile` of a key that waits. */
  finish(key: string): void {
    const found = this.#waiting.findIndex((waiting) => waiting.key === key)
    for (const { end } of this.#waiting.splice(found, found < 0 ? 0 : 1)) end()
  }

  /** The keys for which `reconcile` was called and what `onError` got, since this was asked last. */
  look() {
    return { begun: this.#begun.splice(0), errors: this.#errors.splice(0) }
  }

  /** What was done with a key so far when `reconcile` had ended for it, in order. */
  afterwards(key: string): string[] {
    return this.#afterwards[key] ?? []
  }

  /** What each source was asked for. */
  sources(): string[][] {
    return this.#sources.map(({ calls }) => calls)
  }

  /** Whether the queue takes one more key. */
  queueTakes(): boolean {
    const before = this.#queue.length
    this.#queue.add('default/one-more')
    return this.#queue.length > before
  }

  async #end(key: string, ending: Ending | undefined): Promise<Result | undefined> {
    if (ending === 'waits' || ending === 'waits and rejects') {
      await new Promise<void>((end) => void this.#waiting.push({ key, end }))
    }
    if (ending === 'rejects' || ending === 'waits and rejects') throw this.#failure(key, 'reconcile fails')
    this.#write(
      `sees reconcile for ${key} go well${typeof ending === 'number' ? `, with requeueAfterMs ${ending}` : ''}`,
    )
    return typeof ending === 'number' ? { requeueAfterMs: ending } : undefined
  }

  #failure(key: string, message: string): Error {
    this.#write(`sees reconcile for ${key} fail`)
    return new Error(message)
  }

  #after(what: string, key: string): void {
    const all = this.#afterwards[key] ?? []
    all.push(what)
    this.#afterwards[key] = all
  }

  #write(what: string): void {
    void this.#diary?.add(what)
  }
}

/** Keeps a controller from calling `reconcile` for ever: from some call on, none ends before `stop()`. */
class Break {
  #left: number
  #end = () => {}
  readonly #over = new Promise<void>((resolve) => {
    this.#end = resolve
  })

  /** @param calls how many go through */
  constructor(calls: number) {
    this.#left = calls
  }

  async after<T>(call: () => Promise<T>): Promise<T | undefined> {
    if (--this.#left >= 0) return call()
    await this.#over
    return undefined
  }

  /** Ends those that wait. */
  end(): void {
    this.#end()
  }
}

/**
 * Stops controllers just after a key has come to them: each one a turn of the job queue later than the one before.
 *
 * @returns after how many turns `stop()` was called, where a `reconcile` began after it
 */
export async function begunAfterStop(clock: Clock): Promise<number[]> {
  const late: number[] = []
  for (let turns = 0; turns < TURNS; turns++) {
    const rig = new ControllerRig(clock, {})
    const start = rig.start()
    rig.end()
    await pass(50)
    rig.add(['a'])
    // Not pass(): that would take a turn more.
    for (let turn = 0; turn < turns; turn++) await undefined
    void Promise.allSettled([start, rig.stop()])
    rig.look()
    await pass(50)
    if (rig.look().begun.length > 0) late.push(turns)
  }
  return late
}

function sourceOf(state: { calls: string[]; add: (key: string) => void; ends: (() => void)[] }): Source {
  const later = () => new Promise<void>((resolve) => void state.ends.push(resolve))
  return {
    start(add) {
      state.calls.push('start')
      state.add = add
      return later()
    },
    stop() {
      state.calls.push('stop')
      return later()
    },
  }
}

const COPY = 'copy-of-'

/** A controller that keeps a copy of every ConfigMap of a namespace: `copy-of-a` of `a`, with the same data. */
export class CopyRig {
  readonly #client: Client
  readonly #informer: Informer<'ConfigMap'>
  readonly #controller: Controller
  readonly #breaks = new Break(MANY_CALLS)
  #reconciled = 0

  constructor(client: Client, clock: Clock, namespace: string) {
    this.#client = client
    const random = { next: () => 0.5 }
    this.#informer = new Informer('ConfigMap', { client, clock: bounded(clock), random }, { namespace })
    this.#controller = new Controller({
      // A change of a copy concerns the original.
      sources: [source(this.#informer, (object) => itself(object).map((key) => key.replace(COPY, '')))],
      queue: new WorkQueue(clock),
      reconcile: (key) => {
        this.#reconciled++
        return this.#breaks.after(() => this.#copy(key))
      },
    })
  }

  start(): Promise<void> {
    return this.#controller.start()
  }

  stop(): Promise<void> {
    const stop = this.#controller.stop()
    this.#breaks.end()
    return stop
  }

  /** How often `reconcile` was called. */
  reconciled(): number {
    return this.#reconciled
  }

  /** One write at most; after a write it looks again in a second, as its cache may not show it for long. */
  async #copy(key: string): Promise<Result | undefined> {
    const [namespace = '', name = ''] = key.split('/')
    const at = { namespace, name: `${COPY}${name}` }
    const original = this.#informer.get({ namespace, name })
    const copy = this.#informer.get(at)
    const data = original?.data ?? {}
    if (!original) {
      if (!copy) return undefined
      await this.#client.delete('ConfigMap', at)
    } else if (!copy) {
      await this.#client.create('ConfigMap', { metadata: at, data })
    } else {
      if (copy.data?.n === data.n) return undefined
      await this.#client.update('ConfigMap', { ...copy, data })
    }
    return { requeueAfterMs: 1_000 }
  }
}

/** A clock on which everything that is due at the same instant takes one timer: for many components side by side. */
export function sharedClock(clock: Clock): Clock {
  const slots = new Map<number, { fires: Set<() => void>; timer: Timer }>()
  const slotAt = (atMs: number) => {
    const fires = new Set<() => void>()
    const timer = clock.setTimer(atMs - clock.now(), () => {
      slots.delete(atMs)
      for (const fire of fires) fire()
    })
    return { fires, timer }
  }
  return {
    now: () => clock.now(),
    setTimer(delayMs, fire) {
      const atMs = clock.now() + delayMs
      const slot = slots.get(atMs) ?? slotAt(atMs)
      slots.set(atMs, slot)
      const mine = () => fire()
      slot.fires.add(mine)
      return {
        cancel() {
          slot.fires.delete(mine)
          if (slot.fires.size > 0 || slots.get(atMs) !== slot) return
          slot.timer.cancel()
          slots.delete(atMs)
        },
      }
    },
  }
}
