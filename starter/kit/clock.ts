/** A timer that has been set. */
export interface Timer {
  /** The timer will not fire any more. Does nothing if it has fired or was cancelled. */
  cancel(): void
}

/**
 * Where every component gets its time from.
 *
 * Mirrors: `clock.Clock` of k8s.io/utils/clock
 */
export interface Clock {
  /** Milliseconds since 1 January 1970, UTC. */
  now(): number

  /**
   * Calls `fire` once, `delayMs` from now; never during this call, not even after 0 ms.
   *
   * @throws {RangeError} if `delayMs` is negative or not finite
   */
  setTimer(delayMs: number, fire: () => void): Timer
}
