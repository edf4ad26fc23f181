import type { MarkedScript } from '../bundle/marks.ts'
import type { Check } from './check.ts'
import type { Entry } from './tally.ts'

/** What is known of the checks of one script before they are run, and is to be known of the next. */
export interface Recall {
  /** How the check goes, if it cannot go otherwise than it last did. */
  of(check: Check): Entry | undefined
  /** Takes down how a check went that entered these functions, by their numbers. */
  keep(check: Check, entry: Entry, entered: ReadonlySet<number>): void
}

/** A check that passed, and all that it ran of the script. */
interface Kept {
  entry: Entry
  places: readonly string[]
  texts: MarkedScript['texts']
}

/**
 * What the checks of one lesson ran when they last passed. A check goes the same way each time it runs the same text, so one
 * that passed need not be run again until a function is changed that it entered, or something that stands in no function.
 *
 * It holds for one suite and one seed. What does not pass is never remembered: its explanation may name lines, and these move.
 */
export class Memory {
  readonly #kept = new Map<string, Kept>()

  for({ places, texts }: MarkedScript): Recall {
    const isSame = (kept: Kept) => kept.places.every((place) => kept.texts.get(place) === texts.get(place))
    return {
      of: ({ id }) => {
        const kept = this.#kept.get(id)
        return kept && isSame(kept) ? kept.entry : undefined
      },
      keep: ({ id }, entry, entered) => {
        if (entry.verdict.outcome !== 'passed') return
        const run = [...entered].map((number) => places[number])
        // It tells of functions that there are not: nothing can be told from that.
        if (run.includes(undefined)) return
        this.#kept.set(id, { entry, places: ['', ...(run as string[])], texts })
      },
    }
  }
}
