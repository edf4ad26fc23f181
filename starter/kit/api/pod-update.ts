/**
 * What may be changed of a pod that is there.
 *
 * Mirrors: `ValidatePodUpdate`, `ValidatePodStatusUpdate` of kubernetes/pkg/apis/core/validation, and
 * `BindingREST` of kubernetes/pkg/registry/core/pod/storage
 */
import type {
  Container,
  ContainerStatus,
  Pod as PodDraft,
  PodSpec,
  Toleration,
} from 'kubernetes-types/core/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import { forbiddenField, invalidValue, invalidValues, required } from '#kit/api/field-cause'
import type { Pod } from '#kit/api/kinds'
import { validateDeadline } from '#kit/api/pod-spec-validation'
import { sameValue } from '#kit/api/same-value'
import { dnsSubdomainProblems } from '#kit/names'

/** What is wrong with a change of the pod itself. */
export function validatePodUpdate(pod: PodDraft, old: Pod): StatusCause[] {
  const spec = pod.spec ?? { containers: [] }
  for (const part of ['containers', 'initContainers'] as const) {
    if ((spec[part] ?? []).length === (old.spec[part] ?? []).length) continue
    return [forbiddenField(`spec.${part}`, 'pod updates may not add or remove containers')]
  }
  const deadline = validateDeadlineChange(spec.activeDeadlineSeconds, old.spec.activeDeadlineSeconds)
  if (deadline.length > 0) return deadline
  const causes = validateAddedTolerations(spec.tolerations ?? [], old.spec.tolerations ?? [])
  if (causes.length > 0 || sameValue(withChangeable(spec, old.spec), old.spec)) return causes
  const detail =
    'pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds`, `spec.tolerations` (only additions to existing tolerations) or `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'
  return [forbiddenField('spec', detail)]
}

/** The spec as it would be if nothing that may be changed had been. */
function withChangeable(spec: PodSpec, old: PodSpec): PodSpec {
  const images = (containers: readonly Container[] = [], before: readonly Container[] = []) =>
    containers.map((container, index) => ({ ...container, image: before[index]?.image }))
  const graceRaised = (old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1
  return {
    ...spec,
    containers: images(spec.containers, old.containers) as Container[],
    initContainers: images(spec.initContainers, old.initContainers) as Container[],
    ...pick(old, 'activeDeadlineSeconds'),
    ...pick(old, 'tolerations'),
    ...(graceRaised && pick(old, 'terminationGracePeriodSeconds')),
  }
}

function pick<K extends keyof PodSpec>(spec: PodSpec, part: K): Pick<PodSpec, K> {
  // Left out stays left out, so that it replaces what the change has.
  return { [part]: spec[part] } as Pick<PodSpec, K>
}

function validateDeadlineChange(now: number | undefined, before: number | undefined): StatusCause[] {
  const field = 'spec.activeDeadlineSeconds'
  if (now === undefined) {
    if (before === undefined) return []
    return [invalidValue(field, null, 'must not update from a positive integer to nil value')]
  }
  const causes = validateDeadline(now, 0, field)
  if (causes.length > 0 || before === undefined || now <= before) return causes
  return [invalidValue(field, now, 'must be less than or equal to previous value')]
}

function validateAddedTolerations(now: readonly Toleration[], before: readonly Toleration[]): StatusCause[] {
  const kept = before.every((old) =>
    now.some((toleration) => sameValue({ ...toleration, tolerationSeconds: old.tolerationSeconds }, old)),
  )
  if (kept) return []
  const detail = 'existing toleration can not be modified except its tolerationSeconds'
  return [forbiddenField('spec.tolerations', detail)]
}

/** What is wrong with a change of the pod's status. */
export function validatePodStatusUpdate({ status }: PodDraft, old: Pod): StatusCause[] {
  const node = status?.nominatedNodeName
  return [
    ...(node ? invalidValues('status.nominatedNodeName', node, dnsSubdomainProblems(node)) : []),
    ...validateTransitions(status?.containerStatuses, old, 'containerStatuses'),
    ...validateTransitions(status?.initContainerStatuses, old, 'initContainerStatuses'),
  ]
}

function validateTransitions(
  now: readonly ContainerStatus[] = [],
  { spec: { restartPolicy }, status }: Pod,
  part: 'containerStatuses' | 'initContainerStatuses',
): StatusCause[] {
  // An init container of a pod that starts anew may run again when others would not.
  const policy = part === 'initContainerStatuses' && restartPolicy === 'Always' ? 'OnFailure' : restartPolicy
  if (policy === 'Always') return []
  return (status[part] ?? []).flatMap(({ name, state }, index) => {
    const ended = state?.terminated
    if (!ended || (ended.exitCode !== 0 && policy === 'OnFailure')) return []
    const runsAgain = now.some((container) => container.name === name && !container.state?.terminated)
    if (!runsAgain) return []
    const detail = 'may not be transitioned to non-terminated state'
    return [forbiddenField(`status.${part}[${index}].state`, detail)]
  })
}

/** What is wrong with a binding: it gives a pod its node, once. */
export function validateBinding({ spec }: PodDraft, old: Pod): StatusCause[] {
  const { name, deletionTimestamp } = old.metadata
  const field = 'spec.nodeName'
  if (!spec?.nodeName) return [required(field)]
  if (deletionTimestamp) {
    return [forbiddenField(field, `pod ${name} is being deleted, cannot be assigned to a host`)]
  }
  if (old.spec.nodeName) {
    return [
      forbiddenField(field, `pod ${name} is already assigned to node ${JSON.stringify(old.spec.nodeName)}`),
    ]
  }
  const { nodeName: _, ...rest } = spec
  return sameValue(rest, old.spec)
    ? []
    : [forbiddenField('spec', 'a binding may set nothing but `spec.nodeName`')]
}
