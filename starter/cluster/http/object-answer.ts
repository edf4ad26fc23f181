import type { StoredKind } from '#kit/api/kinds'
import type { WatchEvent } from '#kit/client'
import { answerForm } from './accept.ts'
import { sendJson } from './answer.ts'
import { includeObject } from './query.ts'
import type { ResourceRequest } from './resource-request.ts'
import { groupVersion, type ServedResource, type StoredResource } from './served-resources.ts'
import { type AnyList, type AnyObject, partial, partialList, table } from './table.ts'

/** What an answer is made for: the client's wishes. */
type Asked = Pick<ResourceRequest, 'request' | 'response' | 'query'>

/**
 * Sends an object, in the form that was asked for.
 *
 * @param nowMs the time that ages are measured at
 * @throws {StatusError} NotAcceptable (406)
 */
export function sendObject(
  { request, response, query }: Asked,
  resource: ServedResource,
  nowMs: number,
  code: number,
  object: object,
  warnings: readonly string[],
): void {
  const answer: AnyObject = {
    kind: resource.kind,
    apiVersion: groupVersion(resource),
    metadata: {},
    ...object,
  }
  const form = resource.stored ? answerForm(request.headers.accept) : 'object'
  if (form === 'metadata') sendJson(response, code, partial(answer), warnings)
  else if (form === 'table' && resource.stored) {
    const { resourceVersion } = answer.metadata
    const made = table(resource, { resourceVersion }, [answer], nowMs, includeObject(query))
    sendJson(response, code, made, warnings)
  } else sendJson(response, code, answer, warnings)
}

/**
 * Sends a list, in the form that was asked for.
 *
 * @throws {StatusError} NotAcceptable (406)
 */
export function sendList(
  { request, response, query }: Asked,
  resource: StoredResource,
  nowMs: number,
  list: AnyList,
): void {
  const { metadata, items } = list
  const form = answerForm(request.headers.accept)
  if (form === 'metadata') sendJson(response, 200, partialList(list))
  else if (form === 'table')
    sendJson(response, 200, table(resource, metadata, items, nowMs, includeObject(query)))
  else {
    // The list says what its objects are.
    const bare = items.map((item) => ({ ...item, kind: undefined, apiVersion: undefined }))
    const answer = { kind: `${resource.kind}List`, apiVersion: groupVersion(resource), metadata, items: bare }
    sendJson(response, 200, answer)
  }
}

/**
 * How the objects of a watch's events are sent: in the form that was asked for. Only the first table has headers.
 *
 * @throws {StatusError} NotAcceptable (406)
 */
export function eventEncoder(
  { request, query }: Asked,
  resource: StoredResource,
  now: () => number,
): (event: WatchEvent<StoredKind>) => object {
  const form = answerForm(request.headers.accept)
  const include = form === 'table' ? includeObject(query) : 'None'
  let withHeaders = true
  return ({ type, object }) => {
    const answer: AnyObject = { kind: resource.kind, apiVersion: groupVersion(resource), ...object }
    if (form === 'metadata') return partial(answer)
    if (form === 'object') return answer
    const { resourceVersion } = answer.metadata
    // A bookmark has nothing to be shown.
    const rows = type === 'BOOKMARK' ? [] : [answer]
    const made = table(resource, { resourceVersion }, rows, now(), include, withHeaders)
    withHeaders = false
    return made
  }
}
