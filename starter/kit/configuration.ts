/**
 * What a container is started with. Lesson 21 fills it, together with a `VolumePlugin` for the same sources
 * as files; the kubelet (06) asks.
 *
 * Mirrors: kubelet_pods.go, makeEnvironmentVariables
 */
import type { Container } from 'kubernetes-types/core/v1'
import type { Pod } from '#kit/api/kinds'

/** The container that is about to be created. */
export interface ContainerContext {
  pod: Pod
  container: Container
  podIp: string
  hostIp: string
  /** What discovery has said already: `envFrom` and `env` go over it, and `$(NAME)` may name it. */
  serviceEnvironment: Readonly<Record<string, string>>
}

/**
 * What to create the container with; or the reason and message of the waiting state that it stays in for now.
 */
export type ContainerSettings =
  | {
      state: 'ready'
      environment: Readonly<Record<string, string>>
      command: readonly string[] | undefined
      args: readonly string[] | undefined
    }
  | { state: 'waiting'; reason: 'CreateContainerConfigError'; message: string }

/** Where a container's environment and arguments come from. */
export interface Configuration {
  /**
   * Called each time before a container is created, also when it is restarted: a restart sees what has
   * changed. While the answer is `waiting`, the kubelet shows it and asks again at its next sync.
   * Stand-in: the service environment, the `env` entries that have a `value`, `command` and `args` as they
   * stand.
   */
  settings(context: ContainerContext): Promise<ContainerSettings>
}
