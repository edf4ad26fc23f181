// What every check of the API stands on: an API of its own, and looks at its answers.
import { equals } from '@vitest/expect'
import type fc from 'fast-check'
import type { Status } from 'kubernetes-types/meta/v1'
import { type CheckContext, check as declare, type Tag } from '../../src/runner/check.ts'
import { describeValue } from '../../src/runner/describe-value.ts'
import { expect, Unmet } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import { words } from '../../src/runner/words.ts'
import { type Call, NeverSettles, type Remote, RoomError } from '../../src/subject/subject.ts'
import type * as Fixture from './bench.fixture.ts'
import { type Story, storyOf } from './story.ts'
import type { Told } from './told.fixture.ts'

/** An API, and what a check wants to know of what is below and around it. */
export type Api = Remote<Fixture.Bench>

/** A watch that was begun. */
export type Watch = ReturnType<Api['watch']['hold']>

const uid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** How much of a cause is shown where causes differ, in characters. */
const CAUSE = 70

/** How much is shown of what should have been answered where there is no answer to compare it with, in characters. */
const SHOWN = 240

/** What stands where an answer has a uid, which is the room's affair. */
export const UID = 'a uid'

/** The same with {@link UID} for each uid of an object. */
export function withoutUids(value: unknown): unknown {
  if (typeof value === 'string') return uid.test(value) ? UID : value
  if (Array.isArray(value)) return value.map(withoutUids)
  if (typeof value !== 'object' || value === null) return value
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutUids(part)]))
}

/**
 * Looks at answers. Each look makes its calls where it stands, but nobody awaits them before the end: what is asked
 * goes out as one. Of the looks that fail, the first is reported.
 */
export class Looks {
  readonly #story: Story
  readonly #begun: { look: Promise<void>; tell: () => void }[] = []

  constructor(story: Story) {
    this.#story = story
  }

  begin(look: () => Promise<void>): void {
    const tell = this.#story.mark()
    const begun = look()
    begun.catch(() => undefined) // reported by end()
    this.#begun.push({ look: begun, tell })
  }

  async end(): Promise<void> {
    for (const { look, tell } of this.#begun) {
      try {
        await look
      } catch (error) {
        this.#story.endsWith(error, tell)
        throw error
      }
    }
  }

  /** What a call answers, uids aside. */
  answer(call: Call<unknown>, what: string, expected: unknown): void {
    this.of(call, what, expected, (answer) => answer)
  }

  /** A part of what a call answers, uids aside. */
  of<T>(call: Call<T>, what: string, expected: unknown, part: (answer: T) => unknown): void {
    this.begin(async () => {
      const answer = await answerOf(call, what, expected)
      expect(withoutUids(part(answer)), what).toEqual(expected)
    })
  }

  /** Some parts of what a call answers, each by its path, such as `metadata.labels`; all else does not matter. */
  parts(call: Call<object>, what: string, expected: { [path: string]: unknown }): void {
    const paths = Object.keys(expected)
    this.of(call, what, expected, (answer) =>
      Object.fromEntries(paths.map((path) => [path, partOf(answer, path)])),
    )
  }

  /** A request that must be refused with exactly this Status. */
  refused(call: Call<unknown>, what: string, status: Status): void {
    this.begin(async () => {
      const outcome = await call.settled()
      const refused = { refused: shortOf(status) }
      if (outcome.status === 'pending') throw new Unmet(what, refused, words('it is still waiting'))
      if (outcome.status === 'resolved')
        throw new Unmet(what, refused, { answered: withoutUids(outcome.value) })
      if (outcome.error.thrown !== 'StatusError') throw outcome.error
      expectSameStatus(withoutUids(outcome.error.fields.status), what, status)
    })
  }

  /** The code with which a request must be refused, where it does not matter what is said besides. */
  code(call: Call<unknown>, what: string, expected: number): void {
    this.begin(async () => {
      const outcome = await call.settled()
      if (outcome.status === 'pending') throw new Unmet(what, expected, words('it is still waiting'))
      if (outcome.status === 'rejected' && outcome.error.thrown !== 'StatusError') throw outcome.error
      const status = outcome.status === 'rejected' ? outcome.error.fields.status : undefined
      if (!status) throw new Unmet(what, expected, words('it was not refused'))
      expect((status as Partial<Status>).code, what).toEqual(expected)
    })
  }

  /** What happens next to the objects of a watch. */
  events(watch: Watch, what: string, expected: [type: string, object: unknown][]): void {
    for (const [i, [type, object]] of expected.entries())
      this.event(watch.next(), `event ${i + 1} ${what}`, type, object)
  }

  /** One event. */
  event(next: Call<unknown>, what: string, type: string, object: unknown): void {
    const event = { type, object }
    this.begin(async () => {
      const seen = withoutUids(await answerOf(next, what, event))
      const isOver = equals(seen, { done: true, value: undefined })
      if (isOver) throw new Unmet(what, shownOf(event), words('the watch is over'))
      const { value } = seen as { value?: unknown }
      // Where the two events differ, nothing round them matters.
      if (value !== undefined) expect(value, what).toEqual(event)
      expect(seen, what).toEqual({ done: false, value: event })
    })
  }

  /** A watch that is over. */
  over(next: Call<unknown>, what: string): void {
    this.answer(next, what, { done: true, value: undefined })
  }

  /** A call that must still be waiting. */
  waits(call: Call<unknown>, what: string): void {
    this.begin(async () => {
      const outcome = await call.settled()
      if (outcome.status === 'resolved')
        throw new Unmet(what, words('it is still waiting'), { answer: withoutUids(outcome.value) })
      if (outcome.status === 'rejected') throw outcome.error
    })
  }

  /** The store's revision. */
  revision(api: Api, when: string, expected: number): void {
    this.answer(api.revision(), `the store's revision ${when}`, expected)
  }

  /** What was asked of access, plugins, rows and store since this was looked at last. */
  told(api: Api, what: string, expected: unknown, part: (told: Told[]) => unknown): void {
    this.of(api.told(), what, expected, part)
  }

  /** The same, where no object that they were given matters. */
  asked(api: Api, what: string, expected: unknown, part: (told: Told[]) => unknown): void {
    this.of(api.asked(), what, expected, part)
  }
}

function partOf(answer: object, path: string): unknown {
  let part: unknown = answer
  for (const name of path.split('.')) part = (part as Record<string, unknown> | undefined)?.[name]
  return part
}

/** Looks whether two refusals are equal. Of those that name causes, the causes matter. */
function expectSameStatus(seen: unknown, what: string, expected: Status): void {
  const causes = causesOf(expected)
  if (causes && causesOf(seen)) expect(causesOf(seen), `${what}, its causes`).toEqual(causes)
  const { code, reason, message } = expected
  expect(seen, what).toEqual({ code, reason, message, ...expected })
}

/** What is wrong, each in as many characters as say what is meant. */
function causesOf(status: unknown): string[] | undefined {
  const { causes } = (status as Partial<Status> | undefined)?.details ?? {}
  if (!Array.isArray(causes)) return undefined
  const texts = causes.map(({ field, message } = {}) => `${field}: ${message}`)
  return texts.map((text) => (text.length > CAUSE ? `${text.slice(0, CAUSE)}…` : text))
}

/** A call's answer; a refusal is not what was expected, any other error is the room's own. */
export async function answerOf<T>(call: Call<T>, what: string, expected: unknown): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (error instanceof NeverSettles) throw new Unmet(what, shownOf(expected), words('it is still waiting'))
    if (!(error instanceof RoomError) || error.thrown !== 'StatusError') throw error
    throw new Unmet(what, shownOf(expected), { refused: shortOf(error.fields.status) })
  }
}

/** What should have been answered, where there is no answer to compare it with. */
function shownOf(expected: unknown) {
  const text = describeValue(expected)
  return words(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)
}

/** What matters of a refusal that should not be, or is missing. */
function shortOf(status: unknown) {
  const { code, reason, message } = (status ?? {}) as Partial<Status>
  return { code, reason, message }
}

/** A check of an API. */
export function check(
  id: string,
  title: string,
  body: (api: Api, look: Looks, subject: CheckContext) => Promise<void> | void,
  { tag = 'simulated', ...setup }: Fixture.Setup & { tag?: Tag } = {},
): void {
  declare(
    id,
    title,
    async (subject) => {
      const story = storyOf(subject)
      const look = new Looks(story)
      try {
        await body(newApi(subject, setup), look, subject)
        await look.end()
      } catch (error) {
        story.tellOf(error)
        throw error
      }
    },
    tag,
  )
}

/** An API with the namespace `default`, which took the store's revision 2. */
export function newApi(subject: CheckContext, setup: Fixture.Setup = {}, other = subject.seed): Api {
  const { room, clock } = subject
  return storyOf(subject).begin(
    room<typeof Fixture>('fixture/bench').construct('Bench', clock, other, setup),
    setup,
  )
}

/** Has calls made at the same time, as `subject.together` does, and remembers that for the story. */
export function together<T>(subject: CheckContext, make: () => T): T {
  return storyOf(subject).together(make)
}

/** Holds a room against a model, as {@link forAll}; of the example that fails, what was done is told. */
export function forExamples<T>(
  subject: CheckContext,
  arbitrary: fc.Arbitrary<T>,
  run: (example: T) => Promise<void>,
  numRuns: number,
): Promise<void> {
  const story = storyOf(subject)
  const told = async (example: T) => {
    try {
      await run(example)
    } catch (error) {
      story.endsWith(error, story.mark())
      throw error
    }
  }
  return forAll(subject.seed, arbitrary, told, numRuns)
}
