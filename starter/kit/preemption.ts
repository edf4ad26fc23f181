/**
 * What to do for a pod that fits nowhere. Lesson 26 fills it; the scheduler (08) calls it.
 *
 * Mirrors: the DefaultPreemption plugin of kube-scheduler, a PostFilter
 */
import type { Pod } from '#kit/api/kinds'
import type { NodeInfo, Rejection } from '#kit/node-info'

/** An attempt that found no node. */
export interface FailedAttempt {
  pod: Pod
  nodes: readonly NodeInfo[]
  /** One for every node, by its name. */
  rejections: Readonly<Record<string, Rejection>>

  /**
   * Asks all filters again, the scheduler's and volume binding's, as if these pods were gone from that node.
   */
  fits(nodeName: string, without: readonly Pod[]): Promise<boolean>
}

/** What is to be written for the pod that did not fit. */
export interface Nomination {
  /** What `status.nominatedNodeName` is to be; `undefined`: none. */
  nominatedNodeName: string | undefined
  /** What follows in the `FailedScheduling` message; may be empty. */
  message: string
}

/** Makes room, where there is somebody to take it from. */
export interface Preemption {
  /**
   * Called after every attempt that found no node, before the pod is put back in the queue. It deletes the
   * victims itself, through its client and before it answers; the scheduler writes the nomination with the
   * pod's condition. The pod's next attempt comes when its victims are gone, as with any deleted pod.
   * Stand-in: nominates nothing, an empty message.
   */
  postFilter(attempt: FailedAttempt): Promise<Nomination>
}
