// WQ-7 and WQ-8: back-off.
import type { Subject } from '../../src/subject/subject.ts'
import { check, LONG_MS, newQueue, type Queue } from './bench.ts'
import type * as Often from './often.fixture.ts'
import { everywhere, takeEach } from './situations.ts'

/** Lets `default/web` fail so many times, one after the other. */
const failOften = ({ room }: Subject, queue: Queue, times: number) =>
  room<typeof Often>('fixture/often').call('fail', queue, 'default/web', times)

/** Where WQ-7.6 leads a key: `add`, `get`, `done`, addAfter with a number, a failure, and the end of its delays. */
const WAY = [
  ...([1, 0, 'add', -1, 1, 'fail', 'done', 'due'] as const), // waits from its second step on
  ...(['get', 1, 'fail', 'due', 'done', 'get', 0, 'add', 0, 1, 'fail', 'due', 'done'] as const),
  ...(['get', 'done', 'done', 'fail', 'due', 'get', 'done'] as const),
  // Goes to a get() that waits: from add, from done, from a back-off and from addAfter.
  ...(['get', 'add', 'add', 'get', 'done', 'fail', 'done'] as const),
  ...(['get', 'fail', 'due', 'done', 'get', -1, 'done'] as const),
]

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
    look.returns(failOften(subject, queue, failures))
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
    { options: { baseDelayMs: 50, maxDelayMs: 20 }, delays: [20, 20] },
  ] as const
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
  const queue = newQueue(subject, { maxDelayMs: 0.5 })
  queue.addRateLimited('default/web')
  await subject.clock.advance(0.25)
  look.length(queue, '0.25 ms after addRateLimited in a queue with a cap of 0.5 ms', 0)
  await subject.clock.advance(0.25)
  look.length(queue, '0.5 ms after addRateLimited in a queue with a cap of 0.5 ms', 1)
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
    queue.forget('')
    look.answer(queue.retries(''), 'retries of the empty key, which failed once and was forgotten', 0)
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
    failOften(subject, queue, failures)
    await subject.clock.advance(2 ** 40)
    const failed = `a key failed ${failures} times, where the base delay is ${baseDelayMs} ms`
    look.keys(queue, `at the latest that the cap allows, after ${failed}`, ['default/web'])
    queue.addRateLimited('default/web')
    const backOffMs = baseDelayMs * 2 ** failures
    const next = `its next back-off, of ${backOffMs.toLocaleString('en')} ms, when ${failed}`
    await subject.clock.advance(Math.floor(backOffMs * 0.9))
    look.length(queue, `after nine tenths of ${next}`, 0)
    await subject.clock.advance(Math.ceil(backOffMs * 0.2))
    look.length(queue, `after ${next}`, 1)
  }
})

check('WQ-7.6', 'keeps the count of a key, whatever becomes of the key', async (subject, look) => {
  const queue = newQueue(subject)
  queue.addRateLimited('api')
  await look.due(queue, 'the failure of another key', 5, 'api')
  for (let i = 0; i < 2; i++) queue.addRateLimited('web')
  let retries = 2
  const path: string[] = []
  for (const step of WAY) {
    path.push(String(step))
    if (step === 'fail') {
      look.returns(queue.addRateLimited('web'))
      retries++
    } else if (step === 'due') await subject.clock.advance(LONG_MS)
    else if (step === 'get') queue.get()
    else look.returns(typeof step === 'number' ? queue.addAfter('web', step) : queue[step]('web'))
    look.answer(queue.retries('web'), `retries of a key after it failed twice, ${path.join(', ')}`, retries)
  }
  queue.addRateLimited('web')
  await look.due(queue, `failure ${retries + 1} of a key, after all that`, 5 * 2 ** retries, 'web')
  queue.shutDown()
  look.answer(queue.retries('web'), 'retries of a key after a shut-down', retries + 1)
  look.answer(queue.retries('api'), 'retries of a key that failed once, after much with another', 1)
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
    look.returns(queue.forget('web')) // as a worker does, before done
    for (const key of ['web', 'api']) queue.done(key)
    look.answer(queue.retries('web'), 'retries of a key that failed three times, after forget', 0)
    look.answer(queue.retries('api'), 'retries of a key that failed three times, after forget of another', 3)
    queue.addRateLimited('web')
    await look.due(queue, 'the first failure after forget', 5, 'web')
    queue.forget('web')
    look.length(queue, 'after forget of a key that is done', 0)
    queue.addRateLimited('api')
    await look.due(queue, 'the fourth failure of a key that was not forgotten', 40, 'api')

    queue.add('web')
    queue.get()
    for (let i = 0; i < 3; i++) queue.addRateLimited('web')
    queue.forget('web')
    await subject.clock.advance(40)
    queue.addRateLimited('web')
    queue.done('web')
    look.keys(queue, 'which failed, was forgotten, fell due and failed while it was processed', ['web'])
    await look.due(queue, 'a failure after forget, both while the key was processed', 5, 'web')

    queue.shutDown()
    queue.forget('api')
    look.answer(
      queue.retries('api'),
      'retries of a key that failed four times, after a shut-down and forget',
      0,
    )
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

check('WQ-8.3', 'forgets a key in whatever situation, and ends no delay', async (subject, look) => {
  const queue = newQueue(subject, { baseDelayMs: 80 })
  const fail = (key: string) => queue.addRateLimited(key)
  const keys = await everywhere(
    { subject, look, queue },
    {
      'rate-limited to 80 ms, then forgotten': { there: [fail, (key) => queue.forget(key)], dueMs: 80 },
      'rate-limited to 80 ms': { there: [fail], dueMs: 80 },
    },
  )
  const [forgotten = [], failed = []] = Object.values(keys)
  for (const key of failed) look.answer(queue.retries(key), `retries of "${key}"`, 1)
  for (const key of forgotten) look.answer(queue.retries(key), `retries of "${key}"`, 0)
  for (const key of [...forgotten, ...failed]) queue.addRateLimited(key)
  await subject.clock.advance(80)
  takeEach(
    { queue, look },
    forgotten,
    '80 ms after all keys were rate-limited, whether forgotten before or not',
  )
  await subject.clock.advance(80)
  takeEach({ queue, look }, failed, '160 ms after all keys were rate-limited')
})
