/**
 * What is wrong with one field, in Kubernetes' words: the causes of an Invalid.
 *
 * Mirrors: k8s.io/apimachinery/pkg/util/validation/field
 */
import type { StatusCause } from 'kubernetes-types/meta/v1'

function cause(reason: string, field: string, message: string, detail: string): StatusCause {
  return { reason: `FieldValue${reason}`, message: detail ? `${message}: ${detail}` : message, field }
}

/** A value as a message has it; `raw` stands for values that Go would dump in a syntax of its own. */
export type Shown = string | number | boolean | null | { raw: string }

function shown(value: Shown): string {
  return typeof value === 'object' && value !== null ? value.raw : JSON.stringify(value)
}

/** The field has to be there. */
export function required(field: string, detail = ''): StatusCause {
  return cause('Required', field, 'Required value', detail)
}

/** The value will not do. */
export function invalidValue(field: string, value: Shown, detail: string): StatusCause {
  return cause('Invalid', field, `Invalid value: ${shown(value)}`, detail)
}

/** The value will not do, for each of these reasons. */
export function invalidValues(field: string, value: string, details: readonly string[]): StatusCause[] {
  return details.map((detail) => invalidValue(field, value, detail))
}

/** The value is none of those that there are. */
export function notSupported(field: string, value: string, supported: readonly string[]): StatusCause {
  const list = [...supported].sort().map((name) => JSON.stringify(name))
  return cause(
    'NotSupported',
    field,
    `Unsupported value: ${shown(value)}`,
    `supported values: ${list.join(', ')}`,
  )
}

/** The value is there twice. */
export function duplicate(field: string, value: Shown, detail = ''): StatusCause {
  return cause('Duplicate', field, `Duplicate value: ${shown(value)}`, detail)
}

/** What the value names is not there. */
export function notFoundValue(field: string, value: string): StatusCause {
  return cause('NotFound', field, `Not found: ${shown(value)}`, '')
}

/** The field may not be set, or not be changed. */
export function forbiddenField(field: string, detail: string): StatusCause {
  return cause('Forbidden', field, 'Forbidden', detail)
}

/** @param most in bytes */
export function tooLong(field: string, most: number): StatusCause {
  return cause('TooLong', field, 'Too long', `must have at most ${most} bytes`)
}

/** The value is of the wrong JSON type. */
export function wrongType(field: string, found: string, type: string): StatusCause {
  const detail = `${field} in body must be of type ${type}: "${found}"`
  return cause('TypeInvalid', field, `Invalid value: "${found}"`, detail)
}

/** The number may not be negative; `undefined` is none. */
export function nonNegative(field: string, value: number | undefined): StatusCause[] {
  if (value === undefined || value >= 0) return []
  return [invalidValue(field, value, 'must be greater than or equal to 0')]
}

/** The value has to be one of those that there are; left out and empty are no value. */
export function oneOf(field: string, value: string | undefined, supported: readonly string[]): StatusCause[] {
  if (!value) return [required(field)]
  return supported.includes(value) ? [] : [notSupported(field, value, supported)]
}
