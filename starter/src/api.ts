/**
 * The API: everything that the cluster knows goes through here. It names, versions, checks and stores objects of
 * every kind, and tells whoever watches what became of them. It knows no kind: a table does.
 * Guarantees: of two writers, none overwrites what it has not seen; an object goes when nothing holds it any more.
 *
 * Mirrors: the generic registry of kube-apiserver (k8s.io/apiserver/pkg/registry/{generic/registry,rest})
 * Simplified: one version of each kind, no managed fields and no server-side apply.
 */
import { NotYet } from '#kit/not-yet'
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

/** An API over a store. Two of them on one store share nothing else. */
export class Api implements Client {
  /** @param parts what it stands on, and whom it asks */
  constructor(parts: ApiParts) {
    throw new NotYet('03-api')
  }

  /** Stores a new object; its name may be left to `generateName`. */
  async create<K extends KindName>(
    kind: K,
    object: DraftOf<K>,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    throw new NotYet('03-api')
  }

  /** Reads one object. */
  async get<K extends KindName>(kind: K, at: Address, options: CallOptions = {}): Promise<ObjectOf<K>> {
    throw new NotYet('03-api')
  }

  /** Replaces an object; with a `resourceVersion`, only if it is still at that one. */
  async update<K extends KindName>(
    kind: K,
    object: DraftOf<K>,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    throw new NotYet('03-api')
  }

  /** Changes an object as it is now, however often somebody else is quicker. */
  async patch<K extends KindName>(
    kind: K,
    at: Address,
    patch: Patch,
    options: ClientWriteOptions = {},
  ): Promise<ObjectOf<K>> {
    throw new NotYet('03-api')
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
    throw new NotYet('03-api')
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
    throw new NotYet('03-api')
  }

  /** Reads every object that is selected, a page at a time if asked for, all as of one version. */
  async list<K extends StoredKind>(kind: K, options: ListOptions = {}): Promise<ObjectList<K>> {
    throw new NotYet('03-api')
  }

  /** Streams what happens to the objects that are selected, from now on or from an earlier version. */
  watch<K extends StoredKind>(kind: K, options: ClientWatchOptions = {}): Stream<WatchEvent<K>> {
    throw new NotYet('03-api')
  }
}
