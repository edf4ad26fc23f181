/**
 * Labels and label selectors, as lesson 02 reads and applies them.
 *
 * Mirrors: `Requirement` and `Selector` of k8s.io/apimachinery/pkg/labels, `LabelSelector` of
 * k8s.io/apimachinery/pkg/apis/meta/v1
 */

/** The labels of an object: `metadata.labels`. */
export type Labels = Readonly<Record<string, string>>

/** One condition on an object's labels. */
export interface Requirement {
  key: string
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  /** One or more, in ascending order, each once, with In and NotIn; empty otherwise. */
  values: readonly string[]
}

/** Conditions that must all hold: none selects everything. `'nothing'` selects no object at all. */
export type Selector = readonly Requirement[] | 'nothing'

/** A selector as it stands in an object, such as a ReplicaSet's `spec.selector`. Both parts must hold. */
export interface LabelSelector {
  /** Each of these labels, with this value. */
  matchLabels?: Labels
  matchExpressions?: readonly LabelSelectorRequirement[]
}

/** One condition as it stands in an object: whatever somebody wrote there. */
export interface LabelSelectorRequirement {
  key: string
  /** Should be one of the operators of {@link Requirement}. */
  operator: string
  /** Should be there with In and NotIn, and absent or empty otherwise. */
  values?: readonly string[]
}

/** A selector that cannot be read or written: `message` says what is wrong, in Kubernetes' words. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError'
}
