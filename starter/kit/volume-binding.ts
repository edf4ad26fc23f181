/**
 * The part of scheduling that knows volumes. Lesson 22 fills it; the scheduler (08) calls it at the extension
 * points of the same names. Nodes are asked about all at once, so that 5,000 of them cost one call.
 *
 * Mirrors: the VolumeBinding plugin of kube-scheduler
 */
import type { Pod, StoredKind } from '#kit/api/kinds'
import type { NodeInfo, Rejection } from '#kit/node-info'

/** Volumes, as the scheduler asks about them. */
export interface VolumeBinding {
  /** Kinds whose changes make pods worth another attempt: the scheduler watches them. Stand-in: none. */
  readonly wakesOn: readonly StoredKind[]

  /**
   * Called at the beginning of every attempt, before the filters: claims that are missing, or that nobody
   * will bind because of this pod. A rejection stands for every node. Stand-in: `undefined`, go on.
   */
  preFilter(pod: Pod): Promise<Rejection | undefined>

  /**
   * Called after the scheduler's own filters with the nodes that they left over, and by preemption's `fits`
   * with one node that has fewer pods. Says nothing of nodes that fit. Stand-in: `{}`.
   *
   * @returns by name of the node
   */
  filter(pod: Pod, nodes: readonly NodeInfo[]): Promise<Readonly<Record<string, Rejection>>>

  /**
   * Called when a node has been chosen, before the scheduler turns to the next pod: takes what the pod needs
   * out of sight of other pods, in memory only. Stand-in: `undefined`, go on.
   */
  reserve(pod: Pod, nodeName: string): Promise<Rejection | undefined>

  /**
   * Called before the binding is written; meanwhile the scheduler goes on with other pods. Here claims are
   * bound, and `WaitForFirstConsumer` claims told their node and waited for. Stand-in: `undefined`, go on.
   */
  preBind(pod: Pod, nodeName: string): Promise<Rejection | undefined>

  /**
   * Called if anything fails from `reserve` on, also `reserve` itself: gives back what was taken. Stand-in:
   * nothing.
   */
  unreserve(pod: Pod, nodeName: string): Promise<void>
}
