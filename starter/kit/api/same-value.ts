/**
 * Whether two JSON values say the same, as `Semantic.DeepEqual` of apimachinery compares them: an empty list
 * is as good as none, and the order of an object's keys does not matter.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b)
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const one = Object.entries(a)
  const other = new Map(Object.entries(b))
  for (const [key, value] of one) {
    if (!sameValue(value, other.get(key))) return false
    other.delete(key)
  }
  return [...other.values()].every(isNothing)
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}
