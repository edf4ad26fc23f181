/**
 * Whether two JSON values say the same: the order of members does not matter, and one that is `undefined` is as
 * good as left out.
 */
export function jsonEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((element, index) => jsonEqual(element, b[index]))
  }
  const left = new Map(Object.entries(a))
  for (const [key, value] of Object.entries(b)) {
    if (!jsonEqual(left.get(key), value)) return false
    left.delete(key)
  }
  return [...left.values()].every((value) => value === undefined)
}
