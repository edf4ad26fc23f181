import fc from 'fast-check'
import { Unmet } from './expect.ts'

/** How often a failing example is tried to be made smaller; a count, so that every run ends the same way. */
const SHRINK_TRIES = 200

/**
 * Holds a room against a model: `run` is called with examples that `arbitrary` makes from the seed. The
 * smallest example that was found to fail is the one whose error is reported.
 *
 * @param numRuns how many examples; default 30
 */
export async function forAll<T>(
  seed: number,
  arbitrary: fc.Arbitrary<T>,
  run: (example: T) => Promise<void>,
  numRuns = 30,
): Promise<void> {
  let smallest: unknown
  let triesLeft = Number.POSITIVE_INFINITY
  const property = fc.asyncProperty(arbitrary, async (example) => {
    if (triesLeft-- <= 0) return
    try {
      await run(example)
    } catch (error) {
      if (smallest === undefined) triesLeft = SHRINK_TRIES
      if (error instanceof Unmet) error.steps = fc.stringify(example)
      smallest = error
      throw error
    }
  })
  await fc.check(property, { seed, numRuns })
  if (smallest !== undefined) throw smallest
}
