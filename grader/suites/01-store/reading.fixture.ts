// Runs beside the room: reads a watch as the later rooms do.
import type { Watch } from '#kit/store'

/** The revisions of the first events of a watch, read with `for await`; or why it cannot be. Leaves the loop then. */
export async function readRevisions(watch: Watch<unknown>, most: number): Promise<number[] | string> {
  if (!(Symbol.asyncIterator in watch)) return 'it has no [Symbol.asyncIterator]()'
  const revisions: number[] = []
  for await (const { revision } of watch) if (revisions.push(revision) === most) break
  return revisions
}
