// Runs beside the room: calls a store and reads a watch as the later rooms do.
import type { Watch } from '#kit/store'

/** What a call returns, in words. Of what a promise comes to nobody hears. */
export function returnedBy(of: object, method: string, args: unknown[]): string {
  try {
    const returned: unknown = Reflect.apply(Reflect.get(of, method), of, args)
    if (returned instanceof Promise) returned.catch(() => undefined)
    else if (typeof returned === 'object' && returned !== null && 'next' in returned) return 'a watch'
    return returned instanceof Promise ? 'a promise' : 'no promise'
  } catch (error) {
    return `nothing: it throws ${error instanceof Error ? error.name : String(error)} at once`
  }
}

/** The revisions of the first events of a watch, read with `for await`; or why it cannot be. Leaves the loop then. */
export async function readRevisions(watch: Watch<unknown>, most: number): Promise<number[] | string> {
  if (!(Symbol.asyncIterator in watch)) return 'it has no [Symbol.asyncIterator]()'
  const revisions: number[] = []
  for await (const { revision } of watch) if (revisions.push(revision) === most) break
  return revisions
}
