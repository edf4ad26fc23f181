// Selectors as the checks write them, and what they are made up of.
import fc from 'fast-check'
import type { LabelSelector, LabelSelectorRequirement, Requirement } from '#kit/labels'

/** A requirement with In. */
export function has(key: string, ...values: string[]): Requirement {
  return { key, operator: 'In', values }
}

/** A requirement with NotIn. */
export function hasNot(key: string, ...values: string[]): Requirement {
  return { key, operator: 'NotIn', values }
}

/** A requirement with Exists. */
export function exists(key: string): Requirement {
  return { key, operator: 'Exists', values: [] }
}

/** A requirement with DoesNotExist. */
export function existsNot(key: string): Requirement {
  return { key, operator: 'DoesNotExist', values: [] }
}

/** One of the matchExpressions. */
export function expression(key: string, operator: string, values?: string[]): LabelSelectorRequirement {
  return { key, operator, ...(values && { values }) }
}

/** A selector in an object, with one of the matchExpressions. That a part may be missing is looked at in LB-3. */
export function expressionOf(key: string, operator: string, values?: string[]): LabelSelector {
  return { matchLabels: {}, matchExpressions: [expression(key, operator, values)] }
}

/** In ascending order of their keys. */
export function byKey(requirements: readonly Requirement[]): Requirement[] {
  return [...requirements].sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1))
}

/** All lists of one to `most` of these, each of them as often as it comes. */
export function listsOf(values: readonly string[], most: number): string[][] {
  if (most === 0) return []
  const shorter = listsOf(values, most - 1)
  const longest = shorter.filter(({ length }) => length === most - 1)
  const begun = most === 1 ? [[]] : longest
  return [...shorter, ...begun.flatMap((list) => values.map((value) => [...list, value]))]
}

/** All lists of up to three of `b`, `c` and the empty value as a text may have them: LB-6 leaves open what `(b,,)` is. */
export const someLists = listsOf(['c', 'b', ''], 3).filter((list) => !/,,$/.test(list.join(',')))

/** Values that need no escape, some of them words that are operators elsewhere. */
export const someValue = fc.constantFrom('a', 'b1', 'B', 'x-y', '1.2_3', 'in', 'notin')

/** Keys likewise. */
export const someKey = fc.constantFrom('app', 'Tier', 'example.com/tier', 'a.b/c', 'in', 'notin', 'x1', '9')
