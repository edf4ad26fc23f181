import type { Node, Pod } from '#kit/api/kinds'

/**
 * A node as the scheduler sees it in one attempt. `pods` are those bound to it, those assumed to be (their
 * binding is under way), and those nominated to it (`status.nominatedNodeName`) with at least the priority of
 * the pod at hand.
 *
 * Mirrors: framework.NodeInfo of the scheduler
 */
export interface NodeInfo {
  node: Node
  pods: readonly Pod[]
}

/**
 * Why a pod does not fit.
 *
 * Mirrors: framework.Status of the scheduler
 */
export interface Rejection {
  /** `UnschedulableAndUnresolvable`: taking other pods away would not help. */
  code: 'Unschedulable' | 'UnschedulableAndUnresolvable'
  /** As they are counted in the message, such as `Insufficient cpu`. */
  reasons: readonly string[]
}
