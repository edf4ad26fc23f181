import type {
  ReplicaSet as ReplicaSetDraft,
  ReplicaSetSpec,
  ReplicaSetStatus,
} from 'kubernetes-types/apps/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import { ageColumn, countColumn, nameColumn, textColumn } from '#kit/api/columns'
import { forbiddenField, invalidValue, nonNegative, notSupported, required } from '#kit/api/field-cause'
import { goLabelSelector, goStringMap } from '#kit/api/go-value'
import type { KindRow } from '#kit/api/kind-table'
import type { ReplicaSet } from '#kit/api/kinds'
import {
  formatLabelSelector,
  labelSelectorShape,
  selectorMatches,
  validateLabelSelector,
} from '#kit/api/label-selector'
import { metadataShape, validateMetadata } from '#kit/api/object-meta'
import { plainKind, shaped } from '#kit/api/plain-kind'
import { withTemplateDefaults } from '#kit/api/pod-defaults'
import { podTemplateShape } from '#kit/api/pod-shape'
import { validatePodTemplate } from '#kit/api/pod-spec-validation'
import { sameValue } from '#kit/api/same-value'
import { dnsSubdomainProblems } from '#kit/names'

/** ReplicaSets. */
export const replicaSet: KindRow<'ReplicaSet'> = shaped(
  {
    apiVersion: 'string',
    kind: 'string',
    metadata: metadataShape,
    spec: {
      replicas: 'integer',
      minReadySeconds: 'integer',
      selector: labelSelectorShape,
      template: podTemplateShape,
    },
    status: {
      replicas: 'integer',
      fullyLabeledReplicas: 'integer',
      readyReplicas: 'integer',
      availableReplicas: 'integer',
      observedGeneration: 'integer',
      conditions: [{ type: 'string', status: 'string', reason: 'string', message: 'string' }],
    },
  },
  {
    ...plainKind,
    kind: 'ReplicaSet',
    group: 'apps',
    version: 'v1',
    resource: 'replicasets',
    singular: 'replicaset',
    shortNames: ['rs'],
    categories: ['all'],
    counted: true,
    readOnly: ['status'],
    subresources: { status: ['status'] },
    selectableFields: { 'status.replicas': ({ status }) => `${status.replicas ?? 0}` },
    columns: [
      nameColumn,
      countColumn('Desired', 'How many pods there are to be.', ({ spec }) => spec.replicas),
      countColumn('Current', 'How many pods there are.', ({ status }) => status.replicas),
      countColumn('Ready', 'How many of them are ready.', ({ status }) => status.readyReplicas),
      ageColumn,
      textColumn('Containers', 'What runs in each pod.', (set) => ofContainers(set, 'name'), 1),
      textColumn('Images', 'The images of its containers.', (set) => ofContainers(set, 'image'), 1),
      textColumn(
        'Selector',
        'Which pods it takes for its own.',
        ({ spec }) => formatLabelSelector(spec.selector),
        1,
      ),
    ],
    defaults(draft, operation) {
      const given: Partial<ReplicaSetSpec> = draft.spec ?? {}
      return {
        ...draft,
        // Without a selector it stays so: validation asks for it.
        spec: {
          ...given,
          replicas: given.replicas ?? 1,
          template: withTemplateDefaults(given.template ?? {}),
        } as ReplicaSetSpec,
        status: operation === 'CREATE' ? { replicas: 0 } : (draft.status ?? { replicas: 0 }),
      }
    },
    validate: ({ metadata, spec }) => [
      ...validateMetadata(metadata, { namespaced: true, nameProblems: dnsSubdomainProblems }),
      ...validateSpec(spec ?? {}),
    ],
    validateUpdate: (object, old, subresource) =>
      subresource === 'status' ? validateStatus(object.status) : validateSelectorUnchanged(object, old),
  },
)

function ofContainers({ spec }: ReplicaSet, part: 'name' | 'image'): string {
  return (spec.template?.spec?.containers ?? []).map((container) => container[part] ?? '').join(',')
}

function validateSpec({
  replicas,
  minReadySeconds,
  selector,
  template,
}: Partial<ReplicaSetSpec>): StatusCause[] {
  const causes = [
    ...nonNegative('spec.replicas', replicas),
    ...nonNegative('spec.minReadySeconds', minReadySeconds),
  ]
  if (!selector) causes.push(required('spec.selector'))
  else {
    const problems = validateLabelSelector(selector, 'spec.selector')
    causes.push(...problems)
    const empty = !Object.keys(selector.matchLabels ?? {}).length && !selector.matchExpressions?.length
    if (empty) {
      const raw = goLabelSelector(selector)
      causes.push(invalidValue('spec.selector', { raw }, 'empty selector is invalid for deployment'))
    } else if (problems.length === 0 && !selectorMatches(selector, template?.metadata?.labels)) {
      const raw = goStringMap(template?.metadata?.labels)
      const detail = '`selector` does not match template `labels`'
      causes.push(invalidValue('spec.template.metadata.labels', { raw }, detail))
    }
  }
  causes.push(...validatePodTemplate(template ?? {}, 'spec.template'))
  const { restartPolicy, activeDeadlineSeconds } = template?.spec ?? {}
  if (restartPolicy && restartPolicy !== 'Always') {
    causes.push(notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']))
  }
  if (activeDeadlineSeconds !== undefined) {
    const detail = 'activeDeadlineSeconds in ReplicaSet is not Supported'
    causes.push(forbiddenField('spec.template.spec.activeDeadlineSeconds', detail))
  }
  return causes
}

function validateSelectorUnchanged({ spec }: ReplicaSetDraft, old: ReplicaSet): StatusCause[] {
  if (!spec?.selector || sameValue(spec.selector, old.spec.selector)) return []
  return [invalidValue('spec.selector', { raw: goLabelSelector(spec.selector) }, 'field is immutable')]
}

function validateStatus(status: ReplicaSetStatus | undefined): StatusCause[] {
  const { replicas = 0, fullyLabeledReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status ?? {}
  const counts = { replicas, fullyLabeledReplicas, readyReplicas, availableReplicas }
  const causes = Object.entries({ ...counts, observedGeneration: status?.observedGeneration ?? 0 }).flatMap(
    ([part, count]) => nonNegative(`status.${part}`, count),
  )
  const atMost = (part: keyof typeof counts, limit: number, name: string) => {
    if (counts[part] <= limit) return
    causes.push(invalidValue(`status.${part}`, counts[part], `cannot be greater than ${name}`))
  }
  atMost('fullyLabeledReplicas', replicas, 'status.replicas')
  atMost('readyReplicas', replicas, 'status.replicas')
  atMost('availableReplicas', replicas, 'status.replicas')
  atMost('availableReplicas', readyReplicas, 'readyReplicas')
  return causes
}
