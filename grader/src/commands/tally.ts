/** How many of something held. */
export interface Tally {
  passed: number
  failed: number
  skipped: number
}

/** `12 passed, 0 failed`, and what was skipped if anything was. */
export function inWords({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`
}
