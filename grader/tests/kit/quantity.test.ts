import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  milliQuantityValue,
  parseQuantity,
  QuantityError,
  quantityValue,
  subtractQuantities,
} from '#kit/quantity'

describe('reading and writing an amount', () => {
  it.each([
    ['0', '0'],
    ['500m', '500m'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['1.5', '1500m'],
    ['.5', '500m'],
    ['5.', '5'],
    ['+3', '3'],
    ['-1.5', '-1500m'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['1023Ki', '1023Ki'],
    ['0.5Ki', '512'],
    ['1Ki', '1Ki'],
    ['1024', '1024'],
    ['1000k', '1M'],
    ['12E', '12E'],
    ['1e3', '1e3'],
    ['1E3', '1e3'],
    ['1.5e-3', '1500e-6'],
    ['100e1', '1e3'],
    ['0.1n', '1n'],
    ['1e-1000000', '1e-9'],
    [0.5, '500m'],
    [2, '2'],
  ])('reads %s and writes %s', (text, canonical) => {
    expect(formatQuantity(parseQuantity(text))).toBe(canonical)
  })

  it.each([
    ['', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['lots', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['1 ', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['1.2.3', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['m', 'unable to parse numeric part of quantity'],
    ['1K', "unable to parse quantity's suffix"],
    ['1e', "unable to parse quantity's suffix"],
    ['1mi', "unable to parse quantity's suffix"],
  ])('refuses %j', (text, message) => {
    expect(() => parseQuantity(text)).toThrow(new QuantityError(message))
  })

  it('writes what it reads back as the same amount in the same words', () => {
    const suffix = fc.constantFrom('n', 'u', 'm', '', 'k', 'M', 'Gi', 'Ki', 'Ei', 'e3', 'e-6')
    fc.assert(
      fc.property(fc.integer(), fc.nat(999), suffix, (whole, fraction, unit) => {
        const read = parseQuantity(`${whole}.${fraction}${unit}`)
        const written = formatQuantity(read)
        const again = parseQuantity(written)
        expect(compareQuantities(again, read)).toBe(0)
        expect(formatQuantity(again)).toBe(written)
      }),
    )
  })

  it('ends soon with an exponent that no one could mean', () => {
    expect(formatQuantity(parseQuantity('1e999999999'))).toBe('9223372036854775807')
  })

  it('reads any text or refuses it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          formatQuantity(parseQuantity(text))
        } catch (error) {
          expect(error).toBeInstanceOf(QuantityError)
        }
      }),
    )
  })
})

describe('reckoning with amounts', () => {
  it('is exact', () => {
    const sum = addQuantities(parseQuantity('100m'), parseQuantity('200m'))
    expect(compareQuantities(sum, parseQuantity('0.3'))).toBe(0)
    expect(formatQuantity(subtractQuantities(parseQuantity('1Gi'), parseQuantity('1Mi')))).toBe('1023Mi')
    expect(formatQuantity(subtractQuantities(parseQuantity('1'), parseQuantity('1500m')))).toBe('-500m')
  })

  it('writes a sum as its first part is written, unless that is nothing', () => {
    expect(formatQuantity(addQuantities(parseQuantity('1Ki'), parseQuantity('1k')))).toBe('2024')
    expect(formatQuantity(addQuantities(parseQuantity('0'), parseQuantity('1Gi')))).toBe('1Gi')
  })

  it('compares amounts that are written in different ways', () => {
    expect(compareQuantities(parseQuantity('1Gi'), parseQuantity('1G'))).toBeGreaterThan(0)
    expect(compareQuantities(parseQuantity('999m'), parseQuantity('1'))).toBeLessThan(0)
    expect(compareQuantities(parseQuantity('1e3'), parseQuantity('1k'))).toBe(0)
  })

  it('rounds up to whole units and to thousandths', () => {
    expect(quantityValue(parseQuantity('1500m'))).toBe(2)
    expect(quantityValue(parseQuantity('-1500m'))).toBe(-1)
    expect(milliQuantityValue(parseQuantity('1.0001'))).toBe(1001)
    expect(milliQuantityValue(parseQuantity('2'))).toBe(2000)
  })
})
