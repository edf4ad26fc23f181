import type { Deployment, ReplicaSet } from '#kit/api/kinds'

/** A Deployment with the ReplicaSets that it controls, as one reconcile sees them. */
export interface Rollout {
  deployment: Deployment
  /** The one with the Deployment's own template; `undefined` before it is created. */
  newReplicaSet: ReplicaSet | undefined
  /** The others, oldest first. */
  oldReplicaSets: readonly ReplicaSet[]
}
