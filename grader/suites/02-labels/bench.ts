// What every check of the labels stands on: looks at what is read, and at what is selected.
import { isDeepStrictEqual } from 'node:util'
import type fc from 'fast-check'
import type { LabelSelector, Labels, Selector } from '#kit/labels'
import type * as LabelsRoom from '#rooms/labels'
import { expect, Unmet } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import { words } from '../../src/runner/words.ts'
import {
  type Handle,
  type Room,
  RoomError,
  type Settlement,
  type Subject,
} from '../../src/subject/subject.ts'
import type * as Asking from './asking.fixture.ts'
import { Refusal } from './messages.ts'
import { apart, briefly, errorInWords, inOrder, inShort, inWords, quoted, wrongSelector } from './told.ts'

/** The name, here, of an error that has the right one and is of the wrong class. */
const NAMESAKE = 'a SelectorError that is not the one of #kit/labels'

/** The room. */
export function labelsOf({ room }: Pick<Subject, 'room'>): Room<typeof LabelsRoom> {
  return room<typeof LabelsRoom>('labels')
}

/** One call, and what must come of it. */
export interface Look {
  name: keyof typeof LabelsRoom
  args: unknown[]
  /** The call, as it is told. */
  what: string
  expected: unknown
  /** Whether it must stand in order, too; or that it must where it is right but for its order. */
  ordered?: boolean | 'where right'
}

/**
 * Makes all calls, one after the other, and reports the first that does not do what is expected of it. They are made
 * beside the room, in one. The one that is reported is made again from here, where more is seen of an error.
 */
export async function expectAll(subject: Pick<Subject, 'room'>, looks: readonly Look[]): Promise<void> {
  const { call } = subject.room<Record<string, (...args: unknown[]) => unknown>>('labels')
  const settlements = await settledBeside(subject, looks)
  for (const [i, look] of looks.entries()) {
    const settlement = settlements[i]
    const problem = settlement && problemOf(look, settlement)
    // Without a settlement one of them waits, or the room has ended.
    if (settlement && !problem) continue
    // It has the same name when it is called from here.
    if (problem && settlement?.status === 'rejected' && settlement.error.thrown === NAMESAKE) throw problem
    const again = problemOf(look, await call(look.name, ...look.args).settled())
    if (again) throw again
    if (!problem) continue
    const before = i === 0 ? '' : `, right behind ${inShort(looks[i - 1]?.what ?? '')}`
    const what = `${problem.message}${before}; called once more, it does as expected: nothing may be kept between calls`
    throw problem instanceof Unmet ? new Unmet(what, problem.expected, problem.seen) : problem
  }
}

/** How the calls settle that are made beside the room; nothing if one of them never does. */
async function settledBeside(
  { room }: Pick<Subject, 'room'>,
  looks: readonly Look[],
): Promise<Settlement<unknown>[]> {
  const calls = looks.map(({ name, args }): [Look['name'], unknown[]] => [name, args])
  const answer = await room<typeof Asking>('fixture/asking').call('outcomesOf', calls).settled()
  if (answer.status !== 'resolved') return []
  return answer.value.map((outcome) =>
    'thrown' in outcome
      ? { status: 'rejected', error: errorOf(outcome) }
      : { status: 'resolved', value: outcome.returned },
  )
}

function errorOf({ thrown, message, isNamesake }: Extract<Asking.Outcome, { thrown: string }>): RoomError {
  return new RoomError(isNamesake ? NAMESAKE : thrown, message, {}, '', '')
}

/** What is wrong with what came of a call: the call's own error, if it is none that a room may throw there. */
function problemOf({ what, expected, ordered }: Look, settlement: Settlement<unknown>): Error | undefined {
  const error = settlement.status === 'rejected' ? settlement.error : undefined
  if (expected instanceof Refusal)
    return isRefused(expected, error) ? undefined : wrongRefusal(what, expected, error, outcomeOf(settlement))
  const sought = ordered ? expected : inOrder(expected)
  const seen = outcomeOf(settlement)
  // What else is wrong is looked at elsewhere.
  if (ordered === 'where right' && !isDeepStrictEqual(inOrder(seen), inOrder(expected))) return undefined
  if (error) return error.thrown === 'SelectorError' ? new Unmet(inShort(what), briefly(sought), seen) : error
  try {
    expect(ordered ? seen : inOrder(seen), what).toEqual(sought)
    return undefined
  } catch (unmet) {
    if (!(unmet instanceof Unmet)) throw unmet
    return Array.isArray(sought) ? wrongSelector(what, sought, seen) : unmet
  }
}

function isRefused({ messages }: Refusal, error: RoomError | undefined): boolean {
  return error?.thrown === 'SelectorError' && (messages.length === 0 || messages.includes(error.message))
}

function wrongRefusal(
  what: string,
  { messages }: Refusal,
  error: RoomError | undefined,
  seen: unknown,
): Unmet {
  const isAny = messages.length === 0
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
  { ordered = false }: Pick<Look, 'ordered'> = {},
): Promise<void> {
  await expectAll(
    subject,
    rows.map(([text, expected]) => ({
      name: 'parseSelector',
      args: [text],
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
  { ordered = false }: Pick<Look, 'ordered'> = {},
): Promise<void> {
  await expectAll(
    subject,
    rows.map(([object, expected]) => ({
      name: 'selectorOf',
      args: [object],
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
  await expectAll(
    subject,
    rows.map(([selector, labels, expected]) => ({
      name: 'matches',
      args: [selector, labels],
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
