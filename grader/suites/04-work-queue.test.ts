import fc from 'fast-check'
import type { BackoffOptions } from '#kit/work-queue'
import type * as WorkQueueRoom from '#rooms/work-queue'
import { type CheckContext, check as declare } from '../src/runner/check.ts'
import { expect, expectAnswer, expectPending, words } from '../src/runner/expect.ts'
import { forAll } from '../src/runner/property.ts'
import type { Call, Remote, Subject } from '../src/subject/subject.ts'

type Queue = Remote<WorkQueueRoom.WorkQueue>

/** Longer than any delay that a check asks for, but for the default cap of the back-off. */
const LONG_MS = 60_000

/** A queue on the check's clock. */
function newQueue({ room, clock }: Subject, options?: BackoffOptions): Queue {
  const { construct } = room<typeof WorkQueueRoom>('work-queue')
  return options ? construct('WorkQueue', clock, options) : construct('WorkQueue', clock)
}

/**
 * Looks at queues. Each look makes its calls where it stands, but nobody awaits them before the end: what is asked
 * between two moves of the clock goes out as one. Of the looks that fail, the first is reported.
 */
class Looks {
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
    this.length(queue, `long after the key was handed out ${when}, and done`, 0)
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
    const what = `timers that are set ${when}, as the ms until they are due`
    this.begin(async () => expect(dueInMs, what).toEqual([]))
  }

  /** @returns to be called between other calls: looks whether the drain goes on there */
  follow(drain: Call<void>, queue: Queue): (when: string) => void {
    let standing = 'still waiting'
    drain.then(
      () => {
        standing = 'resolved'
      },
      () => undefined,
    )
    return (when) => {
      // Answers come in the order in which they were given: what ended before this call has ended then.
      const here = this.#subject.read(queue, 'length').then(() => standing)
      this.begin(async () => expect(await here, `the drain ${when}`).toEqual('still waiting'))
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
function check(id: string, title: string, body: (subject: CheckContext, look: Looks) => Promise<void>): void {
  declare(id, title, async (subject) => {
    const look = new Looks(subject)
    await body(subject, look)
    await look.end()
  })
}

// WQ-1: order and length

check('WQ-1.1', 'hands out the keys in the order in which they were added', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.add('default/api')
  const first = queue.get()
  queue.add('default/cache')
  const second = queue.get()
  queue.add('default/mail')
  const third = queue.get()
  const fourth = queue.get()
  look.answer(first, 'key 1', 'default/web')
  look.answer(second, 'key 2', 'default/api')
  look.answer(third, 'key 3', 'default/cache')
  look.answer(fourth, 'key 4', 'default/mail')
})

check('WQ-1.2', 'counts the keys that wait, and no others, as its length', async (subject, look) => {
  const queue = newQueue(subject)
  look.length(queue, 'of a new queue', 0)
  for (const key of ['default/web', 'default/api', 'default/cache']) queue.add(key)
  look.length(queue, 'after three keys were added', 3)
  queue.get()
  look.length(queue, 'after one of them was handed out', 2)
  queue.done('default/web')
  queue.addAfter('default/mail', 50)
  look.length(queue, 'after that one was done and another key was delayed', 2)
})

check('WQ-1.3', 'takes any string for a key', async (subject, look) => {
  const queue = newQueue(subject)
  const keys = ['', '__proto__', 'constructor', 'toString', '10', ' ', 'länge/größe', '9']
  for (const key of keys) queue.add(key)
  look.length(queue, 'after eight unusual keys were added', keys.length)
  look.keys(queue, 'of eight unusual ones', keys)
  look.waiting(queue.get(), 'get() after all of them were handed out')
})

// WQ-2: workers that wait

check('WQ-2.1', 'lets get() wait while no key waits, and answers it with the next', async (subject, look) => {
  const queue = newQueue(subject)
  const get = queue.get()
  look.waiting(get, 'get() of an empty queue')
  queue.add('default/web')
  look.later(get, 'what it answers after add("default/web")', 'default/web')
  look.length(queue, 'after a key was added for which a get() waited', 0)
  look.waiting(queue.get(), 'a second get(), after that')
})

check('WQ-2.2', 'serves calls of get() that wait in the order in which they came', async (subject, look) => {
  const queue = newQueue(subject)
  const gets = [queue.get(), queue.get(), queue.get()] as const
  for (const key of ['default/web', 'default/api', 'default/cache']) queue.add(key)
  look.later(gets[0], 'what the first of three waiting get() answers', 'default/web')
  look.later(gets[1], 'what the second one answers', 'default/api')
  look.later(gets[2], 'what the third one answers', 'default/cache')
})

// WQ-3: a key waits once

check('WQ-3.1', 'adds a key that waits no second time, but anew once it is done', async (subject, look) => {
  const queue = newQueue(subject)
  for (let round = 1; round <= 2; round++) {
    for (let i = 0; i < 4; i++) queue.add('default/web')
    look.length(queue, `in round ${round}, after one key was added four times`, 1)
    look.keys(queue, `in round ${round}`, ['default/web'])
  }
  look.waiting(queue.get(), 'get() after it was handed out and done')
})

check('WQ-3.2', 'leaves a key that is added again at its place', async (subject, look) => {
  const queue = newQueue(subject)
  for (const name of ['web', 'api', 'cache', 'api', 'web']) queue.add(name)
  look.keys(queue, 'after web, api, cache, api, web were added', ['web', 'api', 'cache'])
})

// WQ-4: one worker a key

check('WQ-4.1', 'keeps back a key that is added while processed until it is done', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.get()
  queue.add('default/web')
  look.length(queue, 'while the only key is being processed', 0)
  const second = queue.get()
  look.waiting(second, 'get() while the only key is being processed')
  queue.done('default/web')
  look.later(second, 'what it answers after done', 'default/web')
})

check('WQ-4.2', 'hands it out again once, however often it was added', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  for (let round = 1; round <= 2; round++) {
    queue.get()
    for (let i = 0; i < 3; i++) queue.add('default/web')
    look.length(queue, `in round ${round}, after three adds while it is processed`, 0)
    queue.done('default/web')
    look.length(queue, `in round ${round}, after done`, 1)
  }
  look.keys(queue, 'after that', ['default/web'])
  look.waiting(queue.get(), 'get() after it was done without being added')
})

check('WQ-4.3', 'puts it at the end when it is done', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('web')
  queue.get()
  queue.add('web')
  queue.add('api')
  queue.done('web')
  queue.add('cache')
  look.keys(queue, 'after done', ['api', 'web', 'cache'])
})

check('WQ-4.4', 'does nothing on done of a key that is not being processed', async (subject, look) => {
  const queue = newQueue(subject)
  look.returns(queue.done('never-added'))
  queue.add('web')
  queue.add('api')
  for (const key of ['web', 'api']) queue.done(key)
  queue.add('api')
  look.length(queue, 'with two keys, after done of keys that wait', 2)
  look.keys(queue, 'after done of keys that wait', ['web', 'api'])
  queue.add('cache')
  queue.get()
  queue.add('cache')
  for (let i = 0; i < 3; i++) queue.done('cache')
  look.length(queue, 'after a key was added while it was processed, and done three times', 1)
  look.keys(queue, 'after that', ['cache'])
  look.waiting(queue.get(), 'get() after that key was done')
})

check('WQ-4.5', 'keeps back a key that falls due while it is being processed', async (subject, look) => {
  const queue = newQueue(subject)
  for (const key of ['web', 'api']) queue.add(key)
  for (const _ of ['web', 'api']) queue.get()
  queue.addAfter('api', 0)
  look.length(queue, 'when a key that is being processed fell due after 0 ms', 0)
  queue.addAfter('web', 30)
  await subject.clock.advance(30)
  look.length(queue, 'when a key that is being processed fell due after 30 ms', 0)
  for (const key of ['web', 'api']) {
    queue.done(key)
    look.length(queue, `when ${key} fell due while it was being processed, and was done`, 1)
    look.keys(queue, 'then', [key])
  }
})

check('WQ-4.6', 'does what a model of the queue does, whatever is called', async (subject) => {
  const steps = [someKey.map(addStep), fc.constant(getStep()), someKey.map(doneStep)]
  await forAll(
    subject.seed,
    fc.commands(steps, { maxCommands: 20, size: 'max', disableReplayLog: true }),
    async (commands) => {
      const run: Run = { queue: newQueue(subject), look: new Looks(subject) }
      const model = new Model()
      fc.modelRun(() => ({ model, real: run }), commands)
      run.look.length(run.queue, 'after all steps', model.waiting.length)
      run.look.keys(run.queue, 'after all steps', model.waiting)
      await run.look.end()
    },
    12,
  )
})

// WQ-5: delays

check('WQ-5.1', 'adds a delayed key when its time has come, and not before', async (subject, look) => {
  const queue = newQueue(subject)
  await subject.clock.advance(700)
  queue.addAfter('default/web', 1000)
  await subject.clock.advance(999)
  look.length(queue, '999 ms after addAfter with 1000 ms', 0)
  await subject.clock.advance(1)
  look.length(queue, '1000 ms after addAfter with 1000 ms', 1)
  await look.once(queue, 'after 1000 ms')
})

check('WQ-5.2', 'adds at once where the delay is 0 or less', async (subject, look) => {
  const queue = newQueue(subject)
  queue.addAfter('web', 0)
  queue.addAfter('api', -20)
  queue.addAfter('api', -1)
  look.length(queue, 'after addAfter of two keys with 0 ms and less', 2)
  look.keys(queue, 'without any time passing', ['web', 'api'])
})

check('WQ-5.3', 'adds delayed keys in the order of their times, each once', async (subject, look) => {
  const queue = newQueue(subject)
  queue.addAfter('late', 300)
  queue.addAfter('early', 100)
  queue.addAfter('middle', 200)
  queue.addAfter('waiting', 50)
  queue.add('now')
  queue.add('waiting')
  await subject.clock.advance(300)
  look.length(queue, 'with five keys, one of which fell due while it waited', 5)
  look.keys(queue, 'after 300 ms', ['now', 'waiting', 'early', 'middle', 'late'])
})

check('WQ-5.4', 'answers a waiting get() when a delayed key falls due', async (subject, look) => {
  const queue = newQueue(subject)
  const get = queue.get()
  queue.addAfter('default/web', 30)
  look.length(queue, 'while a get() waits and the only key is delayed', 0)
  look.waiting(get, 'get() while the only key is delayed')
  await subject.clock.advance(30)
  look.later(get, 'what it answers once the key is due', 'default/web')
})

// WQ-6: one delay a key

check('WQ-6.1', 'keeps the earliest of the times that are asked for, and no other', async (subject, look) => {
  const queue = newQueue(subject)
  for (const delayMs of [500, 100, 300]) queue.addAfter('default/web', delayMs)
  await subject.clock.advance(99)
  look.length(queue, 'after 99 ms, delayed by 500, 100 and 300 ms', 0)
  await subject.clock.advance(1)
  await look.once(queue, 'after 100 ms, delayed by 500, 100 and 300 ms')
})

check('WQ-6.2', 'compares the times at which the key is due, not the delays', async (subject, look) => {
  const queue = newQueue(subject)
  queue.addAfter('default/web', 100)
  queue.addAfter('default/api', 100)
  await subject.clock.advance(60)
  queue.addAfter('default/web', 60) // 120 ms after the start: later
  queue.addAfter('default/api', 30) // 90 ms after the start: earlier
  await subject.clock.advance(30)
  look.length(queue, 'after 90 ms, when one of two keys is due', 1)
  look.keys(queue, 'after 90 ms', ['default/api'])
  await subject.clock.advance(10)
  await look.once(queue, 'after 100 ms, due then, and delayed to 120 ms as well')
})

check(
  'WQ-6.3',
  'adds a delayed key when it is due, even if it was added meanwhile',
  async (subject, look) => {
    const queue = newQueue(subject)
    queue.addAfter('web', 100)
    queue.add('web')
    queue.addAfter('api', 100)
    queue.addAfter('api', 0)
    look.keys(queue, 'at once', ['web', 'api'])
    await subject.clock.advance(99)
    look.length(queue, '99 ms after two keys were delayed by 100 ms, added and done', 0)
    await subject.clock.advance(1)
    look.length(queue, '100 ms after two keys were delayed by 100 ms, added and done', 2)
  },
)

check('WQ-6.4', 'delays a key anew after it fell due', async (subject, look) => {
  const queue = newQueue(subject)
  for (const delayMs of [100, 300, 50]) {
    queue.addAfter('default/web', delayMs)
    await look.due(queue, `a delay of ${delayMs} ms`, delayMs)
  }
})

check('WQ-6.5', 'keeps one delay for addAfter and addRateLimited together', async (subject, look) => {
  const queue = newQueue(subject)
  queue.addAfter('web', 3)
  queue.addRateLimited('web') // 5 ms: later
  queue.addAfter('api', 8)
  queue.addRateLimited('api') // 5 ms: earlier
  await subject.clock.advance(3)
  look.keys(queue, 'after 3 ms, delayed by 3 ms and by the back-off of 5 ms', ['web'])
  await subject.clock.advance(2)
  look.keys(queue, 'after 5 ms, delayed by 8 ms and by the back-off of 5 ms', ['api'])
  await subject.clock.advance(LONG_MS)
  look.length(queue, 'long after both keys were handed out and done', 0)
})

check('WQ-6.6', 'adds keys when a model of the delays does, whatever is asked for', async (subject) => {
  const delays = fc.tuple(someKey, fc.integer({ min: -1, max: 12 }))
  const aDelay = delays.map(([key, delayMs]) => delayStep(key, delayMs))
  const steps = [aDelay, aDelay, fc.integer({ min: 1, max: 6 }).map(advanceStep)]
  await forAll(
    subject.seed,
    fc.commands(steps, { maxCommands: 12, size: 'max', disableReplayLog: true }),
    async (commands) => {
      const run: DelayRun = { queue: newQueue(subject), look: new Looks(subject), subject }
      const model: Delays = { nowMs: 0, due: new Map() }
      await fc.asyncModelRun(() => ({ model, real: run }), commands)
      await advanceStep(12).run(model, run)
      await run.look.end()
    },
    6,
  )
})

// WQ-7: back-off

check('WQ-7.1', 'doubles the delay of a key with each call, from 5 ms', async (subject, look) => {
  const queue = newQueue(subject)
  for (const [retry, delayMs] of [5, 10, 20, 40].entries()) {
    queue.addRateLimited('web')
    await look.due(queue, `call ${retry + 1} of addRateLimited`, delayMs, 'web')
  }
  queue.addRateLimited('api')
  await look.due(queue, 'the first call for a key, after four for another', 5, 'api')
  queue.addRateLimited('web')
  await look.due(queue, 'the fifth call for the other', 80, 'web')
})

check('WQ-7.2', 'waits no longer than 1,000,000 ms, however often the key failed', async (subject, look) => {
  const queue = newQueue(subject)
  // 17 is the last count below the cap. Shifted in 32 bits, 5 turns negative at 31, and is 5 again at 32.
  const failures = [17, 18, 31, 32]
  subject.together(() => {
    for (const times of failures) {
      for (let i = 0; i < times; i++) queue.addRateLimited(`failed-${times}-times`)
    }
  })
  await subject.clock.advance(1_000_000)
  look.length(queue, '1,000,000 ms after four keys failed many times', 4)
  // Due at the same instant, they come in any order: all are taken before any is done.
  for (const _ of failures) queue.get()
  for (const times of failures) {
    queue.done(`failed-${times}-times`)
    queue.addRateLimited(`failed-${times}-times`)
  }
  await subject.clock.advance(655_359)
  look.length(queue, '655,359 ms after four keys failed for at least the 18th time', 0)
  await subject.clock.advance(1)
  look.length(queue, '655,360 ms after one of them failed for the 18th time', 1)
  await subject.clock.advance(344_639)
  look.length(queue, '999,999 ms after the others failed for at least the 19th time', 1)
  await subject.clock.advance(1)
  look.length(queue, '1,000,000 ms after the others failed for at least the 19th time', 4)
})

check('WQ-7.3', 'takes the base delay and the cap that it is given', async (subject, look) => {
  const settings = [
    { options: { baseDelayMs: 100, maxDelayMs: 350 }, delays: [100, 200, 350] },
    { options: { maxDelayMs: 7 }, delays: [5, 7] },
    { options: { baseDelayMs: 600_000 }, delays: [600_000, 1_000_000] },
    { options: { baseDelayMs: 50, maxDelayMs: 20 }, delays: [20] },
  ]
  for (const { options, delays } of settings) {
    const queue = newQueue(subject, options)
    for (const [retry, delayMs] of delays.entries()) {
      queue.addRateLimited('default/web')
      await look.due(queue, `call ${retry + 1} with ${JSON.stringify(options)}`, delayMs)
    }
  }
})

check(
  'WQ-7.4',
  'counts the calls of addRateLimited for each key, and nothing else',
  async (subject, look) => {
    const queue = newQueue(subject)
    look.answer(queue.retries('web'), 'retries of a key that never failed', 0)
    queue.addRateLimited('web')
    queue.addRateLimited('web')
    queue.addRateLimited('api')
    look.answer(queue.retries('web'), 'retries of a key that failed twice', 2)
    look.answer(queue.retries('api'), 'retries of a key that failed once', 1)
    look.answer(queue.retries('constructor'), 'retries of a key that never failed, after others did', 0)
    queue.add('web')
    queue.addAfter('web', 1)
    queue.get()
    queue.done('web')
    look.answer(queue.retries('web'), 'retries of the first key after add, addAfter, get and done', 2)
  },
)

// WQ-8: forget

check('WQ-8.1', 'starts the back-off of a key from the base again after forget', async (subject, look) => {
  const queue = newQueue(subject)
  look.returns(queue.forget('never-added'))
  for (const key of ['web', 'api']) for (let i = 0; i < 3; i++) queue.addRateLimited(key)
  await subject.clock.advance(20)
  look.length(queue, '20 ms after two keys failed three times', 2)
  // Due at the same instant, they come in any order: both are taken before either is done.
  for (const _ of ['web', 'api']) queue.get()
  for (const key of ['web', 'api']) queue.done(key)
  queue.forget('web')
  look.answer(queue.retries('web'), 'retries of a key that was forgotten', 0)
  look.answer(queue.retries('api'), 'retries of another key that failed three times', 3)
  queue.addRateLimited('web')
  await look.due(queue, 'the first failure after forget', 5, 'web')
  queue.addRateLimited('api')
  await look.due(queue, 'the fourth failure of a key that was not forgotten', 40, 'api')
})

check('WQ-8.2', 'leaves keys alone that are delayed, wait or are processed', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('processed')
  queue.add('waiting')
  queue.get()
  queue.add('processed')
  queue.addRateLimited('failed')
  queue.addAfter('delayed', 6)
  for (const key of ['processed', 'waiting', 'failed', 'delayed']) queue.forget(key)
  queue.done('processed')
  look.keys(queue, 'after forget of all keys', ['waiting', 'processed'])
  await subject.clock.advance(5)
  look.keys(queue, '5 ms after addRateLimited and forget', ['failed'])
  await subject.clock.advance(1)
  look.keys(queue, '6 ms after addAfter and forget', ['delayed'])
})

// WQ-9: no timers behind

check('WQ-9.1', 'has no timer set before and after keys are delayed', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('now')
  queue.addAfter('at-once', 0)
  await look.noTimers('before any key was delayed')
  for (const delayMs of [500, 200, 100]) queue.addAfter('web', delayMs)
  queue.addAfter('api', 250)
  queue.addRateLimited('cache')
  await subject.clock.advance(250)
  look.length(queue, 'after all delays', 5)
  await look.noTimers('after all keys fell due, one of them earlier than was asked for first')
})

check('WQ-9.2', 'has no timer set after it is shut down', async (subject, look) => {
  for (const shutDown of ['shutDown', 'shutDownWithDrain'] as const) {
    const queue = newQueue(subject)
    queue.addAfter('default/web', 100)
    queue.addAfter('default/web', 50)
    queue.addRateLimited('default/api')
    queue[shutDown]()
    await look.noTimers(`after ${shutDown} while two keys were delayed`)
    queue.addAfter('default/web', 100)
    queue.addRateLimited('default/cache')
    await look.noTimers(`after ${shutDown}, addAfter and addRateLimited`)
  }
})

// WQ-10: shut down

check('WQ-10.1', 'adds nothing after shutDown, and drops what is delayed', async (subject, look) => {
  const queue = newQueue(subject)
  queue.addAfter('delayed', 100)
  queue.addRateLimited('failed')
  queue.shutDown()
  queue.add('web')
  queue.addAfter('api', 0)
  queue.addAfter('cache', 10)
  queue.addRateLimited('mail')
  look.length(queue, 'after adding to a queue that is shut down', 0)
  await subject.clock.advance(LONG_MS)
  look.length(queue, 'after that, and much time', 0)
  look.answer(queue.get(), 'what get() answers', undefined)
})

check('WQ-10.2', 'hands out the keys that wait, then undefined', async (subject, look) => {
  const queue = newQueue(subject)
  const keys = ['default/web', 'default/api', 'default/cache']
  for (const key of keys) queue.add(key)
  queue.shutDown()
  queue.shutDown()
  look.length(queue, 'after shutDown', 3)
  look.keys(queue, 'after shutDown', keys)
  look.answer(queue.get(), 'what get() answers then', undefined)
  look.answer(queue.get(), 'what a further get() answers', undefined)
})

check('WQ-10.3', 'answers every get() that waits with undefined', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.get()
  const gets = [queue.get(), queue.get(), queue.get()]
  queue.shutDown()
  for (const [i, get] of gets.entries())
    look.later(get, `what waiting get() number ${i + 1} of 3 answers`, undefined)
})

check('WQ-10.4', 'hands out again what was added while it was processed', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.get()
  queue.add('default/web')
  queue.shutDown()
  look.answer(queue.get(), 'what get() answers while the key is still being processed', undefined)
  queue.done('default/web')
  look.answer(queue.get(), 'what get() answers after its done', 'default/web')
  queue.add('default/web')
  queue.addAfter('default/web', 0)
  queue.done('default/web')
  look.answer(queue.get(), 'what get() answers after it was added again, too late, and done', undefined)
})

// WQ-11: drain

check(
  'WQ-11.1',
  'drains until what is processed is done, and again if it was added',
  async (subject, look) => {
    const queue = newQueue(subject)
    for (const key of ['default/web', 'default/api']) queue.add(key)
    for (const _ of ['default/web', 'default/api']) queue.get()
    queue.add('default/web')
    const drain = queue.shutDownWithDrain()
    const goesOn = look.follow(drain, queue)
    goesOn('while two keys are being processed')
    queue.done('default/api')
    goesOn('while one key is still being processed')
    queue.done('default/web')
    goesOn('while that key waits again')
    look.answer(queue.get(), 'the key handed out again', 'default/web')
    goesOn('while that key is processed again')
    queue.done('default/web')
    look.drained(drain, 'the drain after it was done again')
  },
)

check('WQ-11.2', 'drains at once where no key waits or is being processed', async (subject, look) => {
  look.drained(newQueue(subject).shutDownWithDrain(), 'the drain of a new queue')
  const used = newQueue(subject)
  used.add('default/web')
  used.get()
  used.done('default/web')
  used.addAfter('default/api', 100)
  look.drained(used.shutDownWithDrain(), 'the drain of a queue that has a delayed key alone')
})

check('WQ-11.3', 'drains until the keys that wait were handed out and are done', async (subject, look) => {
  const queue = newQueue(subject)
  for (const key of ['default/web', 'default/api']) queue.add(key)
  const drain = queue.shutDownWithDrain()
  const goesOn = look.follow(drain, queue)
  goesOn('while two keys wait')
  for (const key of ['default/web', 'default/api']) {
    look.answer(queue.get(), 'the key handed out during the drain', key)
    goesOn(`before ${key} is done`)
    queue.done(key)
  }
  look.drained(drain, 'the drain after both keys were done')
})

check('WQ-11.4', 'shuts the queue down, and ends a drain with shutDown', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.get()
  const waiting = queue.get()
  const drain = queue.shutDownWithDrain()
  const goesOn = look.follow(drain, queue)
  look.later(waiting, 'what a get() answers that waited when the drain began', undefined)
  queue.add('default/api')
  look.length(queue, 'after an add during the drain', 0)
  goesOn('while a key is being processed')
  queue.shutDown()
  look.drained(drain, 'the drain after shutDown, while a key is being processed')
})

check(
  'WQ-11.5',
  'resolves every drain once all keys are done, also after shutDown',
  async (subject, look) => {
    const queue = newQueue(subject)
    queue.add('default/web')
    queue.get()
    queue.shutDown()
    look.answer(queue.get(), 'what get() answers after shutDown, while a key is being processed', undefined)
    const drains = [queue.shutDownWithDrain(), queue.shutDownWithDrain()] as const
    const [first, second] = drains.map((drain) => look.follow(drain, queue))
    first?.('that was called first, after a second was called, while a key is being processed')
    second?.('that was called second, while a key is being processed')
    queue.done('default/web')
    look.drained(drains[0], 'the first drain after the key was done')
    look.drained(drains[1], 'the second drain after the key was done')
  },
)

// The models that WQ-4.6 and WQ-6.6 hold the queue against

const someKey = fc.constantFrom('web', 'api', 'cache')

/** What WQ-1 to WQ-4 say, in the plainest terms, but for the place of a key that is added again. */
class Model {
  waiting: string[] = []
  processing = new Set<string>()
  /** Added while they were being processed. */
  again = new Set<string>()
  gets: { key?: string }[] = []

  add(key: string) {
    if (this.processing.has(key)) this.again.add(key)
    else if (!this.waiting.includes(key)) this.waiting.push(key)
    this.handOut()
  }

  /** @returns filled in when a key is handed out */
  get() {
    const get: { key?: string } = {}
    this.gets.push(get)
    this.handOut()
    return get
  }

  done(key: string) {
    if (this.processing.delete(key) && this.again.delete(key)) this.waiting.push(key)
    this.handOut()
  }

  handOut() {
    for (const key of this.waiting.splice(0, this.gets.length)) {
      Object.assign(this.gets.shift() ?? {}, { key })
      this.processing.add(key)
    }
  }
}

interface Run {
  queue: Queue
  look: Looks
}

type Step = fc.Command<Model, Run>

const addStep = (key: string): Step => ({
  // Whether a key that is added again keeps its place is WQ-3's question, and answered there.
  check: ({ waiting }) => !waiting.includes(key) || waiting.at(-1) === key,
  run(model, { queue }) {
    model.add(key)
    queue.add(key)
  },
  toString: () => `add("${key}")`,
})

const doneStep = (key: string): Step => ({
  check: () => true,
  run(model, { queue }) {
    model.done(key)
    queue.done(key)
  },
  toString: () => `done("${key}")`,
})

const getStep = (): Step => ({
  check: () => true,
  run(model, { queue, look }) {
    const expected = model.get()
    const get = queue.get()
    if (expected.key === undefined) look.waiting(get, 'a get() for which no key waits')
    look.begin(async () => {
      await get.settled()
      // By now all steps were taken, and a get() that waited may have its key.
      if (expected.key === undefined) return
      expect(await expectAnswer(get, 'what get() answers', expected.key), 'what get() answers').toEqual(
        expected.key,
      )
    })
  },
  toString: () => 'get()',
})

/** What WQ-5 and WQ-6 say: when each delayed key is due. A key that is due is handed out and done at once. */
interface Delays {
  nowMs: number
  due: Map<string, number>
}

interface DelayRun extends Run {
  subject: Subject
}

const delayStep = (key: string, delayMs: number): fc.AsyncCommand<Delays, DelayRun> => ({
  check: () => true,
  async run(model, run) {
    run.queue.addAfter(key, delayMs)
    if (delayMs > 0) {
      model.due.set(key, Math.min(model.due.get(key) ?? Number.POSITIVE_INFINITY, model.nowMs + delayMs))
    } else {
      takeAll(run, [key], `after addAfter("${key}", ${delayMs})`)
    }
  },
  toString: () => `addAfter("${key}", ${delayMs})`,
})

const advanceStep = (ms: number): fc.AsyncCommand<Delays, DelayRun> => ({
  check: () => true,
  async run(model, run) {
    await run.subject.clock.advance(ms)
    model.nowMs += ms
    const due = [...model.due.keys()].filter((key) => Number(model.due.get(key)) <= model.nowMs)
    for (const key of due) model.due.delete(key)
    takeAll(run, due, `${model.nowMs} ms after the start`)
  },
  toString: () => `${ms} ms pass`,
})

/** Takes `keys`, which wait in any order, says that they are done, and looks whether more of them wait. */
function takeAll({ queue, look }: Run, keys: string[], when: string) {
  const gets = keys.map(() => queue.get().settled())
  for (const key of keys) queue.done(key)
  look.begin(async () => {
    const seen = (await Promise.all(gets)).map((get) => {
      if (get.status === 'rejected') throw get.error
      return get.status === 'pending' ? 'no key' : get.value
    })
    expect<unknown[]>(seen.sort(), `keys that get() hands out ${when}`).toEqual([...keys].sort())
  })
  look.length(queue, `after those ${when}`, 0)
}
