/**
 * How values cross between the grader and a submission: as JSON, with a tag where JSON would lose or change
 * something. Every value has an encoding; what cannot be copied (a function, something too deep or too large)
 * crosses as a {@link Foreign}, which equals nothing that a check expects.
 */

/** The most that one value may hold, in each direction; `digits` are those of a bigint, hexadecimal. */
export const LIMITS = { depth: 64, nodes: 200_000, digits: 5_000 } as const

/** Thrown where a value has too many parts: what was copied of it until then is dropped. */
const TOO_MANY = new Error(`more than ${LIMITS.nodes} values`)

/** Stands for something that was not plain data. */
export class Foreign {
  /** What it was, in words: "a function". */
  readonly what: string
  /** Two of them are not equal either: nobody knows what they were. */
  readonly unlike = Symbol('unlike')
  constructor(what: string) {
    this.what = what
  }
}

/** An error as a value: what JSON would turn into `{}`. */
export class ForeignError {
  readonly name: string
  readonly message: string
  readonly fields: Record<string, unknown>
  constructor(name: string, message: string, fields: Record<string, unknown>) {
    this.name = name
    this.message = message
    this.fields = fields
  }
}

/** What crosses by reference: the tagged form of `value`, or `undefined` if it is to be copied. */
export type ByReference = (value: object) => Tagged | undefined

/** What a tag may stand for that only the receiving side can make. */
export type Dereference = (tagged: Tagged) => unknown

/** The encoding of what plain JSON cannot say. */
export interface Tagged {
  $: string
  v?: unknown
}

/**
 * Turns a value into what `JSON.stringify` keeps whole. Objects of any class cross as their own enumerable
 * properties, as with `structuredClone`.
 */
export function encode(value: unknown, byReference?: ByReference): unknown {
  let nodes = 1

  function count(more: number): void {
    nodes += more
    if (nodes > LIMITS.nodes) throw TOO_MANY
  }

  function walk(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { $: 'number', v: Object.is(value, -0) ? '-0' : String(value) }
      case 'undefined':
        return { $: 'undefined' }
      case 'bigint':
        return whole(value)
      case 'symbol':
        return { $: 'foreign', v: 'a symbol' }
      case 'function':
        return byReference?.(value) ?? { $: 'foreign', v: 'a function' }
      default:
        return value === null ? null : (byReference?.(value as object) ?? object(value as object, depth))
    }
  }

  function whole(value: bigint): unknown {
    // In hexadecimal: that text is made at once, the decimal one, which is longer by a fifth, is not.
    if (value.toString(16).length > LIMITS.digits)
      return { $: 'foreign', v: `a whole number of more than ${LIMITS.digits} hexadecimal digits` }
    return { $: 'bigint', v: String(value) }
  }

  function object(value: object, depth: number): unknown {
    if (depth >= LIMITS.depth) return { $: 'foreign', v: `something nested deeper than ${LIMITS.depth}` }
    if (Array.isArray(value)) return items(value, depth)
    // Nearly all of them, and told at once.
    if (Object.getPrototypeOf(value) === Object.prototype) return fields(value, depth)
    if (value instanceof Foreign) return { $: 'foreign', v: value.what }
    if (value instanceof Date) return { $: 'date', v: walk(value.getTime(), depth) }
    // No contract has one, and to compare two of them takes a time that grows with the square of what they hold.
    if (value instanceof Map) return { $: 'foreign', v: 'a Map' }
    if (value instanceof Set) return { $: 'foreign', v: 'a Set' }
    if (value instanceof Error) {
      return { $: 'error', v: [String(value.name), String(value.message), fields({ ...value }, depth)] }
    }
    if (value instanceof Promise) return { $: 'foreign', v: 'a promise' }
    return fields({ ...value }, depth)
  }

  function items(values: readonly unknown[], depth: number): unknown[] {
    const encoded: unknown[] = []
    for (const value of values) {
      count(1)
      encoded.push(walk(value, depth + 1))
    }
    return encoded
  }

  function fields(value: object, depth: number): unknown {
    const encoded: Record<string, unknown> = {}
    // Plain, it inherits nothing; and to ask for its keys first takes longer.
    for (const key in value) {
      // `$` is the tag, and `__proto__` would be assigned, not defined, by code on the way: then all cross as pairs.
      if (key === '$' || key === '__proto__') return pairs(value, depth)
      count(1)
      const field = value[key as keyof typeof value] as unknown
      // Most are text: that needs no look.
      encoded[key] = typeof field === 'string' ? field : walk(field, depth + 1)
    }
    return encoded
  }

  function pairs(value: object, depth: number): unknown {
    const keys = Object.keys(value)
    count(keys.length)
    return { $: 'object', v: keys.map((key) => [key, walk(value[key as keyof typeof value], depth + 1)]) }
  }

  try {
    return walk(value, 0)
  } catch (error) {
    if (error === TOO_MANY) return { $: 'foreign', v: TOO_MANY.message }
    return {
      $: 'foreign',
      v: `something that cannot be read: ${error instanceof Error ? String(error.message).slice(0, 200) : 'it threw'}`,
    }
  }
}

/**
 * The value that {@link encode} was given, as a copy.
 *
 * @throws {TypeError} if `encoded` is no encoding
 */
export function decode(encoded: unknown, dereference?: Dereference): unknown {
  let nodes = 1

  function count(more: number, depth: number): void {
    nodes += more
    if (nodes > LIMITS.nodes * 2 || depth > LIMITS.depth + 4) throw new TypeError('too deep or too large')
  }

  function walk(encoded: unknown, depth: number): unknown {
    if (typeof encoded !== 'object' || encoded === null) return encoded
    if (Array.isArray(encoded)) {
      count(encoded.length, depth)
      return encoded.map((item) => walk(item, depth + 1))
    }
    if (Object.hasOwn(encoded, '$')) return tagged(encoded as Tagged, depth)
    const object: Record<string, unknown> = {}
    // JSON: it inherits nothing.
    for (const key in encoded) {
      count(1, depth)
      const field = encoded[key as keyof typeof encoded] as unknown
      define(object, key, typeof field === 'object' ? walk(field, depth + 1) : field)
    }
    return object
  }

  function build(pairs: [string, unknown][], depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    for (const [key, value] of pairs) define(object, key, walk(value, depth + 1))
    return object
  }

  function items(v: unknown, depth: number): unknown[] {
    const all = list(v)
    count(all.length, depth)
    return all
  }

  function tagged({ $, v }: Tagged, depth: number): unknown {
    count(1, depth)
    switch ($) {
      case 'undefined':
        return undefined
      case 'number':
        return Number(v)
      case 'bigint':
        return BigInt(digits(v))
      case 'date':
        return new Date(Number(walk(v, depth)))
      case 'object':
        return build(items(v, depth) as [string, unknown][], depth)
      case 'error': {
        const [name, message, fields] = list(v)
        return new ForeignError(
          string(name),
          string(message),
          walk(fields, depth + 1) as Record<string, unknown>,
        )
      }
      case 'foreign':
        return new Foreign(string(v))
      default:
        if (dereference) return dereference({ $, v })
        throw new TypeError(`unknown tag ${JSON.stringify($)}`)
    }
  }

  return walk(encoded, 0)
}

function define(object: Record<string, unknown>, key: string, value: unknown): void {
  // Assigning is many times as fast, and does the same for every other name.
  if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true })
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('expected a string')
  return value
}

function digits(value: unknown): string {
  const text = string(value)
  if (text.length > 2 * LIMITS.digits) throw new TypeError('too many digits')
  return text
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError('expected a list')
  return value
}
