/**
 * Calls `reconcile` for every key that its sources name, until it has gone well. There are no worker loops: one
 * `get` of the queue is out as long as a place is free, and whoever ends gives back a place. The sources stop last: until then
 * they name keys that nobody takes.
 */
import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import type { StoredMetadata } from '#kit/api/metadata'
import type { Component } from '#kit/component'
import type { ControllerParts, Source } from '#kit/controller'
import type { SharedInformer } from '#kit/informer'
import { keyOf } from '#kit/object-key'

/** The objects of an informer as a source. */
export function source<K extends StoredKind>(
  informer: SharedInformer<K>,
  keysOf: (object: ObjectOf<K>) => readonly string[],
): Source {
  return {
    start(add) {
      const concerns = (...objects: ObjectOf<K>[]) => {
        for (const key of new Set(objects.flatMap((object) => keysOf(object)))) add(key)
      }
      informer.addHandler({
        added: (object) => concerns(object),
        updated: (old, object) => concerns(old, object),
        deleted: (object) => concerns(object),
      })
      return informer.start()
    },
    stop: () => informer.stop(),
  }
}

/** For {@link source}: the object's own key. */
export function itself({ metadata }: { metadata: StoredMetadata }): string[] {
  return [keyOf(metadata)]
}

const groupOf = (apiVersion: string) => /^(?:(.*)\/)?/.exec(apiVersion)?.[1] ?? ''

/** For {@link source}: the key of the owner that controls the object, if that is of this kind. */
export function controllerOf(
  apiVersion: string,
  kind: string,
): (object: { metadata: StoredMetadata }) => string[] {
  const group = groupOf(apiVersion)
  return ({ metadata: { namespace = '', ownerReferences = [] } }) =>
    ownerReferences
      .filter((owner) => owner.controller && owner.kind === kind && groupOf(owner.apiVersion) === group)
      .map(({ name }) => keyOf({ namespace, name }))
}

/** A loop that reconciles. It runs once: after `stop()` it is not started again. */
export class Controller implements Component {
  readonly #parts: ControllerParts
  #started: Promise<void> | undefined
  #ended: Promise<void> | undefined
  #stopped = false
  #free: number
  #asking = false
  readonly #rounds = new Set<Promise<void>>()

  constructor(parts: ControllerParts) {
    this.#parts = parts
    this.#free = parts.workers ?? 1
  }

  start(): Promise<void> {
    this.#started ??= this.#begin()
    return this.#started
  }

  stop(): Promise<void> {
    this.#ended ??= this.#end()
    return this.#ended
  }

  async #begin(): Promise<void> {
    if (this.#stopped) return
    const { sources, queue } = this.#parts
    await Promise.all(sources.map((each) => each.start((key) => queue.add(key))))
    this.#ask()
  }

  async #end(): Promise<void> {
    this.#stopped = true
    const { sources, queue } = this.#parts
    queue.shutDown()
    await Promise.all(this.#rounds)
    await Promise.all(sources.map((each) => each.stop()))
  }

  #ask(): void {
    if (this.#stopped || this.#asking || this.#free === 0) return
    this.#asking = true
    this.#parts.queue.get().then((key) => {
      this.#asking = false
      if (key === undefined) return
      if (this.#stopped) return this.#parts.queue.done(key)
      this.#free--
      const round = this.#round(key)
      this.#rounds.add(round)
      round.then(() => {
        this.#rounds.delete(round)
        this.#free++
        this.#ask()
      })
      this.#ask()
    })
  }

  async #round(key: string): Promise<void> {
    const { queue, reconcile, onError } = this.#parts
    try {
      const result = await reconcile(key)
      if (!this.#stopped) {
        queue.forget(key)
        const afterMs = result?.requeueAfterMs ?? 0
        if (afterMs > 0) queue.addAfter(key, afterMs)
      }
    } catch (error) {
      onError?.(error, key)
      if (!this.#stopped) queue.addRateLimited(key)
    }
    queue.done(key)
  }
}
