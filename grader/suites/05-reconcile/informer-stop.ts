// RC-11: the end of an informer.
import { Faults } from '#cluster/world/faults'
import { type CheckContext, check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Call } from '../../src/subject/subject.ts'
import type * as ClockFixture from './clock.fixture.ts'
import {
  AFTER_BACK_OFF_MS,
  answered,
  Bench,
  expired,
  inShort,
  type List,
  parts,
  playAll,
  requests,
  type Setup,
  spell,
  started,
  stillWaits,
  tellOf,
} from './informer-bench.ts'
import type * as StopFixture from './informer-stop.fixture.ts'
import { Held, ScriptedApi } from './scripted-api.ts'

// RC-11: stop

check('RC-11.1', 'ends its watch, and is silent from then on', async (subject) => {
  const { call } = subject.room<typeof StopFixture>('fixture/informer-stop')
  const [was, is] = [new ScriptedApi(11n), new ScriptedApi(12n)]
  const late = call('changedAfterStop', was.make('a'), [
    { type: 'ADDED', object: is.make('b') },
    { type: 'DELETED', object: is.make('a') },
  ])
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
  expect(
    await late,
    'how many microtasks after an event stop() was called, where the cache or a handler got it only then',
  ).toEqual([])
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
    await bench.asked(when, isSecond ? ['list', 'list on from 1'] : ['list'])
    await bench.timers(when, [])
  }
  const stopDuringLater = async (who: string) => {
    const bench = await started(subject, {}, { who })
    const { api } = bench
    const held = new Held<List>()
    api.nextLists.push(
      () => api.list({ limit: 1 }),
      () => Promise.reject(expired()),
      () => held.promise,
    )
    api.cut(expired())
    api.put('c')
    await bench.pass(AFTER_BACK_OFF_MS)
    const stop = bench.stop()
    await stillWaits(subject, stop, 'stop() while the list without a limit has not come')
    held.resolve(api.list())
    const cache = ['default/a@11', 'default/b@12']
    await bench.look(`after stop() of ${who}`, { told: [], cache })
    await answered(subject, stop, `stop() of ${who}`)
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
  // By itself: others are looked at before its back-off is over.
  await playAll(subject, {
    'the informer whose list without a limit comes after stop(), when its cache is full': stopDuringLater,
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
    return { bench, who, expected: ['list'] }
  }
  const afterWatch = async (who: string) => {
    const bench = await started(subject, {}, { who })
    bench.api.cut(new Error('connection reset'))
    await bench.pass()
    await answered(subject, bench.stop(), 'stop() during the back-off after a watch that broke off')
    return { bench, who, expected: [] as string[] }
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

/** A scene in which a handler or `onError` calls `stop()`, and waits for it. */
function stoppedBy(
  subject: CheckContext,
  by: string,
  setup: Setup,
  {
    prepare,
    afterMs,
    last = 'list',
  }: { prepare?: (api: ScriptedApi) => void; afterMs?: number; last?: string } = {},
) {
  return async (who: string) => {
    const bench = new Bench(subject, { options: { resyncMs: 10_000 }, ...setup }, new ScriptedApi(), { who })
    const { api } = bench
    api.put('a')
    api.put('b')
    prepare?.(api)
    const start = bench.start()
    if (afterMs) await bench.pass(afterMs)
    const { late, others, cache, synced } = await bench.seen()
    const caller = others.length > 0 ? by : 'nobody'
    expect(caller, `who has called stop() of ${who}`).toEqual(by)
    expect(late, `what handlers and onError were told after stop() of ${who}`).toEqual([])
    const shown = `what the cache shows after stop() by ${by}, as it did then`
    expect([...cache, `synced: ${synced}`], shown).toEqual(others)
    await answered(subject, start, `start() of ${who}`)
    await answered(subject, bench.stop(), `a second stop() of ${who}`)
    await bench.pass()
    expect(api.asked.map(inShort).at(-1), `what ${who} asked of its client last`).toEqual(last)
    return { bench, who }
  }
}

/** Looks a minute later at informers that were stopped. */
async function stayStopped(subject: CheckContext, all: { bench: Bench; who: string }[]): Promise<void> {
  await all[0]?.bench.timers('after a handler or onError has stopped it', [])
  await all[0]?.bench.pass(60_000)
  for (const { bench, who } of all) {
    tellOf(subject.trace, who)
    await bench.asked(`in the minute after stop() by ${who}`, [])
  }
}

check('RC-11.5', 'may be stopped by a handler, or by onError', async (subject) => {
  const replaced = (api: ScriptedApi) =>
    api.nextLists.push(() => {
      const list = api.list()
      api.put('a', { uid: 'another' })
      return list
    })
  // A back-off that nobody waits for here.
  const random = [1]
  const all = await playAll(subject, {
    'the informer that a handler stops': stoppedBy(subject, 'a handler', { first: 'stops' }),
    'the informer that a handler stops at the last object of a list': stoppedBy(
      subject,
      'a handler, told of the only object',
      { first: 'stops' },
      { prepare: (api) => api.remove('b') },
    ),
    'the informer that a handler stops, and then throws': stoppedBy(subject, 'a handler that then throws', {
      first: 'stops and throws',
    }),
    'the informer that onError stops after a list': stoppedBy(
      subject,
      'onError, told of a list',
      { errorsStop: true, random },
      { prepare: (api) => api.nextLists.push(() => Promise.reject(new Error('connection refused'))) },
    ),
    'the informer that onError stops after a watch': stoppedBy(
      subject,
      'onError, told of a watch',
      { errorsStop: true, random },
      { prepare: (api) => api.nextWatches.push(new Error('connection reset')), last: 'watch from 12' },
    ),
    'the informer that a handler stops as a has another uid': stoppedBy(
      subject,
      'a handler, told that the old a is deleted',
      { first: 'stops when deleted' },
      { prepare: replaced, last: 'watch from 12' },
    ),
  })
  await stayStopped(subject, all)
})

check(
  'RC-11.7',
  'may be stopped by a handler in a resync, a second list, or as it is added',
  async (subject) => {
    const inResync = async (who: string) => {
      const setup: Setup = { first: 'stops when updated', options: { resyncMs: 1_000 } }
      const bench = await started(subject, setup, { who })
      await bench.pass(1_000)
      await bench.look('by a resync in which a handler calls stop()', { late: [], errors: [] })
      return { bench, who }
    }
    const asAdded = async (who: string) => {
      const bench = await started(subject, {}, { who })
      const told = await bench.rig.addHandlerThat('stops')
      expect(told.length, 'how many objects a new handler is told of that calls stop() at the first').toEqual(
        1,
      )
      return { bench, who }
    }
    const inSecondList = (gone: string[], another: string) => {
      const change = (api: ScriptedApi) => {
        for (const name of gone) api.remove(name)
        api.put(another, { uid: 'another' })
        return api.list()
      }
      const prepare = (api: ScriptedApi) => {
        api.put('c')
        api.nextLists.push(
          () => api.list(),
          () => change(api),
        )
        api.nextWatches.push(expired())
      }
      const by = `a handler, told of a second list, without ${gone.join(' and ')} and with another ${another}`
      return stoppedBy(subject, by, { first: 'stops when deleted' }, { prepare, afterMs: AFTER_BACK_OFF_MS })
    }
    const all = await playAll(subject, {
      'the informer that a handler stops in a resync': inResync,
      'the informer that a handler stops as it is added': asAdded,
      'the informer that a handler stops during a second list, without a and b': inSecondList(
        ['a', 'b'],
        'c',
      ),
      'the informer that a handler stops during a second list, without c': inSecondList(['c'], 'a'),
    })
    for (const { bench, who } of all) {
      tellOf(subject.trace, who)
      await answered(subject, bench.stop(), 'a second stop(), after that by a handler')
      void bench.api.asked
    }
    await stayStopped(subject, all)
  },
)

check('RC-11.6', 'may be stopped at any moment, and leaves nothing behind', async (subject) => {
  const clock = subject.room<typeof ClockFixture>('fixture/clock').hold('sharedClock', subject.clock)
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
