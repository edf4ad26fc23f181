// Lesson 03 in small: what an API asks on the way to its store; two of them share nothing but the store.
import type { Access } from '#kit/access'
import type { AdmissionPlugin } from '#kit/admission'
import type { DraftOf, KindName, ObjectOf } from '#kit/api/kinds'
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import type { Random } from '#kit/random'
import { StatusError } from '#kit/status-error'
import type { KeyValueStore } from '#kit/store'
import { loopbackUser, type User } from '#kit/user'
import type { VirtualResources } from '#kit/virtual-resource'
import { LoopbackClient } from './stand-ins.ts'

/** What an API is made of. */
export interface ApiParts {
  store: KeyValueStore<object>
  clock: Clock
  random: Random
  access: Access
  admission: readonly AdmissionPlugin[]
  virtual: VirtualResources
}

/** An API as far as this file needs one: it asks in the order in which a real one asks. */
class ApiSketch implements Client {
  readonly #parts: ApiParts

  constructor(parts: ApiParts) {
    this.#parts = parts
  }

  async #permit(verb: string, kind: KindName, options: { user?: User } = {}) {
    const user = options.user ?? loopbackUser
    const decision = await this.#parts.access.authorize({ user, verb, apiGroup: '', resource: kind })
    if (!decision.allowed) throw new StatusError({ code: 403, reason: 'Forbidden', message: decision.reason })
    return user
  }

  create: Client['create'] = async <K extends KindName>(
    kind: K,
    draft: DraftOf<K>,
    options?: { user?: User },
  ) => {
    const user = await this.#permit('create', kind, options)
    const { name, namespace } = draft.metadata ?? {}
    let object = draft
    // The one place where a kind that is known at run time meets the union of all of them.
    const request = () =>
      ({ operation: 'CREATE', kind, object, name, namespace, user, dryRun: false }) as never
    const asked: AdmissionPlugin[] = []
    let stored = false
    try {
      for (const plugin of this.#parts.admission) {
        object = (await plugin.mutate(request())) as typeof draft
        asked.push(plugin)
      }
      for (const plugin of this.#parts.admission) await plugin.validate(request())
      await this.#parts.store.put(`/${kind}/${namespace}/${name}`, object, { ifRevision: 0 })
      stored = true
    } finally {
      for (const plugin of asked) await plugin.finish(request(), stored)
    }
    return object as ObjectOf<K>
  }

  get: Client['get'] = async (kind, { namespace, name }, options) => {
    await this.#permit('get', kind, options)
    const found = await this.#parts.store.get(`/${kind}/${namespace}/${name}`)
    if (!found) throw new StatusError({ code: 404, reason: 'NotFound' })
    return found.value as ObjectOf<typeof kind>
  }

  list: Client['list'] = async (kind, options) => {
    await this.#permit('list', kind, options)
    const { revision, items } = await this.#parts.store.list(`/${kind}/`)
    const objects = items.map(({ value }) => value as ObjectOf<typeof kind>)
    return { metadata: { resourceVersion: `${revision}` }, items: objects }
  }

  watch: Client['watch'] = notSketched
  update: Client['update'] = notSketched
  patch: Client['patch'] = notSketched
  delete: Client['delete'] = notSketched
  deleteCollection: Client['deleteCollection'] = notSketched
}

function notSketched(): never {
  throw new Error('not part of the sketch')
}

/** One replica of the API. Two of them share nothing but the store. */
export function replica(
  parts: Pick<ApiParts, 'store' | 'clock' | 'random'>,
  plug: (loopback: Client) => Pick<ApiParts, 'access' | 'admission' | 'virtual'>,
): Client {
  const loopback = new LoopbackClient()
  const api = new ApiSketch({ ...parts, ...plug(loopback) })
  loopback.connect(api)
  return api
}
