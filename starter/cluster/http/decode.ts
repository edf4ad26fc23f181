/**
 * Decodes JSON by a schema, as Go does by its types: what has the wrong type is an error, what nobody knows is
 * named and dropped, and `null` is as good as nothing.
 *
 * Mirrors: sigs.k8s.io/json; for strategic merge patches, `runtime.DefaultUnstructuredConverter` of apimachinery
 */
import { bytes, DecodeError, intOrString, quantity, time, typeOf, unconverted } from './go-values.ts'
import type { Schema } from './openapi-types.ts'
import type { KindSchema } from './schema-book.ts'

/** What was decoded, and what stood there besides, each in the words of a strict decoder. */
export interface Decoded {
  value: Record<string, unknown>
  unknown: string[]
}

/** How many unknown fields are told. */
export const MAX_TOLD = 100

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
  const place = { path: '', field: '', struct: kindName(kind) }
  const { unknown } = new Decoder(kind, mode).decode(json, kind.schema, place)
  return { value: json, unknown }
}

/** What was found out about the place of a JSON patch's operation. */
export interface DecodedAt {
  /** Whether the kind has no such field, so that what is put there is dropped. */
  isDropped: boolean
  /** The value, as it is to be kept. */
  value: unknown
  /** As of {@link Decoded}. */
  unknown: string[]
}

/**
 * Decodes one value that is to be put into an object: the value of a JSON patch's operation.
 *
 * @param pointer where to, as a JSON pointer (RFC 6901)
 * @param value is changed in place; `undefined`: what is put there is not known
 * @throws {DecodeError} if the value is of another type than what stands there
 */
export function decodeAt(kind: KindSchema, pointer: string, value: unknown): DecodedAt {
  let schema = kind.schema
  let place: Place = { path: '', field: '', struct: kindName(kind) }
  const names = pointer.split('/').slice(1)
  for (const [index, token] of names.entries()) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    const here = kind.resolve(schema)
    place = here.properties
      ? inStruct(kind, place, schema, name)
      : { ...place, path: here.items ? `${place.path}[${name}]` : `${place.path}.${name}` }
    const inside = here.properties ? property(here, name) : (here.items ?? here.additionalProperties)
    if (inside) schema = inside
    else {
      // In a field that is not there nothing can be put: that is for the API to say.
      const isDropped = here.properties !== undefined && index === names.length - 1
      return { isDropped, value, unknown: isDropped ? [`unknown field "${place.path}"`] : [] }
    }
  }
  if (value === undefined || value === null) return { isDropped: false, value, unknown: [] }
  return { isDropped: false, ...new Decoder(kind, 'object').decode(value, schema, place) }
}

/** The place of a field. */
function inStruct(kind: KindSchema, { path, field }: Place, declared: Schema, name: string): Place {
  const isNamed = declared.$ref !== undefined || declared.allOf !== undefined
  const struct = isNamed ? kind.goName(declared).split('.').at(-1) : undefined
  return {
    path: path ? `${path}.${name}` : name,
    field: field ? `${field}.${name}` : name,
    struct: struct ?? kindName(kind),
  }
}

function property({ properties = {} }: Schema, name: string): Schema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined
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

  decode(value: unknown, schema: Schema, place: Place): { value: unknown; unknown: string[] } {
    return { value: this.#check(value, schema, place), unknown: this.#unknown }
  }

  /** @returns the value, as it is to be kept */
  #check(value: unknown, declared: Schema, place: Place): unknown {
    const schema = this.#kind.resolve(declared)
    if (schema.format === 'quantity') return quantity(value)
    if (schema.format === 'int-or-string') return intOrString(value)
    if (schema.format === 'date-time') return time(value)
    if (schema.format === 'byte') return this.#bytes(value, declared, place)
    if (schema.properties) return this.#struct(value, schema, declared, place)
    if (schema.additionalProperties) return this.#map(value, schema.additionalProperties, declared, place)
    if (schema.items) return this.#list(value, schema.items, declared, place)
    if (schema.type === 'integer') return this.#integer(value, schema, place)
    if (schema.type === 'object') return isObject(value) ? value : this.#wrong(value, declared, place)
    return typeof value === schema.type ? value : this.#wrong(value, declared, place)
  }

  #struct(value: unknown, schema: Schema, declared: Schema, place: Place): unknown {
    if (!isObject(value)) return this.#wrong(value, declared, place)
    for (const name of Object.keys(value)) {
      if (this.#mode === 'strategic' && name.startsWith('$')) continue
      const inside = inStruct(this.#kind, place, declared, name)
      const field = property(schema, name)
      if (!field) {
        if (this.#unknown.length < MAX_TOLD) this.#unknown.push(`unknown field "${inside.path}"`)
        delete value[name]
      } else if (value[name] !== null) value[name] = this.#check(value[name], field, inside)
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
    if (value !== null) return this.#check(value, declared, place)
    const schema = this.#kind.resolve(declared)
    if (schema.type === 'array') return []
    if (schema.type === 'object') return {}
    return schema.type === 'integer' ? 0 : schema.type === 'boolean' ? false : ''
  }

  #bytes(value: unknown, declared: Schema, place: Place): string {
    return typeof value === 'string' ? bytes(value) : this.#wrong(value, declared, place)
  }

  #integer(value: unknown, { format = 'int32' }: Schema, place: Place): unknown {
    const limit = format === 'int64' ? BITS.int64 : BITS.int32
    if (Number.isInteger(value) && Number(value) >= -limit && Number(value) < limit) return value
    return this.#wrong(value, { type: 'integer', format }, place)
  }

  #wrong(value: unknown, declared: Schema, { struct, field }: Place): never {
    if (this.#mode === 'strategic') throw new DecodeError(unconverted(value, this.#kind.resolve(declared)))
    const goType = this.#kind.goName(declared)
    const isNumber = typeof value === 'number' && declared.type === 'integer'
    const found = isNumber ? `number ${value}` : typeOf(value)
    const where = field ? `struct field ${struct}.${field}` : 'value'
    throw new DecodeError(`json: cannot unmarshal ${found} into Go ${where} of type ${goType}`)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
