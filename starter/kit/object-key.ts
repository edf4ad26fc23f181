import type { Address } from '#kit/api/metadata'

/**
 * The key of an object: `default/web`, or `node-1` where there is no namespace. No name has a `/` in it, so no
 * two addresses share a key.
 *
 * Mirrors: `MetaNamespaceKeyFunc` of k8s.io/client-go/tools/cache
 */
export function keyOf({ namespace, name }: Address): string {
  return namespace ? `${namespace}/${name}` : name
}

/**
 * The address that {@link keyOf} made the key of.
 *
 * Mirrors: `SplitMetaNamespaceKey` of k8s.io/client-go/tools/cache
 */
export function addressOf(key: string): Address {
  const slash = key.indexOf('/')
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}
