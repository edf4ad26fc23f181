/**
 * Values that Go reads by methods of their own: what they are kept as, or what Go says of them.
 *
 * Mirrors: the UnmarshalJSON methods of Quantity, Time and IntOrString; encoding/base64
 */

import type { Schema } from './openapi-types.ts'

/** The body is JSON, but no object of the kind. The message is Go's. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
}

const QUANTITY = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

/** A quantity, which may be an unquoted number. */
export function quantity(value: unknown): unknown {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string' && QUANTITY.test(value)) return value
  throw new DecodeError(`quantities must match the regular expression '${QUANTITY.source}'`)
}

/** A whole number of 32 bits, or a string. */
export function intOrString(value: unknown): unknown {
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value
  const found = typeof value === 'number' ? `number ${value}` : typeOf(value)
  const goType = typeof value === 'number' ? 'int32' : 'string'
  throw new DecodeError(`json: cannot unmarshal ${found} into Go value of type ${goType}`)
}

/** A time, RFC 3339. */
export function time(value: unknown): unknown {
  if (typeof value !== 'string')
    throw new DecodeError(`json: cannot unmarshal ${typeOf(value)} into Go value of type string`)
  if (RFC3339.test(value) && !Number.isNaN(Date.parse(value))) return value
  const text = JSON.stringify(value)
  throw new DecodeError(`parsing time ${text} as "2006-01-02T15:04:05Z07:00": cannot parse ${text} as "2006"`)
}

/**
 * Bytes in base64, without the line breaks that may stand in it.
 *
 * @param text a string; what else there may be is the caller's to refuse
 */
export function bytes(text: string): string {
  const letters = text.replace(/[\r\n]/g, '')
  const stumble = illegalByte(letters)
  if (stumble !== undefined) throw new DecodeError(`illegal base64 data at input byte ${stumble}`)
  return Buffer.from(letters, 'base64').toString('base64')
}

/** Where Go stumbles over what is no base64, counted in bytes; `undefined` if it does not. */
function illegalByte(text: string): number | undefined {
  const length = Buffer.byteLength(text)
  const [digits = ''] = /^[A-Za-z0-9+/]*/.exec(text) ?? []
  const at = digits.length
  const left = at % 4
  if (at === length) return left === 0 ? undefined : at - left
  if (text[at] !== '=' || left < 2) return at
  if (left === 3) return at + 1 === length ? undefined : at + 1
  if (at + 1 === length) return length
  if (text[at + 1] !== '=') return at
  return at + 2 === length ? undefined : at + 2
}

/**
 * What is said of a value of the wrong type in a strategic merge patch, which becomes an object in another way.
 *
 * Mirrors: `fromUnstructured` of k8s.io/apimachinery/pkg/runtime/converter.go
 *
 * @param schema of what the value should be
 */
export function unconverted(value: unknown, { type, format, properties }: Schema): string {
  const found = kindOf(value)
  if (properties) return `cannot restore struct from: ${found}`
  if (type === 'object') return `cannot restore map from ${found}`
  if (type === 'array' || format === 'byte') return `cannot restore slice from ${found}`
  const wanted = type === 'integer' ? (format ?? 'int32') : type === 'boolean' ? 'bool' : 'string'
  const converts = type === 'integer' ? typeof value === 'number' : type === 'string' && found === 'int64'
  return converts ? `cannot convert ${found} to ${wanted}` : `unrecognized type: ${wanted}`
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'object') return Array.isArray(value) ? 'slice' : 'map'
  return typeOf(value)
}

/** What Go's decoder calls a JSON value. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
