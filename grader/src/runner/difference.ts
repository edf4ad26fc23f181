import { equals, iterableEquality } from '@vitest/expect'
import { describeValue, nameText } from './describe-value.ts'

type Texts = [expected: string, seen: string]

/** What stands for parts that are alike. */
const ALIKE = '…'

/** Values of no more characters are shown as they are. */
const SHORT = 80
/** How much of two texts is shown before the place where they differ, in characters. */
const BEFORE = 20
/** Lists of no more items show those that are alike, if they are short themselves. */
const FEW = 20

/** Two values as a learner compares them: `…` stands for what both have alike. */
export function difference(expected: unknown, seen: unknown): Texts {
  const whole: Texts = [describeValue(expected), describeValue(seen, expected)]
  if (whole.every((text) => text.length <= SHORT)) return whole
  if (typeof expected === 'string' && typeof seen === 'string') return ofTexts(expected, seen)
  if (Array.isArray(expected) && Array.isArray(seen)) return ofArrays(expected, seen)
  return isPlain(expected) && isPlain(seen) ? ofObjects(expected, seen) : whole
}

/** A little before the place where two texts begin to differ. */
function ofTexts(expected: string, seen: string): Texts {
  let at = 0
  while (at < seen.length && expected[at] === seen[at]) at++
  const from = at > BEFORE ? at - BEFORE : 0
  const part = (text: string) => `${from > 0 ? ALIKE : ''}${describeValue(text.slice(from))}`
  return [part(expected), part(seen)]
}

function ofArrays(expected: unknown[], seen: unknown[]): Texts {
  const length = Math.max(expected.length, seen.length)
  const sides: [string[], string[]] = [[], []]
  for (let at = 0; at < length; at++) {
    const isHidden = alike(expected[at], seen[at]) && (isLarge(expected[at]) || length > FEW)
    const [one, other] = isHidden ? [ALIKE, ALIKE] : difference(expected[at], seen[at])
    if (at < expected.length) sides[0].push(one)
    if (at < seen.length) sides[1].push(other)
  }
  const [one, other] = sides.map((texts) => `[${(length > FEW ? inRuns(texts) : texts).join(', ')}]`)
  return [one ?? '', other ?? '']
}

/** What is one word only, in a short list, is not worth leaving out. */
function isLarge(value: unknown): boolean {
  return typeof value === 'string' ? value.length > SHORT : typeof value === 'object' && value !== null
}

/** One `…` for all that are alike in a row, and how many they are. */
function inRuns(texts: readonly string[]): string[] {
  const runs: string[] = []
  let alike = 0
  for (const text of [...texts, undefined]) {
    if (text === ALIKE) {
      alike++
      continue
    }
    if (alike > 0) runs.push(alike === 1 ? ALIKE : `${alike} times ${ALIKE}`)
    alike = 0
    if (text !== undefined) runs.push(text)
  }
  return runs
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
