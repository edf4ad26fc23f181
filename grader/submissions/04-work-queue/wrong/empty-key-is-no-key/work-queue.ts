/**
 * The queue between a controller's watches, which say that something changed, and the workers that look at it.
 * A key waits once, has one worker at a time, and is handed out again if it changed meanwhile.
 *
 * Mirrors: k8s.io/client-go/util/workqueue: queue.go, delaying_queue.go, rate_limiting_queue.go,
 * default_rate_limiters.go
 * Simplified: no metrics, and no limit on the retries of all keys together (client-go: 10 a second, 100 at
 * first); both watch over a queue and change nothing in how it treats one key. Keys are strings.
 */
import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

/** A key that is to be added later. */
interface Delay {
  dueMs: number
  timer: Timer
}

/** First in, first out, in two stacks: `shift()` of a long array would move all that is left in it. */
class Fifo<T> {
  #newest: T[] = []
  /** The oldest is the last one. */
  #oldest: T[] = []

  get length(): number {
    return this.#newest.length + this.#oldest.length
  }

  push(item: T): void {
    this.#newest.push(item)
  }

  shift(): T | undefined {
    if (this.#oldest.length === 0) {
      this.#oldest = this.#newest.reverse()
      this.#newest = []
    }
    return this.#oldest.pop()
  }
}

/** A rate-limiting work queue, in memory. */
export class WorkQueue implements RateLimitingQueue {
  readonly #clock: Clock
  readonly #baseDelayMs: number
  readonly #maxDelayMs: number

  /** What waits to be handed out: every key in it is dirty, and none is being processed. */
  readonly #queue = new Fifo<string>()
  /** What was added since it was last handed out. */
  readonly #dirty = new Set<string>()
  readonly #processing = new Set<string>()
  /** Who waits for a key. */
  readonly #workers = new Fifo<(key: string | undefined) => void>()

  readonly #delays = new Map<string, Delay>()
  readonly #retries = new Map<string, number>()

  #shuttingDown = false
  /** Who waits for the last key to be done. */
  readonly #drains: (() => void)[] = []

  /**
   * @param clock where delays get their time from
   * @param backoff how long `addRateLimited` waits; by default from 5 ms up to 1,000,000 ms
   */
  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.#clock = clock
    this.#baseDelayMs = backoff.baseDelayMs ?? 5
    this.#maxDelayMs = backoff.maxDelayMs ?? 1_000_000
  }

  /** How many keys wait to be handed out. Keys that are being processed or delayed do not count. */
  get length(): number {
    return this.#queue.length
  }

  /** Asks for `key` to be processed: now, or after `done(key)` if a worker has it. */
  add(key: string): void {
    if (this.#shuttingDown || this.#dirty.has(key)) return
    this.#dirty.add(key)
    // Its worker has read the old state already, but no second one may start: done() queues it again.
    if (!this.#processing.has(key)) this.#enqueue(key)
  }

  /** Adds `key` once `delayMs` milliseconds have passed; at once if that is 0 or less. */
  addAfter(key: string, delayMs: number): void {
    if (delayMs <= 0) this.add(key)
    if (delayMs <= 0 || this.#shuttingDown) return
    const dueMs = this.#clock.now() + delayMs
    const earlier = this.#delays.get(key)
    if (earlier && earlier.dueMs <= dueMs) return
    earlier?.timer.cancel()
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#delays.delete(key)
      this.add(key)
    })
    this.#delays.set(key, { dueMs, timer })
  }

  /** Adds `key` after its back-off, which doubles with each call until `forget(key)`. */
  addRateLimited(key: string): void {
    const retries = this.retries(key)
    this.#retries.set(key, retries + 1)
    // 2 ** 1024 is Infinity, which the cap takes care of; shifting bits would turn negative after 31.
    this.addAfter(key, Math.min(this.#baseDelayMs * 2 ** retries, this.#maxDelayMs))
  }

  /** Ends the back-off of `key`: the next one starts at the base delay again. */
  forget(key: string): void {
    this.#retries.delete(key)
  }

  /** How many times `addRateLimited(key)` was called since the last `forget(key)`. */
  retries(key: string): number {
    return this.#retries.get(key) ?? 0
  }

  /**
   * Hands out the next key, which counts as being processed until `done(key)`. Waits while there is none.
   *
   * @returns `undefined` once the queue is shut down and no key waits
   */
  get(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#workers.push(resolve)
      this.#settle()
    })
  }

  /** Says that a worker is through with `key`, which is queued again if it was added meanwhile. */
  done(key: string): void {
    if (!this.#processing.delete(key)) return
    if (this.#dirty.has(key)) this.#enqueue(key)
    else this.#settle()
  }

  /** Takes no more keys, and ends every drain. What waits is still handed out; delayed keys are dropped. */
  shutDown(): void {
    this.#takeNoMore()
    // Whoever began to drain and now says stop does not want to wait any longer.
    for (const resolve of this.#drains.splice(0)) resolve()
  }

  /** Shuts down, and resolves once no key waits and none is being processed, or `shutDown()` is called. */
  shutDownWithDrain(): Promise<void> {
    this.#takeNoMore()
    return new Promise((resolve) => {
      this.#drains.push(resolve)
      this.#settle()
    })
  }

  #enqueue(key: string): void {
    this.#queue.push(key)
    this.#settle()
  }

  #takeNoMore(): void {
    this.#shuttingDown = true
    for (const { timer } of this.#delays.values()) timer.cancel()
    this.#delays.clear()
    this.#settle()
  }

  /** Brings keys and workers together. To be called after every change that somebody may have waited for. */
  #settle(): void {
    while (this.#workers.length > 0) {
      const key = this.#queue.shift()
      if (key === undefined && !this.#shuttingDown) break
      if (key) {
        this.#dirty.delete(key)
        this.#processing.add(key)
      }
      this.#workers.shift()?.(key)
    }
    if (this.#shuttingDown && this.#queue.length === 0 && this.#processing.size === 0) {
      for (const resolve of this.#drains.splice(0)) resolve()
    }
  }
}
