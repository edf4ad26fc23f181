/**
 * What may change or refuse a write before it is stored. The API is handed a list of plugins and knows none
 * of them: quotas, limit ranges, pod security and priority (lesson 26), service accounts and role escalation
 * (25), default storage class (22), service addresses (10). The list is empty until a lesson fills it.
 *
 * Mirrors: the admission chain of kube-apiserver
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/
 */
import type { DraftOf, KindName, ObjectOf } from '#kit/api/kinds'
import type { Subresource } from '#kit/client-options'
import type { User } from '#kit/user'

interface RequestOf<K extends KindName> {
  kind: K
  subresource: Subresource | undefined
  /** `undefined` for kinds that are in no namespace. */
  namespace: string | undefined
  /** `undefined` in `mutate` and `finish` where it is made from `generateName`. */
  name: string | undefined
  user: User
  /** If true, a plugin leaves nothing behind either: it takes no address and counts nothing. */
  dryRun: boolean
}

type CreateOf<K extends KindName> = RequestOf<K> & { operation: 'CREATE'; object: DraftOf<K> }
type UpdateOf<K extends KindName> = RequestOf<K> & {
  operation: 'UPDATE'
  object: DraftOf<K>
  oldObject: ObjectOf<K>
}
type DeleteOf<K extends KindName> = RequestOf<K> & { operation: 'DELETE'; oldObject: ObjectOf<K> }

/** A write with an object to be stored. Narrowing `kind` narrows the object. */
export type AdmissionWrite = { [K in KindName]: CreateOf<K> | UpdateOf<K> }[KindName]

/** Any request that is put to admission. */
export type AdmissionRequest = AdmissionWrite | { [K in KindName]: DeleteOf<K> }[KindName]

/**
 * One plugin of the chain. To refuse a request, `mutate` and `validate` throw a `StatusError`.
 */
export interface AdmissionPlugin {
  /**
   * Called in the order of the list, after access, decoding, the patch and the defaults; before the API
   * sets the metadata of a new object, and before validation. Each plugin gets the object as the one before
   * left it. Called again when the API tries again after a conflict.
   *
   * @returns the object to go on with
   */
  mutate(request: AdmissionWrite): Promise<DraftOf<KindName>>

  /**
   * Called after validation, just before the write; the object is final. For deletions, before anything is
   * deleted.
   */
  validate(request: AdmissionRequest): Promise<void>

  /**
   * Called once for each call of `mutate` that answered, when its outcome is known; it does not throw.
   *
   * @param request that of `mutate`, with the object that the API answers, or, if it answers none, the one that
   * the last plugin returned
   * @param stored whether the write took place; if not, what the plugin took for it can be given back
   */
  finish(request: AdmissionWrite, stored: boolean): Promise<void>
}
