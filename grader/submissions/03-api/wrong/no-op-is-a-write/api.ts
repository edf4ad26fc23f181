/**
 * The API: everything that the cluster knows goes through here. It names, versions, checks and stores objects of
 * every kind, and tells whoever watches what became of them. It knows no kind: a table does.
 * Guarantees: of two writers, none overwrites what it has not seen; an object goes when nothing holds it any more.
 *
 * Mirrors: the generic registry of kube-apiserver (k8s.io/apiserver/pkg/registry/{generic/registry,rest})
 * Simplified: one version of each kind, no managed fields and no server-side apply.
 */
import { accessDenied } from '#kit/access-denied'
import type { AdmissionPlugin } from '#kit/admission'
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
import type { Timer } from '#kit/clock'
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
  isAlreadyExists,
  isConflict,
  isNotFound,
  methodNotAllowed,
  notFound,
  resourceNotFound,
  tooLargeResourceVersion,
} from '#kit/status-error'
import { Compacted, FutureRevision, RevisionConflict, type StoreEvent } from '#kit/store'
import type { Stream } from '#kit/stream'
import { timestamp } from '#kit/timestamp'
import { loopbackUser } from '#kit/user'
import { matches, parseSelector } from '#rooms/labels'

/** Where an object is. */
type Place = Pick<AnyRequest, 'namespace' | 'name'> & { row: ResourceNames }

/** A request that access has let through. */
type Request = AnyRequest & ServedKind

/** The same, to a kind that is stored. */
type StoredRequest = AnyRequest & { row: AnyRow }

/** What became of a write; `stored` says whether the object is in the store because of it. */
interface Outcome {
  object: AnyObject
  stored: boolean
}

/** The revision of the last event that a watch has looked at; until it has begun, none. */
interface Progress {
  revision: number | undefined
}

const generateNameAttempts = 8
const virtualPatchAttempts = 5
const longestNameBase = 58
const bookmarkPeriodMs = 60_000

/** What only the API sets in an object's metadata. */
const systemFields = [
  ...['name', 'namespace', 'uid', 'resourceVersion', 'generation'],
  ...['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'],
]

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
    const draft = readDraft(this.#served(kind).row, object)
    const request = await this.#permit('create', kind, draft.metadata, options)
    if (request.virtual) return ofKind(kind, await this.#createVirtual(request, request.virtual, draft))
    if (request.subresource) throw methodNotAllowed()
    await this.#requireNamespace(request)
    const write = { operation: 'CREATE', object: request.row.defaults(draft, 'CREATE') } as const
    return ofKind(kind, await this.#admit(request, write, (admitted) => this.#insert(request, admitted)))
  }

  /** Reads one object. */
  async get<K extends KindName>(kind: K, at: Address, options: CallOptions = {}): Promise<ObjectOf<K>> {
    const request = await this.#permit('get', kind, named(at), options)
    if (!request.virtual) return ofKind(kind, await this.#read(request))
    if (!request.virtual.get) throw methodNotAllowed()
    return ofKind(kind, await request.virtual.get(addressOf(request), callOf(request)))
  }

  /** Replaces an object; with a `resourceVersion`, only if it is still at that one. */
  async update<K extends KindName>(
    kind: K,
    object: DraftOf<K>,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const draft = readDraft(this.#served(kind).row, object)
    const request = await this.#permit('update', kind, named(draft.metadata), options)
    if (request.virtual) {
      return ofKind(kind, await this.#changeVirtual(request, request.virtual, () => draft, 1))
    }
    return ofKind(kind, await this.#change(request, () => draft))
  }

  /** Changes an object as it is now, however often somebody else is quicker. */
  async patch<K extends KindName>(
    kind: K,
    at: Address,
    patch: Patch,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const sent = structuredClone(patch)
    const request = await this.#permit('patch', kind, named(at), options)
    const change = (current: AnyObject) => readDraft(request.row, applyPatch(kind, current, sent))
    if (request.virtual) {
      return ofKind(kind, await this.#changeVirtual(request, request.virtual, change, virtualPatchAttempts))
    }
    return ofKind(kind, await this.#change(request, change))
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
    const request = stored(await this.#permit('delete', kind, named(at), options))
    const { object, gone } = await this.#remove(request, options)
    return gone && !request.row.returnsDeleted ? refusal.deleted(request.row, object) : ofKind(kind, object)
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
    const request = stored(await this.#permit('deletecollection', kind, options, options))
    const { metadata, items } = await this.#list(request, options)
    const failures: unknown[] = []
    for (const object of items) {
      const { name, namespace } = object.metadata
      await this.#remove({ ...request, name, namespace }, options).catch((failure) => failures.push(failure))
    }
    // What somebody else deleted meanwhile is gone as well.
    const failure = failures.find((failure) => !isNotFound(failure))
    if (failure) throw failure
    return { metadata, items: items.map((object) => ofKind(kind, object)) }
  }

  /** Reads every object that is selected, a page at a time if asked for, all as of one version. */
  async list<K extends StoredKind>(kind: K, options: ListOptions = {}): Promise<ObjectList<K>> {
    const request = stored(await this.#permit('list', kind, options, options))
    const { metadata, items } = await this.#list(request, options)
    return { metadata, items: items.map((object) => ofKind(kind, object)) }
  }

  /** Streams what happens to the objects that are selected, from now on or from an earlier version. */
  watch<K extends StoredKind>(kind: K, options: ClientWatchOptions = {}): Stream<WatchEvent<K>> {
    const progress: Progress = { revision: undefined }
    const feed = this.#feed(kind, { ...options }, progress)
    let bookmark: Timer | undefined
    const watch = new Relay<StoreEvent<object>, WatchEvent<K>>(feed, () => bookmark?.cancel())
    const schedule = () => {
      bookmark = this.#parts.clock.setTimer(bookmarkPeriodMs, () => {
        const metadata = { resourceVersion: `${progress.revision}` }
        if (progress.revision !== undefined) watch.offer({ type: 'BOOKMARK', object: { metadata } })
        schedule()
      })
    }
    if (options.allowWatchBookmarks) schedule()
    return watch
  }

  // ——— Who asks for what ———

  #served(kind: KindName): ServedKind {
    const served = servedKind(this.#parts, kind)
    if (!served) throw resourceNotFound()
    return served
  }

  /** Every request begins here: nothing is read before access has been asked. */
  async #permit(
    verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection',
    kind: KindName,
    at: Partial<Address>,
    { user = loopbackUser, subresource, dryRun = false }: ClientWriteOptions,
  ): Promise<Request> {
    const served = this.#served(kind)
    const { row, virtual } = served
    const namespace = (row.namespaced && at.namespace) || undefined
    if (row.namespaced && !namespace && (at.name || verb === 'create')) throw refusal.namespaceMissing(verb)
    const part = virtual ? served.row.subresource : subresource
    // A new object has no name yet, only a place. What is created below an object (a binding) has that one's.
    const name = verb === 'create' && !part ? undefined : at.name
    const place = {
      ...(namespace && { namespace }),
      ...(name && { name }),
      ...(part && { subresource: part }),
    }
    const attributes = { user, verb, apiGroup: row.group, resource: row.resource, ...place }
    const { allowed, reason } = await this.#parts.access.authorize(attributes)
    if (!allowed) throw accessDenied(attributes, reason)
    if (subresource && !(virtual ? undefined : served.row.subresources[subresource])) {
      throw resourceNotFound()
    }
    return { ...served, kind, namespace, name: at.name, subresource, user, dryRun }
  }

  // ——— Admission ———

  /** Lets the plugins change a write, has it carried out, and tells them what became of it. */
  async #admit(
    request: Request,
    write: AnyWrite,
    carryOut: (admitted: AnyDraft) => Promise<Outcome>,
  ): Promise<AnyObject> {
    const asked: AdmissionPlugin[] = []
    let { object } = write
    let stored = false
    try {
      for (const plugin of this.#parts.admission) {
        const changed = await plugin.mutate(admissionWrite(request, { ...write, object }))
        asked.push(plugin)
        object = readDraft(request.row, changed)
      }
      const outcome = await carryOut(object)
      object = outcome.object
      stored = outcome.stored
      return outcome.object
    } finally {
      for (const plugin of asked) await plugin.finish(admissionWrite(request, { ...write, object }), stored)
    }
  }

  async #validate(request: AnyRequest, write: AnyWrite): Promise<void> {
    for (const plugin of this.#parts.admission) await plugin.validate(admissionWrite(request, write))
  }

  // ——— Creating ———

  /** A check and then a write: what slips in between is deleted with its namespace, as in Kubernetes. */
  async #requireNamespace({ row, namespace, name }: StoredRequest): Promise<void> {
    const namespaces = this.#parts.kinds.Namespace
    if (!namespace || !namespaces) return
    const found = await this.#parts.store.get(
      keyOf({ row: namespaces, namespace: undefined, name: namespace }),
    )
    if (!found) throw notFound(namespaces, namespace)
    if (!readStored(namespaces, found.value, found.modRevision).metadata.deletionTimestamp) return
    throw refusal.namespaceTerminating(row, name ?? '', namespace)
  }

  /** Stores a new object, under a name that is free if there is one to be made. */
  async #insert(request: StoredRequest, admitted: AnyDraft): Promise<Outcome> {
    const { name, generateName } = admitted.metadata
    if (name || !generateName) return this.#insertAs(name ?? '', request, admitted)
    for (let attempt = 1; ; attempt++) {
      const generated = generateName.slice(0, longestNameBase) + nameSuffix(this.#parts.random)
      try {
        return await this.#insertAs(generated, request, admitted)
      } catch (error) {
        if (!isAlreadyExists(error)) throw error
        if (attempt === generateNameAttempts) throw generateNameConflict(request.row, generated)
      }
    }
  }

  async #insertAs(name: string, request: StoredRequest, admitted: AnyDraft): Promise<Outcome> {
    const { row, namespace, dryRun } = request
    const { store, clock, random } = this.#parts
    const system = {
      name,
      ...(namespace && { namespace }),
      uid: newUid(random),
      creationTimestamp: timestamp(clock.now()),
      ...(row.counted && { generation: 1 }),
    }
    const draft = row.defaults({ ...admitted, metadata: { ...admitted.metadata, name } }, 'CREATE')
    const metadata = withPartsOf(draft.metadata, system, systemFields)
    const object = { ...draft, ...typeOf(row), metadata }
    requireNone(row, name, row.validate(object))
    await this.#validate({ ...request, name }, { operation: 'CREATE', object })
    if (admitted.metadata.resourceVersion) throw refusal.versionOnCreate()
    const key = keyOf({ row, namespace, name })
    if (dryRun) {
      if (await store.get(key)) throw alreadyExists(row, name)
      return { object, stored: false }
    }
    try {
      const { value, modRevision } = await store.put(key, object, { ifRevision: 0 })
      return { object: readStored(row, value, modRevision), stored: true }
    } catch (error) {
      throw error instanceof RevisionConflict ? alreadyExists(row, name) : error
    }
  }

  // ——— Changing ———

  async #read(request: StoredRequest): Promise<AnyObject> {
    const found = await this.#parts.store.get(keyOf(request))
    if (!found) throw notFound(request.row, request.name ?? '')
    return readStored(request.row, found.value, found.modRevision)
  }

  /** Replaces an object by what `change` makes of it; all over again if somebody else was quicker. */
  async #change(request: StoredRequest, change: (current: AnyObject) => AnyDraft): Promise<AnyObject> {
    for (;;) {
      const old = await this.#read(request)
      const draft = change(old)
      requireSame(request, draft, old)
      const object = request.row.defaults(draft, 'UPDATE')
      try {
        return await this.#admit(request, { operation: 'UPDATE', object, oldObject: old }, (admitted) => {
          requireVersion(request.row, draft, old)
          return this.#replace(request, admitted, old)
        })
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error
      }
    }
  }

  async #replace(request: StoredRequest, admitted: AnyDraft, old: AnyObject): Promise<Outcome> {
    const { row, subresource } = request
    const object = replacement(row, row.defaults(admitted, 'UPDATE'), old, subresource)
    requireNone(row, old.metadata.name, [
      ...row.validate(object),
      ...(old.metadata.deletionTimestamp ? refusal.newFinalizers(object, old) : []),
      ...row.validateUpdate(object, old, subresource),
    ])
    await this.#validate(request, { operation: 'UPDATE', object, oldObject: old })
    if (!isGone(row, object)) return this.#put(request, object, old)
    await this.#erase(request, old)
    return { object, stored: false }
  }

  /** @throws {RevisionConflict} if the object is no longer as it was read */
  async #put(request: StoredRequest, object: AnyObject, old: AnyObject): Promise<Outcome> {
    if (request.dryRun) return { object, stored: false }
    const { value, modRevision } = await this.#parts.store.put(keyOf(request), object, ifStill(old))
    return { object: readStored(request.row, value, modRevision), stored: true }
  }

  // ——— Deleting ———

  /** @throws {RevisionConflict} if the object is no longer as it was read */
  async #erase(request: StoredRequest, old: AnyObject): Promise<void> {
    if (!request.dryRun) await this.#parts.store.delete(keyOf(request), ifStill(old))
  }

  /** Begins an object's deletion, or goes on with it. If nothing holds the object, it is gone. */
  async #remove(
    request: StoredRequest,
    options: DeleteOptions,
  ): Promise<{ object: AnyObject; gone: boolean }> {
    const { row } = request
    for (;;) {
      const old = await this.#read(request)
      requirePreconditions(row, options, old)
      for (const plugin of this.#parts.admission) await plugin.validate(admissionDelete(request, old))
      const object = deleting(row, old, options, this.#parts.clock.now())
      try {
        if (!isGone(row, object)) {
          if (jsonEqual(object, old)) return { object, gone: false }
          return { ...(await this.#put(request, object, old)), gone: false }
        }
        await this.#erase(request, old)
        return { object, gone: true }
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error
      }
    }
  }

  // ——— Listing and watching ———

  async #list({ row, namespace }: StoredRequest, options: ListOptions) {
    checkListOptions(options)
    const select = selection(row, options)
    const prefix = prefixOf(row, namespace)
    const asked = parseResourceVersion(options.resourceVersion)
    const page = options.continue ? decodeContinue(options.continue) : undefined
    const exact = options.resourceVersionMatch === 'Exact' ? asked : page?.revision
    const { revision, items } = await this.#snapshot(prefix, exact, page !== undefined)
    if (asked !== undefined && asked > revision) throw tooLargeResourceVersion(asked, revision)
    const found = items
      .map(({ key, value, modRevision }) => {
        return { start: key.slice(prefix.length), object: readStored(row, value, modRevision) }
      })
      .filter(({ start, object }) => (!page || start >= page.start) && select(object))
    const limit = options.limit && options.limit > 0 ? options.limit : found.length
    const next = found[limit]
    // With a selector, Kubernetes would have to read the rest in order to count it.
    const counts = !options.labelSelector && !options.fieldSelector
    const metadata = {
      resourceVersion: `${revision}`,
      ...(next && { continue: encodeContinue({ revision, start: next.start }) }),
      ...(next && counts && { remainingItemCount: found.length - limit }),
    }
    return { metadata, items: found.slice(0, limit).map(({ object }) => object) }
  }

  async #snapshot(prefix: string, revision: number | undefined, isPage: boolean) {
    try {
      return await this.#parts.store.list(prefix, revision === undefined ? {} : { revision })
    } catch (error) {
      if (error instanceof FutureRevision) throw tooLargeResourceVersion(error.requested, error.current)
      if (error instanceof Compacted) throw isPage ? refusal.continueExpired() : refusal.listExpired()
      throw error
    }
  }

  /** What a watch hands out: what is there, if no version is given, and then what the store says. */
  async #feed<K extends StoredKind>(
    kind: K,
    options: ClientWatchOptions,
    progress: Progress,
  ): Promise<Feed<StoreEvent<object>, WatchEvent<K>>> {
    const { row, namespace } = stored(await this.#permit('watch', kind, options, options))
    const select = selection(row, options)
    const prefix = prefixOf(row, namespace)
    const asked = parseResourceVersion(options.resourceVersion)
    const { store } = this.#parts
    const { revision, items } = asked ? { revision: asked, items: [] } : await store.list(prefix)
    progress.revision = revision
    return {
      first: items
        .map(({ value, modRevision }) => readStored(row, value, modRevision))
        .filter(select)
        .map((object) => ({ type: 'ADDED', object: ofKind(kind, object) })),
      source: store.watch(prefix, { after: revision }),
      translate(change) {
        progress.revision = change.revision
        return seen(kind, row, change, select)
      },
      explain(error) {
        if (!(error instanceof Compacted)) return error
        return refusal.watchExpired(progress.revision ?? revision, error.compacted)
      },
    }
  }

  // ——— What is not stored ———

  async #createVirtual(request: Request, virtual: AnyVirtual, draft: AnyDraft): Promise<AnyObject> {
    const { create } = virtual
    if (!create) throw methodNotAllowed()
    return this.#admit(request, { operation: 'CREATE', object: draft }, async (object) => {
      await this.#validate(request, { operation: 'CREATE', object })
      return { object: await create.call(virtual, object, callOf(request)), stored: !request.dryRun }
    })
  }

  async #changeVirtual(
    request: Request,
    virtual: AnyVirtual,
    change: (current: AnyObject) => AnyDraft,
    attempts: number,
  ): Promise<AnyObject> {
    const { get, update } = virtual
    if (!get || !update) throw methodNotAllowed()
    for (let attempt = 1; ; attempt++) {
      const oldObject = await get.call(virtual, addressOf(request), callOf(request))
      const write = { operation: 'UPDATE', object: change(oldObject), oldObject } as const
      try {
        return await this.#admit(request, write, async (object) => {
          await this.#validate(request, { ...write, object })
          return { object: await update.call(virtual, object, callOf(request)), stored: !request.dryRun }
        })
      } catch (error) {
        if (!isConflict(error) || attempt === attempts) throw error
      }
    }
  }
}

// ——— Addresses ———

function prefixOf(row: ResourceNames, namespace: string | undefined): string {
  return `/registry/${row.resource}/${row.namespaced && namespace ? `${namespace}/` : ''}`
}

function keyOf({ row, namespace, name }: Place): string {
  return `${prefixOf(row, namespace)}${name}`
}

function named(at: Partial<Address>): Partial<Address> {
  if (!at.name) throw refusal.nameMissing()
  return at
}

function addressOf({ namespace, name = '' }: Request): Address {
  return { ...(namespace && { namespace }), name }
}

// ——— Requests ———

function stored(request: Request): StoredRequest {
  if (request.virtual) throw methodNotAllowed()
  return request
}

function callOf({ user, dryRun }: Request) {
  return { user, dryRun }
}

function typeOf(row: ResourceNames) {
  return { apiVersion: apiVersionOf(row), kind: row.kind }
}

/** The condition of a write that must not undo what the writer has not seen. */
function ifStill(old: AnyObject) {
  return { ifRevision: Number(old.metadata.resourceVersion) }
}

function selection(row: AnyRow, { labelSelector, fieldSelector }: SelectOptions) {
  try {
    const labels = parseSelector(labelSelector ?? '')
    const fields = fieldMatcher(row, fieldSelector ?? '')
    return (object: AnyObject) => matches(labels, object.metadata.labels) && fields(ofKind(row.kind, object))
  } catch (error) {
    throw error instanceof SelectorError ? badRequest(error.message) : error
  }
}

// ——— Rules of an update ———

function requireNone(row: AnyRow, name: string, causes: readonly StatusCause[]): void {
  if (causes.length > 0) throw invalid(row, name, causes)
}

/** What stands in a draft must be what it is about. */
function requireSame(request: StoredRequest, { metadata }: AnyDraft, old: AnyObject): void {
  const { name, namespace, uid } = metadata
  if (name && name !== old.metadata.name) throw refusal.nameMismatch(name, old.metadata.name)
  if (request.namespace && namespace && namespace !== request.namespace) throw refusal.namespaceMismatch()
  if (uid && uid !== old.metadata.uid) throw refusal.uidMismatch(request.row, keyOf(request), uid, old)
}

function requireVersion(row: AnyRow, { metadata }: AnyDraft, old: AnyObject): void {
  const { name, resourceVersion } = old.metadata
  if (!metadata.resourceVersion && !row.unconditionalUpdate) throw refusal.versionRequired(row, name)
  if (metadata.resourceVersion && metadata.resourceVersion !== resourceVersion) throw conflict(row, name)
}

/** What an update makes of an object: only the parts that it may write are new. */
function replacement(
  row: AnyRow,
  draft: AnyDraft,
  old: AnyObject,
  subresource: Subresource | undefined,
): AnyObject {
  const metadata = withPartsOf(draft.metadata, old.metadata, systemFields)
  const object: AnyObject = subresource
    ? { ...withPartsOf(old, draft, row.subresources[subresource] ?? []), metadata }
    : withPartsOf({ ...draft, ...typeOf(row), metadata }, old, row.readOnly)
  return row.counted && !jsonEqual(object.spec, old.spec) ? nextGeneration(object) : object
}

function nextGeneration(object: AnyObject): AnyObject {
  const { generation } = object.metadata
  if (generation === undefined) return object
  return { ...object, metadata: { ...object.metadata, generation: generation + 1 } }
}

// ——— Rules of a deletion ———

function requirePreconditions(row: AnyRow, options: DeleteOptions, old: AnyObject): void {
  const { uid = old.metadata.uid, resourceVersion } = options.preconditions ?? {}
  if (uid !== old.metadata.uid) throw refusal.uidPrecondition(row, uid, old)
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
    throw refusal.versionPrecondition(row, resourceVersion, old)
  }
}

/** Whether nothing holds an object any more that was to be deleted. */
function isGone(row: AnyRow, object: AnyObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata
  const waits = deletionGracePeriodSeconds > 0 || finalizers.length > 0 || row.held(object)
  return deletionTimestamp !== undefined && !waits
}

/** The object as its deletion makes it. */
function deleting(row: AnyRow, old: AnyObject, options: DeleteOptions, nowMs: number): AnyObject {
  const { gracePeriodSeconds, propagationPolicy } = options
  const asked = gracePeriodSeconds !== undefined && gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds
  const marked = withPolicy(old, propagationPolicy)
  const { deletionTimestamp, deletionGracePeriodSeconds: grace } = old.metadata
  if (deletionTimestamp === undefined) {
    const seconds = row.gracePeriodSeconds(old, asked)
    const metadata = {
      ...marked.metadata,
      deletionTimestamp: timestamp(nowMs + (seconds ?? 0) * 1000),
      ...(seconds !== undefined && { deletionGracePeriodSeconds: seconds }),
    }
    return nextGeneration({ ...row.terminating(marked), metadata })
  }
  // Who waits for it to end may have been told so: it ends sooner, never later.
  if (asked === undefined || grace === undefined || asked >= grace) return marked
  const sooner = timestamp(Date.parse(deletionTimestamp) + (asked - grace) * 1000)
  return {
    ...marked,
    metadata: { ...marked.metadata, deletionTimestamp: sooner, deletionGracePeriodSeconds: asked },
  }
}

/** With a policy, its finalizer is the one of the two that is there; without one, they stay as they are. */
function withPolicy(object: AnyObject, policy: DeleteOptions['propagationPolicy']): AnyObject {
  if (policy === undefined) return object
  const { finalizers: old = [] } = object.metadata
  const others = old.filter((name) => name !== 'orphan' && name !== 'foregroundDeletion')
  const own = { Orphan: ['orphan'], Foreground: ['foregroundDeletion'], Background: [] }[policy]
  const finalizers = [...others, ...own]
  const part = finalizers.length > 0 ? { finalizers } : {}
  return { ...object, metadata: withPartsOf(object.metadata, part, ['finalizers']) }
}

/** What a change of the store means to whoever watches through a selector. */
function seen<K extends StoredKind>(
  kind: K,
  row: AnyRow,
  change: StoreEvent<object>,
  select: (object: AnyObject) => boolean,
): WatchEvent<K> | undefined {
  const read = (kv: { value: object } | undefined) => kv && readStored(row, kv.value, change.revision)
  const before = read(change.prevKv)
  const now = change.type === 'PUT' ? read(change.kv) : undefined
  const selected = before && select(before)
  if (now && select(now)) return { type: selected ? 'MODIFIED' : 'ADDED', object: ofKind(kind, now) }
  return selected ? { type: 'DELETED', object: ofKind(kind, before) } : undefined
}
