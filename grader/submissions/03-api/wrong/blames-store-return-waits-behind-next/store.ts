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

// What one watcher has not read yet; `wake` tells it that there is more.
class Inbox<V> {
  private events: StoreEvent<V>[] = []
  private wake = () => {}
  private prefix: string
  private after: number

  constructor(prefix: string, after: number) {
    this.prefix = prefix
    this.after = after
  }

  offer(event: StoreEvent<V>): void {
    if (event.revision <= this.after || !event.key.startsWith(this.prefix)) return
    this.events.push(structuredClone(event))
    this.wake()
  }

  async *read(problem?: Error): AsyncGenerator<StoreEvent<V>, undefined> {
    if (problem) throw problem
    for (;;) {
      const event = this.events.shift()
      if (event) {
        yield event
      } else {
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      }
    }
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
  private inboxes: Inbox<V>[] = []

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
    return structuredClone(kv)
  }

  async delete(key: string, options?: WriteOptions): Promise<KeyValue<V> | undefined> {
    this.check(key, options)
    const before = this.now.get(key)
    if (before === undefined) return undefined
    this.now.delete(key)
    this.commit({ type: 'DELETE', key, revision: this.revision + 1, prevKv: before })
    return structuredClone(before)
  }

  async get(key: string, options?: ReadOptions): Promise<KeyValue<V> | undefined> {
    return structuredClone(this.at(options?.revision).get(key))
  }

  async list(prefix: string, options?: ReadOptions): Promise<Snapshot<V>> {
    const items: KeyValue<V>[] = []
    const state = this.at(options?.revision)
    for (const key of [...state.keys()].sort()) {
      const kv = state.get(key)
      if (kv && key.startsWith(prefix)) items.push(structuredClone(kv))
    }
    return { revision: options?.revision ?? this.revision, items }
  }

  watch(prefix: string, options?: WatchOptions): Watch<V> {
    const after = options?.after ?? this.revision
    const gone = after + 1 < this.firstEvent ? new Compacted(after + 1, this.oldest) : undefined
    const inbox = new Inbox<V>(prefix, after)
    for (const event of this.events) inbox.offer(event)
    this.inboxes.push(inbox)
    const stream = inbox.read(gone)
    return {
      next: () => stream.next(),
      return: () => stream.return(undefined),
      [Symbol.asyncIterator]() {
        return this
      },
    }
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
    for (const inbox of this.inboxes) inbox.offer(event)
  }

  private at(revision: number | undefined): Map<string, KeyValue<V>> {
    if (revision === undefined) return this.now
    if (revision > this.revision) throw new FutureRevision(revision, this.revision)
    const state = this.states.get(revision)
    if (!state) throw new Compacted(revision, this.oldest)
    return state
  }
}
