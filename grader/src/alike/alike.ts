import { referenceRoom, stubRoom } from '../course/reference.ts'
import type { Submission } from '../intake/intake.ts'
import { type Runs, runsOf, similarity } from './similarity.ts'

/** A room that is like another one, for a person to look at: no machine judges whose work it is. */
export interface Alike {
  room: string
  /** The path of the other submission; null: the reference. */
  like: string | null
  /** How much of the smaller one is in the other, too, from 0 to 1. */
  share: number
}

/** From here on, somebody is likely to have seen the other: of the right rooms in the bank, none has more than 0.61 in common with the reference. */
export const ALIKE = 0.7

/** What is less than this, in runs, are a few lines, which anybody may have written. */
const FEW = 100

/** What one wrote of a room. */
interface Written {
  like: Alike['like']
  runs: Runs
}

/**
 * Which rooms are like the reference's, or else like another submission's: of several, the one that is most alike.
 *
 * @param root the folder of the course: what its stubs give to everybody does not count
 * @returns for each submission, in their order, its rooms that are like another, in theirs
 */
export function findAlike(
  root: string,
  submissions: readonly Submission[],
  rooms: readonly string[],
): Alike[][] {
  const found = submissions.map((): Alike[] => [])
  for (const room of rooms) {
    const stub = stubRoom(root, room)
    const written = (like: Alike['like'], text = ''): Written => ({ like, runs: runsOf(text, stub) })
    const reference = written(null, referenceRoom(root, room))
    const all = submissions.map(({ path, rooms }) => written(path, rooms.get(room)))
    for (const [index, one] of all.entries()) {
      const others = all.filter((other) => other !== one)
      const closest = closestOf(one, [reference]) ?? closestOf(one, others)
      if (closest) found[index]?.push({ room, ...closest })
    }
  }
  return found
}

function closestOf(one: Written, others: readonly Written[]): Omit<Alike, 'room'> | undefined {
  if (one.runs.size < FEW) return undefined
  return others
    .filter(({ runs }) => runs.size >= FEW)
    .map(({ like, runs }) => ({ like, share: similarity(one.runs, runs) }))
    .filter(({ share }) => share >= ALIKE)
    .reduce<Omit<Alike, 'room'> | undefined>(
      (most, other) => (most && most.share >= other.share ? most : other),
      undefined,
    )
}
