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
      const addAll = (...objects: ObjectOf<K>[]) => {
        for (const key of new Set(objects.flatMap((object) => keysOf(object)))) add(key)
      }
      informer.addHandler({
        added: (object) => addAll(object),
        updated: (old, object) => addAll(old, object),
        deleted: (object) => addAll(object),
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
    const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)
    if (!owner || owner.kind !== kind || groupOf(owner.apiVersion) !== group) return []
    return [keyOf({ ...metadata, name: owner.name })]
  }
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

/** A loop that reconciles. It runs once: after `stop()` it is not started again. */
export class Controller implements Component {
  readonly #parts: ControllerParts
  readonly #workers: Promise<void>[] = []
  #starting: Promise<void> | undefined
  #stopping: Promise<void> | undefined
  #stopped = false

  /** @param parts where keys come from, where they wait, and what is done with them */
  constructor(parts: ControllerParts) {
    this.#parts = parts
  }

  /** Starts the sources, and the workers once all of these are filled. Resolves then, or after `stop()`. */
  async start(): Promise<void> {
    if (!this.#stopped) this.#starting ??= this.#begin()
    await this.#starting
  }

  /** Resolves when nothing is left running, no `reconcile` either. None begins any more. */
  async stop(): Promise<void> {
    this.#stopping ??= this.#end()
    await this.#stopping
  }

  async #begin(): Promise<void> {
    const { sources, queue, workers = 1 } = this.#parts
    await Promise.all(sources.map((each) => each.start((key) => queue.add(key))))
    if (this.#stopped) return
    for (let index = 0; index < workers; index++) this.#workers.push(this.#work())
  }

  async #end(): Promise<void> {
    this.#stopped = true
    this.#parts.queue.shutDown()
    await Promise.all(this.#parts.sources.map((each) => each.stop()))
    await this.#starting
    await Promise.all(this.#workers)
  }

  async #work(): Promise<void> {
    const { queue } = this.#parts
    for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
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
