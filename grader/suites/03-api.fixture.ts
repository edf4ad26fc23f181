// Runs beside the rooms of a submission: an API over a store in which others write at the worst moment, and whose
// every question is written down. It is never believed: the suite judges.
import type { StatusCause } from 'kubernetes-types/meta/v1'
import type { AccessAttributes } from '#kit/access'
import { everybodyIsAdministrator } from '#kit/access'
import type { AdmissionPlugin } from '#kit/admission'
import type { KindTable } from '#kit/api/kind-table'
import { kindTable } from '#kit/api/served-kinds'
import type { Patch } from '#kit/client'
import type { Clock } from '#kit/clock'
import { type JsonObject, mergePatch } from '#kit/merge-patch'
import { seeded } from '#kit/random'
import { badRequest, conflict } from '#kit/status-error'
import type {
  KeyValue,
  KeyValueStore,
  ReadOptions,
  Snapshot,
  Watch,
  WatchOptions,
  WriteOptions,
} from '#kit/store'
import { loopbackUser } from '#kit/user'
import { Api } from '#rooms/api'
import { Store } from '#rooms/store'

/** Somebody else, who writes to the store between two steps of the API; one at a time, in the order of the list. */
export interface Rival {
  /** Just before a write of the API, or just before or after a list was read. */
  when: 'before a write' | 'before a list' | 'after a list'
  /** Left out: the key of the write. */
  key?: string
  /** Merged into what is there, and written; null: deleted. */
  does: JsonObject | null
  /** Default: once. */
  times?: number
}

/** What an admission plugin does besides writing down what it is asked. */
export interface PluginSetup {
  name: string
  /** Merged into each object by `mutate`. */
  adds?: JsonObject
  /** Refuses whatever that method is asked, with 400 and its name. */
  refuses?: 'mutate' | 'validate'
  /** Takes a while in `finish`, and writes down when it has `finished`. */
  lingers?: boolean
}

/** How a method of a virtual kind goes, one call after the other, and then the last one for ever. */
export type Answers = (object | 'Conflict' | 'BadRequest')[]

/** What an API is to be like; left out: as usual. */
export interface Setup {
  /** Besides `default`. */
  namespaces?: string[]
  /** The reason with which access refuses everything. */
  denied?: string
  plugins?: PluginSetup[]
  /** By kind, what answers for it. */
  virtual?: Record<string, { get?: Answers; create?: Answers; update?: Answers }>
  /** By kind, what its row says instead; null: there is none. */
  rows?: Record<string, JsonObject | null>
  /** Finds these in every ConfigMap, and writes down what the row is asked. */
  causes?: { validate: StatusCause[]; validateUpdate: StatusCause[] }
  /** `random.next()` answers the same number always. */
  sameRandom?: boolean
  /** It does so only for as many numbers as a uid and a name take, anew in each `create`: the next name is another. */
  sameFirstName?: boolean
  rivals?: Rival[]
}

/** What was asked, a line each; `undefined` members do not matter. */
export type Told = { from: string; call: string } & Record<string, unknown>

/** How many numbers a uid and the end of a name are made of. */
const NUMBERS_OF_NAME = 10

// Kinds that later lessons serve.
const scale = {
  kind: 'Scale',
  group: 'apps',
  version: 'v1',
  resource: 'replicasets',
  subresource: 'scale',
  singular: 'scale',
  shortNames: [],
  categories: [],
  namespaced: true,
}
const review = {
  kind: 'SubjectAccessReview',
  group: 'authorization.k8s.io',
  version: 'v1',
  resource: 'subjectaccessreviews',
  subresource: undefined,
  singular: 'subjectaccessreview',
  shortNames: [],
  categories: [],
  namespaced: false,
}

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
          this.#told.push({ from: 'access', call: 'authorize', ...attributes, user })
          return setup.denied === undefined
            ? { allowed: true, reason: '' }
            : { allowed: false, reason: setup.denied }
        },
      },
      admission: (setup.plugins ?? []).map((plugin) => pluginOf(plugin, tell)),
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
}

/** A store in which rivals write. It writes down what it is asked. */
class RivalStore implements KeyValueStore<object> {
  readonly #inner: Store<object>
  /** How many watches of it are open. */
  readonly #watches: { open: number }
  readonly #rivals: { rival: Rival; left: number }[]
  readonly #told: Told[]

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
    await this.#letRivals('before a write', key)
    this.#told.push({ from: 'store', call: 'put', key })
    return this.#inner.put(key, value, options)
  }

  async delete(key: string, options?: WriteOptions): Promise<KeyValue<object> | undefined> {
    await this.#letRivals('before a write', key)
    this.#told.push({ from: 'store', call: 'delete', key })
    return this.#inner.delete(key, options)
  }

  get(key: string, options?: ReadOptions): Promise<KeyValue<object> | undefined> {
    this.#told.push({ from: 'store', call: 'get', key })
    return this.#inner.get(key, options)
  }

  async list(prefix: string, options?: ReadOptions): Promise<Snapshot<object>> {
    this.#told.push({ from: 'store', call: 'list', key: prefix })
    await this.#letRivals('before a list', prefix)
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

  async #letRivals(when: Rival['when'], asked: string): Promise<void> {
    for (const entry of this.#rivals) {
      const { rival } = entry
      if (rival.when !== when || entry.left === 0) continue
      // Namespaces and the like are written in peace.
      if (when === 'before a write' && rival.key !== undefined && rival.key !== asked) continue
      // Who looks for a namespace may list.
      if (when !== 'before a write' && !rival.key?.startsWith(asked)) continue
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

/** A ConfigMap as it stands in the store. */
function named(key: string): object {
  const [, , , namespace, name] = key.split('/')
  const metadata = { name, namespace, uid: 'of-somebody-else', creationTimestamp: '2026-01-01T00:00:00Z' }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata }
}

function kindsOf({ rows = {}, causes }: Setup, tell: (told: Told) => void): KindTable {
  const table: Record<string, object> = {
    ...kindTable,
    'ReplicaSet/scale': scale,
    SubjectAccessReview: review,
  }
  for (const [kind, change] of Object.entries(rows)) {
    if (change) table[kind] = { ...table[kind], ...change }
    else delete table[kind]
  }
  const row = kindTable.ConfigMap
  if (causes && row) {
    table.ConfigMap = {
      ...table.ConfigMap,
      validate(object: object) {
        tell({ from: 'row', call: 'validate', object })
        return causes.validate
      },
      validateUpdate(object: object, old: object, subresource: string | undefined) {
        tell({ from: 'row', call: 'validateUpdate', object, old, subresource })
        return causes.validateUpdate
      },
    }
  }
  // Rows for kinds that are no lesson's yet are of no known type.
  return table as KindTable
}

function pluginOf(
  { name, adds, refuses, lingers }: PluginSetup,
  tell: (told: Told) => void,
): AdmissionPlugin {
  return {
    async mutate(request) {
      tell({ from: name, call: 'mutate', ...request })
      if (refuses === 'mutate') throw badRequest(name)
      return adds ? mergePatch(request.object, adds) : request.object
    },
    async validate(request) {
      tell({ from: name, call: 'validate', ...request })
      if (refuses === 'validate') throw badRequest(name)
    },
    async finish(request, stored) {
      tell({ from: name, call: 'finish', stored, ...request })
      if (!lingers) return
      for (let turn = 0; turn < 100; turn++) await undefined
      tell({ from: name, call: 'finished' })
    },
  }
}

function virtualOf({ virtual = {} }: Setup, tell: (told: Told) => void) {
  return Object.fromEntries(
    Object.entries(virtual).map(([kind, methods]) => [
      kind,
      Object.fromEntries(
        Object.entries(methods).map(([method, answers]) => [
          method,
          async function (this: object | undefined, given: object, call: object) {
            // As a class would need it.
            if (!this) throw new TypeError(`${method} of ${kind} was called without its object`)
            tell({ from: kind, call: method, given, ...call })
            const answer = answers.length > 1 ? answers.shift() : answers[0]
            if (answer === 'Conflict') throw conflict({ group: '', resource: kind, kind }, method)
            if (answer === undefined || answer === 'BadRequest') throw badRequest(`${kind} refuses`)
            return structuredClone(answer)
          },
        ]),
      ),
    ]),
  )
}
