/**
 * The options of a request as its query says them.
 *
 * Mirrors: ListOptions, DeleteOptions and the options of writes of k8s.io/apimachinery/pkg/apis/meta/v1, with their
 * validation
 */
import type { ClientWatchOptions, DeleteOptions, ListOptions, SelectOptions } from '#kit/client-options'
import { badRequest, invalid } from '#kit/status-error'
import type { FieldValidation } from './read-object.ts'
import type { IncludeObject } from './table.ts'

const VALIDATIONS = ['Ignore', 'Strict', 'Warn'] as const
const POLICIES = ['Foreground', 'Background', 'Orphan'] as const
const INCLUDES = ['None', 'Metadata', 'Object'] as const

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
  return { ...dryRun(query.getAll('dryRun'), kind), ...(fieldManager && { fieldManager }) }
}

/** @throws {StatusError} Invalid (422) */
export function fieldValidation(query: URLSearchParams, kind: string): FieldValidation {
  const text = query.get('fieldValidation') || 'Warn'
  return oneOf(VALIDATIONS, text, kind, 'fieldValidation')
}

/** Which objects a list, a watch or a `deletecollection` is about. */
export function selectQuery(query: URLSearchParams): SelectOptions {
  const labelSelector = query.get('labelSelector')
  const fieldSelector = query.get('fieldSelector')
  return { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) }
}

/** @throws {StatusError} BadRequest (400) */
export function listQuery(query: URLSearchParams): ListOptions {
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
  for (const name of ['resourceVersionMatch', 'sendInitialEvents']) {
    const isAsked = query.has(name) && query.get(name) !== 'false'
    if (isAsked) throw forbiddenOption(name, `${name} is forbidden for watch`)
  }
  const resourceVersion = query.get('resourceVersion')
  return {
    ...selectQuery(query),
    ...(resourceVersion && { resourceVersion }),
    ...(flag(query, 'allowWatchBookmarks') && { allowWatchBookmarks: true }),
  }
}

/** @throws {StatusError} BadRequest (400) */
export function includeObject(query: URLSearchParams): IncludeObject {
  return oneOf(INCLUDES, query.get('includeObject') || 'Metadata', 'TableOptions', 'includeObject')
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
    throw invalidOption(
      'DeleteOptions',
      'propagationPolicy',
      `Invalid value: "${sent.propagationPolicy}": ${message}`,
    )
  }
  const asked =
    orphanDependents === undefined ? sent.propagationPolicy : orphanDependents ? 'Orphan' : 'Background'
  return {
    ...dryRun(sent.dryRun ?? [], 'DeleteOptions'),
    ...(asked && { propagationPolicy: oneOf(POLICIES, asked, 'DeleteOptions', 'propagationPolicy') }),
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

function dryRun(values: readonly string[], kind: string): { dryRun?: true } {
  const asked = values.filter((value) => value !== '')
  for (const value of asked) oneOf(['All'] as const, value, kind, 'dryRun')
  return asked.length > 0 ? { dryRun: true } : {}
}

function oneOf<T extends string>(allowed: readonly T[], text: string, kind: string, field: string): T {
  const found = allowed.find((each) => each === text)
  if (found !== undefined) return found
  const supported = allowed.map((each) => JSON.stringify(each)).join(', ')
  const message = `Unsupported value: ${JSON.stringify(text)}: supported values: ${supported}`
  throw invalidOption(kind, field, message, 'FieldValueNotSupported')
}

function forbiddenOption(field: string, why: string) {
  return invalidOption('ListOptions', field, `Forbidden: ${why}`, 'FieldValueForbidden')
}

function invalidOption(kind: string, field: string, message: string, reason = 'FieldValueInvalid') {
  return invalid({ group: 'meta.k8s.io', resource: '', kind }, '', [{ reason, message, field }])
}
