import type { Random } from '#kit/random'

/** More was asked for than a check allows; counted by the grader, so the same every time. */
export class BudgetExceeded extends Error {}

/** Timers that may be set at a time, and that may fire in one check. */
const TIMER_LIMIT = 20_000
/** Timers that may be set in one check, those set again included. */
const SET_LIMIT = 5 * TIMER_LIMIT

/**
 * The time of one check and the timers in it: those of the rooms have numbers above 0, those of the check's own side
 * numbers below. However many there are, each step is quick.
 */
export class VirtualTime {
  #nowMs = Date.UTC(2026, 0, 1)
  /** When each timer is due, and where it stands among those of that instant. */
  readonly #timers = new Map<number, { dueMs: number; at: number }>()
  /** The timers that are due at an instant: the last one takes the place of one that goes. */
  readonly #timersAt = new Map<number, number[]>()
  /** The instants at which any is due, latest first: the next one is taken from the end. */
  readonly #instants: number[] = []
  #fired = 0
  #set = 0
  readonly #random: Random

  /** @param random decides which of several timers that are due at the same instant fires first */
  constructor(random: Random) {
    this.#random = random
  }

  /** Milliseconds since 1970. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** When the rooms' timers are due, earliest first. */
  get due(): number[] {
    const rooms = [...this.#timers].filter(([timer]) => timer > 0)
    return rooms.map(([, { dueMs }]) => dueMs).sort((a, b) => a - b)
  }

  /** @throws {BudgetExceeded} if there are too many */
  set(timer: number, delayMs: number): void {
    if (++this.#set > SET_LIMIT) throw new BudgetExceeded(`more than ${SET_LIMIT} timers were set`)
    this.cancel(timer)
    const dueMs = this.#nowMs + delayMs
    const timers = this.#timersAt.get(dueMs)
    this.#timers.set(timer, { dueMs, at: timers?.length ?? 0 })
    if (timers) {
      timers.push(timer)
    } else {
      this.#timersAt.set(dueMs, [timer])
      this.#instants.splice(this.#placeOf(dueMs), 0, dueMs)
    }
    if (this.#timers.size > TIMER_LIMIT)
      throw new BudgetExceeded(`more than ${TIMER_LIMIT} timers were set at a time`)
  }

  cancel(timer: number): void {
    const place = this.#timers.get(timer)
    if (place === undefined) return
    this.#timers.delete(timer)
    const { dueMs, at } = place
    const timers = this.#timersAt.get(dueMs) ?? []
    const last = timers.pop()
    if (last !== undefined && last !== timer) {
      timers[at] = last
      this.#timers.set(last, place)
    }
    if (timers.length > 0) return
    this.#timersAt.delete(dueMs)
    this.#instants.splice(this.#placeOf(dueMs), 1)
  }

  /** When the next timer is due, whosever it is; `undefined` if none is set. */
  get nextMs(): number | undefined {
    return this.#instants.at(-1)
  }

  /** Moves on to `ms`, if that is still to come. */
  pass(ms: number): void {
    this.#nowMs = Math.max(this.#nowMs, ms)
  }

  /**
   * Moves on to the next timer that is due by `untilMs`, and takes it out.
   *
   * @returns `undefined` if there is none; no time has passed then
   * @throws {BudgetExceeded} if too many have fired
   */
  next(untilMs: number): number | undefined {
    const earliest = this.nextMs
    if (earliest === undefined || earliest > untilMs) return undefined
    if (++this.#fired > TIMER_LIMIT) throw new BudgetExceeded(`more than ${TIMER_LIMIT} timers fired`)
    this.#nowMs = earliest
    const candidates = this.#timersAt.get(earliest) ?? []
    const timer = candidates[Math.floor(this.#random.next() * candidates.length)]
    if (timer !== undefined) this.cancel(timer)
    return timer
  }

  /** Where an instant stands, or would stand, among the instants. */
  #placeOf(dueMs: number): number {
    let from = 0
    let to = this.#instants.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if ((this.#instants[middle] ?? 0) > dueMs) from = middle + 1
      else to = middle
    }
    return from
  }
}
