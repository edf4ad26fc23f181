// WQ-4: one worker a key.
import fc from 'fast-check'
import { expect } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import { check, Looks, newQueue } from './bench.ts'
import { addStep, doneStep, getStep, Model, type Run, someKey } from './model.ts'

check(
  'WQ-4.1',
  'keeps back a key that is added while it is processed until it is done',
  async (subject, look) => {
    const queue = newQueue(subject)
    queue.add('default/web')
    queue.get()
    for (const again of ['', ', for the second time']) {
      queue.addRateLimited('default/web')
      queue.forget('default/web')
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
  for (const key of ['web', 'api']) look.returns(queue.done(key))
  queue.add('api')
  look.length(queue, 'of a queue in which two keys wait, after done of both', 2)
  look.keys(queue, 'of two that wait, after done of both', ['web', 'api'])
  queue.add('cache')
  queue.get()
  queue.add('cache')
  for (let i = 0; i < 3; i++) look.returns(queue.done('cache'))
  look.length(queue, 'after a key was added while it was processed, and done three times', 1)
  look.keys(queue, 'after it was added while it was processed, and done three times', ['cache'])
  look.length(queue, 'after that key was handed out again and done', 0)
  queue.addAfter('mail', 10)
  look.returns(queue.done('mail'))
  await subject.clock.advance(10)
  look.length(queue, '10 ms after a key was delayed by 10 ms, and done was called for it', 1)
  look.keys(queue, 'after a key was delayed, done was called for it, and it fell due', ['mail'])
  look.waiting(queue.get(), 'get() after that key was handed out and done')
})

check('WQ-4.5', 'keeps back a key that falls due while it is being processed', async (subject, look) => {
  const queue = newQueue(subject)
  const delays = { web: 30, api: 0, cache: -1, mail: 'its back-off' }
  for (const key of Object.keys(delays)) queue.add(key)
  for (const _ of Object.keys(delays)) queue.get()
  for (const [key, delay] of Object.entries(delays)) {
    for (let i = 0; i < 2; i++) {
      if (typeof delay === 'number') queue.addAfter(key, delay)
      else queue.addRateLimited(key)
      if (typeof delay !== 'number') await subject.clock.advance(10)
      else if (delay > 0) await subject.clock.advance(delay)
      const after = typeof delay === 'number' ? `${delay} ms` : delay
      look.length(queue, `when a key that is being processed fell due after ${after}`, 0)
    }
  }
  for (const key of Object.keys(delays)) {
    queue.done(key)
    look.length(queue, `when ${key} fell due twice while it was being processed, and was done`, 1)
    look.keys(queue, `after ${key} fell due twice while it was being processed, and was done`, [key])
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
