/**
 * The store of record: what the cluster knows is written, read and watched here, under one row of revisions.
 * Guarantees: a write happens whole or not at all; a read is of one revision; a watch hands out every event
 * once and in order, or says that it cannot; no caller shares an object with the store.
 *
 * Mirrors: etcd's mvcc, https://github.com/etcd-io/etcd/tree/main/server/storage/mvcc
 * Simplified: one member, in memory; no leases, no transactions over several keys.
 */
import {
  Compacted,
  FutureRevision,
  type KeyValue,
  type KeyValueStore,
  type ReadOptions,
  RevisionConflict,
  type Snapshot,
  type StoreEvent,
  type Watch,
  type WatchOptions,
  type WriteOptions,
} from '#kit/store'

/** Keys with their values in memory, and the history of their writes. */
export class Store<V> implements KeyValueStore<V> {
  // #region 01-store
  readonly #history: History<V>
  /** What every key holds now. */
  readonly #latest: State<V>
  readonly #watches = new Set<HistoryWatch<V>>()
  // #else
  // #endregion

  /** @param snapshot where to go on from, such as another store's `list('')`; default: empty, at revision 1 */
  constructor(snapshot: Snapshot<V> = { revision: 1, items: [] }) {
    // #region 01-store
    this.#latest = new Map(structuredClone(snapshot.items).map((kv) => [kv.key, kv]))
    this.#history = new History(snapshot.revision, this.#latest)
    // #endregion
  }

  /** Sets a key's value, if `ifRevision` holds, at the next revision. */
  async put(key: string, value: V, options: WriteOptions = {}): Promise<KeyValue<V>> {
    // #region 01-store
    const prevKv = this.#latest.get(key)
    requireRevision(key, prevKv, options.ifRevision)
    const revision = this.#history.revision + 1
    const createRevision = prevKv?.createRevision ?? revision
    const kv = { key, value: structuredClone(value), createRevision, modRevision: revision }
    this.#record({ type: 'PUT', key, revision, kv, prevKv })
    return structuredClone(kv)
    // #endregion
  }

  /** Removes a key, if `ifRevision` holds, at the next revision; does nothing if there is no such key. */
  async delete(key: string, options: WriteOptions = {}): Promise<KeyValue<V> | undefined> {
    // #region 01-store
    const prevKv = this.#latest.get(key)
    requireRevision(key, prevKv, options.ifRevision)
    if (!prevKv) return undefined
    this.#record({ type: 'DELETE', key, revision: this.#history.revision + 1, prevKv })
    return structuredClone(prevKv)
    // #endregion
  }

  /** Reads one key, now or at an earlier revision. */
  async get(key: string, options: ReadOptions = {}): Promise<KeyValue<V> | undefined> {
    // #region 01-store
    return structuredClone(this.#stateAt(options.revision).get(key))
    // #endregion
  }

  /** Reads all keys that begin with `prefix`, in order, now or at an earlier revision. */
  async list(prefix: string, options: ReadOptions = {}): Promise<Snapshot<V>> {
    // #region 01-store
    const items = [...this.#stateAt(options.revision).values()]
      .filter((kv) => kv.key.startsWith(prefix))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
    return { revision: options.revision ?? this.#history.revision, items: structuredClone(items) }
    // #endregion
  }

  /** Streams the writes to keys that begin with `prefix`, from this moment on or from an earlier revision. */
  watch(prefix: string, options: WatchOptions = {}): Watch<V> {
    // #region 01-store
    const { after = this.#history.revision } = options
    const watch = new HistoryWatch(this.#history, prefix, after + 1, () => this.#watches.delete(watch))
    this.#watches.add(watch)
    watch.advance()
    return watch
    // #endregion
  }

  /** Forgets what was before `revision`. */
  async compact(revision: number): Promise<void> {
    // #region 01-store
    this.#history.compact(revision)
    // #endregion
  }

  // #region 01-store
  #record(event: StoreEvent<V>): void {
    this.#history.append(event)
    apply(this.#latest, event)
    for (const watch of this.#watches) watch.advance()
  }

  #stateAt(revision = this.#history.revision): State<V> {
    return revision === this.#history.revision ? this.#latest : this.#history.stateAt(revision)
  }
  // #else
  // #endregion
}

// #region 01-store
type State<V> = Map<string, KeyValue<V>>
type Next<V> = IteratorResult<StoreEvent<V>, undefined>

/**
 * The writes that are still known, and the state that they began from. What is in it is never changed. To read
 * the past is to replay it; etcd has an index for that, from each key to its revisions.
 */
class History<V> {
  /** The oldest revision that can be read. */
  compacted: number
  /** The oldest revision whose write is known. */
  first: number
  /** What every key held at `compacted`. */
  #base: State<V>
  /** One for each revision, from `first` on. */
  #events: StoreEvent<V>[] = []

  constructor(revision: number, state: State<V>) {
    this.compacted = revision
    // A snapshot holds the state at its revision, not the write that led there.
    this.first = revision + 1
    this.#base = new Map(state)
  }

  /** The revision of the last write. */
  get revision(): number {
    return this.first + this.#events.length - 1
  }

  append(event: StoreEvent<V>): void {
    this.#events.push(event)
  }

  eventAt(revision: number): StoreEvent<V> | undefined {
    return this.#events[revision - this.first]
  }

  stateAt(revision: number): State<V> {
    if (revision < this.compacted) throw new Compacted(revision, this.compacted)
    if (revision > this.revision) throw new FutureRevision(revision, this.revision)
    const state = new Map(this.#base)
    for (const event of this.#events) {
      if (event.revision <= revision) apply(state, event)
    }
    return state
  }

  compact(revision: number): void {
    if (revision <= this.compacted) throw new Compacted(revision, this.compacted)
    this.#base = this.stateAt(revision)
    this.#events = this.#events.slice(revision - this.first)
    this.first = revision
    this.compacted = revision
  }
}

/** A place in the history, and those who wait there. */
class HistoryWatch<V> implements Watch<V> {
  readonly #history: History<V>
  readonly #prefix: string
  /** The revision to look at next. */
  #position: number
  readonly #release: () => void
  #waiting: ((next: Next<V>) => void)[] = []
  #over = false

  constructor(history: History<V>, prefix: string, position: number, release: () => void) {
    this.#history = history
    this.#prefix = prefix
    this.#position = position
    this.#release = release
  }

  async next(): Promise<Next<V>> {
    if (this.#over) return { done: true, value: undefined }
    if (this.#position < this.#history.first) {
      this.#end()
      throw new Compacted(this.#position, this.#history.compacted)
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.advance()
    })
  }

  // Not an async generator: its return() would queue behind the next() that waits, for ever.
  async return(): Promise<Next<V>> {
    this.#end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): Watch<V> {
    return this
  }

  /** Gives events to those who wait, and steps over those of other keys even if nobody waits. */
  advance(): void {
    for (;;) {
      const event = this.#history.eventAt(this.#position)
      if (!event) return
      if (event.key.startsWith(this.#prefix)) {
        const resolve = this.#waiting.shift()
        if (!resolve) return
        resolve({ done: false, value: structuredClone(event) })
      }
      this.#position++
    }
  }

  #end(): void {
    this.#over = true
    for (const resolve of this.#waiting.splice(0)) resolve({ done: true, value: undefined })
    this.#release()
  }
}

/** @throws {RevisionConflict} if the key is not at the revision that the write is meant for */
function requireRevision(key: string, kv: KeyValue<unknown> | undefined, expected: number | undefined): void {
  const current = kv?.modRevision ?? 0
  if (expected !== undefined && expected !== current) throw new RevisionConflict(key, expected, current)
}

function apply<V>(state: State<V>, event: StoreEvent<V>): void {
  if (event.type === 'PUT') state.set(event.key, event.kv)
  else state.delete(event.key)
}
// #else
// #endregion
