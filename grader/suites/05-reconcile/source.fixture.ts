// Runs beside the rooms of a submission: a source over an informer that does what it is told, and the keys that concern an object.
import type { StoredMetadata } from '#kit/api/metadata'
import type { Source } from '#kit/controller'
import type { EventHandler, SharedInformer } from '#kit/informer'
import { controllerOf, itself, source } from '#rooms/controller'
import type { Item } from './shown.fixture.ts'

/** An informer that does what it is told, and has one object before it is started. */
class StandIn implements SharedInformer<'ConfigMap'> {
  readonly handlers: EventHandler<'ConfigMap'>[] = []
  readonly calls: string[] = []
  synced = false
  readonly ends: (() => void)[] = []
  readonly #there: Item

  constructor(there: Item) {
    this.#there = there
  }

  addHandler(handler: EventHandler<'ConfigMap'>): void {
    this.calls.push('addHandler')
    this.handlers.push(handler)
    handler.added?.(this.#there)
  }

  start(): Promise<void> {
    this.calls.push('start')
    return this.#later()
  }

  stop(): Promise<void> {
    this.calls.push('stop')
    return this.#later()
  }

  get(): undefined {}

  list(): Item[] {
    return [this.#there]
  }

  byIndex(): Item[] {
    return []
  }

  #later(): Promise<void> {
    return new Promise((resolve) => void this.ends.push(resolve))
  }
}

/** A source over an informer, whose objects concern the keys that they have as data. */
export class SourceRig {
  readonly #informer: StandIn
  readonly #source: Source
  readonly #keys: string[] = []

  /** @param there what its informer has before it is started */
  constructor(there: Item) {
    this.#informer = new StandIn(there)
    this.#source = source(this.#informer, ({ data = {} }) => Object.keys(data))
  }

  start(): Promise<void> {
    return this.#source.start((key) => void this.#keys.push(key))
  }

  stop(): Promise<void> {
    return this.#source.stop()
  }

  /** Lets what the informer was asked for come true. */
  end(): void {
    for (const end of this.#informer.ends.splice(0)) end()
  }

  added(object: Item): void {
    for (const handler of this.#informer.handlers) handler.added?.(object)
  }

  updated(old: Item, object: Item): void {
    for (const handler of this.#informer.handlers) handler.updated?.(old, object)
  }

  deleted(object: Item): void {
    for (const handler of this.#informer.handlers) handler.deleted?.(object)
  }

  /** Each key once, in order, and what the informer was asked for, since this was asked last. */
  look() {
    return { keys: [...new Set(this.#keys.splice(0))].sort(), informer: this.#informer.calls.splice(0) }
  }
}

/** The keys of `itself`. */
export function keysOfItself(metadata: StoredMetadata): string[] {
  return itself({ metadata })
}

/** The keys of `controllerOf`, for each object. */
export function keysOfController(apiVersion: string, kind: string, objects: StoredMetadata[]): string[][] {
  const keysOf = controllerOf(apiVersion, kind)
  return objects.map((metadata) => keysOf({ metadata }))
}
