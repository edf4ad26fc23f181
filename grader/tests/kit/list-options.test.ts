import { describe, expect, it } from 'vitest'
import { checkListOptions, parseResourceVersion } from '../../../starter/kit/list-options.ts'

describe('checkListOptions', () => {
  it('lets through what goes together', () => {
    for (const options of [
      {},
      { continue: 'token', resourceVersion: '0' },
      { resourceVersion: '7' },
      { resourceVersion: '0', resourceVersionMatch: 'NotOlderThan' },
      { resourceVersion: '7', resourceVersionMatch: 'Exact' },
    ] as const) {
      expect(() => checkListOptions(options)).not.toThrow()
    }
  })

  it.each([
    [{ resourceVersionMatch: 'Exact' }, 'is forbidden unless resourceVersion is provided'],
    [{ resourceVersion: '0', resourceVersionMatch: 'Exact' }, 'is forbidden for resourceVersion "0"'],
    [
      { continue: 'token', resourceVersion: '7', resourceVersionMatch: 'Exact' },
      'is forbidden when continue is provided',
    ],
    [{ continue: 'token', resourceVersion: '7' }, 'is not allowed when using continue'],
  ] as const)('refuses %o', (options, why) => {
    expect(() => checkListOptions(options)).toThrow(why)
  })
})

describe('parseResourceVersion', () => {
  it('finds none in what is left out, empty or 0', () => {
    expect([undefined, '', '0', '00'].map(parseResourceVersion)).toEqual(Array(4).fill(undefined))
  })

  it('reads a number, and refuses all else', () => {
    expect(parseResourceVersion('42')).toBe(42)
    for (const text of ['x', '-1', '1.5', ' 1', '1e3']) {
      expect(() => parseResourceVersion(text)).toThrow(
        `invalid resource version: resourceVersion: Invalid value`,
      )
    }
  })
})
