/**
 * What an API has to know about each kind, so that its code need not know any.
 *
 * Mirrors: the registry's strategies (`rest.RESTCreateStrategy` and its like) of kube-apiserver
 */
import type { StatusCause } from 'kubernetes-types/meta/v1'
import type { DraftOf, ObjectOf, StoredKind, VirtualKind } from '#kit/api/kinds'
import type { Subresource } from '#kit/client-options'

/** One column of what `kubectl get` prints. */
export interface Column<T> {
  name: string
  type: 'string' | 'integer' | 'date'
  description: string
  /** 0: always shown; 1: only with `-o wide`. */
  priority: 0 | 1
  /** @param nowMs the server's time, for ages that are computed here */
  value(object: T, nowMs: number): string | number
}

/** How a kind is called, and where it is found. */
export interface ResourceNames {
  kind: string
  /** `''` for the core group. */
  group: string
  version: string
  /** Plural, as in a URL: `pods`. */
  resource: string
  singular: string
  shortNames: readonly string[]
  /** Such as `all`, in `kubectl get all`. */
  categories: readonly string[]
  namespaced: boolean
}

/** A kind that is stored. */
export interface KindRow<K extends StoredKind> extends ResourceNames {
  kind: K
  /** Whether the object has a `metadata.generation`, which starts at 1 and counts the changes of its spec. */
  counted: boolean
  /** The parts at the top of the object that a plain update leaves as they are: `status`, where there is one. */
  readOnly: readonly string[]
  /** For each subresource that an update can name, the parts at the top of the object that it writes. */
  subresources: { readonly [S in Subresource]?: readonly string[] }
  /** Whether an update may leave out the `resourceVersion`, and then replaces whatever is there. */
  unconditionalUpdate: boolean
  /** Whether `delete` answers with the object even when it is gone; otherwise with a Status. */
  returnsDeleted: boolean
  /** What a field selector may name besides `metadata.name` and `metadata.namespace`, and how it is read. */
  selectableFields: { readonly [path: string]: (object: ObjectOf<K>) => string }
  columns: readonly Column<ObjectOf<K>>[]
  /** Fills in what was left out, and gives a new object the status that it begins with. Changes nothing in `draft`. */
  defaults(draft: DraftOf<K>, operation: 'CREATE' | 'UPDATE'): DraftOf<K>
  /** What is wrong with a new object, its metadata included; empty: nothing. */
  validate(object: DraftOf<K>): StatusCause[]
  /** What is wrong with a change, beyond what `validate` finds. */
  validateUpdate(object: DraftOf<K>, old: ObjectOf<K>, subresource: Subresource | undefined): StatusCause[]
  /**
   * The grace period that a deletion gets, in seconds; 0: none. `undefined`: the kind has none, and the object
   * does not get the field.
   *
   * @param asked what the caller asked for, if anything
   */
  gracePeriodSeconds(object: ObjectOf<K>, asked: number | undefined): number | undefined
  /** Whether something besides `metadata.finalizers` keeps an object that is being deleted. */
  held(object: ObjectOf<K>): boolean
  /** The object as it is once deletion was asked for, but for its metadata: a namespace is `Terminating`. */
  terminating(object: ObjectOf<K>): ObjectOf<K>
}

/** A kind that is answered by a `VirtualResource` (kit/virtual-resource.ts) rather than stored. */
export interface VirtualRow extends ResourceNames {
  /** Such as `binding`; `undefined` for a resource of its own, such as `subjectaccessreviews`. */
  subresource: string | undefined
}

/** Every kind that the API serves. A lesson that brings a kind adds a row. */
export type KindTable = { readonly [K in StoredKind]?: KindRow<K> } & {
  readonly [K in VirtualKind]?: VirtualRow
}
