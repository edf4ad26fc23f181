/**
 * The rules for a pod's spec, in a pod and in a template.
 *
 * Mirrors: `ValidatePodSpec` of kubernetes/pkg/apis/core/validation
 * Simplified: the security contexts are not looked into.
 */
import type { PodSpec, PodTemplateSpec } from 'kubernetes-types/core/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import { validateContainers } from '#kit/api/container-validation'
import { invalidValue, invalidValues, notSupported, oneOf, required } from '#kit/api/field-cause'
import { validateAnnotations, validateLabels } from '#kit/api/object-meta'
import { validateResourceList } from '#kit/api/resource-requirements'
import { validateAffinity, validateTopologySpread } from '#kit/api/scheduling-validation'
import { validateTolerations } from '#kit/api/taint-validation'
import { validateVolumes } from '#kit/api/volume-validation'
import { dnsLabelProblems, dnsSubdomainProblems } from '#kit/names'

const restartPolicies = ['Always', 'OnFailure', 'Never']
const dnsPolicies = ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']
const preemptionPolicies = ['Never', 'PreemptLowerPriority']

/**
 * What is wrong with a pod's spec; one that is missing is an empty one.
 *
 * @param field such as `spec`, or `spec.template.spec`
 */
export function validatePodSpec(spec: Partial<PodSpec> = {}, field: string): StatusCause[] {
  const { containers = [], initContainers = [], volumes = [] } = spec
  const place = { volumes: new Set(volumes.map(({ name }) => name)), names: new Set<string>() }
  const name = (part: string, value: string | undefined, problems: (value: string) => string[]) =>
    value ? invalidValues(`${field}.${part}`, value, problems(value)) : []
  return [
    ...validateVolumes(volumes, `${field}.volumes`),
    ...(containers.length === 0 ? [required(`${field}.containers`)] : []),
    ...validateContainers(containers, { field: `${field}.containers`, init: false, ...place }),
    ...validateContainers(initContainers, { field: `${field}.initContainers`, init: true, ...place }),
    ...oneOf(`${field}.restartPolicy`, spec.restartPolicy, restartPolicies),
    ...oneOf(`${field}.dnsPolicy`, spec.dnsPolicy, dnsPolicies),
    ...validateLabels(spec.nodeSelector, `${field}.nodeSelector`),
    ...validateAffinity(spec.affinity, `${field}.affinity`),
    ...validateTopologySpread(spec.topologySpreadConstraints, `${field}.topologySpreadConstraints`),
    ...name('serviceAccountName', spec.serviceAccountName, dnsSubdomainProblems),
    ...name('nodeName', spec.nodeName, dnsSubdomainProblems),
    ...validateDeadline(spec.activeDeadlineSeconds, 1, `${field}.activeDeadlineSeconds`),
    ...name('hostname', spec.hostname, dnsLabelProblems),
    ...name('subdomain', spec.subdomain, dnsLabelProblems),
    ...validateTolerations(spec.tolerations ?? [], `${field}.tolerations`),
    ...name('priorityClassName', spec.priorityClassName, dnsSubdomainProblems),
    ...name('schedulerName', spec.schedulerName, dnsSubdomainProblems),
    ...(spec.preemptionPolicy && !preemptionPolicies.includes(spec.preemptionPolicy)
      ? [notSupported(`${field}.preemptionPolicy`, spec.preemptionPolicy, preemptionPolicies)]
      : []),
    ...validateResourceList(spec.overhead, `${field}.overhead`),
  ]
}

const int32 = 2 ** 31 - 1

/** What is wrong with the time that a pod may take. */
export function validateDeadline(seconds: number | undefined, least: 0 | 1, field: string): StatusCause[] {
  if (seconds === undefined || (seconds >= least && seconds <= int32)) return []
  return [invalidValue(field, seconds, `must be between ${least} and ${int32}, inclusive`)]
}

/** What is wrong with a template, from which pods are made. */
export function validatePodTemplate(template: Partial<PodTemplateSpec>, field: string): StatusCause[] {
  return [
    ...validateLabels(template.metadata?.labels, `${field}.labels`),
    ...validateAnnotations(template.metadata?.annotations, `${field}.annotations`),
    ...validatePodSpec(template.spec, `${field}.spec`),
  ]
}
