import type * as apps from 'kubernetes-types/apps/v1'
import type * as authentication from 'kubernetes-types/authentication/v1'
import type * as authorization from 'kubernetes-types/authorization/v1'
import type * as autoscaling from 'kubernetes-types/autoscaling/v1'
import type * as coordination from 'kubernetes-types/coordination/v1'
import type * as core from 'kubernetes-types/core/v1'
import type * as policy from 'kubernetes-types/policy/v1'
import type * as scheduling from 'kubernetes-types/scheduling/v1'
import type * as storage from 'kubernetes-types/storage/v1'
import type { Stored } from '#kit/api/metadata'

/** A kind that is stored: what may be sent, and what comes back. */
interface StoredRow<T> {
  sent: T
  read: Stored<T>
}

/** What the API answers instead of storing it. */
interface AnsweredRow<T> {
  sent: T
  read: T
}

/**
 * Every kind that a client can name, with its types. A lesson that brings a kind adds a row here, and one
 * with the same name to the kind table; no room changes. A subresource whose shape is not its parent's is a
 * row of its own, named as in RBAC rules, and its `metadata.name` is the parent's; `status` has its parent's
 * shape, and is an option of the call.
 */
export interface Kinds {
  ConfigMap: StoredRow<core.ConfigMap>
  Deployment: StoredRow<apps.Deployment>
  Event: StoredRow<core.Event>
  Lease: StoredRow<coordination.Lease>
  LimitRange: StoredRow<core.LimitRange>
  Namespace: StoredRow<core.Namespace>
  Node: StoredRow<core.Node>
  PersistentVolume: StoredRow<core.PersistentVolume>
  PersistentVolumeClaim: StoredRow<core.PersistentVolumeClaim>
  Pod: StoredRow<core.Pod>
  PriorityClass: StoredRow<scheduling.PriorityClass>
  ReplicaSet: StoredRow<apps.ReplicaSet>
  ResourceQuota: StoredRow<core.ResourceQuota>
  Secret: StoredRow<core.Secret>
  Service: StoredRow<core.Service>
  ServiceAccount: StoredRow<core.ServiceAccount>
  StorageClass: StoredRow<storage.StorageClass>

  'Deployment/scale': AnsweredRow<autoscaling.Scale>
  'Pod/binding': AnsweredRow<core.Binding>
  'Pod/eviction': AnsweredRow<policy.Eviction>
  'ReplicaSet/scale': AnsweredRow<autoscaling.Scale>
  'ServiceAccount/token': AnsweredRow<authentication.TokenRequest>
  SelfSubjectAccessReview: AnsweredRow<authorization.SelfSubjectAccessReview>
  SubjectAccessReview: AnsweredRow<authorization.SubjectAccessReview>
  TokenReview: AnsweredRow<authentication.TokenReview>
}

/** The name of any row. */
export type KindName = keyof Kinds

/** The rows that are stored: these can be listed, watched and deleted. */
export type StoredKind = {
  [K in KindName]: Kinds[K]['read'] extends Stored<unknown> ? K : never
}[KindName]

/** The rows that are answered rather than stored. */
export type VirtualKind = Exclude<KindName, StoredKind>

/** What may be sent. */
export type DraftOf<K extends KindName> = Kinds[K]['sent']

/** What comes back. */
export type ObjectOf<K extends KindName> = Kinds[K]['read']

// The kinds that the contracts of kit speak of.
export type Deployment = ObjectOf<'Deployment'>
export type Node = ObjectOf<'Node'>
export type Pod = ObjectOf<'Pod'>
export type ReplicaSet = ObjectOf<'ReplicaSet'>
