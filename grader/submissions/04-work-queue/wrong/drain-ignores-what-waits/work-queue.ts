import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

interface Node {
  key: string
  next: Node | undefined
}

export class WorkQueue implements RateLimitingQueue {
  #clock: Clock
  #backoff: { base: number; max: number }
  // A linked list of the keys that wait.
  #head: Node | undefined
  #tail: Node | undefined
  #length = 0
  #dirty = new Set<string>()
  #inFlight = new Set<string>()
  #pending: ((key: string | undefined) => void)[] = []
  #schedule = new Map<string, { dueMs: number; timer: Timer }>()
  #counts = new Map<string, number>()
  #stopped = false
  #drains: (() => void)[] = []

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.#clock = clock
    this.#backoff = { base: backoff.baseDelayMs ?? 5, max: backoff.maxDelayMs ?? 1_000_000 }
  }

  get length(): number {
    return this.#length
  }

  add(key: string): void {
    if (this.#stopped || this.#dirty.has(key)) return
    this.#dirty.add(key)
    if (!this.#inFlight.has(key)) this.#append(key)
  }

  #append(key: string): void {
    const node: Node = { key, next: undefined }
    if (this.#tail) this.#tail.next = node
    else this.#head = node
    this.#tail = node
    this.#length++
    const taker = this.#pending.shift()
    if (taker) taker(this.#take())
  }

  #take(): string | undefined {
    const node = this.#head
    if (!node) return undefined
    this.#head = node.next
    if (!this.#head) this.#tail = undefined
    this.#length--
    this.#dirty.delete(node.key)
    this.#inFlight.add(node.key)
    return node.key
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#stopped) return
    if (delayMs <= 0) {
      this.add(key)
      return
    }
    const dueMs = this.#clock.now() + delayMs
    const scheduled = this.#schedule.get(key)
    if (scheduled && scheduled.dueMs <= dueMs) return
    scheduled?.timer.cancel()
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#schedule.delete(key)
      this.add(key)
    })
    this.#schedule.set(key, { dueMs, timer })
  }

  addRateLimited(key: string): void {
    const count = this.retries(key)
    this.#counts.set(key, count + 1)
    this.addAfter(key, Math.min(this.#backoff.base * 2 ** count, this.#backoff.max))
  }

  forget(key: string): void {
    this.#counts.delete(key)
  }

  retries(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  get(): Promise<string | undefined> {
    if (this.#head || this.#stopped) return Promise.resolve(this.#take())
    return new Promise((resolve) => this.#pending.push(resolve))
  }

  done(key: string): void {
    if (!this.#inFlight.delete(key)) return
    if (this.#dirty.has(key)) this.#append(key)
    if (this.#inFlight.size === 0) this.#drained()
  }

  shutDown(): void {
    this.#stop()
    this.#drained()
  }

  async shutDownWithDrain(): Promise<void> {
    this.#stop()
    if (this.#inFlight.size === 0) return
    await new Promise<void>((resolve) => this.#drains.push(resolve))
  }

  #stop(): void {
    this.#stopped = true
    for (const { timer } of this.#schedule.values()) timer.cancel()
    this.#schedule.clear()
    for (const resolve of this.#pending.splice(0)) resolve(undefined)
  }

  #drained(): void {
    for (const resolve of this.#drains.splice(0)) resolve()
  }
}
