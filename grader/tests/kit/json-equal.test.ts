import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonEqual } from '../../../starter/kit/json-equal.ts'

describe('jsonEqual', () => {
  it('finds a copy equal, in whichever order its members are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(jsonEqual(value, structuredClone(value))).toBe(true)
      }),
    )
    expect(jsonEqual({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 })).toBe(true)
  })

  it('finds two values equal only if their JSON says the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 1 }), fc.jsonValue({ maxDepth: 1 }), (a, b) => {
        // Their text differs although they are equal.
        if (JSON.stringify(a) !== JSON.stringify(b)) fc.pre(!isPermutation(a, b))
        expect(jsonEqual(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      }),
    )
  })

  it('takes undefined for left out, and an array for no object', () => {
    expect(jsonEqual({ a: undefined, b: 1 }, { b: 1 })).toBe(true)
    expect(jsonEqual({ a: undefined }, { b: 1 })).toBe(false)
    expect(jsonEqual([], {})).toBe(false)
    expect(jsonEqual({ 0: 'a' }, ['a'])).toBe(false)
    expect(jsonEqual([1, 2], [1])).toBe(false)
    expect(jsonEqual(null, {})).toBe(false)
  })
})

function isPermutation(a: unknown, b: unknown): boolean {
  const sorted = (value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? JSON.stringify(Object.entries(value).sort())
      : JSON.stringify(value)
  return sorted(a) === sorted(b)
}
