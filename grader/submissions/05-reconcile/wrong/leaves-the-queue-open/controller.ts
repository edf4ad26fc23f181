/**
 * Calls `reconcile` for every key that its sources name, until it has gone well: not before all caches are filled,
 * never twice at a time for one key, again later where it failed.
 *
 * Mirrors: sigs.k8s.io/controller-runtime: pkg/internal/controller/controller.go, pkg/source, pkg/handler
 * Simplified: a controller starts and stops its informers itself (there: the manager, for all controllers of a
 * process); no limit on how long the caches may take to fill, no predicates, no priorities, no metrics.
 */
import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import type { StoredMetadata } from '#kit/api/metadata'
import type { Component } from '#kit/component'
import type { ControllerParts, Source } from '#kit/controller'
import type { SharedInformer } from '#kit/informer'
import { keyOf } from '#kit/object-key'

/**
 * The objects of an informer as a source.
 *
 * @param keysOf which keys a change of an object concerns
 */
export function source<K extends StoredKind>(
  informer: SharedInformer<K>,
  keysOf: (object: ObjectOf<K>) => readonly string[],
): Source {
  return {
    start(add) {
      const addKeysOf = (object: ObjectOf<K>) => {
        for (const key of keysOf(object)) add(key)
      }
      informer.addHandler({
        added: addKeysOf,
        updated(old, object) {
          // Who has lost the object must look as well as who has it now.
          addKeysOf(old)
          addKeysOf(object)
        },
        deleted: addKeysOf,
      })
      return informer.start()
    },
    stop: () => informer.stop(),
  }
}

/**
 * For {@link source}: the object's own key.
 *
 * Mirrors: `EnqueueRequestForObject`
 */
export function itself({ metadata }: { metadata: StoredMetadata }): string[] {
  return [keyOf(metadata)]
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
  const group = groupOf(apiVersion)
  return ({ metadata }) => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller)
    if (!owner || owner.kind !== kind || groupOf(owner.apiVersion) !== group) return []
    return [keyOf({ ...metadata, name: owner.name })]
  }
}

/** `apps/` of `apps/v1`; nothing of `v1`. */
function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, apiVersion.indexOf('/') + 1)
}

/** A loop that reconciles. It runs once: after `stop()` it is not started again. */
export class Controller implements Component {
  readonly #parts: ControllerParts
  #started: Promise<void> | undefined
  #stopped = false
  #workers: Promise<void>[] = []
  /** @param parts where keys come from, where they wait, and what is done with them */
  constructor(parts: ControllerParts) {
    this.#parts = parts
  }

  /** Starts the sources, and the workers once all of these are filled. Resolves then, or after `stop()`. */
  start(): Promise<void> {
    this.#started ??= this.#begin()
    return this.#started
  }

  /** Resolves when nothing is left running, no `reconcile` either. None begins any more. */
  async stop(): Promise<void> {
    const { queue, sources } = this.#parts
    this.#stopped = true
    await Promise.allSettled([...sources.map((source) => source.stop()), this.#started])
    await Promise.all(this.#workers)
  }

  async #begin(): Promise<void> {
    if (this.#stopped) return
    const { queue, sources, workers = 1 } = this.#parts
    await Promise.all(sources.map((source) => source.start((key) => queue.add(key))))
    // If it was stopped meanwhile, they find the queue shut down and end.
    this.#workers = Array.from({ length: workers }, () => this.#work())
  }

  async #work(): Promise<void> {
    const { queue } = this.#parts
    for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
      // A queue that is shut down still hands out what waits in it.
      if (!this.#stopped) await this.#reconcile(key)
      queue.done(key)
    }
  }

  async #reconcile(key: string): Promise<void> {
    const { queue, reconcile, onError } = this.#parts
    try {
      const { requeueAfterMs = 0 } = (await reconcile(key)) ?? {}
      queue.forget(key)
      if (requeueAfterMs > 0) queue.addAfter(key, requeueAfterMs)
    } catch (error) {
      queue.addRateLimited(key)
      onError?.(error, key)
    }
  }
}
