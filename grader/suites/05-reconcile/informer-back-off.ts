// RC-7: back-off.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import { answered, Bench, expired, parts, started, stillWaits } from './informer-bench.ts'

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
  // Enough for who shifts bits: after 32 it begins anew.
  for (let i = 0; i < 30; i++) api.nextLists.push(() => Promise.reject(new Error('refused')))
  await bench.pass(30 * 45_000)
  await bench.timers('after 37 failures in a row, with random.next() 0.5', [45_000])
  // Thirty lists, all the same: what counts is what is asked from here on.
  void api.asked
  api.put('a')
  await bench.pass(45_000)
  await answered(subject, start, 'start() when a list has come at last')
  await bench.asked('when a list has come at last', ['list', 'watch from 11'])
  api.cut(new Error('connection reset'))
  await bench.timers(
    'when a watch broke off, after 37 lists that failed and one that came, with random.next() 0.5',
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
    ([error, ...more]) => error !== undefined && !error.startsWith('no Error') && more.length === 0,
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
  api.cut(new Error('connection reset'))
  await bench.pass(800)
  await bench.asked('800 ms after the next watch broke off, without 410', ['watch from 13'])
})
