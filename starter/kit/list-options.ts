import type { StatusCause } from 'kubernetes-types/meta/v1'
import type { ListOptions } from '#kit/client-options'
import { badRequest, invalid } from '#kit/status-error'

/**
 * Refuses options of a list that do not go together.
 *
 * Mirrors: `ValidateListOptions` of k8s.io/apimachinery/pkg/apis/meta/internalversion/validation
 *
 * @throws {StatusError} BadRequest (400) or Invalid (422)
 */
export function checkListOptions(options: ListOptions): void {
  const { continue: token, resourceVersion, resourceVersionMatch: match } = options
  if (match !== undefined) {
    const causes: StatusCause[] = []
    const refuse = (reason: string, message: string) =>
      causes.push({ reason, message, field: 'resourceVersionMatch' })
    if (!resourceVersion) {
      const why = 'resourceVersionMatch is forbidden unless resourceVersion is provided'
      refuse('FieldValueForbidden', `Forbidden: ${why}`)
    }
    if (token) {
      const why = 'resourceVersionMatch is forbidden when continue is provided'
      refuse('FieldValueForbidden', `Forbidden: ${why}`)
    }
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      const supported = 'supported values: "Exact", "NotOlderThan", ""'
      refuse('FieldValueNotSupported', `Unsupported value: ${JSON.stringify(match)}: ${supported}`)
    }
    if (match === 'Exact' && resourceVersion === '0') {
      const why = 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'
      refuse('FieldValueForbidden', `Forbidden: ${why}`)
    }
    const names = { group: 'meta.k8s.io', kind: 'ListOptions', resource: '' }
    if (causes.length > 0) throw invalid(names, '', causes)
  }
  if (token && resourceVersion && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue')
  }
}

/**
 * The revision that a `resourceVersion` stands for; `undefined` where none is asked for: left out, empty or `0`.
 *
 * Mirrors: `ParseResourceVersion` of k8s.io/apiserver/pkg/storage
 *
 * @throws {StatusError} BadRequest (400)
 */
export function parseResourceVersion(text: string | undefined): number | undefined {
  if (!text) return undefined
  if (!/^\d+$/.test(text)) {
    const value = JSON.stringify(text)
    const problem = `strconv.ParseUint: parsing ${value}: invalid syntax`
    throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${value}: ${problem}`)
  }
  return Number(text) || undefined
}
