// RC-11: the end of an informer, called for by its own handlers, or at any moment.
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
  playAll,
  requests,
  type Setup,
  spell,
  started,
  tellOf,
} from './informer-bench.ts'
import { ScriptedApi } from './scripted-api.ts'

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
  // Not before: it might end what the first one has left.
  for (const { bench, who } of all) {
    tellOf(subject.trace, who)
    await answered(subject, bench.stop(), `a second stop() of ${who}`)
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
    'the informer that onError stops after a watch that ended at once': stoppedBy(
      subject,
      'onError, told of a watch that ended',
      { errorsStop: true, random },
      { prepare: (api) => api.nextWatches.push('ends'), last: 'watch from 12' },
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
    for (const { bench } of all) void bench.api.asked
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
