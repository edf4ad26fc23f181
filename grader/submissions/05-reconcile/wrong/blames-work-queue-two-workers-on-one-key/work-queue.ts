import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

interface Delayed {
  due: number
  timer: Timer
}

export class WorkQueue implements RateLimitingQueue {
  #clock: Clock
  #baseDelayMs: number
  #maxDelayMs: number
  #queue: string[] = []
  #handedOut: string[] = []
  #workers: ((key?: string) => void)[] = []
  #delayed: Record<string, Delayed> = Object.create(null)
  #retries: Record<string, number> = Object.create(null)
  #down = false
  #drained: (() => void)[] = []

  constructor(clock: Clock, backoff?: BackoffOptions) {
    this.#clock = clock
    this.#baseDelayMs = backoff?.baseDelayMs ?? 5
    this.#maxDelayMs = backoff?.maxDelayMs ?? 1_000_000
  }

  get length() {
    return this.#queue.length
  }

  add(key: string) {
    if (this.#down || this.#queue.includes(key)) return
    this.#queue.push(key)
    this.#next()
  }

  #next() {
    while (this.#queue.length > 0 && this.#workers.length > 0) {
      const [key = ''] = this.#queue.splice(0, 1)
      this.#handedOut.push(key)
      this.#workers.shift()?.(key)
    }
    if (!this.#down) return
    while (this.#workers.length > 0) this.#workers.shift()?.()
    if (this.#queue.length > 0 || this.#handedOut.length > 0) return
    while (this.#drained.length > 0) this.#drained.shift()?.()
  }

  addAfter(key: string, delayMs: number) {
    if (this.#down) return
    if (delayMs <= 0) return this.add(key)
    const due = this.#clock.now() + delayMs
    const delayed = this.#delayed[key]
    if (delayed && delayed.due <= due) return
    delayed?.timer.cancel()
    const timer = this.#clock.setTimer(delayMs, () => {
      delete this.#delayed[key]
      this.add(key)
    })
    this.#delayed[key] = { due, timer }
  }

  addRateLimited(key: string) {
    const retries = this.retries(key)
    this.#retries[key] = retries + 1
    this.addAfter(key, Math.min(this.#baseDelayMs * 2 ** retries, this.#maxDelayMs))
  }

  forget(key: string) {
    delete this.#retries[key]
  }

  retries(key: string) {
    return this.#retries[key] ?? 0
  }

  get() {
    return new Promise<string | undefined>((resolve) => {
      this.#workers.push(resolve)
      this.#next()
    })
  }

  done(key: string) {
    const at = this.#handedOut.indexOf(key)
    if (at >= 0) this.#handedOut.splice(at, 1)
    this.#next()
  }

  shutDown() {
    this.#stop()
    while (this.#drained.length > 0) this.#drained.shift()?.()
  }

  shutDownWithDrain() {
    return new Promise<void>((resolve) => {
      this.#drained.push(resolve)
      this.#stop()
    })
  }

  #stop() {
    this.#down = true
    for (const key in this.#delayed) this.#delayed[key]?.timer.cancel()
    this.#delayed = Object.create(null)
    this.#next()
  }
}
