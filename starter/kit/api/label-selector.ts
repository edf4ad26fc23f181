/**
 * The rules for label selectors in a spec.
 *
 * Mirrors: `ValidateLabelSelector` of k8s.io/apimachinery/pkg/apis/meta/v1/validation
 */
import type { LabelSelector, LabelSelectorRequirement, StatusCause } from 'kubernetes-types/meta/v1'
import { forbiddenField, invalidValue, invalidValues, required } from '#kit/api/field-cause'
import { validateLabels } from '#kit/api/object-meta'
import type { Shape } from '#kit/api/shape'
import { labelValueProblems, qualifiedNameProblems } from '#kit/names'

/** What a label selector looks like. */
export const labelSelectorShape: Shape = {
  matchLabels: { '*': 'string' },
  matchExpressions: [{ key: 'string', operator: 'string', values: ['string'] }],
}

/** What is wrong with a label selector; none at all is no selector, and nothing is wrong with it. */
export function validateLabelSelector(selector: LabelSelector | undefined, field: string): StatusCause[] {
  const expressions = selector?.matchExpressions ?? []
  return [
    ...validateLabels(selector?.matchLabels, `${field}.matchLabels`),
    ...expressions.flatMap((expression, index) =>
      validateExpression(expression, `${field}.matchExpressions[${index}]`),
    ),
  ]
}

function validateExpression(expression: LabelSelectorRequirement, field: string): StatusCause[] {
  const { key = '', operator = '', values = [] } = expression
  return [
    ...validateOperator(operator, values, field),
    ...invalidValues(`${field}.key`, key, qualifiedNameProblems(key)),
    ...values.flatMap((value, index) =>
      invalidValues(`${field}.values[${index}]`, value, labelValueProblems(value)),
    ),
  ]
}

function validateOperator(operator: string, values: readonly string[], field: string): StatusCause[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length > 0) return []
      return [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist':
      if (values.length === 0) return []
      return [
        forbiddenField(
          `${field}.values`,
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        ),
      ]
    default:
      return [invalidValue(`${field}.operator`, operator, 'not a valid selector operator')]
  }
}

/** Whether a selector that has nothing wrong selects an object with these labels. */
export function selectorMatches(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  const labelOf = (key: string) => (Object.hasOwn(labels, key) ? labels[key] : undefined)
  return (
    Object.entries(matchLabels).every(([key, value]) => labelOf(key) === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labelOf(key)
      if (operator === 'Exists') return value !== undefined
      if (operator === 'DoesNotExist') return value === undefined
      return (value !== undefined && values.includes(value)) === (operator === 'In')
    })
  )
}

/** A selector in the notation of `kubectl -l`, as columns show it. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {}
  const parts = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}=${matchLabels[key]}`)
  for (const { key, operator, values = [] } of matchExpressions) {
    if (operator === 'Exists') parts.push(key)
    else if (operator === 'DoesNotExist') parts.push(`!${key}`)
    else parts.push(`${key} ${operator.toLowerCase()} (${[...values].sort().join(',')})`)
  }
  return parts.join(',') || '<none>'
}
