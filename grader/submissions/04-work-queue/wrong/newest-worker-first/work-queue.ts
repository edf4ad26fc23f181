import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

type Resolve = (key: string | undefined) => void

export class WorkQueue implements RateLimitingQueue {
  #clock: Clock
  #base: number
  #max: number
  #queue: string[] = []
  #dirty = new Set<string>()
  #processing = new Set<string>()
  #idle: Resolve[] = []
  #delayed = new Map<string, { at: number; timer: Timer }>()
  #failures = new Map<string, number>()
  #closed = false
  #drains: (() => void)[] = []

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.#clock = clock
    this.#base = backoff.baseDelayMs ?? 5
    this.#max = backoff.maxDelayMs ?? 1_000_000
  }

  get length(): number {
    return this.#queue.length
  }

  add(key: string): void {
    if (this.#closed) return
    if (this.#dirty.has(key)) return
    this.#dirty.add(key)
    if (this.#processing.has(key)) return
    this.#push(key)
  }

  #push(key: string): void {
    const worker = this.#idle.pop()
    if (worker) {
      this.#start(key)
      worker(key)
    } else {
      this.#queue.push(key)
    }
  }

  #start(key: string): void {
    this.#dirty.delete(key)
    this.#processing.add(key)
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#closed) return
    if (delayMs <= 0) {
      this.add(key)
      return
    }
    const at = this.#clock.now() + delayMs
    const old = this.#delayed.get(key)
    if (old) {
      if (old.at <= at) return
      old.timer.cancel()
    }
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#delayed.delete(key)
      this.add(key)
    })
    this.#delayed.set(key, { at, timer })
  }

  addRateLimited(key: string): void {
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    this.addAfter(key, Math.min(this.#base * Math.pow(2, failures), this.#max))
  }

  forget(key: string): void {
    this.#failures.delete(key)
  }

  retries(key: string): number {
    return this.#failures.get(key) ?? 0
  }

  get(): Promise<string | undefined> {
    const key = this.#queue.shift()
    if (key !== undefined) {
      this.#start(key)
      return Promise.resolve(key)
    }
    if (this.#closed) return Promise.resolve(undefined)
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  done(key: string): void {
    if (!this.#processing.has(key)) return
    this.#processing.delete(key)
    if (this.#dirty.has(key)) this.#push(key)
    this.#checkDrained()
  }

  #checkDrained(): void {
    if (this.#processing.size > 0 || this.#queue.length > 0) return
    for (const drain of this.#drains) drain()
    this.#drains = []
  }

  #close(): void {
    this.#closed = true
    for (const { timer } of this.#delayed.values()) timer.cancel()
    this.#delayed.clear()
    for (const worker of this.#idle) worker(undefined)
    this.#idle = []
  }

  shutDown(): void {
    this.#close()
    for (const drain of this.#drains) drain()
    this.#drains = []
  }

  shutDownWithDrain(): Promise<void> {
    this.#close()
    return new Promise((resolve) => {
      this.#drains.push(resolve)
      this.#checkDrained()
    })
  }
}
