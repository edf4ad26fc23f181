import type {
  KeyValue,
  ReadOptions,
  Snapshot,
  StoreEvent,
  Watch,
  WatchOptions,
  WriteOptions,
} from '#kit/store'
import { Store } from '#rooms/store'
import { BudgetExceeded } from '../subject/virtual-time.ts'

/** What all that is read in one check may come to, in characters of JSON: many times what any needs. */
const READ_LIMIT = 2 * 2 ** 20

/** The store of a world. It works in the grader's process: what rooms ask of it must come to an end. */
export class MeteredStore extends Store<object> {
  #read = 0
  /** How large each value is, by the revision at which it was put. */
  readonly #sizes = new Map<number, number>()

  override async put(key: string, value: object, options?: WriteOptions): Promise<KeyValue<object>> {
    const stored = await super.put(key, value, options)
    this.#sizes.set(stored.modRevision, JSON.stringify(stored.value).length)
    return stored
  }

  /** @throws {BudgetExceeded} if too much has been read */
  override async get(key: string, options?: ReadOptions): Promise<KeyValue<object> | undefined> {
    this.#count()
    const found = await super.get(key, options)
    this.#count(found)
    return found
  }

  /** @throws {BudgetExceeded} if too much has been read */
  override async list(prefix: string, options?: ReadOptions): Promise<Snapshot<object>> {
    this.#count()
    const snapshot = await super.list(prefix, options)
    this.#count(...snapshot.items)
    return snapshot
  }

  /** @throws {BudgetExceeded} from `next()` if too much has been read */
  override watch(prefix: string, options?: WatchOptions): Watch<object> {
    const watch = super.watch(prefix, options)
    const next = watch.next.bind(watch)
    return Object.assign(watch, {
      next: async (): Promise<IteratorResult<StoreEvent<object>, undefined>> => {
        this.#count()
        const result = await next()
        if (result.value) this.#count(result.value.type === 'PUT' ? result.value.kv : result.value.prevKv)
        return result
      },
    })
  }

  #count(...read: (KeyValue<object> | undefined)[]): void {
    for (const one of read) this.#read += (one && this.#sizes.get(one.modRevision)) ?? 0
    if (this.#read > READ_LIMIT)
      throw new BudgetExceeded(`the room had the API read more than ${READ_LIMIT / 2 ** 20} MiB in one check`)
  }
}
