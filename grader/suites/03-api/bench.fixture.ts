// Runs beside the rooms of a submission: an API over a store in which others write at the worst moment, and whose
// every question is written down. It is never believed: the suite judges.
import type { AccessAttributes } from '#kit/access'
import { everybodyIsAdministrator } from '#kit/access'
import type { Patch } from '#kit/client'
import type { ListOptions } from '#kit/client-options'
import type { Clock } from '#kit/clock'
import type { JsonObject } from '#kit/merge-patch'
import { seeded } from '#kit/random'
import { loopbackUser } from '#kit/user'
import { Api } from '#rooms/api'
import { Store } from '#rooms/store'
import { type KindSetup, kindsOf } from './kinds.fixture.ts'
import { type PluginSetup, pluginOf } from './plugins.fixture.ts'
import { type Rival, RivalStore } from './rivals.fixture.ts'
import type { Told } from './told.fixture.ts'
import { type VirtualSetup, virtualOf } from './virtual.fixture.ts'

/** What an API is to be like; left out: as usual. */
export interface Setup extends KindSetup, VirtualSetup {
  /** Besides `default`. */
  namespaces?: string[]
  /** The reason with which access refuses everything. */
  denied?: string
  /** How long access takes to answer about `jane`, in milliseconds; about everybody else it answers at once. */
  slowMs?: number
  plugins?: PluginSetup[]
  /** `random.next()` answers the same number always. */
  sameRandom?: boolean
  /** It does so only for as many numbers as a uid and a name take, anew in each `create`: the next name is another. */
  sameFirstName?: boolean
  rivals?: Rival[]
}

/** How many numbers a uid and the end of a name are made of. */
const NUMBERS_OF_NAME = 10

/** An API with the namespace `default`, and what a check wants to know of what is below and around it. */
export class Bench {
  readonly #told: Told[] = []
  // Known to nobody else: the room is given what watches over it.
  readonly #inner = new Store<object>()
  readonly #watches = { open: 0 }
  readonly #store: RivalStore
  readonly #api: Api
  /** How often `random.next()` was called since the last `create` began. */
  #drawn = 0

  constructor(clock: Clock, seed: number, setup: Setup = {}) {
    this.#store = new RivalStore(this.#inner, this.#watches, setup.rivals ?? [], this.#told)
    for (const name of ['default', ...(setup.namespaces ?? [])]) this.#store.addNamespace(name)
    const random = seeded(seed)
    const { sameRandom = false, sameFirstName = false } = setup
    const isSame = () => sameRandom || (sameFirstName && this.#drawn++ < NUMBERS_OF_NAME)
    // The room may go on to change an object that it has shown.
    const tell = (told: Told) => void this.#told.push(structuredClone(told))
    this.#api = new Api({
      store: this.#store,
      clock,
      random: { next: () => (isSame() ? 0.5 : random.next()) },
      kinds: kindsOf(setup, tell),
      access: {
        ...everybodyIsAdministrator,
        authorize: async (attributes: AccessAttributes) => {
          // Words, but for the user. Every request comes by here: no more is copied than can be changed.
          const user = attributes.user === loopbackUser ? loopbackUser : structuredClone(attributes.user)
          this.#told.push({ ...attributes, user, from: 'access', call: 'authorize' })
          const { slowMs } = setup
          if (slowMs !== undefined && user.name === 'jane')
            await new Promise<void>((resolve) => void clock.setTimer(slowMs, resolve))
          return setup.denied === undefined
            ? { allowed: true, reason: '' }
            : { allowed: false, reason: setup.denied }
        },
      },
      admission: (setup.plugins ?? []).flatMap((plugin) => {
        const asked = pluginOf(plugin, tell, clock)
        return plugin.twice ? [asked, asked] : [asked]
      }),
      virtual: virtualOf(setup, tell),
    })
  }

  create(...args: Parameters<Api['create']>) {
    this.#drawn = 0
    return this.#api.create(...args)
  }

  get(...args: Parameters<Api['get']>) {
    return this.#api.get(...args)
  }

  update(...args: Parameters<Api['update']>) {
    return this.#api.update(...args)
  }

  patch(...args: Parameters<Api['patch']>) {
    return this.#api.patch(...args)
  }

  /** A merge patch of a ConfigMap in `default`. */
  merge(name: string, patch: JsonObject, options: Parameters<Api['patch']>[3] = {}) {
    const sent: Patch = { type: 'merge', patch }
    return this.#api.patch('ConfigMap', { namespace: 'default', name }, sent, options)
  }

  delete(...args: Parameters<Api['delete']>) {
    return this.#api.delete(...args)
  }

  deleteCollection(...args: Parameters<Api['deleteCollection']>) {
    return this.#api.deleteCollection(...args)
  }

  list(...args: Parameters<Api['list']>) {
    return this.#api.list(...args)
  }

  /** Every page of a list, each with the token of the one before it; at most twenty. */
  async pages(kind: 'ConfigMap', options: ListOptions) {
    const pages: Awaited<ReturnType<Api['list']>>[] = []
    // A page is of the version of the first anyway, and says so by its token.
    const { resourceVersion: _version, resourceVersionMatch: _match, ...same } = options
    let asked = options
    while (pages.length < 20) {
      const page = await this.#api.list(kind, asked)
      pages.push(page)
      const token = page.metadata.continue
      if (token === undefined) break
      asked = { ...same, continue: token }
    }
    return pages
  }

  watch(...args: Parameters<Api['watch']>) {
    return this.#api.watch(...args)
  }

  /** The store's revision, its keys, and how many of its watches have not been ended. */
  async store(): Promise<{ revision: number; keys: string[]; watches: number }> {
    const { revision, items } = await this.#inner.list('')
    return { revision, keys: items.map(({ key }) => key), watches: this.#watches.open }
  }

  async revision(): Promise<number> {
    return (await this.#inner.list('')).revision
  }

  /** Forgets what was before the current revision. */
  async compact(): Promise<{ compacted: number }> {
    const compacted = await this.revision()
    await this.#inner.compact(compacted)
    return { compacted }
  }

  /** Writes to the store, past the API. */
  put(key: string, value: object): Promise<unknown> {
    return this.#inner.put(key, value)
  }

  /** Deletes from the store, past the API. */
  async remove(key: string): Promise<{ modRevision: number }> {
    await this.#inner.delete(key)
    return { modRevision: await this.revision() }
  }

  /** What was asked since this was asked last. */
  told(): Told[] {
    return this.#told.splice(0)
  }

  /** The same without the objects, which are most of it. */
  asked(): Told[] {
    return this.told().map(({ object: _, oldObject: __, ...asked }) => asked)
  }
}
