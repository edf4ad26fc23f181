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

const { isArray }: { isArray(value: unknown): value is unknown[] } = Array

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isArray(value)
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return isArray(value) ? 'array' : Number.isSafeInteger(value) ? 'integer' : typeof value
}

function isFields(shape: Shape): shape is Fields {
  return typeof shape === 'object' && !isArray(shape)
}

/** Each field that is of another type than `shape` has it; empty: none is. */
export function shapeProblems(value: unknown, shape: Shape, path = ''): StatusCause[] {
  const problems: StatusCause[] = []
  check(value, shape, path, problems)
  return problems
}

function check(value: unknown, shape: Shape, path: string, problems: StatusCause[]): void {
  if (typeof shape === 'string') {
    // The types of nearly all fields; the others take longer to find out.
    if (typeof value === shape) return
    const found = typeOf(value)
    if (!shape.split(',').includes(found)) problems.push(wrongType(path || '<nil>', found, shape))
  } else if (!isFields(shape)) {
    if (!isArray(value)) problems.push(wrongType(path || '<nil>', typeOf(value), 'array'))
    else for (const [index, item] of value.entries()) check(item, shape[0], `${path}[${index}]`, problems)
  } else if (!isObject(value)) {
    problems.push(wrongType(path || '<nil>', typeOf(value), 'object'))
  } else {
    for (const key of Object.keys(value)) {
      const of = shapeOf(shape, key)
      const present = value[key]
      if (of === undefined || present === undefined || present === null) continue
      const below = '*' in shape ? `${path}[${key}]` : path ? `${path}.${key}` : key
      check(present, of, below, problems)
    }
  }
}

function shapeOf(shape: Fields, key: string): Shape | undefined {
  return shape['*'] ?? (Object.hasOwn(shape, key) ? shape[key] : undefined)
}

/** The value without the fields of `shape` that are `null` or `undefined`; the value itself if there are none. */
export function withoutNulls<T>(value: T, shape: Shape): T {
  // What is taken apart is put together again as the same type.
  return pruned(value, shape) as T
}

function pruned(value: unknown, shape: Shape): unknown {
  if (typeof shape === 'string') return value
  if (isArray(value) && !isFields(shape)) {
    const items = value.map((item) => pruned(item, shape[0]))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (!isObject(value) || !isFields(shape)) return value
  let result = value
  for (const key of Object.keys(value)) {
    const of = shapeOf(shape, key)
    if (of === undefined) continue
    const before = value[key]
    const nothing = before === null || before === undefined
    const after = nothing ? undefined : pruned(before, of)
    if (!nothing && after === before) continue
    if (result === value) result = { ...value }
    if (nothing) delete result[key]
    else result[key] = after
  }
  return result
}
