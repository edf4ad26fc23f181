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
import type { ListOptions, SelectOptions } from '#kit/client-options'
import type { Timer } from '#kit/clock'
import type { EventHandler, InformerOptions, InformerParts, SharedInformer } from '#kit/informer'
import { keyOf } from '#kit/object-key'
import { isExpired } from '#kit/status-error'
import type { Stream } from '#kit/stream'

const PAGE_SIZE = 500
const FIRST_BACKOFF_MS = 800
const MAX_BACKOFF_MS = 30_000
/** A watch that ends sooner than that, and has brought nothing, has failed. */
const SHORTEST_WATCH_MS = 1000

/** What an informer is doing, with all that `stop()` has to end. */
type State<K extends StoredKind> =
  | { name: 'new' }
  | { name: 'listing' }
  | { name: 'watching'; stream?: Stream<WatchEvent<K>> }
  | { name: 'waiting'; before: 'listing' | 'watching'; timer?: Timer; wake?: () => void }
  | { name: 'stopped' }

/** What handlers are told. */
type Change<K extends StoredKind> =
  | { type: 'added'; object: ObjectOf<K> }
  | { type: 'updated'; old: ObjectOf<K>; object: ObjectOf<K> }
  | { type: 'deleted'; object: ObjectOf<K> }

/** A cache of all objects of a kind that are selected. It runs once: after `stop()` it is not started again. */
export class Informer<K extends StoredKind> implements SharedInformer<K> {
  readonly #kind: K
  readonly #parts: InformerParts
  readonly #selection: SelectOptions
  readonly #resyncMs: number | undefined
  readonly #onError: ((error: unknown) => void) | undefined
  readonly #cache: Cache<K>
  readonly #progress = new Progress()
  readonly #handlers: EventHandler<K>[] = []

  #state: State<K> = { name: 'new' }
  #synced = false
  /** How many in a row. */
  #failures = 0
  #resync: Timer | undefined
  #running: Promise<void> = Promise.resolve()
  /** What `start()` waits for. */
  readonly #filled: Promise<void>
  #setFilled: () => void = () => {}

  /**
   * @param parts what it works with
   * @param options which objects; by default all of the kind, without indexes or resync
   */
  constructor(kind: K, parts: InformerParts, options: InformerOptions<K> = {}) {
    this.#kind = kind
    this.#parts = parts
    this.#selection = selectionOf(options)
    this.#resyncMs = options.resyncMs
    this.#onError = options.onError
    this.#cache = new Cache(options.indexes ?? {})
    this.#filled = new Promise((resolve) => {
      this.#setFilled = resolve
    })
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
    return namespace === undefined ? this.#cache.all() : this.#cache.inNamespace(namespace)
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
    this.#handlers.push(handler)
    for (const object of this.#cache.all()) this.#tell([handler], [{ type: 'added', object }])
  }

  /** Begins to list and watch. Resolves when the cache is filled, or when it never will be: after `stop()`. */
  start(): Promise<void> {
    if (this.#state.name === 'new') {
      this.#state = { name: 'listing' }
      this.#running = this.#run()
    }
    return this.#filled
  }

  /** Resolves when nothing is left running: no timer, no watch, no call under way. No handler is called any more. */
  async stop(): Promise<void> {
    const state = this.#state
    this.#state = { name: 'stopped' }
    this.#resync?.cancel()
    this.#setFilled()
    if (state.name === 'waiting') {
      state.timer?.cancel()
      state.wake?.()
    }
    // The loop below waits for `return()` as well, for a second `stop()`.
    if (state.name === 'watching' && state.stream) {
      const returned = state.stream.return().catch(() => {})
      const running = this.#running
      this.#running = returned.then(() => running)
    }
    await this.#running
  }

  get #stopped(): boolean {
    return this.#state.name === 'stopped'
  }

  /** From state to state, until it is stopped. */
  async #run(): Promise<void> {
    for (;;) {
      const next = await this.#leave(this.#state)
      if (this.#stopped) return
      this.#state = next
    }
  }

  /** Does what a state is for. @returns the state that follows, unless it was stopped meanwhile */
  async #leave(state: State<K>): Promise<State<K>> {
    switch (state.name) {
      case 'listing':
        return this.#fill()
      case 'watching':
        return this.#follow(state)
      case 'waiting':
        await this.#backOff(state)
        return { name: state.before }
      default:
        return state
    }
  }

  async #fill(): Promise<State<K>> {
    let list: ObjectList<K>
    try {
      list = await this.#listAll()
    } catch (error) {
      return this.#failed(error, 'listing')
    }
    if (this.#stopped) return this.#state
    this.#failures = 0
    this.#progress.beginAt(list.metadata.resourceVersion)
    this.#tell(this.#handlers, this.#cache.replace(list.items))
    if (!this.#stopped && !this.#synced) {
      this.#synced = true
      this.#setResync()
      this.#setFilled()
    }
    return { name: 'watching' }
  }

  async #listAll(): Promise<ObjectList<K>> {
    const limit = PAGE_SIZE
    const first = await this.#page({ limit })
    try {
      return await this.#withRest(first, { limit })
    } catch (error) {
      if (this.#stopped || !isExpired(error)) throw error
    }
    // The rest of that list is not remembered any more.
    return this.#withRest(await this.#page({}), {})
  }

  /** A first page with all that follow: as of its version. */
  async #withRest(first: ObjectList<K>, options: ListOptions): Promise<ObjectList<K>> {
    const items = [...first.items]
    let next = first.metadata.continue
    while (next && !this.#stopped) {
      const page = await this.#page({ ...options, continue: next })
      for (const item of page.items) items.push(item)
      next = page.metadata.continue
    }
    return { metadata: { resourceVersion: first.metadata.resourceVersion }, items }
  }

  #page(options: ListOptions): Promise<ObjectList<K>> {
    return this.#parts.client.list(this.#kind, { ...this.#selection, ...options })
  }

  async #follow(state: State<K> & { name: 'watching' }): Promise<State<K>> {
    const { client, clock } = this.#parts
    const beganMs = clock.now()
    let broughtAnything = false
    try {
      const stream = client.watch(this.#kind, {
        ...this.#selection,
        resourceVersion: this.#progress.version,
        allowWatchBookmarks: true,
      })
      state.stream = stream
      // `stop()` could not yet see a stream if it was called while this one was opened.
      if (this.#stopped) await stream.return()
      while (!this.#stopped) {
        const { done, value: event } = await stream.next()
        if (this.#stopped || done) break
        broughtAnything = true
        this.#failures = 0
        this.#take(event)
      }
    } catch (error) {
      return this.#failed(error, isExpired(error) ? 'listing' : 'watching')
    }
    const lastedMs = clock.now() - beganMs
    if (!broughtAnything && lastedMs < SHORTEST_WATCH_MS) {
      const error = new Error(`a watch of ${this.#kind} ended after ${lastedMs} ms and had brought nothing`)
      return this.#failed(error, 'watching')
    }
    return { name: 'watching' }
  }

  #take(event: WatchEvent<K>): void {
    if (event.type === 'BOOKMARK') {
      this.#progress.reach(event.object.metadata.resourceVersion)
      return
    }
    const { object } = event
    if (!this.#progress.isNews(keyOf(object.metadata), object.metadata.resourceVersion)) return
    const changes = event.type === 'DELETED' ? this.#cache.delete(object) : this.#cache.put(object)
    this.#tell(this.#handlers, changes)
  }

  #failed(error: unknown, before: 'listing' | 'watching'): State<K> {
    this.#failures++
    this.#report(error)
    return { name: 'waiting', before }
  }

  #backOff(state: State<K> & { name: 'waiting' }): Promise<void> {
    const { clock, random } = this.#parts
    const baseMs = Math.min(FIRST_BACKOFF_MS * 2 ** (this.#failures - 1), MAX_BACKOFF_MS)
    return new Promise((resolve) => {
      state.wake = resolve
      state.timer = clock.setTimer(baseMs * (1 + random.next()), resolve)
    })
  }

  #setResync(): void {
    if (!this.#resyncMs) return
    this.#resync = this.#parts.clock.setTimer(this.#resyncMs, () => {
      this.#setResync()
      const changes = this.#cache.all().map((object) => ({ type: 'updated', old: object, object }) as const)
      this.#tell(this.#handlers, changes)
    })
  }

  /** Who becomes a handler meanwhile knows these changes from the cache. */
  #tell(handlers: readonly EventHandler<K>[], changes: readonly Change<K>[]): void {
    const told = [...handlers]
    for (const change of changes) {
      for (const handler of told) {
        if (this.#stopped) return
        try {
          if (change.type === 'added') handler.added?.(change.object)
          else if (change.type === 'updated') handler.updated?.(change.old, change.object)
          else handler.deleted?.(change.object)
        } catch (error) {
          this.#report(error)
        }
      }
    }
  }

  #report(error: unknown): void {
    if (!this.#stopped) this.#onError?.(error)
  }
}

/** How far the informer has come, and what is old news to it. */
class Progress {
  #version = '0'
  #listVersion = 0n
  /** By key: the version of the newest event since the list, also of objects that are gone. */
  readonly #newestEvents = new Map<string, bigint>()

  /** The newest that was seen: where the next watch begins. */
  get version(): string {
    return this.#version
  }

  beginAt(listVersion: string): void {
    this.#version = listVersion
    this.#listVersion = BigInt(listVersion)
    this.#newestEvents.clear()
  }

  reach(version: string): void {
    if (BigInt(version) > BigInt(this.#version)) this.#version = version
  }

  /** Whether an event says something new of its object. If so, that is the newest from now on. */
  isNews(key: string, text: string): boolean {
    const version = BigInt(text)
    if (version <= this.#listVersion || version <= (this.#newestEvents.get(key) ?? 0n)) return false
    this.#newestEvents.set(key, version)
    this.reach(text)
    return true
  }
}

/** Objects by key, by namespace and by index. */
class Cache<K extends StoredKind> {
  readonly #objects = new Map<string, ObjectOf<K>>()
  readonly #namespaces = new Index<ObjectOf<K>>(({ metadata }) => [metadata.namespace ?? ''])
  readonly #indexes: ReadonlyMap<string, Index<ObjectOf<K>>>

  constructor(indexes: NonNullable<InformerOptions<K>['indexes']>) {
    this.#indexes = new Map(Object.entries(indexes).map(([name, valuesOf]) => [name, new Index(valuesOf)]))
  }

  get(key: string): ObjectOf<K> | undefined {
    return this.#objects.get(key)
  }

  all(): ObjectOf<K>[] {
    return [...this.#objects.values()]
  }

  inNamespace(namespace: string): ObjectOf<K>[] {
    return this.#namespaces.find(namespace)
  }

  byIndex(name: string, value: string): ObjectOf<K>[] {
    const index = this.#indexes.get(name)
    if (!index) throw new RangeError(`there is no index ${JSON.stringify(name)}`)
    return index.find(value)
  }

  put(object: ObjectOf<K>): Change<K>[] {
    const key = keyOf(object.metadata)
    const old = this.#objects.get(key)
    this.#objects.set(key, object)
    for (const index of this.#everyIndex()) index.put(key, object)
    if (!old) return [{ type: 'added', object }]
    if (old.metadata.uid === object.metadata.uid) return [{ type: 'updated', old, object }]
    return [
      { type: 'deleted', object: old },
      { type: 'added', object },
    ]
  }

  /** @param last as it was when it was deleted */
  delete(last: ObjectOf<K>): Change<K>[] {
    const key = keyOf(last.metadata)
    for (const index of this.#everyIndex()) index.delete(key)
    return this.#objects.delete(key) ? [{ type: 'deleted', object: last }] : []
  }

  /** Has these objects, and no others, after it. */
  replace(objects: readonly ObjectOf<K>[]): Change<K>[] {
    const kept = new Set(objects.map(({ metadata }) => keyOf(metadata)))
    const missing = this.all().filter(({ metadata }) => !kept.has(keyOf(metadata)))
    const changes = missing.flatMap((object) => this.delete(object))
    for (const object of objects) {
      const old = this.#objects.get(keyOf(object.metadata))
      if (!old || !isSame(old, object)) changes.push(...this.put(object))
    }
    return changes
  }

  #everyIndex(): Index<ObjectOf<K>>[] {
    return [this.#namespaces, ...this.#indexes.values()]
  }
}

/** Objects by the values that a function has for them. */
class Index<T> {
  readonly #valuesOf: (object: T) => readonly string[]
  /** By value, then by key. */
  readonly #found = new Map<string, Map<string, T>>()
  /** By key: where it stands in `#found`. */
  readonly #values = new Map<string, readonly string[]>()

  constructor(valuesOf: (object: T) => readonly string[]) {
    this.#valuesOf = valuesOf
  }

  find(value: string): T[] {
    return [...(this.#found.get(value)?.values() ?? [])]
  }

  put(key: string, object: T): void {
    this.delete(key)
    const values = [...this.#valuesOf(object)]
    this.#values.set(key, values)
    for (const value of values) {
      const found = this.#found.get(value) ?? new Map<string, T>()
      this.#found.set(value, found.set(key, object))
    }
  }

  delete(key: string): void {
    for (const value of this.#values.get(key) ?? []) {
      const found = this.#found.get(value)
      found?.delete(key)
      if (found?.size === 0) this.#found.delete(value)
    }
    this.#values.delete(key)
  }
}

/** Whether both are the same version of the same object. */
function isSame<K extends StoredKind>(one: ObjectOf<K>, other: ObjectOf<K>): boolean {
  return (
    one.metadata.uid === other.metadata.uid && one.metadata.resourceVersion === other.metadata.resourceVersion
  )
}

/** The options of an informer that its lists and watches share, as far as they were given. */
function selectionOf({ namespace, labelSelector, fieldSelector, user }: SelectOptions): SelectOptions {
  return {
    ...(namespace !== undefined && { namespace }),
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
    ...(user !== undefined && { user }),
  }
}
