// WQ-9 to WQ-11: what an end leaves behind, shut down and drain.
import { check, LONG_MS, newQueue } from './bench.ts'

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
  for (const delayMs of [100, 400]) queue.addAfter('mail', delayMs)
  await subject.clock.advance(100)
  // Where the later time counts, which is WQ-6's question, the key is not due yet.
  if ((await subject.read(queue, 'length')) < 6) return
  await look.noTimers('after all keys fell due, one of them earlier than was asked for last')
})

check('WQ-9.2', 'has no timer set after it is shut down', async (subject, look) => {
  for (const shutDown of ['shutDown', 'shutDownWithDrain'] as const) {
    const queue = newQueue(subject)
    for (const key of ['default/web', 'default/mail']) queue.add(key)
    queue.get()
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
  const adds = [
    queue.add('web'),
    queue.addAfter('api', 0),
    queue.addAfter('cache', 10),
    queue.addRateLimited('mail'),
  ]
  look.length(queue, 'after adding to a queue that is shut down', 0)
  await subject.clock.advance(LONG_MS)
  look.length(queue, 'one minute after adding to a queue that is shut down', 0)
  look.answer(queue.get(), 'what get() answers after shutDown, while no key waits', undefined)
  for (const add of adds) look.returns(add)
})

check('WQ-10.2', 'hands out the keys that wait at a shutDown, then undefined', async (subject, look) => {
  const queue = newQueue(subject)
  const keys = ['default/web', 'default/api', 'default/cache']
  for (const key of keys) queue.add(key)
  queue.shutDown()
  queue.shutDown()
  look.length(queue, 'after shutDown, while three keys wait', 3)
  look.keys(queue, 'after shutDown', keys)
  look.answer(
    queue.get(),
    'what get() answers after shutDown, and after the last key was handed out',
    undefined,
  )
  look.answer(queue.get(), 'what a second such get() answers', undefined)
})

check('WQ-10.3', 'answers every get() that waits at a shutDown with undefined', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.get()
  const gets = [queue.get(), queue.get(), queue.get()]
  queue.shutDown()
  for (const [i, get] of gets.entries())
    look.later(
      get,
      `what get() number ${i + 1} of 3 answers, which waited at shutDown while a key is being processed`,
      undefined,
    )
})

check(
  'WQ-10.4',
  'hands out again after shutDown what was added before it, while it was processed',
  async (subject, look) => {
    const queue = newQueue(subject)
    queue.add('default/web')
    queue.get()
    queue.add('default/web')
    const waiting = queue.get()
    queue.shutDown()
    look.later(
      waiting,
      'what a get() answers that waited at shutDown, while the only key is being processed and was added again',
      undefined,
    )
    look.answer(
      queue.get(),
      'what get() answers after shutDown, while the only key is being processed',
      undefined,
    )
    queue.shutDown()
    queue.done('default/web')
    look.answer(
      queue.get(),
      'what get() answers after done of a key that was added while it was processed, before shutDown',
      'default/web',
    )
    queue.add('default/web')
    queue.addAfter('default/web', 0)
    queue.done('default/web')
    look.answer(
      queue.get(),
      'what get() answers after done of a key that was added while it was processed, after shutDown',
      undefined,
    )
  },
)

check('WQ-10.5', 'keeps what there is to do, however often it is shut down', async (subject, look) => {
  const queue = newQueue(subject)
  const processed = ['processed', 'again']
  for (const key of processed) queue.add(key)
  for (const _ of processed) queue.get()
  for (const key of ['again', 'web', 'api']) queue.add(key)
  for (const key of [...processed, 'web', 'api', 'delayed']) queue.addAfter(key, 100)
  queue.shutDown()
  look.returns(queue.shutDown())
  const drain = queue.shutDownWithDrain()
  look.returns(queue.shutDown())
  look.drained(drain, 'a drain after a third shutDown')
  for (const key of processed) queue.done(key)
  const when =
    'after two keys waited, and two were processed, one of which was added again, and four shut-downs'
  look.keys(queue, when, ['web', 'api', 'again'])
  look.answer(queue.get(), 'what get() answers after the last of these keys', undefined)
})

check('WQ-10.6', 'takes no key that is added just after a shut-down', async (subject, look) => {
  for (const shutDown of ['shutDown', 'shutDownWithDrain'] as const) {
    const queue = newQueue(subject)
    const get = subject.together(() => {
      const waits = queue.get()
      queue[shutDown]()
      queue.add('default/web')
      return waits
    })
    look.later(get, `what get() answers, after which ${shutDown} and add were called, all at once`, undefined)
    look.length(queue, `after get, ${shutDown} and add were called, all at once`, 0)
  }
})

check('WQ-10.7', 'leaves other queues open', async (subject, look) => {
  const [queue, other] = [newQueue(subject), newQueue(subject)]
  other.addAfter('delayed', 100)
  queue.addAfter('dropped', 50)
  other.addRateLimited('failed')
  const get = other.get()
  queue.shutDown()
  other.add('web')
  look.later(get, 'what get() of a queue answers after add, where another was shut down', 'web')
  await subject.clock.advance(LONG_MS)
  look.keys(other, 'of a queue with two delayed keys, after another was shut down', ['failed', 'delayed'])
  look.length(queue, 'of the queue that was shut down', 0)
})

// WQ-11: drain

check(
  'WQ-11.1',
  'drains until what is processed is done, and again if it was added',
  async (subject, look) => {
    const queue = newQueue(subject)
    for (const key of ['default/web', 'default/mail']) queue.add(key)
    // One goes to a get() that waits.
    for (const _ of ['default/web', 'default/mail', 'default/api']) queue.get()
    queue.add('default/api')
    queue.addRateLimited('default/mail')
    for (let i = 0; i < 2; i++) queue.done('default/mail')
    queue.add('default/web')
    const drain = queue.shutDownWithDrain()
    const others = [queue.shutDownWithDrain(), queue.shutDownWithDrain()]
    const goesOn = look.follow(drain, queue)
    goesOn('while two keys are being processed')
    for (const key of ['default/never-added', 'default/mail']) look.returns(queue.done(key))
    goesOn('after done of a key that was never added, and of one that was done and failed before')
    queue.done('default/api')
    goesOn('while one key is still being processed')
    queue.forget('default/web')
    goesOn('while one key is still being processed, after forget')
    queue.done('default/web')
    goesOn('while a key waits that was added while it was processed')
    look.answer(queue.get(), 'the key handed out again during the drain', 'default/web')
    goesOn('while a key is being processed again that was added while it was processed')
    queue.forget('default/web')
    goesOn('after forget of the key that is being processed')
    queue.done('default/web')
    look.drained(drain, 'the drain after all keys were done')
    for (const other of others)
      look.drained(other, 'another drain, called just after the first, after all keys were done')
  },
)

check('WQ-11.2', 'drains at once where no key waits or is being processed', async (subject, look) => {
  look.drained(newQueue(subject).shutDownWithDrain(), 'the drain of a new queue')
  const used = newQueue(subject)
  used.add('default/web')
  used.get()
  used.done('default/web')
  used.addAfter('default/api', 100)
  look.drained(
    used.shutDownWithDrain(),
    'the drain of a queue in which no key waits or is being processed, and one was delayed',
  )
})

check('WQ-11.3', 'drains until the keys that wait were handed out and are done', async (subject, look) => {
  const queue = newQueue(subject)
  for (const key of ['default/web', 'default/api']) queue.add(key)
  queue.done('default/api')
  const drain = queue.shutDownWithDrain()
  const goesOn = look.follow(drain, queue)
  goesOn('while two keys wait')
  for (const key of ['default/never-added', 'default/web']) look.returns(queue.done(key))
  goesOn('while two keys wait, after done of one of them and of a key that was never added')
  for (const key of ['default/web', 'default/api']) {
    look.answer(queue.get(), 'the key handed out during the drain', key)
    goesOn(`while ${key} is being processed`)
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
  look.later(waiting, 'what a get() answers that waited when shutDownWithDrain() was called', undefined)
  await look.end() // before shutDown(), which would answer it too
  queue.add('default/api')
  look.length(queue, 'after an add during the drain', 0)
  look.answer(queue.get(), 'what get() answers during the drain, while no key waits', undefined)
  const second = queue.shutDownWithDrain()
  goesOn('while a key is being processed')
  look.returns(queue.shutDown())
  look.drained(drain, 'the drain after shutDown, while a key is being processed')
  look.drained(second, 'a second drain after shutDown, while a key is being processed')
  await look.end() // before done(), which would end them too
  const later = queue.shutDownWithDrain()
  look.follow(later, queue)('that was called after shutDown had ended two, while a key is being processed')
  queue.done('default/web')
  look.drained(later, 'the drain that was called after shutDown, once the key was done')
})

check(
  'WQ-11.5',
  'resolves every drain once all keys are done, also after shutDown',
  async (subject, look) => {
    const queue = newQueue(subject)
    queue.add('default/web')
    queue.get()
    look.returns(queue.shutDown())
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

check('WQ-11.6', 'still hands out the keys that wait when shutDown ends a drain', async (subject, look) => {
  const queue = newQueue(subject)
  const keys = ['default/web', 'default/api']
  for (const key of keys) queue.add(key)
  const drain = queue.shutDownWithDrain()
  look.returns(queue.shutDown())
  look.drained(drain, 'the drain after shutDown, while two keys wait')
  await look.end() // before these are done, which would end it too
  look.length(queue, 'after shutDown ended a drain, while two keys wait', 2)
  look.keys(queue, 'after shutDown ended a drain', keys)
})
