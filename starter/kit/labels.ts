/**
 * Label selectors, as lesson 02 reads and applies them.
 *
 * Mirrors: `Requirement` and `Selector` of k8s.io/apimachinery/pkg/labels
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

/** A selector that cannot be read: `message` says what is wrong, in Kubernetes' words. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError'
}
