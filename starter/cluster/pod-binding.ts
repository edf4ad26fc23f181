import type { StatusCause } from 'kubernetes-types/meta/v1'
import type { DraftOf, Pod } from '#kit/api/kinds'
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import { conflict, invalid, isConflict } from '#kit/status-error'
import { timestamp } from '#kit/timestamp'
import type { VirtualResource } from '#kit/virtual-resource'

const NAMES = { group: '', resource: 'pods/binding', kind: 'Binding' }
/** How often a binding is tried again that somebody else's write got in the way of. */
const ATTEMPTS = 5

/**
 * What a scheduler asks for: that a pod run on a node. It can be done once, while the pod is not being deleted.
 *
 * @param client of the API that this is a part of; asked for when it is needed, because the API comes later
 *
 * Mirrors: `BindingREST` of k8s.io/kubernetes/pkg/registry/core/pod/storage
 */
export function podBinding(client: () => Client, clock: Clock): VirtualResource<'Pod/binding'> {
  return {
    async create(binding, { dryRun }) {
      const { name = '', namespace = '', uid } = binding.metadata ?? {}
      const causes = problemsOf(binding)
      if (causes.length > 0) throw invalid(NAMES, name, causes)
      for (let attempt = 1; ; attempt++) {
        const pod = await client().get('Pod', { name, namespace })
        requireUnbound(pod, uid)
        const bound = withNode(pod, binding.target.name ?? '', clock.now())
        try {
          await client().update('Pod', bound, { subresource: 'binding', dryRun })
          return binding
        } catch (error) {
          if (!isConflict(error) || attempt === ATTEMPTS) throw error
        }
      }
    },
  }
}

function problemsOf({ target }: DraftOf<'Pod/binding'>): StatusCause[] {
  const { kind = '', name } = target ?? {}
  const problems: StatusCause[] = []
  if (kind !== '' && kind !== 'Node') {
    const message = `Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`
    problems.push({ reason: 'FieldValueNotSupported', message, field: 'target.kind' })
  }
  if (!name) problems.push({ reason: 'FieldValueRequired', message: 'Required value', field: 'target.name' })
  return problems
}

/** @throws {StatusError} Conflict (409) */
function requireUnbound({ metadata, spec }: Pod, uid: string | undefined): void {
  const { name } = metadata
  if (uid !== undefined && uid !== '' && uid !== metadata.uid) {
    const uids = `UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`
    throw conflict(NAMES, name, `Precondition failed: ${uids}`)
  }
  if (metadata.deletionTimestamp)
    throw conflict(NAMES, name, `pod ${name} is being deleted, cannot be assigned to a host`)
  if (spec.nodeName)
    throw conflict(NAMES, name, `pod ${name} is already assigned to node ${JSON.stringify(spec.nodeName)}`)
}

function withNode(pod: Pod, nodeName: string, nowMs: number): Pod {
  const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp(nowMs) }
  const others = pod.status.conditions?.filter(({ type }) => type !== 'PodScheduled') ?? []
  return {
    ...pod,
    spec: { ...pod.spec, nodeName },
    status: { ...pod.status, conditions: [...others, { lastProbeTime: null, ...scheduled }] },
  } as Pod
}
