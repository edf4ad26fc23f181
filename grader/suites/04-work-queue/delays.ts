// WQ-5 and WQ-6: delays.
import fc from 'fast-check'
import { forAll } from '../../src/runner/property.ts'
import { check, LONG_MS, Looks, newQueue } from './bench.ts'
import { advanceStep, type DelayRun, type Delays, delayStep, someKey } from './model.ts'

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
