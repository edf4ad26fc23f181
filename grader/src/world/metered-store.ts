import type { ReadOptions, Snapshot, StoreEvent, Watch, WatchOptions } from '#kit/store'
import { Store } from '#rooms/store'
import { BudgetExceeded } from '../subject/virtual-time.ts'

/** How many objects may be read in one check, in lists and in what watches look at: many times what any needs. */
const READ_LIMIT = 50_000

/** The store of a world. It works in the grader's process: what rooms ask of it must come to an end. */
export class MeteredStore extends Store<object> {
  #read = 0

  /** @throws {BudgetExceeded} if too much has been read */
  override async list(prefix: string, options?: ReadOptions): Promise<Snapshot<object>> {
    this.#count(0)
    const snapshot = await super.list(prefix, options)
    this.#count(snapshot.items.length)
    return snapshot
  }

  /** @throws {BudgetExceeded} from `next()` if too much has been read */
  override watch(prefix: string, options?: WatchOptions): Watch<object> {
    const watch = super.watch(prefix, options)
    const next = watch.next.bind(watch)
    return Object.assign(watch, {
      next: async (): Promise<IteratorResult<StoreEvent<object>, undefined>> => {
        this.#count(1)
        return next()
      },
    })
  }

  #count(more: number): void {
    this.#read += more
    if (this.#read > READ_LIMIT)
      throw new BudgetExceeded(`the room had the API read more than ${READ_LIMIT} objects in one check`)
  }
}
