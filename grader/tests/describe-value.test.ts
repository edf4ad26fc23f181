import { describe, expect, it } from 'vitest'
import { describeValue } from '../src/runner/describe-value.ts'

describe('a value as a learner reads it', () => {
  it('has its fields in their own order', () => {
    expect(describeValue({ b: 1, a: [{ d: 'x', c: null }] })).toBe('{ b: 1, a: [{ d: "x", c: null }] }')
  })

  it('has them in the order of what it stands beside, and then those that only it has', () => {
    const expected = { a: [{ c: 1, d: 2 }], b: 1 }
    expect(describeValue({ e: 0, b: 1, a: [{ d: 2, c: 1 }] }, expected)).toBe(
      '{ a: [{ c: 1, d: 2 }], b: 1, e: 0 }',
    )
  })

  it('is as it is beside something else', () => {
    for (const like of [undefined, null, 'text', 7, []])
      expect(describeValue({ b: 1, a: 2 }, like)).toBe('{ b: 1, a: 2 }')
  })
})
