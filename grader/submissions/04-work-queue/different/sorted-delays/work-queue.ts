/**
 * The queue between a controller's watches, which say that something changed, and the workers that look at it.
 * A key waits once, has one worker at a time, and is handed out again if it changed meanwhile.
 *
 * Mirrors: k8s.io/client-go/util/workqueue: queue.go, delaying_queue.go, default_rate_limiters.go
 * Simplified: no metrics, and no limit on the retries of all keys together (client-go: 10 a second, 100 at
 * first); both watch over a queue and change nothing in how it treats one key. Keys are strings.
 */
import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

interface Delay {
  key: string
  dueMs: number
}

/** A rate-limiting work queue, in memory. */
export class WorkQueue implements RateLimitingQueue {
  #clock: Clock
  #baseDelayMs: number
  #maxDelayMs: number

  /** What waits, in order. */
  #queue: string[] = []
  /** What somebody must still look at: waiting and again. */
  #dirty = new Set<string>()
  /** What workers have: processing and again. */
  #processing = new Set<string>()
  /** The calls of `get()` that wait, oldest first. */
  #waiters: ((key: string | undefined) => void)[] = []

  /** One per key, the earliest first. */
  #delays: Delay[] = []
  /** Set for the first of `#delays`, if there is one. */
  #timer: Timer | undefined
  #timerDueMs = 0

  #failures = new Map<string, number>()
  #closed = false
  #drains: (() => void)[] = []

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
    if (this.#closed || this.#dirty.has(key)) return
    this.#dirty.add(key)
    if (!this.#processing.has(key)) this.#enqueue(key)
  }

  /** Adds `key` once `delayMs` milliseconds have passed; at once if that is 0 or less. */
  addAfter(key: string, delayMs: number): void {
    if (this.#closed) return
    if (delayMs <= 0) {
      this.add(key)
      return
    }
    const dueMs = this.#clock.now() + delayMs
    const old = this.#delays.findIndex((delay) => delay.key === key)
    if (old >= 0) {
      if (this.#delays[old]!.dueMs <= dueMs) return
      this.#delays.splice(old, 1)
    }
    const later = this.#delays.findIndex((delay) => delay.dueMs > dueMs)
    this.#delays.splice(later < 0 ? this.#delays.length : later, 0, { key, dueMs })
    this.#setTimer()
  }

  /** Adds `key` after its back-off, which doubles with each call until `forget(key)`. */
  addRateLimited(key: string): void {
    if (this.#closed) return
    const retries = this.retries(key)
    this.#failures.set(key, retries + 1)
    this.addAfter(key, Math.min(this.#baseDelayMs * 2 ** retries, this.#maxDelayMs))
  }

  /** Ends the back-off of `key`: the next one starts at the base delay again. */
  forget(key: string): void {
    this.#failures.delete(key)
  }

  /** How many times `addRateLimited(key)` was called since the last `forget(key)`. */
  retries(key: string): number {
    return this.#failures.get(key) ?? 0
  }

  /**
   * Hands out the next key, which counts as being processed until `done(key)`. Waits while there is none.
   *
   * @returns `undefined` once the queue is shut down and no key waits
   */
  get(): Promise<string | undefined> {
    const key = this.#queue.shift()
    if (key !== undefined) {
      this.#handOut(key)
      return Promise.resolve(key)
    }
    if (this.#closed) return Promise.resolve(undefined)
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  /** Says that a worker is through with `key`, which is queued again if it was added meanwhile. */
  done(key: string): void {
    if (!this.#processing.delete(key)) return
    if (this.#dirty.has(key)) this.#enqueue(key)
    if (this.#processing.size === 0 && this.#queue.length === 0) this.#endDrains()
  }

  /** Takes no more keys. What waits is still handed out; what was delayed is dropped. */
  shutDown(): void {
    this.#close()
    this.#endDrains()
  }

  /** Shuts down, and resolves when every key that was handed out, then or later, is done. */
  shutDownWithDrain(): Promise<void> {
    this.#close()
    if (this.#processing.size === 0 && this.#queue.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#drains.push(resolve))
  }

  /** Gives a dirty key that nobody has to the first who waits, or puts it at the end. */
  #enqueue(key: string): void {
    const waiter = this.#waiters.shift()
    if (waiter) {
      this.#handOut(key)
      waiter(key)
    } else {
      this.#queue.push(key)
    }
  }

  #handOut(key: string): void {
    this.#dirty.delete(key)
    this.#processing.add(key)
  }

  /** Sets the timer for the first delay, anew if that has changed. */
  #setTimer(): void {
    const first = this.#delays[0]
    if (this.#timer && first && this.#timerDueMs === first.dueMs) return
    this.#timer?.cancel()
    this.#timer = undefined
    if (!first) return
    this.#timerDueMs = first.dueMs
    this.#timer = this.#clock.setTimer(Math.max(0, first.dueMs - this.#clock.now()), () => {
      this.#timer = undefined
      this.#addWhatIsDue()
    })
  }

  #addWhatIsDue(): void {
    const nowMs = this.#clock.now()
    while (this.#delays.length > 0 && this.#delays[0]!.dueMs <= nowMs) {
      this.add(this.#delays.shift()!.key)
    }
    this.#setTimer()
  }

  #close(): void {
    this.#closed = true
    this.#delays = []
    this.#setTimer()
    for (const waiter of this.#waiters.splice(0)) waiter(undefined)
  }

  #endDrains(): void {
    for (const resolve of this.#drains.splice(0)) resolve()
  }
}
