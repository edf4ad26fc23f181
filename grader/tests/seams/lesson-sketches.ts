// Later lessons in small: each does what Kubernetes asks of it through its contract alone.
import type { AdmissionPlugin } from '#kit/admission'
import type { Pod } from '#kit/api/kinds'
import type { Client } from '#kit/client'
import type { Preemption } from '#kit/preemption'
import type { RolloutProgress } from '#kit/rollout-progress'
import type { VolumeBinding } from '#kit/volume-binding'
import * as standIn from './stand-ins.ts'

/** Lesson 26 in small: a pod's priority is that of its class. */
export function priorities(client: Client): AdmissionPlugin {
  return {
    async mutate(request) {
      if (request.kind !== 'Pod' || request.operation !== 'CREATE') return request.object
      const { spec } = request.object
      if (!spec?.priorityClassName) return request.object
      const { value } = await client.get('PriorityClass', { name: spec.priorityClassName })
      return { ...request.object, spec: { ...spec, priority: value } }
    },
    validate: async () => {},
    finish: async () => {},
  }
}

/** Lesson 26 in small: of the pods below, spares each without which the new pod fits. */
export function evictTheLowest(client: Client): Preemption {
  return {
    async postFilter({ pod, nodes, rejections, fits }) {
      for (const { node, pods } of nodes) {
        const nodeName = node.metadata.name
        if (rejections[nodeName]?.code === 'UnschedulableAndUnresolvable') continue
        let victims = pods.filter((other) => (other.spec.priority ?? 0) < (pod.spec.priority ?? 0))
        if (!(await fits(nodeName, victims))) continue
        for (const spared of victims) {
          const fewer = victims.filter((victim) => victim !== spared)
          if (await fits(nodeName, fewer)) victims = fewer
        }
        for (const victim of victims) await client.delete('Pod', victim.metadata)
        return { nominatedNodeName: nodeName, message: '' }
      }
      return { nominatedNodeName: undefined, message: 'preemption: no victims found' }
    },
  }
}

/** Lesson 22 in small: a claim that waits for its first consumer is told the node, and waited for. */
export function bindWhenConsumed(client: Client): VolumeBinding {
  return {
    ...standIn.volumeBinding,
    wakesOn: ['PersistentVolumeClaim', 'StorageClass'],
    async preBind(pod, nodeName) {
      const namespace = pod.metadata.namespace ?? 'default'
      for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
        if (!persistentVolumeClaim) continue
        const claim = { namespace, name: persistentVolumeClaim.claimName }
        const annotations = { 'volume.kubernetes.io/selected-node': nodeName }
        await client.patch('PersistentVolumeClaim', claim, {
          type: 'merge',
          patch: { metadata: { annotations } },
        })
        const selection = { namespace, fieldSelector: `metadata.name=${claim.name}` }
        for await (const event of client.watch('PersistentVolumeClaim', selection)) {
          if (event.type === 'MODIFIED' && event.object.status.phase === 'Bound') break
        }
      }
      return undefined
    },
  }
}

/** Lesson 21 in small: what a projected token volume asks for. */
export async function projectedToken(client: Client, pod: Pod): Promise<string | undefined> {
  const metadata = {
    namespace: pod.metadata.namespace ?? 'default',
    name: pod.spec.serviceAccountName ?? 'default',
  }
  const spec = { audiences: ['api'], expirationSeconds: 3607 }
  const { status } = await client.create('ServiceAccount/token', { metadata, spec })
  return status?.token
}

/** Lesson 15 in small: a paused Deployment holds, at the size that is asked for. */
export const pausing: RolloutProgress = {
  async plan({ deployment, newReplicaSet }) {
    if (!deployment.spec.paused) return { action: 'roll' }
    const size = deployment.spec.replicas ?? 1
    return { action: 'hold', replicas: newReplicaSet ? { [newReplicaSet.metadata.name]: size } : {} }
  },

  async conditions({ deployment }, _status, step) {
    const said = deployment.status.conditions?.filter(({ type }) => type === 'Progressing') ?? []
    if (step.type !== 'created') return { conditions: said, checkAgainAfterMs: undefined }
    const message = `Created new replica set "${step.replicaSet}"`
    return {
      conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetCreated', message }],
      checkAgainAfterMs: (deployment.spec.progressDeadlineSeconds ?? 600) * 1000,
    }
  },
}
