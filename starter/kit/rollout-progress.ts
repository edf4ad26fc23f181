/**
 * Whether a rollout may go on, and how it is coming along. Lesson 15 fills it; the Deployment controller (14)
 * asks. For it, lesson 14 keeps the annotations `deployment.kubernetes.io/desired-replicas` and
 * `max-replicas` on each ReplicaSet that it creates or scales.
 *
 * Mirrors: sync.go (scale) and progress.go of the Deployment controller
 */
import type { DeploymentCondition, DeploymentStatus } from 'kubernetes-types/apps/v1'
import type { Rollout } from '#kit/rollout'

/**
 * `roll`: the strategy goes on. `hold`: no ReplicaSet is created and no strategy followed in this reconcile;
 * those that are named here get that size, and the two annotations even where the size is right already; the
 * others stay.
 */
export type RolloutPlan = { action: 'roll' } | { action: 'hold'; replicas: Readonly<Record<string, number>> }

/** What this reconcile did about the new ReplicaSet. */
export type RolloutStep =
  | { type: 'none' }
  | { type: 'created'; replicaSet: string }
  | { type: 'failed'; message: string }

/** What the status is to say about the rollout. */
export interface RolloutConditions {
  /** All but `Available`, which is lesson 14's own. */
  conditions: readonly DeploymentCondition[]
  /** Reconcile again after so many milliseconds even if nothing happens; `undefined`: no need. */
  checkAgainAfterMs: number | undefined
}

/** The rollout as a whole: whether it holds, and whether it gets anywhere. */
export interface RolloutProgress {
  /**
   * Called in every reconcile before a ReplicaSet is created or resized, unless the Deployment is being
   * deleted: a paused Deployment holds, and so does one that was scaled in mid-rollout, for as long as it
   * takes to give every ReplicaSet its share. Stand-in: `roll`.
   */
  plan(rollout: Rollout): Promise<RolloutPlan>

  /**
   * Called last in every reconcile, before the status is written.
   * Stand-in: no condition, no need.
   *
   * @param rollout as this reconcile leaves it
   * @param status as it is to be written, with `Available` as its only condition; the status before is in the
   * object
   */
  conditions(rollout: Rollout, status: DeploymentStatus, step: RolloutStep): Promise<RolloutConditions>
}
