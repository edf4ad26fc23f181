/**
 * Which templates a Deployment had, and how long they are kept. Lesson 15 fills it; the Deployment controller
 * (14) asks, and does the writing. Undo needs no call: it writes an old template into the Deployment.
 *
 * Mirrors: deployment_util.go (SetNewReplicaSetAnnotations) and sync.go (cleanupDeployment)
 */
import type { ReplicaSet } from '#kit/api/kinds'
import type { Rollout } from '#kit/rollout'

/** Annotations to merge into those that are there. */
export interface RevisionAnnotations {
  newReplicaSet: Readonly<Record<string, string>>
  deployment: Readonly<Record<string, string>>
}

/** The revisions of a Deployment. */
export interface RolloutHistory {
  /**
   * Called in every reconcile in which there is a new ReplicaSet or one is about to be created; the answer
   * goes into its creation, or into an update if something differs. An old ReplicaSet that becomes the new
   * one again gets the next revision this way. Stand-in: none.
   */
  annotations(rollout: Rollout): Promise<RevisionAnnotations>

  /**
   * Called at the end of every reconcile unless the Deployment is being deleted, paused and unfinished
   * rollouts included: when it is time to clean up is decided here. Stand-in: none.
   *
   * @returns the ReplicaSets to delete
   */
  expired(rollout: Rollout): Promise<readonly ReplicaSet[]>
}
