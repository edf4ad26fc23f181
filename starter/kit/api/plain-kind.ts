import type { KindRow } from '#kit/api/kind-table'
import type { StoredKind } from '#kit/api/kinds'
import { read, type Shape } from '#kit/api/shape'

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
      const { value, problems } = read(draft, shape)
      return problems.length > 0 ? draft : row.defaults(value, operation)
    },
    validate(object) {
      const { value, problems } = read(object, shape)
      return problems.length > 0 ? problems : row.validate(value)
    },
    validateUpdate(object, old, subresource) {
      const { value, problems } = read(object, shape)
      return problems.length > 0 ? [] : row.validateUpdate(value, old, subresource)
    },
  }
}
