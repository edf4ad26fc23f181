/**
 * The JSON types that an object must have before anything reads it. Only fields that the kit reads are named;
 * everything else passes. What the Go API server finds while it decodes is found here.
 */
import type { StatusCause } from 'kubernetes-types/meta/v1'
import { wrongType } from '#kit/api/field-cause'

/**
 * A type: its name; `[of]` an array; `{ '*': of }` a map; `{ field: of }` an object, `{}` any object. `null` passes for any of
 * them, and means that the field was left out.
 */
export type Shape = 'string' | 'integer' | 'boolean' | 'integer,string' | readonly [Shape] | Fields

interface Fields {
  readonly [field: string]: Shape
}

/** What is sent. */
type Json = string | number | boolean | null | undefined | readonly Json[] | JsonFields

interface JsonFields {
  readonly [field: string]: Json
}

/** What was sent, as its shape has it. */
export interface Reading<T> {
  /** Without the fields of the shape that are `null` or `undefined`; what was sent itself if there are none. */
  value: T
  /** Each field that is of another type than the shape has it. If there is one, `value` is of no use. */
  problems: StatusCause[]
}

const { isArray }: { isArray(value: unknown): value is readonly unknown[] } = Array

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return isArray(value) ? 'array' : Number.isSafeInteger(value) ? 'integer' : typeof value
}

/** Reads what was sent by its shape. */
export function read<T>(sent: T, shape: Shape): Reading<T> {
  const problems: StatusCause[] = []
  const value: unknown = readPart(sent as Json, shape, '', problems)
  // What is taken apart is put together again as the same type.
  return { value: value as T, problems }
}

function readPart(value: Json, shape: Shape, path: string, problems: StatusCause[]): Json {
  if (typeof shape === 'object' && typeof value === 'object' && value !== null) {
    if (isArray(shape) && isArray(value)) return readItems(value, shape[0], path, problems)
    if (!isArray(shape) && !isArray(value)) return readFields(value, shape, path, problems)
  }
  const type = typeof shape === 'string' ? shape : isArray(shape) ? 'array' : 'object'
  const found = typeOf(value)
  if (!type.split(',').includes(found)) problems.push(wrongType(path || '<nil>', found, type))
  return value
}

function readItems(items: readonly Json[], of: Shape, path: string, problems: StatusCause[]): Json {
  let result: Json[] | undefined
  for (const [index, before] of items.entries()) {
    const after = readPart(before, of, `${path}[${index}]`, problems)
    if (after === before) continue
    result ??= [...items]
    result[index] = after
  }
  return result ?? items
}

function readFields(fields: JsonFields, shape: Fields, path: string, problems: StatusCause[]): Json {
  const any = shape['*']
  let result: Record<string, Json> | undefined
  for (const key in fields) {
    const of = any ?? (Object.hasOwn(shape, key) ? shape[key] : undefined)
    const before = fields[key]
    // Nearly all fields are plain and of the right type: no need to look closer, or to say where.
    if (of === undefined || typeof before === of) continue
    const nothing = before === null || before === undefined
    const below = any ? `${path}[${key}]` : path ? `${path}.${key}` : key
    const after = nothing ? undefined : readPart(before, of, below, problems)
    if (after === before && !nothing) continue
    result ??= { ...fields }
    if (nothing) delete result[key]
    else result[key] = after
  }
  return result ?? fields
}
