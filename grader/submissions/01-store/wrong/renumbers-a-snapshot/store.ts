import type { KeyValue, KeyValueStore, Snapshot, StoreEvent, Watch } from '#kit/store'
import { Compacted, FutureRevision, RevisionConflict } from '#kit/store'

const clone = structuredClone
const END = { done: true, value: undefined } as const

export class Store<V> implements KeyValueStore<V> {
  base: Snapshot<V> = { revision: 1, items: [] }
  log: StoreEvent<V>[] = []
  count = 1
  compactedTo = 1
  logStartsAt = 2
  listeners = new Set<() => void>()

  constructor(snapshot?: Snapshot<V>) {
    for (const { key, value } of snapshot?.items ?? []) this.put(key, value)
  }

  // The past is the base and then the log, up to a revision.
  stateAt(revision: number) {
    if (revision < this.compactedTo) throw new Compacted(revision, this.compactedTo)
    if (revision > this.count) throw new FutureRevision(revision, this.count)
    const state = new Map(this.base.items.map((kv) => [kv.key, kv]))
    for (const event of this.log) {
      if (event.revision > revision) break
      if (event.type === 'DELETE') state.delete(event.key)
      else state.set(event.key, event.kv)
    }
    return state
  }

  write(key: string, value: V | undefined, ifRevision: number | undefined) {
    const prevKv = this.stateAt(this.count).get(key)
    const current = prevKv?.modRevision ?? 0
    if (ifRevision !== undefined && ifRevision !== current) {
      throw new RevisionConflict(key, ifRevision, current)
    }
    if (value === undefined) {
      if (!prevKv) return undefined
      this.count++
      this.log.push({ type: 'DELETE', key, revision: this.count, prevKv })
      this.listeners.forEach((tell) => tell())
      return prevKv
    }
    const revision = ++this.count
    const createRevision = prevKv?.createRevision ?? revision
    const kv = { key, value, createRevision, modRevision: revision }
    this.log.push({ type: 'PUT', key, revision, kv, prevKv })
    this.listeners.forEach((tell) => tell())
    return kv
  }

  async put(key: string, value: V, options: { ifRevision?: number } = {}) {
    return clone(this.write(key, clone(value), options.ifRevision)) as KeyValue<V>
  }

  async delete(key: string, options: { ifRevision?: number } = {}) {
    return clone(this.write(key, undefined, options.ifRevision))
  }

  async get(key: string, options: { revision?: number } = {}) {
    return clone(this.stateAt(options.revision ?? this.count).get(key))
  }

  async list(prefix: string, options: { revision?: number } = {}) {
    const revision = options.revision ?? this.count
    const keyValues = [...this.stateAt(revision).values()].filter((kv) => kv.key.startsWith(prefix))
    const items = keyValues.sort((a, b) => (a.key > b.key ? 1 : -1))
    return clone({ revision, items })
  }

  watch(prefix: string, options: { after?: number } = {}): Watch<V> {
    return watchLog(this, prefix, options.after ?? this.count)
  }

  async compact(revision: number) {
    if (revision <= this.compactedTo) throw new Compacted(revision, this.compactedTo)
    const items = [...this.stateAt(revision).values()]
    this.base = { revision, items }
    this.log = this.log.filter((event) => event.revision >= revision)
    this.logStartsAt = revision
    this.compactedTo = revision
  }
}

function watchLog<V>(store: Store<V>, prefix: string, after: number): Watch<V> {
  let position = after + 1
  let ended = false
  const waiting: ((result: IteratorResult<StoreEvent<V>, undefined>) => void)[] = []

  // Stands still only at an event that is wanted and that nobody waits for.
  function advance() {
    while (position >= store.logStartsAt && position <= store.count) {
      const event = store.log[position - store.logStartsAt]
      if (event?.key.startsWith(prefix)) {
        if (waiting.length === 0) return
        waiting.shift()?.({ done: false, value: clone(event) })
      }
      position++
    }
  }

  function end() {
    ended = true
    store.listeners.delete(advance)
    for (const answer of waiting.splice(0)) answer(END)
  }

  store.listeners.add(advance)
  advance()
  return {
    next() {
      if (ended) return Promise.resolve(END)
      if (position < store.logStartsAt) {
        end()
        return Promise.reject(new Compacted(position, store.compactedTo))
      }
      return new Promise((resolve) => {
        waiting.push(resolve)
        advance()
      })
    },
    return() {
      end()
      return Promise.resolve(END)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
