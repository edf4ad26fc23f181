// RC-3: who is told.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import { AFTER_BACK_OFF_MS, Bench, expired, type List, parts } from './informer-bench.ts'
import { Held } from './scripted-api.ts'

check(
  'RC-3.1',
  'tells handlers that come later of what is there, and of what comes, in turn',
  async (subject) => {
    const { api, rig, ...bench } = parts(new Bench(subject))
    api.put('a')
    api.put('b')
    const held = new Held<List>()
    api.nextLists.push(() => held.promise)
    bench.start()
    await bench.pass()
    expect(
      await rig.addHandler('the first'),
      'what a handler is told that is added as the list comes',
    ).toEqual([])
    held.resolve(api.list())
    const { others } = await bench.seen()
    expect(others, 'what a handler is told by the list that was added as it came').toEqual([
      'the first: added default/a@11',
      'the first: added default/b@12',
    ])
    api.put('a')
    await bench.seen()
    const told = [rig.addHandler('the second'), rig.addHandler('the third')]
    api.put('a')
    const change = 'updated default/a@13 to default/a@14'
    await bench.look('after a was changed, in the order in which they are told', {
      told: [change],
      others: [`the first: ${change}`, `the second: ${change}`, `the third: ${change}`],
    })
    for (const [i, who] of ['the second', 'the third'].entries())
      expect((await told[i])?.sort(), `what ${who} handler is told before addHandler returns`).toEqual([
        `${who}: added default/a@13`,
        `${who}: added default/b@12`,
      ])
    api.cut(expired())
    api.put('b')
    await bench.pass()
    const fourth = await rig.addHandler('the fourth')
    expect(fourth.sort(), 'what a handler is told that is added as the informer waits after 410').toEqual([
      'the fourth: added default/a@14',
      'the fourth: added default/b@12',
    ])
    await bench.pass(AFTER_BACK_OFF_MS)
    const later = 'updated default/b@12 to default/b@15'
    await bench.look('by the list after 410, in the order in which they are told', {
      told: [later],
      others: ['the first', 'the second', 'the third', 'the fourth'].map((who) => `${who}: ${later}`),
    })
  },
)

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
  for (const name of ['a', 'b', 'c']) api.put(name)
  bench.start()
  const told = ['added default/a@11', 'added default/b@12', 'added default/c@13']
  const errors = ['the handler fails', 'no Error, but a text', 'no Error, but undefined']
  await bench.look('after the list, beside a handler that throws', {
    told,
    others: told,
    errors,
    synced: true,
  })
  api.put('a')
  api.remove('b')
  api.put('d')
  const changes = ['updated default/a@11 to default/a@14', 'deleted default/b@15', 'added default/d@16']
  await bench.look('after a was changed, b deleted and d created, beside a handler that throws', {
    told: changes,
    others: changes,
    errors,
  })
  await bench.asked('with a handler that throws', ['list', 'watch from 13'])
  await bench.timers('with a handler that throws', [])
  // What a handler throws is no failure of a list or a watch. How long the back-off is else, is for RC-7.
  api.cut(new Error('connection reset'))
  const [first = 0] = await bench.dueInMs()
  expect(
    first,
    'in how many ms it goes on when a watch broke off that has brought what a handler throws at',
  ).toSatisfy('no longer than after the first failure in a row', (ms) => ms <= 800)
})

check('RC-3.4', 'needs nobody to report to', async (subject) => {
  const bench = new Bench(subject, { first: 'throws', quiet: true })
  bench.api.put('a')
  bench.api.nextLists.push(() => Promise.reject(new Error('connection refused')))
  bench.start()
  await bench.pass(AFTER_BACK_OFF_MS)
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
  await bench.look('when a handler was added that throws', {
    told: [],
    errors: ['the new handler fails', 'the new handler fails'],
  })
  await bench.pass(5_000)
  const { told, others, errors: reported } = await bench.seen()
  const thrown = [
    'the new handler fails',
    'the new handler fails',
    'no Error, but undefined',
    'the handler fails',
  ]
  const all = ['updated default/a@11 to default/a@11', 'updated default/b@12 to default/b@12']
  const when = 'by a resync, between two handlers that throw'
  expect(told.sort(), `what the handler was told ${when}`).toEqual(all)
  expect(others.sort(), `what the one before it was told ${when}`).toEqual(all)
  expect(reported.sort(), `what onError got ${when}`).toEqual(thrown.sort())
  await bench.timers('after a resync in which handlers threw', [5_000])
})
