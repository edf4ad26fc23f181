import type { User } from '#kit/user'

/** What every call may say. */
export interface CallOptions {
  /** Left out: `loopbackUser` of kit/user.ts. */
  user?: User
}

/** Which objects a list, a watch or a `deleteCollection` is about. */
export interface SelectOptions extends CallOptions {
  /** Left out: all namespaces. */
  namespace?: string
  /** In the notation of `kubectl -l`. Left out: every object. */
  labelSelector?: string
  /** Such as `spec.nodeName=node-1`. Left out: every object. */
  fieldSelector?: string
}

/** How to list. */
export interface ListOptions extends SelectOptions {
  /** At most so many objects; the answer's `metadata.continue` asks for the rest. Left out: all. */
  limit?: number
  continue?: string
  resourceVersion?: string
  resourceVersionMatch?: 'Exact' | 'NotOlderThan'
}

/** Where a watch begins, and whether it says how far it is. */
export interface ClientWatchOptions extends SelectOptions {
  /**
   * The first event is the first one after this version. Left out: every object as `ADDED`, then what
   * changes.
   */
  resourceVersion?: string
  allowWatchBookmarks?: boolean
}

/**
 * A part of an object that is written by itself: its status, the finalizers of a namespace, the node of a pod.
 * Each has its object's shape.
 */
export type Subresource = 'status' | 'finalize' | 'binding'

/** How to write. */
export interface ClientWriteOptions extends CallOptions {
  /** Left out: the object itself, and what it says of its status is ignored. */
  subresource?: Subresource
  /** Go through every step but the last, and leave nothing behind. Default: false. */
  dryRun?: boolean
  fieldManager?: string
}

/** How to delete. */
export interface DeleteOptions extends CallOptions {
  dryRun?: boolean
  /** Left out: as the kind and the object's finalizers say. */
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  /** Left out: as the object says. 0: at once. */
  gracePeriodSeconds?: number
  /** Delete only if the object is still this one. */
  preconditions?: { uid?: string; resourceVersion?: string }
}
