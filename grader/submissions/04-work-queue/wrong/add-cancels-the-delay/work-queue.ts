import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

interface Entry {
  key: string
  /** waiting: in the line; processing: a worker has it; again: a worker has it, and it changed since. */
  state: 'waiting' | 'processing' | 'again'
}

export class WorkQueue implements RateLimitingQueue {
  #clock: Clock
  #baseDelayMs: number
  #maxDelayMs: number
  #entries = new Map<string, Entry>()
  #line: Entry[] = []
  #gets: ((key: string | undefined) => void)[] = []
  #delays = new Map<string, { due: number; timer: Timer }>()
  #retries = new Map<string, number>()
  #isShutDown = false
  #drains: (() => void)[] = []

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.#clock = clock
    this.#baseDelayMs = backoff.baseDelayMs ?? 5
    this.#maxDelayMs = backoff.maxDelayMs ?? 1_000_000
  }

  get length(): number {
    return this.#line.length
  }

  add(key: string): void {
    if (this.#isShutDown) return
    // It is here already, so there is no need to remember that it should come later.
    this.#delays.get(key)?.timer.cancel()
    this.#delays.delete(key)

    const entry = this.#entries.get(key)
    if (!entry) {
      const fresh: Entry = { key, state: 'waiting' }
      this.#entries.set(key, fresh)
      this.#line.push(fresh)
      this.#handOut()
    } else if (entry.state === 'processing') {
      entry.state = 'again'
    }
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#isShutDown) return
    if (delayMs <= 0) return void this.add(key)
    const due = this.#clock.now() + delayMs
    const delay = this.#delays.get(key)
    if (delay && delay.due <= due) return
    delay?.timer.cancel()
    this.#delays.set(key, { due, timer: this.#clock.setTimer(delayMs, () => this.add(key)) })
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
      this.#gets.push(resolve)
      this.#handOut()
    })
  }

  done(key: string): void {
    const entry = this.#entries.get(key)
    if (entry?.state === 'processing') {
      this.#entries.delete(key)
    } else if (entry?.state === 'again') {
      entry.state = 'waiting'
      this.#line.push(entry)
    }
    this.#handOut()
  }

  shutDown(): void {
    this.#close()
    this.#endDrains()
  }

  shutDownWithDrain(): Promise<void> {
    return new Promise((resolve) => {
      this.#drains.push(resolve)
      this.#close()
    })
  }

  #close(): void {
    this.#isShutDown = true
    for (const delay of this.#delays.values()) delay.timer.cancel()
    this.#delays.clear()
    this.#handOut()
  }

  #handOut(): void {
    while (this.#gets.length > 0 && (this.#line.length > 0 || this.#isShutDown)) {
      const entry = this.#line.shift()
      if (entry) entry.state = 'processing'
      this.#gets.shift()?.(entry?.key)
    }
    if (this.#isShutDown && this.#entries.size === 0) this.#endDrains()
  }

  #endDrains(): void {
    for (const resolve of this.#drains.splice(0)) resolve()
  }
}
