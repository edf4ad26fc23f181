// What every check of the API stands on: an API of its own, and looks at its answers.
import type { Status } from 'kubernetes-types/meta/v1'
import { type CheckContext, check as declare, type Tag } from '../../src/runner/check.ts'
import { expect, Unmet, words } from '../../src/runner/expect.ts'
import { type Call, NeverSettles, type Remote, RoomError } from '../../src/subject/subject.ts'
import type * as Fixture from '../03-api.fixture.ts'

/** An API, and what a check wants to know of what is below and around it. */
export type Api = Remote<Fixture.Bench>

/** A watch that was begun. */
export type Watch = ReturnType<Api['watch']['hold']>

const uid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

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
  readonly #begun: Promise<void>[] = []

  begin(look: () => Promise<void>): void {
    const begun = look()
    begun.catch(() => undefined) // reported by end()
    this.#begun.push(begun)
  }

  async end(): Promise<void> {
    for (const look of this.#begun) await look
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

  /** A request that must be refused with exactly this Status. */
  refused(call: Call<unknown>, what: string, status: Status): void {
    this.begin(async () => {
      const outcome = await call.settled()
      if (outcome.status === 'pending') throw new Unmet(what, status, words('it is still waiting'))
      if (outcome.status === 'resolved') throw new Unmet(what, status, { answer: outcome.value })
      if (outcome.error.thrown !== 'StatusError') throw outcome.error
      expect(withoutUids(outcome.error.fields.status), what).toEqual(status)
    })
  }

  /** What happens next to the objects of a watch. */
  events(watch: Watch, what: string, expected: [type: string, object: unknown][]): void {
    for (const [i, [type, object]] of expected.entries())
      this.event(watch.next(), `event ${i + 1} ${what}`, type, object)
  }

  /** One event. */
  event(next: Call<unknown>, what: string, type: string, object: unknown): void {
    this.answer(next, what, { done: false, value: { type, object } })
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
  told(api: Api, what: string, expected: unknown, part: (told: Fixture.Told[]) => unknown): void {
    this.of(api.told(), what, expected, part)
  }
}

/** A call's answer; a refusal is not what was expected, any other error is the room's own. */
export async function answerOf<T>(call: Call<T>, what: string, expected: unknown): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (error instanceof NeverSettles) throw new Unmet(what, expected, words('it is still waiting'))
    if (!(error instanceof RoomError) || error.thrown !== 'StatusError') throw error
    throw new Unmet(what, expected, { refused: error.fields.status })
  }
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
      const look = new Looks()
      await body(newApi(subject, setup), look, subject)
      await look.end()
    },
    tag,
  )
}

/** An API with the namespace `default`, which took the store's revision 2. */
export function newApi({ room, clock, seed }: CheckContext, setup: Fixture.Setup = {}, other = seed): Api {
  return room<typeof Fixture>('fixture').construct('Bench', clock, other, setup)
}
