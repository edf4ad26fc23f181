import { expect, test } from 'vitest'
import { ManualClock } from '#kit/manual-clock'
import { WorkQueue } from '#rooms/work-queue'

test('WQ-1: hands out the keys in the order in which they were added', async () => {
  const queue = new WorkQueue(new ManualClock())

  queue.add('default/web')
  queue.add('default/api')
  expect(queue.length).toBe(2)

  expect(await queue.get()).toBe('default/web')
  expect(await queue.get()).toBe('default/api')
  expect(queue.length).toBe(0)
})

test('WQ-3: a key that waits already is not added a second time', async () => {
  const queue = new WorkQueue(new ManualClock())

  queue.add('default/web')
  queue.add('default/web')
  queue.add('default/web')

  expect(queue.length).toBe(1)
})

test('WQ-4: a key that was added while it was being processed is handed out again after done', async () => {
  const queue = new WorkQueue(new ManualClock())
  queue.add('default/web')
  const key = await queue.get()

  queue.add('default/web') // it changed, and the worker has read it before that
  queue.done('default/web')

  expect(key).toBe('default/web')
  expect(await queue.get()).toBe('default/web')
})

test('WQ-5: a delayed key is added when its time has come', async () => {
  const clock = new ManualClock()
  const queue = new WorkQueue(clock)

  queue.addAfter('default/web', 1000)
  clock.advance(999)
  expect(queue.length).toBe(0)

  clock.advance(1)
  expect(await queue.get()).toBe('default/web')
})

test('WQ-7: each failure doubles the wait', async () => {
  const clock = new ManualClock()
  const queue = new WorkQueue(clock)

  for (const delayMs of [5, 10, 20, 40]) {
    queue.addRateLimited('default/web')
    clock.advance(delayMs - 1)
    expect(queue.length).toBe(0)

    clock.advance(1)
    expect(await queue.get()).toBe('default/web')
    queue.done('default/web')
  }
  expect(queue.retries('default/web')).toBe(4)
})

test('WQ-11: a drain sends home who waits for a key, and waits for who has one', async () => {
  const queue = new WorkQueue(new ManualClock())
  queue.add('default/web')
  await queue.get()
  const next = queue.get()

  let drained = false
  const drain = queue.shutDownWithDrain().then(() => {
    drained = true
  })
  expect(await next).toBeUndefined()
  expect(drained).toBe(false)

  queue.done('default/web')
  await drain
})
