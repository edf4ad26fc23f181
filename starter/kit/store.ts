/**
 * The store of record, as every component above it sees it.
 *
 * Mirrors: etcd's key-value API, https://etcd.io/docs/v3.6/learning/api/
 */

/** One key with its value, as of one revision. */
export interface KeyValue<V> {
  key: string
  value: V
  /** The revision of the write that created the key; a key that is deleted and put again has a new one. */
  createRevision: number
  /** The revision of the last write to the key. */
  modRevision: number
}

/** One write, as a watch reports it. `prevKv` is what the key held just before. */
export type StoreEvent<V> =
  | { type: 'PUT'; key: string; revision: number; kv: KeyValue<V>; prevKv: KeyValue<V> | undefined }
  | { type: 'DELETE'; key: string; revision: number; prevKv: KeyValue<V> }

/** All that a store needs to go on from where another one was. */
export interface Snapshot<V> {
  revision: number
  items: KeyValue<V>[]
}

/** A condition on a write. */
export interface WriteOptions {
  /**
   * Write only if the key's `modRevision` is this one; 0 means: only if there is no such key.
   * Left out: write whatever is there.
   */
  ifRevision?: number
}

/** Which revision to read at. */
export interface ReadOptions {
  /** Left out: the current one. */
  revision?: number
}

/** Where a watch begins. */
export interface WatchOptions {
  /** The first event is the first one after this revision. Left out: the current revision. */
  after?: number
}

/**
 * A stream of events. `next()` waits for the next one; `return()` ends the watch, and with it every
 * `next()` that still waits.
 */
export interface Watch<V> {
  next(): Promise<IteratorResult<StoreEvent<V>, undefined>>
  return(): Promise<IteratorResult<StoreEvent<V>, undefined>>
  [Symbol.asyncIterator](): Watch<V>
}

/**
 * A store of plain data under string keys, in which every write has a revision.
 *
 * @typeParam V the values: plain JSON data
 */
export interface KeyValueStore<V> {
  /**
   * Sets a key's value.
   *
   * @returns the key as it now is
   * @throws {RevisionConflict} if `ifRevision` does not hold; nothing has changed then
   */
  put(key: string, value: V, options?: WriteOptions): Promise<KeyValue<V>>

  /**
   * Removes a key.
   *
   * @returns the key as it last was; `undefined` if there was none
   * @throws {RevisionConflict} if `ifRevision` does not hold; nothing has changed then
   */
  delete(key: string, options?: WriteOptions): Promise<KeyValue<V> | undefined>

  /**
   * Reads one key.
   *
   * @returns `undefined` if there is no such key at that revision
   * @throws {Compacted} or {@link FutureRevision} if there is nothing to be read at that revision
   */
  get(key: string, options?: ReadOptions): Promise<KeyValue<V> | undefined>

  /**
   * Reads every key that begins with `prefix`, in ascending order of the keys (as `<` compares strings),
   * all as of the one revision that it returns.
   *
   * @throws {Compacted} or {@link FutureRevision} if there is nothing to be read at that revision
   */
  list(prefix: string, options?: ReadOptions): Promise<Snapshot<V>>

  /**
   * Streams the writes to all keys that begin with `prefix`. It begins at the moment of the call, not of
   * the first `next()`, and never throws: a revision that is no longer there makes `next()` reject with
   * {@link Compacted}.
   */
  watch(prefix: string, options?: WatchOptions): Watch<V>

  /**
   * Forgets what was before `revision`. The state at `revision` itself can still be read.
   *
   * @throws {Compacted} if that was forgotten already
   * @throws {FutureRevision} if there is no such revision yet
   */
  compact(revision: number): Promise<void>
}

/** A conditional write found the key at another revision. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict'
  readonly key: string
  readonly expected: number
  readonly current: number

  /**
   * @param key the key of the write
   * @param expected the `ifRevision` of the write
   * @param current the key's `modRevision`; 0 if there is no such key
   */
  constructor(key: string, expected: number, current: number) {
    super(`${key}: expected revision ${expected}, but it is at ${current}`)
    this.key = key
    this.expected = expected
    this.current = current
  }
}

/** What was asked for has been compacted away: list again, and go on from there. */
export class Compacted extends Error {
  override readonly name = 'Compacted'
  readonly requested: number
  readonly compacted: number

  /**
   * @param requested the revision that was asked for
   * @param compacted the oldest revision that can still be read
   */
  constructor(requested: number, compacted: number) {
    super(`revision ${requested} has been compacted; the oldest is ${compacted}`)
    this.requested = requested
    this.compacted = compacted
  }
}

/** A read asked for a revision that has not been written yet. */
export class FutureRevision extends Error {
  override readonly name = 'FutureRevision'
  readonly requested: number
  readonly current: number

  /**
   * @param requested the revision that was asked for
   * @param current the store's revision
   */
  constructor(requested: number, current: number) {
    super(`revision ${requested} is in the future; the store is at ${current}`)
    this.requested = requested
    this.current = current
  }
}
