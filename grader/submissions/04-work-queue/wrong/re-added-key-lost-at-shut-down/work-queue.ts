import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

export class WorkQueue implements RateLimitingQueue {
  #clock: Clock
  #min: number
  #max: number
  #waiting: string[] = []
  #running = new Set<string>()
  #rerun = new Set<string>()
  #workers: ((key: string | undefined) => void)[] = []
  #timers = new Map<string, { due: number; timer: Timer }>()
  #failed = new Map<string, number>()
  #closed = false
  #onIdle: (() => void)[] = []

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.#clock = clock
    this.#min = backoff.baseDelayMs ?? 5
    this.#max = backoff.maxDelayMs ?? 1_000_000
  }

  get length(): number {
    return this.#waiting.length
  }

  add(key: string): void {
    if (this.#closed) return
    if (this.#running.has(key)) {
      this.#rerun.add(key)
      return
    }
    if (this.#waiting.includes(key)) return
    const worker = this.#workers.shift()
    if (worker) {
      this.#running.add(key)
      worker(key)
    } else {
      this.#waiting.push(key)
    }
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#closed) return
    if (delayMs <= 0) {
      this.add(key)
      return
    }
    const due = this.#clock.now() + delayMs
    const set = this.#timers.get(key)
    if (set && set.due <= due) return
    set?.timer.cancel()
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#timers.delete(key)
      this.add(key)
    })
    this.#timers.set(key, { due, timer })
  }

  addRateLimited(key: string): void {
    const failed = this.#failed.get(key) ?? 0
    this.#failed.set(key, failed + 1)
    this.addAfter(key, Math.min(this.#max, this.#min * 2 ** failed))
  }

  forget(key: string): void {
    this.#failed.delete(key)
  }

  retries(key: string): number {
    return this.#failed.get(key) ?? 0
  }

  get(): Promise<string | undefined> {
    const key = this.#waiting.shift()
    if (key !== undefined) {
      this.#running.add(key)
      return Promise.resolve(key)
    }
    if (this.#closed) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#workers.push(resolve)
    })
  }

  done(key: string): void {
    if (!this.#running.delete(key)) return
    if (this.#rerun.delete(key)) this.add(key)
    this.#checkIdle()
  }

  shutDown(): void {
    this.#close()
    for (const resolve of this.#onIdle.splice(0)) resolve()
  }

  shutDownWithDrain(): Promise<void> {
    this.#close()
    const idle = new Promise<void>((resolve) => this.#onIdle.push(resolve))
    this.#checkIdle()
    return idle
  }

  #close(): void {
    this.#closed = true
    for (const { timer } of this.#timers.values()) timer.cancel()
    this.#timers.clear()
    for (const worker of this.#workers.splice(0)) worker(undefined)
  }

  #checkIdle(): void {
    if (this.#running.size === 0 && this.#waiting.length === 0) {
      for (const resolve of this.#onIdle.splice(0)) resolve()
    }
  }
}
