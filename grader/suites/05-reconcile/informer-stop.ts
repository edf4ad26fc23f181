// RC-11: the end of an informer.
import { Faults } from '#cluster/world/faults'
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Call } from '../../src/subject/subject.ts'
import type * as Fixture from '../05-reconcile.fixture.ts'
import {
  answered,
  Bench,
  expired,
  LIST,
  type List,
  NAMES,
  parts,
  requests,
  type Setup,
  spell,
  started,
  stillWaits,
  type View,
  watchFrom,
} from './informer-bench.ts'
import { Held, ScriptedApi } from './scripted-api.ts'

// RC-11: stop

check('RC-11.1', 'ends its watch, and is silent from then on', async (subject) => {
  const { api, rig, ...bench } = parts(await started(subject, { options: { resyncMs: 30_000 } }))
  const stop = rig.stop.patient()
  await answered(subject, stop, 'stop() of an informer that watches')
  expect(api.watches, 'watches that are open after stop()').toEqual(0)
  expect(api.closed, 'watches that were ended with return()').toEqual(1)
  await bench.timers('after stop()', [])
  api.put('a')
  await bench.pass(120_000)
  await bench.look('two minutes after stop()', {
    told: [],
    errors: [],
    cache: ['default/a@11', 'default/b@12'],
    synced: true,
  })
  await bench.asked('after stop()', [])
  expect(await rig.addHandler(), 'what a handler is told that is added after stop()').toEqual([])
})

check('RC-11.2', 'waits for a list that is under way, and lets its answer go', async (subject) => {
  const stopDuring = async (
    what: string,
    page: number,
    end: (list: Held<List>, api: ScriptedApi) => void,
  ) => {
    const bench = new Bench(subject)
    const { api, rig } = bench
    api.put('a')
    api.put('b')
    const held = new Held<List>()
    if (page === 2) api.nextLists.push(() => api.list({ limit: 1 }))
    api.nextLists.push(() => held.promise)
    const start = rig.start.patient()
    await bench.pass()
    const stops = [rig.stop.patient(), rig.stop.patient()]
    for (const stop of stops) await stillWaits(subject, stop, `stop() while ${what} is under way`)
    await answered(subject, start, 'start() when the informer is stopped')
    end(held, api)
    const seen = { told: [], errors: [], cache: [], synced: false }
    await bench.look(`after stop() during ${what}`, seen)
    for (const stop of stops) await answered(subject, stop, `stop() after ${what}`)
    const asked = page === 2 ? [LIST, { ...LIST, continue: '1' }] : [LIST]
    await bench.asked(`with stop() during ${what}`, asked)
    await bench.timers(`after stop() during ${what}`, [])
  }
  await Promise.all([
    stopDuring('a list', 1, (list, api) => list.resolve(api.list())),
    stopDuring('a list that fails', 1, (list) => list.reject(new Error('the list fails'))),
    stopDuring('the first page', 1, (list, api) => list.resolve(api.list({ limit: 1 }))),
    stopDuring('the second page, which is answered with 410,', 2, (list) => list.reject(expired())),
  ])
})

check('RC-11.3', 'ends its back-off', async (subject) => {
  const afterList = async () => {
    const bench = new Bench(subject)
    const { api, rig } = bench
    api.nextLists.push(() => Promise.reject(new Error('no')))
    const start = rig.start.patient()
    await bench.pass()
    await answered(subject, rig.stop.patient(), 'stop() during the back-off')
    await answered(subject, start, 'start() when the informer is stopped')
    await bench.look('after stop() during the back-off', { synced: false, errors: ['no'] })
    return { bench, expected: [LIST] }
  }
  const afterWatch = async () => {
    const bench = await started(subject)
    bench.api.cut(new Error('connection reset'))
    await bench.pass()
    await answered(subject, bench.rig.stop.patient(), 'stop() during the back-off of a watch')
    return { bench, expected: [] }
  }
  const both = await Promise.all([afterList(), afterWatch()])
  await both[0].bench.timers('after stop() during the back-off', [])
  await both[0].bench.pass(60_000)
  for (const { bench, expected } of both)
    await bench.asked('by an informer that was stopped during its back-off', expected)
})

check('RC-11.4', 'may be stopped before it is started, and is not started then', async (subject) => {
  const before = async () => {
    const bench = new Bench(subject, { options: { resyncMs: 1_000 } })
    const { rig } = bench
    await answered(subject, rig.stop.patient(), 'stop() before start()')
    const start = rig.start.patient()
    await answered(subject, start, 'start() after stop()')
    return { bench, what: 'start() after stop()' }
  }
  const after = async () => {
    const bench = await started(subject)
    const { rig } = bench
    const stops = [rig.stop.patient(), rig.stop.patient()]
    await answered(subject, stops[0] as (typeof stops)[0], 'the first of three stop()')
    stops.push(rig.stop.patient())
    const again = rig.start.patient()
    for (const one of stops) await answered(subject, one, 'each of three stop()')
    await answered(subject, again, 'start() of an informer that was stopped')
    return { bench, what: 'start() of an informer that was stopped' }
  }
  for (const { bench, what } of await Promise.all([before(), after()])) {
    await bench.asked(`by ${what}`, [])
    await bench.timers(`after ${what}`, [])
  }
})

check('RC-11.5', 'may be stopped by a handler, or by onError', async (subject) => {
  const stoppedBy = async (
    who: string,
    setup: Setup,
    {
      prepare,
      afterMs,
      ...expected
    }: { prepare?: (api: ScriptedApi) => void; afterMs?: number; asked?: unknown[] } & View = {},
  ) => {
    const bench = new Bench(subject, { ...setup, options: { resyncMs: 1_000 } })
    const { api, rig } = bench
    api.put('a')
    api.put('b')
    prepare?.(api)
    const start = rig.start.patient()
    if (afterMs) await bench.pass(afterMs)
    const { told, errors, others, cache, synced } = await bench.seen()
    const { told: mayTell = [], errors: mayReport = [], asked = [LIST] } = expected
    expect(told, `${NAMES.told} when ${who} has stopped it`).toEqual(mayTell)
    expect(errors, `${NAMES.errors} when ${who} has stopped it`).toEqual(mayReport)
    expect([...cache, `synced: ${synced}`], `what the cache shows after stop() by ${who}`).toEqual(others)
    await answered(subject, start, `start() of an informer that ${who} stops`)
    await answered(subject, rig.stop.patient(), `a second stop(), after that by ${who}`)
    await bench.asked(`until ${who} has stopped it`, asked)
    return { bench, who }
  }
  const told = ['added default/a@11', 'added default/b@12']
  const replaced = (api: ScriptedApi) =>
    api.nextLists.push(() => {
      const list = api.list()
      api.put('a', { uid: 'another' })
      return list
    })
  const gone = (api: ScriptedApi) => {
    api.nextWatches.push(expired())
    const list = api.list()
    api.nextLists.push(
      () => list,
      () => ({ ...list, items: [] }),
    )
  }
  const all = await Promise.all([
    stoppedBy('a handler', { first: 'stops' }),
    stoppedBy('a handler that then throws', { first: 'stops and throws' }),
    stoppedBy(
      'onError, told of a list,',
      { errorsStop: true },
      { prepare: (api) => api.nextLists.push(() => Promise.reject(new Error('no'))), errors: ['no'] },
    ),
    stoppedBy(
      'onError, told of a watch,',
      { errorsStop: true },
      {
        prepare: (api) => api.nextWatches.push(new Error('no')),
        told,
        errors: ['no'],
        asked: [LIST, watchFrom(12)],
      },
    ),
    stoppedBy(
      'a handler, told of another uid,',
      { first: 'stops when deleted' },
      { prepare: replaced, told, asked: [LIST, watchFrom(12)] },
    ),
    stoppedBy(
      'a handler, told of a second list,',
      { first: 'stops when deleted' },
      { prepare: gone, afterMs: 800, told, errors: ['too old'], asked: [LIST, watchFrom(12), LIST] },
    ),
  ])
  await all[0].bench.timers('after a handler or onError has stopped it', [])
  await all[0].bench.pass(60_000)
  for (const { bench, who } of all) await bench.asked(`a minute after ${who} has stopped it`, [])
})

check('RC-11.6', 'may be stopped at any moment, and leaves nothing behind', async (subject) => {
  const clock = subject.room<typeof Fixture>('fixture').hold('sharedClock', subject.clock)
  const times = [900, 1700, 2000, 2500, 4100].map((atMs) => ({ atMs }))
  const all = [...requests(10), ...times].map((moment) => {
    const faults = new Faults()
    const bench = new Bench(subject, { options: { resyncMs: 2000 } }, new ScriptedApi(), { clock, faults })
    const { api, rig } = bench
    api.put('a')
    api.put('b')
    const page = () => api.list({ limit: 1 })
    api.nextLists.push(page, () => Promise.reject(expired()))
    let stop: Call<void> | undefined
    const end = () => {
      void api.asked
      stop = rig.stop.patient()
      void rig.look()
    }
    if ('request' in moment) faults.atRequest(moment.request, end)
    else subject.clock.setTimer(moment.atMs, end)
    rig.start.patient()
    return { moment, bench, faults, page, stopped: () => stop, end }
  })
  const story: [number, (api: ScriptedApi, page: () => List) => unknown][] = [
    [500, (api) => api.put('a')],
    [900, (api) => [api.cut(new Error('connection reset')), api.put('b')]],
    [1700, (api) => api.cut(expired())],
    [1701, (api) => api.nextLists.push(() => Promise.reject(new Error('connection refused')))],
    [2600, (api, page) => api.nextLists.push(page)],
    [5000, (api) => api.put('c')],
  ]
  const begunMs = subject.clock.now()
  for (const [atMs, happen] of story) {
    await subject.clock.advance(begunMs + atMs - subject.clock.now())
    for (const { bench, page } of all) happen(bench.api, page)
  }
  await subject.clock.advance(0)
  for (const { stopped, end } of all) if (!stopped()) end()
  const last = all.map(({ bench }) => bench.rig.look())
  for (const [i, { moment, bench, faults, stopped }] of all.entries()) {
    const what = `of an informer that was stopped ${spell(moment)}`
    await answered(subject, stopped() as Call<void>, `stop() ${what}`)
    const [, ...more] = 'request' in moment ? bench.api.asked : [undefined, ...bench.api.asked]
    expect(more, `what was asked after stop() ${what}`).toEqual([])
    expect(faults.openWatches + bench.api.watches, `watches that are open after stop() ${what}`).toEqual(0)
    const { told = [], errors = [] } = (await last[i]) ?? {}
    expect([...told, ...errors], `what handlers and onError were told after stop() ${what}`).toEqual([])
  }
  await all[0]?.bench.timers('when every informer was stopped', [])
})
