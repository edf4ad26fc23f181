// What every check of the queue stands on: a queue of its own, and looks at it.
import type { BackoffOptions } from '#kit/work-queue'
import type * as WorkQueueRoom from '#rooms/work-queue'
import { type CheckContext, check as declare } from '../../src/runner/check.ts'
import { expect, expectAnswer, expectPending } from '../../src/runner/expect.ts'
import { words } from '../../src/runner/words.ts'
import type { Call, Remote, Subject } from '../../src/subject/subject.ts'

/** The room. */
export type Queue = Remote<WorkQueueRoom.WorkQueue>

/** Longer than any delay that a check asks for, but for the default cap of the back-off. */
export const LONG_MS = 60_000

/** A queue on the check's clock. */
export function newQueue({ room, clock }: Subject, options?: BackoffOptions): Queue {
  const { construct } = room<typeof WorkQueueRoom>('work-queue')
  return options ? construct('WorkQueue', clock, options) : construct('WorkQueue', clock)
}

/**
 * Takes as many keys as are expected, and says of these that they are done, all at once.
 *
 * @returns what was handed out: less, where a `get()` still waits
 */
export async function take(queue: Queue, expected: readonly string[]): Promise<(string | undefined)[]> {
  const gets = expected.map(() => queue.get().settled())
  for (const key of expected) queue.done(key)
  return (await Promise.all(gets)).flatMap((get) => {
    if (get.status === 'rejected') throw get.error
    return get.status === 'resolved' ? [get.value] : []
  })
}

/**
 * Looks at queues. Each look makes its calls where it stands, but nobody awaits them before the end: what is asked
 * between two moves of the clock goes out as one. Of the looks that fail, the first is reported.
 */
export class Looks {
  readonly #subject: Subject
  readonly #begun: Promise<void>[] = []

  constructor(subject: Subject) {
    this.#subject = subject
  }

  begin(look: () => Promise<void>): void {
    const begun = look()
    begun.catch(() => undefined) // reported by end()
    this.#begun.push(begun)
  }

  async end(): Promise<void> {
    for (const look of this.#begun) await look
  }

  /** What a call answers at once. */
  answer<T>(call: Call<T>, what: string, expected: T): void {
    this.begin(async () => {
      const now = await call.settled()
      if (now.status === 'rejected') throw now.error
      const seen = now.status === 'pending' ? words('it is still waiting') : now.value
      expect<unknown>(seen, what).toEqual(expected)
    })
  }

  /** What a call answers when that has come for which it waits. */
  later<T>(call: Call<T>, what: string, expected: T): void {
    this.begin(async () => expect<unknown>(await expectAnswer(call, what, expected), what).toEqual(expected))
  }

  /** What some calls answered, once all was called; those that still wait then fail it. */
  answers(calls: Call<string | undefined>[], what: string, expected: (string | undefined)[]): void {
    const settled = calls.map((call) => call.settled())
    this.begin(async () => {
      const seen = (await Promise.all(settled)).map((now) => {
        if (now.status === 'rejected') throw now.error
        return now.status === 'pending' ? 'it is still waiting' : now.value
      })
      expect(seen, what).toEqual(expected)
    })
  }

  /** A call that must not throw; what it returns is nobody's business. */
  returns(call: Call<unknown>): void {
    this.begin(async () => {
      const now = await call.settled()
      if (now.status === 'rejected') throw now.error
    })
  }

  /** A call that waits, just after it was made. */
  waiting(call: Call<unknown>, what: string): void {
    this.begin(() => expectPending(call, what))
  }

  /** How many keys wait to be handed out. */
  length(queue: Queue, when: string, expected: number): void {
    this.answer(this.#subject.read(queue, 'length'), `length ${when}`, expected)
  }

  /** Takes keys, one after the other, each of which is done before the next is taken. */
  keys(queue: Queue, when: string, keys: string[]): void {
    for (const [i, key] of keys.entries()) {
      this.answer<string | undefined>(queue.get(), `key ${i + 1} handed out ${when}`, key)
      queue.done(key)
    }
  }

  /** Takes `default/web`, which must not come once more afterwards. */
  async once(queue: Queue, when: string): Promise<void> {
    this.keys(queue, when, ['default/web'])
    await this.#subject.clock.advance(LONG_MS)
    this.length(queue, `one minute after done of the key that was handed out ${when}`, 0)
  }

  /** Takes the one key that is delayed, after `delayMs`, and says that it is done. */
  async due(queue: Queue, what: string, delayMs: number, key = 'default/web'): Promise<void> {
    await this.#subject.clock.advance(delayMs - 1)
    this.length(queue, `${delayMs - 1} ms after ${what}`, 0)
    await this.#subject.clock.advance(1)
    this.length(queue, `${delayMs} ms after ${what}`, 1)
    this.keys(queue, `${delayMs} ms after ${what}`, [key])
  }

  /** The clock, on which nothing may be set. */
  async noTimers(when: string): Promise<void> {
    const { clock } = this.#subject
    const dueInMs = (await clock.pending()).map((dueMs) => dueMs - clock.now())
    const what = `the timers that are set ${when}, each as the ms until it is due`
    this.begin(async () => expect(dueInMs, what).toEqual([]))
  }

  /** How many of some calls have been answered by now. */
  async answered(queue: Queue, calls: Call<unknown>[]): Promise<number> {
    let count = 0
    for (const call of calls) {
      call.then(
        () => count++,
        () => undefined,
      )
    }
    // Answers come in the order in which they were given: what was answered before this call has been counted then.
    await this.#subject.read(queue, 'length')
    return count
  }

  /** @returns to be called between other calls: looks whether the drain goes on there */
  follow(drain: Call<void>, queue: Queue): (when: string) => void {
    let standing = words('it is still waiting')
    drain.then(
      () => {
        standing = words('it has resolved')
      },
      () => undefined,
    )
    return (when) => {
      // Answers come in the order in which they were given: what ended before this call has ended then.
      const here = this.#subject.read(queue, 'length').then(() => standing)
      this.begin(async () => expect(await here, `the drain ${when}`).toEqual(words('it is still waiting')))
    }
  }

  /** A drain that must have ended. */
  drained(drain: Call<void>, what: string): void {
    this.begin(async () => {
      await expectAnswer(drain, what, words('it has resolved'))
    })
  }
}

/** A check that looks at queues. */
export function check(
  id: string,
  title: string,
  body: (subject: CheckContext, look: Looks) => Promise<void>,
): void {
  declare(id, title, async (subject) => {
    const look = new Looks(subject)
    await body(subject, look)
    await look.end()
  })
}
