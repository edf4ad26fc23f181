// Lesson 28 in small: shows that a store can be made durable from outside, with lesson 01's room as it is.
import type { Disk } from '#kit/disk'
import type { KeyValueStore, Snapshot } from '#kit/store'

type Request<V> =
  | { call: 'put'; arguments: Parameters<KeyValueStore<V>['put']> }
  | { call: 'delete'; arguments: Parameters<KeyValueStore<V>['delete']> }
  | { call: 'compact'; arguments: Parameters<KeyValueStore<V>['compact']> }

/**
 * A store whose requests are on the disk before they are applied. What is logged is the request, not its
 * effect: one that failed fails again when it is replayed.
 */
export class DurableStore<V> implements KeyValueStore<V> {
  readonly #disk: Disk
  readonly #inner: KeyValueStore<V>
  #generation: number
  /** Settles when every request so far has been applied: the log's order is the store's. */
  #applied: Promise<unknown> = Promise.resolve()

  private constructor(disk: Disk, inner: KeyValueStore<V>, generation: number) {
    this.#disk = disk
    this.#inner = inner
    this.#generation = generation
  }

  /** Recovers what is on the disk into a store that `create` makes. */
  static async open<V>(
    disk: Disk,
    create: (snapshot?: Snapshot<V>) => KeyValueStore<V>,
  ): Promise<DurableStore<V>> {
    const saves = (await disk.files()).filter((name) => name.startsWith('snapshot-'))
    const generation = Math.max(0, ...saves.map((name) => Number(name.slice('snapshot-'.length))))
    const saved = await disk.read(`snapshot-${generation}`)
    const inner = create(saved ? JSON.parse(saved) : undefined)
    const store = new DurableStore(disk, inner, generation)
    const log = (await disk.read(`log-${generation}`)) ?? ''
    for (const line of log.split('\n').slice(0, -1)) await store.#apply(JSON.parse(line)).catch(() => {})
    return store
  }

  put: KeyValueStore<V>['put'] = (...call) =>
    this.#inOrder(async () => {
      await this.#log({ call: 'put', arguments: call })
      return this.#inner.put(...call)
    })

  delete: KeyValueStore<V>['delete'] = (...call) =>
    this.#inOrder(async () => {
      await this.#log({ call: 'delete', arguments: call })
      return this.#inner.delete(...call)
    })

  compact: KeyValueStore<V>['compact'] = (...call) =>
    this.#inOrder(async () => {
      await this.#log({ call: 'compact', arguments: call })
      return this.#inner.compact(...call)
    })

  get: KeyValueStore<V>['get'] = (...call) => this.#inner.get(...call)
  list: KeyValueStore<V>['list'] = (...call) => this.#inner.list(...call)
  watch: KeyValueStore<V>['watch'] = (...call) => this.#inner.watch(...call)

  /**
   * Writes the state as it is and begins a new log. A recovery ends up at the same revision, without the
   * past.
   */
  snapshot(): Promise<void> {
    return this.#inOrder(async () => {
      const next = this.#generation + 1
      await this.#disk.append('unfinished', JSON.stringify(await this.#inner.list('')))
      await this.#disk.sync('unfinished')
      await this.#disk.rename('unfinished', `snapshot-${next}`)
      this.#generation = next
    })
  }

  async #log(request: Request<V>): Promise<void> {
    const file = `log-${this.#generation}`
    await this.#disk.append(file, `${JSON.stringify(request)}\n`)
    await this.#disk.sync(file)
  }

  #apply(request: Request<V>): Promise<unknown> {
    if (request.call === 'put') return this.#inner.put(...request.arguments)
    if (request.call === 'delete') return this.#inner.delete(...request.arguments)
    return this.#inner.compact(...request.arguments)
  }

  #inOrder<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#applied.then(step)
    this.#applied = result.catch(() => {})
    return result
  }
}

/** A disk in memory that forgets on demand what was not synced. */
export class MemoryDisk implements Disk {
  readonly #files = new Map<string, { text: string; synced: number }>()

  async files(): Promise<string[]> {
    return [...this.#files.keys()].sort()
  }

  async read(file: string): Promise<string | undefined> {
    return this.#files.get(file)?.text
  }

  async append(file: string, text: string): Promise<void> {
    const { text: before, synced } = this.#files.get(file) ?? { text: '', synced: 0 }
    this.#files.set(file, { text: before + text, synced })
  }

  async sync(file: string): Promise<void> {
    const text = this.#files.get(file)?.text ?? ''
    this.#files.set(file, { text, synced: text.length })
  }

  async rename(from: string, to: string): Promise<void> {
    const moved = this.#files.get(from)
    if (!moved) throw new Error(`there is no file ${from} to rename`)
    this.#files.delete(from)
    this.#files.set(to, moved)
  }

  async remove(file: string): Promise<void> {
    this.#files.delete(file)
  }

  /** Cuts every file to what was synced. */
  losePower(): void {
    for (const file of this.#files.values()) file.text = file.text.slice(0, file.synced)
  }
}
