import { equals, iterableEquality } from '@vitest/expect'
import { describeValue, nameText } from './describe-value.ts'

type Texts = [expected: string, seen: string]

/** What stands for parts that are alike. */
const ALIKE = '…'

/** Values of no more characters are shown as they are. */
const SHORT = 80

/** Two values as a learner compares them: `…` stands for what both have alike. */
export function difference(expected: unknown, seen: unknown): Texts {
  const whole: Texts = [describeValue(expected), describeValue(seen, expected)]
  if (whole.every((text) => text.length <= SHORT)) return whole
  if (Array.isArray(expected) && Array.isArray(seen)) return ofArrays(expected, seen)
  return isPlain(expected) && isPlain(seen) ? ofObjects(expected, seen) : whole
}

function ofArrays(expected: unknown[], seen: unknown[]): Texts {
  const length = Math.max(expected.length, seen.length)
  const sides: [string[], string[]] = [[], []]
  for (let at = 0; at < length; at++) {
    const [one, other] = hides(expected[at], seen[at]) ? [ALIKE, ALIKE] : difference(expected[at], seen[at])
    if (at < expected.length) sides[0].push(one)
    if (at < seen.length) sides[1].push(other)
  }
  return [`[${sides[0].join(', ')}]`, `[${sides[1].join(', ')}]`]
}

/** Whether an item is left out: what is one word only is not worth it. */
function hides(one: unknown, other: unknown): boolean {
  return typeof one === 'object' && alike(one, other)
}

function ofObjects(expected: object, seen: object): Texts {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(seen)])]
  const sides: [string[], string[]] = [[], []]
  let isWhole = true
  for (const name of names) {
    const [before, after] = [memberOf(expected, name), memberOf(seen, name)]
    if (alike(before, after)) {
      isWhole &&= before === undefined
      continue
    }
    const [one, other] = difference(before, after)
    if (before !== undefined) sides[0].push(`${nameText(name)}: ${one}`)
    if (after !== undefined) sides[1].push(`${nameText(name)}: ${other}`)
  }
  const [one, other] = sides.map((members) => {
    const shown = isWhole ? members : [...members, ALIKE]
    return shown.length === 0 ? '{}' : `{ ${shown.join(', ')} }`
  })
  return [one ?? '', other ?? '']
}

function alike(one: unknown, other: unknown): boolean {
  return equals(one, other, [iterableEquality])
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Its own; what every object inherits, such as `__proto__`, is none. */
function memberOf(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value
}
