import type { KindName } from '#kit/api/kinds'
import { type MergeFields, mergeFields } from '#kit/merge-keys'
import { OpenApiTypes, openApiName, REF, type Schema } from './openapi-types.ts'
import { groupVersion, rowOf, type ServedResource, type ServedResources } from './served-resources.ts'

/** The schema of one kind, with all that it refers to. */
export interface KindSchema {
  schema: Schema
  /** Follows a `$ref` or an `allOf` to what it stands for. */
  resolve(schema: Schema): Schema
  /** The kind's name as Go writes it in its messages: `v1.Pod`. */
  goName(schema: Schema): string
}

/**
 * The schemas of everything that is served, made when they are first needed: by group and version, as OpenAPI publishes them and as bodies are
 * decoded by them.
 */
export class SchemaBook {
  readonly #types = new OpenApiTypes()
  readonly #served: ServedResources
  readonly #components = new Map<string, Map<string, Schema>>()

  constructor(served: ServedResources) {
    this.#served = served
  }

  /** All schemas of a group and version, by OpenAPI name. */
  components(key: string): ReadonlyMap<string, Schema> {
    const known = this.#components.get(key)
    if (known) return known
    const components = this.#types.closure('meta/v1', 'DeleteOptions')
    const served = this.#served.get(key)
    for (const resource of [...(served?.stored.values() ?? []), ...(served?.answered.values() ?? [])]) {
      for (const [name, schema] of this.#types.closure(fileOf(resource), resource.kind)) {
        if (!components.has(name)) components.set(name, schema)
      }
      const schema = components.get(nameOf(resource))
      if (!schema) continue
      const { group, version, kind } = resource
      schema['x-kubernetes-group-version-kind'] = [{ group, version, kind }]
      markMerges(schema, mergeFields(rowOf(resource) as KindName), components)
    }
    this.#components.set(key, components)
    return components
  }

  /** The schema that bodies for a resource are decoded by. */
  of(resource: ServedResource): KindSchema {
    const home = resource.stored ? groupVersion(resource) : this.#homeOf(resource)
    return kindSchema(this.components(home), nameOf(resource))
  }

  /** Whether Kubernetes has such a kind, served here or not. */
  knows(apiVersion: string, kind: string): boolean {
    const [version = '', group = ''] = apiVersion.split('/').reverse()
    const isName = /^[a-z0-9.]*$/.test(group) && /^v\d[a-z0-9]*$/.test(version)
    return isName && this.#types.declares(fileOf({ group, version }), kind)
  }

  /** The schema of the body of a DELETE. */
  deleteOptions(): KindSchema {
    return kindSchema(this.components('v1'), openApiName({ file: 'meta/v1', name: 'DeleteOptions' }))
  }

  #homeOf(resource: ServedResource): string {
    for (const [key, { answered }] of this.#served) {
      if ([...answered.values()].some((each) => each === resource)) return key
    }
    throw new Error(`${resource.kind} is not served`)
  }
}

/** The OpenAPI name of a resource's kind. */
export function nameOf(resource: ServedResource): string {
  return openApiName({ file: fileOf(resource), name: resource.kind })
}

/** The file of kubernetes-types: groups are called by their first part. */
function fileOf({ group, version }: Pick<ServedResource, 'group' | 'version'>): string {
  return `${group.split('.')[0] || 'core'}/${version}`
}

function kindSchema(components: ReadonlyMap<string, Schema>, name: string): KindSchema {
  const schema = components.get(name)
  if (!schema) throw new Error(`there is no schema ${name}`)
  return {
    schema,
    resolve: (each) => resolve(each, components),
    goName: (each) => goName(each, components),
  }
}

function resolve(schema: Schema, components: ReadonlyMap<string, Schema>): Schema {
  const ref = schema.$ref ?? schema.allOf?.[0].$ref
  if (ref === undefined) return schema
  const target = components.get(ref.slice(REF.length))
  if (!target) throw new Error(`there is no schema ${ref}`)
  return resolve(target, components)
}

function goName(schema: Schema, components: ReadonlyMap<string, Schema>): string {
  const ref = schema.$ref ?? schema.allOf?.[0].$ref
  if (ref !== undefined) return ref.split('.').slice(-2).join('.')
  if (schema.items) return `[]${goName(schema.items, components)}`
  if (schema.additionalProperties) return `map[string]${goName(schema.additionalProperties, components)}`
  if (schema.type === 'boolean') return 'bool'
  if (schema.format === 'byte') return '[]uint8'
  if (schema.type === 'integer') return schema.format ?? 'int32'
  return schema.type ?? 'interface {}'
}

/** Says in the schemas which lists a strategic merge patch merges; kubectl works out its patches from that. */
function markMerges(schema: Schema, fields: MergeFields, components: ReadonlyMap<string, Schema>): void {
  for (const [field, rule] of Object.entries(fields)) {
    const property = schema.properties?.[field]
    if (!property) continue
    if (rule.type !== 'object') property['x-kubernetes-patch-strategy'] = 'merge'
    if (rule.type === 'list') property['x-kubernetes-patch-merge-key'] = rule.key
    if (rule.type === 'set') continue
    const inside = resolve(property.items ?? property, components)
    markMerges(inside, rule.fields, components)
  }
}
