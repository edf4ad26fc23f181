import type { AccessAttributes } from '#kit/access'
import { forbidden, type StatusError } from '#kit/status-error'

/**
 * 403: this user may not do this, in the API's own sentence.
 *
 * Mirrors: `Forbidden` of k8s.io/apiserver/pkg/endpoints/handlers/responsewriters
 *
 * @param reason what the authorizer says about it; may be empty
 */
export function accessDenied(attributes: AccessAttributes, reason: string): StatusError {
  const { user, verb, apiGroup, resource, subresource, namespace, name = '' } = attributes
  const what = JSON.stringify(subresource ? `${resource}/${subresource}` : resource)
  const scope = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope'
  const sentence = `User ${JSON.stringify(user.name)} cannot ${verb} resource ${what} in API group ${JSON.stringify(apiGroup)} ${scope}`
  return forbidden(
    { group: apiGroup, resource, kind: '' },
    name,
    reason ? `${sentence}: ${reason}` : sentence,
  )
}
