import type { DraftOf, ObjectOf, VirtualKind } from '#kit/api/kinds'
import type { Address } from '#kit/api/metadata'
import type { User } from '#kit/user'

/** What the API knows of the request besides its object. */
export interface VirtualCall {
  user: User
  dryRun: boolean
}

/**
 * Something that can be asked of the API but is not stored: a binding, an eviction, a scale, a token, an
 * access review. The API calls it in the place of its store, after access and, for a write, admission; where
 * a method is missing, it answers MethodNotAllowed (405). A patch is `get`, then `update`, and again after a
 * conflict.
 */
export interface VirtualResource<K extends VirtualKind> {
  get?(at: Address, call: VirtualCall): Promise<ObjectOf<K>>
  create?(object: DraftOf<K>, call: VirtualCall): Promise<ObjectOf<K>>
  update?(object: DraftOf<K>, call: VirtualCall): Promise<ObjectOf<K>>
}

/** What answers for each virtual kind. A lesson that brings one adds it where the cluster is assembled. */
export type VirtualResources = { readonly [K in VirtualKind]?: VirtualResource<K> }
