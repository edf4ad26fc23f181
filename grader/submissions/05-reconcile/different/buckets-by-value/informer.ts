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

const pageSize = 500
const firstBackoffMs = 800
const maxBackoffMs = 30_000
const tooSoonMs = 1000

/** One index: what is found under each value, by key. */
class Index<T> {
  readonly #valuesOf: (object: T) => readonly string[]
  readonly #found = new Map<string, Map<string, T>>()

  constructor(valuesOf: (object: T) => readonly string[]) {
    this.#valuesOf = valuesOf
  }

  find(value: string): T[] {
    return [...(this.#found.get(value)?.values() ?? [])]
  }

  put(key: string, object: T): void {
    for (const value of this.#valuesOf(object)) {
      const bucket = this.#found.get(value) ?? new Map<string, T>()
      bucket.set(key, object)
      this.#found.set(value, bucket)
    }
  }

  take(key: string, object: T): void {
    for (const value of this.#valuesOf(object)) {
      const bucket = this.#found.get(value)
      bucket?.delete(key)
      if (bucket?.size === 0) this.#found.delete(value)
    }
  }
}

/** A cache of all objects of a kind that are selected. It runs once: after `stop()` it is not started again. */
export class Informer<K extends StoredKind> implements SharedInformer<K> {
  readonly #kind: K
  readonly #parts: InformerParts
  readonly #selection: SelectOptions
  readonly #resyncMs: number
  readonly #onError: (error: unknown) => void

  readonly #objects = new Map<string, ObjectOf<K>>()
  readonly #byNamespace = new Index<ObjectOf<K>>(({ metadata }) => [metadata.namespace ?? ''])
  readonly #indexes = new Map<string, Index<ObjectOf<K>>>()
  readonly #handlers: EventHandler<K>[] = []

  /** How far the cache has come. */
  #newest = ''
  #mustList = true
  #failures = 0
  #synced = false
  #stopped = false

  readonly #filled: Promise<void>
  #sayFilled: () => void = () => {}
  #running: Promise<void> | undefined
  #stream: Stream<WatchEvent<K>> | undefined
  #resync: Timer | undefined
  /** Ends the back-off at once, without leaving its timer. */
  #endBackoff: (() => void) | undefined

  /**
   * @param parts what it works with
   * @param options which objects; by default all of the kind, without indexes or resync
   */
  constructor(kind: K, parts: InformerParts, options: InformerOptions<K> = {}) {
    const { resyncMs = 0, indexes = {}, onError = () => {}, ...selection } = options
    this.#kind = kind
    this.#parts = parts
    this.#selection = selection
    this.#resyncMs = resyncMs
    this.#onError = onError
    for (const [name, valuesOf] of Object.entries(indexes)) this.#indexes.set(name, new Index(valuesOf))
    this.#filled = new Promise((resolve) => {
      this.#sayFilled = resolve
    })
  }

  /** Whether the cache has been filled. */
  get synced(): boolean {
    return this.#synced
  }

  /** The object as it was last seen; `undefined` if there is none. */
  get(at: Address): ObjectOf<K> | undefined {
    return this.#objects.get(keyOf(at))
  }

  /** Every object of a namespace, in no particular order. Left out: of all namespaces. */
  list(namespace?: string): ObjectOf<K>[] {
    return namespace === undefined ? [...this.#objects.values()] : this.#byNamespace.find(namespace)
  }

  /**
   * Every object for which the index has this value, in no particular order.
   *
   * @throws {RangeError} if there is no index of this name
   */
  byIndex(index: string, value: string): ObjectOf<K>[] {
    const found = this.#indexes.get(index)
    if (!found) throw new RangeError(`there is no index ${JSON.stringify(index)}`)
    return found.find(value)
  }

  /** Tells `handler` of every object that is there, during this call, and from then on of every change. */
  addHandler(handler: EventHandler<K>): void {
    this.#handlers.push(handler)
    for (const object of this.list()) this.#tellOne(handler, (to) => to.added?.(object))
  }

  /** Begins to list and watch. Resolves when the cache is filled, or when it never will be: after `stop()`. */
  start(): Promise<void> {
    if (!this.#stopped) this.#running ??= this.#run()
    return this.#filled
  }

  /** Resolves when nothing is left running: no timer, no watch, no call under way. No handler is called any more. */
  async stop(): Promise<void> {
    if (!this.#stopped) {
      this.#stopped = true
      this.#sayFilled()
      this.#resync?.cancel()
      this.#endBackoff?.()
      this.#stream?.return().catch(() => {})
    }
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        if (this.#mustList) await this.#fill()
        if (!this.#stopped) await this.#watch()
      } catch (error) {
        await this.#backOff(error)
      }
    }
  }

  async #fill(): Promise<void> {
    const list = await this.#listAll()
    if (!list || this.#stopped) return
    this.#failures = 0
    this.#mustList = false
    this.#newest = list.version
    const keys = new Set(list.items.map(({ metadata }) => keyOf(metadata)))
    for (const [key, object] of [...this.#objects]) {
      if (this.#stopped) return
      if (!keys.has(key)) this.#take(key, object)
    }
    for (const object of list.items) {
      if (this.#stopped) return
      const old = this.#objects.get(keyOf(object.metadata))
      const same =
        old?.metadata.uid === object.metadata.uid &&
        old.metadata.resourceVersion === object.metadata.resourceVersion
      if (!same) this.#put(object)
    }
    if (this.#stopped || this.#synced) return
    this.#synced = true
    this.#setResync()
    this.#sayFilled()
  }

  /** Every page. `undefined` if it was stopped meanwhile. */
  async #listAll(): Promise<{ version: string; items: ObjectOf<K>[] } | undefined> {
    const { client } = this.#parts
    const items: ObjectOf<K>[] = []
    let next: string | undefined
    do {
      let page: ObjectList<K>
      try {
        page = await client.list(this.#kind, {
          ...this.#selection,
          limit: pageSize,
          ...(next && { continue: next }),
        })
      } catch (error) {
        if (this.#stopped) return undefined
        if (!next || !isExpired(error)) throw error
        const whole = await client.list(this.#kind, { ...this.#selection })
        return { version: whole.metadata.resourceVersion, items: whole.items }
      }
      if (this.#stopped) return undefined
      items.push(...page.items)
      next = page.metadata.continue
      if (!next) return { version: page.metadata.resourceVersion, items }
    } while (next)
    return undefined
  }

  async #watch(): Promise<void> {
    const { client, clock } = this.#parts
    const begunMs = clock.now()
    let broughtAny = false
    const stream = client.watch(this.#kind, {
      ...this.#selection,
      resourceVersion: this.#newest,
      allowWatchBookmarks: true,
    })
    this.#stream = stream
    try {
      for (;;) {
        const { done, value: event } = await stream.next()
        if (this.#stopped) return
        if (done) break
        broughtAny = true
        this.#failures = 0
        this.#take1(event as WatchEvent<K>)
        if (this.#stopped) return
      }
    } finally {
      this.#stream = undefined
    }
    if (!broughtAny && clock.now() - begunMs < tooSoonMs) {
      throw new Error('the watch ended as soon as it had begun, and brought nothing')
    }
  }

  #take1(event: WatchEvent<K>): void {
    const version = event.object.metadata.resourceVersion
    if (!isAbove(version, this.#newest)) return
    this.#newest = version
    if (event.type === 'BOOKMARK') return
    if (event.type !== 'DELETED') this.#put(event.object)
    else this.#take(keyOf(event.object.metadata), event.object)
  }

  #put(object: ObjectOf<K>): void {
    const key = keyOf(object.metadata)
    const before = this.#objects.get(key)
    const old = before?.metadata.uid === object.metadata.uid ? before : undefined
    if (before && !old) this.#take(key, before)
    if (this.#stopped) return
    if (old) for (const index of this.#allIndexes()) index.take(key, old)
    this.#objects.set(key, object)
    for (const index of this.#allIndexes()) index.put(key, object)
    this.#tell((handler) => (old ? handler.updated?.(old, object) : handler.added?.(object)))
  }

  /** @param told the object as handlers are to see it */
  #take(key: string, told: ObjectOf<K>): void {
    const object = this.#objects.get(key)
    if (!object) return
    this.#objects.delete(key)
    for (const index of this.#allIndexes()) index.take(key, object)
    this.#tell((handler) => handler.deleted?.(told))
  }

  #allIndexes(): Index<ObjectOf<K>>[] {
    return [this.#byNamespace, ...this.#indexes.values()]
  }

  #tell(what: (handler: EventHandler<K>) => void): void {
    for (const handler of [...this.#handlers]) this.#tellOne(handler, what)
  }

  #tellOne(handler: EventHandler<K>, what: (handler: EventHandler<K>) => void): void {
    if (this.#stopped) return
    try {
      what(handler)
    } catch (error) {
      this.#report(error)
    }
  }

  #report(error: unknown): void {
    if (!this.#stopped) this.#onError(error)
  }

  #setResync(): void {
    if (!(this.#resyncMs > 0)) return
    this.#resync = this.#parts.clock.setTimer(this.#resyncMs, () => {
      this.#setResync()
      for (const object of this.list()) this.#tell((handler) => handler.updated?.(object, object))
    })
  }

  async #backOff(error: unknown): Promise<void> {
    if (this.#stopped) return
    this.#mustList ||= isExpired(error)
    this.#report(error)
    if (this.#stopped) return
    const baseMs = Math.min(firstBackoffMs * 2 ** this.#failures, maxBackoffMs)
    this.#failures++
    const { clock, random } = this.#parts
    const delayMs = baseMs * (1 + random.next())
    await new Promise<void>((resolve) => {
      const timer = clock.setTimer(delayMs, resolve)
      this.#endBackoff = () => {
        timer.cancel()
        resolve()
      }
    })
    this.#endBackoff = undefined
  }
}

/** Versions are whole numbers of any length. */
function isAbove(version: string, other: string): boolean {
  return BigInt(version) > BigInt(other)
}
