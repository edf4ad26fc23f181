/** The rules for taints of nodes and tolerations of pods. */
import type { Taint, Toleration } from 'kubernetes-types/core/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import { duplicate, invalidValue, invalidValues, notSupported, oneOf } from '#kit/api/field-cause'
import { labelValueProblems, qualifiedNameProblems } from '#kit/names'

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** What is wrong with a pod's tolerations. */
export function validateTolerations(tolerations: readonly Toleration[], field: string): StatusCause[] {
  return tolerations.flatMap((toleration, index) => validateToleration(toleration, `${field}[${index}]`))
}

function validateToleration(toleration: Toleration, at: string): StatusCause[] {
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration
  const causes: StatusCause[] = []
  if (key) causes.push(...invalidValues(`${at}.key`, key, qualifiedNameProblems(key)))
  else if (operator !== 'Exists') {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
    causes.push(invalidValue(`${at}.operator`, operator, detail))
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set"
    causes.push(invalidValue(`${at}.effect`, effect, detail))
  }
  if (operator === 'Equal' || operator === '') {
    const problems = labelValueProblems(value)
    if (problems.length > 0) causes.push(invalidValue(`${at}.operator`, value, problems.join(';')))
  } else if (operator !== 'Exists') {
    causes.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists']))
  } else if (value) {
    causes.push(invalidValue(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"))
  }
  if (effect) causes.push(...oneOf(`${at}.effect`, effect, effects))
  return causes
}

/** What is wrong with a node's taints. */
export function validateTaints(taints: readonly Taint[], field: string): StatusCause[] {
  const seen = new Set<string>()
  return taints.flatMap(({ key = '', value = '', effect }, index) => {
    const at = `${field}[${index}]`
    const causes = invalidValues(`${at}.key`, key, qualifiedNameProblems(key))
    const problems = labelValueProblems(value)
    if (problems.length > 0) causes.push(invalidValue(`${at}.value`, value, problems.join(';')))
    causes.push(...oneOf(`${at}.effect`, effect, effects))
    const pair = `${key}:${effect}`
    if (seen.has(pair)) {
      const raw = `core.Taint{Key:${JSON.stringify(key)}, Value:${JSON.stringify(value)}, Effect:${JSON.stringify(effect)}, TimeAdded:<nil>}`
      causes.push(duplicate(at, { raw }, 'taints must be unique by key and effect pair'))
    }
    seen.add(pair)
    return causes
  })
}
