import type { Clock } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

export class WorkQueue implements RateLimitingQueue {
  #clock: Clock
  #baseDelayMs: number
  #maxDelayMs: number
  #queue: string[] = []
  #dirty = new Set<string>()
  #processing = new Set<string>()
  #getters: ((key: string | undefined) => void)[] = []
  /** When the delayed keys are due. A timer that finds another time here than its own is out of date. */
  #dueMs = new Map<string, number>()
  #retries = new Map<string, number>()
  #shutDown = false
  #drainers: (() => void)[] = []

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.#clock = clock
    this.#baseDelayMs = backoff.baseDelayMs ?? 5
    this.#maxDelayMs = backoff.maxDelayMs ?? 1_000_000
  }

  get length(): number {
    return this.#queue.length
  }

  add(key: string): void {
    if (this.#shutDown) return
    if (this.#dirty.has(key)) return
    this.#dirty.add(key)
    if (!this.#processing.has(key)) {
      this.#queue.push(key)
      this.#match()
    }
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#shutDown) return
    if (delayMs <= 0) {
      this.add(key)
      return
    }
    const dueMs = this.#clock.now() + delayMs
    const earlierMs = this.#dueMs.get(key) ?? Number.POSITIVE_INFINITY
    if (earlierMs <= dueMs) return
    this.#dueMs.set(key, dueMs)
    this.#clock.setTimer(delayMs, () => {
      if (this.#dueMs.get(key) !== dueMs) return
      this.#dueMs.delete(key)
      this.add(key)
    })
  }

  addRateLimited(key: string): void {
    const retries = this.retries(key)
    this.#retries.set(key, retries + 1)
    const delayMs = this.#baseDelayMs * 2 ** retries
    this.addAfter(key, delayMs > this.#maxDelayMs ? this.#maxDelayMs : delayMs)
  }

  forget(key: string): void {
    this.#retries.delete(key)
  }

  retries(key: string): number {
    return this.#retries.get(key) ?? 0
  }

  get(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#getters.push(resolve)
      this.#match()
    })
  }

  done(key: string): void {
    if (!this.#processing.delete(key)) return
    if (this.#dirty.has(key)) this.#queue.push(key)
    this.#match()
  }

  shutDown(): void {
    this.#shutDown = true
    this.#match()
    for (const drainer of this.#drainers.splice(0)) drainer()
  }

  shutDownWithDrain(): Promise<void> {
    this.#shutDown = true
    return new Promise((resolve) => {
      this.#drainers.push(resolve)
      this.#match()
    })
  }

  #match(): void {
    let key: string | undefined
    while (this.#getters.length > 0 && (key = this.#queue.shift()) !== undefined) {
      this.#dirty.delete(key)
      this.#processing.add(key)
      this.#getters.shift()?.(key)
    }
    if (!this.#shutDown) return
    for (const getter of this.#getters.splice(0)) getter(undefined)
    if (this.#queue.length + this.#processing.size === 0) {
      for (const drainer of this.#drainers.splice(0)) drainer()
    }
  }
}
