/**
 * What `/openapi/v3` publishes: the schemas of each group and version, and, for each resource, as much of its paths
 * as kubectl reads (`explain`, and whether the server validates fields and merges strategically).
 *
 * Mirrors: k8s.io/kube-openapi/pkg/handler3
 */
import { createHash } from 'node:crypto'
import { REF, type Schema } from './openapi-types.ts'
import { nameOf, type SchemaBook } from './schema-book.ts'
import {
  groupVersion,
  type ServedResources,
  type ServedVersion,
  type StoredResource,
  verbsOf,
} from './served-resources.ts'

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]

/** Everything under `/openapi/v3`. */
export interface OpenApi {
  /** What there is. Clients keep a document until its hash changes. */
  index: object
  /** By path: `api/v1`, `apis/apps/v1`. */
  documents: ReadonlyMap<string, object>
}

/** Makes the documents of everything that is served. */
export function openApi(served: ServedResources, book: SchemaBook): OpenApi {
  const documents = new Map([...served].map(([key, version]) => [rootOf(key), document(key, version, book)]))
  const paths = [...documents].map(([root, each]) => {
    const hash = createHash('sha256').update(JSON.stringify(each)).digest('hex').toUpperCase()
    return [root, { serverRelativeURL: `/openapi/v3/${root}?hash=${hash}` }]
  })
  return { index: { paths: Object.fromEntries(paths) as object }, documents }
}

function document(key: string, version: ServedVersion, book: SchemaBook): object {
  const stored = [...version.stored.values()]
  const schemas = new Map(book.components(key))
  for (const resource of stored) schemas.set(`${nameOf(resource)}List`, listSchema(resource))
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: Object.fromEntries(stored.flatMap(pathsOf)) as object,
    components: { schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))) as object },
  }
}

/** `api/v1`, `apis/apps/v1` */
function rootOf(key: string): string {
  return key.includes('/') ? `apis/${key}` : `api/${key}`
}

function pathsOf(resource: StoredResource): [string, object][] {
  const inside = resource.namespaced ? 'namespaces/{namespace}/' : ''
  const collection = `/${rootOf(groupVersion(resource))}/${inside}${resource.resource}`
  const one = `${collection}/{name}`
  const verbs = verbsOf(resource)
  const paths: [string, object][] = [
    [
      collection,
      {
        get: operation(resource, 'list', [], `${nameOf(resource)}List`),
        post: operation(resource, 'post', ['dryRun', 'fieldManager', 'fieldValidation']),
        ...(verbs.includes('deletecollection') && {
          delete: operation(resource, 'deletecollection', ['dryRun']),
        }),
      },
    ],
    [one, onOne(resource)],
    ...[...resource.subresources].map((part): [string, object] => [`${one}/${part}`, onOne(resource)]),
  ]
  return paths
}

function onOne(resource: StoredResource): object {
  const write = ['dryRun', 'fieldManager', 'fieldValidation']
  return {
    get: operation(resource, 'get', []),
    put: operation(resource, 'put', write),
    patch: {
      ...operation(resource, 'patch', write),
      requestBody: {
        content: Object.fromEntries(
          PATCH_TYPES.map((type) => [type, { schema: { type: 'object' } }]),
        ) as object,
        required: true,
      },
    },
    delete: operation(resource, 'delete', ['dryRun', 'gracePeriodSeconds', 'propagationPolicy']),
  }
}

function operation(
  resource: StoredResource,
  action: string,
  parameters: readonly string[],
  answer = nameOf(resource),
): object {
  const { group, version, kind } = resource
  return {
    parameters: parameters.map((name) => ({
      name,
      in: 'query',
      schema: { type: 'string', uniqueItems: true },
    })),
    responses: {
      200: { description: 'OK', content: { 'application/json': { schema: { $ref: REF + answer } } } },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind },
  }
}

function listSchema(resource: StoredResource): Schema {
  const { group, version, kind } = resource
  return {
    type: 'object',
    description: `${kind}List is a list of ${kind}s.`,
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      items: { type: 'array', items: { $ref: REF + nameOf(resource) } },
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind: `${kind}List` }],
  }
}
