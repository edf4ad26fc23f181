// RC-1 and RC-2: the list, the watch, and what their events change.
import type { User } from '#kit/user'
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import {
  AFTER_BACK_OFF_MS,
  answered,
  Bench,
  expired,
  LIST,
  type List,
  parts,
  started,
  stillWaits,
  watchFrom,
} from './informer-bench.ts'
import { Held, ScriptedApi } from './scripted-api.ts'

// RC-1: list, then watch

check('RC-1.1', 'lists, tells its handlers, and is started when the list has come', async (subject) => {
  const { api, ...bench } = parts(new Bench(subject))
  api.put('b')
  api.put('a')
  api.put('c', { namespace: 'another' })
  // The list is at 14.
  api.bookmark()
  const held = new Held<List>()
  api.nextLists.push(() => held.promise)
  const start = bench.start()
  await bench.look('before the list has come', { told: [], cache: [], synced: false })
  await stillWaits(subject, start, 'start() before the list has come')
  await bench.asked('before the list has come', [LIST])
  held.resolve(api.list())
  const inOrder = ['default/b@11', 'default/a@12', 'another/c@13']
  const all = [...inOrder].sort()
  await bench.look('when the list has come', {
    told: inOrder.map((one) => `added ${one}`),
    cache: all,
    synced: true,
    errors: [],
  })
  await answered(subject, start, 'start() when the list has come')
  expect(await start, 'what the informer shows as start() resolves').toEqual({ cache: all, synced: true })
  await bench.asked('when the list has come', [watchFrom(14)])
})

check(
  'RC-1.2',
  'asks for nothing before start(), and for no more when it is started twice',
  async (subject) => {
    const { api, ...bench } = parts(new Bench(subject))
    api.put('a')
    await bench.look('before start()', { told: [], cache: [], synced: false })
    await bench.asked('before start()', [])
    const held = new Held<List>()
    api.nextLists.push(() => held.promise)
    const starts = [bench.start(), bench.start()]
    for (const start of starts) await stillWaits(subject, start, 'each start() before the list has come')
    held.resolve(api.list())
    await bench.look('after start() was called twice', { told: ['added default/a@11'] })
    starts.push(bench.start())
    for (const start of starts) await answered(subject, start, 'each start() when the list has come')
    await bench.asked('after three times start()', [LIST, watchFrom(11)])
  },
)

check('RC-1.3', 'asks for what it was told to select, in every list and watch', async (subject) => {
  const user: User = { name: 'system:node:node-1', groups: ['system:nodes'] }
  const selection = {
    namespace: 'default',
    labelSelector: 'app=web',
    fieldSelector: 'metadata.name=a',
    user,
  }
  const setup = { kind: 'Secret', options: { ...selection, resyncMs: 1000 } } as const
  const { api, ...bench } = parts(new Bench(subject, setup, new ScriptedApi(10n, 'Secret')))
  bench.start()
  await bench.asked('by an informer of Secrets with a selection', [
    { ...LIST, list: 'Secret', ...selection },
    { ...watchFrom(10), watch: 'Secret', ...selection },
  ])
  api.put('a')
  api.cut()
  await bench.pass()
  api.cut(expired())
  await bench.pass(AFTER_BACK_OFF_MS)
  for (const one of api.asked) {
    const [what, whole] =
      'list' in one
        ? ['a later list of Secrets, with a selection', { ...LIST, list: 'Secret' }]
        : [
            `a later watch of Secrets from ${one.resourceVersion}, with a selection`,
            { ...watchFrom(one.resourceVersion ?? ''), watch: 'Secret' },
          ]
    expect<unknown>(one, what).toEqual({ ...whole, ...selection })
  }
})

check('RC-1.4', 'begins to watch an empty kind, too', async (subject) => {
  const { api, ...bench } = parts(new Bench(subject))
  const start = bench.start()
  await bench.asked('of an API without objects', [LIST, watchFrom(10)])
  await answered(subject, start, 'start() when the list has come, without objects')
  api.put('a')
  await bench.look('after an object was created', { told: ['added default/a@11'], synced: true })
})

// RC-2: events

check('RC-2.1', 'follows what is created, changed and deleted', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.put('c')
  api.put('a')
  api.remove('b')
  api.put('b')
  api.put('b')
  await bench.look('after c was created, a changed, b deleted, created anew and changed', {
    told: [
      'added default/c@13',
      'updated default/a@11 to default/a@14',
      'deleted default/b@15',
      'added default/b@16',
      'updated default/b@16 to default/b@17',
    ],
    cache: ['default/a@14', 'default/b@17', 'default/c@13'],
    synced: true,
  })
  const nowhere = { namespace: undefined }
  api.put('a', nowhere)
  api.put('a', nowhere)
  api.put('a', { ...nowhere, uid: 'another' })
  api.remove('a', { ...nowhere, uid: 'another' })
  await bench.look('after another a was created, changed, replaced and deleted, in no namespace', {
    told: ['added a@18', 'updated a@18 to a@19', 'deleted a@19', 'added a@20', 'deleted a@21'],
    cache: ['default/a@14', 'default/b@17', 'default/c@13'],
  })
  await bench.asked('while it watches', [])
})

check('RC-2.2', 'goes by what it has, not by what an event is called', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.version = 20n
  api.bring({ type: 'ADDED', object: api.make('a') })
  api.version = 21n
  api.bring({ type: 'MODIFIED', object: api.make('a', { namespace: 'another' }) })
  api.version = 22n
  api.bring({ type: 'DELETED', object: api.make('d') })
  api.put('b', { uid: 'another' })
  await bench.look(
    'after ADDED of a, which is there, MODIFIED of another/a and DELETED of d, which are not, and b with another uid',
    {
      told: [
        'updated default/a@11 to default/a@20',
        'added another/a@21',
        'deleted default/b@12',
        'added default/b@23',
      ],
      cache: ['another/a@21', 'default/a@20', 'default/b@23'],
    },
  )
})

check('RC-2.3', 'takes an object with another uid for another object', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.put('a', { uid: 'another' })
  await bench.look('after a came with another uid', {
    told: ['deleted default/a@11', 'added default/a@13'],
    cache: ['default/a@13', 'default/b@12'],
  })
})

check('RC-2.4', 'shows a change before it tells of it', async (subject) => {
  const { api, ...bench } = parts(await started(subject, { indexed: true }))
  const web = { labels: { app: 'web' } }
  api.put('c', web)
  api.put('a', web)
  api.put('c', { labels: { app: 'api' } })
  api.remove('a')
  const { views } = await bench.seen()
  api.put('b', { ...web, uid: 'another' })
  const [gone = '', ...come] = (await bench.seen()).views
  const what = 'what is found, while a handler is told that c was added, a updated, c updated, and a deleted'
  expect(views, what).toEqual([
    'get: default/c@13, list: default/c@13, byIndex of web: default/c@13',
    'get: default/a@14, list: default/a@14, byIndex of web: default/a@14',
    'get: default/c@15, list: default/c@15, byIndex of web: nothing',
    'get: nothing, list: nothing, byIndex of web: nothing',
  ])
  const another = 'get: default/b@17, list: default/b@17, byIndex of web: default/b@17'
  const whatOfB = 'what is found, while a handler is told that b is'
  expect(gone, `${whatOfB} deleted, as one with another uid has come`).toSatisfy(
    'none or the new one',
    (view) => view === another || view === 'get: nothing, list: nothing, byIndex of web: nothing',
  )
  expect(come, `${whatOfB} added, with another uid`).toEqual([another])
})
