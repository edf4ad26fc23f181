// What every check of the labels stands on: looks at what is read, and at what is selected.
import type fc from 'fast-check'
import type { LabelSelector, Labels, Selector } from '#kit/labels'
import type * as LabelsRoom from '#rooms/labels'
import { expect, Unmet } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import { words } from '../../src/runner/words.ts'
import type { Call, Handle, Room, RoomError, Settlement, Subject } from '../../src/subject/subject.ts'
import { Refusal } from './messages.ts'
import { apart, briefly, errorInWords, inOrder, inShort, inWords, quoted, wrongSelector } from './told.ts'

/** The room. */
export function labelsOf({ room }: Pick<Subject, 'room'>): Room<typeof LabelsRoom> {
  return room<typeof LabelsRoom>('labels')
}

/** One call, and what must come of it. */
export interface Look {
  call: () => Call<unknown>
  /** The call, as it is told. */
  what: string
  expected: unknown
  /** Whether it must stand in order, too. */
  ordered?: boolean
}

/** Makes all calls, which so go out as one, and reports the first that does not do what is expected of it. */
export async function expectAll(looks: readonly Look[]): Promise<void> {
  const settlements = await Promise.all(looks.map(({ call }) => call().settled()))
  for (const [i, look] of looks.entries()) {
    const settlement = settlements[i]
    const problem = settlement && problemOf(look, settlement)
    if (!problem) continue
    if (!(problem instanceof Unmet) || problemOf(look, await look.call().settled())) throw problem
    const what = `${problem.message}; called once more, it does as expected: nothing may be kept between calls`
    throw new Unmet(what, problem.expected, problem.seen)
  }
}

/** What is wrong with what came of a call: the call's own error, if it is none that a room may throw there. */
function problemOf({ what, expected, ordered }: Look, settlement: Settlement<unknown>): Error | undefined {
  const seen = outcomeOf(settlement)
  const error = settlement.status === 'rejected' ? settlement.error : undefined
  if (expected instanceof Refusal) return wrongRefusal(what, expected, error, seen)
  if (error)
    return error.thrown === 'SelectorError' ? new Unmet(inShort(what), briefly(expected), seen) : error
  try {
    expect(ordered ? seen : inOrder(seen), what).toEqual(expected)
    return undefined
  } catch (unmet) {
    if (!(unmet instanceof Unmet)) throw unmet
    return Array.isArray(expected) ? wrongSelector(what, expected, seen) : unmet
  }
}

function wrongRefusal(
  what: string,
  { messages }: Refusal,
  error: RoomError | undefined,
  seen: unknown,
): Unmet | undefined {
  const isAny = messages.length === 0
  if (error?.thrown === 'SelectorError' && (isAny || messages.includes(error.message))) return undefined
  const message = messages.join(', or ')
  const expected = isAny ? words('a SelectorError') : errorInWords({ thrown: 'SelectorError', message })
  if (!error)
    return new Unmet(`${inShort(what)}, which returned where it must throw`, expected, briefly(seen))
  if (isAny || error.thrown !== 'SelectorError') return new Unmet(inShort(what), expected, seen)
  const [due, thrown] = apart(message, error.message)
  return new Unmet(inShort(what), words(`SelectorError: ${due}`), words(`SelectorError: ${thrown}`))
}

/** What came of a call, to be told: its value, or in words that it threw, or waits. */
export function outcomeOf(settlement: Settlement<unknown>): unknown {
  if (settlement.status === 'resolved') return settlement.value
  return settlement.status === 'rejected' ? errorInWords(settlement.error) : words('it is still waiting')
}

/** Looks at what is read from texts: each one a selector, or an error; in order only where that is said. */
export async function expectRead(
  subject: Subject,
  rows: readonly (readonly [text: string, expected: Selector | Refusal])[],
  { ordered = false } = {},
): Promise<void> {
  const { call } = labelsOf(subject)
  await expectAll(
    rows.map(([text, expected]) => ({
      call: () => call('parseSelector', text),
      what: `parseSelector(${quoted(text)})`,
      expected,
      ordered,
    })),
  )
}

/** Looks at what is read from objects, likewise. */
export async function expectOf(
  subject: Subject,
  rows: readonly (readonly [object: LabelSelector | undefined, expected: Selector | Refusal])[],
  { ordered = false } = {},
): Promise<void> {
  const { call } = labelsOf(subject)
  await expectAll(
    rows.map(([object, expected]) => ({
      call: () => call('selectorOf', object),
      what: `selectorOf(${object === undefined ? 'undefined' : JSON.stringify(object)})`,
      expected,
      ordered,
    })),
  )
}

/** Looks at whether a call has answered when it has returned. */
export async function expectAtOnce(
  subject: Subject,
  what: string,
  make: (room: Room<typeof LabelsRoom>) => Handle<unknown>,
): Promise<void> {
  // Both are delivered as one: what a promise resolves to is not held yet.
  const answer = await subject.together(() => subject.read(make(labelsOf(subject))))
  const seen = answer === undefined ? words('a promise, or nothing') : answer
  expect(seen, what).toSatisfy('the answer itself', () => answer !== undefined)
}

/** Looks at whether a selector selects objects with these labels. */
export async function expectMatches(
  subject: Subject,
  rows: readonly (readonly [selector: Selector, labels: Labels | undefined, expected: boolean])[],
): Promise<void> {
  const { call } = labelsOf(subject)
  await expectAll(
    rows.map(([selector, labels, expected]) => ({
      call: () => call('matches', selector, labels),
      what: `matches() of ${inWords(selector)} and ${labels ? `the labels ${JSON.stringify(labels)}` : 'undefined labels'}`,
      expected,
    })),
  )
}

/** Makes up examples from the seed. Each look says its call whole: to tell the example beside it would say it twice. */
export async function forAny<T>(
  { seed }: { seed: number },
  examples: fc.Arbitrary<T>,
  run: (example: T) => Promise<void>,
  numRuns: number,
): Promise<void> {
  try {
    await forAll(seed, examples, run, numRuns)
  } catch (error) {
    if (error instanceof Unmet) error.steps = undefined
    throw error
  }
}
