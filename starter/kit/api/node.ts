import type { Node as NodeDraft } from 'kubernetes-types/core/v1'
import { ageColumn, nameColumn, textColumn } from '#kit/api/columns'
import { forbiddenField } from '#kit/api/field-cause'
import type { KindRow } from '#kit/api/kind-table'
import type { Node } from '#kit/api/kinds'
import { metadataShape, validateMetadata } from '#kit/api/object-meta'
import { plainKind, shaped } from '#kit/api/plain-kind'
import { canonical } from '#kit/api/pod-defaults'
import { validateResourceList } from '#kit/api/resource-requirements'
import { sameValue } from '#kit/api/same-value'
import { validateTaints } from '#kit/api/taint-validation'
import { dnsSubdomainProblems } from '#kit/names'

/** Nodes. A new one may bring its status with it: a kubelet registers with both. */
export const node: KindRow<'Node'> = shaped(
  {
    apiVersion: 'string',
    kind: 'string',
    metadata: metadataShape,
    spec: {
      unschedulable: 'boolean',
      providerID: 'string',
      podCIDR: 'string',
      podCIDRs: ['string'],
      taints: [{ key: 'string', value: 'string', effect: 'string', timeAdded: 'string' }],
    },
    status: {
      capacity: { '*': 'integer,string' },
      allocatable: { '*': 'integer,string' },
      phase: 'string',
      addresses: [{ type: 'string', address: 'string' }],
      conditions: [{ type: 'string', status: 'string', reason: 'string', message: 'string' }],
      nodeInfo: {
        kubeletVersion: 'string',
        osImage: 'string',
        kernelVersion: 'string',
        containerRuntimeVersion: 'string',
      },
    },
  },
  {
    ...plainKind,
    kind: 'Node',
    group: '',
    version: 'v1',
    resource: 'nodes',
    singular: 'node',
    shortNames: ['no'],
    namespaced: false,
    readOnly: ['status'],
    subresources: { status: ['status'] },
    selectableFields: { 'spec.unschedulable': ({ spec }) => `${spec.unschedulable ?? false}` },
    columns: [
      nameColumn,
      textColumn('Status', 'Whether it is ready, and whether it takes new pods.', readiness),
      textColumn('Roles', 'What it is for.', roles),
      ageColumn,
      textColumn(
        'Version',
        'The version of its kubelet.',
        ({ status }) => status.nodeInfo?.kubeletVersion ?? '',
      ),
      textColumn('Internal-IP', 'Its address in the cluster.', address('InternalIP'), 1),
      textColumn('External-IP', 'Its address outside.', address('ExternalIP'), 1),
      textColumn(
        'OS-Image',
        'Its operating system.',
        ({ status }) => status.nodeInfo?.osImage || '<unknown>',
        1,
      ),
      textColumn(
        'Kernel-Version',
        'Its kernel.',
        ({ status }) => status.nodeInfo?.kernelVersion || '<unknown>',
        1,
      ),
      textColumn(
        'Container-Runtime',
        'What runs its containers.',
        ({ status }) => status.nodeInfo?.containerRuntimeVersion || '<unknown>',
        1,
      ),
    ],
    defaults: nodeDefaults,
    validate: ({ metadata, spec, status }) => [
      ...validateMetadata(metadata, { namespaced: false, nameProblems: dnsSubdomainProblems }),
      ...validateTaints(spec?.taints ?? [], 'spec.taints'),
      ...validateResourceList(status?.capacity, 'status.capacity'),
      ...validateResourceList(status?.allocatable, 'status.allocatable'),
    ],
    validateUpdate({ spec }, old) {
      const causes = []
      const { podCIDRs = [], providerID } = old.spec
      if (podCIDRs.length > 0 && !sameValue(spec?.podCIDRs, podCIDRs)) {
        const detail = 'node updates may not change podCIDR except from "" to valid'
        causes.push(forbiddenField('spec.podCIDRs', detail))
      }
      if (providerID && spec?.providerID !== providerID) {
        const detail = 'node updates may not change providerID except from "" to valid'
        causes.push(forbiddenField('spec.providerID', detail))
      }
      return causes
    },
  },
)

function nodeDefaults(draft: NodeDraft): NodeDraft {
  const { capacity, allocatable = capacity } = draft.status ?? {}
  return {
    ...draft,
    spec: draft.spec ?? {},
    status: {
      ...draft.status,
      ...(capacity && { capacity: canonical(capacity) }),
      ...(allocatable && { allocatable: canonical(allocatable) }),
    },
  }
}

function readiness({ spec, status }: Node): string {
  const ready = status.conditions?.find(({ type }) => type === 'Ready')
  const state = !ready ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return spec.unschedulable ? `${state},SchedulingDisabled` : state
}

function roles({ metadata }: Node): string {
  const prefix = 'node-role.kubernetes.io/'
  const found = new Set<string>()
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (key.startsWith(prefix) && key !== prefix) found.add(key.slice(prefix.length))
    else if (key === 'kubernetes.io/role' && value) found.add(value)
  }
  return [...found].sort().join(',') || '<none>'
}

function address(wanted: string): (node: Node) => string {
  return ({ status }) => status.addresses?.find(({ type }) => type === wanted)?.address || '<none>'
}
