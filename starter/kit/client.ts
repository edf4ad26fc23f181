/**
 * The one seam between components: whoever reads or writes objects does it through this. It carries plain
 * data and streams of plain data only, so that it can cross a process or a network, and a `Client` can wrap a
 * `Client`. Every method rejects with a `StatusError` (kit/status-error.ts) where the API refuses.
 *
 * Mirrors: client-go's typed clients and controller-runtime's client.Client
 */
import type { Status } from 'kubernetes-types/meta/v1'
import type { DraftOf, KindName, ObjectOf, StoredKind } from '#kit/api/kinds'
import type { Address } from '#kit/api/metadata'
import type {
  CallOptions,
  ClientWatchOptions,
  ClientWriteOptions,
  DeleteOptions,
  ListOptions,
  SelectOptions,
} from '#kit/client-options'
import type { Stream } from '#kit/stream'

/** A change, in one of the three notations of a PATCH request. */
export type Patch =
  | { type: 'json'; operations: readonly { op: string; path: string; from?: string; value?: unknown }[] }
  | { type: 'merge' | 'strategic'; patch: Readonly<Record<string, unknown>> }

/** A page of objects, all as of one version. */
export interface ObjectList<K extends StoredKind> {
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number }
  items: ObjectOf<K>[]
}

/** What happened to an object. A `BOOKMARK` says only how far the watch has come. */
export type WatchEvent<K extends StoredKind> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: ObjectOf<K> }
  | { type: 'BOOKMARK'; object: { metadata: { resourceVersion: string } } }

/** A way to an API: the learner's own, another server's, or one that wraps another. */
export interface Client {
  /** Reads one object. */
  get<K extends KindName>(kind: K, at: Address, options?: CallOptions): Promise<ObjectOf<K>>

  /** Reads every object that is selected, in the order of their `namespace/name`: `a-b/x` before `a/x`. */
  list<K extends StoredKind>(kind: K, options?: ListOptions): Promise<ObjectList<K>>

  /**
   * Begins once access was asked, a little after the call. A version that is too old makes `next()` reject
   * with Expired (410): list again. The stream may end at any time; the reader goes on from the last version
   * that it saw.
   */
  watch<K extends StoredKind>(kind: K, options?: ClientWatchOptions): Stream<WatchEvent<K>>

  /** Stores a new object; its name may be left to `generateName`. */
  create<K extends KindName>(kind: K, object: DraftOf<K>, options?: ClientWriteOptions): Promise<ObjectOf<K>>

  /**
   * Replaces an object. With a `resourceVersion`, only if it is still at that one: otherwise Conflict (409).
   */
  update<K extends KindName>(kind: K, object: DraftOf<K>, options?: ClientWriteOptions): Promise<ObjectOf<K>>

  /** Changes an object as it is now. */
  patch<K extends KindName>(
    kind: K,
    at: Address,
    patch: Patch,
    options?: ClientWriteOptions,
  ): Promise<ObjectOf<K>>

  /**
   * Asks for an object to be deleted.
   *
   * @returns the object if it waits for its grace period or its finalizers; a Status if it is gone
   */
  delete<K extends StoredKind>(kind: K, at: Address, options?: DeleteOptions): Promise<ObjectOf<K> | Status>

  /**
   * Asks for every object that is selected to be deleted, each for itself.
   *
   * @returns the objects as they were
   */
  deleteCollection<K extends StoredKind>(
    kind: K,
    options?: SelectOptions & DeleteOptions,
  ): Promise<ObjectList<K>>
}
