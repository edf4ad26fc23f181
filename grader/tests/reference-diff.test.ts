import { describe, expect, it } from 'vitest'
import { plain } from '../src/learn/colours.ts'
import { referenceDiff } from '../src/learn/reference-diff.ts'
import { widthOf } from '../src/learn/text-layout.ts'

const heads = { mine: 'yours', theirs: 'the reference' }
const mine = 'a\nb\nc\nd\ne\nf\ng\n'
const theirs = 'a\nb\nc\nd\nX\nY\nf\ng\n'

describe('a room beside the reference', () => {
  it('is one under the other in a narrow terminal', () => {
    expect(referenceDiff(mine, theirs, heads, 60, plain)).toEqual([
      ' - yours',
      ' + the reference',
      '',
      '   … one line is the same',
      '   b',
      '   c',
      '   d',
      ' - e',
      ' + X',
      ' + Y',
      '   f',
      '   g',
    ])
  })

  it('is side by side in a wide one, with line numbers', () => {
    const lines = referenceDiff(mine, theirs, heads, 100, plain).map((line) => line.replaceAll(/ +/g, ' '))
    expect(lines).toContain(' 5 - e │ 5 + X')
    expect(lines).toContain(' │ 6 + Y')
    expect(lines).toContain(' 6 f │ 7 f')
  })

  it('says so where the two are the same', () => {
    expect(referenceDiff(mine, mine, heads, 80, plain)).toEqual([' They are the same.'])
  })

  it.each([40, 99, 100, 160])('fits into %i columns, and shows nothing that acts', (width) => {
    const long = `const evil = '\u001b[2J${'港'.repeat(100)}'\n`
    for (const line of referenceDiff(mine + long, theirs, heads, width, plain)) {
      expect(widthOf(line)).toBeLessThanOrEqual(width)
      expect(line).not.toContain('\u001b')
    }
  })
})
