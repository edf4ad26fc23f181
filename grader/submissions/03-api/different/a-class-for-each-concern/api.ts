/**
 * The API: everything that the cluster knows goes through here. It names, versions, checks and stores objects of
 * every kind, and tells whoever watches what became of them. It knows no kind: a table does.
 * Guarantees: of two writers, none overwrites what it has not seen; an object goes when nothing holds it any more.
 *
 * Mirrors: the generic registry of kube-apiserver (k8s.io/apiserver/pkg/registry/{generic/registry,rest})
 * Simplified: one version of each kind, no managed fields and no server-side apply.
 */
import type { AccessAttributes } from '#kit/access'
import { accessDenied } from '#kit/access-denied'
import type { AdmissionPlugin, AdmissionWrite } from '#kit/admission'
import {
  type AnyDraft,
  type AnyObject,
  type AnyRequest,
  type AnyRow,
  type AnyVirtual,
  type AnyWrite,
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
import type { ResourceNames } from '#kit/api/kind-table'
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
import type { Clock, Timer } from '#kit/clock'
import { decodeContinue, encodeContinue } from '#kit/continue-token'
import { fieldMatcher } from '#kit/field-selector'
import { jsonEqual } from '#kit/json-equal'
import { SelectorError } from '#kit/labels'
import { checkListOptions, parseResourceVersion } from '#kit/list-options'
import { nameSuffix, newUid } from '#kit/names'
import { applyPatch } from '#kit/patch'
import { type Feed, Relay } from '#kit/relay'
import type { Status, StatusCause } from '#kit/status'
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
import { Compacted, FutureRevision, type KeyValue, RevisionConflict, type StoreEvent } from '#kit/store'
import type { Stream } from '#kit/stream'
import { timestamp } from '#kit/timestamp'
import { loopbackUser, type User } from '#kit/user'
import { matches, parseSelector } from '#rooms/labels'

const namesTried = 8
const generatedPrefix = 58
const virtualAttempts = 5
const bookmarkMs = 60_000

/** An API over a store. Two of them on one store share nothing else. */
export class Api implements Client {
  readonly #parts: ApiParts
  readonly #door: Door

  /** @param parts what it stands on, and whom it asks */
  constructor(parts: ApiParts) {
    this.#parts = parts
    this.#door = new Door(parts)
  }

  /** Stores a new object; its name may be left to `generateName`. */
  async create<K extends KindName>(
    kind: K,
    object: DraftOf<K>,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const served = this.#door.served(kind)
    const draft = readDraft(served.row, object)
    const { name, namespace } = draft.metadata
    if (served.row.namespaced && !namespace) throw refusal.namespaceMissing('create')
    const call = callOf(kind, served.row, { namespace, name }, options)
    // A new object has no name before it is created; what is asked of an object that exists has.
    const { name: _unnamed, ...unnamed } = call
    await this.#door.enter('create', served, subresourceOf(served) === undefined ? unnamed : call)
    if (served.virtual) return ofKind(kind, await this.#virtual(served).create(draft, call))
    if (call.subresource !== undefined) throw methodNotAllowed()
    return ofKind(kind, await this.#registry(served.row).create(draft, call))
  }

  /** Reads one object. */
  async get<K extends KindName>(kind: K, at: Address, options: CallOptions = {}): Promise<ObjectOf<K>> {
    const served = this.#door.served(kind)
    const address = addressIn(served.row, at, 'get')
    const call = callOf(kind, served.row, address, { user: options.user })
    await this.#door.enter('get', served, call)
    if (served.virtual) return ofKind(kind, await this.#virtual(served).get(address, call))
    return ofKind(kind, (await this.#registry(served.row).read(address)).object)
  }

  /** Replaces an object; with a `resourceVersion`, only if it is still at that one. */
  async update<K extends KindName>(
    kind: K,
    object: DraftOf<K>,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const served = this.#door.served(kind)
    const draft = readDraft(served.row, object)
    const address = addressIn(served.row, draft.metadata, 'update')
    const call = callOf(kind, served.row, address, options)
    await this.#door.enter('update', served, call)
    if (served.virtual) return ofKind(kind, await this.#virtual(served).update(address, draft, call))
    return ofKind(kind, await this.#registry(served.row).change(address, () => draft, call))
  }

  /** Changes an object as it is now, however often somebody else is quicker. */
  async patch<K extends KindName>(
    kind: K,
    at: Address,
    patch: Patch,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const served = this.#door.served(kind)
    const { row } = served
    const address = addressIn(row, at, 'patch')
    const own = structuredClone(patch)
    const call = callOf(kind, row, address, options)
    await this.#door.enter('patch', served, call)
    const patched = (current: AnyObject) => {
      const draft = readDraft(row, applyPatch(kind, current, own))
      const { name, namespace } = draft.metadata
      if (name && name !== address.name) throw refusal.nameMismatch(name, address.name)
      if (row.namespaced && namespace && namespace !== address.namespace) throw refusal.namespaceMismatch()
      return draft
    }
    if (served.virtual) return ofKind(kind, await this.#virtual(served).patch(address, patched, call))
    return ofKind(kind, await this.#registry(served.row).change(address, patched, call))
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
    const served = this.#door.served(kind)
    const address = addressIn(served.row, at, 'delete')
    const how = howToDelete(options)
    const call = callOf(kind, served.row, address, { user: options.user, dryRun: options.dryRun })
    await this.#door.enter('delete', served, call)
    if (served.virtual) throw methodNotAllowed()
    const gone = await this.#registry(served.row).remove(address, how, call)
    if (!gone) throw notFound(served.row, address.name)
    return isObject(gone) ? ofKind(kind, gone) : gone
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
    const served = this.#door.served(kind)
    const { user, dryRun, namespace, labelSelector = '', fieldSelector = '' } = options
    const how = howToDelete(options)
    const call = callOf(kind, served.row, { namespace }, { user, dryRun })
    await this.#door.enter('deletecollection', served, call)
    if (served.virtual) throw methodNotAllowed()
    const registry = this.#registry(served.row)
    const query = readQuery(served.row, { labelSelector, fieldSelector })
    const { metadata, items } = await registry.list(call.namespace, query)
    const refused: { error: unknown }[] = []
    for (const { metadata: each } of items) {
      const one = { ...call, ...addressIn(served.row, each, 'delete') }
      await registry.remove(one, how, one).catch((error) => refused.push({ error }))
    }
    if (refused[0]) throw refused[0].error
    return { metadata, items: items.map((object) => ofKind(kind, object)) }
  }

  /** Reads every object that is selected, a page at a time if asked for, all as of one version. */
  async list<K extends StoredKind>(kind: K, options: ListOptions = {}): Promise<ObjectList<K>> {
    const served = this.#door.served(kind)
    const asked = { ...options }
    const call = callOf(kind, served.row, { namespace: asked.namespace }, { user: asked.user })
    await this.#door.enter('list', served, call)
    if (served.virtual) throw methodNotAllowed()
    const { metadata, items } = await this.#registry(served.row).list(
      call.namespace,
      readQuery(served.row, asked),
    )
    return { metadata, items: items.map((object) => ofKind(kind, object)) }
  }

  /** Streams what happens to the objects that are selected, from now on or from an earlier version. */
  watch<K extends StoredKind>(kind: K, options: ClientWatchOptions = {}): Stream<WatchEvent<K>> {
    const asked = { ...options }
    return watcher(this.#parts.clock, asked.allowWatchBookmarks === true, async () => {
      const served = this.#door.served(kind)
      const call = callOf(kind, served.row, { namespace: asked.namespace }, { user: asked.user })
      await this.#door.enter('watch', served, call)
      if (served.virtual) throw methodNotAllowed()
      const selected = selection(served.row, asked)
      const after = parseResourceVersion(asked.resourceVersion)
      return this.#registry(served.row).watch(kind, call.namespace, selected, after)
    })
  }

  #registry(row: AnyRow): Registry {
    return new Registry(this.#parts, row)
  }

  #virtual(served: VirtualKindServed): VirtualDesk {
    return new VirtualDesk(this.#parts.admission, served)
  }
}

type VirtualKindServed = Extract<ServedKind, { virtual: AnyVirtual }>

// ---------------------------------------------------------------------------------------------------------
// The door: what is asked before anything is read.

/** One request, once it is known where it goes. What does not apply is left out. */
interface Call {
  kind: KindName
  user: User
  dryRun: boolean
  subresource?: Subresource
  namespace?: string
  name?: string
}

function callOf(
  kind: KindName,
  row: ResourceNames,
  { namespace, name }: { namespace?: string | undefined; name?: string | undefined },
  { user = loopbackUser, dryRun = false, subresource }: {
    user?: User | undefined
    dryRun?: boolean | undefined
    subresource?: Subresource | undefined
  },
): Call {
  return {
    kind,
    user,
    dryRun,
    ...(subresource !== undefined && { subresource }),
    ...(row.namespaced && namespace && { namespace }),
    ...(name && { name }),
  }
}

function admissionRequest({ kind, subresource, namespace, name, user, dryRun }: Call): AnyRequest {
  return { kind, subresource, namespace, name, user, dryRun }
}

/** Where the object is: no more than that, and in no namespace if its kind is in none. */
function addressIn(row: ResourceNames, at: Partial<Address>, verb: string): Address {
  const { name, namespace } = at
  if (!name) throw refusal.nameMissing()
  if (!row.namespaced) return { name }
  if (!namespace) throw refusal.namespaceMissing(verb)
  return { namespace, name }
}

function subresourceOf({ row, virtual }: ServedKind): string | undefined {
  return virtual ? row.subresource : undefined
}

class Door {
  readonly #parts: ApiParts

  constructor(parts: ApiParts) {
    this.#parts = parts
  }

  served(kind: KindName): ServedKind {
    const served = servedKind(this.#parts, kind)
    if (!served) throw resourceNotFound()
    return served
  }

  /** Whether they may, and whether there is such a subresource. */
  async enter(verb: string, served: ServedKind, call: Call): Promise<void> {
    const { row } = served
    const { user, namespace, name } = call
    const subresource = subresourceOf(served) ?? call.subresource
    const attributes: AccessAttributes = {
      user,
      verb,
      apiGroup: row.group,
      resource: row.resource,
      ...(subresource !== undefined && { subresource }),
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
    }
    const { allowed, reason } = await this.#parts.access.authorize(attributes)
    if (!allowed) throw accessDenied(attributes, reason)
    if (call.subresource === undefined) return
    if (served.virtual || !Object.hasOwn(served.row.subresources, call.subresource)) throw resourceNotFound()
  }
}

// ---------------------------------------------------------------------------------------------------------
// Admission.

/** How a round of admission ended. */
interface Outcome {
  answer: AnyObject
  /** Whether the object was put into the store. */
  stored: boolean
}

/** One way of one write through all plugins. They get copies: none can change what the API works with. */
class AdmissionRound {
  readonly #plugins: readonly AdmissionPlugin[]
  readonly #row: ResourceNames
  readonly #answered: AdmissionPlugin[] = []
  #requestWith: (object: AnyDraft) => AdmissionWrite = () => {
    throw new Error('mutate has not been asked')
  }
  #latest: AnyDraft | undefined

  private constructor(plugins: readonly AdmissionPlugin[], row: ResourceNames) {
    this.#plugins = plugins
    this.#row = row
  }

  /** Does the work, and tells every plugin that was asked how it came out. */
  static async run(
    plugins: readonly AdmissionPlugin[],
    row: ResourceNames,
    work: (round: AdmissionRound) => Promise<Outcome>,
  ): Promise<AnyObject> {
    const round = new AdmissionRound(plugins, row)
    let outcome: Outcome | undefined
    try {
      outcome = await work(round)
      return outcome.answer
    } finally {
      await round.#finish(outcome)
    }
  }

  async mutate(request: AnyRequest, write: AnyWrite): Promise<AnyDraft> {
    let { object } = write
    this.#requestWith = (object) => admissionWrite(request, structuredClone({ ...write, object }))
    for (const plugin of this.#plugins) {
      const answer = await plugin.mutate(this.#requestWith(object))
      this.#answered.push(plugin)
      object = readDraft(this.#row, answer)
      this.#latest = object
    }
    return object
  }

  async #finish(outcome: Outcome | undefined): Promise<void> {
    const object = outcome?.answer ?? this.#latest
    for (const plugin of this.#answered) {
      if (object) await plugin.finish(this.#requestWith(object), outcome?.stored ?? false)
    }
  }

  async validate(request: AnyRequest, write: AnyWrite): Promise<void> {
    for (const plugin of this.#plugins) {
      await plugin.validate(admissionWrite(request, structuredClone(write)))
    }
  }
}

async function admitDeletion(
  plugins: readonly AdmissionPlugin[],
  request: AnyRequest,
  old: AnyObject,
): Promise<void> {
  for (const plugin of plugins) await plugin.validate(admissionDelete(request, structuredClone(old)))
}

// ---------------------------------------------------------------------------------------------------------
// The registry: the objects of one kind, in the store.

/** Somebody else wrote the object between the reading and the writing of it. */
class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

async function untilNotOvertaken<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
    }
  }
}

interface Found {
  object: AnyObject
  revision: number
}

type DeletionWish = Pick<DeleteOptions, 'propagationPolicy' | 'gracePeriodSeconds' | 'preconditions'>

function howToDelete({ propagationPolicy, gracePeriodSeconds, preconditions }: DeleteOptions): DeletionWish {
  return {
    ...(propagationPolicy !== undefined && { propagationPolicy }),
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds: atLeastNow(gracePeriodSeconds) }),
    ...(preconditions !== undefined && { preconditions: { ...preconditions } }),
  }
}

class Registry {
  readonly #parts: ApiParts
  readonly #row: AnyRow

  constructor(parts: ApiParts, row: AnyRow) {
    this.#parts = parts
    this.#row = row
  }

  async read(at: Address): Promise<Found> {
    const found = await this.#look(at)
    if (!found) throw notFound(this.#row, at.name)
    return found
  }

  async create(draft: AnyDraft, call: Call): Promise<AnyObject> {
    const row = this.#row
    const { random, clock, admission } = this.#parts
    await this.#checkNamespace(call)
    const birth = {
      namespace: call.namespace,
      uid: newUid(random),
      creationTimestamp: timestamp(clock.now()),
      generation: row.counted ? 1 : undefined,
    }
    const newborn = (from: AnyDraft, name: string | undefined) =>
      row.defaults(born(row, from, { ...birth, name }), 'CREATE')
    const request = admissionRequest(call)

    return AdmissionRound.run(admission, row, async (round) => {
      // Plugins see what was sent: what is the API's comes after them.
      const sent = row.defaults(draft, 'CREATE')
      const mutated = await round.mutate(request, { operation: 'CREATE', object: sent })
      const fixed = mutated.metadata.name || undefined
      for (let tried = 1; ; tried++) {
        const name = fixed ?? generatedName(mutated, () => nameSuffix(random))
        const object = newborn(mutated, name)
        refuse(row, name, row.validate(object))
        await round.validate({ ...request, name }, { operation: 'CREATE', object })
        if (mutated.metadata.resourceVersion) throw refusal.versionOnCreate()
        const valid = object as AnyObject
        const at = { ...call, name: valid.metadata.name }
        try {
          return { answer: await this.#put(at, valid, 0, call.dryRun), stored: !call.dryRun }
        } catch (error) {
          if (!(error instanceof Overtaken)) throw error
          if (fixed !== undefined) throw alreadyExists(row, at.name)
          if (tried === namesTried) throw generateNameConflict(row, at.name)
        }
      }
    })
  }

  /** @param draftOf what the object is to be, of what it is now; asked again if somebody was quicker */
  change(at: Address, draftOf: (current: AnyObject) => AnyDraft, call: Call): Promise<AnyObject> {
    const row = this.#row
    const { subresource, dryRun } = call
    const request = admissionRequest(call)
    return untilNotOvertaken(async () => {
      const { object: old, revision } = await this.read(at)
      const draft = draftOf(structuredClone(old))
      const { uid, resourceVersion } = draft.metadata
      if (uid && uid !== old.metadata.uid) throw refusal.uidMismatch(row, this.#key(at), uid, old)

      return AdmissionRound.run(this.#parts.admission, row, async (round) => {
        const write = (object: AnyDraft): AnyWrite => ({ operation: 'UPDATE', object, oldObject: old })
        const mutated = await round.mutate(request, write(changed(row, draft, old, subresource)))
        const next = changed(row, mutated, old, subresource)
        if (resourceVersion) {
          if (resourceVersion !== old.metadata.resourceVersion) throw conflict(row, at.name)
        } else if (!row.unconditionalUpdate) throw refusal.versionRequired(row, at.name)
        refuse(row, at.name, [
          ...row.validate(next),
          ...(old.metadata.deletionTimestamp === undefined ? [] : refusal.newFinalizers(next, old)),
          ...row.validateUpdate(next, old, subresource),
        ])
        await round.validate(request, write(next))
        if (isReleased(row, next)) {
          await this.#drop(at, revision, dryRun)
          return { answer: next, stored: false }
        }
        if (jsonEqual(next, old)) return { answer: old, stored: false }
        return { answer: await this.#put(at, next, revision, dryRun), stored: !dryRun }
      })
    })
  }

  /** @returns `undefined` if there is no such object */
  remove(at: Address, wish: DeletionWish, call: Call): Promise<AnyObject | Status | undefined> {
    const row = this.#row
    const { clock, admission } = this.#parts
    return untilNotOvertaken(async () => {
      const found = await this.#look(at)
      if (!found) return undefined
      const { object: old, revision } = found
      checkPreconditions(row, wish, old)
      await admitDeletion(admission, admissionRequest(call), old)
      const next = doomed(row, old, wish, clock.now())
      if (isReleased(row, next)) {
        await this.#drop(at, revision, call.dryRun)
        return row.returnsDeleted ? next : refusal.deleted(row, next)
      }
      if (jsonEqual(next, old)) return old
      return this.#put(at, next, revision, call.dryRun)
    })
  }

  async list(namespace: string | undefined, query: Query): Promise<Page> {
    const { selected, selective, limit, position, atLeast } = query
    const prefix = this.#prefix(namespace)
    const revision = position?.revision ?? query.exactly
    const snapshot = await this.#parts.store
      .list(prefix, revision === undefined ? {} : { revision })
      .catch((error) => {
        if (error instanceof Compacted) throw position ? refusal.continueExpired() : refusal.listExpired()
        if (error instanceof FutureRevision) throw tooLargeResourceVersion(error.requested, error.current)
        throw error
      })
    if (atLeast !== undefined && snapshot.revision < atLeast) {
      throw tooLargeResourceVersion(atLeast, snapshot.revision)
    }
    const start = position ? prefix + position.start : prefix
    const found = snapshot.items
      .filter(({ key }) => key >= start)
      .map((kv) => ({ key: kv.key, object: this.#readable(kv) }))
      .filter(({ object }) => selected(object))
    const page = limit === undefined ? found : found.slice(0, limit)
    const metadata: Page['metadata'] = { resourceVersion: `${snapshot.revision}` }
    const last = page.at(-1)
    if (last && page.length < found.length) {
      const next = `${last.key.slice(prefix.length)}\u0000`
      metadata.continue = encodeContinue({ revision: snapshot.revision, start: next })
      if (!selective) metadata.remainingItemCount = found.length - page.length
    }
    return { metadata, items: page.map(({ object }) => object) }
  }

  /** @param after left out: begins with what is there */
  async watch<K extends StoredKind>(
    kind: K,
    namespace: string | undefined,
    selected: Selected,
    after: number | undefined,
  ): Promise<Source<K>> {
    const first: WatchEvent<K>[] = []
    let begin = after
    if (begin === undefined) {
      const { metadata, items } = await this.list(namespace, { selected, selective: false })
      begin = Number(metadata.resourceVersion)
      for (const object of items) first.push({ type: 'ADDED', object: ofKind(kind, object) })
    }
    return {
      begin,
      first,
      events: this.#parts.store.watch(this.#prefix(namespace), { after: begin }),
      translate: (event) => seen(kind, event, (kv) => this.#readable(kv, event.revision), selected),
    }
  }

  // A prefix ends with a slash: otherwise it would also be that of longer names.
  #prefix(namespace: string | undefined): string {
    const all = `/registry/${this.#row.resource}/`
    return namespace === undefined ? all : `${all}${namespace}/`
  }

  #key({ namespace, name }: Address): string {
    return `${this.#prefix(namespace)}${name}`
  }

  #readable(kv: KeyValue<object>, revision = kv.modRevision): AnyObject {
    return readStored(this.#row, structuredClone(kv.value), revision)
  }

  async #look(at: Address): Promise<Found | undefined> {
    const kv = await this.#parts.store.get(this.#key(at))
    return kv && { object: this.#readable(kv), revision: kv.modRevision }
  }

  /** That the namespace is there, and stays. */
  async #checkNamespace({ namespace, name = '' }: Call): Promise<void> {
    const row = servedKind(this.#parts, 'Namespace')?.row
    if (namespace === undefined || !row || !('defaults' in row)) return
    const { object } = await new Registry(this.#parts, row).read({ name: namespace })
    if (object.metadata.deletionTimestamp !== undefined) {
      throw refusal.namespaceTerminating(this.#row, name, namespace)
    }
  }

  /**
   * Puts the object where the key is at this revision.
   *
   * @returns the object as it then is
   * @throws {Overtaken}
   */
  async #put(at: Address, object: AnyObject, ifRevision: number, dryRun: boolean): Promise<AnyObject> {
    const key = this.#key(at)
    if (dryRun) {
      await this.#checkRevision(key, ifRevision)
      return object
    }
    const { resourceVersion: _answeredOnly, ...metadata } = object.metadata
    const value = { ...object, metadata }
    return this.#readable(await overtakenOr(this.#parts.store.put(key, value, { ifRevision })))
  }

  /** @throws {Overtaken} */
  async #drop(at: Address, ifRevision: number, dryRun: boolean): Promise<void> {
    const key = this.#key(at)
    if (dryRun) await this.#checkRevision(key, ifRevision)
    else await overtakenOr(this.#parts.store.delete(key, { ifRevision }))
  }

  /** What the store would find if this were no dry run. */
  async #checkRevision(key: string, revision: number): Promise<void> {
    const kv = await this.#parts.store.get(key)
    if ((kv?.modRevision ?? 0) !== revision) throw new Overtaken()
  }
}

function overtakenOr<T>(write: Promise<T>): Promise<T> {
  return write.catch((error) => {
    throw error instanceof RevisionConflict ? new Overtaken() : error
  })
}

// ---------------------------------------------------------------------------------------------------------
// What is to be stored.

function refuse(row: AnyRow, name: string | undefined, causes: readonly StatusCause[]): void {
  if (causes.length > 0) throw invalid(row, name ?? '', causes)
}

/** The metadata of a new object that is the API's, whatever the draft says. */
const setAtBirth = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'generation',
  'resourceVersion',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]

function born(row: AnyRow, draft: AnyDraft, birth: object): AnyDraft {
  const metadata = withPartsOf(draft.metadata, birth, setAtBirth)
  return { ...draft, apiVersion: apiVersionOf(row), kind: row.kind, metadata }
}

/** `undefined` if there is nothing to make one of: validation says so. */
function generatedName({ metadata: { generateName } }: AnyDraft, suffix: () => string): string | undefined {
  return generateName ? generateName.slice(0, generatedPrefix) + suffix() : undefined
}

/** The object as an update with this draft leaves it. */
function changed(
  row: AnyRow,
  draft: AnyDraft,
  old: AnyObject,
  subresource: Subresource | undefined,
): AnyObject {
  // What is set at birth stays for life.
  const metadata = withPartsOf(draft.metadata, old.metadata, setAtBirth)
  const whole: AnyDraft = { ...draft, apiVersion: old.apiVersion, kind: old.kind, metadata }
  const next =
    subresource === undefined ? replaced(row, whole, old) : withSubresource(row, whole, old, subresource)
  if (!row.counted || jsonEqual(next.spec, old.spec)) return next
  return { ...next, metadata: { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 } }
}

function replaced(row: AnyRow, draft: AnyDraft, old: AnyObject): AnyObject {
  const complete = row.defaults(withPartsOf(draft, old, row.readOnly), 'UPDATE')
  // Not even a default comes where there was nothing.
  return withPartsOf(complete, old, row.readOnly) as AnyObject
}

function withSubresource(row: AnyRow, draft: AnyDraft, old: AnyObject, subresource: Subresource): AnyObject {
  const parts = row.subresources[subresource] ?? []
  return withPartsOf(old, row.defaults(draft, 'UPDATE'), [...parts, 'metadata'])
}

/** Whether it was to be deleted, and nothing holds it. */
function isReleased(row: AnyRow, object: AnyObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata
  if (deletionTimestamp === undefined) return false
  return deletionGracePeriodSeconds <= 0 && finalizers.length === 0 && !row.held(object)
}

function checkPreconditions(row: AnyRow, { preconditions }: DeletionWish, object: AnyObject): void {
  const { uid, resourceVersion } = preconditions ?? {}
  if (uid !== undefined && uid !== object.metadata.uid) throw refusal.uidPrecondition(row, uid, object)
  if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion) {
    throw refusal.versionPrecondition(row, resourceVersion, object)
  }
}

/** The object as it is once this deletion was asked for. */
function doomed(row: AnyRow, old: AnyObject, wish: DeletionWish, nowMs: number): AnyObject {
  const { deletionTimestamp } = old.metadata
  const begins = deletionTimestamp === undefined
  const end = begins
    ? firstEnd(row.gracePeriodSeconds(old, wish.gracePeriodSeconds), nowMs)
    : shortenedEnd(deletionTimestamp, old.metadata.deletionGracePeriodSeconds, wish.gracePeriodSeconds)
  const { generation } = old.metadata
  const metadata = {
    ...withFinalizersOf(old.metadata, wish.propagationPolicy),
    ...end,
    ...(begins && generation !== undefined && { generation: generation + 1 }),
  }
  return { ...(begins ? row.terminating(old) : old), metadata }
}

function firstEnd(seconds: number | undefined, nowMs: number) {
  if (seconds === undefined) return { deletionTimestamp: timestamp(nowMs) }
  return { deletionTimestamp: timestamp(nowMs + seconds * 1000), deletionGracePeriodSeconds: seconds }
}

/** Nobody is gone before it was asked for. */
function atLeastNow(seconds: number): number {
  return seconds < 0 ? 1 : seconds
}

/** As if the first deletion had asked for so many seconds; nothing, if that is not sooner. */
function shortenedEnd(deletionTimestamp: string, current: number | undefined, asked: number | undefined) {
  if (asked === undefined || current === undefined) return {}
  if (asked >= current) return {}
  const ends = Date.parse(deletionTimestamp) - (current - asked) * 1000
  return { deletionTimestamp: timestamp(ends), deletionGracePeriodSeconds: asked }
}

const policyFinalizers: { readonly [policy: string]: readonly string[] } = {
  Orphan: ['orphan'],
  Foreground: ['foregroundDeletion'],
  Background: [],
}

function withFinalizersOf(
  metadata: AnyObject['metadata'],
  policy: DeleteOptions['propagationPolicy'],
): AnyObject['metadata'] {
  if (policy === undefined) return metadata
  const { finalizers: before = [], ...rest } = metadata
  const others = before.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion')
  const finalizers = [...others, ...(policyFinalizers[policy] ?? [])]
  if (jsonEqual(finalizers, before)) return metadata
  return finalizers.length > 0 ? { ...rest, finalizers } : rest
}

function isObject(answer: AnyObject | Status): answer is AnyObject {
  return answer.kind !== 'Status'
}

// ---------------------------------------------------------------------------------------------------------
// Lists: which objects, as of when.

type Selected = (object: AnyObject) => boolean

/** A page of a list of any kind. */
interface Page {
  metadata: ObjectList<StoredKind>['metadata']
  items: AnyObject[]
}

/** What a list is asked for, once it is known to make sense. */
interface Query {
  selected: Selected
  selective: boolean
  limit?: number
  position?: ReturnType<typeof decodeContinue>
  exactly?: number
  atLeast?: number
}

function readQuery(row: AnyRow, options: ListOptions): Query {
  checkListOptions(options)
  const { limit = 0, continue: token, resourceVersion, resourceVersionMatch } = options
  const selected = selection(row, options)
  const version = parseResourceVersion(resourceVersion)
  const exact = resourceVersionMatch === 'Exact'
  return {
    selected,
    selective: Boolean(options.labelSelector || options.fieldSelector),
    ...(limit > 0 && { limit }),
    ...(token && { position: decodeContinue(token) }),
    ...(version !== undefined && (exact ? { exactly: version } : { atLeast: version })),
  }
}

function selection(row: AnyRow, { labelSelector = '', fieldSelector = '' }: SelectOptions): Selected {
  const labels = labelSelector === '' ? [] : readLabelSelector(labelSelector)
  const fields = fieldMatcher(row, fieldSelector)
  return (object) => matches(labels, object.metadata.labels) && fields(ofKind(row.kind, object))
}

function readLabelSelector(text: string) {
  try {
    return parseSelector(text)
  } catch (error) {
    throw error instanceof SelectorError ? badRequest(error.message) : error
  }
}

// ---------------------------------------------------------------------------------------------------------
// Watches.

/** What a watch is fed from. */
interface Source<K extends StoredKind> {
  /** The revision after which it goes on from `first`. */
  begin: number
  first: WatchEvent<K>[]
  events: Stream<StoreEvent<object>>
  translate(event: StoreEvent<object>): WatchEvent<K> | undefined
}

/** What the write is to somebody who sees only what is selected. */
function seen<K extends StoredKind>(
  kind: K,
  event: StoreEvent<object>,
  read: (kv: KeyValue<object>) => AnyObject,
  selected: Selected,
): WatchEvent<K> | undefined {
  const visible = (kv: KeyValue<object> | undefined) => {
    const object = kv && read(kv)
    return object && selected(object) ? object : undefined
  }
  const before = visible(event.prevKv)
  const after = event.type === 'PUT' ? visible(event.kv) : undefined
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', object: ofKind(kind, after) }
  return before && { type: 'DELETED', object: ofKind(kind, before) }
}

/** Begins to open the source at once; a bookmark every minute from now on, if they are wanted. */
function watcher<K extends StoredKind>(
  clock: Clock,
  bookmarks: boolean,
  open: () => Promise<Source<K>>,
): Stream<WatchEvent<K>> {
  const reached = new Position<K>()
  const ticks = new Ticks(clock, () => {
    const bookmark = reached.bookmark()
    if (bookmark) relay.offer(bookmark)
  })
  if (bookmarks) ticks.start()
  const feed = open().then((source) => reached.follow(source))
  feed.catch(() => ticks.stop())
  const relay = new Relay(feed, () => ticks.stop())
  return relay
}

/** How far a watch has come. */
class Position<K extends StoredKind> {
  #revision: number | undefined
  #owed = false

  /** `undefined` as long as the watch is not open: then the bookmark follows. */
  bookmark(): WatchEvent<K> | undefined {
    if (this.#revision === undefined) {
      this.#owed = true
      return undefined
    }
    return { type: 'BOOKMARK', object: { metadata: { resourceVersion: `${this.#revision}` } } }
  }

  follow({ begin, first, events, translate }: Source<K>): Feed<StoreEvent<object>, WatchEvent<K>> {
    let revision = begin
    this.#revision = begin
    const owed = this.#owed && first.length === 0 ? this.bookmark() : undefined
    return {
      first: owed ? [owed] : first,
      source: events,
      translate: (event) => {
        revision = event.revision
        this.#revision = revision
        return translate(event)
      },
      explain(error) {
        if (error instanceof Compacted) return refusal.watchExpired(revision, error.compacted)
        if (error instanceof FutureRevision) return tooLargeResourceVersion(error.requested, error.current)
        return error
      },
    }
  }
}

/** Something that happens once a minute, until it is stopped. */
class Ticks {
  readonly #clock: Clock
  readonly #tick: () => void
  #timer: Timer | undefined

  constructor(clock: Clock, tick: () => void) {
    this.#clock = clock
    this.#tick = tick
  }

  start(): void {
    this.#timer = this.#clock.setTimer(bookmarkMs, () => {
      this.start()
      this.#tick()
    })
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}

// ---------------------------------------------------------------------------------------------------------
// Kinds that are answered rather than stored.

class VirtualDesk {
  readonly #plugins: readonly AdmissionPlugin[]
  readonly #row: ResourceNames
  readonly #virtual: AnyVirtual

  constructor(plugins: readonly AdmissionPlugin[], { row, virtual }: VirtualKindServed) {
    this.#plugins = plugins
    this.#row = row
    this.#virtual = virtual
  }

  async get(at: Address, call: Call): Promise<AnyObject> {
    this.#need('get')
    return this.#get(at, call)
  }

  async create(draft: AnyDraft, call: Call): Promise<AnyObject> {
    this.#need('create')
    return this.#admitted({ operation: 'CREATE', object: draft }, call, 'create')
  }

  async update(at: Address, draft: AnyDraft, call: Call): Promise<AnyObject> {
    this.#need('get', 'update')
    return this.#update(at, () => draft, call)
  }

  async patch(at: Address, patched: (current: AnyObject) => AnyDraft, call: Call): Promise<AnyObject> {
    this.#need('get', 'update')
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#update(at, patched, call)
      } catch (error) {
        if (!isConflict(error) || attempt === virtualAttempts) throw error
      }
    }
  }

  #need(...methods: (keyof AnyVirtual)[]): void {
    if (methods.some((method) => !this.#virtual[method])) throw methodNotAllowed()
  }

  async #get(at: Address, { user, dryRun }: Call): Promise<AnyObject> {
    if (!this.#virtual.get) throw methodNotAllowed()
    return this.#virtual.get({ ...at }, { user, dryRun })
  }

  async #update(at: Address, draftOf: (current: AnyObject) => AnyDraft, call: Call): Promise<AnyObject> {
    const oldObject = await this.#get(at, call)
    const write: AnyWrite = { operation: 'UPDATE', object: draftOf(structuredClone(oldObject)), oldObject }
    return this.#admitted(write, call, 'update')
  }

  #admitted(write: AnyWrite, call: Call, method: 'create' | 'update'): Promise<AnyObject> {
    const request = admissionRequest(call)
    const { user, dryRun } = call
    return AdmissionRound.run(this.#plugins, this.#row, async (round) => {
      const object = await round.mutate(request, write)
      await round.validate(request, { ...write, object })
      const answer = await this.#virtual[method]?.(object, { user, dryRun })
      if (!answer) throw methodNotAllowed()
      return { answer, stored: !dryRun }
    })
  }
}
