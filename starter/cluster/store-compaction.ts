/**
 * Lets the store forget what is older than five minutes, so that it does not grow for as long as the API is served.
 *
 * Mirrors: k8s.io/apiserver/pkg/storage/etcd3/compact.go
 */
import type { Clock, Timer } from '#kit/clock'
import type { KeyValueStore } from '#kit/store'

/** How often it compacts, and how much of the past it leaves at least, in ms. */
const INTERVAL_MS = 5 * 60_000
/** Nothing is stored under it: a list of that says what the revision is, and nothing else. */
const NOTHING = 'compact_rev_key'

/** What it is made of. */
export interface StoreCompactionParts {
  store: Pick<KeyValueStore<object>, 'list' | 'compact'>
  clock: Clock
  /** Told of the first thing that goes wrong, which is also the end of compacting. */
  onFault(error: unknown): void
}

/**
 * Compacts a store every five minutes, to where it was five minutes before.
 *
 * @returns what ends it
 */
export function compactStore({ store, clock, onFault }: StoreCompactionParts): () => void {
  let timer: Timer | undefined
  let isOver = false
  let compacted = 0
  let before = 0
  const later = () => {
    if (!isOver) timer = clock.setTimer(INTERVAL_MS, () => void compact().then(later, onFault))
  }
  const compact = async () => {
    const { revision } = await store.list(NOTHING)
    if (before > compacted) await store.compact(before)
    compacted = before
    before = revision
  }
  later()
  return () => {
    isOver = true
    timer?.cancel()
  }
}
