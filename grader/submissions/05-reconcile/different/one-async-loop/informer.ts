/**
 * A local copy of all objects of a kind, which lists them once and then follows a watch. Whatever happens to the
 * connection, it comes to show what the API has, never goes back in time, and tells its handlers the difference.
 *
 * Mirrors: k8s.io/client-go/tools/cache: reflector.go, shared_informer.go, thread_safe_store.go
 * Simplified: changes go to the cache and the handlers at once, without a queue between (DeltaFIFO), as handlers
 * return soon; lists ask for the newest state, not for what the API server's own cache has.
 */
import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import type { Address } from '#kit/api/metadata'
import type { ObjectList, WatchEvent } from '#kit/client'
import type { SelectOptions } from '#kit/client-options'
import type { Timer } from '#kit/clock'
import type { EventHandler, InformerOptions, InformerParts, SharedInformer } from '#kit/informer'
import { keyOf } from '#kit/object-key'
import { isExpired } from '#kit/status-error'
import type { Stream } from '#kit/stream'

/** A cache of all objects of a kind that are selected. It runs once: after `stop()` it is not started again. */
export class Informer<K extends StoredKind> implements SharedInformer<K> {
  readonly #kind: K
  readonly #parts: InformerParts
  readonly #options: InformerOptions<K>
  readonly #selection: SelectOptions
  readonly #cache = new Map<string, ObjectOf<K>>()
  readonly #handlers: EventHandler<K>[] = []
  readonly #ready: Promise<void>
  #resolveReady = () => {}
  #wake = () => {}
  #generation = 0 // 0 is the only one that runs
  #synced = false
  #version = '0'
  #failures = 0
  #running: Promise<void> | undefined
  #stream: Stream<WatchEvent<K>> | undefined
  #backOff: Timer | undefined
  #resync: Timer | undefined

  /**
   * @param parts what it works with
   * @param options which objects; by default all of the kind, without indexes or resync
   */
  constructor(kind: K, parts: InformerParts, options: InformerOptions<K> = {}) {
    this.#kind = kind
    this.#parts = parts
    this.#options = options
    const { namespace, labelSelector, fieldSelector, user } = options
    const selection = Object.entries({ namespace, labelSelector, fieldSelector, user })
    this.#selection = Object.fromEntries(selection.filter(([, value]) => value !== undefined))
    this.#ready = new Promise((resolve) => (this.#resolveReady = resolve))
  }

  /** Whether the cache has been filled. */
  get synced(): boolean {
    return this.#synced
  }

  /** The object as it was last seen; `undefined` if there is none. */
  get(at: Address): ObjectOf<K> | undefined {
    return this.#cache.get(keyOf(at))
  }

  /** Every object of a namespace, in no particular order. Left out: of all namespaces. */
  list(namespace?: string): ObjectOf<K>[] {
    const all = [...this.#cache.values()]
    return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace)
  }

  /**
   * Every object for which the index has this value, in no particular order.
   *
   * @throws {RangeError} if there is no index of this name
   */
  byIndex(index: string, value: string): ObjectOf<K>[] {
    const { indexes = {} } = this.#options
    const valuesOf = Object.hasOwn(indexes, index) ? indexes[index] : undefined
    if (!valuesOf) throw new RangeError(`there is no index ${index}`)
    return this.list().filter((object) => valuesOf(object).includes(value))
  }

  /** Tells `handler` of every object that is there, during this call, and from then on of every change. */
  addHandler(handler: EventHandler<K>): void {
    this.#handlers.push(handler)
    for (const object of this.list()) this.#tell((it) => it.added?.(object), [handler])
  }

  /** Begins to list and watch. Resolves when the cache is filled, or when it never will be: after `stop()`. */
  start(): Promise<void> {
    if (this.#generation === 0) this.#running ??= this.#run(0)
    return this.#ready
  }

  /** Resolves when nothing is left running: no timer, no watch, no call under way. No handler is called any more. */
  async stop(): Promise<void> {
    this.#generation++
    this.#backOff?.cancel()
    this.#resync?.cancel()
    this.#wake()
    this.#resolveReady()
    await Promise.allSettled([this.#stream?.return(), this.#running])
  }

  async #run(generation: number): Promise<void> {
    const { client, clock, random } = this.#parts
    for (let relist = true; generation === this.#generation; ) {
      try {
        if (relist) {
          const list = await this.#listAll(generation)
          if (generation !== this.#generation) return
          this.#failures = 0
          this.#fill(list)
          if (generation !== this.#generation) return
          relist = false
        }
        const began = clock.now()
        let brought = false
        const from = { resourceVersion: this.#version, allowWatchBookmarks: true }
        this.#stream = client.watch(this.#kind, { ...this.#selection, ...from })
        for await (const event of this.#stream) {
          if (generation !== this.#generation) return
          brought = true
          this.#failures = 0
          this.#apply(event)
        }
        if (!brought && clock.now() - began < 1000) throw new Error('the watch ended too soon')
      } catch (error) {
        if (generation !== this.#generation) return
        this.#stream = undefined
        relist ||= isExpired(error)
        this.#options.onError?.(error)
        if (generation !== this.#generation) return
        const ms = Math.min(800 * 2 ** this.#failures++, 30_000) * (1 + random.next())
        await new Promise<void>((resolve) => {
          this.#wake = resolve
          this.#backOff = clock.setTimer(ms, resolve)
        })
      }
    }
  }

  /** All pages; without a limit if the version was compacted between two of them. */
  async #listAll(generation: number): Promise<ObjectList<K>> {
    const { client } = this.#parts
    const options = { ...this.#selection, limit: 500 }
    const first = await client.list(this.#kind, options)
    const items = [...first.items]
    try {
      for (let next = first.metadata.continue; next && generation === this.#generation; ) {
        const page = await client.list(this.#kind, { ...options, continue: next })
        items.push(...page.items)
        next = page.metadata.continue
      }
    } catch (error) {
      if (!isExpired(error) || generation !== this.#generation) throw error
      return client.list(this.#kind, { ...this.#selection })
    }
    return { metadata: first.metadata, items }
  }

  #fill({ metadata, items }: ObjectList<K>): void {
    const listed = new Set(items.map((item) => keyOf(item.metadata)))
    this.#version = metadata.resourceVersion
    for (const old of this.list()) if (!listed.has(keyOf(old.metadata))) this.#remove(old)
    for (const item of items) this.#put(item)
    if (this.#generation > 0 || this.#synced) return
    this.#synced = true
    this.#resolveReady()
    if (this.#options.resyncMs) this.#resyncAfter(this.#options.resyncMs)
  }

  #apply({ type, object }: WatchEvent<K>): void {
    if (BigInt(object.metadata.resourceVersion) <= BigInt(this.#version)) return
    this.#version = object.metadata.resourceVersion
    if (type === 'DELETED') this.#remove(object as ObjectOf<K>)
    else if (type !== 'BOOKMARK') this.#put(object as ObjectOf<K>)
  }

  #put(object: ObjectOf<K>): void {
    const old = this.get(object.metadata)
    if (old && old.metadata.uid !== object.metadata.uid) {
      this.#remove(old)
      return this.#put(object)
    }
    if (this.#generation > 0 || old?.metadata.resourceVersion === object.metadata.resourceVersion) return
    this.#cache.set(keyOf(object.metadata), object)
    this.#tell((handler) => (old ? handler.updated?.(old, object) : handler.added?.(object)))
  }

  #remove(object: ObjectOf<K>): void {
    if (this.#generation > 0 || !this.#cache.delete(keyOf(object.metadata))) return
    this.#tell((handler) => handler.deleted?.(object))
  }

  #resyncAfter(ms: number): void {
    this.#resync = this.#parts.clock.setTimer(ms, () => {
      this.#resyncAfter(ms)
      for (const object of this.list()) this.#tell((handler) => handler.updated?.(object, object))
    })
  }

  #tell(call: (handler: EventHandler<K>) => void, handlers = [...this.#handlers]): void {
    for (const handler of handlers) {
      if (this.#generation > 0) return
      try {
        call(handler)
      } catch (error) {
        if (this.#generation === 0) this.#options.onError?.(error)
      }
    }
  }
}
