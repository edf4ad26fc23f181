import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

interface Delay {
  dueMs: number
  timer: Timer
}

class Line<T> {
  #newest: T[] = []
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

export class WorkQueue implements RateLimitingQueue {
  readonly #clock: Clock
  readonly #baseDelayMs: number
  readonly #maxDelayMs: number

  readonly #waiting = new Line<string>()
  readonly #dirty = new Set<string>()
  readonly #processing = new Set<string>()
  readonly #takers = new Line<(key: string | undefined) => void>()

  readonly #delays = new Map<string, Delay>()
  readonly #retries = new Map<string, number>()

  #shuttingDown = false
  readonly #ends: (() => void)[] = []

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.#clock = clock
    this.#baseDelayMs = backoff.baseDelayMs ?? 5
    this.#maxDelayMs = backoff.maxDelayMs ?? 1_000_000
  }

  get length(): number {
    return this.#waiting.length
  }

  add(key: string): void {
    if (this.#shuttingDown || this.#dirty.has(key)) return
    this.#dirty.add(key)
    if (!this.#processing.has(key)) this.#enqueue(key)
  }

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

  addRateLimited(key: string): void {
    const retries = this.retries(key)
    this.#retries.set(key, retries + 1)
    this.addAfter(key, Math.min(this.#baseDelayMs * 2 ** retries, this.#maxDelayMs))
  }

  forget(key: string): void {
    this.#retries.delete(key)
  }

  retries(key: string): number {
    return this.#retries.get(key) ?? 0
  }

  get(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#takers.push(resolve)
      this.#match()
    })
  }

  done(key: string): void {
    if (!this.#processing.delete(key)) return
    if (this.#dirty.has(key)) this.#enqueue(key)
    else this.#match()
  }

  shutDown(): void {
    this.#takeNoMore()
    for (const resolve of this.#ends.splice(0)) resolve()
  }

  shutDownWithDrain(): Promise<void> {
    this.#takeNoMore()
    return new Promise((resolve) => {
      this.#ends.push(resolve)
      this.#match()
    })
  }

  #enqueue(key: string): void {
    this.#waiting.push(key)
    this.#match()
  }

  #takeNoMore(): void {
    this.#shuttingDown = true
    for (const { timer } of this.#delays.values()) timer.cancel()
    this.#delays.clear()
    this.#match()
  }

  #match(): void {
    while (this.#takers.length > 0) {
      const key = this.#waiting.shift()
      if (key === undefined && !this.#shuttingDown) break
      if (key !== undefined) {
        this.#dirty.delete(key)
        this.#processing.add(key)
      }
      this.#takers.shift()?.(key)
    }
    if (this.#shuttingDown && this.#waiting.length === 0 && this.#processing.size === 0) {
      for (const resolve of this.#ends.splice(0)) resolve()
    }
  }
}
