import type { KindName } from '#kit/api/kinds'
import type { Patch } from '#kit/client'
import { cannotUnmarshal, jsonPatch } from '#kit/json-patch'
import { mergeFields } from '#kit/merge-keys'
import { isJsonObject, type JsonObject, mergePatch } from '#kit/merge-patch'
import { badRequest, invalid } from '#kit/status-error'
import { strategicMerge } from '#kit/strategic-merge'

/**
 * The object with a patch applied. Whether it is still a right object of its kind is not looked at, but for its
 * `metadata`, which is an object.
 *
 * @param object JSON data; it stays as it is, and the result shares nothing with it or with the patch
 * @throws {StatusError} BadRequest (400) if the patch is malformed, RequestEntityTooLarge (413) if it has too many
 *   operations, Invalid (422) if it cannot be applied to this object; an error without a reason (500), as in
 *   Kubernetes, if an element of a merged list has no merge key or the patch has a directive that does not exist
 *
 * Mirrors: k8s.io/apiserver/pkg/endpoints/handlers/patch.go
 */
export function applyPatch(kind: KindName, object: object, patch: Patch): object {
  const patched = changed(kind, object, patch)
  const { metadata = null } = patched as { metadata?: unknown }
  if (isJsonObject(metadata)) return patched
  if (metadata === null) return { ...patched, metadata: {} }
  throw unreadable(patched, cannotUnmarshal(metadata, 'v1.ObjectMeta'))
}

function changed(kind: KindName, object: object, patch: Patch): object {
  try {
    return patch.type === 'json' ? jsonPatch(object, patch.operations) : merged(kind, object, patch)
  } catch (error) {
    // Nested deeper than there are calls to follow it.
    if (error instanceof RangeError) throw badRequest('exceeded max depth')
    throw error
  }
}

function merged(kind: KindName, object: object, { type, patch }: Exclude<Patch, { type: 'json' }>): object {
  // What comes over a network need not be what its type says.
  const sent: unknown = patch
  if (!isJsonObject(sent)) throw badRequest(cannotUnmarshal(sent, 'map[string]interface {}'))
  const current: JsonObject = { ...object }
  const result =
    type === 'merge' ? mergePatch(current, sent) : strategicMerge(current, sent, mergeFields(kind))
  return structuredClone(result)
}

/** What Kubernetes says of a patched object that is no longer one of its kind; it does not say of which. */
function unreadable(patched: object, why: string) {
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(patched))}: ${why}`
  const cause = { reason: 'FieldValueInvalid', message, field: 'patch' }
  return invalid({ group: '', resource: '', kind: '' }, '', [cause])
}
