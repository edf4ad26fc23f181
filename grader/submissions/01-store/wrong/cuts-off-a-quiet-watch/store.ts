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

type Answer<V> = IteratorResult<StoreEvent<V>, undefined>
type Version<V> = { at: number; kv?: KeyValue<V> }

const done = { done: true, value: undefined } as const

export class Store<V> implements KeyValueStore<V> {
  #revision: number
  /** The oldest revision that can be read. */
  #oldestState: number
  /** The oldest revision that can be watched. */
  #oldestEvent: number
  /** Each key's versions, newest first. */
  #versions: Record<string, Version<V>[]> = Object.create(null)
  #events = new Map<number, StoreEvent<V>>()
  /** One for each open watch. */
  #catchUps: (() => void)[] = []

  constructor(snapshot: Snapshot<V> = { revision: 1, items: [] }) {
    this.#revision = snapshot.revision
    this.#oldestState = snapshot.revision
    this.#oldestEvent = snapshot.revision + 1
    for (const kv of structuredClone(snapshot.items)) this.#versions[kv.key] = [{ at: kv.modRevision, kv }]
  }

  async put(key: string, value: V, options?: WriteOptions) {
    const prevKv = this.#demand(key, options)
    const revision = this.#revision + 1
    const kv: KeyValue<V> = {
      key,
      value: structuredClone(value),
      createRevision: prevKv?.createRevision ?? revision,
      modRevision: revision,
    }
    this.#write({ at: revision, kv }, { type: 'PUT', key, revision, kv, prevKv })
    return structuredClone(kv)
  }

  async delete(key: string, options?: WriteOptions) {
    const prevKv = this.#demand(key, options)
    if (prevKv) {
      const revision = this.#revision + 1
      this.#write({ at: revision }, { type: 'DELETE', key, revision, prevKv })
    }
    return structuredClone(prevKv)
  }

  async get(key: string, options?: ReadOptions) {
    return structuredClone(this.#find(key, this.#readable(options)))
  }

  async list(prefix: string, options?: ReadOptions) {
    const revision = this.#readable(options)
    const items: KeyValue<V>[] = []
    for (const key of Object.keys(this.#versions).sort()) {
      const kv = key.startsWith(prefix) ? this.#find(key, revision) : undefined
      if (kv) items.push(kv)
    }
    return { revision, items: structuredClone(items) }
  }

  watch(prefix: string, options?: WatchOptions): Watch<V> {
    // The revision that this watch wants to see next.
    let place = (options?.after ?? this.#revision) + 1
    let closed = false
    let callers: ((answer: Answer<V>) => void)[] = []

    const catchUp = () => {
      let event = this.#events.get(place)
      while (event) {
        if (event.key.startsWith(prefix)) {
          const caller = callers.shift()
          if (!caller) break
          caller({ done: false, value: structuredClone(event) })
        }
        place += 1
        event = this.#events.get(place)
      }
    }
    const close = () => {
      closed = true
      this.#catchUps = this.#catchUps.filter((other) => other !== catchUp)
      for (const caller of callers) caller(done)
      callers = []
    }
    this.#catchUps.push(catchUp)

    return {
      next: async () => {
        if (closed) return done
        if (place < this.#oldestEvent) {
          close()
          throw new Compacted(place, this.#oldestState)
        }
        return new Promise<Answer<V>>((resolve) => {
          callers.push(resolve)
          catchUp()
        })
      },
      return: async () => {
        close()
        return done
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  async compact(revision: number) {
    if (revision <= this.#oldestState) throw new Compacted(revision, this.#oldestState)
    if (revision > this.#revision) throw new FutureRevision(revision, this.#revision)
    for (const [key, versions] of Object.entries(this.#versions)) {
      const atRevision = versions.findIndex(({ at }) => at <= revision)
      const kept = atRevision < 0 ? versions : versions.slice(0, atRevision + 1)
      if (kept.length === 1 && !kept[0]?.kv) delete this.#versions[key]
      else this.#versions[key] = kept
    }
    for (const known of this.#events.keys()) if (known < revision) this.#events.delete(known)
    this.#oldestState = revision
    this.#oldestEvent = revision
  }

  #write(version: Version<V>, event: StoreEvent<V>) {
    this.#revision = event.revision
    this.#versions[event.key] = [version, ...(this.#versions[event.key] ?? [])]
    this.#events.set(event.revision, event)
    for (const catchUp of this.#catchUps) catchUp()
  }

  #demand(key: string, { ifRevision }: WriteOptions = {}) {
    const kv = this.#find(key, this.#revision)
    const current = kv ? kv.modRevision : 0
    if ((ifRevision ?? current) !== current) throw new RevisionConflict(key, ifRevision ?? 0, current)
    return kv
  }

  #readable({ revision = this.#revision }: ReadOptions = {}) {
    if (revision < this.#oldestState) throw new Compacted(revision, this.#oldestState)
    if (revision > this.#revision) throw new FutureRevision(revision, this.#revision)
    return revision
  }

  #find(key: string, revision: number) {
    return this.#versions[key]?.find(({ at }) => at <= revision)?.kv
  }
}
