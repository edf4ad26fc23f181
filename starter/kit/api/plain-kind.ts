import type { KindRow } from '#kit/api/kind-table'
import type { StoredKind } from '#kit/api/kinds'
import { type Shape, shapeProblems, withoutNulls } from '#kit/api/shape'

/** What a row says where its kind has nothing special: a plain object, deleted as soon as it is asked for. */
export const plainKind = {
  shortNames: [],
  categories: [],
  namespaced: true,
  counted: false,
  readOnly: [],
  subresources: {},
  unconditionalUpdate: true,
  returnsDeleted: false,
  selectableFields: {},
  validateUpdate: () => [],
  gracePeriodSeconds: () => 0,
  held: () => false,
  terminating: <T>(object: T): T => object,
} as const

/**
 * A row whose functions may trust the types of what they are given: an object with another shape keeps its
 * form and is refused by `validate`, whatever it holds.
 */
export function shaped<K extends StoredKind>(shape: Shape, row: KindRow<K>): KindRow<K> {
  return {
    ...row,
    defaults(draft, operation) {
      if (shapeProblems(draft, shape).length > 0) return draft
      return row.defaults(withoutNulls(draft, shape), operation)
    },
    validate(object) {
      const problems = shapeProblems(object, shape)
      return problems.length > 0 ? problems : row.validate(withoutNulls(object, shape))
    },
    validateUpdate(object, old, subresource) {
      if (shapeProblems(object, shape).length > 0) return []
      return row.validateUpdate(withoutNulls(object, shape), old, subresource)
    },
  }
}
