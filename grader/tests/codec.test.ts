import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode, Foreign, ForeignError } from '../src/sandbox/codec.ts'

const across = (value: unknown) => decode(JSON.parse(JSON.stringify(encode(value))))

describe('the codec', () => {
  it('gives every plain value back as it was', () => {
    const plain = fc.anything({ withBigInt: true, withDate: true, maxDepth: 4 })
    fc.assert(
      fc.property(plain, (value) => {
        expect(across(value)).toEqual(value)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it.each([
    Number.NaN,
    -0,
    0,
    Number.POSITIVE_INFINITY,
    undefined,
    null,
    '',
    [],
    {},
    [undefined],
    { a: undefined },
  ])('keeps %o apart from what JSON would make of it', (value) =>
    expect(Object.is(across(value), value) || typeof value === 'object').toBe(true),
  )

  it('defines __proto__ as a key of its own', () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}, "$": "tag"}')
    const copy = across(value) as Record<string, unknown>
    expect(Object.keys(copy)).toEqual(['__proto__', '$'])
    expect((copy as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  })

  it('copies an object of a class as its own fields', () => {
    class Entry {
      key = 'a'
      get value() {
        return 1
      }
    }
    expect(across(new Entry())).toEqual({ key: 'a' })
  })

  it('lets functions, symbols, promises, Maps and Sets arrive as something that equals nothing', () => {
    for (const value of [() => 1, Symbol('x'), Promise.resolve(1), new Map(), new Set()])
      expect(across(value)).toBeInstanceOf(Foreign)
    const nothing = () => undefined
    expect(across(nothing)).not.toEqual(across(nothing))
  })

  it('keeps an error’s name, message and fields', () => {
    const error = Object.assign(new TypeError('no'), { at: 3 })
    expect(across(error)).toEqual(new ForeignError('TypeError', 'no', { at: 3 }))
  })

  it('ends where something is endless', () => {
    const ring: Record<string, unknown> = {}
    ring.self = ring
    expect(JSON.stringify(encode(ring)).length).toBeLessThan(10_000)
    const fork: Record<string, unknown> = {}
    fork.left = fork.right = fork
    for (const endless of [fork, Array.from({ length: 300_000 }, () => 0)])
      expect(across(endless)).toMatchObject({ what: 'more than 200000 values' })
  })

  it('carries whole numbers as long as their text is made at once', () => {
    expect(across(7n ** 7_000n)).toBe(7n ** 7_000n)
    expect(across(7n ** 600_000n)).toBeInstanceOf(Foreign)
    expect(() => decode({ $: 'bigint', v: '7'.repeat(100_000) })).toThrow(TypeError)
  })

  it('says so where something cannot be read', () => {
    const trap = {
      get value(): never {
        throw new Error('caught you')
      },
    }
    expect(across(trap)).toMatchObject({ what: 'something that cannot be read: caught you' })
  })

  it.each([{ $: 'nonsense' }, { $: 'map', v: 3 }, { $: 'bigint', v: 3 }, { $: 'error', v: [] }, { $: 7 }])(
    'refuses %j, which is no encoding',
    (encoded) => expect(() => decode(encoded)).toThrow(TypeError),
  )
})
