import type { IncomingMessage } from 'node:http'
import { badRequest, invalid, type StatusError } from '#kit/status-error'
import { inGo } from '#kit/strategic-merge'
import {
  isJson,
  mediaTypeOf,
  ParseError,
  PROTOBUF_TYPE,
  parse,
  readBody,
  readBytes,
  requireObjectType,
} from './body.ts'
import { type DecodeMode, decode, decodeAt, MAX_TOLD } from './decode.ts'
import { duplicateFields } from './duplicate-fields.ts'
import { DecodeError } from './go-values.ts'
import { deleteOptionsIn, ProtobufError } from './protobuf.ts'
import type { KindSchema, SchemaBook } from './schema-book.ts'
import { groupVersion, type ServedResource } from './served-resources.ts'

/** What becomes of fields that nobody knows. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore'

/** An object as it came, and what the client is to be warned of. */
export interface ReadObject {
  object: Record<string, unknown>
  warnings: string[]
}

/** How much of a body is quoted when it makes no sense. */
const QUOTED = 30

/**
 * Reads the body of a create or an update.
 *
 * @throws {StatusError} BadRequest (400), UnsupportedMediaType (415) or RequestEntityTooLarge (413)
 */
export async function readObject(
  request: IncomingMessage,
  resource: ServedResource,
  book: SchemaBook,
  validation: FieldValidation,
): Promise<ReadObject> {
  const mediaType = mediaTypeOf(request)
  requireObjectType(mediaType)
  const text = await readBody(request)
  const parsed = await parsedObject(text, mediaType, `must be of type ${resource.kind}`)
  const { kind = resource.kind, apiVersion = groupVersion(resource) } = parsed
  for (const each of [kind, apiVersion]) {
    if (typeof each !== 'string') throw unrecognized(text, resource.kind, new ParseError('it is no string'))
  }
  const refused = (why: string) =>
    badRequest(
      `${kind} in version ${JSON.stringify(apiVersion)} cannot be handled as a ${resource.kind}: ${why}`,
    )
  if (kind !== resource.kind || apiVersion !== groupVersion(resource))
    throw refused(otherKind(String(kind), String(apiVersion), resource, book))
  const { value, unknown } = orRefuse(refused, () => decode(book.of(resource), parsed))
  const object = { ...value, kind, apiVersion }
  if (validation === 'Ignore') return { object, warnings: [] }
  const twice = isJson(mediaType) ? duplicateFields(text, MAX_TOLD) : []
  const warnings = [...twice.map((path) => `duplicate field "${path}"`), ...unknown]
  if (validation === 'Strict' && warnings.length > 0)
    throw refused(`strict decoding error: ${warnings.join(', ')}`)
  return { object, warnings }
}

/**
 * Checks a merge patch or a strategic one against the schema of what it is for; the API applies it.
 *
 * @param patch is changed: what nobody knows is dropped from it
 * @returns what the client is to be warned of
 * @throws {StatusError} Invalid (422)
 */
export function checkPatch(
  patch: Record<string, unknown>,
  schema: KindSchema,
  mode: Exclude<DecodeMode, 'object'>,
  validation: FieldValidation,
): string[] {
  const asSent = JSON.stringify(patch)
  const refused = (why: string) => patchRefused(mode === 'strategic' ? inGo(JSON.parse(asSent)) : asSent, why)
  const { unknown } = orRefuse(refused, () => decode(schema, patch, mode))
  if (validation === 'Strict' && unknown.length > 0)
    throw refused(`strict decoding error: ${unknown.join(', ')}`)
  return validation === 'Warn' ? unknown : []
}

/**
 * Checks what a JSON patch puts into an object; whether it can be applied is for the API to say.
 *
 * @returns the operations without what they put where nobody knows a field, and what the client is to be warned of
 * @throws {StatusError} Invalid (422)
 */
export function checkOperations(
  operations: readonly unknown[],
  schema: KindSchema,
  validation: FieldValidation,
): { operations: unknown[]; warnings: string[] } {
  const asSent = JSON.stringify(operations)
  const refused = (why: string) => patchRefused(asSent, why)
  const kept: unknown[] = []
  const unknown: string[] = []
  for (const operation of operations) {
    const sent = (operation ?? {}) as Record<string, unknown>
    const { op, path, value } = sent
    const brings = op === 'add' || op === 'replace'
    if (typeof path !== 'string' || !(brings || op === 'copy' || op === 'move')) {
      kept.push(operation)
      continue
    }
    const found = orRefuse(refused, () => decodeAt(schema, path, brings ? value : undefined))
    // Where there is no field there is nothing to be replaced: that, too, is for the API to say.
    if (!found.isDropped || op === 'replace') kept.push(brings ? { ...sent, value: found.value } : operation)
    else if (op === 'move') kept.push({ op: 'remove', path: sent.from })
    if (!(found.isDropped && op === 'replace')) unknown.push(...found.unknown)
  }
  unknown.splice(MAX_TOLD)
  if (validation === 'Strict' && unknown.length > 0)
    throw refused(`strict decoding error: ${unknown.join(', ')}`)
  return { operations: kept, warnings: validation === 'Warn' ? unknown : [] }
}

/**
 * Reads the body of a DELETE, which may be empty.
 *
 * @returns `undefined` if there is none
 * @throws {StatusError} as {@link readObject}
 */
export async function readDeleteOptions(
  request: IncomingMessage,
  schema: KindSchema,
): Promise<Record<string, unknown> | undefined> {
  const bytes = await readBytes(request)
  if (bytes.length === 0) return undefined
  const mediaType = mediaTypeOf(request)
  const expected = 'must be of type DeleteOptions'
  let parsed: Record<string, unknown>
  if (mediaType === PROTOBUF_TYPE) parsed = optionsInProtobuf(bytes, expected)
  else {
    requireObjectType(mediaType)
    parsed = await parsedObject(bytes.toString('utf8'), mediaType, expected)
  }
  if (parsed.kind !== undefined && parsed.kind !== 'DeleteOptions')
    throw badRequest(`expected DeleteOptions in the body, and this is ${JSON.stringify(parsed.kind)}`)
  return orRefuse(
    (why) => badRequest(`DeleteOptions in version "v1" cannot be handled as a DeleteOptions: ${why}`),
    () => decode(schema, parsed).value,
  )
}

function optionsInProtobuf(bytes: Buffer, expected: string): Record<string, unknown> {
  try {
    return deleteOptionsIn(bytes)
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error
    throw badRequest(`the object provided is unrecognized (${expected}): ${error.message}`)
  }
}

async function parsedObject(
  text: string,
  mediaType: string,
  expected: string,
): Promise<Record<string, unknown>> {
  let value: unknown
  try {
    value = await parse(text, mediaType)
  } catch (error) {
    if (error instanceof ParseError) throw unrecognized(text, expected, error)
    throw error
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
  throw unrecognized(text, expected, new ParseError(`json: cannot unmarshal ${found} into an object`))
}

function unrecognized(text: string, expected: string, { message }: ParseError): StatusError {
  const why = `couldn't get version/kind; json parse error: ${message}`
  return badRequest(`the object provided is unrecognized (${expected}): ${why} (${quoted(text)})`)
}

/** What does not even look like an object is quoted in hexadecimal, as in Kubernetes. */
function quoted(text: string): string {
  if (text === '') return '<empty>'
  const bytes = Buffer.from(text)
  const start = bytes.subarray(0, QUOTED)
  const more = bytes.length > QUOTED ? ' ...' : ''
  return (text.startsWith('{') ? start.toString('utf8') : start.toString('hex')) + more
}

function otherKind(kind: string, apiVersion: string, resource: ServedResource, book: SchemaBook): string {
  if (!book.knows(apiVersion, kind))
    return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`
  const internal = resource.group.split('.')[0] || 'core'
  return `converting (${apiVersion.split('/').at(-1)}.${kind}) to (${internal}.${resource.kind}): unknown conversion`
}

function patchRefused(patch: string, why: string): StatusError {
  const message = `Invalid value: ${JSON.stringify(patch)}: ${why}`
  const cause = { reason: 'FieldValueInvalid', message, field: 'patch' }
  return invalid({ group: '', resource: '', kind: '' }, '', [cause])
}

function orRefuse<T>(refused: (why: string) => StatusError, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof DecodeError) throw refused(error.message)
    throw error
  }
}
