import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

type Waiter = { wake: (key: string | undefined) => void }

export class WorkQueue implements RateLimitingQueue {
  #clock: Clock
  #backoff: Required<BackoffOptions>
  #ready: string[] = []
  #dirty: Set<string> = new Set()
  #busy: Set<string> = new Set()
  #waiters: Waiter[] = []
  #later: Map<string, [dueMs: number, timer: Timer]> = new Map()
  #tries: Map<string, number> = new Map()
  #open = true
  #drains: Array<() => void> = []

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.#clock = clock
    this.#backoff = { baseDelayMs: 5, maxDelayMs: 1_000_000, ...backoff }
  }

  get length(): number {
    return this.#ready.length
  }

  add(key: string): void {
    if (!this.#open || this.#dirty.has(key)) return
    this.#dirty.add(key)
    if (!this.#busy.has(key)) this.#enqueue(key)
  }

  #enqueue(key: string): void {
    this.#ready.push(key)
    this.#handOut()
  }

  #handOut(): void {
    while (this.#ready.length > 0 && this.#waiters.length > 0) {
      const key = this.#ready.shift()!
      this.#dirty.delete(key)
      this.#busy.add(key)
      this.#waiters.shift()!.wake(key)
    }
  }

  addAfter(key: string, delayMs: number): void {
    if (!this.#open) return
    if (delayMs <= 0) {
      this.add(key)
      return
    }
    const dueMs = this.#clock.now() + delayMs
    const [earlierMs, timer] = this.#later.get(key) ?? []
    if (earlierMs !== undefined && earlierMs <= dueMs) return
    timer?.cancel()
    const fire = () => {
      this.#later.delete(key)
      // It has waited long enough: into the queue with it, unless a worker has it.
      if (this.#busy.has(key)) this.#dirty.add(key)
      else this.#enqueue(key)
    }
    this.#later.set(key, [dueMs, this.#clock.setTimer(delayMs, fire)])
  }

  addRateLimited(key: string): void {
    const { baseDelayMs, maxDelayMs } = this.#backoff
    const tries = this.retries(key)
    this.#tries.set(key, tries + 1)
    this.addAfter(key, Math.min(baseDelayMs * 2 ** tries, maxDelayMs))
  }

  forget(key: string): void {
    this.#tries.delete(key)
  }

  retries(key: string): number {
    return this.#tries.get(key) ?? 0
  }

  get(): Promise<string | undefined> {
    if (!this.#open && this.#ready.length === 0) return Promise.resolve(undefined)
    return new Promise((wake) => {
      this.#waiters.push({ wake })
      this.#handOut()
    })
  }

  done(key: string): void {
    if (!this.#busy.delete(key)) return
    if (this.#dirty.has(key)) this.#enqueue(key)
    this.#endDrains(this.#ready.length === 0 && this.#busy.size === 0)
  }

  shutDown(): void {
    this.#close()
    this.#endDrains(true)
  }

  async shutDownWithDrain(): Promise<void> {
    this.#close()
    if (this.#ready.length === 0 && this.#busy.size === 0) return
    await new Promise<void>((resolve) => this.#drains.push(resolve))
  }

  #endDrains(when: boolean): void {
    if (when) for (const end of this.#drains.splice(0)) end()
  }

  #close(): void {
    this.#open = false
    for (const [, timer] of this.#later.values()) timer.cancel()
    this.#later.clear()
    for (const waiter of this.#waiters.splice(0)) waiter.wake(undefined)
  }
}
