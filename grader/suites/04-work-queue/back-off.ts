// WQ-7 and WQ-8: back-off.
import { check, newQueue } from './bench.ts'

// WQ-7: back-off

check('WQ-7.1', 'doubles the delay of a key with each call, from 5 ms', async (subject, look) => {
  const queue = newQueue(subject)
  for (const [retry, delayMs] of [5, 10, 20, 40].entries()) {
    queue.addRateLimited('web')
    await look.due(queue, `call ${retry + 1} of addRateLimited`, delayMs, 'web')
  }
  queue.addRateLimited('api')
  await look.due(queue, 'the first call of addRateLimited for a key, after four for another', 5, 'api')
  queue.addRateLimited('web')
  await look.due(queue, 'the fifth call of addRateLimited for a key, after one for another', 80, 'web')
  queue.add('mail')
  queue.addRateLimited('mail')
  look.keys(queue, 'where a key waits, and failed', ['mail'])
  await look.due(queue, 'the first call of addRateLimited for a key, which waited then', 5, 'mail')
})

check('WQ-7.2', 'waits no longer than 1,000,000 ms, however often the key failed', async (subject, look) => {
  // 17 is the last count below the cap. Shifted in 32 bits, 5 turns negative at 31, and is 5 again at 32. Doubled
  // 1,100 times, any number is infinite.
  for (const failures of [17, 18, 31, 32, 1100]) {
    const queue = newQueue(subject)
    subject.together(() => {
      for (let i = 0; i < failures; i++) queue.addRateLimited('default/web')
    })
    await subject.clock.advance(1_000_000)
    look.keys(queue, `1,000,000 ms after a key failed ${failures} times`, ['default/web'])
    const next = `failure ${failures + 1} of a key`
    look.returns(queue.addRateLimited('default/web'))
    look.length(queue, `at ${next}, without any time passing`, 0)
    await look.due(queue, next, failures === 17 ? 655_360 : 1_000_000)
    look.answer(queue.retries('default/web'), `retries after ${next}, and its delay`, failures + 1)
  }
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
      await look.due(
        queue,
        `call ${retry + 1} of addRateLimited in a queue with ${JSON.stringify(options)}`,
        delayMs,
      )
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
    queue.addRateLimited('')
    look.answer(queue.retries(''), 'retries of the empty key, which failed once', 1)
    look.answer(queue.retries('web'), 'retries of a key that failed twice', 2)
    look.answer(queue.retries('api'), 'retries of a key that failed once', 1)
    look.answer(queue.retries('constructor'), 'retries of a key that never failed, after others did', 0)
    queue.add('web')
    for (const delayMs of [2 ** 31, 1, 0]) queue.addAfter('web', delayMs)
    queue.get()
    for (let i = 0; i < 2; i++) queue.done('web')
    look.answer(
      queue.retries('web'),
      'retries of a key that failed twice, after add, addAfter, get and done',
      2,
    )
    queue.add('web')
    queue.addRateLimited('web')
    look.answer(queue.retries('web'), 'retries of a key that failed twice, and again while it waits', 3)
    queue.get()
    queue.add('web')
    queue.addRateLimited('web')
    look.answer(
      queue.retries('web'),
      'retries of a key that failed three times, and again while it is being processed',
      4,
    )
  },
)

check('WQ-7.5', 'doubles any base delay, as long as the cap is far away', async (subject, look) => {
  for (const [baseDelayMs, failures] of [
    [1, 35],
    [0.4, 10],
  ] as const) {
    const queue = newQueue(subject, { baseDelayMs, maxDelayMs: 2 ** 40 })
    for (let i = 0; i < failures; i++) queue.addRateLimited('default/web')
    await subject.clock.advance(2 ** 40)
    const failed = `a key failed ${failures} times, where the base delay is ${baseDelayMs} ms`
    look.keys(queue, `at the latest that the cap allows, after ${failed}`, ['default/web'])
    queue.addRateLimited('default/web')
    const backOffMs = baseDelayMs * 2 ** failures
    await subject.clock.advance(Math.floor(backOffMs * 0.9))
    look.length(
      queue,
      `after nine tenths of its back-off of ${backOffMs} ms, when ${failed}, and once more`,
      0,
    )
    await subject.clock.advance(Math.ceil(backOffMs * 0.2))
    look.length(queue, `after its back-off of ${backOffMs} ms, when ${failed}, and once more`, 1)
  }
})

// WQ-8: forget

check(
  'WQ-8.1',
  'starts the back-off of a key from the base delay again after forget',
  async (subject, look) => {
    const queue = newQueue(subject)
    look.returns(queue.forget('never-added'))
    look.answer(queue.retries('never-added'), 'retries of a key that never failed, after forget', 0)
    for (const key of ['web', 'api']) for (let i = 0; i < 3; i++) queue.addRateLimited(key)
    await subject.clock.advance(20)
    look.length(queue, '20 ms after two keys failed three times', 2)
    // Due at the same instant, they come in any order: both are taken before either is done.
    for (const _ of ['web', 'api']) queue.get()
    for (const key of ['web', 'api']) queue.done(key)
    queue.forget('web')
    look.answer(queue.retries('web'), 'retries of a key that failed three times, after forget', 0)
    look.answer(queue.retries('api'), 'retries of a key that failed three times, after forget of another', 3)
    queue.addRateLimited('web')
    await look.due(queue, 'the first failure after forget', 5, 'web')
    queue.addRateLimited('api')
    await look.due(queue, 'the fourth failure of a key that was not forgotten', 40, 'api')
  },
)

check('WQ-8.2', 'leaves keys alone that are delayed, wait or are processed', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('processed')
  queue.add('waiting')
  queue.get()
  queue.add('processed')
  queue.addRateLimited('failed')
  queue.addAfter('delayed', 6)
  const before = await subject.read(queue, 'length')
  for (const key of ['processed', 'waiting', 'failed', 'delayed']) queue.forget(key)
  // What it was is WQ-4's question.
  look.length(queue, 'after forget of all keys, compared with that before it', before)
  queue.done('processed')
  look.keys(queue, 'after forget of all keys', ['waiting', 'processed'])
  await subject.clock.advance(5)
  look.length(queue, '5 ms after addRateLimited and forget', 1)
  look.keys(queue, '5 ms after addRateLimited and forget', ['failed'])
  await subject.clock.advance(1)
  look.keys(queue, '6 ms after addAfter and forget', ['delayed'])
})
