// How a report tells what was expected and what was seen: short, so that the difference can be seen.
import type { Requirement, Selector } from '#kit/labels'
import { Unmet } from '../../src/runner/expect.ts'
import { type Words, words } from '../../src/runner/words.ts'
import type { RoomError } from '../../src/subject/subject.ts'
import { byKey } from './selectors.ts'

/** A selector as somebody would say it: `[tier In "back" "front", canary DoesNotExist]`. */
export function inWords(selector: Selector): string {
  if (selector === 'nothing') return "'nothing'"
  const requirements = selector.map(({ key, operator, values }) =>
    [key, operator, ...values.map(quoted)].join(' '),
  )
  return `[${requirements.join(', ')}]`
}

/** A text in quotes, with what cannot be seen as escapes. */
export function quoted(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(text).replace(/[\u007f-\u00a0\u2028\u3000\ufeff]/g, escaped)
}

/** An error that a call threw, or must throw. */
export function errorInWords({ thrown, message }: Pick<RoomError, 'thrown' | 'message'>): Words {
  return words(`${thrown}: ${inShort(message)}`)
}

/** Two messages as they differ: of what long ones have alike at their beginning and their end, `…` is left. */
export function apart(one: string, other: string): [string, string] {
  // Where they differ in what is cut, all must be seen.
  const [a, b] = inShort(one) === inShort(other) ? [one, other] : [inShort(one), inShort(other)]
  const most = Math.min(a.length, b.length)
  if (most <= LONG) return [a, b]
  let head = 0
  while (head < most && a[head] === b[head]) head++
  let tail = 0
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  // Whole words of it.
  const from = a.lastIndexOf(' ', head - BESIDE) + 1
  const end = a.indexOf(' ', a.length - tail + BESIDE)
  const cut = end === -1 ? 0 : a.length - end
  const middle = (text: string) =>
    `${from > 0 ? '… ' : ''}${text.slice(from, text.length - cut)}${cut > 0 ? ' …' : ''}`
  return [middle(a), middle(b)]
}

/** Messages of no more characters are told whole. */
const LONG = 100
/** How much of what two messages have alike is told beside the place where they differ, in characters. */
const BESIDE = 40

/** That a call did not return the selector that it must. */
export function wrongSelector(what: string, expected: readonly Requirement[], seen: unknown): Unmet {
  if (!Array.isArray(seen)) return new Unmet(inShort(what), briefly(expected), seen)
  const differing = expected.flatMap((one, i) => (isSame(one, seen[i]) ? [] : [i]))
  const strange = differing.find((i) => !isRequirement(seen[i]))
  const only = differing.length === 1 ? differing[0] : strange
  if (expected.length > 1 && expected.length === seen.length && only !== undefined) {
    const which = `requirement ${only + 1} of the ${expected.length} that ${inShort(what)} returned`
    return new Unmet(which, expected[only], seen[only])
  }
  const isShort = (expected.length !== 1 || seen.length !== 1) && seen.every(isRequirement)
  return new Unmet(
    inShort(what),
    isShort ? words(inShort(inWords(expected))) : expected,
    isShort ? words(inShort(inWords(seen))) : seen,
  )
}

/** What a call returned: several requirements in words, where nothing about them is lost. */
export function briefly(value: unknown): unknown {
  return Array.isArray(value) && value.length > 1 && value.every(isRequirement)
    ? words(inShort(inWords(value)))
    : value
}

/** A selector in order, each value once. LB-8 asks for that, and alone looks at whether what is returned is so. */
export function inOrder(selector: unknown): unknown {
  if (!Array.isArray(selector) || !selector.every(isRequirement)) return selector
  return byKey(selector.map((one) => ({ ...one, values: [...new Set(one.values)].sort() })))
}

function isRequirement(value: unknown): value is Requirement {
  if (typeof value !== 'object' || value === null) return false
  const { key, operator, values, ...more } = value as Record<string, unknown>
  return (
    typeof key === 'string' &&
    typeof operator === 'string' &&
    Array.isArray(values) &&
    values.every((one) => typeof one === 'string') &&
    Object.keys(more).length === 0
  )
}

function isSame(expected: Requirement, seen: unknown): boolean {
  return isRequirement(seen) && inWords([expected]) === inWords([seen])
}

/** What the kit says of every bad key or value becomes `…`, and many times the same letter `x…x (64 times)`. */
export function inShort(text: string): string {
  return text
    .replace(/alphanumeric characters, .*?regex used for validation is '[^']*'\)/g, '…')
    .replace(/(\w)\1{19,}/g, (run, letter: string) => `${letter}…${letter} (${run.length} times)`)
}
