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

/** How many versions of the rooms are remembered: back to what they were, nothing needs to be run. */
const VERSIONS = 10

/** A check that passed, and where all stands that it ran of the script. */
interface Kept {
  entry: Entry
  places: ReadonlySet<string>
}

/** One version of the script, and the checks that are known to pass over it, by their ids. */
interface Version {
  texts: MarkedScript['texts']
  passed: Map<string, Kept>
}

/**
 * What the checks of one lesson ran when they passed, over the last versions of its rooms. A check goes the same way each time it
 * runs the same text, so one that passed need not be run again until a piece of it is changed that it entered, or something that
 * stands in no piece; nor once that has been put right.
 *
 * It holds for one suite and one seed. What does not pass is never remembered: its explanation may name lines, and these move.
 * Nor can it know of a room that reads its own text or its own lines, or of how deep calls may be nested, for that is less
 * where a function has more variables: `grade` runs everything.
 */
export class Memory {
  #versions: Version[] = []

  for({ places, texts }: MarkedScript): Recall {
    const now: Version = { texts, passed: new Map() }
    const known = this.#versions.map(({ texts: before, passed }) => ({
      passed,
      changed: [...before.keys()].filter((at) => before.get(at) !== texts.get(at)),
    }))
    this.#versions = [now, ...this.#versions].slice(0, VERSIONS)
    return {
      of: ({ id }) => {
        for (const { passed, changed } of known) {
          const kept = passed.get(id)
          if (!kept || changed.some((at) => kept.places.has(at))) continue
          now.passed.set(id, kept)
          return kept.entry
        }
        return undefined
      },
      keep: ({ id }, entry, entered) => {
        if (entry.verdict.outcome !== 'passed') return
        const run = new Set(['', ...[...entered].map((number) => places[number])])
        // It tells of pieces that there are not: nothing can be told from that.
        if (!run.has(undefined)) now.passed.set(id, { entry, places: run as Set<string> })
      },
    }
  }
}
