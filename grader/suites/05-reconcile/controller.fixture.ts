// Runs beside the rooms of a submission: puts a controller together with sources that do what they are told, and writes
// down what it does.
import type { Clock } from '#kit/clock'
import type { Result, Source } from '#kit/controller'
import { ManualClock } from '#kit/manual-clock'
import type { RateLimitingQueue } from '#kit/work-queue'
import { Controller } from '#rooms/controller'
import { WorkQueue } from '#rooms/work-queue'
import { Break } from './break.fixture.ts'
import { lateOf, Moments, pass } from './turns.fixture.ts'

/**
 * How `reconcile` ends: it rejects (with an Error, a text or `undefined`), throws, waits for `end`, rejects when that comes,
 * or resolves, with this `requeueAfterMs` if it is a number.
 */
export type Ending =
  | 'rejects'
  | 'rejects with a text'
  | 'rejects with nothing'
  | 'throws'
  | 'waits'
  | 'waits and rejects'
  | 'resolves'
  | number

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

/** A controller over sources that do what they are told. Every key is reconciled as `endings` says. */
export class ControllerRig {
  readonly #controller: Controller
  readonly #queue: WorkQueue
  readonly #sources: { calls: string[]; add: (key: string) => void; ends: (() => void)[] }[]
  readonly #begun: string[] = []
  readonly #errors: string[] = []
  readonly #waiting: { key: string; end: () => void }[] = []
  readonly #afterwards: Record<string, string[]> = {}
  readonly #breaks = new Break()
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
          this.#errors.push(`${key}: ${error instanceof Error ? error.message : `no Error, but ${error}`}`)
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

  /** Resolves when `stop()` does, with what `onError` has got by then since it was looked at last. */
  async stop(): Promise<string[]> {
    const stop = this.#controller.stop()
    this.#breaks.end()
    await stop
    return [...this.#errors]
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
    if (ending === 'rejects with a text') throw `a text for ${key}`
    if (ending === 'rejects with nothing') throw undefined
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

/**
 * Lets a key fail again and again, on a clock of its own: many timers are no round trip each here.
 *
 * @returns how often `reconcile` was called for it until then, and once more
 */
export async function callsWithFailures(failures: number): Promise<number> {
  const clock = new ManualClock()
  const rig = new ControllerRig(clock, { endings: { a: Array.from({ length: failures }, () => 'rejects') } })
  void rig.start()
  rig.end()
  rig.add(['a'])
  for (let time = 0; time <= failures; time++) {
    await pass(50)
    clock.advance(1_000_000)
  }
  await pass(50)
  const calls = rig.look().begun.length
  void rig.stop()
  rig.end()
  return calls
}

/**
 * Stops controllers just after a key has come to them: each one a turn of the job queue later than the one before.
 *
 * @returns what is to be asked when nothing runs any more: after how many turns `stop()` was called, where a `reconcile` began
 *   after it; `Infinity` where none began at all, though nothing was stopped
 */
export async function begunAfterStop(clock: Clock): Promise<{ late(): number[] }> {
  const stopped: { turns: number; goesOn: () => boolean }[] = []
  const moments = new Moments()
  for (const turns of moments) {
    const rig = new ControllerRig(clock, {})
    const start = rig.start()
    rig.end()
    await pass(50)
    rig.add(['a'])
    // Not pass(): that would take a turn more.
    for (let turn = 0; turn < turns; turn++) await undefined
    void Promise.allSettled([start, rig.stop()])
    moments.enter(rig.look().begun.length > 0)
    stopped.push({ turns, goesOn: () => rig.look().begun.length > 0 })
  }
  return { late: () => lateOf(stopped, moments) }
}
