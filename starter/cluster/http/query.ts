/**
 * The options of a request as its query says them.
 *
 * Mirrors: ListOptions, DeleteOptions and the options of writes of k8s.io/apimachinery/pkg/apis/meta/v1, with their
 * validation
 */
import type { StatusCause } from 'kubernetes-types/meta/v1'
import { forbiddenField, invalidValue, notSupported, tooLong } from '#kit/api/field-cause'
import { goStrings } from '#kit/api/go-value'
import type { ClientWatchOptions, DeleteOptions, ListOptions, SelectOptions } from '#kit/client-options'
import { badRequest, invalid } from '#kit/status-error'
import type { FieldValidation } from './read-object.ts'
import type { IncludeObject } from './table.ts'

// In the order in which Kubernetes names them.
const VALIDATIONS = ['', 'Ignore', 'Strict', 'Warn'] as const
const POLICIES = ['Foreground', 'Background', 'Orphan'] as const
const INCLUDES = ['None', 'Metadata', 'Object'] as const
/** How long the name of a field manager may be, in bytes. */
const MANAGER_BYTES = 128

/** What every write can say. */
export interface WriteQuery {
  dryRun?: boolean
  fieldManager?: string
}

/**
 * @param kind of the options: `CreateOptions`, for messages
 * @throws {StatusError} Invalid (422)
 */
export function writeQuery(query: URLSearchParams, kind: string): WriteQuery {
  const fieldManager = query.get('fieldManager')
  if (fieldManager && Buffer.byteLength(fieldManager) > MANAGER_BYTES)
    throw invalidOptions(kind, [tooLong('fieldManager', MANAGER_BYTES)])
  return { ...dryRun(query.getAll('dryRun'), kind), ...(fieldManager && { fieldManager }) }
}

/** @throws {StatusError} Invalid (422) */
export function fieldValidation(query: URLSearchParams, kind: string): FieldValidation {
  return oneOf(VALIDATIONS, query.get('fieldValidation') ?? '', kind, 'fieldValidation') || 'Warn'
}

/** Which objects a list, a watch or a `deletecollection` is about. */
export function selectQuery(query: URLSearchParams): SelectOptions {
  const labelSelector = query.get('labelSelector')
  const fieldSelector = query.get('fieldSelector')
  return { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) }
}

/** @throws {StatusError} BadRequest (400) or Invalid (422) */
export function listQuery(query: URLSearchParams): ListOptions {
  wholeNumber(query, 'timeoutSeconds')
  if (query.has('sendInitialEvents'))
    throw invalidOptions('ListOptions', [
      forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'),
    ])
  const limit = wholeNumber(query, 'limit')
  const continued = query.get('continue')
  const resourceVersion = query.get('resourceVersion')
  const match = query.get('resourceVersionMatch')
  return {
    ...selectQuery(query),
    ...(limit !== undefined && limit > 0 && { limit }),
    ...(continued && { continue: continued }),
    ...(resourceVersion && { resourceVersion }),
    // Whether it is a match that there is, and goes with the rest, is for the API to say.
    ...(match && { resourceVersionMatch: match as NonNullable<ListOptions['resourceVersionMatch']> }),
  }
}

/** @throws {StatusError} Invalid (422) */
export function watchQuery(query: URLSearchParams): ClientWatchOptions {
  const causes = watchProblems(query)
  if (causes.length > 0) throw invalidOptions('ListOptions', causes)
  const resourceVersion = query.get('resourceVersion')
  return {
    ...selectQuery(query),
    ...(resourceVersion && { resourceVersion }),
    ...(flag(query, 'allowWatchBookmarks') && { allowWatchBookmarks: true }),
  }
}

/** Mirrors: `validateWatchOptions` of k8s.io/apimachinery/pkg/apis/meta/internalversion/validation */
function watchProblems(query: URLSearchParams): StatusCause[] {
  const match = query.get('resourceVersionMatch') ?? ''
  const isInitial = query.has('sendInitialEvents')
  const newest = 'NotOlderThan'
  const causes: StatusCause[] = []
  if (isInitial && match !== newest)
    causes.push(
      forbiddenField(
        'resourceVersionMatch',
        `sendInitialEvents requires setting resourceVersionMatch to ${newest}`,
      ),
    )
  if (isInitial) {
    const why = 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled'
    causes.push(forbiddenField('sendInitialEvents', why))
  }
  if (match === '') return causes
  if (!isInitial) {
    const why = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'
    causes.push(forbiddenField('resourceVersionMatch', why))
  }
  if (match !== newest) causes.push(notSupported('resourceVersionMatch', match, [newest]))
  return causes
}

/** @throws {StatusError} BadRequest (400) */
export function includeObject(query: URLSearchParams): IncludeObject {
  const asked = query.get('includeObject') || 'Metadata'
  const found = INCLUDES.find((each) => each === asked)
  if (found) return found
  const why = "must be 'Metadata', 'Object', 'None', or empty"
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(asked)}: ${why}`,
  )
}

/**
 * How to delete: as the body says; where there is none, as the query says.
 *
 * @param body decoded: its fields have the types of DeleteOptions
 * @throws {StatusError} BadRequest (400) or Invalid (422)
 */
export function deleteQuery(
  query: URLSearchParams,
  body: Record<string, unknown> | undefined,
): DeleteOptions {
  const sent: SentDeleteOptions = body ?? {
    dryRun: query.getAll('dryRun'),
    propagationPolicy: query.get('propagationPolicy') || undefined,
    gracePeriodSeconds: wholeNumber(query, 'gracePeriodSeconds'),
    orphanDependents: query.has('orphanDependents') ? flag(query, 'orphanDependents') : undefined,
  }
  const { orphanDependents, gracePeriodSeconds, preconditions } = sent
  if (orphanDependents !== undefined && sent.propagationPolicy !== undefined) {
    const message = 'orphanDependents and deletionPropagation cannot be both set'
    throw invalidOptions('DeleteOptions', [
      invalidValue('propagationPolicy', sent.propagationPolicy, message),
    ])
  }
  const asked =
    orphanDependents === undefined ? sent.propagationPolicy : orphanDependents ? 'Orphan' : 'Background'
  return {
    ...dryRun(sent.dryRun ?? [], 'DeleteOptions'),
    ...(asked && { propagationPolicy: policy(asked) }),
    // As in Kubernetes: what is negative is one second.
    ...(gracePeriodSeconds !== undefined && {
      gracePeriodSeconds: gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds,
    }),
    ...(preconditions && { preconditions }),
  }
}

interface SentDeleteOptions {
  dryRun?: string[]
  propagationPolicy?: string | undefined
  gracePeriodSeconds?: number | undefined
  orphanDependents?: boolean | undefined
  preconditions?: { uid?: string; resourceVersion?: string }
}

/** Whether a parameter is there, and is neither `false` nor `0`. */
export function flag(query: URLSearchParams, name: string): boolean {
  return query.has(name) && !['false', '0'].includes((query.get(name) ?? '').toLowerCase())
}

/**
 * @returns `undefined` if the parameter is not there
 * @throws {StatusError} BadRequest (400)
 */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  const value = Number(text)
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
}

function policy(text: string): NonNullable<DeleteOptions['propagationPolicy']> {
  const found = POLICIES.find((each) => each === text)
  if (found) return found
  // What Go calls nothing stands among those that are supported.
  throw unsupported('DeleteOptions', 'propagationPolicy', JSON.stringify(text), [...POLICIES, 'nil'])
}

function dryRun(values: readonly string[], kind: string): { dryRun?: true } {
  const asked = values.filter((value) => value !== '')
  if (asked.length === 0) return {}
  if (asked.every((value) => value === 'All')) return { dryRun: true }
  throw unsupported(kind, 'dryRun', goStrings(asked), ['All'])
}

function oneOf<T extends string>(allowed: readonly T[], text: string, kind: string, field: string): T {
  const found = allowed.find((each) => each === text)
  if (found !== undefined) return found
  throw unsupported(kind, field, JSON.stringify(text), allowed)
}

function unsupported(kind: string, field: string, shown: string, allowed: readonly string[]) {
  const supported = allowed.map((each) => JSON.stringify(each)).join(', ')
  const message = `Unsupported value: ${shown}: supported values: ${supported}`
  return invalidOptions(kind, [{ reason: 'FieldValueNotSupported', message, field }])
}

function invalidOptions(kind: string, causes: readonly StatusCause[]) {
  return invalid({ group: 'meta.k8s.io', resource: '', kind }, '', causes)
}
