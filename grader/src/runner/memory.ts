import type { MarkedScript } from '../bundle/marks.ts'
import type { Check } from './check.ts'
import type { Entry } from './tally.ts'

/** What is known of the checks of one script before they are run, and is to be known of the next. */
export interface Recall {
  /** How the check goes, if it cannot go otherwise than it last did. */
  of(check: Check): Entry | undefined
  /** Takes down how a check went that entered these pieces of the script, by their numbers. */
  keep(check: Check, entry: Entry, entered: ReadonlySet<number>): void
}

/** A check that passed, and all that it ran of the script. */
interface Kept {
  entry: Entry
  places: ReadonlySet<string>
  texts: MarkedScript['texts']
}

/**
 * What the checks of one lesson ran when they last passed. A check goes the same way each time it runs the same text, so one
 * that passed need not be run again until a piece of it is changed that it entered, or something that stands in no piece.
 *
 * It holds for one suite and one seed. What does not pass is never remembered: its explanation may name lines, and these move.
 * Nor can it know of a room that reads its own text or its own lines, or of how deep calls may be nested, for that is less
 * where a function has more variables: `grade` runs everything.
 */
export class Memory {
  readonly #kept = new Map<string, Kept>()

  for({ places, texts }: MarkedScript): Recall {
    /** The places where another text stands now; many checks were kept with the same. */
    const changed = new Map<MarkedScript['texts'], string[]>()
    const changedSince = (before: MarkedScript['texts']) => {
      const known = changed.get(before) ?? [...before.keys()].filter((at) => before.get(at) !== texts.get(at))
      changed.set(before, known)
      return known
    }
    return {
      of: ({ id }) => {
        const kept = this.#kept.get(id)
        return kept && !changedSince(kept.texts).some((at) => kept.places.has(at)) ? kept.entry : undefined
      },
      keep: ({ id }, entry, entered) => {
        if (entry.verdict.outcome !== 'passed') return
        const run = new Set(['', ...[...entered].map((number) => places[number])])
        // It tells of pieces that there are not: nothing can be told from that.
        if (run.has(undefined)) return
        this.#kept.set(id, { entry, places: run as Set<string>, texts })
      },
    }
  }
}
