import type { Random } from '#kit/random'

/** More was asked for than a check allows; counted by the grader, so the same every time. */
export class BudgetExceeded extends Error {}

/** Timers that may be set at a time, and that may fire in one check. */
const TIMER_LIMIT = 20_000

/** The time of one check and the timers that the submission has set in it. */
export class VirtualTime {
  #nowMs = Date.UTC(2026, 0, 1)
  #timers = new Map<number, number>()
  #fired = 0
  readonly #random: Random

  /** @param random decides which of several timers that are due at the same instant fires first */
  constructor(random: Random) {
    this.#random = random
  }

  /** Milliseconds since 1970. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** When the timers are due, earliest first. */
  get due(): number[] {
    return [...this.#timers.values()].sort((a, b) => a - b)
  }

  /** @throws {BudgetExceeded} if there are too many */
  set(timer: number, delayMs: number): void {
    this.#timers.set(timer, this.#nowMs + delayMs)
    if (this.#timers.size > TIMER_LIMIT)
      throw new BudgetExceeded(`more than ${TIMER_LIMIT} timers were set at a time`)
  }

  cancel(timer: number): void {
    this.#timers.delete(timer)
  }

  /**
   * Moves on to the next timer that is due by `untilMs`, and takes it out.
   *
   * @returns `undefined` if there is none; it is `untilMs` then
   * @throws {BudgetExceeded} if too many have fired
   */
  next(untilMs: number): number | undefined {
    const [earliest] = this.due
    if (earliest === undefined || earliest > untilMs) {
      this.#nowMs = untilMs
      return undefined
    }
    if (++this.#fired > TIMER_LIMIT) throw new BudgetExceeded(`more than ${TIMER_LIMIT} timers fired`)
    this.#nowMs = earliest
    const candidates = [...this.#timers].filter(([, dueMs]) => dueMs === earliest).map(([timer]) => timer)
    const timer = candidates[Math.floor(this.#random.next() * candidates.length)]
    if (timer !== undefined) this.#timers.delete(timer)
    return timer
  }
}
