/**
 * The rules for where a pod wants to be: affinity and topology spread.
 *
 * Mirrors: `validateAffinity` and `validateTopologySpreadConstraints` of kubernetes/pkg/apis/core/validation
 */
import type {
  Affinity,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinityTerm,
  TopologySpreadConstraint,
} from 'kubernetes-types/core/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import {
  duplicate,
  forbiddenField,
  invalidValue,
  invalidValues,
  notSupported,
  required,
} from '#kit/api/field-cause'
import { validateLabelSelector } from '#kit/api/label-selector'
import { qualifiedNameProblems } from '#kit/names'

const requiredTerms = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferredTerms = 'preferredDuringSchedulingIgnoredDuringExecution'

/** What is wrong with a pod's affinity. */
export function validateAffinity(affinity: Affinity | undefined, field: string): StatusCause[] {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity ?? {}
  const causes: StatusCause[] = []
  const hard = nodeAffinity?.[requiredTerms]
  if (hard) {
    const at = `${field}.nodeAffinity.${requiredTerms}.nodeSelectorTerms`
    const terms = hard.nodeSelectorTerms ?? []
    if (terms.length === 0) causes.push(required(at, 'must have at least one node selector term'))
    causes.push(...terms.flatMap((term, index) => validateNodeTerm(term, `${at}[${index}]`)))
  }
  for (const [index, { weight, preference }] of (nodeAffinity?.[preferredTerms] ?? []).entries()) {
    const at = `${field}.nodeAffinity.${preferredTerms}[${index}]`
    causes.push(...validateWeight(weight, at), ...validateNodeTerm(preference ?? {}, `${at}.preference`))
  }
  for (const [part, one] of Object.entries({ podAffinity, podAntiAffinity })) {
    for (const [index, term] of (one?.[requiredTerms] ?? []).entries()) {
      causes.push(...validatePodTerm(term, `${field}.${part}.${requiredTerms}[${index}]`))
    }
    for (const [index, { weight, podAffinityTerm }] of (one?.[preferredTerms] ?? []).entries()) {
      const at = `${field}.${part}.${preferredTerms}[${index}]`
      causes.push(...validateWeight(weight, at), ...validatePodTerm(podAffinityTerm, `${at}.podAffinityTerm`))
    }
  }
  return causes
}

function validateWeight(weight: number | undefined, at: string): StatusCause[] {
  if (weight !== undefined && weight >= 1 && weight <= 100) return []
  return [invalidValue(`${at}.weight`, weight ?? 0, 'must be in the range 1-100')]
}

function validateNodeTerm({ matchExpressions = [] }: NodeSelectorTerm, at: string): StatusCause[] {
  return matchExpressions.flatMap((expression, index) =>
    validateNodeExpression(expression, `${at}.matchExpressions[${index}]`),
  )
}

function validateNodeExpression(
  { key = '', operator = '', values = [] }: NodeSelectorRequirement,
  at: string,
): StatusCause[] {
  return [
    ...validateOperator(operator, values, at),
    ...invalidValues(`${at}.key`, key, qualifiedNameProblems(key)),
  ]
}

function validateOperator(operator: string, values: readonly string[], at: string): StatusCause[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length > 0) return []
      return [required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist':
      if (values.length === 0) return []
      return [
        forbiddenField(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      ]
    case 'Gt':
    case 'Lt':
      if (values.length === 1) return []
      return [required(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
    default:
      return [invalidValue(`${at}.operator`, operator, 'not a valid selector operator')]
  }
}

function validatePodTerm(term: Partial<PodAffinityTerm> | undefined, at: string): StatusCause[] {
  const { labelSelector, namespaceSelector, topologyKey } = term ?? {}
  return [
    ...validateLabelSelector(labelSelector, `${at}.labelSelector`),
    ...validateLabelSelector(namespaceSelector, `${at}.namespaceSelector`),
    ...(topologyKey
      ? invalidValues(`${at}.topologyKey`, topologyKey, qualifiedNameProblems(topologyKey))
      : [required(`${at}.topologyKey`, 'can not be empty')]),
  ]
}

const whenUnsatisfiableValues = ['DoNotSchedule', 'ScheduleAnyway']

/** What is wrong with how a pod wants to be spread. */
export function validateTopologySpread(
  constraints: readonly TopologySpreadConstraint[] | undefined,
  field: string,
): StatusCause[] {
  const seen = new Set<string>()
  return (constraints ?? []).flatMap((constraint, index) => {
    const at = `${field}[${index}]`
    const { maxSkew = 0, topologyKey, whenUnsatisfiable = '', labelSelector } = constraint
    const causes: StatusCause[] = []
    if (maxSkew <= 0) causes.push(invalidValue(`${at}.maxSkew`, maxSkew, 'must be greater than zero'))
    if (!topologyKey) causes.push(required(`${at}.topologyKey`, 'can not be empty'))
    if (!whenUnsatisfiableValues.includes(whenUnsatisfiable)) {
      causes.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, whenUnsatisfiableValues))
    }
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`
    if (seen.has(pair)) causes.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair))
    seen.add(pair)
    return [...causes, ...validateLabelSelector(labelSelector, `${at}.labelSelector`)]
  })
}
