/**
 * What runs containers on a node. The simulated one gives images a script; the process one runs real
 * processes. It outlives the kubelet: a kubelet that starts again finds here what the one before it left.
 *
 * Mirrors: the Container Runtime Interface, https://kubernetes.io/docs/concepts/architecture/cri/
 */
import type { ConnectionResult, HttpRequest } from '#kit/connection'
import type { Container, ContainerConfig, ContainerEvent } from '#kit/container'
import type { PodDns } from '#kit/discovery'
import type { Stream } from '#kit/stream'

/** The place that a pod's containers share, with an address of its own. */
export interface PodSandbox {
  id: string
  podUid: string
  namespace: string
  name: string
  ip: string
  state: 'ready' | 'stopped'
}

/** What a pod sandbox is run with. */
export interface PodSandboxConfig {
  podUid: string
  namespace: string
  name: string
  hostname: string
  dns: PodDns
}

/** The runtime of one node. */
export interface ContainerRuntime {
  /** @returns the image's id; `undefined` if it is not on this node */
  imageId(image: string): Promise<string | undefined>
  /** @throws {Error} with the runtime's message if there is no such image or no answer */
  pullImage(image: string): Promise<string>

  /** Gives the pod its address. */
  runPodSandbox(config: PodSandboxConfig): Promise<PodSandbox>
  /** Kills what still runs in it and gives its address back. Does nothing the second time. */
  stopPodSandbox(id: string): Promise<void>
  /** Forgets it, and its containers with it. */
  removePodSandbox(id: string): Promise<void>
  /** Every sandbox that was not removed, the stopped ones too. */
  listPodSandboxes(): Promise<PodSandbox[]>

  /** @returns the id of a container that has not started */
  createContainer(sandboxId: string, config: ContainerConfig): Promise<string>
  /** @throws {Error} with the runtime's message if it cannot be started */
  startContainer(id: string): Promise<void>
  /**
   * Sends TERM, and KILL when the time is over; resolves once it has exited. A second call may shorten the
   * time.
   */
  stopContainer(id: string, gracePeriodSeconds: number): Promise<void>
  /** Forgets a container that has exited, and its log. */
  removeContainer(id: string): Promise<void>
  /** Every container that was not removed, the exited ones too. */
  listContainers(): Promise<Container[]>
  /** Begins at the moment of the call. What happened before is found in `listContainers()`. */
  events(): Stream<ContainerEvent>

  /** The lines that it has printed; with `follow`, also those to come, until it exits. */
  logs(id: string, options?: { tailLines?: number; follow?: boolean }): Stream<string>
  /** @returns `undefined` if the command has not ended in time; it is killed then */
  exec(
    id: string,
    command: readonly string[],
    timeoutMs: number,
  ): Promise<{ exitCode: number; output: string } | undefined>
  /** One request from the node, with nothing left of it after `timeoutMs`. */
  httpGet(request: HttpRequest, timeoutMs: number): Promise<ConnectionResult>
  /** Opens a connection from the node and closes it: `answered`, with status 0. */
  tcpConnect(host: string, port: number, timeoutMs: number): Promise<ConnectionResult>
}
