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
  isNotFound,
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

type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

/** What a request is about, once access has let it through. */
interface Entered {
  row: AnyRow
  virtual: AnyVirtual | undefined
  request: AnyRequest
}

/** How one attempt at a write ended; without an answer, the request starts again. */
interface Outcome {
  answer?: AnyObject
  stored: boolean
}

const bookmarkIntervalMs = 60_000
const nameAttempts = 8
const virtualAttempts = 5
const maxGeneratedBase = 58

/** The metadata that no update changes. */
const fixedMetadata = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'resourceVersion',
]

const needed: { readonly [V in Verb]?: readonly (keyof AnyVirtual)[] } = {
  get: ['get'],
  create: ['create'],
  update: ['get', 'update'],
  patch: ['get', 'update'],
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
    const { store, clock, random, kinds } = this.#parts
    const sent = readDraft(this.#served(kind).row, object)
    const { row, virtual, request } = await this.#enter('create', kind, sent.metadata, options)
    const { namespace, dryRun, user } = request
    if (virtual) {
      const { answer } = await this.#admit(row, request, { operation: 'CREATE', object: sent }, async (draft) => {
        await this.#validate(request, { operation: 'CREATE', object: draft })
        return { answer: await virtual.create?.(draft, { user, dryRun }), stored: !dryRun } as Outcome
      })
      return ofKind(kind, answer as AnyObject)
    }
    if (namespace !== undefined && kinds.Namespace) {
      const { row: namespaces } = this.#served('Namespace')
      const found = await store.get(keyOf(namespaces, { name: namespace }))
      if (!found) throw notFound(namespaces, namespace)
      if (readStored(namespaces, found.value, found.modRevision).metadata.deletionTimestamp) {
        throw refusal.namespaceTerminating(row, sent.metadata.name ?? '', namespace)
      }
    }
    const set = {
      namespace,
      uid: newUid(random),
      creationTimestamp: timestamp(clock.now()),
      generation: row.counted ? 1 : undefined,
      resourceVersion: undefined,
      deletionTimestamp: undefined,
      deletionGracePeriodSeconds: undefined,
    }
    const own = (draft: AnyDraft, name = draft.metadata.name || undefined) =>
      ({
        ...draft,
        apiVersion: apiVersionOf(row),
        kind: row.kind,
        metadata: compact({ ...draft.metadata, ...set, name }),
      }) as unknown as AnyObject
    const write = { operation: 'CREATE' as const, object: row.defaults(sent, 'CREATE') }
    const { answer } = await this.#admit(row, request, write, async (mutated) => {
      const { name: given, generateName } = mutated.metadata
      for (let attempt = 1; ; attempt++) {
        const generated = !given && generateName ? generateName.slice(0, maxGeneratedBase) + nameSuffix(random) : ''
        const name = given || generated
        const named = { ...mutated, metadata: { ...mutated.metadata, ...(name && { name }) } }
        const object = own(row.defaults(named, 'CREATE'), name || undefined)
        const causes = row.validate(object)
        if (causes.length > 0) throw invalid(row, name, causes)
        await this.#validate({ ...request, name: name || undefined }, { operation: 'CREATE', object })
        if (mutated.metadata.resourceVersion) throw refusal.versionOnCreate()
        const key = keyOf(row, { ...address(namespace), name })
        if (dryRun) {
          if (!(await store.get(key))) return { answer: object, stored: false }
        } else {
          const kv = await unlessOvertaken(store.put(key, object, { ifRevision: 0 }))
          if (kv) return { answer: readStored(row, object, kv.done.modRevision), stored: true }
        }
        if (!generated) throw alreadyExists(row, name)
        if (attempt >= nameAttempts) throw generateNameConflict(row, name)
      }
    })
    return ofKind(kind, structuredClone(answer as AnyObject))
  }

  /** Reads one object. */
  async get<K extends KindName>(kind: K, at: Address, options: CallOptions = {}): Promise<ObjectOf<K>> {
    const { row, virtual, request } = await this.#enter('get', kind, at, { user: options.user })
    const where = { ...address(request.namespace), name: request.name ?? '' }
    if (virtual?.get) return ofKind(kind, await virtual.get(where, { user: request.user, dryRun: false }))
    return ofKind(kind, structuredClone((await this.#read(row, where)).old))
  }

  /** Replaces an object; with a `resourceVersion`, only if it is still at that one. */
  async update<K extends KindName>(
    kind: K,
    object: DraftOf<K>,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const sent = readDraft(this.#served(kind).row, object)
    const entered = await this.#enter('update', kind, sent.metadata, options)
    return ofKind(kind, await this.#change(entered, () => sent, false))
  }

  /** Changes an object as it is now, however often somebody else is quicker. */
  async patch<K extends KindName>(
    kind: K,
    at: Address,
    patch: Patch,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    const sent = structuredClone(patch)
    const entered = await this.#enter('patch', kind, at, options)
    const { row, request } = entered
    const patched = (old: AnyObject) => {
      const draft = readDraft(row, applyPatch(kind, old, sent))
      const { name, namespace } = draft.metadata
      if (name && name !== request.name) throw refusal.nameMismatch(name, request.name ?? '')
      if (row.namespaced && namespace && namespace !== request.namespace) throw refusal.namespaceMismatch()
      return draft
    }
    return ofKind(kind, await this.#change(entered, patched, true))
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
    const asked = structuredClone(options)
    const { row, request } = await this.#enter('delete', kind, at, asked)
    return (await this.#remove(row, request, asked)) as unknown as ObjectOf<K> | Status
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
    const asked = structuredClone(options)
    const { row, request } = await this.#enter('deletecollection', kind, address(asked.namespace), asked)
    const list = await this.#list(row, request.namespace, {
      ...(asked.labelSelector !== undefined && { labelSelector: asked.labelSelector }),
      ...(asked.fieldSelector !== undefined && { fieldSelector: asked.fieldSelector }),
    })
    const refusals: unknown[] = []
    for (const { metadata } of list.items) {
      const { name, namespace } = metadata
      try {
        await this.#remove(row, { ...request, namespace, name }, asked)
      } catch (error) {
        if (!isNotFound(error)) refusals.push(error)
      }
    }
    if (refusals.length > 0) throw refusals[0]
    return list as unknown as ObjectList<K>
  }

  /** Reads every object that is selected, a page at a time if asked for, all as of one version. */
  async list<K extends StoredKind>(kind: K, options: ListOptions = {}): Promise<ObjectList<K>> {
    const asked = structuredClone(options)
    const { row, request } = await this.#enter('list', kind, address(asked.namespace), { user: asked.user })
    return (await this.#list(row, request.namespace, asked)) as unknown as ObjectList<K>
  }

  /** Streams what happens to the objects that are selected, from now on or from an earlier version. */
  watch<K extends StoredKind>(kind: K, options: ClientWatchOptions = {}): Stream<WatchEvent<K>> {
    const { store, clock } = this.#parts
    const asked = structuredClone(options)
    let position: number | undefined
    let timer: Timer | undefined

    const open = async (): Promise<Feed<StoreEvent<object>, WatchEvent<K>>> => {
      const at = address(asked.namespace)
      const { row, request } = await this.#enter('watch', kind, at, { user: asked.user })
      const selected = matcher(row, asked)
      const prefix = prefixOf(row, request.namespace)
      const tell = (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: AnyObject): WatchEvent<K> => ({
        type,
        object: ofKind(kind, structuredClone(object)),
      })
      const first: WatchEvent<K>[] = []
      let after = parseResourceVersion(asked.resourceVersion)
      if (after === undefined) {
        const { revision, items } = await store.list(prefix)
        after = revision
        const objects = items.map(({ value, modRevision }) => readStored(row, value, modRevision))
        first.push(...objects.filter(selected).map((object) => tell('ADDED', object)))
      }
      let seen = after
      position = after
      return {
        first,
        source: store.watch(prefix, { after }),
        translate(event) {
          seen = position = event.revision
          const was = event.prevKv && readStored(row, event.prevKv.value, event.revision)
          const is = event.type === 'PUT' ? readStored(row, event.kv.value, event.revision) : undefined
          const before = was && selected(was) ? was : undefined
          const now = is && selected(is) ? is : undefined
          if (now) return tell(before ? 'MODIFIED' : 'ADDED', now)
          return before && tell('DELETED', before)
        },
        explain: (error) =>
          error instanceof Compacted ? refusal.watchExpired(seen, error.compacted) : error,
      }
    }

    const feed = open()
    const relay = new Relay(feed, () => timer?.cancel())
    if (asked.allowWatchBookmarks) {
      const tick = () => {
        timer = clock.setTimer(bookmarkIntervalMs, tick)
        if (position === undefined) return
        relay.offer({ type: 'BOOKMARK', object: { metadata: { resourceVersion: `${position}` } } })
      }
      timer = clock.setTimer(bookmarkIntervalMs, tick)
      feed.catch(() => timer?.cancel())
    }
    return relay
  }

  #served(kind: KindName): ServedKind {
    const served = servedKind(this.#parts, kind)
    if (!served) throw resourceNotFound()
    return served
  }

  /** What comes before the store is read: the kind, the address, access, the subresource. */
  async #enter(
    verb: Verb,
    kind: KindName,
    at: Partial<Address>,
    options: { user?: User | undefined; subresource?: Subresource; dryRun?: boolean },
  ): Promise<Entered> {
    const served = this.#served(kind)
    const { row, virtual } = served
    const { user = loopbackUser, subresource, dryRun = false } = options
    const name = at.name || undefined
    const namespace = (row.namespaced && at.namespace) || undefined
    const aboutOne = ['get', 'update', 'patch', 'delete'].includes(verb)
    if (aboutOne && !name) throw refusal.nameMissing()
    if (row.namespaced && !namespace && (aboutOne || verb === 'create')) throw refusal.namespaceMissing(verb)

    const part = subresource ?? (served.virtual && served.row.subresource)
    const named = verb !== 'create' || (virtual !== undefined && part !== undefined)
    const attributes = {
      user,
      verb,
      apiGroup: row.group,
      resource: row.resource,
      ...(part && { subresource: part }),
      ...(namespace && { namespace }),
      ...(name && named && { name }),
    }
    const { allowed, reason } = await this.#parts.access.authorize(attributes)
    if (!allowed) throw accessDenied(attributes, reason)

    if (subresource !== undefined) {
      const known = served.virtual ? {} : served.row.subresources
      if (!Object.hasOwn(known, subresource)) throw resourceNotFound()
      if (verb === 'create') throw methodNotAllowed()
    }
    if (virtual && !(needed[verb]?.every((method) => virtual[method]) ?? false)) throw methodNotAllowed()
    return { row: row as AnyRow, virtual, request: { kind, subresource, namespace, name, user, dryRun } }
  }

  async #read(row: AnyRow, at: Address) {
    const key = keyOf(row, at)
    const kv = await this.#parts.store.get(key)
    if (!kv) throw notFound(row, at.name)
    return { key, ifRevision: kv.modRevision, old: readStored(row, kv.value, kv.modRevision) }
  }

  async #list(row: AnyRow, namespace: string | undefined, options: ListOptions) {
    checkListOptions(options)
    const selected = matcher(row, options)
    const asked = parseResourceVersion(options.resourceVersion)
    const token = options.continue ? decodeContinue(options.continue) : undefined
    const exact = options.resourceVersionMatch === 'Exact' ? asked : undefined
    const at = token?.revision ?? exact
    const prefix = prefixOf(row, namespace)
    const snapshot = await this.#parts.store.list(prefix, at === undefined ? {} : { revision: at }).catch((error) => {
      if (error instanceof Compacted) throw token ? refusal.continueExpired() : refusal.listExpired()
      if (error instanceof FutureRevision) throw tooLargeResourceVersion(error.requested, error.current)
      throw error
    })
    const revision = at ?? snapshot.revision
    if (!token && asked !== undefined && asked > revision) throw tooLargeResourceVersion(asked, revision)

    const found = snapshot.items
      .filter(({ key }) => !token || key.slice(prefix.length) >= token.start)
      .map(({ key, value, modRevision }) => ({ key, object: readStored(row, value, modRevision) }))
      .filter(({ object }) => selected(object))
    const { limit = 0 } = options
    const page = limit > 0 ? found.slice(0, limit) : found
    const last = page.at(-1)
    const left = found.length - page.length
    return {
      metadata: {
        resourceVersion: `${revision}`,
        ...(left > 0 &&
          last && { continue: encodeContinue({ revision, start: `${last.key.slice(prefix.length)}\u0000` }) }),
        ...(left > 0 && !options.labelSelector && !options.fieldSelector && { remainingItemCount: left }),
      },
      items: page.map(({ object }) => structuredClone(object)),
    }
  }

  /** Update and patch: reads, works out, checks and writes, until nobody is quicker. */
  async #change(
    { row, virtual, request }: Entered,
    draftOf: (old: AnyObject) => AnyDraft,
    isPatch: boolean,
  ): Promise<AnyObject> {
    const { store } = this.#parts
    const { subresource, dryRun, user } = request
    const at = { ...address(request.namespace), name: request.name ?? '' }
    const call = { user, dryRun }

    const attemptVirtual = async (virtual: AnyVirtual, isLast: boolean): Promise<Outcome> => {
      const oldObject = (await virtual.get?.(at, call)) as AnyObject
      const write = { operation: 'UPDATE' as const, object: draftOf(oldObject), oldObject }
      return this.#admit(row, request, write, async (object) => {
        await this.#validate(request, { ...write, object })
        try {
          return { answer: (await virtual.update?.(object, call)) as AnyObject, stored: !dryRun }
        } catch (error) {
          if (isLast || !isConflict(error)) throw error
          return { stored: false }
        }
      })
    }

    const attempt = async (): Promise<Outcome> => {
      const { key, ifRevision, old } = await this.#read(row, at)
      const draft = draftOf(old)
      const { uid, resourceVersion } = draft.metadata
      if (uid && uid !== old.metadata.uid) throw refusal.uidMismatch(row, key, uid, old)
      const identified = (some: AnyDraft): AnyDraft => ({
        ...some,
        apiVersion: old.apiVersion,
        kind: old.kind,
        metadata: withPartsOf(some.metadata, old.metadata, fixedMetadata),
      })
      const shape = (some: AnyDraft) =>
        subresource
          ? withPartsOf(old, some, ['metadata', ...(row.subresources[subresource] ?? [])])
          : withPartsOf(some, old, row.readOnly)
      const whole = (some: AnyDraft) => (subresource ? some : shape(some))
      const prepare = (some: AnyDraft) => shape(identified(row.defaults(whole(identified(some)), 'UPDATE')))
      const write = { operation: 'UPDATE' as const, object: prepare(draft), oldObject: old }
      return this.#admit(row, request, write, async (mutated) => {
        const draft = prepare(mutated) as AnyObject
        const changed = row.counted && !jsonEqual(draft.spec, old.spec)
        const generation = (old.metadata.generation ?? 0) + 1
        const object = changed ? { ...draft, metadata: { ...draft.metadata, generation } } : draft
        if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw conflict(row, at.name)
        if (!resourceVersion && !row.unconditionalUpdate) throw refusal.versionRequired(row, at.name)
        const causes: StatusCause[] = [
          ...row.validate(object),
          ...(old.metadata.deletionTimestamp ? refusal.newFinalizers(object, old) : []),
          ...row.validateUpdate(object, old, subresource),
        ]
        if (causes.length > 0) throw invalid(row, at.name, causes)
        await this.#validate(request, { ...write, object })
        const ends = object.metadata.deletionTimestamp !== undefined && !isHeld(row, object)
        if (dryRun) return { answer: object, stored: false }
        if (ends) {
          const gone = await unlessOvertaken(store.delete(key, { ifRevision }))
          return { ...(gone && { answer: object }), stored: false }
        }
        if (jsonEqual(object, old)) return { answer: old, stored: false }
        const kv = await unlessOvertaken(store.put(key, bare(object), { ifRevision }))
        return kv ? { answer: readStored(row, object, kv.done.modRevision), stored: true } : { stored: false }
      })
    }

    for (let tries = 1; ; tries++) {
      const { answer } = await (virtual ? attemptVirtual(virtual, !isPatch || tries >= virtualAttempts) : attempt())
      if (answer) return virtual ? answer : structuredClone(answer)
    }
  }

  /** Begins or goes on with a deletion, until nobody is quicker. */
  async #remove(row: AnyRow, request: AnyRequest, options: DeleteOptions): Promise<AnyObject | Status> {
    const { store, clock, admission } = this.#parts
    const at = { ...address(request.namespace), name: request.name ?? '' }
    for (;;) {
      const { key, ifRevision, old } = await this.#read(row, at)
      const { uid, resourceVersion } = options.preconditions ?? {}
      if (uid !== undefined && uid !== old.metadata.uid) throw refusal.uidPrecondition(row, uid, old)
      if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
        throw refusal.versionPrecondition(row, resourceVersion, old)
      }
      for (const plugin of admission) await plugin.validate(structuredClone(admissionDelete(request, old)))

      const next = structuredClone(marked(row, old, options, clock.now()))
      if (!isHeld(row, next)) {
        if (request.dryRun || (await unlessOvertaken(store.delete(key, { ifRevision })))) {
          return row.returnsDeleted ? next : refusal.deleted(row, next)
        }
      } else {
        if (request.dryRun || jsonEqual(next, old)) return next
        const kv = await unlessOvertaken(store.put(key, bare(next), { ifRevision }))
        if (kv) return readStored(row, next, kv.done.modRevision)
      }
    }
  }

  /** Asks every `mutate`, then lets `finish` know how it ended. */
  async #admit(
    row: AnyRow,
    request: AnyRequest,
    write: AnyWrite,
    attempt: (mutated: AnyDraft) => Promise<Outcome>,
  ): Promise<Outcome> {
    const answered: AdmissionPlugin[] = []
    let { object } = write
    let stored = false
    try {
      for (const plugin of this.#parts.admission) {
        const answer = await plugin.mutate(structuredClone(admissionWrite(request, { ...write, object })))
        answered.push(plugin)
        object = readDraft(row, answer)
      }
      const outcome = await attempt(object)
      stored = outcome.stored
      object = outcome.answer ?? object
      return outcome
    } finally {
      for (const plugin of answered) {
        await plugin.finish(structuredClone(admissionWrite(request, { ...write, object })), stored)
      }
    }
  }

  async #validate(request: AnyRequest, write: AnyWrite): Promise<void> {
    for (const plugin of this.#parts.admission) {
      await plugin.validate(structuredClone(admissionWrite(request, write)))
    }
  }
}

/** The object as a `delete` leaves it. */
function marked(row: AnyRow, old: AnyObject, options: DeleteOptions, nowMs: number): AnyObject {
  const { gracePeriodSeconds, propagationPolicy: policy } = options
  const asked = gracePeriodSeconds !== undefined && gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds
  const { deletionTimestamp, deletionGracePeriodSeconds: current, generation } = old.metadata
  let next = old
  if (deletionTimestamp === undefined) {
    const seconds = row.gracePeriodSeconds(old, asked)
    next = {
      ...row.terminating(old),
      metadata: {
        ...old.metadata,
        deletionTimestamp: timestamp(nowMs + (seconds ?? 0) * 1000),
        ...(seconds !== undefined && { deletionGracePeriodSeconds: seconds }),
        ...(generation !== undefined && { generation: generation + 1 }),
      },
    }
  } else if (asked !== undefined && current !== undefined && asked < current) {
    const shortened = timestamp(Date.parse(deletionTimestamp) + (asked - current) * 1000)
    const metadata = {
      ...old.metadata,
      deletionTimestamp: shortened,
      deletionGracePeriodSeconds: asked,
    }
    next = { ...old, metadata }
  }
  if (policy === undefined) return next
  const named = { Orphan: 'orphan', Foreground: 'foregroundDeletion', Background: undefined }[policy]
  const known = next.metadata.finalizers ?? []
  const kept = known.filter((one) => one !== 'orphan' && one !== 'foregroundDeletion')
  const finalizers = named === undefined ? kept : [...kept, named]
  if (jsonEqual(finalizers, known)) return next
  const metadata = compact({ ...next.metadata, finalizers: finalizers.length > 0 ? finalizers : undefined })
  return { ...next, metadata: metadata as AnyObject['metadata'] }
}

/** Whether something keeps an object that is being deleted. */
function isHeld(row: AnyRow, object: AnyObject): boolean {
  const { finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata
  return finalizers.length > 0 || deletionGracePeriodSeconds > 0 || row.held(object)
}

/** @throws {StatusError} BadRequest (400) if a selector cannot be read */
function matcher(row: AnyRow, { labelSelector, fieldSelector }: SelectOptions): (object: AnyObject) => boolean {
  const labels = readLabelSelector(labelSelector ?? '')
  const fields = fieldMatcher(row, fieldSelector ?? '')
  return (object) => matches(labels, object.metadata.labels) && fields(ofKind(row.kind, object))
}

function readLabelSelector(text: string) {
  try {
    return parseSelector(text)
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message)
    throw error
  }
}

/** @returns `undefined` if somebody else wrote the key in between */
async function unlessOvertaken<T>(write: Promise<T>): Promise<{ done: T } | undefined> {
  try {
    return { done: await write }
  } catch (error) {
    if (error instanceof RevisionConflict) return undefined
    throw error
  }
}

function address(namespace: string | undefined): { namespace?: string } {
  return namespace ? { namespace } : {}
}

function prefixOf(row: ResourceNames, namespace: string | undefined): string {
  return row.namespaced && namespace ? `/registry/${row.resource}/${namespace}/` : `/registry/${row.resource}/`
}

function keyOf(row: ResourceNames, { namespace, name }: Address): string {
  return prefixOf(row, namespace) + name
}

function compact<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T
}

/** As it is stored: its version is the store's to say. */
function bare(object: AnyObject): AnyObject {
  const { resourceVersion: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
