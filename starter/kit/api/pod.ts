import type { Pod as PodDraft } from 'kubernetes-types/core/v1'
import type { KindRow, VirtualRow } from '#kit/api/kind-table'
import { validateMetadata } from '#kit/api/object-meta'
import { plainKind, shaped } from '#kit/api/plain-kind'
import { podColumns } from '#kit/api/pod-columns'
import { withAdmissionDefaults, withPodOnlyDefaults, withPodSpecDefaults } from '#kit/api/pod-defaults'
import { podShape } from '#kit/api/pod-shape'
import { validatePodSpec } from '#kit/api/pod-spec-validation'
import { validateBinding, validatePodStatusUpdate, validatePodUpdate } from '#kit/api/pod-update'
import { qosClass } from '#kit/api/qos-class'
import { dnsSubdomainProblems } from '#kit/names'

function podDefaults(draft: PodDraft, operation: 'CREATE' | 'UPDATE'): PodDraft {
  const given = draft.spec
  // Without a spec there is nothing to fill in; validation asks for its containers.
  const spec = given && withAdmissionDefaults(withPodOnlyDefaults(withPodSpecDefaults(given)))
  return {
    ...draft,
    ...(spec && { spec }),
    status:
      operation === 'CREATE'
        ? { phase: 'Pending', qosClass: qosClass(spec ?? { containers: [] }) }
        : (draft.status ?? {}),
  }
}

/** Pods. */
export const pod: KindRow<'Pod'> = shaped(podShape, {
  ...plainKind,
  kind: 'Pod',
  group: '',
  version: 'v1',
  resource: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  readOnly: ['status'],
  // A binding also says in the status that the pod is scheduled.
  subresources: { status: ['status'], binding: ['spec', 'status'] },
  returnsDeleted: true,
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec.hostNetwork ?? false),
    'spec.restartPolicy': ({ spec }) => spec.restartPolicy ?? '',
    'spec.schedulerName': ({ spec }) => spec.schedulerName ?? '',
    'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? '',
    'status.phase': ({ status }) => status.phase ?? '',
    'status.podIP': ({ status }) => status.podIPs?.[0]?.ip ?? status.podIP ?? '',
    // As in Kubernetes: it may be asked for, and is never there.
    'status.podIPs': () => '',
    'status.nominatedNodeName': ({ status }) => status.nominatedNodeName ?? '',
  },
  columns: podColumns,
  defaults: podDefaults,
  validate: ({ metadata, spec }) => [
    ...validateMetadata(metadata, { namespaced: true, nameProblems: dnsSubdomainProblems }),
    ...validatePodSpec(spec, 'spec'),
  ],
  validateUpdate(changed, old, subresource) {
    if (subresource === 'binding') return validateBinding(changed, old)
    return subresource === 'status' ? validatePodStatusUpdate(changed, old) : validatePodUpdate(changed, old)
  },
  gracePeriodSeconds({ spec, status }, asked) {
    // Nobody runs it: there is nothing to wait for.
    if (!spec.nodeName || status.phase === 'Succeeded' || status.phase === 'Failed') return 0
    const seconds = asked ?? spec.terminationGracePeriodSeconds ?? 30
    return seconds < 0 ? 1 : seconds
  },
})

/** What gives a pod its node. */
export const podBinding: VirtualRow = {
  kind: 'Binding',
  group: '',
  version: 'v1',
  resource: 'pods',
  subresource: 'binding',
  singular: 'binding',
  shortNames: [],
  categories: [],
  namespaced: true,
}
