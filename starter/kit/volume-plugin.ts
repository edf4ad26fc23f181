/**
 * Makes the volumes of one sort ready for a pod. The kubelet (06) has a list: one for ConfigMaps, Secrets,
 * the downward API and projections (21), one for the others (22); the first that is for its source is asked.
 *
 * Mirrors: volume.VolumePlugin and the kubelet's volume manager
 */
import type { Volume } from 'kubernetes-types/core/v1'
import type { Pod } from '#kit/api/kinds'

/** Where a volume comes from, such as `configMap`. */
export type VolumeSource = Exclude<keyof Volume, 'name'>

/** Where the volume is; or why it is not there yet, for the event `FailedMount`. */
export type VolumeSetUp =
  | { state: 'ready'; hostPath: string; readOnly: boolean }
  | { state: 'waiting'; message: string }

/** What looks after the volumes of some sources, on one node. */
export interface VolumePlugin {
  /** The fields of a volume that it is for. Stand-ins: the same as the lesson's. */
  readonly sources: readonly VolumeSource[] | 'all'

  /**
   * Called before the pod's first container is created, and no container is created while one volume waits;
   * then again at every sync of the pod, at least once a minute, for as long as it lives. So this is where
   * files follow their ConfigMap, and tokens are renewed. Doing it again does no harm, also after a restart
   * of the kubelet.
   * Stand-in: an empty directory.
   */
  setUp(pod: Pod, volume: Volume): Promise<VolumeSetUp>

  /**
   * Called when the last container of a pod is gone and before the pod is; and, at the kubelet's start, for
   * every sandbox whose pod no longer exists. Every plugin is asked, also if it set up nothing. May be called
   * twice.
   * Stand-in: removes the pod's directories.
   */
  tearDown(podUid: string): Promise<void>
}
