/**
 * The local copy of all objects of a kind, as those who read it see it, and who is told of its changes.
 *
 * Mirrors: `SharedIndexInformer`, `Indexer` and `ResourceEventHandler` of k8s.io/client-go/tools/cache
 */
import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import type { Address } from '#kit/api/metadata'
import type { Client } from '#kit/client'
import type { SelectOptions } from '#kit/client-options'
import type { Clock } from '#kit/clock'
import type { Component } from '#kit/component'
import type { Random } from '#kit/random'

/**
 * Who is told of changes. Each method may be left out, and must return soon. Objects belong to the cache: whoever
 * wants to change one changes a copy.
 */
export interface EventHandler<K extends StoredKind> {
  /** It was not in the cache before, and is now. */
  added?(object: ObjectOf<K>): void

  /** It has changed; or nothing has, and this is a resync: then `old` and `object` are the same version. */
  updated?(old: ObjectOf<K>, object: ObjectOf<K>): void

  /** It is gone from the cache. @param object as its last event has it; as it was in the cache if none came */
  deleted?(object: ObjectOf<K>): void
}

/** A local copy of all objects of a kind. Its objects belong to it: change a copy. */
export interface Lister<K extends StoredKind> {
  /** The object as it was last seen; `undefined` if there is none. */
  get(at: Address): ObjectOf<K> | undefined

  /** Every object of a namespace, in no particular order. Left out: of all namespaces. */
  list(namespace?: string): ObjectOf<K>[]

  /**
   * Every object for which the index has this value, in no particular order.
   *
   * @throws {RangeError} if there is no index of this name
   */
  byIndex(index: string, value: string): ObjectOf<K>[]
}

/** A local copy that follows the API, from `start()` to `stop()`, once. */
export interface SharedInformer<K extends StoredKind> extends Lister<K>, Component {
  /** Whether the cache has been filled: from then on it shows what the API had a moment ago. */
  readonly synced: boolean

  /** Tells `handler` of every object that is there, during this call, and then of every change; until `stop()`. */
  addHandler(handler: EventHandler<K>): void

  /** Begins to list and watch. Resolves when the cache is filled, or when it never will be: after `stop()`. */
  start(): Promise<void>
}

/** What an informer works with. */
export interface InformerParts {
  client: Client
  clock: Clock
  /** Spreads the retries of many informers. */
  random: Random
}

/** Which objects an informer copies, and what it does beside that. */
export interface InformerOptions<K extends StoredKind> extends SelectOptions {
  /** How often all objects are reported as updated, in ms. Left out or 0: never. */
  resyncMs?: number
  /** By name: the values under which an object is found with `byIndex`. Pure functions, which do not throw. */
  indexes?: Readonly<Record<string, (object: ObjectOf<K>) => readonly string[]>>
  /** Told why a list or a watch failed, and what a handler threw. Must not throw. Left out: nobody is told. */
  onError?: (error: unknown) => void
}
