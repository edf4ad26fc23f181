// Rows of calls: made beside the room, and compared with what a model says of them.
import { equals, iterableEquality } from '@vitest/expect'
import type { Snapshot } from '#kit/store'
import { describeValue } from '../../src/runner/describe-value.ts'
import { expect, Unmet } from '../../src/runner/expect.ts'
import { words } from '../../src/runner/words.ts'
import type { Call, Handle, Subject } from '../../src/subject/subject.ts'
import type { Store } from './bench.ts'
import type * as Fixture from './row.fixture.ts'
import type { Answer, Changes, Step } from './row.fixture.ts'

export type { Answer, Changes, Step }

/** How many of the calls that led somewhere are told. */
const LED_TO = 20

/** Makes the calls one after the other, whatever they come to. */
export const make = ({ room }: Pick<Subject, 'room'>, store: Store, steps: readonly Step[]): Call<void> =>
  room<typeof Fixture>('fixture/row').call('make', store, steps)

/** The same, and what each of the calls came to. It is read when all has come to rest: until then, who waits may be answered. */
export const answersTo = (
  { room, read }: Pick<Subject, 'room' | 'read'>,
  store: Store,
  steps: readonly Step[] | Handle<Step[]>,
  ...changes: [] | [Changes]
): Call<Answer[]> =>
  read<Answer[]>(room<typeof Fixture>('fixture/row').hold('answersTo', store, steps, ...changes))

/** What a call came to, as a check compares it. */
export function cameTo(answer: Answer | undefined): unknown {
  if (answer === undefined || 'waits' in answer) return words('it is still waiting')
  return 'resolved' in answer ? answer.resolved : answer
}

/** Whether a call came to a list. */
export const isList = (seen: unknown): seen is Snapshot<unknown> =>
  typeof seen === 'object' && seen !== null && 'items' in seen && Array.isArray(seen.items)

/** How a call of a row is written. */
export function textOf(steps: readonly Step[], at: number): string {
  const [method, ...args] = steps[at] ?? ['list', '']
  if (method !== 'next') return `${method}(${args.map((arg) => describeValue(arg)).join(', ')})`
  const opened = [...steps.keys()].filter((index) => steps[index]?.[0] === 'watch')[Number(args[0]) - 1]
  const before = steps.slice(0, at).filter((other) => other[0] === 'next' && other[1] === args[0])
  return `next() number ${before.length + 1} of ${textOf(steps, opened ?? -1)}`
}

/**
 * Looks at what calls came to: it must be what the model says. Where it is not, it need only be what the same calls
 * come to `otherwise`, without what the check is about: then that is not what is wrong.
 */
export async function expectSame(
  steps: readonly Step[],
  seen: readonly (Answer | undefined)[],
  foretold: readonly (Answer | undefined)[],
  then: string,
  otherwise: () => PromiseLike<readonly (Answer | undefined)[]>,
): Promise<void> {
  if (steps.every((_, at) => alike(seen[at], foretold[at]))) return
  const expected = await otherwise()
  for (const at of steps.keys()) {
    expectStep(steps, at, () =>
      expect(cameTo(seen[at]), `${textOf(steps, at)}, ${then}`).toEqual(cameTo(expected[at])),
    )
  }
}

/** Whether a call was refused because of a compaction. */
export const saysCompacted = (answer: Answer | undefined): boolean =>
  answer !== undefined && 'error' in answer && answer.error === 'Compacted'

/** The same call in a store that is not to be compacted. */
export const withoutCompaction = (step: Step): Step => (step[0] === 'compact' ? ['get', ''] : step)

/** Whether calls came to the same. */
export const alike = (one: Answer | undefined, other: Answer | undefined): boolean =>
  equals(cameTo(one), cameTo(other), [iterableEquality])

/** Looks at one of the calls, and tells where it fails which calls led there. */
export function expectStep(steps: readonly Step[], at: number, look: () => void): void {
  try {
    look()
  } catch (error) {
    if (error instanceof Unmet) error.steps = ledTo(steps, at)
    throw error
  }
}

/** The calls up to this one: those of its key alone, if it has one. */
function ledTo(steps: readonly Step[], at: number): string {
  const [method, key] = steps[at] ?? ['list', '']
  const isOfKey = ['put', 'delete', 'get'].includes(method)
  const of = [...steps.keys()].filter((other) => {
    const [its, itsKey] = steps[other] ?? ['list', '']
    return other <= at && (!isOfKey || itsKey === key || its === 'compact')
  })
  const texts = of.slice(-LED_TO).map((index) => textOf(steps, index))
  return [...(of.length > LED_TO ? ['…'] : []), ...texts].join(', ')
}
