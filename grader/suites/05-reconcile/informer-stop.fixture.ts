// Runs beside the rooms of a submission: stops informers at every moment after something has happened.
import type { Client, WatchEvent } from '#kit/client'
import type { Clock } from '#kit/clock'
import type { Stream } from '#kit/stream'
import { InformerRig } from './informer.fixture.ts'
import type { Item } from './shown.fixture.ts'
import { lateOf, Moments } from './turns.fixture.ts'

/** What happens: it is started, its list comes, or its watch brings an event or breaks off. */
export type Happening = 'start' | 'list' | 'break' | WatchEvent<'ConfigMap'>

/** A watch that brings one event or breaks off, when it is told to. */
function watchOf(happening: Happening) {
  type Next = IteratorResult<WatchEvent<'ConfigMap'>, undefined>
  const over: Next = { done: true, value: undefined }
  let settle: (next: Next | Promise<never>) => void = () => {}
  const first = new Promise<Next>((resolve) => {
    settle = resolve
  })
  // Perhaps nobody has asked.
  first.catch(() => undefined)
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
  const bring = () => {
    if (happening === 'break') settle(Promise.reject(new Error('connection reset')))
    else if (typeof happening === 'object') settle({ done: false, value: happening })
  }
  return { stream, bring }
}

/** An informer that is about to be stopped. */
interface Begun {
  rig: InformerRig
  /** Starts it, or lets its `start()` be waited for. */
  start(): Promise<unknown>
  /** Answers its list. */
  list(): void
  /** Lets its watch bring something. */
  bring(): void
  /** How often it has asked its client, and how many timers it has set that are still to come. */
  counts: { asked: number; timers: number }
}

/** How many informers begin at a time: mostly, so many are enough. */
const AT_A_TIME = 40

/**
 * Informers that have listed one object, of which each is stopped just after something has happened: a turn of the job queue
 * later than the one before. They are to be told to begin, to list and to be stopped one after the other, from outside: so no
 * answer comes any sooner than from a client that is lent.
 */
export class StopRigs {
  readonly #listed: Item
  readonly #happening: Happening
  readonly #moments = new Moments()
  readonly #turns = this.#moments[Symbol.iterator]()
  #begun: Begun[] = []
  readonly #stopped: { turns: number; goesOn: () => boolean }[] = []

  constructor(listed: Item, happening: Happening) {
    this.#listed = listed
    this.#happening = happening
  }

  begin(): void {
    // Where one cannot be made, none has begun.
    this.#begun = []
    this.#begun = Array.from({ length: AT_A_TIME }, () => this.#begin())
    if (this.#happening !== 'start') for (const { start } of this.#begun) void Promise.allSettled([start()])
  }

  /** Answers their lists, unless that is what happens, or comes after it. */
  list(): void {
    if (this.#happening !== 'start' && this.#happening !== 'list') this.answer()
  }

  /** @returns whether there are more moments to look at */
  async stop(): Promise<boolean> {
    for (const begun of this.#begun) {
      const turns = this.#turns.next()
      if (turns.done) return false
      await this.#stop(begun, turns.value)
    }
    return this.#begun.length > 0
  }

  /** Answers whatever list has not been answered. */
  answer(): void {
    for (const { list } of this.#begun) list()
  }

  /**
   * To be asked when nothing runs any more.
   *
   * @returns after how many turns `stop()` was called, where anything was asked or told, a timer left, or the cache changed
   *   after it; `Infinity` is among them where what happened was never noticed, though nothing was stopped
   */
  late(): number[] {
    return lateOf(this.#stopped, this.#moments)
  }

  #begin(): Begun {
    const { stream, bring } = watchOf(this.#happening)
    const counts = { asked: 0, timers: 0 }
    const { resourceVersion } = this.#listed.metadata
    let list = () => {}
    const answer = new Promise((resolve) => {
      list = () => resolve({ metadata: { resourceVersion }, items: [this.#listed] })
    })
    const client = {
      list() {
        counts.asked++
        return answer
      },
      watch() {
        counts.asked++
        return stream
      },
    }
    // No time passes here.
    const setTimer = () => {
      counts.timers++
      return { cancel: () => void counts.timers-- }
    }
    const clock: Clock = { now: () => Date.UTC(2026, 0, 1), setTimer }
    const rig = new InformerRig(client as unknown as Client, clock, {})
    let started: Promise<unknown> | undefined
    const start = () => {
      started ??= rig.start()
      return started
    }
    return { rig, start, list, bring, counts }
  }

  async #stop({ rig, start, list, bring, counts }: Begun, turns: number): Promise<void> {
    const started = start()
    if (this.#happening === 'list') list()
    bring()
    // Not pass(): that would take a turn more.
    for (let turn = 0; turn < turns; turn++) await undefined
    const { asked } = counts
    void Promise.allSettled([started, rig.stop()])
    const before = rig.look()
    const { told, errors } = before
    const expected = this.#happening === 'list' ? 1 : 2
    this.#moments.enter(this.#happening === 'start' ? asked > 0 : told.length + errors.length >= expected)
    const goesOn = () => {
      const { told, errors, cache } = rig.look()
      const changed = told.length + errors.length > 0 || cache.join() !== before.cache.join()
      return changed || counts.asked > asked || counts.timers > 0
    }
    this.#stopped.push({ turns, goesOn })
  }
}
