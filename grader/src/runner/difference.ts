// Two values as a learner compares them: what both have alike is left out.
import { equals, iterableEquality } from '@vitest/expect'
import { describeValue } from '../../src/runner/describe-value.ts'
import { type Words, words } from '../../src/runner/expect.ts'

type Texts = [expected: string, seen: string]

/** What stands for parts that are alike. */
const ALIKE = '…'

/** Values of no more characters are shown as they are. */
const SHORT = 80

/** Both values, as texts in which `…` stands for what is alike. */
export function differing(expected: unknown, seen: unknown): [expected: Words, seen: Words] {
  const [one, other] = texts(expected, seen)
  return [words(one), words(other)]
}

function texts(expected: unknown, seen: unknown): Texts {
  const whole: Texts = [describeValue(expected), describeValue(seen, expected)]
  if (whole.every((text) => text.length <= SHORT)) return whole
  if (Array.isArray(expected) && Array.isArray(seen)) return ofArrays(expected, seen)
  return isPlain(expected) && isPlain(seen) ? ofObjects(expected, seen) : whole
}

function ofArrays(expected: unknown[], seen: unknown[]): Texts {
  const length = Math.max(expected.length, seen.length)
  const sides: [string[], string[]] = [[], []]
  for (let at = 0; at < length; at++) {
    const [one, other] = hides(expected[at], seen[at]) ? [ALIKE, ALIKE] : texts(expected[at], seen[at])
    if (at < expected.length) sides[0].push(one)
    if (at < seen.length) sides[1].push(other)
  }
  return [`[${sides[0].join(', ')}]`, `[${sides[1].join(', ')}]`]
}

/** Whether an item is left out: what is one word only is not worth it. */
function hides(one: unknown, other: unknown): boolean {
  return typeof one === 'object' && alike(one, other)
}

function ofObjects(expected: Record<string, unknown>, seen: Record<string, unknown>): Texts {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(seen)])]
  const sides: [string[], string[]] = [[], []]
  let isWhole = true
  for (const name of names) {
    if (alike(expected[name], seen[name])) {
      isWhole &&= expected[name] === undefined
      continue
    }
    const [one, other] = texts(expected[name], seen[name])
    if (expected[name] !== undefined) sides[0].push(`${nameText(name)}: ${one}`)
    if (seen[name] !== undefined) sides[1].push(`${nameText(name)}: ${other}`)
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

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** A name as it stands in what is described. */
function nameText(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)
}
