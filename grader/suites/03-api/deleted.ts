// Objects that are about to go.
import { deletedAtOnce, type More } from './objects.ts'

/** What holds an object. */
export const held = { metadata: { finalizers: ['example.com/hold'] } }

/** An object whose deletion has begun when the check did. */
export function going({ metadata, ...parts }: More): More {
  return { metadata: { ...metadata, ...deletedAtOnce }, ...parts }
}
