/** Values as Go's `%#v` prints them, for the messages in which Kubernetes shows more than a string. */
import type { LabelSelector } from 'kubernetes-types/meta/v1'

/** A list of strings: `[]string{"a"}`. */
export function goStrings(values: readonly string[] | undefined): string {
  return values ? `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}` : '[]string(nil)'
}

/** Labels: `map[string]string{"app":"web"}`. */
export function goStringMap(map: Readonly<Record<string, string>> | undefined): string {
  if (!map) return 'map[string]string(nil)'
  const entries = Object.keys(map)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(map[key])}`)
  return `map[string]string{${entries.join(', ')}}`
}

/** A label selector. */
export function goLabelSelector({ matchLabels, matchExpressions }: LabelSelector): string {
  const type = 'v1.LabelSelectorRequirement'
  const expressions = matchExpressions?.map(
    ({ key, operator, values }) =>
      `${type}{Key:${JSON.stringify(key)}, Operator:${JSON.stringify(operator)}, Values:${goStrings(values)}}`,
  )
  const list = expressions ? `[]${type}{${expressions.join(', ')}}` : `[]${type}(nil)`
  return `v1.LabelSelector{MatchLabels:${goStringMap(matchLabels)}, MatchExpressions:${list}}`
}
