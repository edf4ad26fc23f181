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
  parts,
  playAll,
  requests,
  type Setup,
  spell,
  started,
  stillWaits,
  tellOf,
  type View,
  watchFrom,
} from './informer-bench.ts'
import { Held, ScriptedApi } from './scripted-api.ts'

// RC-11: stop

check('RC-11.1', 'ends its watch, and is silent from then on', async (subject) => {
  const { api, rig, ...bench } = parts(await started(subject, { options: { resyncMs: 30_000 } }))
  const stop = bench.stop()
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
  type End = (list: Held<List>, api: ScriptedApi) => void
  const stopDuring = (page: string, end: End) => async (who: string) => {
    const bench = new Bench(subject, {}, new ScriptedApi(), { who })
    const { api } = bench
    api.put('a')
    api.put('b')
    const held = new Held<List>()
    const isSecond = page === 'the second page'
    if (isSecond) api.nextLists.push(() => api.list({ limit: 1 }))
    api.nextLists.push(() => held.promise)
    const start = bench.start()
    await bench.pass()
    const stops = [bench.stop(), bench.stop()]
    for (const stop of stops) await stillWaits(subject, stop, `stop() while ${page} has not come`)
    await answered(subject, start, `start() after stop(), while ${page} has not come`)
    end(held, api)
    const when = `after stop() of ${who}`
    await bench.look(when, { told: [], errors: [], cache: [], synced: false })
    for (const stop of stops) await answered(subject, stop, `stop() of ${who}`)
    await bench.asked(when, isSecond ? [LIST, { ...LIST, continue: '1' }] : [LIST])
    await bench.timers(when, [])
  }
  await playAll(subject, {
    'the informer whose list comes after stop()': stopDuring('the list', (list, api) =>
      list.resolve(api.list()),
    ),
    'the informer whose list fails after stop()': stopDuring('the list', (list) =>
      list.reject(new Error('connection reset')),
    ),
    'the informer whose first page comes after stop()': stopDuring('the first page', (list, api) =>
      list.resolve(api.list({ limit: 1 })),
    ),
    'the informer whose second page is answered with 410 after stop()': stopDuring(
      'the second page',
      (list) => list.reject(expired()),
    ),
  })
})

check('RC-11.3', 'ends its back-off', async (subject) => {
  const afterList = async (who: string) => {
    const bench = new Bench(subject, {}, new ScriptedApi(), { who })
    const { api } = bench
    api.nextLists.push(() => Promise.reject(new Error('connection refused')))
    const start = bench.start()
    await bench.pass()
    await answered(subject, bench.stop(), 'stop() during the back-off after a list that failed')
    await answered(subject, start, 'start() after stop() during the back-off, before any list has come')
    await bench.look('after stop() during the back-off', { synced: false, errors: ['connection refused'] })
    return { bench, who, expected: [LIST] }
  }
  const afterWatch = async (who: string) => {
    const bench = await started(subject, {}, { who })
    bench.api.cut(new Error('connection reset'))
    await bench.pass()
    await answered(subject, bench.stop(), 'stop() during the back-off after a watch that broke off')
    return { bench, who, expected: [] as unknown[] }
  }
  const both = await playAll(subject, {
    'the informer whose list failed': afterList,
    'the informer whose watch broke off': afterWatch,
  })
  await both[0]?.bench.timers('after stop() during the back-off', [])
  await both[0]?.bench.pass(60_000)
  for (const { bench, who, expected } of both) {
    tellOf(subject.trace, who)
    await bench.asked(`until a minute after stop() during the back-off of ${who}`, expected)
  }
})

check('RC-11.4', 'may be stopped before it is started, and is not started then', async (subject) => {
  const before = async (who: string) => {
    const bench = new Bench(subject, { options: { resyncMs: 1_000 } }, new ScriptedApi(), { who })
    await answered(subject, bench.stop(), 'stop() before start()')
    await answered(subject, bench.start(), 'start() after stop()')
    return { bench, who, what: 'start() after stop()' }
  }
  const after = async (who: string) => {
    const bench = await started(subject, {}, { who })
    const stops = [bench.stop(), bench.stop()]
    await answered(subject, stops[0] as (typeof stops)[0], 'the first of three stop()')
    stops.push(bench.stop())
    const again = bench.start()
    for (const one of stops) await answered(subject, one, 'each of three stop()')
    await answered(subject, again, 'start() of an informer that was stopped')
    return { bench, who, what: 'start() of an informer that was stopped' }
  }
  const both = await playAll(subject, {
    'the informer that is stopped first': before,
    'the informer that is stopped three times': after,
  })
  for (const { bench, who, what } of both) {
    tellOf(subject.trace, who)
    await bench.asked(`by ${what}`, [])
    await bench.timers(`after ${what}`, [])
  }
})

check('RC-11.5', 'may be stopped by a handler, or by onError', async (subject) => {
  const stoppedBy =
    (
      by: string,
      setup: Setup,
      {
        prepare,
        afterMs,
        ...expected
      }: { prepare?: (api: ScriptedApi) => void; afterMs?: number; asked?: unknown[] } & View = {},
    ) =>
    async (who: string) => {
      const bench = new Bench(subject, { ...setup, options: { resyncMs: 1_000 } }, new ScriptedApi(), { who })
      const { api } = bench
      api.put('a')
      api.put('b')
      prepare?.(api)
      const start = bench.start()
      if (afterMs) await bench.pass(afterMs)
      const { told, errors, others, cache, synced } = await bench.seen()
      const { told: mayTell = [], errors: mayReport = [], asked = [LIST] } = expected
      const caller = others.length > 0 ? by : 'nobody'
      expect(caller, `who has called stop() of ${who}`).toEqual(by)
      expect(told, `what a handler was told that was added after it, of ${who}`).toEqual(mayTell)
      expect(errors, `what onError got of ${who}`).toEqual(mayReport)
      const shown = `what the cache shows after stop() by ${by}, as it did then`
      expect([...cache, `synced: ${synced}`], shown).toEqual(others)
      await answered(subject, start, `start() of ${who}`)
      await answered(subject, bench.stop(), `a second stop() of ${who}`)
      await bench.asked(`by ${who}`, asked)
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
  // A back-off that lasts longer than what the others wait for.
  const random = [1]
  const all = await playAll(subject, {
    'the informer that a handler stops': stoppedBy('a handler', { first: 'stops' }),
    'the informer that a handler stops at the last object of a list': stoppedBy(
      'a handler, told of the only object',
      { first: 'stops' },
      { prepare: (api) => api.remove('b') },
    ),
    'the informer that a handler stops, and then throws': stoppedBy('a handler that then throws', {
      first: 'stops and throws',
    }),
    'the informer that onError stops after a list': stoppedBy(
      'onError, told of a list',
      { errorsStop: true, random },
      {
        prepare: (api) => api.nextLists.push(() => Promise.reject(new Error('connection refused'))),
        errors: ['connection refused'],
      },
    ),
    'the informer that onError stops after a watch': stoppedBy(
      'onError, told of a watch',
      { errorsStop: true, random },
      {
        prepare: (api) => api.nextWatches.push(new Error('connection reset')),
        told,
        errors: ['connection reset'],
        asked: [LIST, watchFrom(12)],
      },
    ),
    'the informer that a handler stops as a has another uid': stoppedBy(
      'a handler, told that the old a is deleted',
      { first: 'stops when deleted' },
      { prepare: replaced, told, asked: [LIST, watchFrom(12)] },
    ),
    'the informer that a handler stops during a second list': stoppedBy(
      'a handler, told that something is deleted',
      { first: 'stops when deleted' },
      { prepare: gone, afterMs: 800, told, errors: ['too old'], asked: [LIST, watchFrom(12), LIST] },
    ),
  })
  await all[0]?.bench.timers('after a handler or onError has stopped it', [])
  await all[0]?.bench.pass(60_000)
  for (const { bench, who } of all) {
    tellOf(subject.trace, who)
    await bench.asked(`in the minute after stop() by ${who}`, [])
  }
})

check('RC-11.7', 'may be stopped by a handler in a resync, or as it is added', async (subject) => {
  const inResync = async (who: string) => {
    const setup: Setup = { first: 'stops when updated', options: { resyncMs: 1_000 } }
    const bench = await started(subject, setup, { who })
    await bench.pass(1_000)
    await bench.look('by a resync in which the handler before it calls stop()', { told: [], errors: [] })
    return bench
  }
  const asAdded = async (who: string) => {
    const bench = await started(subject, {}, { who })
    const told = await bench.rig.addHandlerThat('stops')
    expect(told.length, 'how many objects a new handler is told of that calls stop() at the first').toEqual(1)
    return bench
  }
  const both = await playAll(subject, {
    'the informer that a handler stops in a resync': inResync,
    'the informer that a handler stops as it is added': asAdded,
  })
  for (const bench of both) await answered(subject, bench.stop(), 'a second stop(), after that by a handler')
  await both[0]?.timers('after stop() by a handler', [])
})

check('RC-11.6', 'may be stopped at any moment, and leaves nothing behind', async (subject) => {
  const clock = subject.room<typeof Fixture>('fixture').hold('sharedClock', subject.clock)
  const times = [900, 1700, 2000, 2500, 4100].map((atMs) => ({ atMs }))
  const all = [...requests(10), ...times].map((moment) => {
    const faults = new Faults()
    const who = `the informer that is stopped ${spell(moment)}`
    const around = { clock, faults, who }
    const bench = new Bench(subject, { options: { resyncMs: 2000 } }, new ScriptedApi(), around)
    const { api, rig } = bench
    api.put('a')
    api.put('b')
    const page = () => api.list({ limit: 1 })
    api.nextLists.push(page, () => Promise.reject(expired()))
    let stop: Call<void> | undefined
    const end = () => {
      void api.asked
      stop = bench.stop()
      void rig.look()
    }
    if ('request' in moment) faults.atRequest(moment.request, end)
    else subject.clock.setTimer(moment.atMs, end)
    bench.start()
    return { who, moment, bench, faults, page, stopped: () => stop, end }
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
  for (const [i, { who, moment, bench, faults, stopped }] of all.entries()) {
    tellOf(subject.trace, who)
    await answered(subject, stopped() as Call<void>, `stop() of ${who}`)
    const [, ...more] = 'request' in moment ? bench.api.asked : [undefined, ...bench.api.asked]
    expect(more, `what was asked of the client after stop() of ${who}`).toEqual([])
    const open = Math.max(faults.openWatches, bench.api.watches)
    expect(open, `watches that are open after stop() of ${who}`).toEqual(0)
    const { told = [], errors = [] } = (await last[i]) ?? {}
    expect([...told, ...errors], `what handlers and onError were told after stop() of ${who}`).toEqual([])
  }
  await all[0]?.bench.timers('when every informer was stopped', [])
})
