// WQ-1 to WQ-4: keys that wait, and keys that are being processed.
import fc from 'fast-check'
import { expect } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import { check, Looks, newQueue } from './bench.ts'
import { addStep, doneStep, getStep, Model, type Run, someKey } from './model.ts'

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
  look.length(queue, 'after three keys were added and one of them was handed out', 2)
  queue.done('default/web')
  queue.addAfter('default/mail', 50)
  look.length(
    queue,
    'after three keys were added, one of them was handed out and done, and a fourth was delayed',
    2,
  )
})

check('WQ-1.3', 'takes any string for a key', async (subject, look) => {
  const queue = newQueue(subject)
  const keys = ['', '__proto__', 'constructor', 'toString', '10', ' ', 'länge/größe', '9']
  for (const key of keys) queue.add(key)
  look.length(queue, 'after eight unusual keys were added', keys.length)
  look.keys(queue, 'of eight unusual ones', keys)
  for (const key of keys) queue.add(key)
  look.keys(queue, 'of eight unusual ones, added again when they were done', keys)
  for (const [i, key] of keys.entries()) queue.addAfter(key, i + 1)
  await subject.clock.advance(keys.length)
  look.keys(queue, 'of eight unusual ones, delayed by 1, 2 and so on to 8 ms, after 8 ms', keys)
  const get = queue.get()
  look.waiting(get, 'get() after all eight keys were handed out and done three times')
  queue.add('')
  look.later(get, 'what the get() that waited answers after the empty key was added', '')
  queue.done('')
  queue.add('')
  look.length(queue, 'after the empty key was handed to a get() that waited, was done, and was added anew', 1)
})

// WQ-2: workers that wait

check('WQ-2.1', 'lets get() wait while no key waits, and answers it with the next', async (subject, look) => {
  const queue = newQueue(subject)
  const get = queue.get()
  look.waiting(get, 'get() of an empty queue')
  queue.add('default/web')
  look.later(get, 'what the get() that waited answers after add("default/web")', 'default/web')
  look.length(queue, 'after a key was added for which a get() waited', 0)
  look.waiting(queue.get(), 'a second get(), after the only key was handed to the first')
})

check('WQ-2.2', 'serves calls of get() that wait in the order in which they came', async (subject, look) => {
  const queue = newQueue(subject)
  const gets = [queue.get(), queue.get(), queue.get()] as const
  for (const key of ['default/web', 'default/api', 'default/cache']) queue.add(key)
  look.later(gets[0], 'what the first of three waiting get() answers', 'default/web')
  look.later(gets[1], 'what the second of three waiting get() answers', 'default/api')
  look.later(gets[2], 'what the third of three waiting get() answers', 'default/cache')
})

// WQ-3: a key waits once

check('WQ-3.1', 'adds a key that waits no second time, but anew once it is done', async (subject, look) => {
  const queue = newQueue(subject)
  for (let round = 1; round <= 2; round++) {
    for (let i = 0; i < 4; i++) queue.add('default/web')
    const when = `after one key was added four times${round === 1 ? '' : ', and again when it was done'}`
    look.length(queue, when, 1)
    look.keys(queue, when, ['default/web'])
  }
  look.waiting(queue.get(), 'get() after the only key was handed out and done twice')
})

check('WQ-3.2', 'leaves a key that is added again at its place', async (subject, look) => {
  const queue = newQueue(subject)
  for (const name of ['web', 'api', 'cache', 'api', 'web']) queue.add(name)
  look.length(queue, 'after web, api, cache, api, web were added', 3)
  look.keys(queue, 'after web, api, cache, api, web were added', ['web', 'api', 'cache'])
})

// WQ-4: one worker a key

check(
  'WQ-4.1',
  'keeps back a key that is added while it is processed until it is done',
  async (subject, look) => {
    const queue = newQueue(subject)
    queue.add('default/web')
    queue.get()
    for (const again of ['', ', for the second time']) {
      queue.add('default/web')
      look.length(queue, `while the only key is being processed, and was added again${again}`, 0)
      const get = queue.get()
      look.waiting(get, `get() while the only key is being processed, and was added again${again}`)
      queue.done('default/web')
      look.later(get, `what the get() that waited answers after done of that key${again}`, 'default/web')
    }
    queue.done('default/web')
    look.length(queue, 'after done of a key that was handed out again, and not added since', 0)
  },
)

check(
  'WQ-4.2',
  'hands out a key again once, however often it was added while it was processed',
  async (subject, look) => {
    const queue = newQueue(subject)
    queue.add('default/web')
    for (const again of ['', ', for the second time']) {
      queue.get()
      for (let i = 0; i < 3; i++) queue.add('default/web')
      look.length(queue, `after three adds of a key that is being processed${again}`, 0)
      queue.done('default/web')
      look.length(queue, `after done of a key that was added three times while it was processed${again}`, 1)
    }
    look.keys(queue, 'after that happened to it twice', ['default/web'])
    look.waiting(queue.get(), 'get() after the only key was done without being added meanwhile')
  },
)

check(
  'WQ-4.3',
  'puts a key that was added while it was processed at the end when it is done',
  async (subject, look) => {
    const queue = newQueue(subject)
    queue.add('web')
    queue.get()
    queue.add('web')
    queue.add('api')
    queue.done('web')
    queue.add('cache')
    look.keys(
      queue,
      'where web was added while it was processed, then api was added, web was done, and cache was added',
      ['api', 'web', 'cache'],
    )
  },
)

check('WQ-4.4', 'does nothing on done of a key that is not being processed', async (subject, look) => {
  const queue = newQueue(subject)
  look.returns(queue.done('never-added'))
  queue.add('web')
  queue.add('api')
  for (const key of ['web', 'api']) queue.done(key)
  queue.add('api')
  look.length(queue, 'of a queue in which two keys wait, after done of both', 2)
  look.keys(queue, 'of two that wait, after done of both', ['web', 'api'])
  queue.add('cache')
  queue.get()
  queue.add('cache')
  for (let i = 0; i < 3; i++) queue.done('cache')
  look.length(queue, 'after a key was added while it was processed, and done three times', 1)
  look.keys(queue, 'after it was added while it was processed, and done three times', ['cache'])
  look.length(queue, 'after that key was handed out again and done', 0)
  queue.addAfter('mail', 10)
  queue.done('mail')
  await subject.clock.advance(10)
  look.length(queue, '10 ms after a key was delayed by 10 ms, and done was called for it', 1)
  look.keys(queue, 'after a key was delayed, done was called for it, and it fell due', ['mail'])
  look.waiting(queue.get(), 'get() after that key was handed out and done')
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
    look.keys(queue, `after ${key} fell due while it was being processed, and was done`, [key])
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

check('WQ-4.7', 'hands a key to one worker, also where all is called at once', async (subject, look) => {
  for (const waits of [false, true]) {
    const queue = newQueue(subject)
    const gets = waits ? [queue.get()] : []
    subject.together(() => {
      for (let i = 0; i < 2; i++) {
        queue.add('default/web')
        gets.push(queue.get())
      }
    })
    const served = look.answered(queue, gets)
    const what = `add(), get(), add(), get()${waits ? ', while a third get() waits' : ''}`
    look.begin(async () => {
      expect(await served, `how many get() answered with the only key after ${what}, called at once`).toEqual(
        1,
      )
    })
  }
})

check('WQ-4.8', 'hands out a key again to whoever has waited longest', async (subject, look) => {
  const queue = newQueue(subject)
  queue.add('default/web')
  queue.get()
  const gets = [queue.get(), queue.get()] as const
  queue.add('default/web')
  queue.done('default/web')
  const then = 'after done of a key that was added while it was processed'
  look.later(gets[0], `what the first of two waiting get() answers ${then}`, 'default/web')
  look.length(queue, then, 0)
})
