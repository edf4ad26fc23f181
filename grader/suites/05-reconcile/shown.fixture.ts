// Runs beside the rooms of a submission: how an object is shown.
import type { ConfigMap } from 'kubernetes-types/core/v1'
import type { Stored } from '#kit/api/metadata'

export type Item = Stored<ConfigMap>

/** `default/web@11` */
export function tag({ metadata: { namespace, name, resourceVersion } }: Item): string {
  return `${namespace === undefined ? '' : `${namespace}/`}${name}@${resourceVersion}`
}

export function tags(objects: Item[]): string[] {
  return objects.map(tag).sort()
}
