// LB-5 to LB-8 together: any text.
import fc from 'fast-check'
import type { Requirement, Selector } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import { expectRead, forAny } from './bench.ts'
import { byKey, exists, existsNot, has, hasNot, someKeys, someValue } from './selectors.ts'

check('LB-7.5', 'reads any text of valid requirements, however it is spaced', async (subject) => {
  const spellings = fc.array(spelling, { minLength: 1, maxLength: 10, size: 'max' })
  await forAny(subject, spellings, (example) => expectRead(subject, example), 5)
})

const blank = fc.constantFrom('', '', ' ', '\t', '\r\n', '   ')

/** A text, and the selector that it spells; no key twice. */
const spelling = fc
  .array(fc.record({ kind: fc.nat(4), values: fc.array(someValue, { minLength: 1, maxLength: 4 }) }), {
    maxLength: 4,
  })
  .chain((kinds) =>
    fc.record({
      kinds: fc.constant(kinds),
      keys: fc.shuffledSubarray(someKeys, { minLength: kinds.length, maxLength: kinds.length }),
      blanks: fc.array(blank, { minLength: 16, maxLength: 16 }),
    }),
  )
  .map(({ kinds, keys, blanks }): [text: string, selector: Selector] => {
    let used = 0
    const gap = () => blanks[used++ % blanks.length] ?? ''
    const spelt = kinds.map(({ kind, values }, i): [string, Requirement] => {
      const key = keys[i] ?? 'app'
      const value = values[0] ?? ''
      const list = `(${values.map((each) => gap() + each + gap()).join(',')})`
      const sorted = [...new Set(values)].sort()
      const all: [string, Requirement][] = [
        [`${key}${gap()}=${i % 2 === 0 ? '=' : ''}${gap()}${value}`, has(key, value)],
        [`${key}${gap()}!=${gap()}${value}`, hasNot(key, value)],
        [`${key} ${gap()}in${gap()}${list}`, has(key, ...sorted)],
        [`${key} ${gap()}notin${gap()}${list}`, hasNot(key, ...sorted)],
        i % 2 === 0 ? [key, exists(key)] : [`!${gap()}${key}`, existsNot(key)],
      ]
      return all[kind] ?? [key, exists(key)]
    })
    const text = gap() + spelt.map(([part]) => part).join(`${gap()},${gap()}`) + gap()
    return [text, byKey(spelt.map(([, requirement]) => requirement))]
  })
