import { Compacted, FutureRevision, RevisionConflict } from '#kit/store'
import type {
  KeyValue,
  KeyValueStore,
  ReadOptions,
  Snapshot,
  StoreEvent,
  Watch,
  WatchOptions,
  WriteOptions,
} from '#kit/store'

type Result<V> = IteratorResult<StoreEvent<V>, undefined>

// One watcher: events that nobody has asked for yet, and askers that have no event yet.
class Subscription<V> implements Watch<V> {
  private queue: StoreEvent<V>[] = []
  private askers: Array<(result: Result<V>) => void> = []
  private closed = false
  private problem: Error | undefined
  private prefix: string
  private after: number

  constructor(prefix: string, after: number, problem?: Error) {
    this.prefix = prefix
    this.after = after
    this.problem = problem
  }

  offer(event: StoreEvent<V>): void {
    if (this.closed || event.revision <= this.after || !event.key.startsWith(this.prefix)) return
    const asker = this.askers.shift()
    if (asker) asker({ done: false, value: event })
    else this.queue.push(event)
  }

  next(): Promise<Result<V>> {
    if (this.closed) return Promise.resolve({ done: true, value: undefined })
    if (this.problem) {
      this.closed = true
      return Promise.reject(this.problem)
    }
    const event = this.queue.shift()
    if (event) return Promise.resolve({ done: false, value: event })
    return new Promise((resolve) => {
      this.askers.push(resolve)
    })
  }

  return(): Promise<Result<V>> {
    this.closed = true
    this.queue = []
    for (const asker of this.askers) asker({ done: true, value: undefined })
    this.askers = []
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): Watch<V> {
    return this
  }
}

export class Store<V> implements KeyValueStore<V> {
  private revision: number
  private oldest: number
  private firstEvent: number
  private now = new Map<string, KeyValue<V>>()
  // The whole store as it was, for each revision.
  private states = new Map<number, Map<string, KeyValue<V>>>()
  private events: StoreEvent<V>[] = []
  private subscriptions: Subscription<V>[] = []

  constructor(snapshot?: Snapshot<V>) {
    this.revision = snapshot ? snapshot.revision : 1
    this.oldest = this.revision
    this.firstEvent = this.revision + 1
    for (const item of snapshot?.items ?? []) this.now.set(item.key, structuredClone(item))
    this.states.set(this.revision, new Map(this.now))
  }

  async put(key: string, value: V, options?: WriteOptions): Promise<KeyValue<V>> {
    this.check(key, options)
    const before = this.now.get(key)
    const revision = this.revision + 1
    const kv: KeyValue<V> = {
      key,
      value: structuredClone(value),
      createRevision: before ? before.createRevision : revision,
      modRevision: revision,
    }
    this.now.set(key, kv)
    this.commit({ type: 'PUT', key, revision, kv, prevKv: before })
    return kv
  }

  async delete(key: string, options?: WriteOptions): Promise<KeyValue<V> | undefined> {
    this.check(key, options)
    const before = this.now.get(key)
    if (before === undefined) return undefined
    this.now.delete(key)
    this.commit({ type: 'DELETE', key, revision: this.revision + 1, prevKv: before })
    return before
  }

  async get(key: string, options?: ReadOptions): Promise<KeyValue<V> | undefined> {
    return this.at(options?.revision).get(key)
  }

  async list(prefix: string, options?: ReadOptions): Promise<Snapshot<V>> {
    const items: KeyValue<V>[] = []
    const state = this.at(options?.revision)
    for (const key of [...state.keys()].sort()) {
      const kv = state.get(key)
      if (kv && key.startsWith(prefix)) items.push(kv)
    }
    return { revision: options?.revision ?? this.revision, items }
  }

  watch(prefix: string, options?: WatchOptions): Watch<V> {
    const after = options?.after ?? this.revision
    const gone = after + 1 < this.firstEvent ? new Compacted(after + 1, this.oldest) : undefined
    const subscription = new Subscription<V>(prefix, after, gone)
    for (const event of this.events) subscription.offer(event)
    this.subscriptions.push(subscription)
    return subscription
  }

  async compact(revision: number): Promise<void> {
    if (revision <= this.oldest) throw new Compacted(revision, this.oldest)
    if (revision > this.revision) throw new FutureRevision(revision, this.revision)
    for (const known of this.states.keys()) {
      if (known < revision) this.states.delete(known)
    }
    this.events = this.events.filter((event) => event.revision >= revision)
    this.oldest = revision
    this.firstEvent = revision
  }

  private check(key: string, options?: WriteOptions): void {
    const expected = options?.ifRevision
    const current = this.now.get(key)?.modRevision ?? 0
    if (expected !== undefined && expected !== current) throw new RevisionConflict(key, expected, current)
  }

  private commit(event: StoreEvent<V>): void {
    this.revision = event.revision
    this.states.set(event.revision, new Map(this.now))
    this.events.push(event)
    for (const subscription of this.subscriptions) subscription.offer(event)
  }

  private at(revision: number | undefined): Map<string, KeyValue<V>> {
    if (revision === undefined) return this.now
    if (revision > this.revision) throw new FutureRevision(revision, this.revision)
    const state = this.states.get(revision)
    if (!state) throw new Compacted(revision, this.oldest)
    return state
  }
}
