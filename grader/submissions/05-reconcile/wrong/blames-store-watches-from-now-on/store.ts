/**
 * The store of record: what the cluster knows is written, read and watched here, under one row of revisions.
 * Guarantees: a write happens whole or not at all; a read is of one revision; a watch hands out every event
 * once and in order, or says that it cannot; no caller shares an object with the store.
 *
 * Mirrors: etcd's mvcc, https://github.com/etcd-io/etcd/tree/main/server/storage/mvcc
 * Simplified: one member, in memory; no leases, no transactions over several keys; every state is kept whole.
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

/** A key as the store keeps it: never changed, the value as JSON text. */
type Entry = Readonly<{ key: string; json: string; createRevision: number; modRevision: number }>

/** A write: `after` is undefined for a delete. */
type Write = Readonly<{ key: string; revision: number; before: Entry | undefined; after: Entry | undefined }>

/** The whole store at one revision, sorted by key, and the write that led there (none in a snapshot). */
type State = Readonly<{ revision: number; entries: readonly Entry[]; write: Write | undefined }>

type Result<V> = IteratorResult<StoreEvent<V>, undefined>

const encode = <V>({ key, value, createRevision, modRevision }: KeyValue<V>): Entry =>
  Object.freeze({ key, json: JSON.stringify(value), createRevision, modRevision })

const decode = <V>({ key, json, createRevision, modRevision }: Entry): KeyValue<V> => ({
  key,
  value: JSON.parse(json) as V,
  createRevision,
  modRevision,
})

const toEvent = <V>({ key, revision, before, after }: Write): StoreEvent<V> =>
  after
    ? { type: 'PUT', key, revision, kv: decode<V>(after), prevKv: before && decode<V>(before) }
    : { type: 'DELETE', key, revision, prevKv: decode<V>(before as Entry) }

const byKey = (a: Entry, b: Entry): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

const find = (state: State, key: string): Entry | undefined => state.entries.find((e) => e.key === key)

/** The state after a write. */
const apply = (state: State, write: Write): State => {
  const others = state.entries.filter((e) => e.key !== write.key)
  const { after } = write
  if (!after) return Object.freeze({ revision: write.revision, entries: Object.freeze(others), write })
  const at = others.findIndex((e) => e.key > write.key)
  const entries = at < 0 ? [...others, after] : [...others.slice(0, at), after, ...others.slice(at)]
  return Object.freeze({ revision: write.revision, entries: Object.freeze(entries), write })
}

const check = (key: string, entry: Entry | undefined, { ifRevision }: WriteOptions): void => {
  const current = entry?.modRevision ?? 0
  if (ifRevision !== undefined && ifRevision !== current) throw new RevisionConflict(key, ifRevision, current)
}

/** A watch with a queue of its own, into which the store pushes. */
class PushWatch<V> implements Watch<V> {
  #queue: Write[] = []
  #waiting: ((result: Result<V>) => void)[] = []
  #over = false
  #lost: Compacted | undefined
  #close: () => void

  constructor(lost: Compacted | undefined, close: () => void) {
    this.#lost = lost
    this.#close = close
  }

  push(write: Write): void {
    const resolve = this.#waiting.shift()
    if (resolve) resolve({ done: false, value: toEvent<V>(write) })
    else this.#queue.push(write)
  }

  async next(): Promise<Result<V>> {
    if (this.#over) return { done: true, value: undefined }
    if (this.#lost) {
      this.#end()
      throw this.#lost
    }
    const write = this.#queue.shift()
    if (write) return { done: false, value: toEvent<V>(write) }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  async return(): Promise<Result<V>> {
    this.#end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): Watch<V> {
    return this
  }

  #end(): void {
    this.#over = true
    this.#close()
    this.#queue = []
    for (const resolve of this.#waiting) resolve({ done: true, value: undefined })
    this.#waiting = []
  }
}

/** Keys with their values in memory, and the history of their writes. */
export class Store<V> implements KeyValueStore<V> {
  /** One state for each revision, from the compacted one to the current one. Never empty. */
  #states: readonly State[]
  #listeners: ReadonlySet<(write: Write) => void> = new Set()

  /** @param snapshot where to go on from, such as another store's `list('')`; default: empty, at revision 1 */
  constructor(snapshot: Snapshot<V> = { revision: 1, items: [] }) {
    const entries = Object.freeze(snapshot.items.map((kv) => encode(kv)).sort(byKey))
    this.#states = [Object.freeze({ revision: snapshot.revision, entries, write: undefined })]
  }

  /** Sets a key's value, if `ifRevision` holds, at the next revision. */
  async put(key: string, value: V, options: WriteOptions = {}): Promise<KeyValue<V>> {
    const before = find(this.#current, key)
    check(key, before, options)
    const revision = this.#current.revision + 1
    const createRevision = before?.createRevision ?? revision
    const after = encode({ key, value, createRevision, modRevision: revision })
    this.#commit({ key, revision, before, after })
    return decode(after)
  }

  /** Removes a key, if `ifRevision` holds, at the next revision; does nothing if there is no such key. */
  async delete(key: string, options: WriteOptions = {}): Promise<KeyValue<V> | undefined> {
    const before = find(this.#current, key)
    check(key, before, options)
    if (!before) return undefined
    this.#commit({ key, revision: this.#current.revision + 1, before, after: undefined })
    return decode(before)
  }

  /** Reads one key, now or at an earlier revision. */
  async get(key: string, options: ReadOptions = {}): Promise<KeyValue<V> | undefined> {
    const entry = find(this.#at(options.revision), key)
    return entry && decode(entry)
  }

  /** Reads all keys that begin with `prefix`, in order, now or at an earlier revision. */
  async list(prefix: string, options: ReadOptions = {}): Promise<Snapshot<V>> {
    const { revision, entries } = this.#at(options.revision)
    return { revision, items: entries.filter((e) => e.key.startsWith(prefix)).map((e) => decode<V>(e)) }
  }

  /** Streams the writes to keys that begin with `prefix`, from this moment on or from an earlier revision. */
  watch(prefix: string, options: WatchOptions = {}): Watch<V> {
    const after = options.after ?? this.#current.revision
    const { revision, write } = this.#oldest
    const oldestEvent = write ? revision : revision + 1
    const lost = after + 1 < oldestEvent ? new Compacted(after + 1, revision) : undefined

    const listener = (w: Write): void => {
      if (w.revision > after && w.key.startsWith(prefix)) watch.push(w)
    }
    const watch = new PushWatch<V>(lost, () => {
      this.#listeners = new Set([...this.#listeners].filter((l) => l !== listener))
    })
    if (lost) return watch
    this.#listeners = new Set([...this.#listeners, listener])
    return watch
  }

  /** Forgets what was before `revision`. */
  async compact(revision: number): Promise<void> {
    const compacted = this.#oldest.revision
    if (revision <= compacted) throw new Compacted(revision, compacted)
    this.#states = this.#states.slice(this.#states.indexOf(this.#at(revision)))
  }

  get #current(): State {
    return this.#states[this.#states.length - 1] as State
  }

  get #oldest(): State {
    return this.#states[0] as State
  }

  #at(revision = this.#current.revision): State {
    if (revision > this.#current.revision) throw new FutureRevision(revision, this.#current.revision)
    if (revision < this.#oldest.revision) throw new Compacted(revision, this.#oldest.revision)
    return this.#states[revision - this.#oldest.revision] as State
  }

  #commit(write: Write): void {
    this.#states = [...this.#states, apply(this.#current, write)]
    for (const listener of this.#listeners) listener(write)
  }
}
