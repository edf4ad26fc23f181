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

/** What a key held from `revision` on; `kv` is undefined where that was a delete. */
interface Version<V> {
  revision: number
  kv: KeyValue<V> | undefined
}

type Next<V> = IteratorResult<StoreEvent<V>, undefined>

/** A watch that is open: it has a queue of its own. */
class Feed<V> implements Watch<V> {
  readonly prefix: string
  readonly after: number
  #events: StoreEvent<V>[] = []
  #waiting: ((next: Next<V>) => void)[] = []
  #failure: (() => Compacted) | undefined
  #over = false
  #onEnd: () => void

  constructor(prefix: string, after: number, onEnd: () => void) {
    this.prefix = prefix
    this.after = after
    this.#onEnd = onEnd
  }

  fail(failure: () => Compacted): void {
    this.#failure = failure
  }

  offer(event: StoreEvent<V>): void {
    if (this.#over || event.revision <= this.after || !event.key.startsWith(this.prefix)) return
    const copy = structuredClone(event)
    const waiter = this.#waiting.shift()
    if (waiter) waiter({ done: false, value: copy })
    else this.#events.push(copy)
  }

  async next(): Promise<Next<V>> {
    if (this.#failure) {
      const failure = this.#failure
      this.#failure = undefined
      this.#end()
      throw failure()
    }
    if (this.#over) return { done: true, value: undefined }
    const event = this.#events.shift()
    if (event) return { done: false, value: event }
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  async return(): Promise<Next<V>> {
    this.#failure = undefined
    this.#end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): Watch<V> {
    return this
  }

  #end(): void {
    this.#over = true
    this.#events = []
    for (const waiter of this.#waiting.splice(0)) waiter({ done: true, value: undefined })
    this.#onEnd()
  }
}

/** Keys with their versions, in memory. */
export class Store<V> implements KeyValueStore<V> {
  #revision: number
  #compacted: number
  /** The oldest revision whose write is known. */
  #firstEvent: number
  readonly #versions = new Map<string, Version<V>[]>()
  #log: StoreEvent<V>[] = []
  readonly #feeds = new Set<Feed<V>>()

  constructor(snapshot: Snapshot<V> = { revision: 1, items: [] }) {
    const { revision, items } = structuredClone(snapshot)
    this.#revision = revision
    this.#compacted = revision
    this.#firstEvent = revision + 1
    for (const kv of items) this.#versions.set(kv.key, [{ revision: kv.modRevision, kv }])
  }

  async put(key: string, value: V, options: WriteOptions = {}): Promise<KeyValue<V>> {
    const prevKv = this.#at(key, this.#revision)
    check(key, prevKv, options)
    const copy = structuredClone(value)
    const revision = ++this.#revision
    const kv = { key, value: copy, createRevision: prevKv?.createRevision ?? revision, modRevision: revision }
    this.#write(key, revision, kv)
    this.#publish({ type: 'PUT', key, revision, kv, prevKv })
    return structuredClone(kv)
  }

  async delete(key: string, options: WriteOptions = {}): Promise<KeyValue<V> | undefined> {
    const prevKv = this.#at(key, this.#revision)
    check(key, prevKv, options)
    if (!prevKv) return undefined
    const revision = ++this.#revision
    this.#write(key, revision, undefined)
    this.#publish({ type: 'DELETE', key, revision, prevKv })
    return structuredClone(prevKv)
  }

  async get(key: string, options: ReadOptions = {}): Promise<KeyValue<V> | undefined> {
    const revision = this.#readable(options)
    return structuredClone(this.#at(key, revision))
  }

  async list(prefix: string, options: ReadOptions = {}): Promise<Snapshot<V>> {
    const revision = this.#readable(options)
    const items: KeyValue<V>[] = []
    for (const key of [...this.#versions.keys()].sort()) {
      if (!key.startsWith(prefix)) continue
      const kv = this.#at(key, revision)
      if (kv) items.push(structuredClone(kv))
    }
    return { revision, items }
  }

  watch(prefix: string, options: WatchOptions = {}): Watch<V> {
    const { after = this.#revision } = options
    const feed = new Feed<V>(prefix, after, () => this.#feeds.delete(feed))
    if (after + 1 < this.#firstEvent) {
      feed.fail(() => new Compacted(after + 1, this.#compacted))
      return feed
    }
    for (const event of this.#log) feed.offer(event)
    this.#feeds.add(feed)
    return feed
  }

  async compact(revision: number): Promise<void> {
    if (revision <= this.#compacted) throw new Compacted(revision, this.#compacted)
    if (revision > this.#revision) throw new FutureRevision(revision, this.#revision)
    this.#compacted = revision
    this.#firstEvent = revision
    this.#log = this.#log.filter((event) => event.revision >= revision)
    for (const [key, versions] of this.#versions) {
      const base = versions.findLastIndex((version) => version.revision <= revision)
      if (base > 0) versions.splice(0, base)
      if (versions.length === 1 && !versions[0]?.kv) this.#versions.delete(key)
    }
  }

  #at(key: string, revision: number): KeyValue<V> | undefined {
    return this.#versions.get(key)?.findLast((version) => version.revision <= revision)?.kv
  }

  #readable({ revision = this.#revision }: ReadOptions): number {
    if (revision < this.#compacted) throw new Compacted(revision, this.#compacted)
    if (revision > this.#revision) throw new FutureRevision(revision, this.#revision)
    return revision
  }

  #write(key: string, revision: number, kv: KeyValue<V> | undefined): void {
    const versions = this.#versions.get(key)
    if (versions) versions.push({ revision, kv })
    else this.#versions.set(key, [{ revision, kv }])
  }

  #publish(event: StoreEvent<V>): void {
    this.#log.push(event)
    for (const feed of this.#feeds) feed.offer(event)
  }
}

/** @throws {RevisionConflict} if the key is not at the revision that the write is meant for */
function check(key: string, kv: KeyValue<unknown> | undefined, { ifRevision }: WriteOptions): void {
  const current = kv?.modRevision ?? 0
  if (ifRevision !== undefined && ifRevision !== current) throw new RevisionConflict(key, ifRevision, current)
}
