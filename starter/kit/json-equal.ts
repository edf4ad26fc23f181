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
  const left = new Map(members(a))
  const right = members(b)
  return (
    left.size === right.length &&
    right.every(([key, value]) => left.has(key) && jsonEqual(left.get(key), value))
  )
}

function members(object: object): [string, unknown][] {
  return Object.entries(object).filter(([, value]) => value !== undefined)
}
