// Runs beside the room: looks at what a call that must be refused returns, as whoever calls it does.
import { Compacted, FutureRevision, RevisionConflict, type Watch, type WatchOptions } from '#kit/store'
import type { Store } from '#rooms/store'

/** What a call that must be refused returns, in words. Of what happens to it there nobody else hears. */
export async function refusal(of: object, method: string, args: unknown[]): Promise<string> {
  let returned: unknown
  try {
    returned = Reflect.apply(Reflect.get(of, method), of, args)
  } catch (error) {
    return `nothing: it throws ${nameOf(error)} at once`
  }
  if (!(returned instanceof Promise)) return 'no promise'
  return returned.then(
    () => 'a promise that resolves',
    (error) => `a promise that rejects with ${nameOf(error)}`,
  )
}

/** The same of the first `next()` of a watch that begins too early, which `watch` itself must not refuse. */
export async function refusalOfNext(
  store: Store<unknown>,
  prefix: string,
  options: WatchOptions,
): Promise<string> {
  let watch: Watch<unknown>
  try {
    watch = store.watch(prefix, options)
  } catch (error) {
    return `nothing: watch throws ${nameOf(error)} at once`
  }
  return refusal(watch, 'next', [])
}

/** The name of an error. Those who call a store ask for its class: a namesake is not what they wait for. */
function nameOf(error: unknown): string {
  const ofKit = [RevisionConflict, Compacted, FutureRevision].find((kind) => error instanceof kind)
  if (ofKit) return `the ${ofKit.name} of #kit/store`
  return error instanceof Error ? `an error of another class that is called ${error.name}` : String(error)
}
