// Informer and controller in a world: with an API, latency and faults.
import { around } from '#cluster/world/around'
import { Faults } from '#cluster/world/faults'
import type { Client } from '#kit/client'
import { seeded } from '#kit/random'
import { type CheckContext, check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Call, Remote } from '../../src/subject/subject.ts'
import { newWorld, type World } from '../../src/world/world.ts'
import type * as ClockFixture from './clock.fixture.ts'
import type * as CopyFixture from './copy.fixture.ts'
import type * as InformerFixture from './informer.fixture.ts'
import { answered, comesToRest, expired, type Moment, requests, spell } from './informer-bench.ts'

/** What an API has, as the cache should show it. */
async function stored({ api }: World): Promise<string[]> {
  const { items } = await api.list('ConfigMap')
  return items
    .map(({ metadata: { namespace, name, resourceVersion } }) => `${namespace}/${name}@${resourceVersion}`)
    .sort()
}

/** Compacts what was before a version. */
function compact({ compact, trace }: World, version = ''): Promise<void> {
  trace.add('the check', `compacts what was before ${version}`)
  return compact(Number(version))
}

/** What is there, by what a handler was told: it must fit together. */
function follow(there: Set<string>, told: readonly string[]): void {
  for (const line of told) {
    const [what, first = '', , second = ''] = line.split(' ')
    // What is deleted has the version of its deletion.
    const known =
      what === 'deleted' ? [...there].find((one) => one.startsWith(first.replace(/\d+$/, ''))) : first
    if (what === 'added' ? there.has(first) : known === undefined || !there.delete(known)) {
      const before = `what was there by all that the handler was told before, when it was told "${line}"`
      const one = what === 'deleted' ? first.replace(/@\d+$/, '') : first
      expect([...there].sort(), before).toSatisfy(
        what === 'added' ? `anything but ${first}` : `${one} is there`,
        () => false,
      )
    }
    if (what === 'added') there.add(first)
    if (what === 'updated') there.add(second)
  }
}

check('RC-6.3', 'comes to show what the API has, whatever happens to its watches', async (subject) => {
  const world = await newWorld(subject)
  const { client, clock, faults } = world.host('the informer')
  const { construct } = subject.room<typeof InformerFixture>('fixture/informer')
  const rig = construct('InformerRig', client, clock, { random: [0.5] })
  const random = seeded(subject.seed)
  const write = async (name: string) => {
    const at = { namespace: 'default', name }
    const { items } = await world.api.list('ConfigMap', { fieldSelector: `metadata.name=${name}` })
    if (items.length === 0) await world.api.create('ConfigMap', { metadata: at })
    else if (random.next() < 0.4) await world.api.delete('ConfigMap', at)
    else await world.api.patch('ConfigMap', at, { type: 'merge', patch: { data: { n: `${random.next()}` } } })
  }
  const troubles = [
    () => faults.cutWatches(),
    () => faults.breakWatches(new Error('connection reset')),
    () => faults.repeatEvents(2),
    () => faults.replayEvents(3),
    () => faults.holdEvents(),
    () => faults.fail({ verb: 'watch' }, 'before', expired()),
    () => faults.fail({ verb: 'list' }, 'after', new Error('connection reset'), 2),
    () => {
      faults.dropEvents(2)
      faults.fail({ verb: 'watch' }, 'before', expired())
    },
    async () => {
      faults.breakWatches(new Error('connection reset'))
      await write('c')
      const { metadata } = await world.api.list('ConfigMap')
      await compact(world, metadata.resourceVersion)
    },
  ]
  await world.api.create('ConfigMap', { metadata: { namespace: 'default', name: 'gone' } })
  rig.start.patient()
  await world.advance(10)
  const there = new Set<string>()
  for (let round = 0; round < 4; round++) {
    await troubles.splice(Math.floor(random.next() * troubles.length), 1)[0]?.()
    for (const name of ['a', 'b']) await write(name)
    await world.advance(random.next() * 3000)
    faults.releaseEvents()
    follow(there, (await rig.look()).told)
  }
  // What was dropped comes with a list only.
  faults.breakWatches(expired())
  await write('a')
  await world.api.delete('ConfigMap', { namespace: 'default', name: 'gone' })
  await world.advance(50_000) // longer than any back-off
  const { told, cache } = await rig.look()
  follow(there, told)
  expect(cache, 'what the cache shows in the end').toEqual(await stored(world))
  expect([...there].sort(), 'what is there in the end, by all that the handler was told').toEqual(cache)
})

check('RC-8.5', 'lists what is there now where a page was compacted away', async (subject) => {
  const world = await newWorld(subject)
  const faults = new Faults()
  const slow = world.trace.around('the informer', faults.around(world.api))
  const list: Client['list'] = (kind, options) =>
    slow.list(kind, options?.limit === undefined ? (options ?? {}) : { ...options, limit: 1 })
  const client = subject.lend({ list, watch: slow.watch } as unknown as Client, ['watch'])
  const { construct } = subject.room<typeof InformerFixture>('fixture/informer')
  const rig = construct('InformerRig', client, subject.clock, {})
  const create = (name: string) => world.api.create('ConfigMap', { metadata: { namespace: 'default', name } })
  for (const name of ['a', 'b', 'c']) await create(name)
  faults.atRequest(3, async () => {
    await world.api.delete('ConfigMap', { namespace: 'default', name: 'a' })
    const { metadata } = await create('d')
    await compact(world, metadata.resourceVersion)
  })
  await world.done(rig.start.patient(), 'start() when the API was compacted between two pages')
  const { told, cache, errors } = await rig.look()
  const all = await stored(world)
  expect(cache, 'what the cache shows when the API was compacted between two pages').toEqual(all)
  const added = all.map((one) => `added ${one}`)
  expect(told, 'what the handler was told when the API was compacted between two pages').toEqual(added)
  expect(errors, 'what onError got when the API was compacted between two pages').toEqual([])
})

/** An original as the check changes it. */
type Change = (api: Client, namespace: string) => Promise<unknown>

const put =
  (name: string, n: string): Change =>
  (api, namespace) =>
    api.create('ConfigMap', { metadata: { namespace, name }, data: { n } })
const change =
  (name: string, n: string): Change =>
  (api, namespace) =>
    api.patch('ConfigMap', { namespace, name }, { type: 'merge', patch: { data: { n } } })
const drop =
  (name: string): Change =>
  (api, namespace) =>
    api.delete('ConfigMap', { namespace, name })

/** What a namespace has, as `a 1`: its name and its data. */
async function contents({ api }: World, namespace: string): Promise<string[]> {
  const { items } = await api.list('ConfigMap', { namespace })
  return items.map(({ metadata, data }) => `${metadata.name} ${data?.n}`).sort()
}

check(
  'RC-14.6',
  'brings about what is wanted, and is quiet then',
  async (subject) => {
    const world = await newWorld(subject)
    const { client, clock } = world.host('the controller')
    const { construct } = subject.room<typeof CopyFixture>('fixture/copy')
    const rig = construct('CopyRig', client, clock, 'default')
    // How often the check looks is not to be told.
    world.trace.about('the controller', ' default/')
    const becomes = (when: string, expected: string[]) =>
      world.eventually(async () => {
        comesToRest(await rig.reconciled(), when)
        const all = await contents(world, 'default')
        expect(all, `the ConfigMaps and their copies, ${when}`).toEqual(expected)
      })
    await put('a', '1')(world.api, 'default')
    const start = rig.start.patient()
    await becomes('after a was created', ['a 1', 'copy-of-a 1'])
    await answered(subject, start, 'start() of a controller that has reconciled')
    await Promise.all([change('a', '2'), put('b', '1')].map((change) => change(world.api, 'default')))
    await becomes('after a was changed to 2, and b created', ['a 2', 'b 1', 'copy-of-a 2', 'copy-of-b 1'])
    await drop('b')(world.api, 'default')
    await becomes('after b was deleted', ['a 2', 'copy-of-a 2'])
    const before = await stored(world)
    await world.throughout(10_000, async () =>
      expect(await stored(world), 'the ConfigMaps and their copies, once all was as it is wanted').toEqual(
        before,
      ),
    )
    world.trace.add('the controller', 'is stopped')
    await world.done(rig.stop.patient(), 'stop() of a controller that has nothing to do')
  },
  'api',
)

/** A component for each trouble, in a world and a namespace of its own, side by side: they share their round trips. */
async function sideBySide(subject: CheckContext, names: string[]) {
  const { construct } = subject.room<typeof CopyFixture>('fixture/copy')
  const world = await newWorld(subject)
  const clock = subject.room<typeof ClockFixture>('fixture/clock').hold('sharedClock', subject.clock)
  const at = (name: string, faults: Faults) => world.trace.around(name, faults.around(world.api))
  const all = await Promise.all(
    names.map(async (name, i) => {
      const namespace = `n-${i + 1}`
      await world.api.create('Namespace', { metadata: { name: namespace } })
      return { name, namespace, faults: new Faults() }
    }),
  )
  return { world, clock, at, all, construct }
}

check('RC-14.7', 'brings it about whatever goes wrong between it and the API', async (subject) => {
  const lost = new Error('connection reset')
  const troubles: Record<string, (faults: Faults) => void> = {
    'the controller whose creates fail': (faults) => faults.fail({ verb: 'create' }, 'before', lost, 2),
    'the controller whose creates take effect, and fail': (faults) =>
      faults.fail({ verb: 'create' }, 'after', lost, 2),
    'the controller whose update takes effect, and fails': (faults) =>
      faults.fail({ verb: 'update' }, 'after', lost),
    'the controller whose cache lags': (faults) => faults.holdEvents(),
    'the controller whose events come twice': (faults) => faults.repeatEvents(5),
    'the controller whose watches end': (faults) => faults.afterWrites(1, () => faults.cutWatches()),
  }
  const { world, clock, at, all, construct } = await sideBySide(subject, Object.keys(troubles))
  const rigs = all.map(({ name, namespace, faults }) => {
    const client = subject.lend(at(name, faults), ['watch'])
    troubles[name]?.(faults)
    const rig = construct('CopyRig', client, clock, namespace)
    rig.start.patient()
    return rig
  })
  for (const now of [[put('a', '1'), put('b', '1')], [change('a', '2')]]) {
    await Promise.all(all.flatMap(({ namespace }) => now.map((one) => one(world.api, namespace))))
    await world.advance(12)
  }
  for (const { faults } of all) faults.releaseEvents()
  await world.advance(10_000)
  for (const [i, { name, namespace }] of all.entries()) {
    world.trace.about(name, ` ${namespace}/`)
    comesToRest((await rigs[i]?.reconciled()) ?? 0, `by ${name}`)
    expect(await contents(world, namespace), `the ConfigMaps and their copies, of ${name}`).toEqual([
      'a 2',
      'b 1',
      'copy-of-a 2',
      'copy-of-b 1',
    ])
  }
  const before = await stored(world)
  const earlier = rigs.map((rig) => rig.reconciled())
  await world.advance(40_000)
  const after = await stored(world)
  for (const { name, namespace } of all) {
    world.trace.about(name, ` ${namespace}/`)
    const [then, now] = [before, after].map((all) => all.filter((one) => one.startsWith(`${namespace}/`)))
    expect(now, `the ConfigMaps and their copies 40 quiet seconds later, of ${name}`).toEqual(then)
  }
  const later = rigs.map((rig) => rig.reconciled())
  for (const [i, one] of all.entries()) {
    world.trace.about(one.name, ` ${one.namespace}/`)
    const more = ((await later[i]) ?? 0) - ((await earlier[i]) ?? 0)
    expect(more, `how often anything was reconciled in 40 quiet seconds by ${one.name}`).toEqual(0)
  }
})

check(
  'RC-14.8',
  'brings it about where the one before it crashed after any of its writes',
  async (subject) => {
    const names = [1, 2, 3, 4].map((n) => `the controller that crashes after write ${n}`)
    const { world, at, all, construct } = await sideBySide(subject, names)
    const begin = (name: string, namespace: string, faults: Faults) => {
      const machine = subject.boot()
      const client = machine.lend(at(name, faults), ['watch'])
      const rig = construct('CopyRig', client, machine.clock, namespace)
      rig.start.patient()
      return { machine, rig }
    }
    const crashed = new Set<string>()
    const rigs: Remote<CopyFixture.CopyRig>[] = []
    for (const [i, { name, namespace, faults }] of all.entries()) {
      const { machine, rig } = begin(name, namespace, faults)
      rigs.push(rig)
      faults.afterWrites(i + 1, () => {
        world.trace.add(name, 'crashes')
        crashed.add(namespace)
        void machine.crash()
      })
    }
    for (const now of [
      [put('a', '1'), put('b', '1')],
      [change('a', '2'), drop('b')],
    ]) {
      await Promise.all(all.flatMap(({ namespace }) => now.map((one) => one(world.api, namespace))))
      await world.advance(0)
    }
    for (const [i, { name, namespace }] of all.entries()) {
      world.trace.about(name, ` ${namespace}/`)
      if (!crashed.has(namespace)) comesToRest((await rigs[i]?.reconciled()) ?? 0, `by ${name}`)
      expect(crashed.has(namespace), `whether ${name} has come to that write`).toEqual(true)
    }
    const next = all.map(({ name, namespace }) =>
      begin(`the next one after ${name}`, namespace, new Faults()),
    )
    await world.advance(30_000)
    for (const [i, { name, namespace }] of all.entries()) {
      world.trace.about(`the next one after ${name}`, ` ${namespace}/`)
      comesToRest((await next[i]?.rig.reconciled()) ?? 0, `by the next one after ${name}`)
      expect(
        await contents(world, namespace),
        `the ConfigMaps and their copies, by the next one after ${name}`,
      ).toEqual(['a 2', 'copy-of-a 2'])
    }
  },
)

check('RC-16.5', 'may be stopped at any moment, and leaves nothing behind', async (subject) => {
  const moments: Moment[] = [...requests(7), { atMs: 5 }, { atMs: 1000 }]
  const names = moments.map((moment) => `the controller that is stopped ${spell(moment)}`)
  const { world, clock, at, all, construct } = await sideBySide(subject, names)
  const rigs = moments.map((moment, i) => {
    const { name, namespace, faults } = all[i] as (typeof all)[0]
    let asked = 0
    const client = around(at(name, faults), {
      call: (_, proceed) => {
        asked++
        return proceed()
      },
      watch: (_, open) => {
        asked++
        return open()
      },
    })
    const rig = construct('CopyRig', subject.lend(client, ['watch']), clock, namespace)
    let stop: Call<void> | undefined
    const end = () => {
      world.trace.add(name, 'is stopped')
      stop = rig.stop.patient()
      // What it asked for in the same breath, it asked for before.
      queueMicrotask(() => {
        asked = 0
      })
    }
    if ('request' in moment) faults.atRequest(moment.request, end)
    else subject.clock.setTimer(moment.atMs, end)
    faults.fail({ verb: 'create' }, 'before', new Error('connection refused'))
    return { name, namespace, faults, rig, end, stopped: () => stop, asked: () => asked }
  })
  const each = (change: Change) => Promise.all(all.map(({ namespace }) => change(world.api, namespace)))
  await each(put('a', '1'))
  for (const { rig } of rigs) rig.start.patient()
  await world.advance(20)
  await each(change('a', '2'))
  await world.advance(10_000)
  for (const { stopped, end } of rigs) if (!stopped()) end()
  await each(put('b', '1'))
  await world.advance(10_000)
  for (const { name, namespace, faults, stopped, asked } of rigs) {
    world.trace.about(name, ` ${namespace}/`)
    await answered(subject, stopped() as Call<void>, `stop() of ${name}`)
    expect(asked(), `how often the API was asked for anything after stop() of ${name}`).toEqual(0)
    expect(faults.openWatches, `watches that are open after stop() of ${name}`).toEqual(0)
  }
  const dueInMs = (await subject.clock.pending()).map((dueMs) => dueMs - subject.clock.now())
  const what = 'timers that are set when every controller was stopped (in how many ms each is due)'
  expect(dueInMs, what).toEqual([])
})
