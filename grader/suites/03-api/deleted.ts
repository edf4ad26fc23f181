// Objects that are about to go.
import { BEGIN, config, deletedAtOnce, type More } from './objects.ts'

/** The metadata of an object that was in the store when the check began. */
export const known = { uid: 'of-a', creationTimestamp: BEGIN }

/** The ConfigMap `a`, as it stands in the store. */
export const a = { apiVersion: 'v1', kind: 'ConfigMap', ...config('a', { metadata: known }) }

/** What holds an object. */
export const held = { metadata: { finalizers: ['example.com/hold'] } }

/** An object whose deletion has begun when the check did. */
export function going({ metadata, ...parts }: More): More {
  return { metadata: { ...metadata, ...deletedAtOnce }, ...parts }
}
