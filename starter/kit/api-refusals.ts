/**
 * What the API says where it refuses a request, and where it has carried out a deletion: Kubernetes' own words for
 * what only an API can find wrong. When to say it is lesson 03; what every component says is in kit/status-error.ts.
 */
import type { Status, StatusCause } from 'kubernetes-types/meta/v1'
import type { AnyObject, AnyRow } from '#kit/any-object'
import type { ResourceNames } from '#kit/api/kind-table'
import {
  badRequest,
  conflict,
  expired,
  forbidden,
  invalid,
  preconditionFailed,
  type StatusError,
  unknownError,
} from '#kit/status-error'

/** 400: a request about one object that does not say which one. */
export function nameMissing(): StatusError {
  return badRequest('resource name may not be empty')
}

/** 400: a request about an object in a namespace that does not say in which one. */
export function namespaceMissing(verb: string): StatusError {
  const when = verb === 'create' ? 'during creation' : 'when a resource name is provided'
  return badRequest(`an empty namespace may not be set ${when}`)
}

/** 400: a patch turns an object into one of another name. */
export function nameMismatch(name: string, asked: string): StatusError {
  return badRequest(`the name of the object (${name}) does not match the name on the URL (${asked})`)
}

/** 400: a patch turns an object into one of another namespace. */
export function namespaceMismatch(): StatusError {
  return badRequest('the namespace of the provided object does not match the namespace sent on the request')
}

/** 403: nothing new where everything is about to go. */
export function namespaceTerminating(row: ResourceNames, name: string, namespace: string): StatusError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  const message = `namespace ${namespace} is being terminated`
  return forbidden(row, name, why, [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }])
}

/** 500: a new object cannot have a version. */
export function versionOnCreate(): StatusError {
  return unknownError('resourceVersion should not be set on objects to be created')
}

/** 422: this kind is replaced only by those who say which version they have seen. */
export function versionRequired(row: ResourceNames, name: string): StatusError {
  const message = 'Invalid value: 0x0: must be specified for an update'
  return invalid(row, name, [{ reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' }])
}

/** 409: an update is about another object that had the same name. */
export function uidMismatch(row: ResourceNames, key: string, asked: string, old: AnyObject): StatusError {
  const { name, uid } = old.metadata
  const uids = `UID in precondition: ${asked}, UID in object meta: ${uid}`
  const details = `Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${uids}`
  return conflict(row, name, `StorageError: invalid object, ${details}`)
}

/** 409: a deletion is about another object that had the same name. */
export function uidPrecondition(row: ResourceNames, asked: string, { metadata }: AnyObject): StatusError {
  const found = `the UID in the precondition (${asked}) does not match the UID in record (${metadata.uid})`
  const why = `${found}. The object might have been deleted and then recreated`
  return preconditionFailed(row, metadata.name, why)
}

/** 409: a deletion is about an earlier version of the object. */
export function versionPrecondition(row: ResourceNames, asked: string, { metadata }: AnyObject): StatusError {
  const record = `the ResourceVersion in record (${metadata.resourceVersion})`
  const found = `the ResourceVersion in the precondition (${asked}) does not match ${record}`
  return preconditionFailed(row, metadata.name, `${found}. The object might have been modified`)
}

/**
 * What is wrong with an update that adds finalizers to an object that is being deleted; nothing if it adds none.
 *
 * Mirrors: `ValidateNoNewFinalizers` of k8s.io/apimachinery/pkg/api/validation
 */
export function newFinalizers(object: AnyObject, old: AnyObject): StatusCause[] {
  const known = old.metadata.finalizers ?? []
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !known.includes(finalizer))
  if (added.length === 0) return []
  const list = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`
  const rule = 'no new finalizers can be added if the object is being deleted'
  const message = `Forbidden: ${rule}, found new finalizers ${list}`
  const cause = { reason: 'FieldValueForbidden', message, field: 'metadata.finalizers' }
  // Kubernetes looks twice, for all kinds and for each kind, and lists what it finds.
  return [cause, cause]
}

/** 410: the version of a list has been compacted. */
export function listExpired(): StatusError {
  return expired('The resourceVersion for the provided list is too old.')
}

/** 410: the version of a list's next page has been compacted. */
export function continueExpired(): StatusError {
  const what = 'The provided continue parameter is too old to display a consistent list result.'
  return expired(`${what} You must start a new list without the continue parameter.`)
}

/**
 * 410: what a watch would have to hand out next has been compacted.
 *
 * @param after the version that the watch would have gone on from
 * @param oldest the oldest one that is still there
 */
export function watchExpired(after: number, oldest: number): StatusError {
  return expired(`too old resource version: ${after} (${oldest})`)
}

/** What a deletion answers once the object is gone. */
export function deleted({ group, resource }: AnyRow, { metadata: { name, uid } }: AnyObject): Status {
  const details = { name, ...(group && { group }), kind: resource, uid }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}
