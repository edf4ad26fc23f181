import { equals, iterableEquality, subsetEquality } from '@vitest/expect'
import { type Call, NeverSettles } from '../subject/subject.ts'
import { difference } from './difference.ts'
import { words } from './words.ts'

/** What a check throws when what it saw is not what the requirement asks for. */
export class Unmet extends Error {
  readonly expected: unknown
  readonly seen: unknown
  /** What led there, where the check made up the steps itself. */
  steps: string | undefined

  /** @param what names, in the domain's words, what was looked at: "the revision of the second put" */
  constructor(what: string, expected: unknown, seen: unknown) {
    super(what)
    this.expected = expected
    this.seen = seen
  }
}

interface Expectation<T> {
  /** Deep equality; an absent property equals an undefined one. */
  toEqual(expected: T): void
  /** @param description what was expected, as a sentence without its subject: "a number above 3" */
  toSatisfy(description: string, holds: (seen: T) => boolean): void
}

/**
 * Looks at something that was seen.
 *
 * @param what names it in the domain's words; stands in the learner's report
 */
export function expect<T>(seen: T, what: string): Expectation<T> {
  return {
    toEqual(expected) {
      if (equals(seen, expected, [iterableEquality])) return
      const [one, other] = difference(expected, seen)
      throw new Unmet(what, words(one), words(other))
    },
    toSatisfy(description, holds) {
      if (!holds(seen)) throw new Unmet(what, words(description), seen)
    },
  }
}

/**
 * Looks at a call that must be refused with an error of the kit.
 *
 * @param name the error's name, such as `RevisionConflict`
 * @param fields fields that it must have, with their values
 */
export async function expectRejection(
  call: Call<unknown>,
  what: string,
  name: string,
  fields: Record<string, unknown> = {},
): Promise<void> {
  const expected = { error: name, ...fields }
  const outcome = await call.settled()
  if (outcome.status === 'pending') throw new Unmet(what, expected, words('it is still waiting'))
  if (outcome.status === 'resolved') throw new Unmet(what, expected, resolved(outcome.value))
  const { thrown, message, fields: own } = outcome.error
  // The name again, last: a field of the error's own could be called `error`, too. Of another error, its message says what it is.
  const seen = { ...{ error: '' }, ...own, ...(thrown === name ? {} : { message }), error: thrown }
  if (!equals(seen, expected, [iterableEquality, subsetEquality])) throw new Unmet(what, expected, seen)
  call.meant()
}

/**
 * Looks at a call that must have been answered by now, and waits for nothing.
 *
 * @returns the answer
 */
export async function expectAnswer<T>(call: Call<T>, what: string, expected: unknown): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw error instanceof NeverSettles ? new Unmet(what, expected, words('it is still waiting')) : error
  }
}

/** Looks at a call that must still be waiting. */
export async function expectPending(call: Call<unknown>, what: string): Promise<void> {
  const outcome = await call.settled()
  if (outcome.status === 'resolved')
    throw new Unmet(what, words('it is still waiting'), resolved(outcome.value))
  if (outcome.status === 'rejected') throw outcome.error
}

function resolved(value: unknown) {
  return value === undefined ? words('it has resolved, with undefined') : { resolved: value }
}
