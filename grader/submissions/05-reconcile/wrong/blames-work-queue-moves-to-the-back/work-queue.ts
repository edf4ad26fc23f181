import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

// A Set remembers the order in which things were put in, and has no duplicates: that is the whole queue.
export class WorkQueue implements RateLimitingQueue {
  private readonly clock: Clock
  private readonly baseDelayMs: number
  private readonly maxDelayMs: number
  private readonly waiting = new Set<string>()
  private readonly processing = new Set<string>()
  private readonly again = new Set<string>()
  private readonly workers: Array<(key: string | undefined) => void> = []
  private readonly timers = new Map<string, { due: number; timer: Timer }>()
  private readonly attempts = new Map<string, number>()
  private drains: Array<() => void> = []
  private stopped = false

  constructor(clock: Clock, { baseDelayMs = 5, maxDelayMs = 1_000_000 }: BackoffOptions = {}) {
    this.clock = clock
    this.baseDelayMs = baseDelayMs
    this.maxDelayMs = maxDelayMs
  }

  get length(): number {
    return this.waiting.size
  }

  add(key: string): void {
    if (this.stopped) return
    if (this.processing.has(key)) {
      this.again.add(key)
      return
    }
    // The newest news belong to the end of the queue.
    this.waiting.delete(key)
    this.waiting.add(key)
    this.dispatch()
  }

  addAfter(key: string, delayMs: number): void {
    if (this.stopped) return
    if (delayMs <= 0) return void this.add(key)
    const due = this.clock.now() + delayMs
    const existing = this.timers.get(key)
    if (existing !== undefined && existing.due <= due) return
    existing?.timer.cancel()
    this.timers.set(key, {
      due,
      timer: this.clock.setTimer(delayMs, () => {
        this.timers.delete(key)
        this.add(key)
      }),
    })
  }

  addRateLimited(key: string): void {
    const n = this.retries(key)
    this.attempts.set(key, n + 1)
    let delay = this.baseDelayMs
    for (let i = 0; i < n && delay < this.maxDelayMs; i++) delay *= 2
    this.addAfter(key, Math.min(delay, this.maxDelayMs))
  }

  forget(key: string): void {
    this.attempts.delete(key)
  }

  retries(key: string): number {
    return this.attempts.get(key) ?? 0
  }

  async get(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.workers.push(resolve)
      this.dispatch()
    })
  }

  done(key: string): void {
    if (!this.processing.delete(key)) return
    if (this.again.delete(key)) this.waiting.add(key)
    this.dispatch()
  }

  shutDown(): void {
    this.stop()
    for (const resolve of this.drains) resolve()
    this.drains = []
  }

  shutDownWithDrain(): Promise<void> {
    return new Promise((resolve) => {
      this.drains.push(resolve)
      this.stop()
    })
  }

  private stop(): void {
    this.stopped = true
    for (const { timer } of this.timers.values()) timer.cancel()
    this.timers.clear()
    this.dispatch()
  }

  private dispatch(): void {
    for (const key of this.waiting) {
      const worker = this.workers.shift()
      if (!worker) break
      this.waiting.delete(key)
      this.processing.add(key)
      worker(key)
    }
    if (!this.stopped) return
    for (const worker of this.workers.splice(0)) worker(undefined)
    if (this.waiting.size + this.processing.size === 0) {
      for (const resolve of this.drains) resolve()
      this.drains = []
    }
  }
}
