/**
 * Decodes JSON by a schema, as Go does by its types: what has the wrong type is an error, what nobody knows is
 * named and dropped, and `null` is as good as nothing.
 *
 * Mirrors: sigs.k8s.io/json, and the UnmarshalJSON methods of Quantity and Time
 */
import type { Schema } from './openapi-types.ts'
import type { KindSchema } from './schema-book.ts'

/** The body is JSON, but no object of the kind. The message is Go's. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
}

/** What was decoded, and what stood there besides, each in the words of a strict decoder. */
export interface Decoded {
  value: Record<string, unknown>
  unknown: string[]
}

/** How many unknown fields are told. */
const MAX_TOLD = 100

const QUANTITY = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/
const BITS = { int32: 2 ** 31, int64: 2 ** 63 } as const

/** Where in an object a value stands. */
interface Place {
  /** With the places in lists: `spec.containers[0].image`. */
  path: string
  /** Without them: `spec.containers.image`. */
  field: string
  /** The Go struct around it: `Container`. */
  struct: string
}

/** What is decoded: an object as a whole, or a change to one, in which `null` takes away. */
export type DecodeMode = 'object' | 'merge' | 'strategic'

/**
 * Decodes an object of a kind, or a patch for one.
 *
 * @param json parsed JSON; it is changed in place, and part of what is returned
 * @throws {DecodeError} if a value is of another type than its field
 */
export function decode(
  kind: KindSchema,
  json: Record<string, unknown>,
  mode: DecodeMode = 'object',
): Decoded {
  return new Decoder(kind, mode).decode(json, kind.schema, { path: '', field: '', struct: kindName(kind) })
}

/**
 * Decodes one value that is to be put into an object: the value of a JSON patch's operation.
 *
 * @param pointer where to, as a JSON pointer (RFC 6901)
 * @throws {DecodeError} if the value is of another type than what stands there
 */
export function decodeAt(kind: KindSchema, pointer: string, value: unknown): void {
  let schema: Schema | undefined = kind.schema
  let struct = kindName(kind)
  let field = ''
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    const here: Schema = kind.resolve(schema)
    if (here.properties) {
      struct = kind.goName(schema).split('.').at(-1) ?? struct
      field = field ? `${field}.${name}` : name
      schema = Object.hasOwn(here.properties, name) ? here.properties[name] : undefined
    } else schema = here.items ?? here.additionalProperties
    if (!schema) return
  }
  new Decoder(kind, 'object').check(value, schema, { path: field, field, struct })
}

function kindName({ schema }: KindSchema): string {
  return schema['x-kubernetes-group-version-kind']?.[0]?.kind ?? 'DeleteOptions'
}

class Decoder {
  readonly #kind: KindSchema
  readonly #mode: DecodeMode
  readonly #unknown: string[] = []

  constructor(kind: KindSchema, mode: DecodeMode) {
    this.#kind = kind
    this.#mode = mode
  }

  decode(json: Record<string, unknown>, schema: Schema, place: Place): Decoded {
    this.check(json, schema, place)
    return { value: json, unknown: this.#unknown }
  }

  /** @returns the value, as it is to be kept */
  check(value: unknown, declared: Schema, place: Place): unknown {
    const schema = this.#kind.resolve(declared)
    if (schema.format === 'quantity') return quantity(value)
    if (schema.format === 'int-or-string') return intOrString(value)
    if (schema.format === 'date-time') return time(value)
    if (schema.properties) return this.#struct(value, schema, declared, place)
    if (schema.additionalProperties) return this.#map(value, schema.additionalProperties, declared, place)
    if (schema.items) return this.#list(value, schema.items, declared, place)
    if (schema.type === 'integer') return this.#integer(value, schema, place)
    if (schema.type === 'object') return isObject(value) ? value : this.#wrong(value, declared, place)
    return typeof value === schema.type ? value : this.#wrong(value, declared, place)
  }

  #struct(value: unknown, schema: Schema, declared: Schema, place: Place): unknown {
    if (!isObject(value)) return this.#wrong(value, declared, place)
    const struct = declared.$ref || declared.allOf ? this.#kind.goName(declared).split('.').at(-1) : undefined
    for (const name of Object.keys(value)) {
      if (this.#mode === 'strategic' && name.startsWith('$')) continue
      const property = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined
      const inside = {
        path: place.path ? `${place.path}.${name}` : name,
        field: place.field ? `${place.field}.${name}` : name,
        struct: struct ?? kindName(this.#kind),
      }
      if (!property) {
        if (this.#unknown.length < MAX_TOLD) this.#unknown.push(`unknown field "${inside.path}"`)
        delete value[name]
      } else if (value[name] !== null) value[name] = this.check(value[name], property, inside)
      else if (this.#mode === 'object') delete value[name]
    }
    return value
  }

  #map(value: unknown, values: Schema, declared: Schema, place: Place): unknown {
    if (!isObject(value)) return this.#wrong(value, declared, place)
    for (const name of Object.keys(value)) {
      if (this.#mode === 'strategic' && name.startsWith('$')) continue
      if (value[name] === null && this.#mode !== 'object') continue
      // Defined, not assigned: a key may be called __proto__.
      const kept = this.#orEmpty(value[name], values, { ...place, path: `${place.path}.${name}` })
      Object.defineProperty(value, name, {
        value: kept,
        configurable: true,
        enumerable: true,
        writable: true,
      })
    }
    return value
  }

  #list(value: unknown, items: Schema, declared: Schema, place: Place): unknown {
    if (!Array.isArray(value)) return this.#wrong(value, declared, place)
    return value.map((each: unknown, index) =>
      this.#orEmpty(each, items, { ...place, path: `${place.path}[${index}]` }),
    )
  }

  /** In a list or a map `null` is an empty value: it keeps its place. */
  #orEmpty(value: unknown, declared: Schema, place: Place): unknown {
    if (value !== null) return this.check(value, declared, place)
    const schema = this.#kind.resolve(declared)
    if (schema.type === 'array') return []
    if (schema.type === 'object') return {}
    return schema.type === 'integer' ? 0 : schema.type === 'boolean' ? false : ''
  }

  #integer(value: unknown, { format = 'int32' }: Schema, place: Place): unknown {
    const limit = format === 'int64' ? BITS.int64 : BITS.int32
    if (typeof value !== 'number') return this.#mismatch(typeOf(value), format, place)
    if (Number.isInteger(value) && value >= -limit && value < limit) return value
    return this.#mismatch(`number ${value}`, format, place)
  }

  #wrong(value: unknown, declared: Schema, place: Place): never {
    return this.#mismatch(typeOf(value), this.#kind.goName(declared), place)
  }

  #mismatch(found: string, goType: string, { struct, field }: Place): never {
    const where = field ? `struct field ${struct}.${field}` : 'value'
    throw new DecodeError(`json: cannot unmarshal ${found} into Go ${where} of type ${goType}`)
  }
}

/** An unquoted number is a quantity, too. */
function quantity(value: unknown): unknown {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string' && QUANTITY.test(value)) return value
  throw new DecodeError(`quantities must match the regular expression '${QUANTITY.source}'`)
}

function intOrString(value: unknown): unknown {
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < BITS.int32) return value
  const found = typeof value === 'number' ? `number ${value}` : typeOf(value)
  const goType = typeof value === 'number' ? 'int32' : 'string'
  throw new DecodeError(`json: cannot unmarshal ${found} into Go value of type ${goType}`)
}

function time(value: unknown): unknown {
  if (typeof value !== 'string')
    throw new DecodeError(`json: cannot unmarshal ${typeOf(value)} into Go value of type string`)
  if (RFC3339.test(value) && !Number.isNaN(Date.parse(value))) return value
  const text = JSON.stringify(value)
  throw new DecodeError(`parsing time ${text} as "2006-01-02T15:04:05Z07:00": cannot parse ${text} as "2006"`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What Go's decoder calls a JSON value. */
function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
