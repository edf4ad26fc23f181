import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

/** What is known of a key that failed or is delayed. */
interface Later {
  retries: number
  dueMs?: number | undefined
  timer?: Timer | undefined
}

export class WorkQueue implements RateLimitingQueue {
  readonly #clock: Clock
  readonly #base: number
  readonly #cap: number
  readonly #waiting: string[] = []
  readonly #dirty = new Set<string>()
  readonly #processing = new Set<string>()
  readonly #workers: ((key: string | undefined) => void)[] = []
  readonly #later = new Map<string, Later>()
  readonly #drains: (() => void)[] = []
  #accepting = true

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.#clock = clock
    this.#base = backoff.baseDelayMs ?? 5
    this.#cap = backoff.maxDelayMs ?? 1_000_000
  }

  get length(): number {
    return this.#waiting.length
  }

  add(key: string): void {
    if (!this.#accepting || this.#dirty.has(key)) return
    this.#dirty.add(key)
    if (!this.#processing.has(key)) this.#waiting.push(key)
    this.#advance()
  }

  addAfter(key: string, delayMs: number): void {
    if (delayMs <= 0) this.add(key)
    if (delayMs <= 0 || !this.#accepting) return
    const later = this.#laterOf(key)
    const dueMs = this.#clock.now() + delayMs
    if (later.dueMs !== undefined && later.dueMs <= dueMs) return
    later.timer?.cancel()
    later.dueMs = dueMs
    later.timer = this.#clock.setTimer(delayMs, () => {
      later.dueMs = undefined
      later.timer = undefined
      this.add(key)
    })
  }

  addRateLimited(key: string): void {
    const later = this.#laterOf(key)
    const delayMs = Math.min(this.#base * 2 ** later.retries, this.#cap)
    later.retries++
    this.addAfter(key, delayMs)
  }

  forget(key: string): void {
    this.#later.get(key)?.timer?.cancel()
    this.#later.delete(key)
  }

  retries(key: string): number {
    return this.#later.get(key)?.retries ?? 0
  }

  #laterOf(key: string): Later {
    const later = this.#later.get(key) ?? { retries: 0 }
    this.#later.set(key, later)
    return later
  }

  async get(): Promise<string | undefined> {
    const { promise, resolve } = deferred<string | undefined>()
    this.#workers.push(resolve)
    this.#advance()
    return promise
  }

  done(key: string): void {
    if (!this.#processing.delete(key)) return
    if (this.#dirty.has(key)) this.#waiting.push(key)
    this.#advance()
  }

  shutDown(): void {
    this.#shut()
    this.#drains.splice(0).forEach((resolve) => resolve())
  }

  async shutDownWithDrain(): Promise<void> {
    const { promise, resolve } = deferred<void>()
    this.#drains.push(resolve)
    this.#shut()
    return promise
  }

  #shut(): void {
    this.#accepting = false
    for (const { timer } of this.#later.values()) timer?.cancel()
    this.#advance()
  }

  #advance(): void {
    for (;;) {
      if (this.#workers.length === 0) break
      const key = this.#waiting.shift()
      if (key === undefined) break
      this.#dirty.delete(key)
      this.#processing.add(key)
      this.#workers.shift()?.(key)
    }
    if (this.#accepting) return
    this.#workers.splice(0).forEach((resolve) => resolve(undefined))
    if (this.#waiting.length === 0 && this.#processing.size === 0)
      this.#drains.splice(0).forEach((resolve) => resolve())
  }
}

function deferred<T>() {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
