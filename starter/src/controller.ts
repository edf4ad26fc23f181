/**
 * Calls `reconcile` for every key that its sources name, until it has gone well: not before all caches are filled,
 * never twice at a time for one key, again later where it failed.
 *
 * Mirrors: sigs.k8s.io/controller-runtime: pkg/internal/controller/controller.go, pkg/source, pkg/handler
 * Simplified: a controller starts and stops its informers itself (there: the manager, for all controllers of a
 * process); no limit on how long the caches may take to fill, no predicates, no priorities, no metrics.
 */
import { NotYet } from '#kit/not-yet'
import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import type { StoredMetadata } from '#kit/api/metadata'
import type { Component } from '#kit/component'
import type { ControllerParts, Source } from '#kit/controller'
import type { SharedInformer } from '#kit/informer'

/**
 * The objects of an informer as a source.
 *
 * @param keysOf which keys a change of an object concerns
 */
export function source<K extends StoredKind>(
  informer: SharedInformer<K>,
  keysOf: (object: ObjectOf<K>) => readonly string[],
): Source {
  throw new NotYet('05-reconcile')
}

/**
 * For {@link source}: the object's own key.
 *
 * Mirrors: `EnqueueRequestForObject`
 */
export function itself({ metadata }: { metadata: StoredMetadata }): string[] {
  throw new NotYet('05-reconcile')
}

/**
 * For {@link source}: the key of the owner that controls the object, if that is of this kind.
 *
 * Mirrors: `EnqueueRequestForOwner` with `OnlyControllerOwner()`
 *
 * @param apiVersion of the owner, such as `apps/v1`; its version does not matter, its group does
 * @param kind of the owner, such as `ReplicaSet`
 */
export function controllerOf(
  apiVersion: string,
  kind: string,
): (object: { metadata: StoredMetadata }) => string[] {
  throw new NotYet('05-reconcile')
}

/** A loop that reconciles. It runs once: after `stop()` it is not started again. */
export class Controller implements Component {
  /** @param parts where keys come from, where they wait, and what is done with them */
  constructor(parts: ControllerParts) {
    throw new NotYet('05-reconcile')
  }

  /** Starts the sources, and the workers once all of these are filled. Resolves then, or after `stop()`. */
  start(): Promise<void> {
    throw new NotYet('05-reconcile')
  }

  /** Resolves when nothing is left running, no `reconcile` either. None begins any more. */
  async stop(): Promise<void> {
    throw new NotYet('05-reconcile')
  }
}
