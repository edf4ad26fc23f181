/** What a container is created with. */
export interface ContainerConfig {
  name: string
  /** 0 for the first container of this name in the pod; one more for each that takes its place. */
  attempt: number
  image: string
  /** Left out: as the image says. */
  command?: readonly string[]
  args?: readonly string[]
  environment: Readonly<Record<string, string>>
  /** `hostPath` is a path of kit/host-files.ts. */
  mounts: readonly { hostPath: string; mountPath: string; readOnly: boolean; subPath?: string }[]
  /** Comes back with the container, unread. */
  annotations: Readonly<Record<string, string>>
}

/** Where a container is in its life. Times are in milliseconds since 1970. */
export type ContainerState =
  | { phase: 'created' }
  | { phase: 'running'; startedAtMs: number }
  | { phase: 'exited'; startedAtMs: number; finishedAtMs: number; exitCode: number; reason: string }

/** A container as the runtime knows it. */
export interface Container {
  id: string
  sandboxId: string
  name: string
  attempt: number
  image: string
  annotations: Readonly<Record<string, string>>
  state: ContainerState
}

/** What the runtime noticed. */
export interface ContainerEvent {
  type: 'started' | 'exited'
  podUid: string
  containerId: string
}
