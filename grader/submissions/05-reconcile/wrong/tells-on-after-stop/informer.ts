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
import type { EventHandler, InformerOptions, InformerParts, SharedInformer } from '#kit/informer'
import type { ObjectList, WatchEvent } from '#kit/client'
import type { SelectOptions } from '#kit/client-options'
import type { Timer } from '#kit/clock'
import { keyOf } from '#kit/object-key'
import { isExpired } from '#kit/status-error'
import type { Stream } from '#kit/stream'

const PAGE_SIZE = 500
const FIRST_BACKOFF_MS = 800
const MAX_BACKOFF_MS = 30_000
/** A watch that ends sooner than this, and says nothing before, has failed. */
const SHORT_WATCH_MS = 1_000

/** Whether a resourceVersion is above another of the same kind: they are whole numbers of any length. */
function isNewer(version: string, than: string): boolean {
  return version.length === than.length ? version > than : version.length > than.length
}

/** The index that every cache has; nobody else's has this name. */
const BY_NAMESPACE = Symbol('namespace')

/** Objects by their key, and by the values of each index. */
class IndexedCache<K extends StoredKind> {
  readonly #objects = new Map<string, ObjectOf<K>>()
  readonly #indexes = new Map<
    string | symbol,
    { valuesOf: (object: ObjectOf<K>) => readonly string[]; found: Map<string, Map<string, ObjectOf<K>>> }
  >()

  constructor(indexes: NonNullable<InformerOptions<K>['indexes']>) {
    for (const [name, valuesOf] of Object.entries(indexes)) {
      this.#indexes.set(name, { valuesOf, found: new Map() })
    }
    const valuesOf = ({ metadata }: ObjectOf<K>) => [metadata.namespace ?? '']
    this.#indexes.set(BY_NAMESPACE, { valuesOf, found: new Map() })
  }

  get(key: string): ObjectOf<K> | undefined {
    return this.#objects.get(key)
  }

  all(): ObjectOf<K>[] {
    return [...this.#objects.values()]
  }

  byIndex(name: string | symbol, value: string): ObjectOf<K>[] {
    const index = this.#indexes.get(name)
    if (!index) throw new RangeError(`there is no index ${String(name)}`)
    return [...(index.found.get(value)?.values() ?? [])]
  }

  put(object: ObjectOf<K>): void {
    const key = keyOf(object.metadata)
    this.delete(key)
    this.#objects.set(key, object)
    for (const { valuesOf, found } of this.#indexes.values()) {
      for (const value of valuesOf(object)) {
        const objects = found.get(value)
        if (objects) objects.set(key, object)
        else found.set(value, new Map([[key, object]]))
      }
    }
  }

  delete(key: string): void {
    const object = this.#objects.get(key)
    if (!object) return
    this.#objects.delete(key)
    for (const { valuesOf, found } of this.#indexes.values()) {
      for (const value of valuesOf(object)) {
        const objects = found.get(value)
        // Values come and go, such as the uid of an owner: what is empty must not stay.
        if (objects?.delete(key) && objects.size === 0) found.delete(value)
      }
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

  readonly #cache: IndexedCache<K>
  readonly #handlers = new Set<EventHandler<K>>()
  /** How far the cache has come. Everything up to here is in it, so what is not newer is old news. */
  #version = ''
  #synced = false
  #failuresInARow = 0

  #sayFilled = () => {}
  readonly #filled = new Promise<void>((resolve) => {
    this.#sayFilled = resolve
  })
  #running: Promise<void> | undefined
  #stopped = false
  /** What `stop()` has to end. */
  #stream: Stream<WatchEvent<K>> | undefined
  #endBackOff = () => {}
  #resync: Timer | undefined
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
    this.#cache = new IndexedCache(indexes)
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
    return namespace === undefined ? this.#cache.all() : this.#cache.byIndex(BY_NAMESPACE, namespace)
  }

  /**
   * Every object for which the index has this value, in no particular order.
   *
   * @throws {RangeError} if there is no index of this name
   */
  byIndex(index: string, value: string): ObjectOf<K>[] {
    return this.#cache.byIndex(index, value)
  }

  /** Tells `handler` of every object that is there, during this call, and from then on of every change. */
  addHandler(handler: EventHandler<K>): void {
    for (const object of this.#cache.all()) this.#tell([handler], (it) => it.added?.(object))
    this.#handlers.add(handler)
  }

  /** Begins to list and watch. Resolves when the cache is filled, or when it never will be: after `stop()`. */
  start(): Promise<void> {
    this.#running ??= this.#run()
    return this.#filled
  }

  /** Resolves when nothing is left running: no timer, no watch, no call under way. No handler is called any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#sayFilled()
    this.#resync?.cancel()
    this.#endBackOff()
    await Promise.allSettled([this.#stream?.return(), this.#running])
  }

  async #run(): Promise<void> {
    let mustList = true
    while (!this.#stopped) {
      try {
        if (mustList) await this.#fill()
        mustList = false
        if (!this.#stopped) await this.#follow()
      } catch (error) {
        mustList ||= isExpired(error)
        if (!this.#stopped) this.#onError(error)
        if (!this.#stopped) await this.#backOff()
      }
    }
  }

  /** Makes the cache what the API has now. */
  async #fill(): Promise<void> {
    const { metadata, items } = await this.#listAll()
    const keys = new Set(items.map((object) => keyOf(object.metadata)))
    for (const object of this.#cache.all()) if (!keys.has(keyOf(object.metadata))) this.#forget(object)
    for (const object of items) this.#show(object)
    // It may have been stopped while it was listed, or by a handler: then nothing was shown, or not all.
    if (this.#stopped) return
    this.#version = metadata.resourceVersion
    this.#failuresInARow = 0
    if (!this.#synced) this.#resyncLater()
    this.#synced = true
    this.#sayFilled()
  }

  /** All objects as of one version. */
  async #listAll(): Promise<ObjectList<K>> {
    const { client } = this.#parts
    const paged = { ...this.#selection, limit: PAGE_SIZE }
    const list = await client.list(this.#kind, paged)
    try {
      let next = list.metadata.continue
      while (next && !this.#stopped) {
        const page = await client.list(this.#kind, { ...paged, continue: next })
        list.items.push(...page.items)
        next = page.metadata.continue
      }
      return list
    } catch (error) {
      if (!isExpired(error) || this.#stopped) throw error
      // The version of the first page was compacted before the last one came. In one piece, that cannot happen.
      return client.list(this.#kind, this.#selection)
    }
  }

  /** Keeps the cache at what the API has, until the watch ends. */
  async #follow(): Promise<void> {
    const { client, clock } = this.#parts
    const begunMs = clock.now()
    let silent = true
    const resourceVersion = this.#version
    this.#stream = client.watch(this.#kind, {
      ...this.#selection,
      resourceVersion,
      allowWatchBookmarks: true,
    })
    for await (const event of this.#stream) {
      if (this.#stopped) break
      silent = false
      this.#failuresInARow = 0
      this.#take(event)
    }
    if (silent && clock.now() - begunMs < SHORT_WATCH_MS)
      throw new Error('the watch ended as soon as it began')
  }

  #take(event: WatchEvent<K>): void {
    const { resourceVersion } = event.object.metadata
    if (!isNewer(resourceVersion, this.#version)) return
    this.#version = resourceVersion
    if (event.type === 'DELETED') this.#forget(event.object)
    else if (event.type !== 'BOOKMARK') this.#show(event.object)
  }

  #show(object: ObjectOf<K>): void {
    const old = this.#cache.get(keyOf(object.metadata))
    if (old?.metadata.resourceVersion === object.metadata.resourceVersion) return
    if (old && old.metadata.uid !== object.metadata.uid) this.#forget(old)
    if (this.#stopped) return
    this.#cache.put(object)
    if (old?.metadata.uid === object.metadata.uid)
      this.#tell(this.#handlers, (it) => it.updated?.(old, object))
    else this.#tell(this.#handlers, (it) => it.added?.(object))
  }

  /** @param last what it was at the end */
  #forget(last: ObjectOf<K>): void {
    const key = keyOf(last.metadata)
    if (this.#stopped || !this.#cache.get(key)) return
    this.#cache.delete(key)
    this.#tell(this.#handlers, (it) => it.deleted?.(last))
  }

  #tell(handlers: Iterable<EventHandler<K>>, say: (handler: EventHandler<K>) => void): void {
    // A copy: a handler that is added meanwhile is told by addHandler.
    for (const handler of [...handlers]) {
      if (this.#stopped) return
      try {
        say(handler)
      } catch (error) {
        if (!this.#stopped) this.#onError(error)
      }
    }
  }

  #resyncLater(): void {
    if (this.#stopped || this.#resyncMs <= 0) return
    this.#resync = this.#parts.clock.setTimer(this.#resyncMs, () => {
      for (const object of this.#cache.all()) {
        for (const it of this.#handlers) {
          try {
            it.updated?.(object, object)
          } catch (error) {
            this.#onError(error)
          }
        }
      }
      this.#resyncLater()
    })
  }

  async #backOff(): Promise<void> {
    const { clock, random } = this.#parts
    const delayMs = Math.min(FIRST_BACKOFF_MS * 2 ** this.#failuresInARow++, MAX_BACKOFF_MS)
    await new Promise<void>((resolve) => {
      // Up to twice as long: those who lost the same server must not all come back at the same moment.
      const timer = clock.setTimer(delayMs * (1 + random.next()), resolve)
      this.#endBackOff = () => {
        timer.cancel()
        resolve()
      }
    })
  }
}
