import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import type { Address } from '#kit/api/metadata'
import type { WatchEvent } from '#kit/client'
import type { ListOptions } from '#kit/client-options'
import type { EventHandler, InformerOptions, InformerParts, SharedInformer } from '#kit/informer'
import { keyOf } from '#kit/object-key'
import { isExpired } from '#kit/status-error'
import type { Stream } from '#kit/stream'

type State = 'new' | 'running' | 'stopped'

/** Asks and follows in two loops, one inside the other; each object's newest version is kept, also of those that are gone. */
export class Informer<K extends StoredKind> implements SharedInformer<K> {
  readonly #kind: K
  readonly #parts: InformerParts
  readonly #options: InformerOptions<K>
  readonly #select: ListOptions
  readonly #objects = new Map<string, ObjectOf<K>>()
  readonly #newest = new Map<string, bigint>()
  readonly #handlers: EventHandler<K>[] = []
  readonly #waiting: (() => void)[] = []
  #listedAt = 0n
  #position = 0n
  #failures = 0
  #state: State = 'new'
  synced = false
  #loop: Promise<void> = Promise.resolve()
  #stream: Stream<WatchEvent<K>> | undefined
  /** Cancels what waits for time to pass. */
  readonly #cancels = new Set<() => void>()

  constructor(kind: K, parts: InformerParts, options: InformerOptions<K> = {}) {
    this.#kind = kind
    this.#parts = parts
    this.#options = options
    const { indexes: _indexes, resyncMs: _resync, onError: _onError, ...select } = options
    this.#select = select
  }

  get(at: Address): ObjectOf<K> | undefined {
    return this.#objects.get(keyOf(at))
  }

  list(namespace?: string): ObjectOf<K>[] {
    const all = [...this.#objects.values()]
    return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace)
  }

  byIndex(index: string, value: string): ObjectOf<K>[] {
    const { indexes = {} } = this.#options
    const valuesOf = Object.hasOwn(indexes, index) ? indexes[index] : undefined
    if (!valuesOf) throw new RangeError(`no index ${index}`)
    return this.list().filter((object) => valuesOf(object).includes(value))
  }

  addHandler(handler: EventHandler<K>): void {
    for (const object of this.list()) this.#call(handler, (it) => it.added?.(object))
    this.#handlers.push(handler)
  }

  start(): Promise<void> {
    if (this.#state === 'new') {
      this.#state = 'running'
      this.#loop = this.#listAndFollow()
    }
    if (this.synced || this.#isOver()) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  async stop(): Promise<void> {
    this.#state = 'stopped'
    this.#release()
    for (const cancel of this.#cancels) cancel()
    await this.#stream?.return()
    await this.#loop
  }

  #isOver(): boolean {
    return this.#state === 'stopped'
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  async #listAndFollow(): Promise<void> {
    while (!this.#isOver()) {
      let listed: { version: bigint; items: ObjectOf<K>[] }
      try {
        listed = await this.#readAll()
      } catch (error) {
        await this.#fail(error)
        continue
      }
      if (this.#isOver()) return
      this.#replace(listed.version, listed.items)
      await this.#followUntilExpired()
    }
  }

  async #followUntilExpired(): Promise<void> {
    while (!this.#isOver()) {
      try {
        await this.#follow()
      } catch (error) {
        await this.#fail(error)
        if (isExpired(error)) return
      }
    }
  }

  async #readAll(): Promise<{ version: bigint; items: ObjectOf<K>[] }> {
    const limit = 500
    const first = await this.#parts.client.list(this.#kind, { ...this.#select, limit })
    const items = [...first.items]
    let token = first.metadata.continue
    while (token !== undefined && !this.#isOver()) {
      try {
        const page = await this.#parts.client.list(this.#kind, { ...this.#select, limit, continue: token })
        items.push(...page.items)
        token = page.metadata.continue
      } catch (error) {
        if (!isExpired(error) || this.#isOver()) throw error
        const whole = await this.#parts.client.list(this.#kind, { ...this.#select })
        return { version: BigInt(whole.metadata.resourceVersion), items: whole.items }
      }
    }
    return { version: BigInt(first.metadata.resourceVersion), items }
  }

  #replace(version: bigint, items: ObjectOf<K>[]): void {
    this.#listedAt = version
    this.#position = version
    this.#failures = 0
    this.#newest.clear()
    const gone = new Set(this.#objects.keys())
    for (const object of items) {
      gone.delete(keyOf(object.metadata))
      if (this.get(object.metadata)?.metadata.resourceVersion !== object.metadata.resourceVersion) this.#put(object)
    }
    for (const key of gone) this.#remove(key)
    if (this.synced || this.#isOver()) return
    this.synced = true
    this.#release()
    if (this.#options.resyncMs) this.#resyncEvery(this.#options.resyncMs)
  }

  async #follow(): Promise<void> {
    const { client, clock } = this.#parts
    const openedMs = clock.now()
    let events = 0
    this.#stream = client.watch(this.#kind, {
      ...this.#select,
      resourceVersion: String(this.#position),
      allowWatchBookmarks: true,
    })
    for (;;) {
      const next = await this.#stream.next()
      if (this.#isOver()) return
      if (next.done) break
      events++
      this.#failures = 0
      this.#handle(next.value)
    }
    if (events === 0 && clock.now() < openedMs + 1000) throw new Error('very short watch')
  }

  #handle(event: WatchEvent<K>): void {
    const version = BigInt(event.object.metadata.resourceVersion)
    if (version > this.#position) this.#position = version
    if (event.type === 'BOOKMARK') return
    const key = keyOf(event.object.metadata)
    const known = this.#newest.get(key) ?? this.#listedAt
    if (version <= known) return
    this.#newest.set(key, version)
    if (event.type === 'DELETED') this.#remove(key, event.object)
    else this.#put(event.object)
  }

  #put(object: ObjectOf<K>): void {
    if (this.#isOver()) return
    const key = keyOf(object.metadata)
    const old = this.#objects.get(key)
    if (old && old.metadata.uid === object.metadata.uid) {
      this.#objects.set(key, object)
      this.#tell((it) => it.updated?.(old, object))
      return
    }
    this.#remove(key)
    if (this.#isOver()) return
    this.#objects.set(key, object)
    this.#tell((it) => it.added?.(object))
  }

  #remove(key: string, last = this.#objects.get(key)): void {
    if (!this.#isOver() && this.#objects.delete(key) && last) this.#tell((it) => it.deleted?.(last))
  }

  #tell(say: (handler: EventHandler<K>) => void): void {
    for (const handler of this.#handlers.slice()) this.#call(handler, say)
  }

  #call(handler: EventHandler<K>, say: (handler: EventHandler<K>) => void): void {
    if (this.#isOver()) return
    try {
      say(handler)
    } catch (error) {
      if (!this.#isOver()) this.#options.onError?.(error)
    }
  }

  #resyncEvery(ms: number): void {
    if (this.#isOver()) return
    const timer = this.#parts.clock.setTimer(ms, () => {
      this.#cancels.delete(cancel)
      for (const object of this.list()) this.#tell((it) => it.updated?.(object, object))
      this.#resyncEvery(ms)
    })
    const cancel = () => timer.cancel()
    this.#cancels.add(cancel)
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#isOver()) return
    this.#options.onError?.(error)
    if (this.#isOver()) return
    const baseMs = Math.min(30_000, 800 * 2 ** this.#failures)
    this.#failures += 1
    const delayMs = baseMs + baseMs * this.#parts.random.next()
    await new Promise<void>((resolve) => {
      const timer = this.#parts.clock.setTimer(delayMs, () => {
        this.#cancels.delete(cancel)
        resolve()
      })
      const cancel = () => {
        timer.cancel()
        resolve()
      }
      this.#cancels.add(cancel)
    })
  }
}
