// Runs beside the rooms of a submission: a store in which somebody else writes at the worst moment.
import { type JsonObject, mergePatch } from '#kit/merge-patch'
import type {
  KeyValue,
  KeyValueStore,
  ReadOptions,
  Snapshot,
  Watch,
  WatchOptions,
  WriteOptions,
} from '#kit/store'
import type { Store } from '#rooms/store'
import type { Told } from './told.fixture.ts'

/** Somebody else, who writes to the store between two steps of the API; one at a time, in the order of the list. */
export interface Rival {
  /**
   * Just before a write of the API; just before or after a list was read; or just before the API reads what it has listed
   * before: whoever lists again and again first brings only those of a list.
   */
  when: 'before a write' | 'before a list' | 'after a list' | 'before a read'
  /** Left out: the key of the write. */
  key?: string
  /** Merged into what is there, and written; null: deleted. */
  does: JsonObject | null
  /** Default: once. */
  times?: number
}

/** A store in which rivals write. It writes down what it is asked. */
export class RivalStore implements KeyValueStore<object> {
  readonly #inner: Store<object>
  /** How many watches of it are open. */
  readonly #watches: { open: number }
  readonly #rivals: { rival: Rival; left: number }[]
  readonly #told: Told[]
  readonly #listed = new Set<string>()

  constructor(inner: Store<object>, watches: { open: number }, rivals: Rival[], told: Told[]) {
    this.#inner = inner
    this.#watches = watches
    this.#rivals = rivals.map((rival) => ({ rival, left: rival.times ?? 1 }))
    this.#told = told
  }

  addNamespace(name: string): void {
    const metadata = { name, uid: `of-${name}`, creationTimestamp: '2026-01-01T00:00:00Z' }
    void this.#inner.put(`/registry/namespaces/${name}`, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata,
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
  }

  async put(key: string, value: object, options?: WriteOptions): Promise<KeyValue<object>> {
    // What cannot be written is refused, and the rest read once, before anybody comes who believes in this write.
    const [copy, asked] = [structuredClone(value), askedOf(key, options)]
    if (await this.#holds(key, asked)) await this.#letRivals('before a write', key)
    this.#told.push({ from: 'store', call: 'put', key })
    return this.#inner.put(key, copy, asked)
  }

  async delete(key: string, options?: WriteOptions): Promise<KeyValue<object> | undefined> {
    const asked = askedOf(key, options)
    if (await this.#holds(key, asked)) await this.#letRivals('before a write', key)
    this.#told.push({ from: 'store', call: 'delete', key })
    return this.#inner.delete(key, asked)
  }

  async get(key: string, options?: ReadOptions): Promise<KeyValue<object> | undefined> {
    this.#told.push({ from: 'store', call: 'get', key })
    if ([...this.#listed].some((prefix) => key.startsWith(prefix)))
      await this.#letRivals('before a read', key)
    return this.#inner.get(key, options)
  }

  async list(prefix: string, options?: ReadOptions): Promise<Snapshot<object>> {
    this.#told.push({ from: 'store', call: 'list', key: prefix })
    await this.#letRivals('before a list', prefix)
    this.#listed.add(prefix)
    const listed = await this.#inner.list(prefix, options)
    await this.#letRivals('after a list', prefix)
    return listed
  }

  watch(prefix: string, options?: WatchOptions): Watch<object> {
    this.#told.push({ from: 'store', call: 'watch', key: prefix })
    const watch = this.#inner.watch(prefix, options)
    this.#watches.open++
    let open = true
    const end = () => {
      if (open) this.#watches.open--
      open = false
    }
    const counted: Watch<object> = {
      async next() {
        try {
          return await watch.next()
        } catch (error) {
          end()
          throw error
        }
      },
      return() {
        end()
        return watch.return()
      },
      [Symbol.asyncIterator]: () => counted,
    }
    return counted
  }

  compact(revision: number): Promise<void> {
    return this.#inner.compact(revision)
  }

  /** Whether a write would be accepted now: those that are refused anyway could bring all rivals here before the room has read. */
  async #holds(key: string, { ifRevision }: WriteOptions): Promise<boolean> {
    return ifRevision === undefined || ifRevision === ((await this.#inner.get(key))?.modRevision ?? 0)
  }

  async #letRivals(when: Rival['when'], asked: string): Promise<void> {
    for (const entry of this.#rivals) {
      const { rival } = entry
      if (rival.when !== when || entry.left === 0) continue
      // Namespaces and the like are written in peace.
      if (when === 'before a write' && rival.key !== undefined && rival.key !== asked) continue
      if (when === 'before a read' && rival.key !== asked) continue
      // Who looks for a namespace may list.
      if (when.endsWith('list') && !rival.key?.startsWith(asked)) continue
      entry.left--
      const key = rival.key ?? asked
      this.#told.push({ from: 'rival', call: rival.does ? 'put' : 'delete', key })
      if (!rival.does) await this.#inner.delete(key)
      else
        await this.#inner.put(key, mergePatch((await this.#inner.get(key))?.value ?? named(key), rival.does))
      return
    }
  }
}

/** What is asked of a write, read once: it may say otherwise the second time. */
function askedOf(key: string, { ifRevision }: WriteOptions = {}): WriteOptions {
  if (typeof key !== 'string') throw new TypeError(`expected a key, came a ${typeof key}`)
  return ifRevision === undefined ? {} : { ifRevision }
}

/** A ConfigMap as it stands in the store. */
function named(key: string): object {
  const [, , , namespace, name] = key.split('/')
  const metadata = { name, namespace, uid: 'of-somebody-else', creationTimestamp: '2026-01-01T00:00:00Z' }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata }
}
