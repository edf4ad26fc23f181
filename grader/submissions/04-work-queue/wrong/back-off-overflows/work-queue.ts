import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

/** The delays of keys that fail: base, base * 2, base * 4, ... up to the cap. */
class Backoff {
  private failures = new Map<string, number>()
  private base: number
  private cap: number

  constructor(options: BackoffOptions) {
    this.base = options.baseDelayMs ?? 5
    this.cap = options.maxDelayMs ?? 1_000_000
  }

  next(key: string): number {
    const failures = this.count(key)
    this.failures.set(key, failures + 1)
    return Math.min(this.base << failures, this.cap)
  }

  count(key: string): number {
    return this.failures.get(key) ?? 0
  }

  reset(key: string): void {
    this.failures.delete(key)
  }
}

export class WorkQueue implements RateLimitingQueue {
  private clock: Clock
  private backoff: Backoff
  private queue: string[] = []
  private dirty = new Set<string>()
  private processing = new Set<string>()
  private waiting: ((key: string | undefined) => void)[] = []
  private delayed = new Map<string, { timer: Timer; at: number }>()
  private shuttingDown = false
  private draining: (() => void)[] = []

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.clock = clock
    this.backoff = new Backoff(backoff)
  }

  get length(): number {
    return this.queue.length
  }

  add(key: string): void {
    if (this.shuttingDown || this.dirty.has(key)) return
    this.dirty.add(key)
    if (this.processing.has(key)) return
    this.queue.push(key)
    this.pump()
  }

  addAfter(key: string, delayMs: number): void {
    if (this.shuttingDown) return
    if (delayMs <= 0) {
      this.add(key)
      return
    }
    const at = this.clock.now() + delayMs
    const known = this.delayed.get(key)
    if (known !== undefined) {
      if (known.at <= at) return
      known.timer.cancel()
    }
    const timer = this.clock.setTimer(delayMs, () => {
      this.delayed.delete(key)
      this.add(key)
    })
    this.delayed.set(key, { timer, at })
  }

  addRateLimited(key: string): void {
    this.addAfter(key, this.backoff.next(key))
  }

  forget(key: string): void {
    this.backoff.reset(key)
  }

  retries(key: string): number {
    return this.backoff.count(key)
  }

  get(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.waiting.push(resolve)
      this.pump()
    })
  }

  done(key: string): void {
    if (!this.processing.has(key)) return
    this.processing.delete(key)
    if (this.dirty.has(key)) this.queue.push(key)
    this.pump()
  }

  shutDown(): void {
    this.close()
    for (const resolve of this.draining.splice(0)) resolve()
  }

  shutDownWithDrain(): Promise<void> {
    this.close()
    return new Promise((resolve) => {
      this.draining.push(resolve)
      this.pump()
    })
  }

  private close(): void {
    this.shuttingDown = true
    for (const { timer } of this.delayed.values()) timer.cancel()
    this.delayed.clear()
    this.pump()
  }

  private pump(): void {
    while (this.queue.length > 0) {
      const worker = this.waiting.shift()
      if (worker === undefined) break
      const key = this.queue.shift() as string
      this.dirty.delete(key)
      this.processing.add(key)
      worker(key)
    }
    if (!this.shuttingDown) return
    for (const worker of this.waiting.splice(0)) worker(undefined)
    if (this.queue.length === 0 && this.processing.size === 0) {
      for (const resolve of this.draining.splice(0)) resolve()
    }
  }
}
