import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

/** Keys in three states: in `queue`, in `active`, or (changed again) in both `active` and `changed`. */
export class WorkQueue implements RateLimitingQueue {
  readonly #clock: Clock
  readonly #delayOf: (retries: number) => number
  readonly #queue: string[] = []
  readonly #active = new Set<string>()
  readonly #changed = new Set<string>()
  readonly #takers: ((key: string | undefined) => void)[] = []
  readonly #timers = new Map<string, Timer>()
  readonly #retries = new Map<string, number>()
  #whenDrained: (() => void)[] = []
  #stopping = false

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    const { baseDelayMs = 5, maxDelayMs = 1_000_000 } = backoff
    this.#clock = clock
    this.#delayOf = (retries) => Math.min(maxDelayMs, baseDelayMs * 2 ** retries)
  }

  get length(): number {
    return this.#queue.length
  }

  add(key: string): void {
    if (this.#stopping) return
    if (this.#active.has(key)) {
      this.#changed.add(key)
    } else if (!this.#queue.includes(key)) {
      this.#queue.push(key)
      this.#serve()
    }
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#stopping) return
    if (delayMs <= 0) {
      this.add(key)
      return
    }
    // Whoever spoke last knows best.
    this.#timers.get(key)?.cancel()
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#timers.delete(key)
      this.add(key)
    })
    this.#timers.set(key, timer)
  }

  addRateLimited(key: string): void {
    const retries = this.retries(key)
    this.#retries.set(key, retries + 1)
    this.addAfter(key, this.#delayOf(retries))
  }

  forget(key: string): void {
    this.#retries.delete(key)
  }

  retries(key: string): number {
    return this.#retries.get(key) ?? 0
  }

  get(): Promise<string | undefined> {
    return new Promise((take) => {
      this.#takers.push(take)
      this.#serve()
    })
  }

  done(key: string): void {
    if (!this.#active.delete(key)) return
    if (this.#changed.delete(key)) this.#queue.push(key)
    this.#serve()
  }

  shutDown(): void {
    this.#stop()
    this.#endDrain()
  }

  shutDownWithDrain(): Promise<void> {
    const drained = new Promise<void>((resolve) => this.#whenDrained.push(resolve))
    this.#stop()
    return drained
  }

  #stop(): void {
    this.#stopping = true
    this.#timers.forEach((timer) => timer.cancel())
    this.#timers.clear()
    this.#serve()
  }

  #serve(): void {
    while (this.#takers.length > 0 && (this.#queue.length > 0 || this.#stopping)) {
      const key = this.#queue.shift()
      if (key !== undefined) this.#active.add(key)
      this.#takers.shift()?.(key)
    }
    if (this.#stopping && this.#queue.length === 0 && this.#active.size === 0) this.#endDrain()
  }

  #endDrain(): void {
    this.#whenDrained.forEach((resolve) => resolve())
    this.#whenDrained = []
  }
}
