// RC-11: the end of an informer.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Remote } from '../../src/subject/subject.ts'
import {
  AFTER_BACK_OFF_MS,
  answered,
  Bench,
  expired,
  type List,
  parts,
  playAll,
  started,
  stillWaits,
  tellOf,
} from './informer-bench.ts'
import type * as StopFixture from './informer-stop.fixture.ts'
import { Held, ScriptedApi } from './scripted-api.ts'

/** Stops them one after the other, at every moment. */
async function stopAll(rigs: Remote<StopFixture.StopRigs>): Promise<void> {
  do {
    rigs.begin()
    rigs.list()
  } while (await rigs.stop())
  rigs.answer()
}

// RC-11: stop

check('RC-11.1', 'ends its watch, and is silent from then on', async (subject) => {
  const { construct } = subject.room<typeof StopFixture>('fixture/informer-stop')
  const [was, is] = [new ScriptedApi(11n), new ScriptedApi(12n)]
  const happenings: [string, StopFixture.Happening][] = [
    ['start()', 'start'],
    ['the answer of the list', 'list'],
    ['ADDED of an object', { type: 'ADDED', object: is.make('b') }],
    ['DELETED of an object', { type: 'DELETED', object: is.make('a') }],
    ['the end of a watch that broke off', 'break'],
  ]
  const rigs = happenings.map(([, happening]) => construct('StopRigs', was.make('a'), happening))
  await Promise.all(rigs.map(stopAll))
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
  for (const [i, [what]] of happenings.entries())
    expect(
      await rigs[i]?.late(),
      `how many microtasks lay between ${what} and a stop() after which the informer still went on`,
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
