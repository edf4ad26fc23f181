// RC-1 to RC-4: the list, the watch, and handlers.
import fc from 'fast-check'
import type { User } from '#kit/user'
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import {
  answered,
  Bench,
  expired,
  LIST,
  type List,
  parts,
  playAll,
  started,
  stillWaits,
  watchFrom,
} from './informer-bench.ts'
import { Held, ScriptedApi } from './scripted-api.ts'

// RC-1: list, then watch

check('RC-1.1', 'lists, tells its handlers, and is started when the list has come', async (subject) => {
  const { api, ...bench } = parts(new Bench(subject))
  api.put('a')
  api.put('b')
  const held = new Held<List>()
  api.nextLists.push(() => held.promise)
  const start = bench.start()
  await bench.look('before the list has come', { told: [], cache: [], synced: false })
  await stillWaits(subject, start, 'start() before the list has come')
  await bench.asked('before the list has come', [LIST])
  held.resolve(api.list())
  const all = ['default/a@11', 'default/b@12']
  await bench.look('when the list has come', {
    told: all.map((one) => `added ${one}`),
    cache: all,
    synced: true,
    errors: [],
  })
  await answered(subject, start, 'start() when the list has come')
  await bench.asked('when the list has come', [watchFrom(12)])
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

check('RC-1.3', 'asks for what it was told to select, in lists and watches', async (subject) => {
  const user: User = { name: 'system:node:node-1', groups: ['system:nodes'] }
  const selection = {
    namespace: 'default',
    labelSelector: 'app=web',
    fieldSelector: 'metadata.name=a',
    user,
  }
  const { ...bench } = parts(new Bench(subject, { options: { ...selection, resyncMs: 1000 } }))
  bench.start()
  await bench.asked('with a selection', [
    { ...LIST, ...selection },
    { ...watchFrom(10), ...selection },
  ])
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
  await bench.asked('while it watches', [])
})

check('RC-2.2', 'goes by what it has, not by what an event is called', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.version = 20n
  api.bring({ type: 'ADDED', object: api.make('a') })
  api.version = 21n
  api.bring({ type: 'MODIFIED', object: api.make('c') })
  api.version = 22n
  api.bring({ type: 'DELETED', object: api.make('d') })
  api.put('b', { uid: 'another' })
  await bench.look(
    'after ADDED of a, which is there, MODIFIED of c and DELETED of d, which are not, and b with another uid',
    {
      told: [
        'updated default/a@11 to default/a@20',
        'added default/c@21',
        'deleted default/b@12',
        'added default/b@23',
      ],
      cache: ['default/a@20', 'default/b@23', 'default/c@21'],
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
  api.remove('c')
  const { views } = await bench.seen()
  const what = 'what is found, while a handler is told that c was added, a updated, c updated, and c deleted'
  expect(views, what).toEqual([
    'get: default/c@13, list: default/c@13, byIndex of web: default/c@13',
    'get: default/a@14, list: default/a@14, byIndex of web: default/a@14',
    'get: default/c@15, list: default/c@15, byIndex of web: nothing',
    'get: nothing, list: nothing, byIndex of web: nothing',
  ])
})

// RC-3: handlers

check('RC-3.1', 'tells a handler that comes later of what is there, and of what comes', async (subject) => {
  const { api, rig, ...bench } = parts(await started(subject))
  api.put('a')
  await bench.seen()
  const told = rig.addHandler()
  api.put('a')
  const change = ['updated default/a@13 to default/a@14']
  await bench.look('after a was changed', { told: change, others: change })
  expect((await told).sort(), 'what a new handler is told before addHandler returns').toEqual([
    'added default/a@13',
    'added default/b@12',
  ])
})

check('RC-3.2', 'tells a handler only of what it wants to be told', async (subject) => {
  const bench = new Bench(subject, { first: 'one thing each', options: { resyncMs: 5_000 } })
  const { api, rig } = bench
  api.put('a')
  bench.start()
  const first = ['added default/a@11']
  await bench.look('beside handlers with one method each', { told: first, others: first, errors: [] })
  rig.addOneThingEach()
  await bench.look('after three more such handlers were added', { told: [], others: first, errors: [] })
  const twice = (...lines: string[]) => lines.flatMap((line) => [line, line])
  api.put('a')
  await bench.pass(5_000)
  api.remove('a')
  const told = [
    'updated default/a@11 to default/a@12',
    'updated default/a@12 to default/a@12',
    'deleted default/a@13',
  ]
  await bench.look('beside six handlers with one method each', { told, others: twice(...told), errors: [] })
})

check('RC-3.3', 'goes on where a handler throws, and reports it', async (subject) => {
  const bench = new Bench(subject, { first: 'throws' })
  const { api } = bench
  api.put('a')
  api.put('b')
  const start = bench.start()
  const told = ['added default/a@11', 'added default/b@12']
  const errors = ['the handler fails', 'the handler fails']
  await bench.look('after the list, beside a handler that throws', {
    told,
    others: told,
    errors,
    synced: true,
  })
  await answered(subject, start, 'start() with a handler that throws')
  api.put('a')
  api.remove('b')
  const changes = ['updated default/a@11 to default/a@13', 'deleted default/b@14']
  await bench.look('after a was changed and b deleted, beside a handler that throws', {
    told: changes,
    others: changes,
    errors,
  })
  await bench.asked('with a handler that throws', [LIST, watchFrom(12)])
  await bench.timers('with a handler that throws', [])
  // What a handler throws is no failure of a list or a watch.
  api.cut(new Error('connection reset'))
  await bench.timers('when a watch broke off that has brought what a handler throws at', [800])
})

check('RC-3.4', 'needs nobody to report to', async (subject) => {
  const bench = new Bench(subject, { first: 'throws', quiet: true })
  bench.api.put('a')
  bench.api.nextLists.push(() => Promise.reject(new Error('connection refused')))
  bench.start()
  await bench.pass(800)
  await bench.look('without onError, beside a handler that throws', {
    told: ['added default/a@11'],
    others: ['added default/a@11'],
  })
})

check('RC-3.5', 'goes on where a handler throws as it is added, or in a resync', async (subject) => {
  const bench = new Bench(subject, { first: 'throws', options: { resyncMs: 5_000 } })
  bench.api.put('a')
  bench.api.put('b')
  bench.start()
  await bench.seen()
  const added = (await bench.rig.addHandlerThat('throws')).sort()
  expect(added, 'what a new handler is told that throws').toEqual([
    'added default/a@11',
    'added default/b@12',
  ])
  const errors = (who: string) => [`${who} fails`, `${who} fails`]
  await bench.look('when a handler was added that throws', { told: [], errors: errors('the new handler') })
  await bench.pass(5_000)
  const { told, others, errors: reported } = await bench.seen()
  const all = ['updated default/a@11 to default/a@11', 'updated default/b@12 to default/b@12']
  const when = 'by a resync, between two handlers that throw'
  expect(told.sort(), `what the handler was told ${when}`).toEqual(all)
  expect(others.sort(), `what the one before it was told ${when}`).toEqual(all)
  expect(reported.sort(), `what onError got ${when}`).toEqual([
    ...errors('the handler'),
    ...errors('the new handler'),
  ])
  await bench.timers('after a resync in which handlers threw', [5_000])
})

// RC-4: never back in time

check('RC-4.1', 'drops what is older than what it has, or the same, and watches on', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  const thirteen = api.put('a')
  const fourteen = api.put('a')
  api.bring({ type: 'MODIFIED', object: thirteen }, { type: 'ADDED', object: fourteen })
  api.bring({ type: 'DELETED', object: thirteen })
  await bench.look('after a at 13 and at 14, and then once more at 13 and at 14, and deleted at 13', {
    told: ['updated default/a@11 to default/a@13', 'updated default/a@13 to default/a@14'],
    cache: ['default/a@14', 'default/b@12'],
  })
  api.remove('a')
  api.bring({ type: 'MODIFIED', object: fourteen }, { type: 'ADDED', object: fourteen })
  await bench.look('after a was deleted at 15, and two events of it at 14 came late', {
    told: ['deleted default/a@15'],
    cache: ['default/b@12'],
  })
  api.bring({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } })
  api.cut()
  await bench.asked('when a watch has ended whose newest event is at 15, before a bookmark at 9', [
    watchFrom(15),
  ])
})

check('RC-4.2', 'compares versions as whole numbers of any length', async (subject) => {
  const follow = async (below: bigint, who: string) => {
    const bench = new Bench(subject, {}, new ScriptedApi(below), { who })
    const { api } = bench
    const old = api.put('a')
    bench.start()
    await bench.seen()
    api.put('a')
    api.put('a')
    api.bring({ type: 'MODIFIED', object: old })
    const [one, two, three] = [1n, 2n, 3n].map((more) => `default/a@${below + more}`)
    await bench.look(`after a at ${below + 2n}, at ${below + 3n}, and once more at ${below + 1n}`, {
      told: [`updated ${one} to ${two}`, `updated ${two} to ${three}`],
      cache: [`${three}`],
    })
  }
  // From 2 ** 53 on, not every whole number is a number of JavaScript.
  const all = [8n, 2n ** 53n - 1n, 2n ** 53n, 10n ** 40n - 2n]
  const scenes = all.map((below) => [
    `the informer from ${below + 1n} on`,
    (who: string) => follow(below, who),
  ])
  await playAll(subject, Object.fromEntries(scenes))
})

check('RC-4.3', 'drops an event that is older than its list', async (subject) => {
  const bench = new Bench(subject)
  const { api } = bench
  const gone = api.put('gone')
  api.remove('gone')
  api.put('a')
  bench.start()
  await bench.pass()
  api.bring({ type: 'ADDED', object: gone })
  await bench.look('after a list at 13, and an event at 11', {
    told: ['added default/a@13'],
    cache: ['default/a@13'],
  })
  let old = gone
  // As it lists, however soon that is.
  api.nextLists.push(() => {
    old = api.put('a')
    api.put('a')
    return api.list()
  })
  api.cut(expired())
  await bench.pass(800)
  await bench.look('by a second list at 15, after 410', { told: ['updated default/a@13 to default/a@15'] })
  api.bring({ type: 'MODIFIED', object: old })
  await bench.look('after a second list at 15, and an event at 14', { told: [], cache: ['default/a@15'] })
})

check('RC-4.4', 'shows what a model shows, whatever comes twice or late', async (subject) => {
  const name = fc.constantFrom('a', 'b', 'c')
  // In words, as they are shown where they lead to a failure.
  const step = fc.oneof(
    name.map((of) => `put ${of}`),
    name.map((of) => `remove ${of}`),
    fc.nat(9).map((back) => `repeat the event ${back + 1} back`),
  )
  const steps = fc.array(step, { minLength: 10, maxLength: 25 })
  const follow = async (steps: string[]) => {
    const bench = await started(subject, {}, { who: null })
    const { api } = bench
    const past: Parameters<ScriptedApi['bring']>[0][] = []
    const there = new Map(['a', 'b'].map((of, i) => [of, `default/${of}@${11 + i}`]))
    const told: string[] = []
    for (const one of steps) {
      const [does, of = '', , back] = one.split(' ')
      if (does === 'repeat') {
        const again = past.at(-Number(back))
        if (again) api.bring(again)
      } else if (does === 'put') {
        const object = api.put(of)
        const now = `default/${of}@${api.version}`
        const old = there.get(of)
        told.push(old ? `updated ${old} to ${now}` : `added ${now}`)
        there.set(of, now)
        past.push({ type: old ? 'MODIFIED' : 'ADDED', object })
      } else if (there.delete(of)) {
        api.remove(of)
        told.push(`deleted default/${of}@${api.version}`)
        past.push({ type: 'DELETED', object: api.make(of) })
      }
    }
    await bench.look('after all these steps', { told, cache: [...there.values()].sort() })
    bench.stop()
  }
  // Several side by side: they share their round trips.
  const scripts = fc.array(steps, { minLength: 1, maxLength: 4, size: 'max' })
  await forAll(subject.seed, scripts, async (all) => void (await Promise.all(all.map(follow))), 2)
})
