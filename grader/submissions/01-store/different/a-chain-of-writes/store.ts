/**
 * The store of record: what the cluster knows is written, read and watched here, under one row of revisions.
 * Guarantees: a write happens whole or not at all; a read is of one revision; a watch hands out every event
 * once and in order, or says that it cannot; no caller shares an object with the store.
 *
 * Kept as a chain of writes, each knowing the next one (a watch is a place in the chain), beside a sorted index
 * of keys with the versions of each.
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

/** What a key was from a revision on; without `kv` it was not there. */
interface Version<V> {
  since: number
  kv: KeyValue<V> | undefined
}

/** A key that is known, and its versions, the oldest first. */
interface Row<V> {
  key: string
  versions: Version<V>[]
}

/** A place just after the write of `revision`; the first place of a chain has no event. */
interface Link<V> {
  revision: number
  event: StoreEvent<V> | undefined
  next: Link<V> | undefined
}

type Answer<V> = IteratorResult<StoreEvent<V>, undefined>

/** Keys with their values in memory, and the history of their writes. */
export class Store<V> implements KeyValueStore<V> {
  #revision: number
  #compacted: number
  readonly #rows: Row<V>[] = []
  #first: Link<V>
  #last: Link<V>
  readonly #open = new Set<Reader<V>>()

  /** @param snapshot where to go on from, such as another store's `list('')`; default: empty, at revision 1 */
  constructor(snapshot: Snapshot<V> = { revision: 1, items: [] }) {
    this.#revision = snapshot.revision
    this.#compacted = snapshot.revision
    this.#first = { revision: snapshot.revision, event: undefined, next: undefined }
    this.#last = this.#first
    for (const item of snapshot.items) {
      this.#row(item.key).versions.push({ since: item.modRevision, kv: structuredClone(item) })
    }
  }

  /** Sets a key's value, if `ifRevision` holds, at the next revision. */
  async put(key: string, value: V, options: WriteOptions = {}): Promise<KeyValue<V>> {
    const prevKv = this.#now(key)
    this.#demand(key, prevKv, options.ifRevision)
    const revision = this.#revision + 1
    const createRevision = prevKv ? prevKv.createRevision : revision
    const kv = { key, value: structuredClone(value), createRevision, modRevision: revision }
    this.#commit({ type: 'PUT', key, revision, kv, prevKv })
    return structuredClone(kv)
  }

  /** Removes a key, if `ifRevision` holds, at the next revision; does nothing if there is no such key. */
  async delete(key: string, options: WriteOptions = {}): Promise<KeyValue<V> | undefined> {
    const gone = this.#now(key)
    this.#demand(key, gone, options.ifRevision)
    if (!gone) return undefined
    this.#commit({ type: 'DELETE', key, revision: this.#revision + 1, prevKv: gone })
    return structuredClone(gone)
  }

  /** Reads one key, now or at an earlier revision. */
  async get(key: string, options: ReadOptions = {}): Promise<KeyValue<V> | undefined> {
    const at = this.#readable(options.revision)
    const row = this.#rows[this.#placeOf(key)]
    return row?.key === key ? structuredClone(versionAt(row, at)) : undefined
  }

  /** Reads all keys that begin with `prefix`, in order, now or at an earlier revision. */
  async list(prefix: string, options: ReadOptions = {}): Promise<Snapshot<V>> {
    const revision = this.#readable(options.revision)
    const items: KeyValue<V>[] = []
    // Keys with the same beginning stand side by side.
    for (let place = this.#placeOf(prefix); place < this.#rows.length; place++) {
      const row = this.#rows[place] as Row<V>
      if (!row.key.startsWith(prefix)) break
      const found = versionAt(row, revision)
      if (found) items.push(structuredClone(found))
    }
    return { revision, items }
  }

  /** Streams the writes to keys that begin with `prefix`, from this moment on or from an earlier revision. */
  watch(prefix: string, options: WatchOptions = {}): Watch<V> {
    const after = options.after ?? this.#revision
    const leave = (reader: Reader<V>) => void this.#open.delete(reader)
    const reader = new Reader<V>(prefix, after, leave)
    if (after < this.#first.revision) {
      reader.fail(new Compacted(after + 1, this.#compacted))
      return reader
    }
    let link = this.#first
    while (link.next && link.revision < after) link = link.next
    this.#open.add(reader)
    reader.startAt(link)
    return reader
  }

  /** Forgets what was before `revision`. */
  async compact(revision: number): Promise<void> {
    if (revision <= this.#compacted) throw new Compacted(revision, this.#compacted)
    if (revision > this.#revision) throw new FutureRevision(revision, this.#revision)
    this.#compacted = revision
    let link = this.#first
    while (link.next && link.next.revision < revision) link = link.next
    this.#first = { revision: revision - 1, event: undefined, next: link.next }
    let kept = 0
    for (const row of this.#rows) {
      row.versions = stillReadable(row.versions, revision)
      if (row.versions.length > 0) this.#rows[kept++] = row
    }
    this.#rows.length = kept
  }

  /** @throws {RevisionConflict} */
  #demand(key: string, kv: KeyValue<V> | undefined, ifRevision: number | undefined): void {
    if (ifRevision === undefined) return
    const current = kv ? kv.modRevision : 0
    if (current !== ifRevision) throw new RevisionConflict(key, ifRevision, current)
  }

  /** The one place where something is written. */
  #commit(event: StoreEvent<V>): void {
    this.#revision = event.revision
    const kv = event.type === 'PUT' ? event.kv : undefined
    this.#row(event.key).versions.push({ since: event.revision, kv })
    const link = { revision: event.revision, event, next: undefined }
    this.#last.next = link
    this.#last = link
    for (const reader of this.#open) reader.advance()
  }

  /** The revision to read at. */
  #readable(asked: number | undefined): number {
    if (asked === undefined) return this.#revision
    if (asked > this.#revision) throw new FutureRevision(asked, this.#revision)
    if (asked < this.#compacted) throw new Compacted(asked, this.#compacted)
    return asked
  }

  #now(key: string): KeyValue<V> | undefined {
    const row = this.#rows[this.#placeOf(key)]
    return row?.key === key ? row.versions.at(-1)?.kv : undefined
  }

  /** The key's row, made if there is none. */
  #row(key: string): Row<V> {
    const place = this.#placeOf(key)
    const there = this.#rows[place]
    if (there?.key === key) return there
    const row: Row<V> = { key, versions: [] }
    this.#rows.splice(place, 0, row)
    return row
  }

  /** How many keys come before this one. */
  #placeOf(key: string): number {
    let low = 0
    let high = this.#rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#rows[middle] as Row<V>).key < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

function versionAt<V>({ versions }: Row<V>, revision: number): KeyValue<V> | undefined {
  let index = versions.length - 1
  while (index >= 0 && (versions[index] as Version<V>).since > revision) index--
  return versions[index]?.kv
}

function stillReadable<V>(versions: Version<V>[], from: number): Version<V>[] {
  const last = versions.findLastIndex(({ since }) => since <= from)
  const kept = versions.slice(Math.max(last, 0))
  // That a key was not there need not be remembered at the beginning.
  return kept[0] && !kept[0].kv ? kept.slice(1) : kept
}

/** A place in the chain, and those who wait for what comes there. */
class Reader<V> implements Watch<V> {
  readonly prefix: string
  readonly after: number
  readonly leave: (reader: Reader<V>) => void
  place: Link<V> | undefined
  failure: Compacted | undefined
  over = false
  readonly waiting: ((answer: Answer<V>) => void)[] = []

  constructor(prefix: string, after: number, leave: (reader: Reader<V>) => void) {
    this.prefix = prefix
    this.after = after
    this.leave = leave
  }

  fail(why: Compacted): void {
    this.failure = why
  }

  startAt(link: Link<V>): void {
    this.place = link
  }

  /** Answers those who wait, as far as the chain goes. */
  advance(): void {
    while (this.waiting.length > 0 && this.place?.next) {
      this.place = this.place.next
      const { event } = this.place
      if (!event || event.revision <= this.after || !event.key.startsWith(this.prefix)) continue
      this.waiting.shift()?.({ done: false, value: structuredClone(event) })
    }
  }

  next(): Promise<Answer<V>> {
    if (this.over) return Promise.resolve({ done: true, value: undefined })
    const failure = this.failure
    if (failure) {
      this.end()
      return Promise.reject(failure)
    }
    return new Promise((resolve) => {
      this.waiting.push(resolve)
      this.advance()
    })
  }

  async return(): Promise<Answer<V>> {
    this.end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): Watch<V> {
    return this
  }

  end(): void {
    this.over = true
    this.place = undefined
    this.leave(this)
    for (const resolve of this.waiting.splice(0)) resolve({ done: true, value: undefined })
  }
}
