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

/** `apps` for `apps/v1`, and nothing for `v1`. */
function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

/** A loop that reconciles. It runs once: after `stop()` it is not started again. */
export class Controller implements Component {
  readonly #parts: ControllerParts
  #starting: Promise<void> | undefined
  #workers: Promise<void>[] = []
  #stopped = false
  /** Resolves as soon as `stop()` is called. */
  readonly #stopCalled: Promise<void>
  #callStop: () => void = () => {}

  /** @param parts where keys come from, where they wait, and what is done with them */
  constructor(parts: ControllerParts) {
    this.#parts = parts
    this.#stopCalled = new Promise((resolve) => {
      this.#callStop = resolve
    })
  }

  /** Starts the sources, and the workers once all of these are filled. Resolves then, or after `stop()`. */
  start(): Promise<void> {
    this.#starting ??= this.#begin()
    return this.#starting
  }

  /** Resolves when nothing is left running, no `reconcile` either. None begins any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#callStop()
    this.#parts.queue.shutDown()
    await Promise.all([...this.#parts.sources.map((source) => source.stop()), ...this.#workers])
  }

  async #begin(): Promise<void> {
    if (this.#stopped) return
    const { sources, queue, workers = 1 } = this.#parts
    const filled = Promise.all(sources.map((source) => source.start((key) => queue.add(key))))
    await Promise.race([filled, this.#stopCalled])
    if (this.#stopped) return
    this.#workers = Array.from({ length: workers }, () => this.#work())
  }

  /** One worker: one key after the other, until the queue is shut down. */
  async #work(): Promise<void> {
    const { queue } = this.#parts
    for (;;) {
      const key = await queue.get()
      if (key === undefined) return
      // What still waits after shutDown() is handed out, and let go.
      if (!this.#stopped) await this.#process(key)
      queue.done(key)
    }
  }

  async #process(key: string): Promise<void> {
    const { queue, onError } = this.#parts
    try {
      const result = await this.#parts.reconcile(key)
      queue.forget(key)
      const requeueAfterMs = result?.requeueAfterMs ?? 0
      if (requeueAfterMs > 0 && !this.#stopped) queue.addAfter(key, requeueAfterMs)
    } catch (error) {
      if (!this.#stopped) queue.addRateLimited(key)
      onError?.(error, key)
    }
  }
}
