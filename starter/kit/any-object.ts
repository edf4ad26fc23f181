/**
 * Objects and rows whose kind is known at run time only. An API treats all kinds alike: inside it, this is what
 * it knows of them. Here is where the types of the single kinds are left behind, and where they come back.
 */
import type { ObjectMeta, StatusCause } from 'kubernetes-types/meta/v1'
import type { AdmissionRequest, AdmissionWrite } from '#kit/admission'
import type { KindRow, ResourceNames, VirtualRow } from '#kit/api/kind-table'
import type { KindName, ObjectOf, StoredKind } from '#kit/api/kinds'
import type { Address, StoredMetadata } from '#kit/api/metadata'
import type { ApiParts } from '#kit/api-parts'
import type { Subresource } from '#kit/client-options'
import { badRequest } from '#kit/status-error'
import type { User } from '#kit/user'
import type { VirtualCall } from '#kit/virtual-resource'

/** What somebody sent, of any kind. */
export interface AnyDraft {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  [part: string]: unknown
}

/** An object as the API answers it, of any kind. What was created in a dry run has no `resourceVersion`. */
export interface AnyObject extends AnyDraft {
  apiVersion: string
  kind: string
  metadata: ObjectMeta & Pick<StoredMetadata, 'name' | 'uid' | 'creationTimestamp'>
}

/** A `KindRow` of any kind: what its members mean stands there (kit/api/kind-table.ts). */
export interface AnyRow extends ResourceNames {
  kind: StoredKind
  counted: boolean
  readOnly: readonly string[]
  subresources: { readonly [S in Subresource]?: readonly string[] }
  unconditionalUpdate: boolean
  returnsDeleted: boolean
  selectableFields: KindRow<StoredKind>['selectableFields']
  defaults(draft: AnyDraft, operation: 'CREATE' | 'UPDATE'): AnyDraft
  validate(object: AnyDraft): StatusCause[]
  validateUpdate(object: AnyDraft, old: AnyObject, subresource: Subresource | undefined): StatusCause[]
  gracePeriodSeconds(object: AnyObject, asked: number | undefined): number | undefined
  held(object: AnyObject): boolean
  terminating(object: AnyObject): AnyObject
}

/** A `VirtualResource` of any kind: what its members mean stands there (kit/virtual-resource.ts). */
export interface AnyVirtual {
  get?(at: Address, call: VirtualCall): Promise<AnyObject>
  create?(object: AnyDraft, call: VirtualCall): Promise<AnyObject>
  update?(object: AnyDraft, call: VirtualCall): Promise<AnyObject>
}

/** A kind that is served: its row, and who answers for it if it is not stored. */
export type ServedKind = { row: AnyRow; virtual?: never } | { row: VirtualRow; virtual: AnyVirtual }

/** @returns `undefined` for a kind that is not in the table */
export function servedKind({ kinds, virtual }: ApiParts, kind: KindName): ServedKind | undefined {
  const row = (kinds as { readonly [name: string]: AnyRow | VirtualRow })[kind]
  if (!row) return undefined
  if ('defaults' in row) return { row }
  return { row, virtual: (virtual as { readonly [name: string]: AnyVirtual })[kind] ?? {} }
}

/** What admission is told of a request besides its objects. */
export interface AnyRequest {
  kind: KindName
  subresource: Subresource | undefined
  namespace: string | undefined
  name: string | undefined
  user: User
  dryRun: boolean
}

/** What a write is about to store. */
export type AnyWrite =
  | { operation: 'CREATE'; object: AnyDraft }
  | { operation: 'UPDATE'; object: AnyDraft; oldObject: AnyObject }

/** A write as admission plugins see it. */
export function admissionWrite(request: AnyRequest, write: AnyWrite): AdmissionWrite {
  return { ...aboutRequest(request), ...write } as unknown as AdmissionWrite
}

/** A deletion as admission plugins see it. */
export function admissionDelete(request: AnyRequest, oldObject: AnyObject): AdmissionRequest {
  return { ...aboutRequest(request), operation: 'DELETE', oldObject } as unknown as AdmissionRequest
}

// Plain data only: a plugin may be on the other side of a network.
function aboutRequest({ kind, subresource, namespace, name, user, dryRun }: AnyRequest): AnyRequest {
  return { kind, subresource, namespace, name, user, dryRun }
}

/** The object, known to be of that kind. */
export function ofKind<K extends KindName>(_kind: K, object: AnyObject): ObjectOf<K> {
  return object as unknown as ObjectOf<K>
}

/** How objects of a kind say which version of which group they are in: `v1`, `apps/v1`. */
export function apiVersionOf({ group, version }: Pick<ResourceNames, 'group' | 'version'>): string {
  return group ? `${group}/${version}` : version
}

/**
 * A copy of what somebody sent; its `metadata` is there, and has the types that it should have.
 *
 * @throws {StatusError} BadRequest (400), as Kubernetes' decoder
 */
export function readDraft(row: ResourceNames, sent: unknown): AnyDraft {
  const problem = shapeProblem(sent)
  if (problem) {
    const version = `${row.kind} in version ${JSON.stringify(apiVersionOf(row))}`
    throw badRequest(`${version} cannot be handled as a ${row.kind}: json: cannot unmarshal ${problem}`)
  }
  const draft = structuredClone(sent) as Partial<AnyDraft>
  return { ...draft, metadata: withoutNulls(draft.metadata ?? {}) }
}

/** The object with `apiVersion`, `kind` and `resourceVersion` as they are answered. */
export function readStored(row: ResourceNames, value: object, revision: number): AnyObject {
  const stored = value as AnyObject
  const metadata = { ...stored.metadata, resourceVersion: `${revision}` }
  return { ...stored, apiVersion: apiVersionOf(row), kind: row.kind, metadata }
}

/** A copy of `object` in which the named parts are as in `source`: left out where they are not in it. */
export function withPartsOf<T extends object, S extends object>(
  object: T,
  source: S,
  parts: readonly string[],
): T & S {
  const copy = { ...object } as Record<string, unknown>
  const from = source as Record<string, unknown>
  for (const part of parts) {
    if (Object.hasOwn(from, part) && from[part] !== undefined) copy[part] = from[part]
    else delete copy[part]
  }
  return copy as T & S
}

// What the API itself reads of the metadata; the rest is for the kind's validation.
const strings = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'deletionTimestamp']
const stringMaps = ['labels', 'annotations']

/** What is of a wrong type, in the words of Go's decoder. */
function shapeProblem(sent: unknown): string | undefined {
  if (!isRecord(sent)) return `${typeName(sent)} into Go value of type map[string]interface {}`
  const metadata = sent.metadata ?? {}
  if (!isRecord(metadata)) return `${typeName(metadata)} into Go struct field .metadata of type v1.ObjectMeta`
  const wrong = (name: string, value: unknown, type: string) =>
    `${typeName(value)} into Go struct field ObjectMeta.metadata.${name} of type ${type}`
  for (const name of strings) {
    const value = metadata[name] ?? ''
    if (typeof value !== 'string') return wrong(name, value, 'string')
  }
  for (const name of stringMaps) {
    const value = metadata[name]
    if (value === null || value === undefined) continue
    if (!isRecord(value)) return wrong(name, value, 'map[string]string')
    const other = Object.values(value).find((entry) => typeof entry !== 'string')
    if (other !== undefined) return wrong(name, other, 'string')
  }
  const finalizers = metadata.finalizers ?? []
  if (!Array.isArray(finalizers)) return wrong('finalizers', finalizers, '[]string')
  const other = finalizers.find((finalizer) => typeof finalizer !== 'string')
  return other === undefined ? undefined : wrong('finalizers', other, 'string')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** As in Go, null is the same as left out. */
function withoutNulls(metadata: ObjectMeta): ObjectMeta {
  const copy = { ...metadata } as Record<string, unknown>
  for (const field in copy) if (copy[field] === null || copy[field] === undefined) delete copy[field]
  return copy
}
