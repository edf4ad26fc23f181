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
  isConflict,
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

/** Metadata that a new object never takes from its draft. */
const setOnCreate = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'resourceVersion',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]

/** Metadata that no update changes. */
const keptOnUpdate = setOnCreate

const BOOKMARK_MS = 60_000
const NAMES_TRIED = 8
const VIRTUAL_PATCHES_TRIED = 5

interface Place {
  namespace: string | undefined
  name: string | undefined
}

/** What became of a write: the answer, and whether it was put into the store. */
interface Outcome {
  object: AnyObject
  stored: boolean
}

/** Which part of a kind is read, and as of when. */
interface Selection {
  prefix: string
  selects(object: AnyObject): boolean
}

interface Page {
  revision: number
  items: AnyObject[]
  next: string | undefined
  remaining: number
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
    const served = this.#served(kind)
    const { row, virtual } = served
    const draft = readDraft(row, object)
    const place = placeOf(row, draft.metadata)
    requireNamespace(row, place, 'create')
    const asksWithName = virtual !== undefined && row.subresource !== undefined
    const asked = asksWithName ? place : { ...place, name: undefined }
    const request = await this.#enter(served, kind, 'create', structuredClone(options), asked)
    request.name = place.name
    if (virtual) return ofKind(kind, await this.#createVirtual(row, virtual, request, draft))
    if (request.subresource !== undefined) throw methodNotAllowed()
    await this.#requireNamespaceInUse(row, place)
    return ofKind(kind, await this.#createStored(row, request, draft))
  }

  /** Reads one object. */
  async get<K extends KindName>(kind: K, at: Address, options: CallOptions = {}): Promise<ObjectOf<K>> {
    const served = this.#served(kind)
    const place = requireAddress(served.row, at, 'get')
    const request = await this.#enter(served, kind, 'get', { ...userOf(options) }, place)
    const { virtual, row } = served
    if (virtual) {
      if (!virtual.get) throw methodNotAllowed()
      return ofKind(kind, await virtual.get(place, callOf(request)))
    }
    const found = await this.#read(row, place)
    if (!found) throw notFound(row, place.name)
    return ofKind(kind, found)
  }

  /** Replaces an object; with a `resourceVersion`, only if it is still at that one. */
  async update<K extends KindName>(
    kind: K,
    object: DraftOf<K>,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const served = this.#served(kind)
    const draft = readDraft(served.row, object)
    const place = requireAddress(served.row, draft.metadata, 'update')
    const request = await this.#enter(served, kind, 'update', structuredClone(options), place)
    const { virtual, row } = served
    if (virtual) {
      if (!virtual.get || !virtual.update) throw methodNotAllowed()
      const oldObject = await virtual.get(place, callOf(request))
      return ofKind(kind, await this.#updateVirtual(row, virtual, request, draft, oldObject))
    }
    return ofKind(kind, await this.#replace(row, request, place, () => draft))
  }

  /** Changes an object as it is now, however often somebody else is quicker. */
  async patch<K extends KindName>(
    kind: K,
    at: Address,
    patch: Patch,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const served = this.#served(kind)
    const change = structuredClone(patch)
    const place = requireAddress(served.row, at, 'patch')
    const request = await this.#enter(served, kind, 'patch', structuredClone(options), place)
    const { virtual, row } = served
    if (virtual) return ofKind(kind, await this.#patchVirtual(row, virtual, request, place, change))
    const patched = (current: AnyObject) => {
      const draft = readDraft(row, applyPatch(kind, current, change))
      const { name, namespace } = draft.metadata
      if (name && name !== place.name) throw refusal.nameMismatch(name, place.name)
      if (row.namespaced && namespace && namespace !== place.namespace) throw refusal.namespaceMismatch()
      return draft
    }
    return ofKind(kind, await this.#replace(row, request, place, patched))
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
    const served = this.#served(kind)
    const place = requireAddress(served.row, at, 'delete')
    const how = structuredClone(options)
    const request = await this.#enter(served, kind, 'delete', withoutSubresource(how), place)
    if (served.virtual) throw methodNotAllowed()
    const { row } = served
    const answer = await this.#remove(row, request, place, how)
    if (!answer) throw notFound(row, place.name)
    return answer as ObjectOf<K> | Status
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
    const served = this.#served(kind)
    const how = structuredClone(options)
    const place = collectionPlace(served.row, how)
    const request = await this.#enter(served, kind, 'deletecollection', withoutSubresource(how), place)
    if (served.virtual) throw methodNotAllowed()
    const { row } = served
    const page = await this.#page(selectionOf(row, how))
    const refusals: unknown[] = []
    for (const { metadata } of page.items) {
      const { name, namespace } = metadata
      try {
        const address = { name, ...(namespace && { namespace }) }
        await this.#remove(row, { ...request, name, namespace }, address, how)
      } catch (error) {
        refusals.push(error)
      }
    }
    if (refusals.length > 0) throw refusals[0]
    return {
      metadata: { resourceVersion: `${page.revision}` },
      items: page.items.map((item) => ofKind(kind, item)),
    }
  }

  /** Reads every object that is selected, a page at a time if asked for, all as of one version. */
  async list<K extends StoredKind>(kind: K, options: ListOptions = {}): Promise<ObjectList<K>> {
    const served = this.#served(kind)
    const how = structuredClone(options)
    await this.#enter(served, kind, 'list', withoutSubresource(how), collectionPlace(served.row, how))
    if (served.virtual) throw methodNotAllowed()
    const { row } = served
    const { items, revision, next, remaining } = await this.#page(selectionOf(row, how), how)
    const isWhole = !how.labelSelector && !how.fieldSelector
    return {
      metadata: {
        resourceVersion: `${revision}`,
        ...(next !== undefined && { continue: encodeContinue({ revision, start: next }) }),
        ...(next !== undefined && isWhole && { remainingItemCount: remaining }),
      },
      items: items.map((item) => ofKind(kind, item)),
    }
  }

  /** Streams what happens to the objects that are selected, from now on or from an earlier version. */
  watch<K extends StoredKind>(kind: K, options: ClientWatchOptions = {}): Stream<WatchEvent<K>> {
    const reached = { revision: 0 }
    const feed = this.#feed(kind, options, reached)
    let isOpen = false
    let timer: Timer | undefined
    const relay = new Relay(feed, () => timer?.cancel())
    const tick = () => {
      timer = this.#parts.clock.setTimer(BOOKMARK_MS, tick)
      const metadata = { resourceVersion: `${reached.revision}` }
      if (isOpen) relay.offer({ type: 'BOOKMARK', object: { metadata } })
    }
    if (options.allowWatchBookmarks) timer = this.#parts.clock.setTimer(BOOKMARK_MS, tick)
    // After the relay's own reaction: what it begins with is in its hands by then.
    feed.then(
      () => {
        isOpen = true
      },
      () => timer?.cancel(),
    )
    return relay
  }

  // --- who asks, and whether they may

  #served(kind: KindName): ServedKind {
    const served = servedKind(this.#parts, kind)
    if (!served) throw resourceNotFound()
    return served
  }

  /** Asks access, and whether there is such a subresource. */
  async #enter(
    { row, virtual }: ServedKind,
    kind: KindName,
    verb: string,
    { user = loopbackUser, subresource, dryRun = false }: ClientWriteOptions,
    { namespace, name }: Partial<Place>,
  ): Promise<AnyRequest> {
    const asked = virtual ? row.subresource : subresource
    const attributes = {
      user,
      verb,
      apiGroup: row.group,
      resource: row.resource,
      ...(asked && { subresource: asked }),
      ...(namespace && { namespace }),
      ...(name && { name }),
    }
    const { allowed, reason } = await this.#parts.access.authorize(attributes)
    if (!allowed) throw accessDenied(attributes, reason)
    if (subresource !== undefined && (virtual || !Object.hasOwn(row.subresources, subresource))) {
      throw resourceNotFound()
    }
    return { kind, subresource, namespace, name, user, dryRun }
  }

  async #requireNamespaceInUse(row: AnyRow, { namespace, name }: Place): Promise<void> {
    const about = servedKind(this.#parts, 'Namespace')
    if (namespace === undefined || !about || about.virtual) return
    const found = await this.#read(about.row, { name: namespace })
    if (!found) throw notFound(about.row, namespace)
    if (isBeingDeleted(found)) throw refusal.namespaceTerminating(row, name ?? '', namespace)
  }

  // --- admission

  /** Lets every plugin change the draft, goes on with it, and tells them what became of it. */
  async #admit<T extends Outcome | undefined>(
    row: ResourceNames,
    request: AnyRequest,
    write: AnyWrite,
    proceed: (draft: AnyDraft) => Promise<T>,
  ): Promise<T> {
    const seen = { ...request }
    const answered: AdmissionPlugin[] = []
    let last: unknown = write.object
    let draft = write.object
    let outcome: Outcome | undefined
    try {
      for (const plugin of this.#parts.admission) {
        last = await plugin.mutate(structuredClone(admissionWrite(seen, { ...write, object: draft })))
        answered.push(plugin)
        draft = readDraft(row, last)
      }
      const result = await proceed(draft)
      outcome = result
      return result
    } finally {
      const object = (outcome ? outcome.object : last) as AnyDraft
      for (const plugin of answered) {
        const told = structuredClone(admissionWrite(seen, { ...write, object }))
        await plugin.finish(told, outcome?.stored ?? false)
      }
    }
  }

  async #validate(request: AnyRequest, write: AnyWrite): Promise<void> {
    for (const plugin of this.#parts.admission) {
      await plugin.validate(structuredClone(admissionWrite(request, write)))
    }
  }

  // --- objects that are stored

  async #read(row: AnyRow, at: Address): Promise<AnyObject | undefined> {
    const found = await this.#parts.store.get(keyOf(row, at))
    return found && readStored(row, found.value, found.modRevision)
  }

  async #createStored(row: AnyRow, request: AnyRequest, draft: AnyDraft): Promise<AnyObject> {
    const write: AnyWrite = { operation: 'CREATE', object: row.defaults(draft, 'CREATE') }
    const { object } = await this.#admit(row, request, write, async (mutated) => {
      const hasVersion = Boolean(draft.metadata.resourceVersion || mutated.metadata.resourceVersion)
      const { name, generateName } = mutated.metadata
      if (name || !generateName) {
        const outcome = await this.#insert(row, request, mutated, name ?? '', hasVersion)
        if (!outcome) throw alreadyExists(row, name ?? '')
        return outcome
      }
      let generated = ''
      for (let tries = 0; tries < NAMES_TRIED; tries++) {
        generated = generateName.slice(0, 58) + nameSuffix(this.#parts.random)
        const outcome = await this.#insert(row, request, mutated, generated, hasVersion)
        if (outcome) return outcome
      }
      throw generateNameConflict(row, generated)
    })
    return object
  }

  /** @returns `undefined` if the name is taken */
  async #insert(
    row: AnyRow,
    request: AnyRequest,
    mutated: AnyDraft,
    name: string,
    hasVersion: boolean,
  ): Promise<Outcome | undefined> {
    const { namespace, dryRun } = request
    const given = { ...(name && { name }), ...(namespace && { namespace }) }
    const placed = { ...mutated, metadata: withPartsOf(mutated.metadata, given, ['name', 'namespace']) }
    const draft = row.defaults(placed, 'CREATE')
    const system = {
      ...given,
      uid: newUid(this.#parts.random),
      creationTimestamp: timestamp(this.#parts.clock.now()),
      ...(row.counted && { generation: 1 }),
    }
    const object = {
      ...draft,
      apiVersion: apiVersionOf(row),
      kind: row.kind,
      metadata: withPartsOf(draft.metadata, system, setOnCreate),
    } as AnyObject
    const causes = row.validate(object)
    if (causes.length > 0) throw invalid(row, name, causes)
    await this.#validate({ ...request, name: name || undefined }, { operation: 'CREATE', object })
    if (hasVersion) throw refusal.versionOnCreate()

    const key = keyOf(row, { name, ...(namespace && { namespace }) })
    if (dryRun) return (await this.#parts.store.get(key)) ? undefined : { object, stored: false }
    const stored = await unlessOvertaken(this.#parts.store.put(key, object, { ifRevision: 0 }))
    return stored && { object: readStored(row, stored.value, stored.modRevision), stored: true }
  }

  /** Replaces an object by what `draftOf` makes of it, again and again until nobody is quicker. */
  async #replace(
    row: AnyRow,
    request: AnyRequest,
    at: Address,
    draftOf: (current: AnyObject) => AnyDraft,
  ): Promise<AnyObject> {
    for (;;) {
      const old = await this.#read(row, at)
      if (!old) throw notFound(row, at.name)
      const draft = draftOf(old)
      const { uid, resourceVersion } = draft.metadata
      if (uid && uid !== old.metadata.uid) throw refusal.uidMismatch(row, keyOf(row, at), uid, old)
      const complete = (sent: AnyDraft) => {
        const metadata = withPartsOf(sent.metadata, old.metadata, ['name', 'namespace'])
        return row.defaults({ ...sent, metadata }, 'UPDATE')
      }
      const write: AnyWrite = { operation: 'UPDATE', object: complete(draft), oldObject: old }
      const outcome = await this.#admit(row, request, write, async (mutated) => {
        const final = complete(mutated)
        requireVersion(row, old, resourceVersion)
        return await this.#put(row, request, replacement(row, request, final, old), old)
      })
      if (outcome) return outcome.object
    }
  }

  /** @returns `undefined` if somebody was quicker */
  async #put(
    row: AnyRow,
    request: AnyRequest,
    object: AnyObject,
    old: AnyObject,
  ): Promise<Outcome | undefined> {
    const causes = [
      ...row.validate(object),
      ...(isBeingDeleted(old) ? refusal.newFinalizers(object, old) : []),
      ...row.validateUpdate(object, old, request.subresource),
    ]
    if (causes.length > 0) throw invalid(row, old.metadata.name, causes)
    await this.#validate(request, { operation: 'UPDATE', object, oldObject: old })
    return await this.#settle(row, object, old, request.dryRun)
  }

  /** Writes what an object has become: puts it, removes it, or leaves it alone. */
  async #settle(
    row: AnyRow,
    object: AnyObject,
    old: AnyObject,
    dryRun: boolean,
  ): Promise<(Outcome & { gone: boolean }) | undefined> {
    const key = keyOf(row, old.metadata)
    const ifRevision = Number(old.metadata.resourceVersion)
    if (isBeingDeleted(object) && !isHeld(row, object)) {
      const gone = { object, stored: false, gone: true }
      if (dryRun) return gone
      return (await unlessOvertaken(this.#parts.store.delete(key, { ifRevision }))) && gone
    }
    if (jsonEqual(object, old)) return { object: old, stored: false, gone: false }
    if (dryRun) return { object, stored: false, gone: false }
    const { resourceVersion: _, ...metadata } = object.metadata
    const stored = await unlessOvertaken(this.#parts.store.put(key, { ...object, metadata }, { ifRevision }))
    if (!stored) return undefined
    return { object: readStored(row, stored.value, stored.modRevision), stored: true, gone: false }
  }

  /** @returns `undefined` if there is no such object */
  async #remove(
    row: AnyRow,
    request: AnyRequest,
    at: Address,
    options: DeleteOptions,
  ): Promise<AnyObject | Status | undefined> {
    const { preconditions: { uid, resourceVersion } = {} } = options
    for (;;) {
      const old = await this.#read(row, at)
      if (!old) return undefined
      if (uid !== undefined && uid !== old.metadata.uid) throw refusal.uidPrecondition(row, uid, old)
      if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
        throw refusal.versionPrecondition(row, resourceVersion, old)
      }
      for (const plugin of this.#parts.admission) {
        await plugin.validate(structuredClone(admissionDelete(request, old)))
      }
      const object = asDeleted(row, old, options, this.#parts.clock.now())
      const outcome = await this.#settle(row, object, old, request.dryRun)
      if (!outcome) continue
      return outcome.gone && !row.returnsDeleted ? refusal.deleted(row, outcome.object) : outcome.object
    }
  }

  // --- lists and watches

  async #page(
    { row, prefix, selects }: Selection & { row: AnyRow },
    { limit = 0, continue: token, ...asked }: ListOptions = {},
  ): Promise<Page> {
    checkListOptions({ ...asked, ...(token && { continue: token }) })
    const version = parseResourceVersion(asked.resourceVersion)
    const position = token ? decodeContinue(token) : undefined
    const exactly = asked.resourceVersionMatch === 'Exact' ? version : undefined
    const at = position?.revision ?? exactly
    const expired = position ? refusal.continueExpired : refusal.listExpired
    const snapshot = await this.#snapshot(prefix, at, expired)
    if (version !== undefined && version > snapshot.revision) {
      throw tooLargeResourceVersion(version, snapshot.revision)
    }
    const start = prefix + (position?.start ?? '')
    const found = snapshot.items
      .filter(({ key }) => key >= start)
      .map(({ key, value, modRevision }) => ({ key, object: readStored(row, value, modRevision) }))
      .filter(({ object }) => selects(object))
    const end = limit > 0 ? limit : found.length
    return {
      revision: snapshot.revision,
      items: found.slice(0, end).map(({ object }) => object),
      next: found[end]?.key.slice(prefix.length),
      remaining: found.length - end,
    }
  }

  async #snapshot(prefix: string, revision: number | undefined, expired: () => Error) {
    if (revision === undefined) return await this.#parts.store.list(prefix)
    try {
      const { items } = await this.#parts.store.list(prefix, { revision })
      return { items, revision }
    } catch (error) {
      if (error instanceof Compacted) throw expired()
      if (error instanceof FutureRevision) throw tooLargeResourceVersion(revision, error.current)
      throw error
    }
  }

  async #feed<K extends StoredKind>(
    kind: K,
    options: ClientWatchOptions,
    reached: { revision: number },
  ): Promise<Feed<StoreEvent<object>, WatchEvent<K>>> {
    const served = this.#served(kind)
    const how = structuredClone(options)
    await this.#enter(served, kind, 'watch', withoutSubresource(how), collectionPlace(served.row, how))
    if (served.virtual) throw methodNotAllowed()
    const { row } = served
    const selection = selectionOf(row, how)
    const { prefix, selects } = selection
    const event = (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: AnyObject): WatchEvent<K> => ({
      type,
      object: ofKind(kind, object),
    })

    const version = parseResourceVersion(how.resourceVersion)
    const page = version === undefined ? await this.#page(selection) : undefined
    reached.revision = page?.revision ?? version ?? 0
    return {
      first: (page?.items ?? []).map((object) => event('ADDED', object)),
      source: this.#parts.store.watch(prefix, { after: reached.revision }),
      translate: (item) => {
        const { revision, prevKv } = item
        reached.revision = revision
        const before = prevKv && readStored(row, prevKv.value, revision)
        const now = item.type === 'PUT' ? readStored(row, item.kv.value, revision) : undefined
        const wasSeen = before !== undefined && selects(before)
        if (now !== undefined && selects(now)) return event(wasSeen ? 'MODIFIED' : 'ADDED', now)
        return wasSeen ? event('DELETED', before) : undefined
      },
      explain: (error) =>
        error instanceof Compacted ? refusal.watchExpired(reached.revision, error.compacted) : error,
    }
  }

  // --- kinds that are not stored

  async #createVirtual(
    row: ResourceNames,
    virtual: AnyVirtual,
    request: AnyRequest,
    draft: AnyDraft,
  ): Promise<AnyObject> {
    if (!virtual.create) throw methodNotAllowed()
    const { object } = await this.#admit(row, request, { operation: 'CREATE', object: draft }, async (sent) => {
      await this.#validate(request, { operation: 'CREATE', object: sent })
      const answer = (await virtual.create?.(sent, callOf(request))) as AnyObject
      return { object: answer, stored: !request.dryRun }
    })
    return object
  }

  async #updateVirtual(
    row: ResourceNames,
    virtual: AnyVirtual,
    request: AnyRequest,
    draft: AnyDraft,
    oldObject: AnyObject,
    onConflict?: () => void,
  ): Promise<AnyObject> {
    const write: AnyWrite = { operation: 'UPDATE', object: draft, oldObject }
    const { object } = await this.#admit(row, request, write, async (sent) => {
      await this.#validate(request, { ...write, object: sent })
      try {
        const answer = (await virtual.update?.(sent, callOf(request))) as AnyObject
        return { object: answer, stored: !request.dryRun }
      } catch (error) {
        if (isConflict(error)) onConflict?.()
        throw error
      }
    })
    return object
  }

  async #patchVirtual(
    row: ResourceNames,
    virtual: AnyVirtual,
    request: AnyRequest,
    at: Address,
    patch: Patch,
  ): Promise<AnyObject> {
    if (!virtual.get || !virtual.update) throw methodNotAllowed()
    for (let tries = 1; ; tries++) {
      const current = await virtual.get(at, callOf(request))
      const draft = readDraft(row, applyPatch(request.kind, current, patch))
      let isOvertaken = false
      try {
        return await this.#updateVirtual(row, virtual, request, draft, current, () => {
          isOvertaken = true
        })
      } catch (error) {
        if (!isOvertaken || tries === VIRTUAL_PATCHES_TRIED) throw error
      }
    }
  }
}

// --- addresses

/** What is empty is left out, and so is the namespace where it means nothing. */
function placeOf(row: ResourceNames, at: { namespace?: string; name?: string }): Place {
  return { namespace: (row.namespaced && at.namespace) || undefined, name: at.name || undefined }
}

function collectionPlace(row: ResourceNames, { namespace }: SelectOptions): Place {
  return placeOf(row, namespace ? { namespace } : {})
}

function requireNamespace(row: ResourceNames, { namespace }: Place, verb: string): void {
  if (row.namespaced && namespace === undefined) throw refusal.namespaceMissing(verb)
}

function requireAddress(row: ResourceNames, at: { namespace?: string; name?: string }, verb: string): Address {
  const place = placeOf(row, at)
  if (place.name === undefined) throw refusal.nameMissing()
  requireNamespace(row, place, verb)
  return { name: place.name, ...(place.namespace && { namespace: place.namespace }) }
}

function prefixOf(row: AnyRow, namespace: string | undefined): string {
  return `/registry/${row.resource}/${row.namespaced && namespace ? `${namespace}/` : ''}`
}

function keyOf(row: AnyRow, { namespace, name }: Address): string {
  return prefixOf(row, namespace) + name
}

// --- options

function userOf({ user }: CallOptions): CallOptions {
  return user ? { user: structuredClone(user) } : {}
}

function withoutSubresource({ user, dryRun }: CallOptions & { dryRun?: boolean }): ClientWriteOptions {
  return { ...(user && { user }), ...(dryRun !== undefined && { dryRun }) }
}

function callOf({ user, dryRun }: AnyRequest) {
  return { user, dryRun }
}

function selectionOf(row: AnyRow, options: SelectOptions): Selection & { row: AnyRow } {
  const { namespace, labelSelector = '', fieldSelector = '' } = options
  const labels = readSelector(labelSelector)
  const fields = fieldMatcher(row, fieldSelector)
  return {
    row,
    prefix: prefixOf(row, namespace),
    selects: (object) => matches(labels, object.metadata.labels) && fields(ofKind(row.kind, object)),
  }
}

function readSelector(text: string) {
  try {
    return parseSelector(text)
  } catch (error) {
    throw error instanceof SelectorError ? badRequest(error.message) : error
  }
}

// --- what an object becomes

function requireVersion(row: AnyRow, { metadata }: AnyObject, asked: string | undefined): void {
  if (!asked) {
    if (!row.unconditionalUpdate) throw refusal.versionRequired(row, metadata.name)
  } else if (asked !== metadata.resourceVersion) throw conflict(row, metadata.name)
}

/** The object as an update leaves it, with its old version. */
function replacement(
  row: AnyRow,
  { subresource }: AnyRequest,
  draft: AnyDraft,
  old: AnyObject,
): AnyObject {
  const metadata = withPartsOf(draft.metadata, old.metadata, keptOnUpdate)
  const { apiVersion, kind } = old
  const object: AnyObject =
    subresource === undefined
      ? withPartsOf({ ...draft, apiVersion, kind, metadata }, old, row.readOnly)
      : { ...withPartsOf(old, draft, row.subresources[subresource] ?? []), apiVersion, kind, metadata }
  if (row.counted && !jsonEqual(object.spec, old.spec)) {
    object.metadata = { ...metadata, generation: (old.metadata.generation ?? 0) + 1 }
  }
  return object
}

function isBeingDeleted({ metadata }: AnyObject): boolean {
  return Boolean(metadata.deletionTimestamp)
}

function isHeld(row: AnyRow, object: AnyObject): boolean {
  const { finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata
  return finalizers.length > 0 || deletionGracePeriodSeconds > 0 || row.held(object)
}

/** The object once deletion was asked for, whether or not for the first time. */
function asDeleted(row: AnyRow, old: AnyObject, options: DeleteOptions, now: number): AnyObject {
  const { propagationPolicy, gracePeriodSeconds } = options
  const asked = gracePeriodSeconds !== undefined && gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds
  const metadata = withPolicy(old.metadata, propagationPolicy)
  if (isBeingDeleted(old)) return { ...old, metadata: { ...metadata, ...shortened(old, asked) } }
  const seconds = row.gracePeriodSeconds(old, asked)
  const { generation } = metadata
  return {
    ...row.terminating(old),
    metadata: {
      ...metadata,
      deletionTimestamp: timestamp(now + (seconds ?? 0) * 1000),
      ...(seconds !== undefined && { deletionGracePeriodSeconds: seconds }),
      ...(generation !== undefined && { generation: generation + 1 }),
    },
  }
}

function shortened({ metadata }: AnyObject, asked: number | undefined) {
  const { deletionTimestamp = '', deletionGracePeriodSeconds: granted } = metadata
  if (asked === undefined || granted === undefined || asked >= granted) return {}
  return {
    deletionTimestamp: timestamp(Date.parse(deletionTimestamp) - (granted - asked) * 1000),
    deletionGracePeriodSeconds: asked,
  }
}

const policyFinalizers = { Orphan: ['orphan'], Foreground: ['foregroundDeletion'], Background: [] }

function withPolicy(
  metadata: AnyObject['metadata'],
  policy: DeleteOptions['propagationPolicy'],
): AnyObject['metadata'] {
  if (!policy) return metadata
  const { finalizers = [], ...rest } = metadata
  const others = finalizers.filter((name) => name !== 'orphan' && name !== 'foregroundDeletion')
  const left = [...others, ...policyFinalizers[policy]]
  return { ...rest, ...(left.length > 0 && { finalizers: left }) }
}

/** `undefined` if a condition on a write did not hold. */
async function unlessOvertaken<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write
  } catch (error) {
    if (error instanceof RevisionConflict) return undefined
    throw error
  }
}
