import type { ObjectMeta } from 'kubernetes-types/meta/v1'

/** The metadata that every object has once it has been stored. The API sets what is named here. */
export interface StoredMetadata extends ObjectMeta {
  name: string
  uid: string
  /** Versions of one kind may be compared as whole numbers (since Kubernetes 1.35); otherwise opaque. */
  resourceVersion: string
  /** RFC 3339, in whole seconds, UTC. */
  creationTimestamp: string
  generation?: number
  /** RFC 3339: when the grace period ends. There from the moment that deletion is asked for. */
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
}

/** The parts that the API always answers with, where a kind has them: at least `{}`. */
type Present<T> = { -readonly [Part in keyof T & ('spec' | 'status')]-?: NonNullable<T[Part]> }

/**
 * An object as it is read from the API. kubernetes-types describes what may be sent, where nearly everything
 * is optional; this narrows it, once, to what a stored object always has.
 *
 * @typeParam T the kind as kubernetes-types has it
 */
export type Stored<T> = T & Present<T> & { apiVersion: string; kind: string; metadata: StoredMetadata }

/**
 * Where an object is found. The metadata of an object is its address: `client.delete('Pod', pod.metadata)`.
 */
export interface Address {
  /** Left out for kinds that are in no namespace. */
  namespace?: string
  name: string
}
