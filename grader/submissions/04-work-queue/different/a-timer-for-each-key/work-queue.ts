import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

/** A rate-limiting work queue, in memory. */
export class WorkQueue implements RateLimitingQueue {
  readonly #clock: Clock
  readonly #baseDelayMs: number
  readonly #maxDelayMs: number
  /** The keys that wait, in order, each once. */
  readonly #waiting: string[] = []
  /** What workers have. */
  readonly #processing = new Set<string>()
  /** What must be looked at: waits, or is being processed and must be queued again. */
  readonly #dirty = new Set<string>()
  readonly #delayed = new Map<string, { dueMs: number; timer: Timer }>()
  readonly #failures = new Map<string, number>()
  readonly #workers: ((key: string | undefined) => void)[] = []
  readonly #drains: (() => void)[] = []
  #down = false

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    const { baseDelayMs = 5, maxDelayMs = 1_000_000 } = backoff
    this.#clock = clock
    this.#baseDelayMs = baseDelayMs
    this.#maxDelayMs = maxDelayMs
  }

  get length(): number {
    return this.#waiting.length
  }

  add(key: string): void {
    if (this.#down) return
    if (this.#dirty.has(key)) return
    this.#dirty.add(key)
    if (this.#processing.has(key)) return
    this.#enqueue(key)
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#down) return
    if (delayMs <= 0) {
      this.add(key)
      return
    }
    const dueMs = this.#clock.now() + delayMs
    const before = this.#delayed.get(key)
    if (before) {
      if (before.dueMs <= dueMs) return
      before.timer.cancel()
    }
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#delayed.delete(key)
      this.add(key)
    })
    this.#delayed.set(key, { dueMs, timer })
  }

  addRateLimited(key: string): void {
    const failures = this.retries(key)
    this.#failures.set(key, failures + 1)
    this.addAfter(key, Math.min(this.#baseDelayMs * 2 ** failures, this.#maxDelayMs))
  }

  forget(key: string): void {
    this.#failures.delete(key)
  }

  retries(key: string): number {
    return this.#failures.get(key) ?? 0
  }

  async get(): Promise<string | undefined> {
    const key = this.#waiting.shift()
    if (key !== undefined) {
      this.#handOut(key)
      return key
    }
    if (this.#down) return undefined
    return new Promise((resolve) => {
      this.#workers.push(resolve)
    })
  }

  done(key: string): void {
    if (!this.#processing.delete(key)) return
    if (this.#dirty.has(key)) this.#enqueue(key)
    this.#endDrains()
  }

  shutDown(): void {
    this.#shut()
    for (const resolve of this.#drains.splice(0)) resolve()
  }

  shutDownWithDrain(): Promise<void> {
    this.#shut()
    return new Promise((resolve) => {
      this.#drains.push(resolve)
      this.#endDrains()
    })
  }

  #enqueue(key: string): void {
    const worker = this.#workers.shift()
    if (!worker) {
      this.#waiting.push(key)
      return
    }
    this.#handOut(key)
    worker(key)
  }

  #handOut(key: string): void {
    this.#dirty.delete(key)
    this.#processing.add(key)
  }

  #shut(): void {
    this.#down = true
    for (const { timer } of this.#delayed.values()) timer.cancel()
    this.#delayed.clear()
    for (const worker of this.#workers.splice(0)) worker(undefined)
  }

  #endDrains(): void {
    if (this.#waiting.length > 0 || this.#processing.size > 0) return
    for (const resolve of this.#drains.splice(0)) resolve()
  }
}
