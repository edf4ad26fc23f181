import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

type State = 'absent' | 'waiting' | 'processing' | 'again'

class Entry {
  state: State = 'absent'
  failures = 0
  dueMs = Number.POSITIVE_INFINITY
  timer: Timer | undefined
}

/** A promise that can be resolved from outside. */
class Answer<T> {
  resolve: (value: T) => void = () => {}
  readonly promise = new Promise<T>((resolve) => {
    this.resolve = resolve
  })
}

export class WorkQueue implements RateLimitingQueue {
  readonly #clock: Clock
  readonly #baseDelayMs: number
  readonly #maxDelayMs: number
  readonly #entries = new Map<string, Entry>()
  #waiting: string[] = []
  #gets: Answer<string | undefined>[] = []
  #drains: Answer<void>[] = []
  #isShutDown = false

  constructor(clock: Clock, { baseDelayMs = 5, maxDelayMs = 1_000_000 }: BackoffOptions = {}) {
    this.#clock = clock
    this.#baseDelayMs = baseDelayMs
    this.#maxDelayMs = maxDelayMs
  }

  get length(): number {
    return this.#waiting.length
  }

  add(key: string): void {
    if (this.#isShutDown) return
    const entry = this.#entry(key)
    if (entry.state === 'processing') entry.state = 'again'
    if (entry.state === 'absent') this.#wait(key, entry)
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#isShutDown) return
    if (delayMs <= 0) return this.add(key)
    const entry = this.#entry(key)
    const dueMs = this.#clock.now() + delayMs
    if (dueMs >= entry.dueMs) return
    entry.timer?.cancel()
    entry.dueMs = dueMs
    entry.timer = this.#clock.setTimer(delayMs, () => {
      entry.dueMs = Number.POSITIVE_INFINITY
      entry.timer = undefined
      this.add(key)
    })
  }

  addRateLimited(key: string): void {
    const entry = this.#entry(key)
    const delayMs = Math.min(this.#maxDelayMs, this.#baseDelayMs * 2 ** entry.failures)
    entry.failures += 1
    this.addAfter(key, delayMs)
  }

  forget(key: string): void {
    this.#entry(key).failures = 0
  }

  retries(key: string): number {
    return this.#entry(key).failures
  }

  get(): Promise<string | undefined> {
    const answer = new Answer<string | undefined>()
    this.#gets.push(answer)
    this.#handOut()
    return answer.promise
  }

  done(key: string): void {
    const entry = this.#entry(key)
    if (entry.state === 'processing') entry.state = 'absent'
    if (entry.state === 'again') this.#wait(key, entry)
    this.#endIfIdle()
  }

  shutDown(): void {
    this.#isShutDown = true
    for (const entry of this.#entries.values()) {
      entry.timer?.cancel()
      entry.timer = undefined
    }
    this.#handOut()
    this.#endDrains()
  }

  shutDownWithDrain(): Promise<void> {
    this.shutDown()
    const answer = new Answer<void>()
    this.#drains.push(answer)
    this.#endIfIdle()
    return answer.promise
  }

  #entry(key: string): Entry {
    const entry = this.#entries.get(key) ?? new Entry()
    this.#entries.set(key, entry)
    return entry
  }

  #wait(key: string, entry: Entry): void {
    entry.state = 'waiting'
    this.#waiting.push(key)
    this.#handOut()
  }

  #handOut(): void {
    while (this.#gets.length > 0 && (this.#waiting.length > 0 || this.#isShutDown)) {
      const key = this.#waiting.shift()
      if (key !== undefined) this.#entry(key).state = 'processing'
      this.#gets.shift()?.resolve(key)
    }
  }

  #endIfIdle(): void {
    for (const { state } of this.#entries.values()) if (state !== 'absent') return
    this.#endDrains()
  }

  #endDrains(): void {
    for (const drain of this.#drains) drain.resolve()
    this.#drains = []
  }
}
