import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cut, padded, widthOf, wrap, wrapAtMost } from '../src/learn/text-layout.ts'

describe('text in columns', () => {
  it('breaks at spaces, and keeps the indent of a line that goes on', () => {
    expect(wrap('  - of a put, of a delete', 14)).toEqual(['  - of a put,', '  of a delete'])
  })

  it('breaks a word that is longer than a line', () => {
    expect(wrap('aaaaaaaa bb', 5)).toEqual(['aaaaa', 'aaa', 'bb'])
  })

  it('counts two columns for a wide character and none for an accent', () => {
    expect([widthOf('港'), widthOf('🚢'), widthOf('é')]).toEqual([2, 2, 1])
  })

  it('fills up to a width, or cuts to it', () => {
    expect([padded('ab', 4), padded('港港港', 4), cut('abcdef', 4)]).toEqual(['ab  ', '港… ', 'abc…'])
  })

  it('says how many lines it left out', () => {
    expect(wrapAtMost('a\nb\nc\nd', 20, 3)).toEqual(['a', 'b', '… 2 more lines'])
  })

  it('shows what would act upon a terminal', () => {
    expect(wrap('\u001b[2Jred\u202e', 80)).toEqual(['\\u{1b}[2Jred\\u{202e}'])
    expect(cut('two\nlines\r', 80)).toBe('two ⏎ lines\\u{d}')
  })

  it('never makes a line wider than was asked for, nor loses a word', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 10, max: 60 }),
        (text, width) => {
          for (const line of wrap(text, width)) expect(widthOf(line)).toBeLessThanOrEqual(width)
          expect(widthOf(cut(text, width))).toBeLessThanOrEqual(width)
          expect(widthOf(padded(text, width))).toBe(width)
          const letters = (lines: string[]) => lines.join('').replaceAll(/\s/g, '')
          expect(letters(wrap(text, width))).toBe(letters(wrap(text, 100_000)))
        },
      ),
    )
  })
})
