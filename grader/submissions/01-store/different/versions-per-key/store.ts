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

/** What a key was from `revision` on; no `kv`: a tombstone, the key was deleted then. */
interface Version<V> {
  revision: number
  kv: KeyValue<V> | undefined
}

/** A place in the shared list of events: just after the write of `revision`. */
interface Place<V> {
  revision: number
  /** The write that led here; left out at the list's old end, where it is not known. */
  event: StoreEvent<V> | undefined
  next: Place<V> | undefined
}

/** Keys with their values in memory, and the history of their writes. */
export class Store<V> implements KeyValueStore<V> {
  #revision: number
  #compacted: number
  /** Each key's versions, oldest first. */
  readonly #versions = new Map<string, Version<V>[]>()
  /** The keys of `#versions`, ascending. */
  readonly #keys: string[]
  readonly #events: EventList<V>
  /** Settles when the last write that was called for is done: each write waits for the one before. */
  #lastWrite: Promise<unknown> = Promise.resolve()

  /** @param snapshot where to go on from, such as another store's `list('')`; default: empty, at revision 1 */
  constructor(snapshot: Snapshot<V> = { revision: 1, items: [] }) {
    this.#revision = snapshot.revision
    this.#compacted = snapshot.revision
    this.#events = new EventList(snapshot.revision)
    for (const item of snapshot.items) {
      const kv = structuredClone(item)
      this.#versions.set(kv.key, [{ revision: kv.modRevision, kv }])
    }
    // Without a comparer, sort() orders strings as `<` does.
    this.#keys = [...this.#versions.keys()].sort()
  }

  /** Sets a key's value, if `ifRevision` holds, at the next revision. */
  async put(key: string, value: V, options: WriteOptions = {}): Promise<KeyValue<V>> {
    const { ifRevision } = options
    // Copied now, not when it is this write's turn: the caller may change its object meanwhile.
    const copy = structuredClone(value)
    return this.#exclusively(() => {
      const prevKv = this.#read(key, this.#revision)
      this.#check(key, prevKv, ifRevision)
      const revision = this.#revision + 1
      const kv: KeyValue<V> = {
        key,
        value: copy,
        createRevision: prevKv?.createRevision ?? revision,
        modRevision: revision,
      }
      this.#write({ type: 'PUT', key, revision, kv, prevKv })
      return structuredClone(kv)
    })
  }

  /** Removes a key, if `ifRevision` holds, at the next revision; does nothing if there is no such key. */
  async delete(key: string, options: WriteOptions = {}): Promise<KeyValue<V> | undefined> {
    const { ifRevision } = options
    return this.#exclusively(() => {
      const prevKv = this.#read(key, this.#revision)
      this.#check(key, prevKv, ifRevision)
      if (prevKv === undefined) return undefined
      this.#write({ type: 'DELETE', key, revision: this.#revision + 1, prevKv })
      return structuredClone(prevKv)
    })
  }

  /** Reads one key, now or at an earlier revision. */
  async get(key: string, options: ReadOptions = {}): Promise<KeyValue<V> | undefined> {
    return structuredClone(this.#read(key, this.#readable(options)))
  }

  /** Reads all keys that begin with `prefix`, in order, now or at an earlier revision. */
  async list(prefix: string, options: ReadOptions = {}): Promise<Snapshot<V>> {
    const revision = this.#readable(options)
    const items: KeyValue<V>[] = []
    // In this order, all keys that begin with a prefix stand together, from the prefix itself on.
    for (let i = firstFrom(this.#keys, prefix); this.#keys[i]?.startsWith(prefix); i++) {
      const kv = this.#read(this.#keys[i] as string, revision)
      if (kv !== undefined) items.push(structuredClone(kv))
    }
    return { revision, items }
  }

  /** Streams the writes to keys that begin with `prefix`, from this moment on or from an earlier revision. */
  watch(prefix: string, options: WatchOptions = {}): Watch<V> {
    const after = options.after ?? this.#revision
    const place = this.#events.placeAfter(after)
    return place === undefined
      ? new EventWatch(this.#events, prefix, after, new Compacted(after + 1, this.#compacted))
      : new EventWatch(this.#events, prefix, after, place)
  }

  /** Forgets what was before `revision`. */
  async compact(revision: number): Promise<void> {
    return this.#exclusively(() => {
      if (revision <= this.#compacted) throw new Compacted(revision, this.#compacted)
      if (revision > this.#revision) throw new FutureRevision(revision, this.#revision)
      this.#compacted = revision
      this.#events.forgetBefore(revision)
      const kept = this.#keys.filter((key) => this.#compactKey(key, revision))
      this.#keys.length = 0
      for (const key of kept) this.#keys.push(key)
    })
  }

  /** Runs `critical` when all writes that were called for earlier are done. */
  #exclusively<T>(critical: () => T): Promise<T> {
    const turn = this.#lastWrite.then(critical)
    // A refused write must not refuse those behind it.
    this.#lastWrite = turn.catch(() => undefined)
    return turn
  }

  #check(key: string, kv: KeyValue<V> | undefined, ifRevision: number | undefined): void {
    const current = kv?.modRevision ?? 0
    if (ifRevision !== undefined && ifRevision !== current) throw new RevisionConflict(key, ifRevision, current)
  }

  /** Makes a write that has been checked. */
  #write(event: StoreEvent<V>): void {
    const { key, revision } = event
    const version = { revision, kv: event.type === 'PUT' ? event.kv : undefined }
    const versions = this.#versions.get(key)
    if (versions === undefined) {
      this.#versions.set(key, [version])
      this.#keys.splice(firstFrom(this.#keys, key), 0, key)
    } else {
      versions.push(version)
    }
    this.#revision = revision
    this.#events.append(event)
  }

  /** The revision to read at. */
  #readable({ revision = this.#revision }: ReadOptions): number {
    if (revision < this.#compacted) throw new Compacted(revision, this.#compacted)
    if (revision > this.#revision) throw new FutureRevision(revision, this.#revision)
    return revision
  }

  /** The store's own object: not to be handed out. */
  #read(key: string, revision: number): KeyValue<V> | undefined {
    const versions = this.#versions.get(key)
    return versions?.[lastUpTo(versions, revision)]?.kv
  }

  /** Forgets the versions of a key that were over at `revision`; false if nothing is left of it. */
  #compactKey(key: string, revision: number): boolean {
    const versions = this.#versions.get(key)
    if (versions === undefined) return false
    const last = lastUpTo(versions, revision)
    // A tombstone at the old end says no more than nothing does.
    const cut = last >= 0 && versions[last]?.kv === undefined ? last + 1 : Math.max(last, 0)
    versions.splice(0, cut)
    if (versions.length === 0) this.#versions.delete(key)
    return versions.length > 0
  }
}

/**
 * The row of writes, which all watches share. Each place knows the next one, so that a watch which is
 * behind can still read what the list itself has forgotten; when no watch holds it, it is gone.
 */
class EventList<V> {
  /** One for each revision, without a gap; the first one is the old end. */
  #places: [Place<V>, ...Place<V>[]]
  #newest: Place<V>
  /** The watches with a `next()` that waits. */
  readonly #waiting = new Set<EventWatch<V>>()

  constructor(revision: number) {
    this.#newest = { revision, event: undefined, next: undefined }
    this.#places = [this.#newest]
  }

  append(event: StoreEvent<V>): void {
    const place: Place<V> = { revision: event.revision, event, next: undefined }
    this.#newest.next = place
    this.#newest = place
    this.#places.push(place)
    for (const watch of [...this.#waiting]) watch.wake()
  }

  /** The place behind which the events after a revision begin; `undefined` if some of them are forgotten. */
  placeAfter(revision: number): Place<V> | undefined {
    return revision >= this.#newest.revision ? this.#newest : this.#places[revision - this.#places[0].revision]
  }

  /** Forgets the events before that of `revision`, which must be in the list. */
  forgetBefore(revision: number): void {
    const rest = this.#places.slice(revision - this.#places[0].revision)
    this.#places = [{ revision: revision - 1, event: undefined, next: rest[0] }, ...rest]
  }

  wakeOnWrite(watch: EventWatch<V>): void {
    this.#waiting.add(watch)
  }

  leaveAsleep(watch: EventWatch<V>): void {
    this.#waiting.delete(watch)
  }
}

type Result<V> = IteratorResult<StoreEvent<V>, undefined>

/** One reader of the list of events, with a place of its own. */
class EventWatch<V> implements Watch<V> {
  readonly #events: EventList<V>
  readonly #prefix: string
  readonly #after: number
  /** How far it has read; an error: what to say instead; `undefined`: it is over. */
  #place: Place<V> | Compacted | undefined
  /** The `next()` calls that wait, in their order. While there are any, all events have been read. */
  #calls: ((result: Result<V>) => void)[] = []

  constructor(events: EventList<V>, prefix: string, after: number, place: Place<V> | Compacted) {
    this.#events = events
    this.#prefix = prefix
    this.#after = after
    this.#place = place
  }

  async next(): Promise<Result<V>> {
    if (this.#place instanceof Compacted) {
      const error = this.#place
      this.#place = undefined
      throw error
    }
    if (this.#place === undefined) return { done: true, value: undefined }
    const event = this.#pull()
    if (event !== undefined) return { done: false, value: structuredClone(event) }
    this.#events.wakeOnWrite(this)
    return new Promise((resolve) => this.#calls.push(resolve))
  }

  async return(): Promise<Result<V>> {
    this.#place = undefined
    this.#events.leaveAsleep(this)
    for (const resolve of this.#calls.splice(0)) resolve({ done: true, value: undefined })
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): Watch<V> {
    return this
  }

  /** Answers the `next()` that waits longest, if what was written is for this watch. */
  wake(): void {
    const event = this.#pull()
    if (event === undefined) return
    this.#calls.shift()?.({ done: false, value: structuredClone(event) })
    if (this.#calls.length === 0) this.#events.leaveAsleep(this)
  }

  /** Reads on to the next event for this watch; `undefined` if there is none yet. */
  #pull(): StoreEvent<V> | undefined {
    if (this.#place instanceof Compacted) return undefined
    while (this.#place?.next !== undefined) {
      this.#place = this.#place.next
      const { event } = this.#place
      if (event !== undefined && event.revision > this.#after && event.key.startsWith(this.#prefix)) return event
    }
    return undefined
  }
}

/** The index of the first key that is not before `key`. */
function firstFrom(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

/** The index of the last version that is not after `revision`; -1 if there is none. */
function lastUpTo<V>(versions: readonly Version<V>[], revision: number): number {
  let low = 0
  let high = versions.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((versions[middle] as Version<V>).revision <= revision) low = middle + 1
    else high = middle
  }
  return low - 1
}
