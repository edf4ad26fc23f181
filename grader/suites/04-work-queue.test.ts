import fc from 'fast-check'
import type * as WorkQueueRoom from '#rooms/work-queue'
import { check } from '../src/runner/check.ts'
import { expect, expectPending, words } from '../src/runner/expect.ts'
import { forAll } from '../src/runner/property.ts'
import { type Call, NeverSettles, type Remote, type Subject } from '../src/subject/subject.ts'

type Queue = Remote<WorkQueueRoom.WorkQueue>
type Reader = Pick<Subject, 'read'>
type Timed = Pick<Subject, 'read' | 'clock'>

/** Longer than any delay that a check asks for, but for the default cap of the back-off. */
const LONG_MS = 60_000

/** A queue on the check's clock. */
function newQueue({ room, clock }: Pick<Subject, 'room' | 'clock'>): Queue {
  return room<typeof WorkQueueRoom>('work-queue').construct('WorkQueue', clock)
}

/** Looks at what a `get()` answers, at once or when what it waited for has come. */
async function expectKey(get: Call<string | undefined>, what: string, key: string | undefined) {
  const seen = await get.then(
    (value) => value,
    (error: unknown) => {
      if (error instanceof NeverSettles) return words('it is still waiting')
      throw error
    },
  )
  expect<unknown>(seen, what).toEqual(key)
}

/** Looks at how many keys wait to be handed out. */
async function expectLength({ read }: Reader, queue: Queue, when: string, length: number) {
  expect(await read(queue, 'length'), `length ${when}`).toEqual(length)
}

/** Takes `keys.length` keys, one after the other, each of which is done before the next is taken. */
async function expectKeys(queue: Queue, when: string, keys: string[]) {
  const gets = keys.map((key) => {
    const get = queue.get()
    queue.done(key)
    return get
  })
  for (const [i, get] of gets.entries()) await expectKey(get, `key ${i + 1} handed out ${when}`, keys[i])
}

/** Looks, when that is called, whether a drain has gone on all the time since. */
function watch(drain: Call<void>, { read }: Reader, queue: Queue) {
  let ended = false
  drain.then(
    () => {
      ended = true
    },
    () => undefined,
  )
  return async (when: string) => {
    await read(queue, 'length') // whatever was answered before this has arrived then
    expect(ended ? 'resolved' : 'still waiting', `the drain ${when}`).toEqual('still waiting')
  }
}

/** Looks at a drain that must have ended. */
async function expectDrained(drain: Call<void>, what: string) {
  const seen = await drain.then(
    () => 'resolved',
    (error: unknown) => {
      if (error instanceof NeverSettles) return 'still waiting'
      throw error
    },
  )
  expect(seen, what).toEqual('resolved')
}

/** Looks at `default/web`, which must be handed out now, and not once more afterwards. */
async function expectKeyOnce(subject: Timed, queue: Queue, when: string) {
  await expectKeys(queue, when, ['default/web'])
  await subject.clock.advance(LONG_MS)
  await expectLength(subject, queue, `long after the key was handed out ${when}, and done`, 0)
}

/** Looks at the one key that is delayed, which must fall due after `delayMs`; takes it and says it is done. */
async function expectDue(subject: Timed, queue: Queue, what: string, delayMs: number, key = 'default/web') {
  await subject.clock.advance(delayMs - 1)
  await expectLength(subject, queue, `${delayMs - 1} ms after ${what}`, 0)
  await subject.clock.advance(1)
  await expectLength(subject, queue, `${delayMs} ms after ${what}`, 1)
  await expectKeys(queue, `${delayMs} ms after ${what}`, [key])
}

/** Looks at the clock, on which nothing may be set. */
async function expectNoTimers({ clock }: Timed, when: string) {
  const dueInMs = (await clock.pending()).map((dueMs) => dueMs - clock.now())
  expect(dueInMs, `timers that are set ${when}, as the ms until they are due`).toEqual([])
}

// WQ-1: order and length

check('WQ-1.1', 'hands out the keys in the order in which they were added', async (subject) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.add('default/api')
  const first = queue.get()
  queue.add('default/cache')
  const second = queue.get()
  queue.add('default/mail')
  const third = queue.get()
  const fourth = queue.get()
  await expectKey(first, 'key 1', 'default/web')
  await expectKey(second, 'key 2', 'default/api')
  await expectKey(third, 'key 3', 'default/cache')
  await expectKey(fourth, 'key 4', 'default/mail')
})

check('WQ-1.2', 'counts the keys that wait, and no others, as its length', async (subject) => {
  const queue = newQueue(subject)
  const empty = subject.read(queue, 'length')
  for (const key of ['default/web', 'default/api', 'default/cache']) queue.add(key)
  const three = subject.read(queue, 'length')
  queue.get()
  const two = subject.read(queue, 'length')
  queue.done('default/web')
  queue.addAfter('default/mail', 50)
  const still = subject.read(queue, 'length')
  expect(await empty, 'length of a new queue').toEqual(0)
  expect(await three, 'length after three keys were added').toEqual(3)
  expect(await two, 'length after one of them was handed out').toEqual(2)
  expect(await still, 'length after that one was done and another key was delayed').toEqual(2)
})

check('WQ-1.3', 'takes any string for a key', async (subject) => {
  const queue = newQueue(subject)
  const keys = ['', '__proto__', 'constructor', 'toString', '10', ' ', 'länge/größe', '9']
  for (const key of keys) queue.add(key)
  await expectLength(subject, queue, 'after eight unusual keys were added', keys.length)
  await expectKeys(queue, 'of eight unusual ones', keys)
  await expectPending(queue.get(), 'get() after all of them were handed out')
})

// WQ-2: workers that wait

check('WQ-2.1', 'lets get() wait while no key waits, and answers it with the next key', async (subject) => {
  const queue = newQueue(subject)
  const get = queue.get()
  await expectPending(get, 'get() of an empty queue')
  queue.add('default/web')
  await expectKey(get, 'what it answers after add("default/web")', 'default/web')
  await expectLength(subject, queue, 'after a key was added for which a get() waited', 0)
  await expectPending(queue.get(), 'a second get(), after that')
})

check('WQ-2.2', 'serves the calls of get() that wait in the order in which they came', async (subject) => {
  const queue = newQueue(subject)
  const gets = [queue.get(), queue.get(), queue.get()] as const
  for (const key of ['default/web', 'default/api', 'default/cache']) queue.add(key)
  await expectKey(gets[0], 'what the first of three waiting get() answers', 'default/web')
  await expectKey(gets[1], 'what the second one answers', 'default/api')
  await expectKey(gets[2], 'what the third one answers', 'default/cache')
})

// WQ-3: a key waits once

check('WQ-3.1', 'adds a key that waits no second time, but anew once it is done', async (subject) => {
  const queue = newQueue(subject)
  for (let round = 1; round <= 2; round++) {
    for (let i = 0; i < 4; i++) queue.add('default/web')
    await expectLength(subject, queue, `in round ${round}, after one key was added four times`, 1)
    await expectKeys(queue, `in round ${round}`, ['default/web'])
  }
  await expectPending(queue.get(), 'get() after it was handed out and done')
})

check('WQ-3.2', 'leaves a key that is added again at its place', async (subject) => {
  const queue = newQueue(subject)
  for (const name of ['web', 'api', 'cache', 'api', 'web']) queue.add(name)
  await expectKeys(queue, 'after web, api, cache, api, web were added', ['web', 'api', 'cache'])
})

// WQ-4: one worker a key

check('WQ-4.1', 'keeps back a key that is added while it is processed until it is done', async (subject) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.get()
  queue.add('default/web')
  const whileProcessing = subject.read(queue, 'length')
  const second = queue.get()
  await expectPending(second, 'get() while the only key is being processed')
  expect(await whileProcessing, 'length while the only key is being processed').toEqual(0)
  queue.done('default/web')
  await expectKey(second, 'what it answers after done', 'default/web')
})

check('WQ-4.2', 'hands it out again once, however often it was added', async (subject) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  for (let round = 1; round <= 2; round++) {
    queue.get()
    for (let i = 0; i < 3; i++) queue.add('default/web')
    await expectLength(subject, queue, `in round ${round}, after three adds while it is processed`, 0)
    queue.done('default/web')
    await expectLength(subject, queue, `in round ${round}, after done`, 1)
  }
  await expectKeys(queue, 'after that', ['default/web'])
  await expectPending(queue.get(), 'get() after it was done without being added')
})

check('WQ-4.3', 'puts it at the end when it is done', async (subject) => {
  const queue = newQueue(subject)
  queue.add('web')
  queue.get()
  queue.add('web')
  queue.add('api')
  queue.done('web')
  queue.add('cache')
  await expectKeys(queue, 'after done', ['api', 'web', 'cache'])
})

check('WQ-4.4', 'does nothing on done of a key that waits', async (subject) => {
  const queue = newQueue(subject)
  queue.add('web')
  queue.add('api')
  await queue.done('web')
  await queue.done('api')
  queue.add('api')
  await expectLength(subject, queue, 'with two keys, after done of keys that wait', 2)
  await expectKeys(queue, 'after that', ['web', 'api'])
  await expectLength(subject, queue, 'after both were handed out', 0)
})

check('WQ-4.5', 'does nothing on done of a key that it does not know or that is done', async (subject) => {
  const queue = newQueue(subject)
  await queue.done('default/never-added')
  queue.add('default/web')
  queue.get()
  queue.add('default/web')
  queue.done('default/web')
  await queue.done('default/web')
  await expectLength(subject, queue, 'after one key was added while processed, and done twice', 1)
  await expectKey(queue.get(), 'the key handed out after that', 'default/web')
  await expectPending(queue.get(), 'a further get()')
})

check('WQ-4.6', 'keeps back a key that falls due while it is processed until it is done', async (subject) => {
  for (const delayMs of [30, 0]) {
    const queue = newQueue(subject)
    queue.add('default/web')
    queue.get()
    queue.addAfter('default/web', delayMs)
    await subject.clock.advance(delayMs)
    const when = `when a key that is being processed fell due after ${delayMs} ms`
    await expectLength(subject, queue, when, 0)
    queue.done('default/web')
    await expectLength(subject, queue, `${when} and was done`, 1)
    await expectKey(queue.get(), 'the key handed out then', 'default/web')
  }
})

check('WQ-4.7', 'does what a model of the queue does, whatever is called', async (subject) => {
  const { room, clock, read, seed } = subject
  const steps = [someKey.map(addStep), fc.constant(getStep()), someKey.map(doneStep)]
  await forAll(
    seed,
    fc.commands(steps, { maxCommands: 30, disableReplayLog: true }),
    async (commands) => {
      const run: Run = { queue: newQueue({ room, clock }), read, comparisons: [] }
      fc.modelRun(() => ({ model: new Model(), real: run }), commands)
      for (const compare of run.comparisons) await compare()
    },
    25,
  )
})

// WQ-5: delays

check('WQ-5.1', 'adds a delayed key when its time has come, and not before', async (subject) => {
  const queue = newQueue(subject)
  await subject.clock.advance(700)
  queue.addAfter('default/web', 1000)
  await subject.clock.advance(999)
  await expectLength(subject, queue, '999 ms after addAfter with 1000 ms', 0)
  await subject.clock.advance(1)
  await expectLength(subject, queue, '1000 ms after addAfter with 1000 ms', 1)
  await expectKeyOnce(subject, queue, 'after 1000 ms')
})

check('WQ-5.2', 'adds at once where the delay is 0 or less', async (subject) => {
  const queue = newQueue(subject)
  queue.addAfter('web', 0)
  queue.addAfter('api', -20)
  queue.addAfter('api', -1)
  await expectLength(subject, queue, 'after addAfter of two keys with 0 ms and less', 2)
  await expectKeys(queue, 'without any time passing', ['web', 'api'])
})

check('WQ-5.3', 'adds delayed keys in the order of their times', async (subject) => {
  const queue = newQueue(subject)
  queue.addAfter('late', 300)
  queue.addAfter('early', 100)
  queue.addAfter('middle', 200)
  queue.add('now')
  await subject.clock.advance(300)
  await expectKeys(queue, 'after 300 ms', ['now', 'early', 'middle', 'late'])
})

check('WQ-5.4', 'answers a waiting get() when a delayed key falls due', async (subject) => {
  const queue = newQueue(subject)
  const get = queue.get()
  queue.addAfter('default/web', 30)
  await expectPending(get, 'get() while the only key is delayed')
  await subject.clock.advance(30)
  await expectKey(get, 'what it answers once the key is due', 'default/web')
})

check('WQ-5.5', 'adds no key a second time that waits when it falls due', async (subject) => {
  const queue = newQueue(subject)
  queue.addAfter('web', 30)
  queue.add('api')
  queue.add('web')
  await subject.clock.advance(30)
  await expectLength(subject, queue, 'with two keys, one of which fell due while it waited', 2)
  await expectKeys(queue, 'after that', ['api', 'web'])
})

// WQ-6: one delay a key

check('WQ-6.1', 'keeps the earliest of the times that are asked for, and no other', async (subject) => {
  const queue = newQueue(subject)
  for (const delayMs of [500, 100, 300]) queue.addAfter('default/web', delayMs)
  await subject.clock.advance(99)
  await expectLength(subject, queue, 'after 99 ms, delayed by 500, 100 and 300 ms', 0)
  await subject.clock.advance(1)
  await expectKeyOnce(subject, queue, 'after 100 ms, delayed by 500, 100 and 300 ms')
})

check('WQ-6.2', 'compares the times at which the key is due, not the delays', async (subject) => {
  const queue = newQueue(subject)
  queue.addAfter('default/web', 100)
  queue.addAfter('default/api', 100)
  await subject.clock.advance(60)
  queue.addAfter('default/web', 60) // 120 ms after the start: later
  queue.addAfter('default/api', 30) // 90 ms after the start: earlier
  await subject.clock.advance(30)
  await expectLength(subject, queue, 'after 90 ms, when one of two keys is due', 1)
  await expectKeys(queue, 'after 90 ms', ['default/api'])
  await subject.clock.advance(10)
  await expectKeyOnce(subject, queue, 'after 100 ms, due then, and delayed to 120 ms as well')
})

check('WQ-6.3', 'adds a delayed key when it is due, also if it was added meanwhile', async (subject) => {
  const queue = newQueue(subject)
  queue.addAfter('web', 100)
  queue.add('web')
  queue.addAfter('api', 100)
  queue.addAfter('api', 0)
  await expectKeys(queue, 'at once', ['web', 'api'])
  await subject.clock.advance(99)
  await expectLength(subject, queue, '99 ms after two keys were delayed by 100 ms, added and done', 0)
  await subject.clock.advance(1)
  await expectLength(subject, queue, '100 ms after two keys were delayed by 100 ms, added and done', 2)
})

check('WQ-6.4', 'delays a key anew after it fell due', async (subject) => {
  const queue = newQueue(subject)
  for (const delayMs of [100, 300, 50]) {
    queue.addAfter('default/web', delayMs)
    await expectDue(subject, queue, `a delay of ${delayMs} ms`, delayMs)
  }
})

check('WQ-6.5', 'keeps one delay for addAfter and addRateLimited together', async (subject) => {
  const queue = newQueue(subject)
  queue.addAfter('web', 3)
  queue.addRateLimited('web') // 5 ms: later
  queue.addAfter('api', 8)
  queue.addRateLimited('api') // 5 ms: earlier
  await subject.clock.advance(3)
  await expectKeys(queue, 'after 3 ms, delayed by 3 ms and by the back-off of 5 ms', ['web'])
  await subject.clock.advance(2)
  await expectKeys(queue, 'after 5 ms, delayed by 8 ms and by the back-off of 5 ms', ['api'])
  await subject.clock.advance(LONG_MS)
  await expectLength(subject, queue, 'long after both keys were handed out and done', 0)
})

check('WQ-6.6', 'adds keys when a model of the delays does, whatever is asked for', async (subject) => {
  const { room, clock, read, seed } = subject
  const steps = [
    fc.tuple(someKey, fc.integer({ min: -1, max: 12 })).map(([key, delayMs]) => delayStep(key, delayMs)),
    fc.integer({ min: 1, max: 6 }).map(advanceStep),
  ]
  await forAll(
    seed,
    fc.commands(steps, { maxCommands: 20, disableReplayLog: true }),
    async (commands) => {
      const run: DelayRun = { queue: newQueue({ room, clock }), read, clock, comparisons: [] }
      await fc.asyncModelRun(() => ({ model: { nowMs: 0, due: new Map() }, real: run }), commands)
      run.queue.shutDown()
      for (const compare of run.comparisons) await compare()
    },
    20,
  )
})

// WQ-7: back-off

check('WQ-7.1', 'doubles the delay with each call, from 5 ms', async (subject) => {
  const queue = newQueue(subject)
  for (const [retry, delayMs] of [5, 10, 20, 40, 80].entries()) {
    queue.addRateLimited('default/web')
    await expectDue(subject, queue, `call ${retry + 1} of addRateLimited`, delayMs)
  }
})

check('WQ-7.2', 'waits no longer than 1,000,000 ms, however often the key failed', async (subject) => {
  const queue = newQueue(subject)
  const failures = [18, 31, 32, 33, 64, 100]
  for (const times of failures) {
    for (let i = 0; i < times; i++) queue.addRateLimited(`failed-${times}-times`)
  }
  await subject.clock.advance(1_000_000)
  const length = subject.read(queue, 'length')
  // Due at the same instant, they come in any order: all are taken before any is done.
  for (const _ of failures) queue.get()
  for (const times of failures) queue.done(`failed-${times}-times`)
  for (const times of failures) queue.addRateLimited(`failed-${times}-times`)
  expect(await length, 'length 1,000,000 ms after six keys failed many times').toEqual(6)
  await subject.clock.advance(999_999)
  await expectLength(subject, queue, '999,999 ms after they failed for at least the 19th time', 0)
  await subject.clock.advance(1)
  await expectLength(subject, queue, '1,000,000 ms after they failed for at least the 19th time', 6)
})

check('WQ-7.3', 'takes the base delay and the cap that it is given', async (subject) => {
  const room = subject.room<typeof WorkQueueRoom>('work-queue')
  const settings = [
    { options: { baseDelayMs: 100, maxDelayMs: 350 }, delays: [100, 200, 350, 350] },
    { options: { maxDelayMs: 7 }, delays: [5, 7] },
    { options: { baseDelayMs: 600_000 }, delays: [600_000, 1_000_000] },
    { options: { baseDelayMs: 50, maxDelayMs: 20 }, delays: [20] },
  ]
  for (const { options, delays } of settings) {
    const queue = room.construct('WorkQueue', subject.clock, options)
    for (const [retry, delayMs] of delays.entries()) {
      queue.addRateLimited('default/web')
      await expectDue(subject, queue, `call ${retry + 1} with ${JSON.stringify(options)}`, delayMs)
    }
  }
})

check('WQ-7.4', 'has a back-off of its own for each key', async (subject) => {
  const queue = newQueue(subject)
  for (let i = 0; i < 4; i++) queue.addRateLimited('web')
  await subject.clock.advance(40)
  await expectKeys(queue, '40 ms after four failures', ['web'])
  queue.addRateLimited('api')
  await expectDue(subject, queue, 'the first call for a key, after four for another', 5, 'api')
  queue.addRateLimited('web')
  await expectDue(subject, queue, 'the fifth call for the other', 80, 'web')
})

check('WQ-7.5', 'counts the calls of addRateLimited for each key, and nothing else', async (subject) => {
  const queue = newQueue(subject)
  const none = queue.retries('web')
  queue.addRateLimited('web')
  queue.addRateLimited('web')
  queue.addRateLimited('api')
  const counted = [queue.retries('web'), queue.retries('api'), queue.retries('constructor')]
  queue.add('web')
  queue.addAfter('web', 1)
  queue.get()
  queue.done('web')
  const unchanged = queue.retries('web')
  expect(await none, 'retries of a key that never failed').toEqual(0)
  expect(await Promise.all(counted), 'retries of keys that failed twice, once, never').toEqual([2, 1, 0])
  expect(await unchanged, 'retries after add, addAfter, get and done').toEqual(2)
})

// WQ-8: forget

check('WQ-8.1', 'starts the back-off of a key from the base again after forget', async (subject) => {
  const queue = newQueue(subject)
  await queue.forget('never-added')
  for (const key of ['web', 'api']) for (let i = 0; i < 3; i++) queue.addRateLimited(key)
  await subject.clock.advance(20)
  await expectLength(subject, queue, '20 ms after two keys failed three times', 2)
  // Due at the same instant, they come in any order: both are taken before either is done.
  for (const _ of ['web', 'api']) queue.get()
  for (const key of ['web', 'api']) queue.done(key)
  queue.forget('web')
  const retries = [queue.retries('web'), queue.retries('api')]
  expect(await Promise.all(retries), 'retries of the key that was forgotten, and of the other').toEqual([
    0, 3,
  ])
  queue.addRateLimited('web')
  await expectDue(subject, queue, 'the first failure after forget', 5, 'web')
  queue.addRateLimited('api')
  await expectDue(subject, queue, 'the fourth failure of a key that was not forgotten', 40, 'api')
})

check('WQ-8.2', 'leaves keys alone that are delayed, wait or are processed', async (subject) => {
  const queue = newQueue(subject)
  queue.add('processed')
  queue.add('waiting')
  queue.get()
  queue.add('processed')
  queue.addRateLimited('failed')
  queue.addAfter('delayed', 6)
  for (const key of ['processed', 'waiting', 'failed', 'delayed']) queue.forget(key)
  queue.done('processed')
  await expectKeys(queue, 'after forget of all keys', ['waiting', 'processed'])
  await subject.clock.advance(5)
  await expectKeys(queue, '5 ms after addRateLimited and forget', ['failed'])
  await subject.clock.advance(1)
  await expectKeys(queue, '6 ms after addAfter and forget', ['delayed'])
})

// WQ-9: no timers behind

check('WQ-9.1', 'has no timer set before and after keys are delayed', async (subject) => {
  const queue = newQueue(subject)
  queue.add('now')
  queue.addAfter('at-once', 0)
  await expectNoTimers(subject, 'before any key was delayed')
  queue.addAfter('web', 100)
  queue.addAfter('api', 250)
  queue.addRateLimited('cache')
  await subject.clock.advance(250)
  await expectLength(subject, queue, 'after all delays', 5)
  await expectNoTimers(subject, 'after all delayed keys fell due')
})

check('WQ-9.2', 'has no timer set after a key that was brought forward fell due', async (subject) => {
  const queue = newQueue(subject)
  for (const delayMs of [500, 200, 100]) queue.addAfter('default/web', delayMs)
  await subject.clock.advance(100)
  await expectLength(subject, queue, 'after its earliest time', 1)
  await expectNoTimers(subject, 'after the one delayed key fell due')
})

check('WQ-9.3', 'has no timer set after it is shut down', async (subject) => {
  for (const shutDown of ['shutDown', 'shutDownWithDrain'] as const) {
    const queue = newQueue(subject)
    queue.addAfter('default/web', 100)
    queue.addAfter('default/web', 50)
    queue.addRateLimited('default/api')
    queue[shutDown]()
    await expectNoTimers(subject, `after ${shutDown} while two keys were delayed`)
    queue.addAfter('default/web', 100)
    queue.addRateLimited('default/cache')
    await expectNoTimers(subject, `after ${shutDown}, addAfter and addRateLimited`)
  }
})

// WQ-10: shut down

check('WQ-10.1', 'adds nothing after shutDown, and drops what is delayed', async (subject) => {
  const queue = newQueue(subject)
  queue.addAfter('delayed', 100)
  queue.addRateLimited('failed')
  queue.shutDown()
  queue.add('web')
  queue.addAfter('api', 0)
  queue.addAfter('cache', 10)
  queue.addRateLimited('mail')
  await expectLength(subject, queue, 'after adding to a queue that is shut down', 0)
  await subject.clock.advance(LONG_MS)
  await expectLength(subject, queue, 'after that, and much time', 0)
  await expectKey(queue.get(), 'what get() answers', undefined)
})

check('WQ-10.2', 'hands out the keys that wait, then undefined', async (subject) => {
  const queue = newQueue(subject)
  const keys = ['default/web', 'default/api', 'default/cache']
  for (const key of keys) queue.add(key)
  queue.shutDown()
  queue.shutDown()
  await expectLength(subject, queue, 'after shutDown', 3)
  await expectKeys(queue, 'after shutDown', keys)
  await expectKey(queue.get(), 'what get() answers then', undefined)
  await expectKey(queue.get(), 'what a further get() answers', undefined)
})

check('WQ-10.3', 'answers every get() that waits with undefined', async (subject) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.get()
  const gets = [queue.get(), queue.get(), queue.get()]
  queue.shutDown()
  for (const [i, get] of gets.entries())
    await expectKey(get, `what waiting get() number ${i + 1} of 3 answers`, undefined)
})

check(
  'WQ-10.4',
  'hands out again what was added while it was processed, before shutDown',
  async (subject) => {
    const queue = newQueue(subject)
    queue.add('default/web')
    queue.get()
    queue.add('default/web')
    queue.shutDown()
    await expectKey(queue.get(), 'what get() answers while the key is still being processed', undefined)
    queue.done('default/web')
    await expectKey(queue.get(), 'what get() answers after its done', 'default/web')
    queue.add('default/web')
    queue.addAfter('default/web', 0)
    queue.done('default/web')
    await expectKey(queue.get(), 'what get() answers after it was added again, too late, and done', undefined)
  },
)

// WQ-11: drain

check('WQ-11.1', 'drains until the last key that is being processed is done', async (subject) => {
  const queue = newQueue(subject)
  for (const key of ['default/web', 'default/api']) queue.add(key)
  queue.get()
  queue.get()
  const drain = queue.shutDownWithDrain()
  const expectWaiting = watch(drain, subject, queue)
  await expectWaiting('while two keys are being processed')
  queue.done('default/web')
  await expectWaiting('while one key is still being processed')
  queue.done('default/api')
  await expectDrained(drain, 'the drain after both keys were done')
})

check('WQ-11.2', 'drains at once where no key waits or is being processed', async (subject) => {
  const fresh = newQueue(subject)
  await expectDrained(fresh.shutDownWithDrain(), 'the drain of a new queue')
  const used = newQueue(subject)
  used.add('default/web')
  used.get()
  used.done('default/web')
  used.addAfter('default/api', 100)
  await expectDrained(used.shutDownWithDrain(), 'the drain of a queue that has a delayed key alone')
})

check('WQ-11.3', 'drains until the keys that wait have been handed out and are done', async (subject) => {
  const queue = newQueue(subject)
  for (const key of ['default/web', 'default/api']) queue.add(key)
  const drain = queue.shutDownWithDrain()
  const expectWaiting = watch(drain, subject, queue)
  await expectWaiting('while two keys wait')
  for (const key of ['default/web', 'default/api']) {
    await expectKey(queue.get(), 'the key handed out during the drain', key)
    await expectWaiting(`before ${key} is done`)
    queue.done(key)
  }
  await expectDrained(drain, 'the drain after both keys were done')
})

check('WQ-11.4', 'drains until what was added while it was processed is done again', async (subject) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.get()
  queue.add('default/web')
  const drain = queue.shutDownWithDrain()
  queue.done('default/web')
  await watch(drain, subject, queue)('while the key waits again')
  await expectKey(queue.get(), 'the key handed out again', 'default/web')
  queue.done('default/web')
  await expectDrained(drain, 'the drain after it was done again')
})

check('WQ-11.5', 'shuts the queue down, and ends a drain with shutDown', async (subject) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.get()
  const waiting = queue.get()
  const drain = queue.shutDownWithDrain()
  queue.add('default/api')
  await expectKey(waiting, 'what a get() answers that waited when the drain began', undefined)
  await expectLength(subject, queue, 'after an add during the drain', 0)
  await expectPending(drain, 'the drain while a key is being processed')
  queue.shutDown()
  await expectDrained(drain, 'the drain after shutDown')
})

check('WQ-11.6', 'resolves every drain, also after shutDown', async (subject) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.get()
  queue.shutDown()
  await expectKey(queue.get(), 'what get() answers after shutDown, while a key is being processed', undefined)
  const first = queue.shutDownWithDrain()
  const second = queue.shutDownWithDrain()
  await expectPending(first, 'a drain after shutDown while a key is being processed')
  await expectPending(second, 'a second drain')
  queue.done('default/web')
  await expectDrained(first, 'the first drain after the key was done')
  await expectDrained(second, 'the second drain after the key was done')
})

// The models that WQ-4.7 and WQ-6.6 hold the queue against

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

/** A queue, and the comparisons to be made once all calls are on their way. */
interface Run extends Reader {
  queue: Queue
  comparisons: (() => Promise<void>)[]
}

type Step = fc.Command<Model, Run>

const addStep = (key: string): Step => ({
  // Whether a key that is added again keeps its place is WQ-3's question, and answered there.
  check: ({ waiting }) => !waiting.includes(key) || waiting.at(-1) === key,
  run(model, run) {
    model.add(key)
    run.queue.add(key)
    compareLength(model, run, `add("${key}")`)
  },
  toString: () => `add("${key}")`,
})

const doneStep = (key: string): Step => ({
  check: () => true,
  run(model, run) {
    model.done(key)
    run.queue.done(key)
    compareLength(model, run, `done("${key}")`)
  },
  toString: () => `done("${key}")`,
})

function compareLength(model: Model, { queue, read, comparisons }: Run, after: string) {
  const expected = model.waiting.length
  const length = read(queue, 'length')
  comparisons.push(async () => expect(await length, `length after ${after}`).toEqual(expected))
}

const getStep = (): Step => ({
  check: () => true,
  run(model, { queue, comparisons }) {
    const expected = model.get()
    const atOnce = expected.key !== undefined
    const get = queue.get()
    comparisons.push(async () => {
      if (!atOnce) await expectPending(get, 'a get() for which no key waits')
      if (expected.key !== undefined) await expectKey(get, 'what get() answers', expected.key)
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
  clock: Subject['clock']
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
    await run.clock.advance(ms)
    model.nowMs += ms
    const due = [...model.due.keys()].filter((key) => Number(model.due.get(key)) <= model.nowMs)
    for (const key of due) model.due.delete(key)
    takeAll(run, due, `${model.nowMs} ms after the start`)
  },
  toString: () => `${ms} ms pass`,
})

/** Takes `keys`, which wait in any order, says that they are done, and looks whether more of them wait. */
function takeAll({ queue, read, comparisons }: DelayRun, keys: string[], when: string) {
  const gets = keys.map(() => queue.get().settled())
  for (const key of keys) queue.done(key)
  const length = read(queue, 'length')
  comparisons.push(async () => {
    const seen = (await Promise.all(gets)).map((get) => {
      if (get.status === 'rejected') throw get.error
      return get.status === 'pending' ? 'no key' : String(get.value)
    })
    expect(seen.sort(), `keys that get() hands out ${when}`).toEqual([...keys].sort())
    expect(await length, `length after those ${when}`).toEqual(0)
  })
}
