/**
 * Label selectors: how everything in the cluster says which objects it means. A selector is read from a text or
 * from an object, and then asked of any object's labels. Nothing that is passed in is changed.
 *
 * Mirrors: k8s.io/apimachinery/pkg/labels/selector.go; `LabelSelectorAsSelector` of pkg/apis/meta/v1/helpers.go
 * Simplified: no `>` and `<`, which no selector inside an object can have. `=` and `in` with one value are one
 * operator here, and so are `!=` and `notin`: they select the same, and are written the same.
 */
import { NotYet } from '#kit/not-yet'
import { type LabelSelector, type Labels, type Requirement, type Selector, SelectorError } from '#kit/labels'
import { labelValueProblems, qualifiedNameProblems } from '#kit/names'

/**
 * Whether an object with these labels is selected.
 *
 * @param labels those of the object; `undefined` is an object without labels
 */
export function matches(selector: Selector, labels: Labels | undefined): boolean {
  throw new NotYet('02-labels')
}

/**
 * Reads a selector that stands in an object, such as a ReplicaSet's `spec.selector`.
 *
 * @param labelSelector `undefined` selects nothing, `{}` everything
 * @throws {SelectorError} if an operator, a key or a value is not one
 */
export function selectorOf(labelSelector: LabelSelector | undefined): Selector {
  throw new NotYet('02-labels')
}

/**
 * Reads a selector as `kubectl get -l` takes it: `app=web,tier in (front,back),!canary`.
 *
 * @throws {SelectorError} if it is not one; the message says what was found where something else was expected
 */
export function parseSelector(text: string): Selector {
  throw new NotYet('02-labels')
}

/**
 * Writes a selector as a text: {@link parseSelector} reads the same selector from it.
 *
 * @throws {SelectorError} if it selects nothing: no text says that, and the empty one says the opposite
 */
export function formatSelector(selector: Selector): string {
  throw new NotYet('02-labels')
}
