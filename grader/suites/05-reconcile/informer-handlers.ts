// RC-3: who is told.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import { AFTER_BACK_OFF_MS, Bench, parts, started } from './informer-bench.ts'

check(
  'RC-3.1',
  'tells handlers that come later of what is there, and of what comes, in turn',
  async (subject) => {
    const { api, rig, ...bench } = parts(await started(subject))
    api.put('a')
    await bench.seen()
    const told = [rig.addHandler('the second'), rig.addHandler('the third')]
    api.put('a')
    const change = 'updated default/a@13 to default/a@14'
    await bench.look('after a was changed, in the order in which they are told', {
      told: [change],
      others: [`the second: ${change}`, `the third: ${change}`],
    })
    for (const [i, who] of ['the second', 'the third'].entries())
      expect((await told[i])?.sort(), `what ${who} handler is told before addHandler returns`).toEqual([
        `${who}: added default/a@13`,
        `${who}: added default/b@12`,
      ])
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
  api.put('a')
  api.put('b')
  bench.start()
  const told = ['added default/a@11', 'added default/b@12']
  const errors = ['the handler fails', 'the handler fails']
  await bench.look('after the list, beside a handler that throws', {
    told,
    others: told,
    errors,
    synced: true,
  })
  api.put('a')
  api.remove('b')
  const changes = ['updated default/a@11 to default/a@13', 'deleted default/b@14']
  await bench.look('after a was changed and b deleted, beside a handler that throws', {
    told: changes,
    others: changes,
    errors,
  })
  await bench.asked('with a handler that throws', ['list', 'watch from 12'])
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
