// RC-5 and RC-6: watches that end, and 410.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import { AFTER_BACK_OFF_MS, Bench, expired, gone, type List, parts, started } from './informer-bench.ts'
import { Held, ScriptedApi } from './scripted-api.ts'

// RC-5: a watch ends

check('RC-5.1', 'watches on from the newest event, at once', async (subject) => {
  const { api, rig, ...bench } = parts(await started(subject))
  api.put('a')
  api.remove('b')
  await bench.look('before the watch ends', {
    told: ['updated default/a@11 to default/a@13', 'deleted default/b@14'],
  })
  api.cut()
  await bench.asked('when a watch has ended that has brought events at 13 and 14', ['watch from 14'])
  const timers = 'timers that were set when a watch has ended that has brought events'
  expect(await rig.timersSet(), `${timers} (in how many ms each was due)`).toEqual([])
  await bench.look('when a watch has ended, and the next one has brought nothing yet', {
    told: [],
    cache: ['default/a@13'],
    errors: [],
    synced: true,
  })
  api.put('c')
  await bench.look('when the next watch has brought c', {
    told: ['added default/c@15'],
    cache: ['default/a@13', 'default/c@15'],
  })
  api.remove('d')
  api.cut()
  await bench.asked('when a watch has ended that has brought DELETED of d, which is not there, at 16', [
    'watch from 16',
  ])
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
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.watched('after that back-off', ['watch from 13'])
  api.put('b')
  api.bookmark()
  api.cut(new Error('connection reset'))
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.watched('when one has broken off that had brought an event at 14 and a bookmark at 15', [
    'watch from 15',
  ])
})

check(
  'RC-5.4',
  'watches on from the newest event, however long its version is, and after a second list',
  async (subject) => {
    // The next version is the first whole number that is no number of JavaScript.
    const newest = 2n ** 53n
    const { api, ...bench } = parts(new Bench(subject, {}, new ScriptedApi(newest - 1n)))
    api.put('a')
    bench.start()
    await bench.seen()
    api.put('a')
    void api.asked
    api.cut()
    await bench.asked('when the watch after the first list has ended', [`watch from ${newest + 1n}`])
    api.put('a')
    api.cut(expired())
    await bench.pass(AFTER_BACK_OFF_MS)
    api.put('b')
    void api.asked
    api.cut()
    await bench.asked('when the watch after a second list has ended', [`watch from ${newest + 3n}`])
  },
)

// RC-6: 410

check('RC-6.1', 'lists again after 410, and tells what is different', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  const nowhere = { namespace: undefined }
  api.put('c')
  api.put('d')
  api.put('b', nowhere)
  await bench.pass()
  api.cut(expired())
  api.remove('a')
  api.put('b')
  api.remove('c')
  api.put('c', { uid: 'another' })
  api.put('a', { namespace: 'another' })
  api.remove('b', nowhere)
  api.compact()
  await bench.asked('while the informer waits after 410', [])
  await bench.look('while the informer waits after 410', {
    told: ['added default/c@13', 'added default/d@14', 'added b@15'],
    errors: ['too old'],
    cache: ['b@15', 'default/a@11', 'default/b@12', 'default/c@13', 'default/d@14'],
    synced: true,
  })
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.asked('after 410 and the back-off', ['list', 'watch from 21'])
  const { told, cache } = await bench.seen()
  expect(cache, 'what the cache shows when it has listed after 410').toEqual([
    'another/a@20',
    'default/b@17',
    'default/c@19',
    'default/d@14',
  ])
  const what = 'what the handler was told by the list after 410'
  expect([...told].sort(), what).toEqual([
    'added another/a@20',
    'added default/c@19',
    'deleted b@15',
    'deleted default/a@11',
    'deleted default/c@13',
    'updated default/b@12 to default/b@17',
  ])
  expect(told, what).toSatisfy(
    'c is deleted before it is added anew',
    (lines) => lines.indexOf('deleted default/c@13') < lines.indexOf('added default/c@19'),
  )
  api.cut(expired())
  for (const name of ['b', 'c', 'd']) api.remove(name)
  api.remove('a', { namespace: 'another' })
  await bench.pass(AFTER_BACK_OFF_MS)
  const rest = await bench.seen()
  expect(rest.cache, 'what the cache shows after another 410, and a list without objects').toEqual([])
  expect(rest.told.sort(), 'what the handler was told by a list without objects').toEqual([
    'deleted another/a@20',
    'deleted default/b@17',
    'deleted default/c@19',
    'deleted default/d@14',
  ])
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
  api.version = 19n
  api.bring({ type: 'DELETED', object: api.make('c') })
  // As if a backup had been played back.
  api.version = 10n
  const c = api.make('c')
  api.version = 11n
  api.nextLists.push(() => ({ metadata: { resourceVersion: '11' }, items: [api.make('a'), c] }))
  api.cut(expired())
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.asked('after 410, when the list is at 11, the one before was at 12, and events at 18 and 19', [
    'list',
    'watch from 11',
  ])
  const { told, cache } = await bench.seen()
  const when =
    'when a was at 18 and c deleted at 19, a list at 11 has a at 11, c at 10 and no b, and b came then at 12'
  expect(told.sort(), `what the handler was told ${when}`).toEqual([
    'added default/b@12',
    'added default/c@10',
    'deleted default/b@12',
    'updated default/a@11 to default/a@18',
    'updated default/a@18 to default/a@11',
  ])
  expect(cache, `what the cache shows ${when}`).toEqual(['default/a@11', 'default/b@12', 'default/c@10'])
  api.version = 12n
  api.put('a')
  await bench.look('after an event at 13', { told: ['updated default/a@11 to default/a@13'] })
})

check('RC-6.5', 'lists again after any 410, however it is worded', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.cut(gone())
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.asked('after a watch broke off with 410, and the back-off', ['list', 'watch from 12'])
})
