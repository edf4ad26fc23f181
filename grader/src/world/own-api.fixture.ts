// Runs beside the rooms of a submission's own stack: the API that a world speaks to.
import { assembleApi } from '#cluster/assemble-api'
import type { Clock } from '#kit/clock'
import { seeded } from '#kit/random'
import type { Api } from '#rooms/api'
import { Store } from '#rooms/store'

const stores = new WeakMap<Api, Store<object>>()

/** An API over a fresh store. */
export function newApi(clock: Clock, seed: number): Api {
  const store = new Store<object>()
  const api = assembleApi({ store, clock, random: seeded(seed) })
  stores.set(api, store)
  return api
}

/** Forgets what was before a revision of the store under `api`. */
export async function compact(api: Api, revision: number): Promise<void> {
  await stores.get(api)?.compact(revision)
}
