import { equals, iterableEquality } from '@vitest/expect'

/**
 * Where two values that are not equal begin to differ, inside of them: `value.kv.modRevision`, `items[2].key`.
 *
 * @returns `undefined` where they differ as a whole
 */
export function whereTheyDiffer(expected: unknown, seen: unknown): string | undefined {
  if (!isContainer(expected) || !isContainer(seen) || Array.isArray(expected) !== Array.isArray(seen))
    return undefined
  const names = Array.isArray(expected)
    ? Array.from({ length: Math.max(expected.length, Object.keys(seen).length) }, (_, index) => String(index))
    : [...new Set([...Object.keys(expected), ...Object.keys(seen)])]
  const name = names.find((name) => !equals(at(expected, name), at(seen, name), [iterableEquality]))
  if (name === undefined) return undefined
  const step = Array.isArray(expected) ? `[${name}]` : name
  const inside = whereTheyDiffer(at(expected, name), at(seen, name))
  return inside === undefined ? step : `${step}${inside.startsWith('[') ? '' : '.'}${inside}`
}

function isContainer(value: unknown): value is object {
  return Array.isArray(value) || (typeof value === 'object' && value?.constructor === Object)
}

function at(container: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(container, name)?.value
}
