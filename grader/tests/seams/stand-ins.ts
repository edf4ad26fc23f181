// What stands in for each later lesson's room until it is written, typed against its contract: no harm done.
import type { Access } from '#kit/access'
import type { Client } from '#kit/client'
import type { Configuration } from '#kit/configuration'
import type { Discovery } from '#kit/discovery'
import type { HostFiles } from '#kit/host-files'
import type { Preemption } from '#kit/preemption'
import type { Prober } from '#kit/prober'
import type { RolloutHistory } from '#kit/rollout-history'
import type { RolloutProgress } from '#kit/rollout-progress'
import type { VolumeBinding } from '#kit/volume-binding'
import type { VolumePlugin } from '#kit/volume-plugin'

export const prober: Prober = {
  start: async () => ({ started: true, ready: true, kill: undefined }),
  terminating: async () => {},
  stop: async () => {},
}

export const configuration: Configuration = {
  async settings({ container, serviceEnvironment }) {
    const environment = { ...serviceEnvironment }
    for (const { name, value } of container.env ?? []) if (value !== undefined) environment[name] = value
    return { state: 'ready', environment, command: container.command, args: container.args }
  },
}

/** An empty directory for each volume. `owner` keeps the directories of two plugins apart. */
export function emptyVolumes(
  files: HostFiles,
  owner: string,
  sources: VolumePlugin['sources'],
): VolumePlugin {
  return {
    sources,
    async setUp(pod, volume) {
      const hostPath = `pods/${pod.metadata.uid}/${owner}/${volume.name}`
      await files.makeDirectory(hostPath)
      return { state: 'ready', hostPath, readOnly: false }
    },
    tearDown: (podUid) => files.remove(`pods/${podUid}/${owner}`),
  }
}

export const discovery: Discovery = {
  dns: async () => ({ servers: [], searches: [], options: [] }),
  serviceEnvironment: async () => ({}),
}

export const volumeBinding: VolumeBinding = {
  wakesOn: [],
  preFilter: async () => undefined,
  filter: async () => ({}),
  reserve: async () => undefined,
  preBind: async () => undefined,
  unreserve: async () => {},
}

export const preemption: Preemption = {
  postFilter: async () => ({ nominatedNodeName: undefined, message: '' }),
}

export const rolloutHistory: RolloutHistory = {
  annotations: async () => ({ newReplicaSet: {}, deployment: {} }),
  expired: async () => [],
}

export const rolloutProgress: RolloutProgress = {
  plan: async () => ({ action: 'roll' }),
  conditions: async () => ({ conditions: [], checkAgainAfterMs: undefined }),
}

export const access: Access = {
  authenticate: async () => ({ name: 'kubernetes-admin', groups: ['system:masters'] }),
  authorize: async () => ({ allowed: true, reason: '' }),
  async issueToken(account, request) {
    const token = `stand-in:${account.namespace}:${account.name}`
    return { ...request, status: { token, expirationTimestamp: '2026-01-01T01:00:00Z' } }
  },
}

/** A client of an API that is yet to be constructed: what access and admission read through. */
export class LoopbackClient implements Client {
  #api: Client | undefined

  /** Says which API it is. */
  connect(api: Client): void {
    this.#api = api
  }

  get #connected(): Client {
    if (!this.#api) throw new Error('the loopback client is used before connect()')
    return this.#api
  }

  get: Client['get'] = (...call) => this.#connected.get(...call)
  list: Client['list'] = (...call) => this.#connected.list(...call)
  watch: Client['watch'] = (...call) => this.#connected.watch(...call)
  create: Client['create'] = (...call) => this.#connected.create(...call)
  update: Client['update'] = (...call) => this.#connected.update(...call)
  patch: Client['patch'] = (...call) => this.#connected.patch(...call)
  delete: Client['delete'] = (...call) => this.#connected.delete(...call)
  deleteCollection: Client['deleteCollection'] = (...call) => this.#connected.deleteCollection(...call)
}
