// Runs beside the rooms of a submission: what lets the rooms go on.

/** Lets as many turns of the job queue pass. */
export async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await undefined
}

/** How many turns of the job queue a room gets to notice something. */
const PATIENCE = 100
/** For how many more it may be busy with that. */
const BUSY = 20

/** After how many turns of the job queue to look, one time after the other: until well after a room has noticed something. */
export class Moments {
  #end = PATIENCE
  #noticed = false
  #isSteady = true

  /** Says whether the room had noticed it at this moment. */
  enter(noticed: boolean): void {
    if (this.#noticed && !noticed) this.#isSteady = false
    this.#noticed ||= noticed
  }

  *[Symbol.iterator](): Generator<number> {
    for (let turns = 0; turns < this.#end; turns++) {
      yield turns
      if (this.#noticed && this.#end === PATIENCE) this.#end = turns + BUSY
    }
  }

  /** Whether the room has noticed it, and at every moment from then on. */
  get wasNoticed(): boolean {
    return this.#noticed && this.#isSteady
  }
}

/**
 * After how many turns something was stopped that went on. To be asked once nothing of it can run any more: no number of turns is
 * enough for that.
 *
 * @param stopped what says whether it went on
 */
export function lateOf(
  stopped: readonly { turns: number; goesOn: () => boolean }[],
  moments: Moments,
): number[] {
  const late = stopped.filter(({ goesOn }) => goesOn()).map(({ turns }) => turns)
  // Who notices nothing at all is silent for that, and not for the stop.
  return moments.wasNoticed ? late : [...late, Number.POSITIVE_INFINITY]
}
