import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { quickClone } from '../src/sandbox/quick-clone.ts'

const host = vi.fn((...args: unknown[]) => structuredClone(...(args as [unknown])))
const clone = quickClone(host)

describe('a quick clone', () => {
  it('copies what JSON has by itself', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        host.mockClear()
        const copy = clone(value)
        expect(copy).toStrictEqual(structuredClone(value))
        if (typeof value === 'object' && value !== null) expect(copy).not.toBe(value)
        // The one key of which a host does otherwise than an assignment.
        if (!JSON.stringify(value).includes('__proto__')) expect(host).not.toHaveBeenCalled()
      }),
    )
  })

  it('does with anything else what the host does', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
    })
    fc.assert(
      fc.property(anything, (value) => {
        expect(clone(value)).toStrictEqual(structuredClone(value))
      }),
    )
  })

  it('copies an object once that is there twice, and one that is in itself', () => {
    const part = { a: 1 }
    const twice = clone({ one: part, other: [part] }) as { one: object; other: object[] }
    expect(twice.one).toBe(twice.other[0])
    expect(twice.one).not.toBe(part)
    const ring: { self?: unknown } = {}
    ring.self = ring
    const copy = clone(ring) as typeof ring
    expect(copy.self).toBe(copy)
  })

  it.each<[string, object]>([
    [
      'an object of a class',
      new (class {
        a = 1
      })(),
    ],
    ['an array with a field', Object.assign([1, 2], { more: 3 })],
    ['an array with a hole and a field', Object.assign(Array.from({ length: 1 }), { more: 3 }) as object],
    ['a field called __proto__', JSON.parse('{"__proto__": {"a": 1}}')],
    [
      'a getter',
      {
        get a() {
          return { b: 1 }
        },
      },
    ],
    ['a field that is not enumerable', Object.defineProperty({ a: 1 }, 'b', { value: 2 })],
    ['a symbol for a key', { a: 1, [Symbol('b')]: 2 }],
    ['an error', new RangeError('no')],
    ['what is frozen', Object.freeze({ a: Object.freeze([1]) })],
  ])('copies as the host does: %s', (_, value) => {
    const described = (copy: unknown) => [
      Object.getOwnPropertyDescriptors(copy),
      Object.getPrototypeOf(copy),
      Array.isArray(copy),
    ]
    expect(described(clone(value))).toStrictEqual(described(structuredClone(value)))
  })

  it.each<[string, unknown]>([
    ['a function', () => 1],
    ['a function within', { a: [() => 1] }],
    ['a symbol', { a: Symbol('a') }],
    ['a promise', [Promise.resolve()]],
  ])('refuses what the host refuses: %s', (_, value) => {
    expect(() => clone(value)).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
  })

  it('lets through what a getter throws', () => {
    const value = {
      get a() {
        throw new RangeError('not now')
      },
    }
    expect(() => clone(value)).toThrow(new RangeError('not now'))
  })

  it('leaves a transfer to the host', () => {
    const buffer = new ArrayBuffer(8)
    expect(clone(buffer, { transfer: [buffer] })).toEqual(new ArrayBuffer(8))
    expect(host).toHaveBeenLastCalledWith(buffer, { transfer: [buffer] })
  })
})
