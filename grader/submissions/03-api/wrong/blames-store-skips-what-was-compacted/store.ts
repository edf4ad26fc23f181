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

/** What a key held from `since` on; nothing if it was deleted then. */
interface Version<V> {
  since: number
  kv: KeyValue<V> | null
}

export class Store<V> implements KeyValueStore<V> {
  #rev = 1
  #floor = 1
  #eventsFrom = 2
  #keys = new Map<string, Version<V>[]>()
  #events: StoreEvent<V>[] = []
  #wakeUps = new Set<() => void>()

  constructor(snapshot?: Snapshot<V>) {
    if (!snapshot) return
    const { revision, items } = structuredClone(snapshot)
    this.#rev = revision
    this.#floor = revision
    this.#eventsFrom = revision + 1
    for (const kv of items) this.#keys.set(kv.key, [{ since: kv.modRevision, kv }])
  }

  async put(key: string, value: V, { ifRevision }: WriteOptions = {}): Promise<KeyValue<V>> {
    const prev = this.#versionAt(key, this.#rev)
    const current = prev === null ? 0 : prev.modRevision
    if (ifRevision !== undefined && ifRevision !== current) {
      throw new RevisionConflict(key, ifRevision, current)
    }
    this.#rev += 1
    const kv = {
      key,
      value: structuredClone(value),
      createRevision: prev === null ? this.#rev : prev.createRevision,
      modRevision: this.#rev,
    }
    this.#addVersion(key, kv)
    this.#emit({ type: 'PUT', key, revision: this.#rev, kv, prevKv: prev ?? undefined })
    return structuredClone(kv)
  }

  async delete(key: string, { ifRevision }: WriteOptions = {}): Promise<KeyValue<V> | undefined> {
    const prev = this.#versionAt(key, this.#rev)
    const current = prev === null ? 0 : prev.modRevision
    if (ifRevision !== undefined && ifRevision !== current) {
      throw new RevisionConflict(key, ifRevision, current)
    }
    if (prev === null) return undefined
    this.#rev += 1
    this.#addVersion(key, null)
    this.#emit({ type: 'DELETE', key, revision: this.#rev, prevKv: prev })
    return structuredClone(prev)
  }

  async get(key: string, { revision = this.#rev }: ReadOptions = {}): Promise<KeyValue<V> | undefined> {
    this.#mustBeReadable(revision)
    return structuredClone(this.#versionAt(key, revision) ?? undefined)
  }

  async list(prefix: string, { revision = this.#rev }: ReadOptions = {}): Promise<Snapshot<V>> {
    this.#mustBeReadable(revision)
    const items = []
    for (const key of this.#keys.keys()) {
      if (!key.startsWith(prefix)) continue
      const kv = this.#versionAt(key, revision)
      if (kv !== null) items.push(structuredClone(kv))
    }
    items.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    return { revision, items }
  }

  watch(prefix: string, { after = this.#rev }: WatchOptions = {}): Watch<V> {
    type Result = IteratorResult<StoreEvent<V>, undefined>
    const waiting: { resolve: (result: Result) => void }[] = []
    const done: Result = { done: true, value: undefined }
    let last = after
    let open = true
    // Whatever is still known, from there on.
    const backlog = this.#events.filter((event) => event.revision > last && event.key.startsWith(prefix))
    last = Math.max(last, this.#rev)

    const pump = () => {
      for (const event of this.#events) {
        if (event.revision <= last) continue
        last = event.revision
        if (event.key.startsWith(prefix)) backlog.push(event)
      }
      while (waiting.length > 0 && backlog.length > 0) {
        const value = structuredClone(backlog.shift() as StoreEvent<V>)
        waiting.shift()?.resolve({ done: false, value })
      }
    }
    this.#wakeUps.add(pump)

    const watch: Watch<V> = {
      next: async () => {
        if (!open) return done
        return new Promise<Result>((resolve) => {
          waiting.push({ resolve })
          pump()
        })
      },
      return: async () => {
        open = false
        this.#wakeUps.delete(pump)
        while (waiting.length > 0) waiting.shift()?.resolve(done)
        return done
      },
      [Symbol.asyncIterator]: () => watch,
    }
    return watch
  }

  async compact(revision: number): Promise<void> {
    if (revision <= this.#floor) throw new Compacted(revision, this.#floor)
    if (revision > this.#rev) throw new FutureRevision(revision, this.#rev)
    for (const [key, versions] of this.#keys) {
      const keep = versions.findLastIndex((version) => version.since <= revision)
      if (keep > 0) versions.splice(0, keep)
      if (versions.length === 1 && versions[0]?.kv === null) this.#keys.delete(key)
    }
    this.#events = this.#events.filter((event) => event.revision >= revision)
    this.#eventsFrom = revision
    this.#floor = revision
  }

  #mustBeReadable(revision: number) {
    if (revision < this.#floor) throw new Compacted(revision, this.#floor)
    if (revision > this.#rev) throw new FutureRevision(revision, this.#rev)
  }

  #versionAt(key: string, revision: number): KeyValue<V> | null {
    const versions = this.#keys.get(key) ?? []
    return versions.findLast((version) => version.since <= revision)?.kv ?? null
  }

  #addVersion(key: string, kv: KeyValue<V> | null) {
    const versions = this.#keys.get(key)
    if (versions) versions.push({ since: this.#rev, kv })
    else this.#keys.set(key, [{ since: this.#rev, kv }])
  }

  #emit(event: StoreEvent<V>) {
    this.#events.push(event)
    for (const wakeUp of this.#wakeUps) wakeUp()
  }
}
