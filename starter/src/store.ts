/**
 * The store of record: what the cluster knows is written, read and watched here, under one row of revisions.
 * Guarantees: a write happens whole or not at all; a read is of one revision; a watch hands out every event
 * once and in order, or says that it cannot; no caller shares an object with the store.
 *
 * Mirrors: etcd's mvcc, https://github.com/etcd-io/etcd/tree/main/server/storage/mvcc
 * Simplified: one member, in memory; no leases, no transactions over several keys.
 */
import { NotYet } from '#kit/not-yet'
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
  /** @param snapshot where to go on from, such as another store's `list('')`; default: empty, at revision 1 */
  constructor(snapshot: Snapshot<V> = { revision: 1, items: [] }) {
    throw new NotYet('01-store')
  }

  /** Sets a key's value, if `ifRevision` holds, at the next revision. */
  async put(key: string, value: V, options: WriteOptions = {}): Promise<KeyValue<V>> {
    throw new NotYet('01-store')
  }

  /** Removes a key, if `ifRevision` holds, at the next revision; does nothing if there is no such key. */
  async delete(key: string, options: WriteOptions = {}): Promise<KeyValue<V> | undefined> {
    throw new NotYet('01-store')
  }

  /** Reads one key, now or at an earlier revision. */
  async get(key: string, options: ReadOptions = {}): Promise<KeyValue<V> | undefined> {
    throw new NotYet('01-store')
  }

  /** Reads all keys that begin with `prefix`, in order, now or at an earlier revision. */
  async list(prefix: string, options: ReadOptions = {}): Promise<Snapshot<V>> {
    throw new NotYet('01-store')
  }

  /** Streams the writes to keys that begin with `prefix`, from this moment on or from an earlier revision. */
  watch(prefix: string, options: WatchOptions = {}): Watch<V> {
    throw new NotYet('01-store')
  }

  /** Forgets what was before `revision`. */
  async compact(revision: number): Promise<void> {
    throw new NotYet('01-store')
  }
}
