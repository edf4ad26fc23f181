/**
 * Asks running containers how they are. Lesson 13 fills it; the kubelet (06) calls it and acts on the
 * answers, and reads no probe itself.
 *
 * Mirrors: prober.Manager of the kubelet
 */
import type { Container } from 'kubernetes-types/core/v1'
import type { Pod } from '#kit/api/kinds'

/** A container that runs. */
export interface ProbeTarget {
  pod: Pod
  podIp: string
  container: Container
  containerId: string
  /** When the container started, also if the kubelet started later: delays count from here. */
  startedAtMs: number
}

/** What is known of a container by its probes. */
export interface ProbeResults {
  /** Shown as the container's `started`. */
  started: boolean
  /** Shown as the container's `ready`, which decides the pod's conditions. */
  ready: boolean
  /**
   * Not `undefined`: the container is to be stopped, with this as the message of the event `Killing`; its
   * exit then goes by the restart policy like any other. `gracePeriodSeconds` is the probe's own;
   * `undefined`: the pod's.
   */
  kill: { message: string; gracePeriodSeconds: number | undefined } | undefined
}

/** The probes of all containers of one node. */
export interface Prober {
  /**
   * Called when a container has started, and once for each running one that a restarted kubelet finds.
   * Stand-in: started and ready, and never reports.
   *
   * @param report called whenever the results have changed, until `stop`
   * @returns the results to begin with: not ready if there is a readiness probe, not started if there is a
   * startup probe
   */
  start(target: ProbeTarget, report: (results: ProbeResults) => void): Promise<ProbeResults>

  /**
   * Called when the pod's deletion begins: from now on nothing but readiness matters, which still moves
   * endpoints.
   * Stand-in: nothing.
   */
  terminating(containerId: string): Promise<void>

  /**
   * Called when the container has exited, for whatever reason, and for every container when the kubelet
   * stops. Resolves when no probe is under way. Does nothing for a container that it does not know. Stand-in:
   * nothing.
   */
  stop(containerId: string): Promise<void>
}
