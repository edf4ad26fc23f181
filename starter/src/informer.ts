/**
 * A local copy of all objects of a kind, which lists them once and then follows a watch. Whatever happens to the
 * connection, it comes to show what the API has, never goes back in time, and tells its handlers the difference.
 *
 * Mirrors: k8s.io/client-go/tools/cache: reflector.go, shared_informer.go, thread_safe_store.go
 * Simplified: changes go to the cache and the handlers at once, without a queue between (DeltaFIFO), as handlers
 * return soon; lists ask for the newest state, not for what the API server's own cache has.
 */
import { NotYet } from '#kit/not-yet'
import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import type { Address } from '#kit/api/metadata'
import type { EventHandler, InformerOptions, InformerParts, SharedInformer } from '#kit/informer'

/** A cache of all objects of a kind that are selected. It runs once: after `stop()` it is not started again. */
export class Informer<K extends StoredKind> implements SharedInformer<K> {
  /**
   * @param parts what it works with
   * @param options which objects; by default all of the kind, without indexes or resync
   */
  constructor(kind: K, parts: InformerParts, options: InformerOptions<K> = {}) {
    throw new NotYet('05-reconcile')
  }

  /** Whether the cache has been filled. */
  get synced(): boolean {
    throw new NotYet('05-reconcile')
  }

  /** The object as it was last seen; `undefined` if there is none. */
  get(at: Address): ObjectOf<K> | undefined {
    throw new NotYet('05-reconcile')
  }

  /** Every object of a namespace, in no particular order. Left out: of all namespaces. */
  list(namespace?: string): ObjectOf<K>[] {
    throw new NotYet('05-reconcile')
  }

  /**
   * Every object for which the index has this value, in no particular order.
   *
   * @throws {RangeError} if there is no index of this name
   */
  byIndex(index: string, value: string): ObjectOf<K>[] {
    throw new NotYet('05-reconcile')
  }

  /** Tells `handler` of every object that is there, during this call, and from then on of every change. */
  addHandler(handler: EventHandler<K>): void {
    throw new NotYet('05-reconcile')
  }

  /** Begins to list and watch. Resolves when the cache is filled, or when it never will be: after `stop()`. */
  start(): Promise<void> {
    throw new NotYet('05-reconcile')
  }

  /** Resolves when nothing is left running: no timer, no watch, no call under way. No handler is called any more. */
  async stop(): Promise<void> {
    throw new NotYet('05-reconcile')
  }
}
