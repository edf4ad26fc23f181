// RC-5 to RC-7: watches that end, 410, and back-off.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import {
  AFTER_BACK_OFF_MS,
  answered,
  Bench,
  expired,
  gone,
  type List,
  parts,
  started,
  stillWaits,
} from './informer-bench.ts'
import { Held } from './scripted-api.ts'

// RC-5: a watch ends

check('RC-5.1', 'watches on from the newest event, at once', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.put('a')
  api.put('b')
  await bench.look('before the watch ends', {
    told: ['updated default/a@11 to default/a@13', 'updated default/b@12 to default/b@14'],
  })
  api.cut()
  await bench.asked('when a watch has ended that has brought events at 13 and 14', ['watch from 14'])
  await bench.timers('when a watch has ended that has brought events', [])
  await bench.look('when a watch has ended, and the next one has brought nothing yet', {
    told: [],
    cache: ['default/a@13', 'default/b@14'],
    errors: [],
    synced: true,
  })
  api.put('c')
  await bench.look('when the next watch has brought c', {
    told: ['added default/c@15'],
    cache: ['default/a@13', 'default/b@14', 'default/c@15'],
  })
})

check(
  'RC-5.2',
  'counts bookmarks, and follows a watch that ends soon, but has brought one',
  async (subject) => {
    const { api, ...bench } = parts(await started(subject))
    api.bookmark()
    api.bookmark()
    api.cut()
    await bench.look('after two bookmarks', { told: [], errors: [], cache: ['default/a@11', 'default/b@12'] })
    await bench.asked('when a watch has ended after bookmarks 13 and 14', ['watch from 14'])
    const { metadata, ...a } = api.make('a')
    api.bring({ type: 'ADDED', object: { ...a, metadata: { ...metadata, resourceVersion: '11' } } })
    api.cut()
    await bench.asked('when a watch has ended at once that had brought old news', ['watch from 14'])
  },
)

check('RC-5.3', 'takes a watch that ends soon and says nothing for a failure', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  await bench.pass(1000)
  api.cut()
  await bench.asked('when a watch has ended after 1000 ms without any event', ['watch from 12'])
  await bench.timers('when a watch has ended after 1000 ms without any event', [])
  await bench.pass(999)
  api.cut()
  await bench.asked('when the next watch has ended after 999 ms without any event', [])
  await bench.look('when two watches have ended without any event', {
    told: [],
    cache: ['default/a@11', 'default/b@12'],
    synced: true,
  })
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.asked('after the back-off', ['watch from 12'])
  api.put('a')
  api.cut()
  await bench.asked('when a watch has ended at once that had brought an event', ['watch from 13'])
  api.cut()
  await bench.asked('when the one after it has ended at once without any event', [])
})

check('RC-5.4', 'watches on from the newest event also after a second list', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.put('a')
  api.cut(expired())
  await bench.pass(AFTER_BACK_OFF_MS)
  api.put('b')
  void api.asked
  api.cut()
  await bench.asked('when the watch after a second list has ended', ['watch from 14'])
})

// RC-6: 410

check('RC-6.1', 'lists again after 410, and tells what is different', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.put('c')
  api.put('d')
  await bench.pass()
  api.cut(expired())
  api.remove('a')
  api.put('b')
  api.remove('c')
  api.put('c', { uid: 'another' })
  api.put('e')
  api.compact()
  await bench.asked('while the informer waits after 410', [])
  await bench.look('while the informer waits after 410', {
    told: ['added default/c@13', 'added default/d@14'],
    errors: ['too old'],
    cache: ['default/a@11', 'default/b@12', 'default/c@13', 'default/d@14'],
    synced: true,
  })
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.asked('after 410 and the back-off', ['list', 'watch from 19'])
  const { told, cache } = await bench.seen()
  expect(cache, 'what the cache shows when it has listed after 410').toEqual([
    'default/b@16',
    'default/c@18',
    'default/d@14',
    'default/e@19',
  ])
  const what = 'what the handler was told by the list after 410'
  expect([...told].sort(), what).toEqual([
    'added default/c@18',
    'added default/e@19',
    'deleted default/a@11',
    'deleted default/c@13',
    'updated default/b@12 to default/b@16',
  ])
  expect(told, what).toSatisfy(
    'c is deleted before it is added anew',
    (lines) => lines.indexOf('deleted default/c@13') < lines.indexOf('added default/c@18'),
  )
})

check(
  'RC-6.2',
  'shows what it has until the new list has come, and follows it as the first',
  async (subject) => {
    const { api, ...bench } = parts(await started(subject))
    const held = new Held<List>()
    api.nextLists.push(() => held.promise)
    api.cut(expired())
    api.remove('a')
    await bench.pass(AFTER_BACK_OFF_MS)
    await bench.look('while it lists again after 410', {
      told: [],
      cache: ['default/a@11', 'default/b@12'],
      synced: true,
    })
    held.resolve(api.list())
    await bench.look('when it has listed again after 410', {
      told: ['deleted default/a@11'],
      cache: ['default/b@12'],
      synced: true,
    })
    api.put('b')
    await bench.look('after an event at 14, after that list', {
      told: ['updated default/b@12 to default/b@14'],
      cache: ['default/b@14'],
    })
  },
)

check('RC-6.4', 'believes a list, even if its version is below what was seen', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  for (let i = 0; i < 5; i++) api.bookmark()
  api.version = 18n
  api.bring({ type: 'MODIFIED', object: api.make('a') })
  api.cut(expired())
  api.version = 13n
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.asked('after 410, when the list is at 13 and an event was at 18', ['list', 'watch from 13'])
  await bench.look('when a was at 18, and a list at 13 has it at 11', {
    told: ['updated default/a@11 to default/a@18', 'updated default/a@18 to default/a@11'],
    cache: ['default/a@11', 'default/b@12'],
  })
  api.put('a')
  await bench.look('after an event at 14', { told: ['updated default/a@11 to default/a@14'] })
})

check('RC-6.5', 'lists again after any 410, however it is worded', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.cut(gone())
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.asked('after a watch broke off with 410, and the back-off', ['list', 'watch from 12'])
})

// RC-7: back-off

check('RC-7.1', 'waits longer after each list that fails, with chance', async (subject) => {
  const random = [0.015625, 0.5, 0.25, 0, 0.75, 0, 0.5]
  const bench = new Bench(subject, { random: [...random] })
  const { api } = bench
  const start = bench.start()
  const delays = [812.5, 2400, 4000, 6400, 22_400, 25_600, 45_000]
  for (const i of delays.keys()) api.nextLists.push(() => Promise.reject(new Error(`refused, time ${i + 1}`)))
  for (const [i, delayMs] of delays.entries()) {
    await bench.timers(`after ${i + 1} failures in a row, with random.next() ${random[i]}`, [delayMs])
    await bench.asked(`at try ${i + 1}`, ['list'])
    if (i < delays.length - 1) await bench.pass(delayMs)
  }
  await bench.look('after seven failures', {
    errors: delays.map((_, i) => `refused, time ${i + 1}`),
    synced: false,
    told: [],
  })
  await stillWaits(subject, start, 'start() as long as every list fails')
  for (let i = 0; i < 60; i++) api.nextLists.push(() => Promise.reject(new Error('refused')))
  await bench.pass(60 * 45_000)
  await bench.timers('after 67 failures in a row, with random.next() 0.5', [45_000])
  void api.asked
  api.put('a')
  await bench.pass(45_000)
  await answered(subject, start, 'start() when a list has come at last')
  await bench.asked('when a list has come at last', ['list', 'watch from 11'])
  api.cut(new Error('connection reset'))
  await bench.timers(
    'when a watch broke off, after 67 lists that failed and one that came, with random.next() 0.5',
    [1200],
  )
})

check('RC-7.2', 'watches again after a watch that broke off, and lists nothing', async (subject) => {
  const { api, ...bench } = parts(await started(subject, { random: [0.5, 0] }))
  api.nextWatches.push(new Error('connection refused'))
  api.cut(new Error('connection reset'))
  api.put('b')
  await bench.timers('after a watch broke off, with random.next() 0.5', [1200])
  await bench.pass(1200)
  await bench.asked('1200 ms after a watch broke off', ['watch from 12'])
  await bench.timers('after the next watch broke off, too, with random.next() 0', [1600])
  await bench.look('after two watches broke off', {
    told: [],
    errors: ['connection reset', 'connection refused'],
    cache: ['default/a@11', 'default/b@12'],
    synced: true,
  })
  await bench.pass(1600)
  await bench.asked('1600 ms after the second watch broke off', ['watch from 12'])
  await bench.look('when a watch is open again', {
    told: ['updated default/b@12 to default/b@13'],
    errors: [],
  })
})

check('RC-7.3', 'begins anew with 800 ms when a watch has brought anything', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  const a = api.put('a')
  api.cut(new Error('connection reset'))
  for (const brings of ['an event', 'a bookmark', 'old news', 'a bookmark that is old news'] as const) {
    await bench.timers('when a watch broke off that had brought something', [800])
    await bench.pass(800)
    if (brings === 'an event') api.put('b')
    else if (brings === 'a bookmark') api.bookmark()
    else if (brings === 'a bookmark that is old news')
      api.bring({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '12' } } })
    else api.bring({ type: 'MODIFIED', object: a })
    api.cut(new Error('connection reset'))
    await bench.timers(`when the next watch broke off, which had brought ${brings}`, [800])
  }
})

check('RC-7.4', 'goes on waiting longer where watches only begin', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  for (const delayMs of [800, 1600]) {
    await bench.pass(600_000)
    api.cut(new Error('connection reset'))
    await bench.timers(`when watch ${delayMs / 800} in a row broke off after ten silent minutes`, [delayMs])
    await bench.pass(delayMs)
  }
  await bench.pass(600_000)
  api.cut()
  await bench.timers('when the third watch in a row ended after ten silent minutes', [])
  api.cut()
  const { errors } = await bench.seen()
  await bench.timers('when the fourth watch in a row ended at once', [3200])
  expect(errors.slice(2), 'what onError got when a watch ended at once').toSatisfy(
    'one Error',
    ([error, ...more]) => error !== undefined && error !== 'no Error' && more.length === 0,
  )
})

check('RC-7.5', 'lists where the next watch is answered with 410', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.cut(new Error('connection reset'))
  api.put('a')
  api.compact()
  await bench.pass(800)
  await bench.asked('800 ms after a watch broke off', ['watch from 12'])
  await bench.pass(1599)
  await bench.asked('1599 ms after that watch was answered with 410', [])
  api.nextLists.push(
    () => Promise.reject(expired()),
    () => Promise.reject(new Error('connection refused')),
  )
  await bench.pass(1)
  await bench.asked('1600 ms after that watch was answered with 410', ['list'])
  await bench.timers('when that list was answered with 410, too', [3200])
  await bench.pass(3200)
  await bench.asked('3200 ms after that list was answered with 410', ['list'])
  await bench.timers('when the next list failed', [6400])
  await bench.pass(6400)
  await bench.asked('6400 ms after the next list failed', ['list', 'watch from 13'])
  await bench.look('when it has listed after 410', { told: ['updated default/a@11 to default/a@13'] })
})
