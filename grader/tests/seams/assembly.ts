// The whole cluster put together with stand-ins. It only has to type-check: the classes are rooms to come.
import type { Access } from '#kit/access'
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import type { Component } from '#kit/component'
import type { Configuration } from '#kit/configuration'
import type { ContainerRuntime } from '#kit/container-runtime'
import type { Discovery } from '#kit/discovery'
import type { EventRecorder } from '#kit/event-recorder'
import type { HostFiles } from '#kit/host-files'
import type { Preemption } from '#kit/preemption'
import type { Prober } from '#kit/prober'
import type { Random } from '#kit/random'
import type { RolloutHistory } from '#kit/rollout-history'
import type { RolloutProgress } from '#kit/rollout-progress'
import type { KeyValueStore } from '#kit/store'
import type { TokenSigner } from '#kit/token-signer'
import type { VirtualResources } from '#kit/virtual-resource'
import type { VolumeBinding } from '#kit/volume-binding'
import type { VolumePlugin } from '#kit/volume-plugin'
import { replica } from './api-sketch.ts'
import { priorities } from './lesson-sketches.ts'
import * as standIn from './stand-ins.ts'

/** What every component is handed. */
export interface Surroundings {
  clock: Clock
  random: Random
  events: EventRecorder
}

/** A component has a client as well. */
type Running = Surroundings & { client: Client }

declare class Kubelet implements Component {
  constructor(
    parts: Running & {
      nodeName: string
      runtime: ContainerRuntime
      prober: Prober
      configuration: Configuration
      discovery: Discovery
      volumes: readonly VolumePlugin[]
    },
  )
  start(): Promise<void>
  stop(): Promise<void>
}

declare class Scheduler implements Component {
  constructor(parts: Running & { volumeBinding: VolumeBinding; preemption: Preemption })
  start(): Promise<void>
  stop(): Promise<void>
}

declare class DeploymentController implements Component {
  constructor(parts: Running & { history: RolloutHistory; progress: RolloutProgress })
  start(): Promise<void>
  stop(): Promise<void>
}

declare class LeaderElection implements Component {
  constructor(
    parts: Running & { identity: string; lease: { namespace: string; name: string }; lead: () => Component },
  )
  start(): Promise<void>
  stop(): Promise<void>
}

declare class TokenAccess implements Access {
  constructor(parts: { client: Client; clock: Clock; random: Random; tokens: TokenSigner })
  authenticate: Access['authenticate']
  authorize: Access['authorize']
  issueToken: Access['issueToken']
}

/** The whole cluster with stand-ins: nothing here is a cast, and no room names another lesson's room. */
export function assemble(
  parts: Surroundings & {
    store: KeyValueStore<object>
    tokens: TokenSigner
    runtime: ContainerRuntime
    files: HostFiles
  },
): Component[] {
  const plug = (client: Client) => {
    const access = new TokenAccess({ ...parts, client })
    const virtual: VirtualResources = {
      'ServiceAccount/token': {
        async create(request) {
          const { namespace = 'default', name = '' } = request.metadata ?? {}
          return access.issueToken({ namespace, name }, request)
        },
      },
    }
    return { access, admission: [priorities(client)], virtual }
  }
  const first = { ...parts, client: replica(parts, plug) }
  const second = { ...parts, client: replica(parts, plug) }
  const volumes = [
    standIn.emptyVolumes(parts.files, 'configuration', ['configMap', 'secret', 'downwardAPI', 'projected']),
    standIn.emptyVolumes(parts.files, 'storage', 'all'),
  ]
  const { prober, configuration, discovery, volumeBinding, preemption } = standIn
  const deployments = (running: Running) => () =>
    new DeploymentController({
      ...running,
      history: standIn.rolloutHistory,
      progress: standIn.rolloutProgress,
    })
  const lease = { namespace: 'kube-system', name: 'kube-controller-manager' }
  return [
    new Kubelet({ ...first, nodeName: 'node-1', prober, configuration, discovery, volumes }),
    new Scheduler({ ...first, volumeBinding, preemption }),
    new LeaderElection({ ...first, identity: 'one', lease, lead: deployments(first) }),
    new LeaderElection({ ...second, identity: 'two', lease, lead: deployments(second) }),
  ]
}
