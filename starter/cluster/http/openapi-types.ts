import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix } from 'node:path'

/** What stands at one place of an object, in the words of OpenAPI 3.0 as kube-apiserver uses them. */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  format?: 'int32' | 'int64' | 'byte' | 'date-time' | 'int-or-string' | 'quantity'
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  /** The values of a map. */
  additionalProperties?: Schema
  items?: Schema
  /** The one type that a field has, beside its own description. */
  allOf?: [Schema]
  $ref?: string
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
  'x-kubernetes-patch-merge-key'?: string
  'x-kubernetes-patch-strategy'?: 'merge'
}

/** Where a `$ref` leads. */
export const REF = '#/components/schemas/'

/** A name of kubernetes-types: the file, without its ending, and the declaration in it. */
interface TypeName {
  file: string
  name: string
}

/** Declarations by their name in the file. */
type Declarations = ReadonlyMap<string, Schema>

/** Go keeps these in 64 bits and all other numbers in 32; TypeScript has one word for both. */
const INT64 =
  /^(generation|observedGeneration|revision|remainingItemCount|sizeBytes|runAsUser|runAsGroup|fsGroup|supplementalGroups|(terminationGracePeriod|deletionGracePeriod|gracePeriod|activeDeadline|startingDeadline|toleration|expiration)Seconds)$/

/** What kubernetes-types declares in a way that says less than is known. */
const KNOWN: Readonly<Record<string, Schema>> = {
  'api/resource.Quantity': { type: 'string', format: 'quantity' },
  'meta/v1.Time': { type: 'string', format: 'date-time' },
  'meta/v1.MicroTime': { type: 'string', format: 'date-time' },
}

/** Maps whose values are bytes, in base64. */
const BYTES = new Set(['core/v1.ConfigMap.binaryData', 'core/v1.Secret.data'])

const IMPORT = /^import \{ (.+) \} from "(.+)";$/
const INTERFACE = /^export interface (\w+) \{$/
const ALIAS = /^export type (\w+) = .+;$/
const FIELD = /^ {4}(?:readonly )?(?:"([^"]+)"|([\w$]+))(\??): (.+?);?$/
const MAP_VALUES = /^ {8}\[name: string\]: (.+);$/

/**
 * The schemas of Kubernetes' types, read from the declarations of kubernetes-types: names, types and
 * descriptions of the fields. Its files are generated, one field a line; each is read once, when it is first needed.
 */
export class OpenApiTypes {
  readonly #files = new Map<string, Declarations>()
  readonly #root = dirname(createRequire(import.meta.url).resolve('kubernetes-types/package.json'))

  /**
   * A declaration and everything that it refers to, by OpenAPI name, such as `io.k8s.api.core.v1.Pod`. What it
   * returns is the caller's own.
   *
   * @param file such as `apps/v1`
   */
  closure(file: string, name: string): Map<string, Schema> {
    const found = new Map<string, Schema>()
    const open: TypeName[] = [{ file, name }]
    for (let next = open.pop(); next; next = open.pop()) {
      const key = openApiName(next)
      if (found.has(key)) continue
      const schema = this.#declarations(next.file).get(next.name)
      if (!schema) throw new Error(`kubernetes-types declares no ${next.name} in ${next.file}.d.ts`)
      found.set(key, structuredClone(schema))
      open.push(...referencesIn(schema))
    }
    return found
  }

  /** Whether there is such a declaration. */
  declares(file: string, name: string): boolean {
    return existsSync(join(this.#root, `${file}.d.ts`)) && this.#declarations(file).has(name)
  }

  #declarations(file: string): Declarations {
    const known = this.#files.get(file)
    if (known) return known
    const declarations = read(readFileSync(join(this.#root, `${file}.d.ts`), 'utf8'), file)
    this.#files.set(file, declarations)
    return declarations
  }
}

function read(text: string, file: string): Declarations {
  const imported = new Map<string, string>()
  const declarations = new Map<string, Schema>()
  const resolve = (name: string): TypeName => ({ file: imported.get(name) ?? file, name })
  let comment: string[] = []
  let isComment = false
  /** The declaration around a field, and the map around its values. */
  let struct: Required<Pick<Schema, 'properties' | 'required'>> = { properties: {}, required: [] }
  let around = ''
  let map: { schema: Schema; field: string } | undefined

  /** What was said of the line that follows. */
  const description = () => {
    const said = comment.join('\n').replace(/^\s*\/\*\*\s?|\s*\*\/$/g, '')
    comment = []
    return said.replace(/^\s*\* ?/gm, '').trim()
  }
  const declare = (name: string): Schema => {
    const schema = { description: description(), ...KNOWN[`${file}.${name}`] }
    declarations.set(name, schema)
    return schema
  }

  for (const line of text.split(/\r?\n/)) {
    if (isComment || /^\s*\/\*\*/.test(line)) {
      comment.push(line)
      isComment = !line.endsWith('*/')
      continue
    }
    const [, names, from = ''] = IMPORT.exec(line) ?? []
    for (const name of names?.split(', ') ?? []) imported.set(name, posix.join(posix.dirname(file), from))
    const [, opened] = INTERFACE.exec(line) ?? []
    if (opened) {
      around = `${file}.${opened}`
      struct = { properties: {}, required: [] }
      // Of one without fields nothing is known but that it is an object: any may stand there.
      Object.assign(declare(opened), { type: 'object' }, struct)
    }
    const [, alias] = ALIAS.exec(line) ?? []
    if (alias) declare(alias)
    const [, quoted, plain, optional, type] = FIELD.exec(line) ?? []
    const field = quoted ?? plain
    if (field !== undefined && type !== undefined) {
      const schema = { description: description(), ...typeOf(type, field, resolve) }
      struct.properties[field] = schema
      if (!optional) struct.required.push(field)
      map = { schema, field }
    }
    const [, values] = MAP_VALUES.exec(line) ?? []
    if (values && map) {
      const isBytes = BYTES.has(`${around}.${map.field}`)
      map.schema.additionalProperties = isBytes
        ? { type: 'string', format: 'byte' }
        : typeOf(values, map.field, resolve)
    }
  }
  for (const schema of declarations.values()) {
    if (Object.keys(schema.properties ?? {}).length === 0) delete schema.properties
    if (schema.required?.length === 0) delete schema.required
  }
  return declarations
}

function typeOf(text: string, field: string, resolve: (name: string) => TypeName): Schema {
  const [, items] = /^Array<(.+)>$/.exec(text) ?? []
  if (items) return { type: 'array', items: typeOf(items, field, resolve) }
  if (text === '{') return { type: 'object' }
  if (text === 'number') return { type: 'integer', format: INT64.test(field) ? 'int64' : 'int32' }
  if (text === 'boolean') return { type: 'boolean' }
  if (text === 'number | string') return { type: 'string', format: 'int-or-string' }
  // Literals are the names of versions and kinds.
  if (text === 'string' || text.startsWith('"')) return { type: 'string' }
  return { allOf: [{ $ref: REF + openApiName(resolve(text)) }] }
}

/** `core/v1` and `Pod` are `io.k8s.api.core.v1.Pod`; what all groups share is in apimachinery. */
export function openApiName({ file, name }: TypeName): string {
  const folder = file.replaceAll('/', '.')
  const shared = /^(meta\/|api\/|runtime$)/.test(file)
  const above = file.startsWith('meta/') ? 'apis.' : ''
  return shared ? `io.k8s.apimachinery.pkg.${above}${folder}.${name}` : `io.k8s.api.${folder}.${name}`
}

/** The names that a schema refers to, back in the words of kubernetes-types. */
function referencesIn(schema: Schema): TypeName[] {
  const own = schema.$ref ? [typeName(schema.$ref.slice(REF.length))] : []
  const inside = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.allOf ?? []),
    ...(schema.items ? [schema.items] : []),
    ...(schema.additionalProperties ? [schema.additionalProperties] : []),
  ]
  return [...own, ...inside.flatMap(referencesIn)]
}

function typeName(openApi: string): TypeName {
  const path = openApi.replace(/^io\.k8s\.(api\.|apimachinery\.pkg\.(apis\.)?)/, '').split('.')
  const name = path.pop() ?? ''
  return { file: path.join('/'), name }
}
