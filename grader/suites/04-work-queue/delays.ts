// WQ-5 and WQ-6: delays.
import fc from 'fast-check'
import { forAll } from '../../src/runner/property.ts'
import { check, LONG_MS, Looks, newQueue } from './bench.ts'
import { advanceStep, type DelayRun, type Delays, delayStep, someKey, takeAll } from './model.ts'
import { everywhere } from './situations.ts'

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
  const get = queue.get()
  queue.addAfter('cache', 0)
  look.later(get, 'what a get() that waited answers after addAfter with 0 ms', 'cache')
})

check('WQ-5.3', 'adds delayed keys in the order of their times, each once', async (subject, look) => {
  const queue = newQueue(subject)
  // In this order, a heap shows whether it goes wrong: at a level, at a second child, or at the last one.
  for (const delayMs of [200, 300, 400, 100, 500, 600]) queue.addAfter(`after ${delayMs} ms`, delayMs)
  queue.addAfter('waiting', 50)
  queue.add('now')
  queue.add('waiting')
  await subject.clock.advance(600)
  look.length(queue, 'with eight keys, one of which fell due while it waited', 8)
  const delayed = [100, 200, 300, 400, 500, 600].map((delayMs) => `after ${delayMs} ms`)
  look.keys(queue, 'after 600 ms', ['now', 'waiting', ...delayed])
})

check('WQ-5.4', 'answers a waiting get() when a delayed key falls due', async (subject, look) => {
  const queue = newQueue(subject)
  const get = queue.get()
  queue.addAfter('default/web', 30)
  look.length(queue, 'while a get() waits and the only key is delayed', 0)
  look.waiting(get, 'get() while the only key is delayed')
  await subject.clock.advance(30)
  look.later(get, 'what the get() that waited answers once the key is due', 'default/web')
})

check('WQ-5.5', 'takes any finite number of milliseconds for a delay', async (subject, look) => {
  const queue = newQueue(subject)
  const delays = [
    [0.5, 0.25],
    [2.5, 2],
    [2 ** 31, 2 ** 31 - 1],
  ] as const
  for (const [delayMs, beforeMs] of delays) {
    queue.addAfter('default/web', delayMs)
    await subject.clock.advance(beforeMs)
    look.length(queue, `${beforeMs} ms after addAfter with ${delayMs} ms`, 0)
    await subject.clock.advance(delayMs - beforeMs)
    look.length(queue, `${delayMs} ms after addAfter with ${delayMs} ms`, 1)
    look.keys(queue, `${delayMs} ms after addAfter with ${delayMs} ms`, ['default/web'])
  }
})

check('WQ-5.6', 'leaves a key at its place that waits when its delay is over', async (subject, look) => {
  const queue = newQueue(subject)
  for (const key of ['web', 'api', 'cache']) queue.add(key)
  queue.addAfter('web', 10)
  await subject.clock.advance(10)
  queue.addAfter('api', 0)
  queue.addAfter('web', 30)
  const when = 'where three keys wait, one of them fell due after 10 ms, and one after 0 ms'
  look.length(queue, when, 3)
  look.keys(queue, when, ['web', 'api', 'cache'])
  await subject.clock.advance(30)
  look.keys(queue, 'after a key fell due while it waited, and was delayed anew by 30 ms', ['web'])
})

// WQ-6: one delay a key

check('WQ-6.1', 'keeps the earliest of the times that are asked for, and no other', async (subject, look) => {
  const queue = newQueue(subject)
  for (const delayMs of [500, 100, 300]) queue.addAfter('default/web', delayMs)
  for (const delayMs of [500, 0.5, 300]) queue.addAfter('__proto__', delayMs)
  await subject.clock.advance(99)
  look.keys(queue, 'after 99 ms, delayed by 500, 0.5 and 300 ms', ['__proto__'])
  look.length(queue, 'after 99 ms, delayed by 500, 100 and 300 ms', 0)
  await subject.clock.advance(1)
  await look.once(queue, 'after 100 ms, delayed by 500, 100 and 300 ms')
  const get = queue.get()
  for (let i = 0; i < 2; i++) queue.addAfter('api', 50)
  await subject.clock.advance(50)
  look.later(get, 'what a get() that waited answers, 50 ms after two delays of a key by 50 ms', 'api')
  queue.done('api')
  look.length(queue, 'after done of that key', 0)
})

check('WQ-6.2', 'compares the times at which the key is due, not the delays', async (subject, look) => {
  const queue = newQueue(subject)
  queue.addAfter('default/web', 100)
  queue.addAfter('default/api', 100)
  await subject.clock.advance(60)
  queue.addAfter('default/web', 60) // 120 ms after the start: later
  queue.addAfter('default/api', 30) // 90 ms after the start: earlier
  await subject.clock.advance(30)
  look.length(
    queue,
    'after 90 ms, with two keys delayed by 100 ms at the start, and one of them by 30 ms after 60 ms',
    1,
  )
  look.keys(queue, 'after 90 ms, delayed by 100 ms at the start, and by 30 ms after 60 ms', ['default/api'])
  await subject.clock.advance(10)
  await look.once(queue, 'after 100 ms, delayed by 100 ms at the start, and by 60 ms after 60 ms')
})

check(
  'WQ-6.3',
  'adds a delayed key when it is due, even if it was added meanwhile',
  async (subject, look) => {
    const queue = newQueue(subject)
    queue.addAfter('web', 100)
    for (let i = 0; i < 2; i++) queue.add('web')
    queue.addAfter('api', 100)
    queue.addAfter('api', 0)
    queue.addAfter('cache', 100)
    queue.addAfter('cache', -1)
    look.keys(queue, 'when three keys were delayed by 100 ms, and then added', ['web', 'api', 'cache'])
    queue.add('mail')
    queue.addAfter('mail', 100)
    look.keys(queue, 'when a key was added, and then delayed by 100 ms', ['mail'])
    for (const key of ['before', 'after']) {
      queue.add(key)
      queue.get()
      if (key === 'before') queue.addAfter(key, 100)
      queue.add(key)
      if (key === 'after') queue.addAfter(key, 100)
      queue.done(key)
      look.keys(queue, `when a key was added while it was processed, and delayed by 100 ms ${key} that`, [
        key,
      ])
    }
    await subject.clock.advance(99)
    look.length(queue, '99 ms after six keys were delayed by 100 ms, added and done', 0)
    await subject.clock.advance(1)
    look.length(queue, '100 ms after six keys were delayed by 100 ms, added and done', 6)
  },
)

check('WQ-6.4', 'delays a key anew after it fell due', async (subject, look) => {
  const queue = newQueue(subject)
  const delays = { first: 100, second: 300, third: 50 }
  for (const [nth, delayMs] of Object.entries(delays)) {
    queue.addAfter('default/web', delayMs)
    await look.due(queue, `the ${nth} delay of a key, of ${delayMs} ms`, delayMs)
  }
  // The later of two times, which does not count any more, comes while the next delay goes on.
  queue.addAfter('default/api', 60)
  for (const delayMs of [90, 40]) queue.addAfter('default/web', delayMs)
  await subject.clock.advance(40)
  queue.addAfter('default/web', 100)
  look.keys(queue, '40 ms after a key was delayed by 90 and by 40 ms, and another by 60 ms', ['default/web'])
  await look.due(queue, 'a key was delayed anew by 100 ms, while another is due', 20, 'default/api')
  await look.due(queue, 'the other key fell due, 20 ms after a key was delayed anew by 100 ms', 80)

  const processed = ['web', 'api', 'cache']
  for (const key of processed) queue.add(key)
  for (const _ of processed) queue.get()
  queue.add('api')
  for (const delayMs of [30, 50]) {
    for (const key of processed) queue.addAfter(key, delayMs)
    if (delayMs === 30) await subject.clock.advance(delayMs)
  }
  for (const key of processed) queue.done(key)
  takeAll({ queue, look }, processed, 'which were delayed anew after they fell due while they were processed')
  await subject.clock.advance(49)
  look.length(queue, '49 ms after the second delays, of 50 ms, began', 0)
  await subject.clock.advance(1)
  takeAll({ queue, look }, processed, '50 ms after the second delays, of 50 ms, began')
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
  look.length(queue, 'one minute after both keys were handed out and done', 0)
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

check('WQ-6.7', 'keeps one delay of a key, whatever becomes of the key meanwhile', async (subject, look) => {
  const queue = newQueue(subject, { baseDelayMs: 80 })
  const after = (delayMs: number) => (key: string) => queue.addAfter(key, delayMs)
  const fail = (key: string) => queue.addRateLimited(key)
  const add = (key: string) => queue.add(key)
  await everywhere(
    { subject, look, queue },
    {
      'delayed by 100 ms, then added': {
        before: after(100),
        there: [after(-1), add, after(0)],
        adds: true,
        dueMs: 100,
      },
      'delayed by 100 ms, then by 60, and rate-limited to 80': {
        before: after(100),
        there: [after(60), after(90), fail],
        dueMs: 60,
      },
      'delayed by 100 ms, then rate-limited to 80': { before: after(100), there: [fail], dueMs: 80 },
      'rate-limited to 80 ms, then delayed by 60': { before: fail, there: [after(60)], dueMs: 60 },
      'rate-limited to 80 ms, then added': {
        before: fail,
        there: [after(0), add, fail],
        adds: true,
        dueMs: 80,
      },
    },
  )
})
