// Runs beside the rooms of a submission: what is written down of a question.

/** What was asked, a line each; `undefined` members do not matter. */
export type Told = { from: string; call: string } & Record<string, unknown>

/** Writes a question down. */
export type Tell = (told: Told) => void
