/**
 * Field selectors: `spec.nodeName=node-1,status.phase!=Running`.
 *
 * Mirrors: k8s.io/apimachinery/pkg/fields
 */

import type { KindRow } from '#kit/api/kind-table'
import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import { badRequest } from '#kit/status-error'

/** One condition on a field of an object. */
export interface FieldTerm {
  field: string
  operator: '=' | '!='
  value: string
}

/**
 * Reads a field selector: terms with `=`, `==` (the same) or `!=`, with commas between them, all of which must hold.
 * In a value, a backslash goes before a comma, an equals sign or a backslash. Empty: no terms.
 *
 * @throws {StatusError} BadRequest (400) if it cannot be read
 */
export function parseFieldSelector(text: string): FieldTerm[] {
  return splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => parseTerm(text, term))
}

/** At the commas that no backslash stands before. */
function splitTerms(text: string): string[] {
  return text.match(/(?:\\[\s\S]|\\$|[^\\,])+/g) ?? []
}

function parseTerm(selector: string, term: string): FieldTerm {
  const parts = /^(?<field>.*?)(?<operator>!=|==?)(?<value>.*)$/s.exec(term)?.groups
  if (!parts) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`)
  const { field = '', operator, value = '' } = parts
  return { field, operator: operator === '!=' ? '!=' : '=', value: unescaped(value) }
}

function unescaped(value: string): string {
  return value.replace(/\\([\s\S]?)|=/gu, (found, escaped: string | undefined) => {
    // Kubernetes prints the number of the character here, not the character.
    if (escaped === undefined) throw badRequest('invalid field selector: unescaped character in value: 61')
    if ([',', '=', '\\'].includes(escaped)) return escaped
    throw badRequest(`invalid field selector: invalid escape sequence: ${found}`)
  })
}

/**
 * Whether an object is selected, as a function that can be asked of many.
 *
 * @param row the kind; `metadata.name` and `metadata.namespace` can be selected by in every kind
 * @throws {StatusError} BadRequest (400) if the selector cannot be read, or names a field that this kind cannot be
 *   selected by
 */
export function fieldMatcher<K extends StoredKind>(
  row: Pick<KindRow<K>, 'selectableFields'>,
  text: string,
): (object: ObjectOf<K>) => boolean {
  const conditions = parseFieldSelector(text).map(({ field, operator, value }) => {
    const read = readerOf(row.selectableFields, field)
    return (object: ObjectOf<K>) => (read(object) === value) === (operator === '=')
  })
  return (object) => conditions.every((holds) => holds(object))
}

function readerOf<K extends StoredKind>(fields: KindRow<K>['selectableFields'], field: string) {
  if (field === 'metadata.name') return (object: ObjectOf<K>) => object.metadata.name
  if (field === 'metadata.namespace') return (object: ObjectOf<K>) => object.metadata.namespace ?? ''
  const read = Object.hasOwn(fields, field) ? fields[field] : undefined
  if (read) return read
  // Kinds without fields of their own answer with the message of the API machinery.
  const message =
    Object.keys(fields).length > 0
      ? `field label not supported: ${field}`
      : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
  throw badRequest(message)
}
