/** A JSON object, of which nothing else is known. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a JSON value is an object: neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Applies a merge patch: its members replace the target's, objects are merged, null removes a member, and lists are
 * replaced as a whole. Neither argument changes; the result shares parts of both.
 *
 * Follows: RFC 7386
 */
export function mergePatch(target: unknown, patch: JsonObject): JsonObject {
  // A Map knows no inherited members, and makes `__proto__` a member like any other.
  const merged = new Map(isJsonObject(target) ? Object.entries(target) : [])
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, isJsonObject(value) ? mergePatch(merged.get(key), value) : value)
  }
  return Object.fromEntries(merged)
}
