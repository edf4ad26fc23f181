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
import { loopbackUser, type User } from '#kit/user'
import { matches, parseSelector } from '#rooms/labels'

/** One request, as soon as it is known whom and what it is about. */
interface Call {
  verb: string
  kind: KindName
  served: ServedKind
  user: User
  dryRun: boolean
  /** What the options named. */
  subresource: Subresource | undefined
  namespace: string | undefined
  name: string | undefined
}

/** A request about a kind that is stored. */
interface StoredCall extends Call {
  row: AnyRow
}

/** What is to become of what is under a key. */
type Fate = 'put' | 'drop' | 'leave'

/** How a round ended; `undefined` instead: somebody was quicker. */
interface Ending {
  answer: AnyObject
  stored: boolean
}

type Chooser = (object: AnyObject) => boolean

const blankable = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion'] as const
const deletionFields = ['deletionTimestamp', 'deletionGracePeriodSeconds']
const bornWith = ['namespace', 'uid', 'creationTimestamp', 'resourceVersion', 'generation', ...deletionFields]
const staysWith = ['name', ...bornWith]
const cleaners = ['orphan', 'foregroundDeletion']
const leaves = { Orphan: ['orphan'], Foreground: ['foregroundDeletion'], Background: [] } as const
const namesToTry = 8
const virtualPatches = 5
const bookmarkMs = 60_000

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
    const draft = readDraft(served.row, object)
    const call = callOf('create', kind, served, draft.metadata, options)
    await this.#ask(call)
    const { virtual } = this.#allowed(call, ['create'])
    if (virtual) {
      const request = requestOf(call)
      const answer = await this.#virtualRound(call, { operation: 'CREATE', object: draft }, (changed) =>
        (virtual.create as NonNullable<AnyVirtual['create']>).call(virtual, changed, { user: request.user, dryRun: request.dryRun }),
      )
      return ofKind(kind, answer)
    }
    return ofKind(kind, await this.#bear(storedCall(call), tidied(served.row, draft)))
  }

  /** Reads one object. */
  async get<K extends KindName>(kind: K, at: Address, options: CallOptions = {}): Promise<ObjectOf<K>> {
    const call = callOf('get', kind, this.#served(kind), at, options)
    await this.#ask(call)
    const { virtual } = this.#allowed(call, ['get'])
    if (virtual) return ofKind(kind, await this.#virtualGet(virtual, call))
    return ofKind(kind, await this.#present(storedCall(call)))
  }

  /** Replaces an object; with a `resourceVersion`, only if it is still at that one. */
  async update<K extends KindName>(
    kind: K,
    object: DraftOf<K>,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const served = this.#served(kind)
    const draft = readDraft(served.row, object)
    const call = callOf('update', kind, served, draft.metadata, options)
    await this.#ask(call)
    const { virtual } = this.#allowed(call, ['get', 'update'])
    if (virtual) return ofKind(kind, await this.#virtualReplace(virtual, call, () => draft))
    return ofKind(kind, await this.#replace(storedCall(call), () => draft))
  }

  /** Changes an object as it is now, however often somebody else is quicker. */
  async patch<K extends KindName>(
    kind: K,
    at: Address,
    patch: Patch,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const call = callOf('patch', kind, this.#served(kind), at, options)
    const change = structuredClone(patch)
    await this.#ask(call)
    const { virtual } = this.#allowed(call, ['get', 'update'])
    const patched = (current: AnyObject) => readDraft(call.served.row, applyPatch(kind, current, change))
    if (virtual) return ofKind(kind, await this.#virtualPatch(virtual, call, patched))
    return ofKind(kind, await this.#replace(storedCall(call), patched))
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
    const call = callOf('delete', kind, this.#served(kind), at, options)
    const wish = structuredClone(wishOf(options))
    await this.#ask(call)
    this.#allowed(call, undefined)
    const stored = storedCall(call)
    const ending = await this.#condemn(stored, wish)
    if (!ending) throw notFound(stored.row, stored.name ?? '')
    return ending as ObjectOf<K> | Status
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
    const call = callOf('deletecollection', kind, this.#served(kind), options, options)
    const wish = structuredClone(wishOf(options))
    const { labelSelector, fieldSelector } = options
    await this.#ask(call)
    this.#allowed(call, undefined)
    const stored = storedCall(call)
    const chosen = chooser(stored.row, { labelSelector, fieldSelector })
    const { revision, items } = await this.#snapshot(stored, undefined)
    const objects = items.map(({ object }) => object).filter(chosen)
    const refusals: unknown[] = []
    for (const { metadata } of objects) {
      const one = { ...stored, name: metadata.name, namespace: stored.row.namespaced ? metadata.namespace : undefined }
      await this.#condemn(one, wish).catch((error: unknown) => refusals.push(error))
    }
    if (refusals.length > 0) throw refusals[0]
    return { metadata: { resourceVersion: `${revision}` }, items: objects.map((object) => ofKind(kind, object)) }
  }

  /** Reads every object that is selected, a page at a time if asked for, all as of one version. */
  async list<K extends StoredKind>(kind: K, options: ListOptions = {}): Promise<ObjectList<K>> {
    const call = callOf('list', kind, this.#served(kind), options, options)
    const asked = { ...options }
    await this.#ask(call)
    this.#allowed(call, undefined)
    const stored = storedCall(call)
    checkListOptions(asked)
    const least = parseResourceVersion(asked.resourceVersion)
    const chosen = chooser(stored.row, asked)
    const position = asked.continue ? decodeContinue(asked.continue) : undefined
    const exact = asked.resourceVersionMatch === 'Exact' ? least : undefined
    const expiry = position ? refusal.continueExpired : refusal.listExpired
    const { revision, items } = await this.#snapshot(stored, position?.revision ?? exact, expiry)
    if (least !== undefined && least > revision) throw tooLargeResourceVersion(least, revision)
    const start = position?.start ?? ''
    const all = items.filter(({ place, object }) => place >= start && chosen(object))
    const limit = asked.limit && asked.limit > 0 ? asked.limit : all.length
    const page = all.slice(0, limit)
    const left = all.length - page.length
    const metadata: ObjectList<K>['metadata'] = { resourceVersion: `${revision}` }
    if (left > 0) {
      metadata.continue = encodeContinue({ revision, start: `${page.at(-1)?.place}\u0000` })
      if (!asked.labelSelector && !asked.fieldSelector) metadata.remainingItemCount = left
    }
    return { metadata, items: page.map(({ object }) => ofKind(kind, object)) }
  }

  /** Streams what happens to the objects that are selected, from now on or from an earlier version. */
  watch<K extends StoredKind>(kind: K, options: ClientWatchOptions = {}): Stream<WatchEvent<K>> {
    const { clock } = this.#parts
    const way = { come: 0 }
    let timer: Timer | undefined
    const feed = this.#feed(kind, { ...options }, way)
    const relay = new Relay<StoreEvent<object>, WatchEvent<K>>(feed, () => timer?.cancel())
    if (options.allowWatchBookmarks) {
      const tick = () => {
        relay.offer({ type: 'BOOKMARK', object: { metadata: { resourceVersion: `${way.come}` } } })
        timer = clock.setTimer(bookmarkMs, tick)
      }
      timer = clock.setTimer(bookmarkMs, tick)
      feed.catch(() => timer?.cancel())
    }
    return relay
  }

  // What every request begins with.

  #served(kind: KindName): ServedKind {
    const served = servedKind(this.#parts, kind)
    if (!served) throw resourceNotFound()
    return served
  }

  async #ask({ verb, served, user, subresource, namespace, name }: Call): Promise<void> {
    const { row, virtual } = served
    const part = virtual ? row.subresource : subresource
    const nameApplies = verb !== 'create' || (virtual && row.subresource)
    const attributes = {
      user,
      verb,
      apiGroup: row.group,
      resource: row.resource,
      ...(part && { subresource: part }),
      ...(namespace && { namespace }),
      ...(name && nameApplies && { name }),
    }
    const { allowed, reason } = await this.#parts.access.authorize(attributes)
    if (!allowed) throw accessDenied(attributes, reason)
  }

  /** @param needs what it takes of a kind that is not stored; `undefined`: such kinds cannot do it */
  #allowed({ verb, served, subresource }: Call, needs: readonly (keyof AnyVirtual)[] | undefined): ServedKind {
    const { row, virtual } = served
    if (subresource !== undefined) {
      if (virtual || !Object.hasOwn(row.subresources, subresource)) throw resourceNotFound()
      if (verb === 'create') throw methodNotAllowed()
    }
    if (virtual && !needs?.every((need) => virtual[need])) throw methodNotAllowed()
    return served
  }

  // Reading.

  async #read({ row, namespace, name }: StoredCall): Promise<AnyObject | undefined> {
    const found = await this.#parts.store.get(keyOf(row, namespace, name))
    return found && readStored(row, found.value, found.modRevision)
  }

  async #present(call: StoredCall): Promise<AnyObject> {
    const object = await this.#read(call)
    if (!object) throw notFound(call.row, call.name ?? '')
    return object
  }

  async #snapshot({ row, namespace }: StoredCall, at: number | undefined, expiry = refusal.listExpired) {
    const prefix = keyOf(row, namespace, '')
    try {
      const { revision, items } = await this.#parts.store.list(prefix, at === undefined ? {} : { revision: at })
      return {
        revision,
        items: items.map(({ key, value, modRevision }) => ({
          place: key.slice(prefix.length),
          object: readStored(row, value, modRevision),
        })),
      }
    } catch (error) {
      if (error instanceof Compacted) throw expiry()
      if (error instanceof FutureRevision) throw tooLargeResourceVersion(error.requested, error.current)
      throw error
    }
  }

  async #feed<K extends StoredKind>(
    kind: K,
    options: ClientWatchOptions,
    way: { come: number },
  ): Promise<Feed<StoreEvent<object>, WatchEvent<K>>> {
    const call = callOf('watch', kind, this.#served(kind), options, options)
    await this.#ask(call)
    this.#allowed(call, undefined)
    const stored = storedCall(call)
    const { row } = stored
    const chosen = chooser(row, options)
    const after = parseResourceVersion(options.resourceVersion)
    const begin = after === undefined ? await this.#snapshot(stored, undefined) : { revision: after, items: [] }
    way.come = begin.revision
    const event = (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: AnyObject): WatchEvent<K> => ({
      type,
      object: ofKind(kind, object),
    })
    const sight = (kv: { value: object } | undefined, revision: number) => {
      const object = kv && readStored(row, kv.value, revision)
      return object && chosen(object) ? object : undefined
    }
    return {
      first: begin.items.filter(({ object }) => chosen(object)).map(({ object }) => event('ADDED', object)),
      source: this.#parts.store.watch(keyOf(row, stored.namespace, ''), { after: begin.revision }),
      translate: (item) => {
        way.come = item.revision
        const before = sight(item.prevKv, item.revision)
        const now = item.type === 'PUT' ? sight(item.kv, item.revision) : undefined
        if (now) return event(before ? 'MODIFIED' : 'ADDED', now)
        return before && event('DELETED', before)
      },
      explain: (error) => {
        if (error instanceof Compacted) return refusal.watchExpired(way.come, error.compacted)
        return error
      },
    }
  }

  // Writing.

  /** Writes, unless somebody was quicker: then `undefined`. The one place where the store is changed. */
  async #settle(call: StoredCall, object: AnyObject, revision: number, fate: Fate): Promise<Ending | undefined> {
    const { store } = this.#parts
    const key = keyOf(call.row, call.namespace, object.metadata.name)
    if (call.dryRun || fate === 'leave') {
      const taken = revision === 0 && (await store.get(key))
      return taken ? undefined : { answer: object, stored: false }
    }
    try {
      if (fate === 'drop') {
        await store.delete(key, { ifRevision: revision })
        return { answer: object, stored: false }
      }
      const value = { ...object, metadata: withPartsOf(object.metadata, {}, ['resourceVersion']) }
      const kv = await store.put(key, value, { ifRevision: revision })
      return { answer: readStored(call.row, kv.value, kv.modRevision), stored: true }
    } catch (error) {
      if (error instanceof RevisionConflict) return undefined
      throw error
    }
  }

  async #namespaceStays({ row, namespace, name }: StoredCall): Promise<void> {
    const { Namespace } = this.#parts.kinds
    if (!Namespace || !namespace) return
    const found = await this.#parts.store.get(keyOf(Namespace, undefined, namespace))
    if (!found) throw notFound(Namespace, namespace)
    const { deletionTimestamp } = readStored(Namespace, found.value, found.modRevision).metadata
    if (deletionTimestamp) throw refusal.namespaceTerminating(row, name ?? '', namespace)
  }

  async #bear(call: StoredCall, draft: AnyDraft): Promise<AnyObject> {
    const { row, namespace } = call
    await this.#namespaceStays(call)
    const round = new Round(this.#parts.admission, requestOf(call))
    try {
      const mutated = await round.mutate({ operation: 'CREATE', object: row.defaults(draft, 'CREATE') }, row)
      const changed = tidied(row, mutated)
      const { name: given, generateName } = changed.metadata
      const makesName = !given && !!generateName
      for (let tries = 1; ; tries++) {
        const name = makesName ? `${generateName?.slice(0, 58)}${nameSuffix(this.#parts.random)}` : given
        const object = this.#newborn(row, namespace, {
          ...changed,
          metadata: { ...changed.metadata, ...(name && { name }), ...(namespace && { namespace }) },
        })
        refuse(row, name, row.validate(object))
        await round.validate(object, name)
        if (changed.metadata.resourceVersion) throw refusal.versionOnCreate()
        const ending = await this.#settle(call, object, 0, 'put')
        if (ending) return round.ends(ending)
        if (!makesName) throw alreadyExists(row, name ?? '')
        if (tries === namesToTry) throw generateNameConflict(row, name ?? '')
      }
    } finally {
      await round.close()
    }
  }

  #newborn(row: AnyRow, namespace: string | undefined, draft: AnyDraft): AnyObject {
    const filled = row.defaults(draft, 'CREATE')
    const own = {
      namespace,
      uid: newUid(this.#parts.random),
      creationTimestamp: timestamp(this.#parts.clock.now()),
      generation: row.counted ? 1 : undefined,
    }
    const metadata = withPartsOf(filled.metadata, own, bornWith)
    return { ...filled, apiVersion: apiVersionOf(row), kind: row.kind, metadata } as AnyObject
  }

  /** Until nobody is quicker: what is there, what `change` makes of it, the write. */
  async #replace(call: StoredCall, change: (current: AnyObject) => AnyDraft): Promise<AnyObject> {
    for (;;) {
      const old = await this.#present(call)
      const draft = tidied(call.row, change(old))
      meant(call, draft, old)
      const ending = await this.#replaceOnce(call, draft, old)
      if (ending) return ending.answer
    }
  }

  async #replaceOnce(call: StoredCall, draft: AnyDraft, old: AnyObject): Promise<Ending | undefined> {
    const { row, subresource, name, namespace } = call
    const { resourceVersion: version } = old.metadata
    const address = { name: old.metadata.name, ...(namespace && { namespace }) }
    const addressed = (sent: AnyDraft) => ({ ...sent, metadata: { ...sent.metadata, ...address } })
    const round = new Round(this.#parts.admission, requestOf(call))
    try {
      const object = row.defaults(addressed(draft), 'UPDATE')
      const mutated = await round.mutate({ operation: 'UPDATE', object, oldObject: old }, row)
      const filled = row.defaults(addressed(tidied(row, mutated)), 'UPDATE')
      const asked = draft.metadata.resourceVersion
      if (asked ? asked !== version : !row.unconditionalUpdate) {
        throw asked ? conflict(row, name ?? '') : refusal.versionRequired(row, name ?? '')
      }
      const next = merged(row, subresource, filled, old)
      const added = old.metadata.deletionTimestamp ? refusal.newFinalizers(next, old) : []
      refuse(row, name, [...row.validate(next), ...added, ...row.validateUpdate(next, old, subresource)])
      await round.validate(next, name)
      const fate = isOver(row, next) ? 'drop' : jsonEqual(next, old) ? 'leave' : 'put'
      const ending = await this.#settle(call, next, Number(version), fate)
      if (ending) round.ends(ending)
      return ending
    } finally {
      await round.close()
    }
  }

  /** @returns `undefined` if there is no such object */
  async #condemn(call: StoredCall, wish: Wish): Promise<AnyObject | Status | undefined> {
    const { row } = call
    for (;;) {
      const old = await this.#read(call)
      if (!old) return undefined
      const { uid, resourceVersion } = wish.preconditions ?? {}
      if (uid !== undefined && uid !== old.metadata.uid) throw refusal.uidPrecondition(row, uid, old)
      if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
        throw refusal.versionPrecondition(row, resourceVersion, old)
      }
      for (const plugin of this.#parts.admission) {
        await plugin.validate(admissionDelete(requestOf(call), structuredClone(old)))
      }
      const next = this.#condemned(row, old, wish)
      const fate = isOver(row, next) ? 'drop' : jsonEqual(next, old) ? 'leave' : 'put'
      const ending = await this.#settle(call, next, Number(old.metadata.resourceVersion), fate)
      if (ending) return fate === 'drop' && !row.returnsDeleted ? refusal.deleted(row, next) : ending.answer
    }
  }

  #condemned(row: AnyRow, old: AnyObject, { asked, policy }: Wish): AnyObject {
    const { deletionTimestamp: at, deletionGracePeriodSeconds: has, generation } = old.metadata
    const times: Record<string, string | number> = {}
    if (!at) {
      const seconds = row.gracePeriodSeconds(old, asked)
      times.deletionTimestamp = timestamp(this.#parts.clock.now() + (seconds ?? 0) * 1000)
      if (seconds !== undefined) times.deletionGracePeriodSeconds = seconds
      if (generation !== undefined) times.generation = generation + 1
    } else if (asked !== undefined && has !== undefined && asked < has) {
      times.deletionTimestamp = timestamp(Date.parse(at) - (has - asked) * 1000)
      times.deletionGracePeriodSeconds = asked
    }
    const metadata = { ...withFinalizers(old.metadata, policy), ...times } as AnyObject['metadata']
    return { ...(at ? old : row.terminating(old)), metadata }
  }

  // Kinds that are not stored.

  #virtualGet(virtual: AnyVirtual, { user, dryRun, namespace, name }: Call): Promise<AnyObject> {
    const address = { ...(namespace && { namespace }), name: name ?? '' }
    return (virtual.get as NonNullable<AnyVirtual['get']>).call(virtual, address, { user, dryRun })
  }

  async #virtualReplace(virtual: AnyVirtual, call: Call, change: (current: AnyObject) => AnyDraft): Promise<AnyObject> {
    const { user, dryRun } = call
    const oldObject = await this.#virtualGet(virtual, call)
    const object = change(oldObject)
    return this.#virtualRound(call, { operation: 'UPDATE', object, oldObject }, (changed) =>
      (virtual.update as NonNullable<AnyVirtual['update']>).call(virtual, changed, { user, dryRun }),
    )
  }

  async #virtualPatch(virtual: AnyVirtual, call: Call, change: (current: AnyObject) => AnyDraft): Promise<AnyObject> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#virtualReplace(virtual, call, change)
      } catch (error) {
        if (tries === virtualPatches || !isConflict(error)) throw error
      }
    }
  }

  async #virtualRound(
    call: Call,
    write: AnyWrite,
    carryOut: (object: AnyDraft) => Promise<AnyObject>,
  ): Promise<AnyObject> {
    const round = new Round(this.#parts.admission, requestOf(call))
    try {
      const object = await round.mutate(write, call.served.row)
      await round.validate(object, call.name)
      return round.ends({ answer: await carryOut(object), stored: !call.dryRun })
    } finally {
      await round.close()
    }
  }
}

/** One time through admission: whom it has asked, and what it has to tell them at the end. */
class Round {
  readonly #plugins: readonly AdmissionPlugin[]
  readonly #request: AnyRequest
  readonly #answered: AdmissionPlugin[] = []
  #write: AnyWrite | undefined
  #last: unknown
  #ending: Ending | undefined

  constructor(plugins: readonly AdmissionPlugin[], request: AnyRequest) {
    this.#plugins = plugins
    this.#request = request
  }

  async mutate(write: AnyWrite, row: ResourceNames): Promise<AnyDraft> {
    this.#write = structuredClone(write)
    let object = write.object
    for (const plugin of this.#plugins) {
      this.#last = await plugin.mutate(this.#with(object))
      this.#answered.push(plugin)
      object = readDraft(row, this.#last)
    }
    return object
  }

  async validate(object: AnyDraft, name: string | undefined): Promise<void> {
    for (const plugin of this.#plugins) await plugin.validate(this.#with(object, { ...this.#request, name }))
  }

  ends(ending: Ending): AnyObject {
    this.#ending = ending
    return ending.answer
  }

  async close(): Promise<void> {
    const { answer, stored } = this.#ending ?? { answer: this.#last, stored: false }
    for (const plugin of this.#answered) await plugin.finish(this.#with(answer), stored)
  }

  #with(object: unknown, request = this.#request) {
    return admissionWrite(request, structuredClone({ ...this.#write, object }) as AnyWrite)
  }
}

/** What a deletion asks for. */
interface Wish {
  asked: number | undefined
  policy: DeleteOptions['propagationPolicy']
  preconditions: DeleteOptions['preconditions']
}

function wishOf({ gracePeriodSeconds, propagationPolicy, preconditions }: DeleteOptions): Wish {
  const asked = gracePeriodSeconds !== undefined && gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds
  return { asked, policy: propagationPolicy, preconditions }
}

function callOf(
  verb: string,
  kind: KindName,
  served: ServedKind,
  at: { name?: string; namespace?: string },
  { user = loopbackUser, dryRun = false, subresource }: CallOptions & { dryRun?: boolean; subresource?: Subresource },
): Call {
  const { namespaced } = served.row
  const many = ['list', 'watch', 'deletecollection'].includes(verb)
  if (!many && verb !== 'create' && !at.name) throw refusal.nameMissing()
  if (!many && namespaced && !at.namespace) throw refusal.namespaceMissing(verb)
  const namespace = (namespaced && at.namespace) || undefined
  const name = (!many && at.name) || undefined
  return { verb, kind, served, user, dryRun, subresource, namespace, name }
}

function storedCall(call: Call): StoredCall {
  return { ...call, row: call.served.row as AnyRow }
}

function requestOf({ kind, served, subresource, namespace, name, user, dryRun }: Call): AnyRequest {
  return { kind, subresource: served.virtual ? undefined : subresource, namespace, name, user, dryRun }
}

/** With `''` for the name: the prefix of all keys. */
function keyOf(row: ResourceNames, namespace: string | undefined, name: string | undefined): string {
  return `/registry/${row.resource}/${namespace ? `${namespace}/` : ''}${name ?? ''}`
}

/** Without what is as good as left out. */
function tidied(row: ResourceNames, draft: AnyDraft): AnyDraft {
  const blank = blankable.filter((field) => !draft.metadata[field])
  const dropped = row.namespaced ? blank : [...blank, 'namespace']
  return { ...draft, metadata: withPartsOf(draft.metadata, {}, dropped) }
}

function chooser(row: AnyRow, { labelSelector, fieldSelector }: { [S in keyof SelectOptions]?: SelectOptions[S] | undefined }): Chooser {
  const byField = fieldMatcher(row, fieldSelector ?? '') as unknown as Chooser
  try {
    const selector = parseSelector(labelSelector ?? '')
    return (object) => matches(selector, object.metadata.labels ?? {}) && byField(object)
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message)
    throw error
  }
}

function refuse(row: AnyRow, name: string | undefined, causes: StatusCause[]): void {
  if (causes.length > 0) throw invalid(row, name ?? '', causes)
}

/** Refuses what is about another object. */
function meant({ row, namespace, name = '' }: StoredCall, { metadata }: AnyDraft, old: AnyObject): void {
  if (metadata.name && metadata.name !== name) throw refusal.nameMismatch(metadata.name, name)
  if (metadata.namespace && metadata.namespace !== namespace) throw refusal.namespaceMismatch()
  if (metadata.uid && metadata.uid !== old.metadata.uid) {
    throw refusal.uidMismatch(row, keyOf(row, namespace, name), metadata.uid, old)
  }
}

/** The object as an update leaves it. */
function merged(row: AnyRow, subresource: Subresource | undefined, draft: AnyDraft, old: AnyObject): AnyObject {
  const metadata = withPartsOf(draft.metadata, old.metadata, staysWith)
  const names = { apiVersion: apiVersionOf(row), kind: row.kind }
  const body = subresource
    ? withPartsOf(old, draft, row.subresources[subresource] ?? [])
    : withPartsOf(draft, old, row.readOnly)
  const object: AnyObject = { ...body, ...names, metadata }
  if (!row.counted || jsonEqual(object.spec, old.spec)) return object
  return { ...object, metadata: { ...metadata, generation: (old.metadata.generation ?? 0) + 1 } }
}

/** Whether an object is to go, and nothing holds it. */
function isOver(row: AnyRow, object: AnyObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata
  if (!deletionTimestamp || finalizers.length > 0 || deletionGracePeriodSeconds > 0) return false
  return !row.held(object)
}

function withFinalizers(metadata: AnyObject['metadata'], policy: Wish['policy']): AnyObject['metadata'] {
  if (!policy) return metadata
  const others = (metadata.finalizers ?? []).filter((finalizer) => !cleaners.includes(finalizer))
  const finalizers = [...others, ...leaves[policy]]
  return withPartsOf(metadata, finalizers.length > 0 ? { finalizers } : {}, ['finalizers'])
}
