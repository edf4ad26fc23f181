// Runs beside the rooms of a submission: what lets the rooms go on.

/** Lets as many turns of the job queue pass. */
export async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await undefined
}

/** How many turns of the job queue a room gets to notice something. */
export const TURNS = 20
