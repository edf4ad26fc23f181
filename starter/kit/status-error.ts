import type { Status, StatusCause } from 'kubernetes-types/meta/v1'
import type { ResourceNames } from '#kit/api/kind-table'

/**
 * A request that the API refused, with the Status that a client is to see.
 *
 * Mirrors: `StatusError` of k8s.io/apimachinery/pkg/api/errors
 */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly status: Status

  /** @param status with at least `code`, `reason` and `message` */
  constructor(status: Status) {
    super(status.message ?? status.reason ?? 'the request was refused without a message')
    this.status = status
  }
}

/** What a refusal says of the kind that it is about. */
export type NamesOfKind = Pick<ResourceNames, 'group' | 'resource' | 'kind'>

type Details = NonNullable<Status['details']>

function refusal(code: number, reason: string, message: string, details?: Details): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason && { reason }),
    ...(details && { details }),
    code,
  })
}

/** What is empty is left out, as in Go's JSON. */
function detailsOf(name: string, group: string, kind: string, causes: StatusCause[] = []): Details {
  return {
    ...(name && { name }),
    ...(group && { group }),
    ...(kind && { kind }),
    ...(causes.length > 0 && { causes }),
  }
}

function qualified(name: string, group: string): string {
  return group ? `${name}.${group}` : name
}

function aboutResource(code: number, reason: string, names: NamesOfKind, name: string, message: string) {
  return refusal(code, reason, message, detailsOf(name, names.group, names.resource))
}

/** 404: there is no such object. Mirrors: `NewNotFound` */
export function notFound(names: NamesOfKind, name: string): StatusError {
  const message = `${qualified(names.resource, names.group)} ${JSON.stringify(name)} not found`
  return aboutResource(404, 'NotFound', names, name, message)
}

/** 404: nothing is served under that path. */
export function resourceNotFound(): StatusError {
  return refusal(404, 'NotFound', 'the server could not find the requested resource', {})
}

/** 409: there is such an object already. Mirrors: `NewAlreadyExists` */
export function alreadyExists(names: NamesOfKind, name: string): StatusError {
  const message = `${qualified(names.resource, names.group)} ${JSON.stringify(name)} already exists`
  return aboutResource(409, 'AlreadyExists', names, name, message)
}

/** 409: every name that was made from `generateName` was taken. Mirrors: `NewGenerateNameConflict` */
export function generateNameConflict(names: NamesOfKind, name: string): StatusError {
  const message = `${qualified(names.resource, names.group)} ${JSON.stringify(name)} already exists, the server was not able to generate a unique name for the object`
  const details = { ...detailsOf(name, names.group, names.resource), retryAfterSeconds: 1 }
  return refusal(409, 'AlreadyExists', message, details)
}

/** What {@link conflict} says when an update names a `resourceVersion` that is no longer the current one. */
export const modifiedSince =
  'the object has been modified; please apply your changes to the latest version and try again'

/** 409: the object is no longer as the caller thought. Mirrors: `NewConflict` */
export function conflict(names: NamesOfKind, name: string, why: string = modifiedSince): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(names.resource, names.group)} ${JSON.stringify(name)}: ${why}`
  return aboutResource(409, 'Conflict', names, name, message)
}

/** 409: a deletion's precondition does not hold. Kubernetes names the kind here, not the resource. */
export function preconditionFailed(names: NamesOfKind, name: string, why: string): StatusError {
  return conflict({ ...names, resource: names.kind }, name, why)
}

/** 422: the object breaks rules, each of which is one cause. Mirrors: `NewInvalid` */
export function invalid(names: NamesOfKind, name: string, causes: readonly StatusCause[]): StatusError {
  const subject = `${qualified(names.kind, names.group)} ${JSON.stringify(name)} is invalid`
  // A cause that comes twice is said once, but listed twice.
  const said = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))]
  const list = said.length > 1 ? `[${said.join(', ')}]` : (said[0] ?? '')
  const details = detailsOf(name, names.group, names.kind, [...causes])
  return refusal(422, 'Invalid', list ? `${subject}: ${list}` : subject, details)
}

/** 422: the request cannot be carried out, such as a JSON patch whose test fails. */
export function unprocessable(): StatusError {
  return refusal(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
}

/** 400: the request makes no sense. Mirrors: `NewBadRequest` */
export function badRequest(message: string): StatusError {
  return refusal(400, 'BadRequest', message)
}

/** 401: nobody knows who is asking. Mirrors: `NewUnauthorized` */
export function unauthorized(message = 'Unauthorized'): StatusError {
  return refusal(401, 'Unauthorized', message)
}

/**
 * 403: not allowed. Mirrors: `NewForbidden`
 *
 * @param name may be `''`: the request is about no object in particular
 */
export function forbidden(
  names: NamesOfKind,
  name: string,
  why: string,
  causes: readonly StatusCause[] = [],
): StatusError {
  const resource = qualified(names.resource, names.group)
  const subject = name ? `${resource} ${JSON.stringify(name)}` : resource
  const details = detailsOf(name, names.group, names.resource, [...causes])
  return refusal(403, 'Forbidden', `${subject} is forbidden: ${why}`, details)
}

/** 405: what was asked for is not done there. */
export function methodNotAllowed(): StatusError {
  return refusal(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  )
}

/**
 * 405: the kind has no such operation. Mirrors: `NewMethodNotSupported`
 *
 * @param action such as `create`
 */
export function methodNotSupported(names: NamesOfKind, action: string): StatusError {
  const resource = qualified(names.resource, names.group)
  const message = `${action} is not supported on resources of kind ${JSON.stringify(resource)}`
  return aboutResource(405, 'MethodNotAllowed', names, '', message)
}

/** 406: the answer cannot be had in the form that was asked for. */
export function notAcceptable(accepted: readonly string[]): StatusError {
  const message = `only the following media types are accepted: ${accepted.join(', ')}`
  return refusal(406, 'NotAcceptable', message)
}

/** 410: that version is no longer remembered: list again. Mirrors: `NewResourceExpired` */
export function expired(message: string): StatusError {
  return refusal(410, 'Expired', message)
}

/** 413: the request is too large. Mirrors: `NewRequestEntityTooLargeError` */
export function requestEntityTooLarge(message: string): StatusError {
  return refusal(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`)
}

/**
 * 415: the body is in a form that is not understood.
 *
 * @param accepted what is understood; left out: a patch in an unknown notation
 */
export function unsupportedMediaType(accepted?: readonly string[]): StatusError {
  if (!accepted) return refusal(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`
  return refusal(415, 'UnsupportedMediaType', message)
}

/** 429: later, please. Mirrors: `NewTooManyRequests` */
export function tooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return refusal(429, 'TooManyRequests', message, retryAfterSeconds > 0 ? { retryAfterSeconds } : {})
}

/** 500: something that should not happen happened. Mirrors: `NewInternalError` */
export function internalError(message: string): StatusError {
  const details = { causes: [{ message }] }
  return refusal(500, 'InternalError', `Internal error occurred: ${message}`, details)
}

/** 500 without a reason: what Kubernetes answers for an error that is no Status, as it does in a few places. */
export function unknownError(message: string): StatusError {
  return refusal(500, '', message)
}

/** 503: not now. Mirrors: `NewServiceUnavailable` */
export function serviceUnavailable(message: string): StatusError {
  return refusal(503, 'ServiceUnavailable', message)
}

/** 504: it took too long. Mirrors: `NewTimeoutError` */
export function timeout(message: string, retryAfterSeconds: number): StatusError {
  return refusal(504, 'Timeout', `Timeout: ${message}`, { retryAfterSeconds })
}

/**
 * 504: a list at a version that is still to come. Mirrors: `NewTooLargeResourceVersionError` of
 * k8s.io/apiserver/pkg/storage
 */
export function tooLargeResourceVersion(asked: number | string, current: number | string): StatusError {
  const message = 'Too large resource version'
  return refusal(504, 'Timeout', `Timeout: ${message}: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message }],
    retryAfterSeconds: 1,
  })
}

/** Whether an error carries a Status; one that came from elsewhere need not be of this very class. */
export function isStatusError(error: unknown): error is StatusError {
  if (error instanceof StatusError) return true
  if (!(error instanceof Error) || !('status' in error)) return false
  const { status } = error
  return typeof status === 'object' && status !== null && ('reason' in status || 'code' in status)
}

/** With a reason, that decides; without one, the code does. */
function says(error: unknown, reason: string, code: number): error is StatusError {
  if (!isStatusError(error)) return false
  return error.status.reason ? error.status.reason === reason : error.status.code === code
}

/** Whether there was no such object. */
export function isNotFound(error: unknown): error is StatusError {
  return says(error, 'NotFound', 404)
}

/** Whether there was such an object already. */
export function isAlreadyExists(error: unknown): error is StatusError {
  return says(error, 'AlreadyExists', Number.NaN)
}

/** Whether the object was no longer as the caller thought. */
export function isConflict(error: unknown): error is StatusError {
  return says(error, 'Conflict', 409)
}

/** Whether the object broke rules. */
export function isInvalid(error: unknown): error is StatusError {
  return says(error, 'Invalid', 422)
}

/** Whether the request made no sense. */
export function isBadRequest(error: unknown): error is StatusError {
  return says(error, 'BadRequest', 400)
}

/** Whether nobody knew who was asking. */
export function isUnauthorized(error: unknown): error is StatusError {
  return says(error, 'Unauthorized', 401)
}

/** Whether it was not allowed. */
export function isForbidden(error: unknown): error is StatusError {
  return says(error, 'Forbidden', 403)
}

/** Whether it was refused because its namespace is being deleted. Mirrors: `HasStatusCause` */
export function isNamespaceTerminating(error: unknown): error is StatusError {
  if (!isForbidden(error)) return false
  return error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false
}

/** Whether what was asked for is not done there. */
export function isMethodNotAllowed(error: unknown): error is StatusError {
  return says(error, 'MethodNotAllowed', 405)
}

/** Whether the version is no longer remembered. */
export function isExpired(error: unknown): error is StatusError {
  return says(error, 'Expired', 410) || says(error, 'Gone', 410)
}

/** Whether the API asks to try later. */
export function isTooManyRequests(error: unknown): error is StatusError {
  return says(error, 'TooManyRequests', 429)
}

/** Whether it took too long. */
export function isTimeout(error: unknown): error is StatusError {
  return says(error, 'Timeout', 504)
}
