/**
 * A local copy of all objects of a kind, written without a loop: each step, when it is through, takes the next one.
 * Lists and events become a plan of what is to be told; the cache has changed before the first of it is.
 */
import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import type { Address } from '#kit/api/metadata'
import type { WatchEvent } from '#kit/client'
import type { ListOptions, SelectOptions } from '#kit/client-options'
import type { Timer } from '#kit/clock'
import type { EventHandler, InformerOptions, InformerParts, SharedInformer } from '#kit/informer'
import { isExpired } from '#kit/status-error'
import type { Stream } from '#kit/stream'

type Telling<K extends StoredKind> = (handler: EventHandler<K>) => void

const pageSize = 500
const tooSoonMs = 1_000
const firstWaitMs = 800
const longestWaitMs = 30_000

/** A cache of all objects of a kind that are selected. It runs once: after `stop()` it is not started again. */
export class Informer<K extends StoredKind> implements SharedInformer<K> {
  readonly #kind: K
  readonly #parts: InformerParts
  readonly #selection: SelectOptions
  readonly #resyncMs: number
  readonly #indexes: ReadonlyMap<string, (object: ObjectOf<K>) => readonly string[]>
  readonly #report: (error: unknown) => void

  /** By namespace, then by name. */
  readonly #objects = new Map<string, Map<string, ObjectOf<K>>>()
  #handlers: readonly EventHandler<K>[] = []

  #synced = false
  #stopped = false
  #started: Promise<void> | undefined
  #ended: Promise<void> | undefined
  #sayFilled = () => {}

  /** Where the next watch begins. */
  #from = ''
  /** Nothing that is not above it is news; nor what is not above the last that was heard of the same object. */
  #listedAt = 0n
  readonly #heardAt = new Map<string, bigint>()

  /** What the next wait takes, but for chance. */
  #waitMs = firstWaitMs
  /** The step that is under way. */
  #step: Promise<unknown> = Promise.resolve()
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
    const { namespace, labelSelector, fieldSelector, user } = options
    this.#selection = {
      ...(namespace !== undefined && { namespace }),
      ...(labelSelector !== undefined && { labelSelector }),
      ...(fieldSelector !== undefined && { fieldSelector }),
      ...(user !== undefined && { user }),
    }
    this.#resyncMs = options.resyncMs ?? 0
    this.#indexes = new Map(Object.entries(options.indexes ?? {}))
    this.#report = (error) => {
      if (!this.#stopped) options.onError?.(error)
    }
  }

  get synced(): boolean {
    return this.#synced
  }

  get({ namespace = '', name }: Address): ObjectOf<K> | undefined {
    return this.#objects.get(namespace)?.get(name)
  }

  list(namespace?: string): ObjectOf<K>[] {
    if (namespace !== undefined) return [...(this.#objects.get(namespace)?.values() ?? [])]
    return [...this.#objects.values()].flatMap((byName) => [...byName.values()])
  }

  byIndex(index: string, value: string): ObjectOf<K>[] {
    const valuesOf = this.#indexes.get(index)
    if (!valuesOf) throw new RangeError(`there is no index ${JSON.stringify(index)}`)
    return this.list().filter((object) => valuesOf(object).includes(value))
  }

  addHandler(handler: EventHandler<K>): void {
    this.#handlers = [...this.#handlers, handler]
    for (const object of this.list()) this.#tell([handler], (each) => each.added?.(object))
  }

  start(): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    if (!this.#started) {
      this.#started = new Promise((resolve) => {
        this.#sayFilled = resolve
      })
      this.#askForPage([])
    }
    return this.#started
  }

  stop(): Promise<void> {
    this.#ended ??= this.#end()
    return this.#ended
  }

  async #end(): Promise<void> {
    this.#stopped = true
    this.#sayFilled()
    this.#backOff?.cancel()
    this.#resync?.cancel()
    await Promise.allSettled([this.#stream?.return(), this.#step])
  }

  // What is asked of the client

  #askForPage(before: readonly ObjectOf<K>[], token?: string): void {
    const options = { ...this.#selection, limit: pageSize, ...(token && { continue: token }) }
    this.#ask(options, (error) => {
      if (token && isExpired(error)) this.#askForAll()
      else this.#failed(error, true)
    }, before)
  }

  #askForAll(): void {
    this.#ask({ ...this.#selection }, (error) => this.#failed(error, true), [])
  }

  #ask(options: ListOptions, refused: (error: unknown) => void, before: readonly ObjectOf<K>[]): void {
    const answer = (async () => this.#parts.client.list(this.#kind, options))()
    this.#step = answer.then(
      ({ metadata, items }) => {
        if (this.#stopped) return
        const all = [...before, ...items]
        if (metadata.continue) this.#askForPage(all, metadata.continue)
        else this.#listed(all, metadata.resourceVersion)
      },
      (error) => {
        if (!this.#stopped) refused(error)
      },
    )
  }

  #watch(): void {
    const begunMs = this.#parts.clock.now()
    try {
      this.#stream = this.#parts.client.watch(this.#kind, {
        ...this.#selection,
        resourceVersion: this.#from,
        allowWatchBookmarks: true,
      })
      this.#read(this.#stream, begunMs, true)
    } catch (error) {
      this.#failed(error, isExpired(error))
    }
  }

  #read(stream: Stream<WatchEvent<K>>, begunMs: number, silent: boolean): void {
    this.#step = stream.next().then(
      ({ done, value }) => {
        if (this.#stopped) return
        if (!done) {
          this.#waitMs = firstWaitMs
          this.#happened(value)
          if (!this.#stopped) this.#read(stream, begunMs, false)
          return
        }
        this.#stream = undefined
        const tooSoon = silent && this.#parts.clock.now() - begunMs < tooSoonMs
        if (tooSoon) this.#failed(new Error('the watch ended at once, and had brought nothing'), false)
        else this.#watch()
      },
      (error) => {
        if (this.#stopped) return
        this.#stream = undefined
        this.#failed(error, isExpired(error))
      },
    )
  }

  #failed(error: unknown, list: boolean): void {
    this.#report(error)
    if (this.#stopped) return
    const waitMs = this.#waitMs * (1 + this.#parts.random.next())
    this.#waitMs = Math.min(this.#waitMs * 2, longestWaitMs)
    this.#backOff = this.#parts.clock.setTimer(waitMs, () => {
      if (list) this.#askForPage([])
      else this.#watch()
    })
  }

  // What that does to the cache

  #listed(items: readonly ObjectOf<K>[], version: string): void {
    this.#waitMs = firstWaitMs
    this.#from = version
    this.#listedAt = BigInt(version)
    this.#heardAt.clear()

    const vanished = new Set(this.list())
    const plan: Telling<K>[] = []
    for (const object of items) {
      const old = this.get(object.metadata)
      if (old) vanished.delete(old)
      const same = old?.metadata.uid === object.metadata.uid
      if (same && old?.metadata.resourceVersion === object.metadata.resourceVersion) continue
      plan.push(...this.#put(object))
    }
    for (const object of vanished) plan.push(...this.#remove(object, object))

    const first = !this.#synced
    this.#synced = true
    this.#tell(this.#handlers, ...plan)
    if (this.#stopped) return
    if (first && this.#resyncMs > 0) this.#setResync()
    this.#sayFilled()
    this.#watch()
  }

  #happened(event: WatchEvent<K>): void {
    const { resourceVersion } = event.object.metadata
    const version = BigInt(resourceVersion)
    if (version > BigInt(this.#from)) this.#from = resourceVersion
    if (event.type === 'BOOKMARK') return

    const { namespace = '', name } = event.object.metadata
    const id = JSON.stringify([namespace, name])
    if (version <= this.#listedAt || version <= (this.#heardAt.get(id) ?? 0n)) return
    this.#heardAt.set(id, version)

    const old = this.get(event.object.metadata)
    if (event.type !== 'DELETED') this.#tell(this.#handlers, ...this.#put(event.object))
    else if (old) this.#tell(this.#handlers, ...this.#remove(old, event.object))
  }

  #put(object: ObjectOf<K>): Telling<K>[] {
    const { namespace = '', name, uid } = object.metadata
    const old = this.get(object.metadata)
    const byName = this.#objects.get(namespace) ?? new Map<string, ObjectOf<K>>()
    this.#objects.set(namespace, byName.set(name, object))
    if (!old) return [(handler) => handler.added?.(object)]
    if (old.metadata.uid === uid) return [(handler) => handler.updated?.(old, object)]
    return [(handler) => handler.deleted?.(old), (handler) => handler.added?.(object)]
  }

  #remove(old: ObjectOf<K>, last: ObjectOf<K>): Telling<K>[] {
    const { namespace = '', name } = old.metadata
    this.#objects.get(namespace)?.delete(name)
    return [(handler) => handler.deleted?.(last)]
  }

  // Who is told

  /** To those handlers that were there when the cache changed: a later one has been told what the cache shows. */
  #tell(handlers: readonly EventHandler<K>[], ...plan: Telling<K>[]): void {
    for (const telling of plan) {
      for (const handler of handlers) {
        if (this.#stopped) return
        try {
          telling(handler)
        } catch (error) {
          this.#report(error)
        }
      }
    }
  }

  #setResync(): void {
    this.#resync = this.#parts.clock.setTimer(this.#resyncMs, () => {
      this.#setResync()
      const plan = this.list().map((object): Telling<K> => (handler) => handler.updated?.(object, object))
      this.#tell(this.#handlers, ...plan)
    })
  }
}
