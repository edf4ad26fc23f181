import type { StoredResource } from './served-resources.ts'

/** How much of each object stands beside its row. */
export type IncludeObject = 'None' | 'Metadata' | 'Object'

/** An object as the front passes it on: it looks at the metadata only. */
export interface AnyObject {
  kind?: string
  apiVersion?: string
  metadata: { resourceVersion?: string }
}

/** A list as a `Client` answers it. */
export interface AnyList {
  metadata: object
  items: readonly AnyObject[]
}

const META = 'meta.k8s.io/v1'

/**
 * What `kubectl get` prints, as a Table.
 *
 * @param nowMs the time that ages are measured at
 * @param withHeaders false for all events of a watch but the first
 *
 * Mirrors: k8s.io/apiserver/pkg/endpoints/handlers/response.go
 */
export function table(
  { columns }: StoredResource,
  metadata: object,
  objects: readonly AnyObject[],
  nowMs: number,
  include: IncludeObject,
  withHeaders = true,
): object {
  const definitions = columns.map(({ name, type, description, priority }) => ({
    name,
    type,
    format: name === 'Name' ? 'name' : '',
    description,
    priority,
  }))
  const rows = objects.map((object) => ({
    cells: columns.map((column) => column.value(object, nowMs)),
    ...(include === 'Metadata' && { object: partial(object) }),
    ...(include === 'Object' && { object }),
  }))
  return {
    kind: 'Table',
    apiVersion: META,
    metadata,
    columnDefinitions: withHeaders ? definitions : null,
    rows,
  }
}

/** The metadata of an object alone. */
export function partial({ metadata }: AnyObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: META, metadata }
}

/** The metadata of a list's objects alone. */
export function partialList({ metadata, items }: AnyList): object {
  return { kind: 'PartialObjectMetadataList', apiVersion: META, metadata, items: items.map(partial) }
}
