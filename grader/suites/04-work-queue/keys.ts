// WQ-1 to WQ-3: keys that wait, and workers that do.
import { check, newQueue } from './bench.ts'

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
  queue.get()
  queue.addAfter('default/api', 50)
  look.length(queue, 'while one of two keys is being processed, and is delayed', 1)
})

check('WQ-1.3', 'takes any string for a key', async (subject, look) => {
  const queue = newQueue(subject)
  const keys = ['', '__proto__', 'constructor', 'toString', '10', ' ', 'l\u00e4nge/gr\u00f6\u00dfe', '9']
  // What one would take for another, if it looked less closely.
  const long = 'x'.repeat(253)
  const alike = ['la\u0308nge/gro\u0308\u00dfe', '1e1', 'a/b/c', 'A/b/c', 'undefined', `${long}1`, `${long}2`]
  for (const key of [...keys, ...alike]) queue.add(key)
  look.length(queue, 'after 15 unusual keys were added', 15)
  look.keys(queue, 'of 15 unusual ones', [...keys, ...alike])
  for (const key of keys) queue.add(key)
  look.keys(queue, 'of eight unusual ones, added again when they were done', keys)
  for (const [i, key] of keys.entries()) queue.addAfter(key, i + 1)
  await subject.clock.advance(keys.length)
  look.keys(queue, 'of eight unusual ones, delayed by 1, 2 and so on to 8 ms, after 8 ms', keys)
  const get = queue.get()
  look.waiting(get, 'get() after all these keys were handed out and done')
  queue.add('')
  look.later(get, 'what the get() that waited answers after the empty key was added', '')
  queue.done('')
  queue.add('')
  look.length(queue, 'after the empty key was handed to a get() that waited, was done, and was added anew', 1)
})

check(
  'WQ-1.4',
  'hands out any number of keys in order, while none of them is done',
  async (subject, look) => {
    const queue = newQueue(subject)
    const keys = Array.from({ length: 110 }, (_, i) => `web-${i}`)
    for (const key of keys) queue.add(key)
    look.length(queue, 'after 110 keys were added', keys.length)
    look.answers(
      keys.map(() => queue.get()),
      'what 110 get() answer after 110 keys were added, none of which is done',
      keys,
    )
  },
)

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
  const later = [queue.get(), queue.get(), queue.get()] as const
  queue.addAfter('default/mail', 10)
  queue.addAfter('default/disk', 0)
  await subject.clock.advance(10)
  look.later(
    later[0],
    'what the first of three waiting get() answers after addAfter with 0 ms',
    'default/disk',
  )
  look.later(later[1], 'what the second of them answers when a delayed key is due', 'default/mail')
})

check(
  'WQ-2.3',
  'lets no get() wait beside a key, also where all is called at once',
  async (subject, look) => {
    const queue = newQueue(subject)
    const gets = subject.together(() => {
      const calls = [queue.get(), queue.get(), queue.get()]
      for (const key of ['web', 'api', 'cache']) queue.add(key)
      return calls
    })
    const what = 'what three get() answer, after which three keys were added, all called at once'
    look.answers(gets, what, ['web', 'api', 'cache'])
    look.length(queue, 'after that', 0)
  },
)

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
