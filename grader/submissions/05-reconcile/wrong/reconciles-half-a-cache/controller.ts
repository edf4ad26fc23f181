import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import type { StoredMetadata } from '#kit/api/metadata'
import type { Component } from '#kit/component'
import type { ControllerParts, Source } from '#kit/controller'
import type { SharedInformer } from '#kit/informer'
import { keyOf } from '#kit/object-key'

export function source<K extends StoredKind>(
  informer: SharedInformer<K>,
  keysOf: (object: ObjectOf<K>) => readonly string[],
): Source {
  return {
    async start(add) {
      informer.addHandler({
        added: (object) => keysOf(object).forEach(add),
        updated: (old, object) => new Set([...keysOf(old), ...keysOf(object)]).forEach((key) => add(key)),
        deleted: (object) => keysOf(object).forEach(add),
      })
      await informer.start()
    },
    stop: () => informer.stop(),
  }
}

export function itself({ metadata }: { metadata: StoredMetadata }): string[] {
  return [keyOf(metadata)]
}

export function controllerOf(
  apiVersion: string,
  kind: string,
): (object: { metadata: StoredMetadata }) => string[] {
  const groupOf = (version: string) => version.split('/').slice(0, -1).join('/')
  return ({ metadata }) =>
    (metadata.ownerReferences ?? [])
      .filter((owner) => owner.controller === true)
      .filter((owner) => owner.kind === kind && groupOf(owner.apiVersion) === groupOf(apiVersion))
      .map(({ name }) => (metadata.namespace ? `${metadata.namespace}/${name}` : name))
}

export class Controller implements Component {
  readonly #parts: ControllerParts
  readonly #running = new Set<Promise<void>>()
  #starting: Promise<void> | undefined
  #stopping = false

  constructor(parts: ControllerParts) {
    this.#parts = parts
  }

  start(): Promise<void> {
    if (this.#stopping) return this.#starting ?? Promise.resolve()
    this.#starting ??= this.#startAll()
    return this.#starting
  }

  async stop(): Promise<void> {
    const { queue, sources } = this.#parts
    this.#stopping = true
    queue.shutDown()
    await Promise.all(sources.map((one) => one.stop()))
    await this.#starting
    await Promise.all(this.#running)
  }

  async #startAll(): Promise<void> {
    const { queue, sources, workers } = this.#parts
    const filled = sources.map((one) => one.start((key) => queue.add(key)))
    for (let worker = 0; worker < (workers ?? 1); worker++) this.#running.add(this.#loop())
    await Promise.all(filled)
  }

  async #loop(): Promise<void> {
    const { queue } = this.#parts
    for (;;) {
      const key = await queue.get()
      if (key === undefined || this.#stopping) return
      await this.#once(key)
    }
  }

  async #once(key: string): Promise<void> {
    const { queue, reconcile, onError } = this.#parts
    try {
      const result = await reconcile(key)
      queue.forget(key)
      const afterMs = result?.requeueAfterMs ?? 0
      if (afterMs > 0) queue.addAfter(key, afterMs)
    } catch (error) {
      onError?.(error, key)
      queue.addRateLimited(key)
    } finally {
      queue.done(key)
    }
  }
}
