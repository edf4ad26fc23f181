// RC-9 and RC-10: what the cache answers, and resync.
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import type { Call } from '../../src/subject/subject.ts'
import { AFTER_BACK_OFF_MS, Bench, expired, type List, started } from './informer-bench.ts'
import { type Details, Held } from './scripted-api.ts'

// RC-9: finding objects

check('RC-9.1', 'finds objects by namespace and name', async (subject) => {
  const bench = new Bench(subject)
  const { api, rig } = bench
  const places: Details[] = [{}, { namespace: 'kube-system' }, { namespace: undefined }]
  for (const place of places) api.put('a', place)
  api.put('b')
  // Namespace and name end at different places, and are the same letters together.
  const alike = ['x y-z', 'x-y z', 'x yz', 'xy z'].map((one) => one.split(' '))
  for (const [namespace, name = ''] of alike) api.put(name, { namespace })
  bench.start()
  await bench.pass()
  const found = {
    'get a in default': rig.get('default', 'a'),
    'get a in kube-system': rig.get('kube-system', 'a'),
    'get a in no namespace': rig.get(undefined, 'a'),
    'get c in default': rig.get('default', 'c'),
    'get b in kube-system': rig.get('kube-system', 'b'),
    'get b in no namespace': rig.get(undefined, 'b'),
    'list default': rig.list('default'),
    'list kube-system': rig.list('kube-system'),
    'list kube': rig.list('kube'),
    'list x': rig.list('x'),
  }
  await bench.look('of eight objects', {
    cache: [
      'a@13',
      'default/a@11',
      'default/b@14',
      'kube-system/a@12',
      'x-y/z@16',
      'x/y-z@15',
      'x/yz@17',
      'xy/z@18',
    ],
  })
  const seen: Record<string, unknown> = {}
  for (const [what, call] of Object.entries<Call<unknown>>(found)) seen[what] = await call
  expect(seen, 'what is found').toEqual({
    'get a in default': 'default/a@11',
    'get a in kube-system': 'kube-system/a@12',
    'get a in no namespace': 'a@13',
    'get c in default': 'nothing',
    'get b in kube-system': 'nothing',
    'get b in no namespace': 'nothing',
    'list default': ['default/a@11', 'default/b@14'],
    'list kube-system': ['kube-system/a@12'],
    'list kube': [],
    'list x': ['x/y-z@15', 'x/yz@17'],
  })
})

check('RC-9.2', 'finds objects by an index, as they are now', async (subject) => {
  const bench = new Bench(subject, { indexed: true })
  const { api, rig } = bench
  api.put('a', { labels: { app: 'web' }, data: { x: '', y: '' } })
  api.put('b', { labels: { app: 'web' } })
  api.put('c', { data: { z: '', y: '' } })
  api.put('b', { namespace: 'kube-system', labels: { app: 'web' } })
  api.put('n', { namespace: undefined, labels: { app: '' } })
  bench.start()
  await bench.pass()
  const looks = [
    ['app', 'web'],
    ['app', 'we'],
    ['app', 'api'],
    ['data', 'x'],
    ['data', 'y'],
    ['app', ''],
  ] as const
  const found = async (when: string, expected: string[][]) => {
    await bench.setOut()
    const calls = looks.map(([index, value]) => rig.byIndex(index, value))
    for (const [i, call] of calls.entries()) {
      expect(await call, `byIndex('${looks[i]?.join("', '")}') ${when}`).toEqual(expected[i] ?? [])
    }
  }
  await found('after the list', [
    ['default/a@11', 'default/b@12', 'kube-system/b@14'],
    [],
    [],
    ['default/a@11'],
    ['default/a@11', 'default/c@13'],
    ['n@15'],
  ])
  api.put('a', { labels: { app: 'api' }, data: { y: '' } })
  api.remove('c')
  await found('after a was changed, and c deleted', [
    ['default/b@12', 'kube-system/b@14'],
    [],
    ['default/a@16'],
    [],
    ['default/a@16'],
    ['n@15'],
  ])
  expect(await rig.list('default'), "list('default')").toEqual(['default/a@16', 'default/b@12'])
  api.cut(expired())
  api.put('a', { labels: { app: 'web' } })
  api.put('d', { data: { x: '' } })
  await bench.pass(AFTER_BACK_OFF_MS)
  await found('after 410, when a was changed and d created meanwhile', [
    ['default/a@18', 'default/b@12', 'kube-system/b@14'],
    [],
    [],
    ['default/d@19'],
    [],
    ['n@15'],
  ])
  for (const name of ['a', 'b', 'd']) api.remove(name)
  await found('after all objects of default were deleted', [['kube-system/b@14'], [], [], [], [], ['n@15']])
  expect(await rig.list('default'), "list('default') when all its objects were deleted").toEqual([])
})

check('RC-9.3', 'throws where there is no such index', async (subject) => {
  const bench = new Bench(subject, { indexed: true })
  // One that an informer is likely to have for itself, and a property of every object.
  const ask = () =>
    ['namespace', 'owner', 'constructor'].map((index) => ({ index, call: bench.rig.byIndex(index, 'web') }))
  const refused = async (when: string) => {
    for (const { index, call } of ask())
      await expectRejection(call, `byIndex('${index}', 'web') ${when}, which was not asked for`, 'RangeError')
  }
  await refused('before start()')
  bench.start()
  await bench.seen()
  await refused('when the list has come')
  bench.stop()
  await refused('after stop()')
})

// RC-10: resync

check('RC-10.1', 'tells of every object as updated, every so many ms', async (subject) => {
  const bench = await started(subject, { options: { resyncMs: 30_000 } })
  const { api } = bench
  await bench.timers('with resyncMs 30000, when the list has come', [30_000])
  const all = (...tags: string[]) => tags.map((tag) => `updated ${tag} to ${tag}`)
  await bench.pass(30_000)
  const { told } = await bench.seen()
  expect(told.sort(), 'what the handler was told after 30,000 ms').toEqual(
    all('default/a@11', 'default/b@12'),
  )
  await bench.timers('after the first resync', [30_000])
  api.remove('a')
  api.put('n', { namespace: undefined })
  await bench.pass(29_999)
  const changes = ['deleted default/a@13', 'added n@14']
  await bench.look('after a was deleted and n created, in no namespace, and 59,999 ms', { told: changes })
  await bench.pass(1)
  const later = await bench.seen()
  expect(later.told.sort(), 'what the handler was told after 60,000 ms').toEqual(all('default/b@12', 'n@14'))
  api.remove('b')
  api.remove('n', { namespace: undefined })
  await bench.pass(30_000)
  await bench.look('after all was deleted, and 90,000 ms', { told: ['deleted default/b@15', 'deleted n@16'] })
  api.put('c')
  await bench.pass(30_000)
  await bench.look('after c was created, and 120,000 ms', {
    told: ['added default/c@17', ...all('default/c@17')],
  })
  await bench.asked('by four resyncs', [])
})

check('RC-10.2', 'keeps its period when it lists again, and counts from the first list', async (subject) => {
  const bench = new Bench(subject, { options: { resyncMs: 30_000 } })
  const { api } = bench
  const held = new Held<List>()
  api.nextLists.push(() => held.promise)
  bench.start()
  await bench.pass(2_000)
  held.resolve(api.list())
  await bench.timers('when the first list has come, without objects, 2 s after start()', [30_000])
  api.put('a')
  api.cut(expired())
  await bench.pass(5_000)
  await bench.timers('5 s later, when it has listed again after 410', [25_000])
  await bench.pass(24_900)
  await bench.seen()
  api.cut(new Error('connection reset'))
  await bench.pass(100)
  await bench.look('30 s after the first list, while it waits after a watch that broke off', {
    told: ['updated default/a@11 to default/a@11'],
  })
})

check('RC-10.3', 'sets no timer without resyncMs, or with 0', async (subject) => {
  const [without, withZero] = await Promise.all([
    started(subject, { withoutResyncMs: true }, { who: 'the informer without resyncMs' }),
    started(subject, { options: { resyncMs: 0 } }, { who: 'the informer with resyncMs 0' }),
  ])
  await without.pass(60_000)
  for (const [of, { rig }] of Object.entries({ 'without resyncMs': without, 'with resyncMs 0': withZero }))
    expect(
      await rig.timersSet(),
      `timers that an informer ${of} sets in a minute (in how many ms each is due)`,
    ).toEqual([])
})
