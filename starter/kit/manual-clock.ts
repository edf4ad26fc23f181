import type { Clock, Timer } from '#kit/clock'

interface PendingTimer {
  dueMs: number
  fire: () => void
}

/**
 * A clock that moves only when it is told to, for examples and tests.
 *
 * Mirrors: `FakeClock` of k8s.io/utils/clock/testing
 */
export class ManualClock implements Clock {
  #nowMs: number
  #timers = new Set<PendingTimer>()

  /** @param startMs what `now()` says at first, in milliseconds since 1970 */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs
  }

  now(): number {
    return this.#nowMs
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    if (!(delayMs >= 0 && delayMs < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`a delay is a finite number of milliseconds from 0 on, not ${delayMs}`)
    }
    const timer = { dueMs: this.#nowMs + delayMs, fire }
    this.#timers.add(timer)
    return { cancel: () => void this.#timers.delete(timer) }
  }

  /** How many timers are set and have not fired. */
  get pending(): number {
    return this.#timers.size
  }

  /** Moves on by `ms` milliseconds, and fires what is due on the way, the earliest first. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms
    for (let timer = this.#earliest(endMs); timer; timer = this.#earliest(endMs)) {
      this.#timers.delete(timer)
      this.#nowMs = timer.dueMs
      timer.fire()
    }
    this.#nowMs = endMs
  }

  #earliest(endMs: number): PendingTimer | undefined {
    let earliest: PendingTimer | undefined
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (!earliest || timer.dueMs < earliest.dueMs)) earliest = timer
    }
    return earliest
  }
}
