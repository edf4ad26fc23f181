/**
 * The API: everything that the cluster knows goes through here. Each request is an errand, which goes down a list of
 * steps: the columns of the lesson's table, as data. A step may say where to go on instead of the next one.
 * Guarantees: of two writers, none overwrites what it has not seen; an object goes when nothing holds it any more.
 *
 * Mirrors: the generic registry of kube-apiserver (k8s.io/apiserver/pkg/registry/{generic/registry,rest})
 * Simplified: one version of each kind, no managed fields and no server-side apply.
 */
import { accessDenied } from '#kit/access-denied'
import type { AdmissionPlugin, AdmissionWrite } from '#kit/admission'
import {
  type AnyDraft,
  type AnyObject,
  type AnyRequest,
  type AnyRow,
  type AnyVirtual,
  admissionDelete,
  admissionWrite,
  apiVersionOf,
  ofKind,
  readDraft,
  readStored,
  type ServedKind,
  servedKind,
  withPartsOf,
} from '#kit/any-object'
import type { DraftOf, KindName, ObjectOf, StoredKind } from '#kit/api/kinds'
import type { Address } from '#kit/api/metadata'
import type { ApiParts } from '#kit/api-parts'
import * as refusal from '#kit/api-refusals'
import type { Client, ObjectList, Patch, WatchEvent } from '#kit/client'
import type {
  CallOptions,
  ClientWatchOptions,
  ClientWriteOptions,
  DeleteOptions,
  ListOptions,
  SelectOptions,
  Subresource,
} from '#kit/client-options'
import type { Timer } from '#kit/clock'
import { decodeContinue, encodeContinue } from '#kit/continue-token'
import { fieldMatcher } from '#kit/field-selector'
import { jsonEqual } from '#kit/json-equal'
import { SelectorError } from '#kit/labels'
import { checkListOptions, parseResourceVersion } from '#kit/list-options'
import { nameSuffix, newUid } from '#kit/names'
import { applyPatch } from '#kit/patch'
import { type Feed, Relay } from '#kit/relay'
import type { Status } from '#kit/status'
import {
  alreadyExists,
  badRequest,
  conflict,
  generateNameConflict,
  invalid,
  isConflict,
  methodNotAllowed,
  notFound,
  resourceNotFound,
  tooLargeResourceVersion,
} from '#kit/status-error'
import { Compacted, FutureRevision, RevisionConflict, type Snapshot, type StoreEvent } from '#kit/store'
import type { Stream } from '#kit/stream'
import { timestamp } from '#kit/timestamp'
import { loopbackUser, type User } from '#kit/user'
import { matches, parseSelector } from '#rooms/labels'

const BOOKMARK_MS = 60_000
const NAME_TRIES = 8
const PATCH_TRIES = 5

/** The metadata of which a draft decides nothing: in a new object, and in one that is there. */
const setByApi = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]

const policies: { readonly [policy: string]: string } = { Orphan: 'orphan', Foreground: 'foregroundDeletion' }

type Verb = 'get' | 'create' | 'update' | 'patch' | 'delete' | 'list' | 'watch' | 'deleteCollection'

type Step = keyof {
  [M in keyof Errand as Errand[M] extends () => Go | undefined | Promise<Go | undefined> ? M : never]: M
}

/** Where to go on: a lost race begins with a new look at the object, a taken name with another one. */
type Go = 'readAgain' | 'renameIt'

const ways: { readonly [verb in Verb]?: readonly Step[] } = {
  get: ['read'],
  create: [
    'checkNamespace',
    'mutate',
    'nameIt',
    'setNewMetadata',
    'validateNew',
    'admit',
    'refuseVersion',
    'storeNew',
  ],
  update: [
    'read',
    'checkIdentity',
    'mutate',
    'checkVersion',
    'keepWhatStays',
    'validateChange',
    'admit',
    'storeChange',
  ],
  patch: [
    'read',
    'applyPatch',
    'checkIdentity',
    'mutate',
    'checkVersion',
    'keepWhatStays',
    'validateChange',
    'admit',
    'storeChange',
  ],
  delete: ['read', 'checkPreconditions', 'admit', 'mark', 'storeDeletion'],
}

const virtualWays: { readonly [verb in Verb]?: readonly Step[] } = {
  get: ['callGet'],
  create: ['mutate', 'admitVirtual', 'callCreate'],
  update: ['callGet', 'mutate', 'admitVirtual', 'callUpdate'],
  patch: ['callGet', 'applyPatch', 'mutate', 'admitVirtual', 'callUpdate'],
}

const virtualNeeds: { readonly [verb in Verb]?: readonly (keyof AnyVirtual)[] } = {
  get: ['get'],
  create: ['create'],
  update: ['get', 'update'],
  patch: ['get', 'update'],
}

interface Asked extends CallOptions {
  subresource?: Subresource | undefined
  dryRun?: boolean
}

/** One request, on its way through the steps. */
class Errand {
  readonly #parts: ApiParts
  readonly #verb: Verb
  readonly #kind: KindName
  readonly #served: ServedKind
  readonly #user: User
  readonly #dryRun: boolean
  readonly #subresource: Subresource | undefined
  #namespace: string | undefined
  #name: string | undefined
  /** What is to become of the object, as the request says it. */
  #draft: AnyDraft = { metadata: {} }
  #patch: Patch = { type: 'json', operations: [] }
  #deletion: DeleteOptions = {}
  #tries = 0
  #old: AnyObject | undefined
  /** The draft as admission has left it. */
  #admitted: AnyDraft = { metadata: {} }
  /** The object as it is to be stored. */
  #next: AnyDraft = { metadata: {} }
  #mutated: { plugin: AdmissionPlugin; about: AnyRequest }[] = []
  #lastMutated: AnyDraft | undefined
  #answer: AnyObject | undefined
  #status: Status | undefined
  #put = false
  isGone = false

  constructor(parts: ApiParts, verb: Verb, kind: KindName, asked: Asked) {
    const served = servedKind(parts, kind)
    if (!served) throw resourceNotFound()
    this.#parts = parts
    this.#verb = verb
    this.#kind = kind
    this.#served = served
    this.#user = asked.user ?? loopbackUser
    this.#dryRun = asked.dryRun ?? false
    this.#subresource = asked.subresource || undefined
  }

  get row(): AnyRow {
    if (this.#served.virtual) throw methodNotAllowed()
    return this.#served.row
  }

  within(namespace: string | undefined): this {
    this.#namespace = this.#served.row.namespaced ? namespace || undefined : undefined
    return this
  }

  at({ namespace, name }: { namespace?: string; name?: string }): this {
    if (this.#verb !== 'create' && !name) throw refusal.nameMissing()
    if (this.#served.row.namespaced && !namespace) throw refusal.namespaceMissing(this.#verb)
    this.#name = name || undefined
    return this.within(namespace)
  }

  bringing(object: unknown): this {
    this.#draft = readDraft(this.#served.row, object)
    return this.at(this.#draft.metadata)
  }

  changing(at: Address, patch: Patch): this {
    this.#patch = structuredClone(patch)
    return this.at(at)
  }

  removing(at: Address, options: DeleteOptions): this {
    this.#deletion = { ...options, ...(options.preconditions && { preconditions: { ...options.preconditions } }) }
    return this.at(at)
  }

  /** The steps that every request takes. */
  async enter(): Promise<this> {
    const { row, virtual } = this.#served
    const subresource = virtual ? row.subresource : this.#subresource
    const isNamed = this.#verb !== 'create' || (virtual && row.subresource !== undefined)
    const attributes = {
      user: this.#user,
      verb: this.#verb.toLowerCase(),
      apiGroup: row.group,
      resource: row.resource,
      ...(subresource !== undefined && { subresource }),
      ...(this.#namespace !== undefined && { namespace: this.#namespace }),
      ...(isNamed && this.#name !== undefined && { name: this.#name }),
    }
    const { allowed, reason } = await this.#parts.access.authorize(attributes)
    if (!allowed) throw accessDenied(attributes, reason)
    if (this.#subresource && (virtual || !Object.hasOwn(row.subresources, this.#subresource))) {
      throw resourceNotFound()
    }
    if (virtual) {
      const needs = virtualNeeds[this.#verb]
      if (!needs?.every((method) => virtual[method])) throw methodNotAllowed()
    } else if (this.#verb === 'create' && this.#subresource) throw methodNotAllowed()
    return this
  }

  /** Takes one step after the other. Only a deletion ends in a Status. */
  async run(): Promise<AnyObject> {
    const steps = (this.#served.virtual ? virtualWays : ways)[this.#verb] ?? []
    try {
      for (let at = 0; at < steps.length; ) {
        const go = await this[steps[at] as Step]()
        if (go === 'readAgain') {
          await this.#finish()
          at = 0
        } else if (go === 'renameIt') {
          at = steps.indexOf('nameIt')
        } else at++
      }
    } finally {
      await this.#finish()
    }
    const answer = this.#status ?? this.#answer
    if (!answer) throw new Error('an errand came to its end without an answer')
    return answer as AnyObject
  }

  async #finish(): Promise<void> {
    const object = this.#answer ?? this.#lastMutated
    for (const { plugin, about } of this.#mutated.splice(0)) {
      await plugin.finish(admissionWrite(about, this.#write(object as AnyDraft)), this.#put)
    }
    this.#lastMutated = undefined
  }

  #write(object: AnyDraft) {
    return this.#old
      ? ({ operation: 'UPDATE', object, oldObject: this.#old } as const)
      : ({ operation: 'CREATE', object } as const)
  }

  #about(name: string | undefined): AnyRequest {
    return {
      kind: this.#kind,
      subresource: this.#subresource,
      namespace: this.#namespace,
      name,
      user: this.#user,
      dryRun: this.#dryRun,
    }
  }

  #key(): string {
    return prefixOf(this.row, this.#namespace) + this.#name
  }

  get #was(): AnyObject {
    if (!this.#old) throw new Error('an object is used before it was read')
    return this.#old
  }

  get #label(): string {
    return this.#name ?? ''
  }

  #withDefaults(draft: AnyDraft): AnyDraft {
    if (this.#served.virtual) return draft
    return this.row.defaults(draft, this.#old ? 'UPDATE' : 'CREATE')
  }

  // The steps.

  async checkNamespace(): Promise<undefined> {
    const { store } = this.#parts
    const namespaces = servedKind(this.#parts, 'Namespace')?.row
    if (!this.#namespace || !namespaces) return
    const found = await store.get(prefixOf(namespaces, undefined) + this.#namespace)
    if (!found) throw notFound(namespaces, this.#namespace)
    const { metadata } = readStored(namespaces, found.value, found.modRevision)
    if (metadata.deletionTimestamp) {
      throw refusal.namespaceTerminating(this.row, this.#label, this.#namespace)
    }
  }

  async read(): Promise<undefined> {
    const found = await this.#parts.store.get(this.#key())
    this.isGone = !found
    if (!found) throw notFound(this.row, this.#label)
    this.#old = readStored(this.row, found.value, found.modRevision)
    this.#answer = this.#verb === 'get' ? this.#old : undefined
  }

  applyPatch(): undefined {
    this.#draft = readDraft(this.#served.row, applyPatch(this.#kind, this.#was, this.#patch))
  }

  checkIdentity(): undefined {
    const { name, namespace, uid } = this.#draft.metadata
    if (name && name !== this.#name) throw refusal.nameMismatch(name, this.#label)
    if (this.row.namespaced && namespace && namespace !== this.#namespace) throw refusal.namespaceMismatch()
    if (uid && uid !== this.#was.metadata.uid) {
      throw refusal.uidMismatch(this.row, this.#key(), uid, this.#was)
    }
  }

  async mutate(): Promise<undefined> {
    const about = this.#about(this.#name)
    this.#admitted = this.#withDefaults(this.#draft)
    for (const plugin of this.#parts.admission) {
      const mutated = await plugin.mutate(admissionWrite(about, this.#write(this.#admitted)))
      this.#mutated.push({ plugin, about })
      this.#lastMutated = mutated as AnyDraft
      this.#admitted = readDraft(this.#served.row, mutated)
    }
    this.#next = this.#old ? this.#withDefaults(this.#admitted) : this.#admitted
  }

  nameIt(): undefined {
    const { metadata } = this.#admitted
    this.#name = metadata.name || undefined
    if (!metadata.name && metadata.generateName) {
      this.#tries++
      this.#name = metadata.generateName.slice(0, 58) + nameSuffix(this.#parts.random)
    }
    this.#next = this.#withDefaults({ ...this.#admitted, metadata: { ...metadata, name: this.#name ?? '' } })
  }

  setNewMetadata(): undefined {
    const own = {
      name: this.#name,
      namespace: this.#namespace,
      uid: newUid(this.#parts.random),
      creationTimestamp: timestamp(this.#parts.clock.now()),
      generation: this.row.counted ? 1 : undefined,
    }
    const metadata = withPartsOf(this.#next.metadata, own, setByApi)
    this.#next = { ...this.#next, apiVersion: apiVersionOf(this.row), kind: this.row.kind, metadata }
  }

  validateNew(): undefined {
    this.#refuse(this.row.validate(this.#next))
  }

  #refuse(causes: Parameters<typeof invalid>[2]): undefined {
    if (causes.length > 0) throw invalid(this.row, this.#label, causes)
  }

  async admit(): Promise<undefined> {
    const about = this.#about(this.#name)
    const request =
      this.#verb === 'delete'
        ? admissionDelete(about, this.#was)
        : admissionWrite(about, this.#write(this.#next))
    for (const plugin of this.#parts.admission) await plugin.validate(request)
  }

  async admitVirtual(): Promise<undefined> {
    if (this.#verb === 'create') this.#name = this.#next.metadata.name || undefined
    return this.admit()
  }

  refuseVersion(): undefined {
    if (this.#admitted.metadata.resourceVersion) throw refusal.versionOnCreate()
  }

  async storeNew(): Promise<Go | undefined> {
    const { store } = this.#parts
    const key = this.#key()
    const stored = await (this.#dryRun
      ? store.get(key).then((there) => (there ? undefined : this.#next))
      : this.#unlessOvertaken(async () => {
          const { value, modRevision } = await store.put(key, this.#next, { ifRevision: 0 })
          return readStored(this.row, value, modRevision)
        }))
    if (stored) {
      this.#answer = stored as AnyObject
      this.#put = !this.#dryRun
      return
    }
    if (this.#tries === 0) throw alreadyExists(this.row, this.#label)
    if (this.#tries < NAME_TRIES) return 'renameIt'
    throw generateNameConflict(this.row, this.#label)
  }

  async #unlessOvertaken<T>(write: () => Promise<T>): Promise<T | undefined> {
    try {
      return await write()
    } catch (error) {
      if (error instanceof RevisionConflict) return undefined
      throw error
    }
  }

  checkVersion(): undefined {
    const { resourceVersion } = this.#draft.metadata
    if (!resourceVersion) {
      if (!this.row.unconditionalUpdate) throw refusal.versionRequired(this.row, this.#label)
    } else if (resourceVersion !== this.#was.metadata.resourceVersion) {
      throw conflict(this.row, this.#label)
    }
  }

  keepWhatStays(): undefined {
    const { row } = this
    const old = this.#was
    const metadata = withPartsOf(this.#next.metadata, old.metadata, setByApi)
    const parts = this.#subresource && (row.subresources[this.#subresource] ?? [])
    const next: AnyDraft = parts
      ? { ...withPartsOf(old, this.#next, parts), metadata }
      : withPartsOf({ ...this.#next, apiVersion: old.apiVersion, kind: old.kind, metadata }, old, row.readOnly)
    if (row.counted && !jsonEqual(next.spec, old.spec)) {
      next.metadata = { ...metadata, generation: (old.metadata.generation ?? 0) + 1 }
    }
    this.#next = next
  }

  validateChange(): undefined {
    const old = this.#was
    this.#refuse([
      ...this.row.validate(this.#next),
      ...(old.metadata.deletionTimestamp ? refusal.newFinalizers(this.#next as AnyObject, old) : []),
      ...this.row.validateUpdate(this.#next, old, this.#subresource),
    ])
  }

  async storeChange(): Promise<Go | undefined> {
    const next = this.#next as AnyObject
    const { store } = this.#parts
    const ifRevision = Number(this.#was.metadata.resourceVersion)
    const goes = !isHeld(this.row, next)
    if (this.#dryRun || (!goes && jsonEqual(next, this.#was))) {
      this.#answer = next
      return
    }
    const stored = await this.#unlessOvertaken(async () => {
      if (goes) {
        await store.delete(this.#key(), { ifRevision })
        return next
      }
      const { value, modRevision } = await store.put(this.#key(), next, { ifRevision })
      return readStored(this.row, value, modRevision)
    })
    if (!stored) return 'readAgain'
    this.#answer = stored
    this.#put = !goes
  }

  checkPreconditions(): undefined {
    const { uid, resourceVersion } = this.#deletion.preconditions ?? {}
    const { metadata } = this.#was
    if (uid !== undefined && uid !== metadata.uid) throw refusal.uidPrecondition(this.row, uid, this.#was)
    if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
      throw refusal.versionPrecondition(this.row, resourceVersion, this.#was)
    }
  }

  /** Writes the wish that the object be gone into it. */
  mark(): undefined {
    const { gracePeriodSeconds, propagationPolicy } = this.#deletion
    const asked = gracePeriodSeconds !== undefined && gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds
    const marked = this.#was.metadata.deletionTimestamp ? this.#shortened(asked) : this.#terminating(asked)
    if (propagationPolicy) {
      const finalizers = (marked.metadata.finalizers ?? []).filter(
        (finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion',
      )
      const own = policies[propagationPolicy]
      if (own) finalizers.push(own)
      const left = finalizers.length > 0 ? { finalizers } : {}
      marked.metadata = withPartsOf(marked.metadata, left, ['finalizers'])
    }
    this.#next = marked
  }

  #terminating(asked: number | undefined): AnyObject {
    const { metadata } = this.#was
    const seconds = this.row.gracePeriodSeconds(this.#was, asked)
    return {
      ...this.row.terminating(this.#was),
      metadata: {
        ...metadata,
        ...(metadata.generation !== undefined && { generation: metadata.generation + 1 }),
        deletionTimestamp: timestamp(this.#parts.clock.now() + (seconds ?? 0) * 1000),
        ...(seconds !== undefined && { deletionGracePeriodSeconds: seconds }),
      },
    }
  }

  #shortened(asked: number | undefined): AnyObject {
    const { metadata } = this.#was
    const { deletionTimestamp = '', deletionGracePeriodSeconds: seconds } = metadata
    if (asked === undefined || seconds === undefined || asked >= seconds) return { ...this.#was }
    const sooner = timestamp(Date.parse(deletionTimestamp) - (seconds - asked) * 1000)
    return {
      ...this.#was,
      metadata: { ...metadata, deletionTimestamp: sooner, deletionGracePeriodSeconds: asked },
    }
  }

  async storeDeletion(): Promise<Go | undefined> {
    const go = await this.storeChange()
    const gone = this.#answer
    if (gone && !isHeld(this.row, gone) && !this.row.returnsDeleted) {
      this.#status = refusal.deleted(this.row, gone)
    }
    return go
  }

  // The steps of the kinds that are not stored.

  get #virtual(): AnyVirtual {
    return this.#served.virtual ?? {}
  }

  get #call() {
    return { user: this.#user, dryRun: this.#dryRun }
  }

  #answered(answer: AnyObject | undefined): undefined {
    this.#answer = answer
    this.#put = answer !== undefined && !this.#dryRun
  }

  async callGet(): Promise<undefined> {
    const at = { ...(this.#namespace && { namespace: this.#namespace }), name: this.#label }
    const got = await this.#virtual.get?.(at, this.#call)
    if (this.#verb === 'get') this.#answered(got)
    else this.#old = got
  }

  async callCreate(): Promise<undefined> {
    this.#answered(await this.#virtual.create?.(this.#next, this.#call))
  }

  async callUpdate(): Promise<Go | undefined> {
    this.#tries++
    try {
      this.#answered(await this.#virtual.update?.(this.#next, this.#call))
    } catch (error) {
      if (this.#verb === 'patch' && isConflict(error) && this.#tries < PATCH_TRIES) return 'readAgain'
      throw error
    }
    return
  }
}

/** What nothing holds goes, once it is to be deleted. */
function isHeld(row: AnyRow, object: AnyObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata
  if (!deletionTimestamp) return true
  return finalizers.length > 0 || deletionGracePeriodSeconds > 0 || row.held(object)
}

function prefixOf({ resource, namespaced }: { resource: string; namespaced: boolean }, namespace?: string) {
  return namespaced && namespace ? `/registry/${resource}/${namespace}/` : `/registry/${resource}/`
}

/** Which objects a list, a watch or a collection is about. */
interface Choice {
  prefix: string
  isEverything: boolean
  has(object: AnyObject): boolean
}

function choose(row: AnyRow, { namespace, labelSelector = '', fieldSelector = '' }: SelectOptions): Choice {
  const byField = fieldMatcher(row, fieldSelector)
  const byLabel = readSelector(labelSelector)
  return {
    prefix: prefixOf(row, namespace),
    isEverything: labelSelector === '' && fieldSelector === '',
    has: (object) =>
      matches(byLabel, object.metadata.labels) && byField(object as unknown as ObjectOf<StoredKind>),
  }
}

function readSelector(text: string) {
  try {
    return parseSelector(text)
  } catch (error) {
    throw error instanceof SelectorError ? badRequest(error.message) : error
  }
}

/** An API over a store. Two of them on one store share nothing else. */
export class Api implements Client {
  readonly #parts: ApiParts

  /** @param parts what it stands on, and whom it asks */
  constructor(parts: ApiParts) {
    this.#parts = parts
  }

  /** Stores a new object; its name may be left to `generateName`. */
  async create<K extends KindName>(
    kind: K,
    object: DraftOf<K>,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const errand = new Errand(this.#parts, 'create', kind, options).bringing(object)
    return ofKind(kind, await (await errand.enter()).run())
  }

  /** Reads one object. */
  async get<K extends KindName>(kind: K, at: Address, { user }: CallOptions = {}): Promise<ObjectOf<K>> {
    const errand = new Errand(this.#parts, 'get', kind, { ...(user && { user }) }).at(at)
    return ofKind(kind, await (await errand.enter()).run())
  }

  /** Replaces an object; with a `resourceVersion`, only if it is still at that one. */
  async update<K extends KindName>(
    kind: K,
    object: DraftOf<K>,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const errand = new Errand(this.#parts, 'update', kind, options).bringing(object)
    return ofKind(kind, await (await errand.enter()).run())
  }

  /** Changes an object as it is now, however often somebody else is quicker. */
  async patch<K extends KindName>(
    kind: K,
    at: Address,
    patch: Patch,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const errand = new Errand(this.#parts, 'patch', kind, options).changing(at, patch)
    return ofKind(kind, await (await errand.enter()).run())
  }

  /**
   * Asks for an object to be deleted.
   *
   * @returns the object if it waits for its grace period or its finalizers; a Status if it is gone
   */
  async delete<K extends StoredKind>(
    kind: K,
    at: Address,
    options: DeleteOptions = {},
  ): Promise<ObjectOf<K> | Status> {
    const errand = this.#deletion(kind, at, options)
    return (await (await errand.enter()).run()) as unknown as ObjectOf<K> | Status
  }

  #deletion(kind: KindName, at: Address, options: DeleteOptions): Errand {
    const { user, dryRun } = options
    const asked = { ...(user && { user }), ...(dryRun !== undefined && { dryRun }) }
    return new Errand(this.#parts, 'delete', kind, asked).removing(at, options)
  }

  /**
   * Asks for every object that is selected to be deleted, each for itself.
   *
   * @returns the objects as they were
   */
  async deleteCollection<K extends StoredKind>(
    kind: K,
    options: SelectOptions & DeleteOptions = {},
  ): Promise<ObjectList<K>> {
    const wish = structuredClone(options)
    const errand = this.#selection('deleteCollection', kind, wish)
    const { row } = await errand.enter()
    const before = await this.#page(kind, row, choose(row, wish), {})
    const refusals: unknown[] = []
    for (const { metadata } of before.items) {
      const one = this.#deletion(kind, metadata, wish)
      await one.run().catch((error: unknown) => {
        if (!one.isGone) refusals.push(error)
      })
    }
    if (refusals.length > 0) throw refusals[0]
    return before
  }

  #selection(verb: Verb, kind: KindName, { user, namespace }: SelectOptions): Errand {
    return new Errand(this.#parts, verb, kind, { ...(user && { user }) }).within(namespace)
  }

  /** Reads every object that is selected, a page at a time if asked for, all as of one version. */
  async list<K extends StoredKind>(kind: K, options: ListOptions = {}): Promise<ObjectList<K>> {
    const wish = { ...options }
    const errand = this.#selection('list', kind, wish)
    const { row } = await errand.enter()
    checkListOptions(wish)
    return this.#page(kind, row, choose(row, wish), wish)
  }

  async #page<K extends StoredKind>(
    kind: K,
    row: AnyRow,
    choice: Choice,
    { limit = 0, continue: token, resourceVersion, resourceVersionMatch }: ListOptions,
  ): Promise<ObjectList<K>> {
    const asked = parseResourceVersion(resourceVersion)
    const { revision: of, start } = token ? decodeContinue(token) : { revision: undefined, start: '' }
    const at = of ?? (resourceVersionMatch === 'Exact' ? asked : undefined)
    const { items, revision } = await this.#snapshot(choice.prefix, at, token !== undefined && token !== '')
    if (asked !== undefined && asked > revision) throw tooLargeResourceVersion(asked, revision)

    const objects: AnyObject[] = []
    let last = ''
    let rest = 0
    for (const { key, value, modRevision } of items) {
      const place = key.slice(choice.prefix.length)
      const object = readStored(row, value, modRevision)
      if (place < start || !choice.has(object)) continue
      if (limit > 0 && objects.length >= limit) {
        rest++
        continue
      }
      objects.push(object)
      last = place
    }
    const metadata = {
      resourceVersion: `${revision}`,
      ...(rest > 0 && { continue: encodeContinue({ revision, start: `${last}\u0000` }) }),
      ...(rest > 0 && choice.isEverything && { remainingItemCount: rest }),
    }
    return { metadata, items: objects.map((object) => ofKind(kind, object)) }
  }

  async #snapshot(
    prefix: string,
    revision: number | undefined,
    isContinued: boolean,
  ): Promise<Snapshot<object>> {
    try {
      return await this.#parts.store.list(prefix, revision === undefined ? {} : { revision })
    } catch (error) {
      if (error instanceof Compacted) throw isContinued ? refusal.continueExpired() : refusal.listExpired()
      if (error instanceof FutureRevision) throw tooLargeResourceVersion(error.requested, error.current)
      throw error
    }
  }

  /** Streams what happens to the objects that are selected, from now on or from an earlier version. */
  watch<K extends StoredKind>(kind: K, options: ClientWatchOptions = {}): Stream<WatchEvent<K>> {
    const { clock } = this.#parts
    const progress = { revision: 0 }
    let timer: Timer | undefined
    const relay = new Relay(this.#feed(kind, { ...options }, progress), () => timer?.cancel())
    const tick = () => {
      timer = clock.setTimer(BOOKMARK_MS, tick)
      relay.offer({ type: 'BOOKMARK', object: { metadata: { resourceVersion: `${progress.revision}` } } })
    }
    if (options.allowWatchBookmarks) timer = clock.setTimer(BOOKMARK_MS, tick)
    return relay
  }

  async #feed<K extends StoredKind>(
    kind: K,
    options: ClientWatchOptions,
    progress: { revision: number },
  ): Promise<Feed<StoreEvent<object>, WatchEvent<K>>> {
    const { store } = this.#parts
    const { row } = await this.#selection('watch', kind, options).enter()
    const choice = choose(row, options)
    const first: WatchEvent<K>[] = []
    const asked = parseResourceVersion(options.resourceVersion)
    progress.revision = asked ?? 0
    if (asked === undefined) {
      const { items, revision } = await store.list(choice.prefix)
      progress.revision = revision
      for (const { value, modRevision } of items) {
        const object = readStored(row, value, modRevision)
        if (choice.has(object)) first.push({ type: 'ADDED', object: ofKind(kind, object) })
      }
    }
    return {
      first,
      source: store.watch(choice.prefix, { after: progress.revision }),
      translate(event) {
        progress.revision = event.revision
        const then = event.prevKv && readStored(row, event.prevKv.value, event.revision)
        const now = event.type === 'PUT' ? readStored(row, event.kv.value, event.revision) : undefined
        const before = then && choice.has(then) ? then : undefined
        const after = now && choice.has(now) ? now : undefined
        if (after) return { type: before ? 'MODIFIED' : 'ADDED', object: ofKind(kind, after) }
        return before && { type: 'DELETED', object: ofKind(kind, before) }
      },
      explain: (error) =>
        error instanceof Compacted ? refusal.watchExpired(progress.revision, error.compacted) : error,
    }
  }
}
