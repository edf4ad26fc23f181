import fc from 'fast-check'
import { around } from '#cluster/world/around'
import { Faults } from '#cluster/world/faults'
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import { seeded } from '#kit/random'
import { expired as expiredError } from '#kit/status-error'
import type { User } from '#kit/user'
import { type CheckContext, check } from '../src/runner/check.ts'
import { expect, expectRejection, words } from '../src/runner/expect.ts'
import { forAll } from '../src/runner/property.ts'
import type { Call, Handle, Remote } from '../src/subject/subject.ts'
import { newWorld, type World } from '../src/world/world.ts'
import { type Details, Held, ScriptedApi } from './05-reconcile.api.ts'
import type * as Fixture from './05-reconcile.fixture.ts'

type Setup = Fixture.InformerSetup
type List = ReturnType<ScriptedApi['list']>

/** What an informer shows and has told; what is left out is not looked at. */
interface View {
  told?: string[]
  others?: string[]
  errors?: string[]
  cache?: string[]
  synced?: boolean
}

const NAMES = {
  told: 'what the handler was told',
  others: 'what the other handler was told',
  errors: 'what onError got',
  cache: 'what the cache shows',
  synced: 'synced',
} as const

const LIST = { list: 'ConfigMap', limit: 500 }

/** The watch from a version. */
function watchFrom(version: number | bigint) {
  return { watch: 'ConfigMap', resourceVersion: `${version}`, allowWatchBookmarks: true }
}

/** An informer of an API whose answers the check decides. */
class Bench {
  readonly api: ScriptedApi
  readonly rig: Remote<Fixture.InformerRig>
  readonly #subject: CheckContext

  constructor(
    subject: CheckContext,
    setup: Setup = {},
    api = new ScriptedApi(),
    { clock = subject.clock, faults }: { clock?: Handle<Clock>; faults?: Faults } = {},
  ) {
    this.#subject = subject
    this.api = api
    const { construct } = subject.room<typeof Fixture>('fixture')
    this.rig = construct('InformerRig', api.lendTo(subject, faults), clock, setup)
  }

  /** Lets `ms` pass; by default lets happen what needs no time. */
  pass(ms = 0): Promise<void> {
    return this.#subject.clock.advance(ms)
  }

  /** Looks at the informer once everything has happened that needs no time. */
  async look(when: string, expected: View): Promise<void> {
    const seen = await this.seen()
    for (const part of ['told', 'others', 'errors', 'cache', 'synced'] as const) {
      if (expected[part] !== undefined)
        expect<unknown>(seen[part], `${NAMES[part]} ${when}`).toEqual(expected[part])
    }
  }

  /** Lets the API's answers and events set out: what is asked of the rig next travels with them, and comes after them. */
  async setOut(): Promise<void> {
    for (let i = 0; i < 100; i++) await undefined
  }

  /** What the informer has told since the last time, and shows, once everything has happened that needs no time. */
  async seen() {
    const all = {
      told: [] as string[],
      others: [] as string[],
      errors: [] as string[],
      views: [] as string[],
    }
    for (;;) {
      await this.setOut()
      const before = this.api.answered
      const { told, others, errors, views, ...now } = await this.rig.look()
      all.told.push(...told)
      all.others.push(...others)
      all.errors.push(...errors)
      all.views.push(...views)
      // What the rig has asked for meanwhile is answered only now.
      await this.setOut()
      if (this.api.answered === before) return { ...all, ...now }
    }
  }

  /** Looks at what the informer asked of its client since the last time. */
  async asked(when: string, expected: unknown[]): Promise<void> {
    await this.pass()
    expect(this.api.asked, `what the client was asked for ${when}`).toEqual(expected)
  }

  /** Looks at the timers, as the ms until they are due. */
  async timers(when: string, expected: number[]): Promise<void> {
    const { clock } = this.#subject
    await this.pass()
    const dueInMs = (await clock.pending()).map((dueMs) => dueMs - clock.now())
    expect(dueInMs, `timers that are set ${when}, as the ms until they are due`).toEqual(expected)
  }
}

/** An informer that has listed `a` at 11 and `b` at 12, and watches; what it was asked and told until then is read. */
async function started(subject: CheckContext, setup: Setup = {}): Promise<Bench> {
  const bench = new Bench(subject, setup)
  bench.api.put('a')
  bench.api.put('b')
  bench.rig.start.patient()
  await bench.seen()
  void bench.api.asked
  return bench
}

/** How a call stands once everything has happened that needs no time. */
async function standing({ clock }: CheckContext, call: Call<unknown>): Promise<unknown> {
  let standing: unknown = words('it is still waiting')
  call.then(
    () => {
      standing = words('it has resolved')
    },
    (error: unknown) => {
      standing = error
    },
  )
  await clock.advance(0)
  await new Promise((resolve) => void setImmediate(resolve))
  if (standing instanceof Error) throw standing
  return standing
}

/** Looks at a call that must have been answered by now. */
async function answered(subject: CheckContext, call: Call<unknown>, what: string): Promise<void> {
  expect<unknown>(await standing(subject, call), what).toEqual(words('it has resolved'))
}

/** Looks at a call that must still be waiting. */
async function stillWaits(subject: CheckContext, call: Call<unknown>, what: string): Promise<void> {
  expect<unknown>(await standing(subject, call), what).toEqual(words('it is still waiting'))
}

// RC-1: list, then watch

check('RC-1.1', 'lists, tells its handlers, and is started when the list has come', async (subject) => {
  const { api, rig, ...bench } = parts(new Bench(subject))
  api.put('a')
  api.put('b')
  const held = new Held<List>()
  api.nextLists.push(() => held.promise)
  const start = rig.start.patient()
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
    const { api, rig, ...bench } = parts(new Bench(subject))
    api.put('a')
    await bench.look('before start()', { told: [], cache: [], synced: false })
    await bench.asked('before start()', [])
    const starts = [rig.start.patient(), rig.start.patient()]
    await bench.look('after start() was called twice', { told: ['added default/a@11'] })
    starts.push(rig.start.patient())
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
  const { rig, ...bench } = parts(new Bench(subject, { options: { ...selection, resyncMs: 1000 } }))
  rig.start.patient()
  await bench.asked('with a selection', [
    { ...LIST, ...selection },
    { ...watchFrom(10), ...selection },
  ])
})

check('RC-1.4', 'begins to watch an empty kind, too', async (subject) => {
  const { api, rig, ...bench } = parts(new Bench(subject))
  const start = rig.start.patient()
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
  await bench.look('after five events', {
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
  await bench.look('after ADDED of a known object, MODIFIED and DELETED of unknown ones, and another uid', {
    told: [
      'updated default/a@11 to default/a@20',
      'added default/c@21',
      'deleted default/b@12',
      'added default/b@23',
    ],
    cache: ['default/a@20', 'default/b@23', 'default/c@21'],
  })
})

check('RC-2.3', 'takes an object with another uid for another object', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.put('a', { uid: 'another' })
  await bench.look('after an object came with another uid', {
    told: ['deleted default/a@11', 'added default/a@13'],
    cache: ['default/a@13', 'default/b@12'],
  })
})

// RC-3: handlers

check('RC-3.1', 'tells a handler that comes later of what is there, and of what comes', async (subject) => {
  const { api, rig, ...bench } = parts(await started(subject))
  api.put('a')
  await bench.seen()
  const told = rig.addHandler()
  api.put('a')
  const change = ['updated default/a@13 to default/a@14']
  await bench.look('after a change', { told: change, others: change })
  expect((await told).sort(), 'what a new handler is told before addHandler returns').toEqual([
    'added default/a@13',
    'added default/b@12',
  ])
})

check('RC-3.2', 'tells a handler only of what it wants to be told', async (subject) => {
  const bench = new Bench(subject, { first: 'one thing each', options: { resyncMs: 5_000 } })
  const { api, rig } = bench
  api.put('a')
  rig.start.patient()
  const first = ['added default/a@11']
  await bench.look('beside handlers with one method each', { told: first, others: first, errors: [] })
  rig.addOneThingEach()
  await bench.look('after three more of them came', { told: [], others: first, errors: [] })
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
  const { api, rig } = bench
  api.put('a')
  api.put('b')
  const start = rig.start.patient()
  const told = ['added default/a@11', 'added default/b@12']
  const errors = ['the handler fails', 'the handler fails']
  await bench.look('beside a handler that throws, after the list', {
    told,
    others: told,
    errors,
    synced: true,
  })
  await answered(subject, start, 'start() with a handler that throws')
  api.put('a')
  api.remove('b')
  const changes = ['updated default/a@11 to default/a@13', 'deleted default/b@14']
  await bench.look('beside a handler that throws', { told: changes, others: changes, errors })
  await bench.asked('with a handler that throws', [LIST, watchFrom(12)])
  await bench.timers('with a handler that throws', [])
})

check('RC-3.4', 'needs nobody to report to', async (subject) => {
  const bench = new Bench(subject, { first: 'throws', quiet: true })
  bench.api.put('a')
  bench.api.nextLists.push(() => Promise.reject(new Error('the list fails')))
  bench.rig.start.patient()
  await bench.pass(800)
  await bench.look('without onError', { told: ['added default/a@11'], others: ['added default/a@11'] })
})

// RC-4: never back in time

check('RC-4.1', 'drops what is older than what it has, or the same, and watches on', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  const thirteen = api.put('a')
  const fourteen = api.put('a')
  api.bring({ type: 'MODIFIED', object: thirteen }, { type: 'ADDED', object: fourteen })
  api.bring({ type: 'DELETED', object: thirteen })
  await bench.look('after a late event, a repeated one, and a late deletion', {
    told: ['updated default/a@11 to default/a@13', 'updated default/a@13 to default/a@14'],
    cache: ['default/a@14', 'default/b@12'],
  })
  api.remove('a')
  api.bring({ type: 'MODIFIED', object: fourteen }, { type: 'ADDED', object: fourteen })
  await bench.look('after late events of a deleted object', {
    told: ['deleted default/a@15'],
    cache: ['default/b@12'],
  })
  api.bring({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } })
  api.cut()
  await bench.asked('after late events, when the watch has ended', [watchFrom(15)])
})

check('RC-4.2', 'compares versions as whole numbers of any length', async (subject) => {
  const follow = async (below: bigint) => {
    const bench = new Bench(subject, {}, new ScriptedApi(below))
    const { api, rig } = bench
    const old = api.put('a')
    rig.start.patient()
    await bench.seen()
    api.put('a')
    api.put('a')
    api.bring({ type: 'MODIFIED', object: old })
    const [one, two, three] = [1n, 2n, 3n].map((more) => `default/a@${below + more}`)
    await bench.look(`after versions ${below + 1n}, ${below + 2n}, ${below + 3n}, ${below + 1n}`, {
      told: [`updated ${one} to ${two}`, `updated ${two} to ${three}`],
      cache: [`${three}`],
    })
  }
  await Promise.all([8n, 2n ** 53n, 10n ** 40n - 2n].map(follow))
})

check('RC-4.3', 'drops an event that is older than its list', async (subject) => {
  const bench = new Bench(subject)
  const { api, rig } = bench
  const gone = api.put('gone')
  api.remove('gone')
  api.put('a')
  rig.start.patient()
  await bench.pass()
  api.bring({ type: 'ADDED', object: gone })
  api.cut(expired())
  await bench.look('after an event that is older than the list', {
    told: ['added default/a@13'],
    cache: ['default/a@13'],
  })
  const old = api.put('a')
  api.put('a')
  await bench.pass(800)
  api.bring({ type: 'MODIFIED', object: old })
  await bench.look('after an event that is older than the second list', {
    told: ['updated default/a@13 to default/a@15'],
    cache: ['default/a@15'],
  })
})

check('RC-4.4', 'shows what a model shows, whatever comes twice or late', async (subject) => {
  const name = fc.constantFrom('a', 'b', 'c')
  const step = fc.oneof(
    name.map((of) => ({ does: 'put', of }) as const),
    name.map((of) => ({ does: 'remove', of }) as const),
    fc.nat(9).map((back) => ({ does: 'repeat', back }) as const),
  )
  const steps = fc.array(step, { minLength: 10, maxLength: 25 })
  const follow = async (steps: (typeof step extends fc.Arbitrary<infer S> ? S : never)[]) => {
    const bench = await started(subject)
    const { api } = bench
    const past: Parameters<ScriptedApi['bring']>[0][] = []
    const there = new Map(['a', 'b'].map((of, i) => [of, `default/${of}@${11 + i}`]))
    const told: string[] = []
    for (const one of steps) {
      if (one.does === 'repeat') {
        const again = past.at(-1 - one.back)
        if (again) api.bring(again)
      } else if (one.does === 'put') {
        const object = api.put(one.of)
        const now = `default/${one.of}@${api.version}`
        const old = there.get(one.of)
        told.push(old ? `updated ${old} to ${now}` : `added ${now}`)
        there.set(one.of, now)
        past.push({ type: old ? 'MODIFIED' : 'ADDED', object })
      } else if (there.delete(one.of)) {
        api.remove(one.of)
        told.push(`deleted default/${one.of}@${api.version}`)
        past.push({ type: 'DELETED', object: api.make(one.of) })
      }
    }
    await bench.look('after all steps', { told, cache: [...there.values()].sort() })
    bench.rig.stop.patient()
  }
  // Several side by side: they share their round trips.
  const scripts = fc.array(steps, { minLength: 1, maxLength: 4, size: 'max' })
  await forAll(subject.seed, scripts, async (all) => void (await Promise.all(all.map(follow))), 2)
})

// RC-5: a watch ends

check('RC-5.1', 'watches on from the newest event, at once', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.put('a')
  api.put('b')
  await bench.look('before the watch ends', {
    told: ['updated default/a@11 to default/a@13', 'updated default/b@12 to default/b@14'],
  })
  api.cut()
  api.put('c')
  await bench.look('after a watch has ended, and another one has begun', {
    told: ['added default/c@15'],
    cache: ['default/a@13', 'default/b@14', 'default/c@15'],
    errors: [],
    synced: true,
  })
  await bench.asked('when a watch has ended after two events', [watchFrom(14)])
  await bench.timers('after a watch has ended', [])
})

check(
  'RC-5.2',
  'counts bookmarks, and follows a watch that ends soon, but has brought one',
  async (subject) => {
    const { api, ...bench } = parts(await started(subject))
    api.bookmark()
    api.bookmark()
    api.cut()
    await bench.look('after bookmarks', { told: [], errors: [], cache: ['default/a@11', 'default/b@12'] })
    await bench.asked('when a watch has ended after bookmarks 13 and 14', [watchFrom(14)])
    const { metadata, ...a } = api.make('a')
    api.bring({ type: 'ADDED', object: { ...a, metadata: { ...metadata, resourceVersion: '11' } } })
    api.cut()
    await bench.asked('when a watch has ended at once, but for old news', [watchFrom(14)])
  },
)

check('RC-5.3', 'takes a watch that ends soon and says nothing for a failure', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  await bench.pass(999)
  api.cut()
  await bench.asked('when a watch has ended after 999 ms without any event', [])
  await bench.timers('when a watch has ended after 999 ms without any event', [800])
  await bench.pass(800)
  await bench.asked('800 ms after that', [watchFrom(12)])
  await bench.pass(1000)
  api.cut()
  await bench.look('when the next watch has ended after 1000 ms', {
    told: [],
    cache: ['default/a@11', 'default/b@12'],
    synced: true,
  })
  await bench.asked('when the next watch has ended after 1000 ms', [watchFrom(12)])
  await bench.timers('when the next watch has ended after 1000 ms', [])
})

check('RC-5.4', 'watches on from the newest event also after a second list', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.put('a')
  api.cut(expired())
  await bench.pass(800)
  api.put('b')
  void api.asked
  api.cut()
  await bench.asked('when the watch after a second list has ended', [watchFrom(14)])
})

// RC-6: 410

check('RC-6.1', 'lists again after 410, and tells what is different', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.put('c')
  api.put('d')
  await bench.pass()
  api.cut(expired())
  api.remove('a')
  api.put('b')
  api.remove('c')
  api.put('c', { uid: 'another' })
  api.put('e')
  api.compact()
  await bench.look('until the informer has waited after 410', {
    told: ['added default/c@13', 'added default/d@14'],
    errors: ['too old'],
    cache: ['default/a@11', 'default/b@12', 'default/c@13', 'default/d@14'],
    synced: true,
  })
  await bench.asked('while the informer waits after 410', [])
  await bench.pass(800)
  await bench.asked('after 410 and the back-off', [LIST, watchFrom(19)])
  const { told, cache } = await bench.seen()
  expect(cache, 'what the cache shows after 410').toEqual([
    'default/b@16',
    'default/c@18',
    'default/d@14',
    'default/e@19',
  ])
  const what = 'what the handler was told after 410'
  expect([...told].sort(), what).toEqual([
    'added default/c@18',
    'added default/e@19',
    'deleted default/a@11',
    'deleted default/c@13',
    'updated default/b@12 to default/b@16',
  ])
  expect(told, what).toSatisfy(
    'c is deleted before it is added anew',
    (lines) => lines.indexOf('deleted default/c@13') < lines.indexOf('added default/c@18'),
  )
})

check(
  'RC-6.2',
  'shows what it has until the new list has come, and follows it as the first',
  async (subject) => {
    const { api, ...bench } = parts(await started(subject))
    const held = new Held<List>()
    api.nextLists.push(() => held.promise)
    api.cut(expired())
    api.remove('a')
    await bench.pass(800)
    await bench.look('while it lists again', {
      told: [],
      cache: ['default/a@11', 'default/b@12'],
      synced: true,
    })
    held.resolve(api.list())
    await bench.look('when it has listed again', {
      told: ['deleted default/a@11'],
      cache: ['default/b@12'],
      synced: true,
    })
    api.put('b')
    await bench.look('after an event that came then', {
      told: ['updated default/b@12 to default/b@14'],
      cache: ['default/b@14'],
    })
  },
)

check('RC-6.4', 'believes a list, even if its version is below what was seen', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  for (let i = 0; i < 5; i++) api.bookmark()
  api.cut(expired())
  api.version = 13n
  await bench.pass(800)
  await bench.asked('after 410, when the list is at 13 and a bookmark was at 17', [LIST, watchFrom(13)])
  api.put('a')
  await bench.look('after an event at 14', { told: ['updated default/a@11 to default/a@14'] })
})

// RC-7: back-off

check('RC-7.1', 'waits longer after each list that fails, with chance', async (subject) => {
  const bench = new Bench(subject, { random: [0, 0.5, 0.25, 0, 0.75, 0, 0.5] })
  const { api, rig } = bench
  const start = rig.start.patient()
  const delays = [800, 2400, 4000, 6400, 22_400, 25_600, 45_000]
  for (const i of delays.keys()) api.nextLists.push(() => Promise.reject(new Error(`failure ${i + 1}`)))
  for (const [i, delayMs] of delays.entries()) {
    await bench.timers(`after failure ${i + 1}`, [delayMs])
    await bench.asked(`in try ${i + 1}`, [LIST])
    if (i < delays.length - 1) await bench.pass(delayMs)
  }
  await bench.look('after seven failures', {
    errors: delays.map((_, i) => `failure ${i + 1}`),
    synced: false,
    told: [],
  })
  await stillWaits(subject, start, 'start() as long as every list fails')
  api.put('a')
  await bench.pass(45_000)
  await answered(subject, start, 'start() when a list has come at last')
  await bench.asked('when a list has come at last', [LIST, watchFrom(11)])
  api.cut(new Error('connection reset'))
  await bench.timers('when a watch broke off, after seven lists that failed and one that did not', [1200])
})

check('RC-7.2', 'watches again after a watch that broke off, and lists nothing', async (subject) => {
  const { api, ...bench } = parts(await started(subject, { random: [0.5, 0] }))
  api.nextWatches.push(new Error('connection refused'))
  api.cut(new Error('connection reset'))
  api.put('b')
  await bench.timers('after a watch broke off', [1200])
  await bench.pass(1200)
  await bench.asked('1200 ms after a watch broke off', [watchFrom(12)])
  await bench.timers('after the next one did', [1600])
  await bench.look('after two watches broke off', {
    told: [],
    errors: ['connection reset', 'connection refused'],
    cache: ['default/a@11', 'default/b@12'],
    synced: true,
  })
  await bench.pass(1600)
  await bench.asked('1600 ms after that', [watchFrom(12)])
  await bench.look('when a watch is open again', {
    told: ['updated default/b@12 to default/b@13'],
    errors: [],
  })
})

check('RC-7.3', 'begins anew with 800 ms when a watch has brought anything', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  const a = api.put('a')
  api.cut(new Error('connection reset'))
  for (const brings of ['an event', 'a bookmark', 'old news'] as const) {
    await bench.timers('when a watch broke off', [800])
    await bench.pass(800)
    if (brings === 'an event') api.put('b')
    else if (brings === 'a bookmark') api.bookmark()
    else api.bring({ type: 'MODIFIED', object: a })
    api.cut(new Error('connection reset'))
    await bench.timers(`when the next watch broke off, which had brought ${brings}`, [800])
  }
})

check('RC-7.4', 'goes on waiting longer where watches only begin', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  for (const delayMs of [800, 1600]) {
    await bench.pass(5000)
    api.cut(new Error('connection reset'))
    await bench.timers('when one more watch broke off after five silent seconds', [delayMs])
    await bench.pass(delayMs)
  }
  api.cut()
  const { errors } = await bench.seen()
  await bench.timers('when the next one ended at once', [3200])
  expect(errors.slice(2), 'what onError got when a watch ended at once').toSatisfy(
    'one Error',
    ([error, ...more]) => error !== undefined && error !== 'no Error' && more.length === 0,
  )
})

check('RC-7.5', 'lists where the next watch is answered with 410', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.cut(new Error('connection reset'))
  api.put('a')
  api.compact()
  await bench.pass(800)
  await bench.asked('after a break', [watchFrom(12)])
  await bench.pass(1599)
  await bench.asked('1599 ms after 410', [])
  await bench.pass(1)
  await bench.asked('1600 ms after 410', [LIST, watchFrom(13)])
  await bench.look('after 410', { told: ['updated default/a@11 to default/a@13'] })
})

// RC-8: pages

check('RC-8.1', 'asks for page after page, and fills the cache with all', async (subject) => {
  const bench = new Bench(subject)
  const { api, rig } = bench
  const page = (names: string[], version: number, next?: string) => () => ({
    metadata: { resourceVersion: `${version}`, ...(next && { continue: next }) },
    items: names.map((name) => api.make(name)),
  })
  const held = new Held<List>()
  api.nextLists.push(page(['a', 'b'], 10, 'two'), page(['c', 'd'], 10, 'three'), () => held.promise)
  const start = rig.start.patient()
  await bench.look('before the last page has come', { told: [], cache: [], synced: false })
  await stillWaits(subject, start, 'start() before the last page has come')
  held.resolve(page(['e'], 10)())
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => `default/${name}@10`)
  await bench.look('when the last page has come', {
    told: all.map((one) => `added ${one}`),
    cache: all,
    synced: true,
  })
  await bench.asked('for a list in three pages', [
    LIST,
    { ...LIST, continue: 'two' },
    { ...LIST, continue: 'three' },
    watchFrom(10),
  ])
})

check('RC-8.2', 'deletes nothing that is on a later page', async (subject) => {
  const { api, ...bench } = parts(await started(subject, { options: { namespace: 'default' } }))
  for (let i = 0; i < 2; i++) {
    api.nextLists.push((options) => api.list({ ...options, limit: 1 }))
  }
  api.cut(expired())
  await bench.pass(800)
  await bench.look('after a list in two pages', { told: [], cache: ['default/a@11', 'default/b@12'] })
  await bench.asked('for a list in two pages', [
    { ...LIST, namespace: 'default' },
    { ...LIST, namespace: 'default', continue: '1' },
    { ...watchFrom(12), namespace: 'default' },
  ])
})

check('RC-8.3', 'lists without a limit where a later page is answered with 410', async (subject) => {
  const bench = new Bench(subject, { options: { namespace: 'default' } })
  const { api, rig } = bench
  api.put('a')
  api.put('b')
  api.nextLists.push((options) => api.list({ ...options, limit: 1 }))
  api.nextLists.push(() => {
    api.put('c')
    return Promise.reject(expired())
  })
  const start = rig.start.patient()
  const all = ['default/a@11', 'default/b@12', 'default/c@13']
  await bench.look('after 410 in the middle of a list', {
    told: all.map((one) => `added ${one}`),
    errors: [],
    cache: all,
  })
  await answered(subject, start, 'start() after 410 in the middle of a list')
  await bench.asked('with 410 in the middle of a list', [
    { ...LIST, namespace: 'default' },
    { ...LIST, namespace: 'default', continue: '1' },
    { list: 'ConfigMap', namespace: 'default' },
    { ...watchFrom(13), namespace: 'default' },
  ])
})

check('RC-8.4', 'begins a list anew where a later page fails', async (subject) => {
  const bench = new Bench(subject)
  const { api, rig } = bench
  api.put('a')
  api.put('b')
  api.nextLists.push((options) => api.list({ ...options, limit: 1 }))
  api.nextLists.push(() => Promise.reject(new Error('no')))
  rig.start.patient()
  await bench.look('after the second page failed', { told: [], errors: ['no'], cache: [], synced: false })
  await bench.timers('after the second page failed', [800])
  void api.asked
  await bench.pass(800)
  await bench.look('after the back-off', { told: ['added default/a@11', 'added default/b@12'] })
  await bench.asked('after the back-off', [LIST, watchFrom(12)])
})

check('RC-8.6', 'lists with a limit again where the list without one fails', async (subject) => {
  const failing = (pages: number, error: Error) => {
    const { api, rig, ...bench } = parts(new Bench(subject))
    for (const name of ['a', 'b', 'c']) api.put(name)
    for (let page = 1; page < pages; page++)
      api.nextLists.push((options) => api.list({ ...options, limit: 1 }))
    for (const answer of [expired(), error]) api.nextLists.push(() => Promise.reject(answer))
    rig.start.patient()
    return { ...bench, what: `the list without a limit failed after ${pages} pages: ${error.message}`, error }
  }
  const two = failing(2, new Error('no'))
  const three = failing(3, expired())
  for (const { look, what, error } of [two, three])
    await look(`when ${what}`, { told: [], errors: [error.message], synced: false })
  const pages = [LIST, { ...LIST, continue: '1' }, { ...LIST, continue: '2' }]
  await two.asked(`until ${two.what}`, [...pages.slice(0, 2), { list: 'ConfigMap' }])
  await three.asked(`until ${three.what}`, [...pages, { list: 'ConfigMap' }])
  await two.pass(800)
  for (const { asked, what } of [two, three])
    await asked(`after the back-off, when ${what}`, [LIST, watchFrom(13)])
})

// RC-9: finding objects

check('RC-9.1', 'finds objects by namespace and name', async (subject) => {
  const bench = new Bench(subject)
  const { api, rig } = bench
  const places: Details[] = [{}, { namespace: 'kube-system' }, { namespace: undefined }]
  for (const place of places) api.put('a', place)
  api.put('b')
  rig.start.patient()
  await bench.pass()
  const found = {
    'get a in default': rig.get('default', 'a'),
    'get a in kube-system': rig.get('kube-system', 'a'),
    'get a in no namespace': rig.get(undefined, 'a'),
    'get c in default': rig.get('default', 'c'),
    'list default': rig.list('default'),
    'list kube-system': rig.list('kube-system'),
    'list kube': rig.list('kube'),
  }
  await bench.look('of four objects', { cache: ['a@13', 'default/a@11', 'default/b@14', 'kube-system/a@12'] })
  const seen: Record<string, unknown> = {}
  for (const [what, call] of Object.entries<Call<unknown>>(found)) seen[what] = await call
  expect(seen, 'what is found').toEqual({
    'get a in default': 'default/a@11',
    'get a in kube-system': 'kube-system/a@12',
    'get a in no namespace': 'a@13',
    'get c in default': 'nothing',
    'list default': ['default/a@11', 'default/b@14'],
    'list kube-system': ['kube-system/a@12'],
    'list kube': [],
  })
})

check('RC-9.2', 'finds objects by an index, as they are now', async (subject) => {
  const bench = new Bench(subject, { indexed: true })
  const { api, rig } = bench
  api.put('a', { labels: { app: 'web' }, data: { x: '', y: '' } })
  api.put('b', { labels: { app: 'web' } })
  api.put('c', { data: { y: '' } })
  rig.start.patient()
  await bench.pass()
  const looks = [
    ['app', 'web'],
    ['app', 'api'],
    ['data', 'x'],
    ['data', 'y'],
  ] as const
  const found = async (when: string, expected: string[][]) => {
    await bench.setOut()
    const calls = looks.map(([index, value]) => rig.byIndex(index, value))
    for (const [i, call] of calls.entries()) {
      expect(await call, `byIndex('${looks[i]?.join("', '")}') ${when}`).toEqual(expected[i] ?? [])
    }
  }
  await found('after the list', [
    ['default/a@11', 'default/b@12'],
    [],
    ['default/a@11'],
    ['default/a@11', 'default/c@13'],
  ])
  api.put('a', { labels: { app: 'api' }, data: { y: '' } })
  api.remove('c')
  await found('after changes', [['default/b@12'], ['default/a@14'], [], ['default/a@14']])
  expect(await rig.list('default'), "list('default')").toEqual(['default/a@14', 'default/b@12'])
  api.remove('a')
  api.remove('b')
  await found('after all were deleted', [[], [], [], []])
})

check('RC-9.3', 'throws where there is no such index', async (subject) => {
  const { rig } = await started(subject, { indexed: true })
  // The second is a property of every object.
  const calls = ['owner', 'constructor'].map((index) => ({ index, call: rig.byIndex(index, 'web') }))
  for (const { index, call } of calls)
    await expectRejection(call, `byIndex('${index}', 'web'), which was not asked for`, 'RangeError')
})

// RC-10: resync

check('RC-10.1', 'tells of every object as updated, every so many ms', async (subject) => {
  const bench = await started(subject, { options: { resyncMs: 30_000 } })
  const { api } = bench
  await bench.timers('with resyncMs 30000', [30_000])
  const all = (...tags: string[]) => tags.map((tag) => `updated ${tag} to ${tag}`)
  await bench.pass(30_000)
  const { told } = await bench.seen()
  expect(told.sort(), 'what the handler was told after 30,000 ms').toEqual(
    all('default/a@11', 'default/b@12'),
  )
  await bench.timers('after the first time', [30_000])
  api.remove('a')
  await bench.pass(29_999)
  await bench.look('after a deletion, and 59,999 ms', { told: ['deleted default/a@13'] })
  await bench.pass(1)
  await bench.look('after 60,000 ms', { told: all('default/b@12') })
  await bench.asked('for all that', [])
})

check('RC-10.2', 'keeps its period when it lists again, and counts from the first list', async (subject) => {
  const bench = new Bench(subject, { options: { resyncMs: 5_000 } })
  const { api, rig } = bench
  api.put('a')
  api.nextLists.push(() => Promise.reject(new Error('no')))
  rig.start.patient()
  await bench.pass(800)
  await bench.timers('when the second list has come', [5_000])
  api.cut(expired())
  await bench.pass(800)
  await bench.timers('when it has listed again', [4_200])
})

check('RC-10.3', 'sets no timer without resyncMs, or with 0', async (subject) => {
  const [bench] = await Promise.all([started(subject), started(subject, { options: { resyncMs: 0 } })])
  await bench.timers('while two informers watch', [])
})

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

/** When something is stopped: as it makes its n-th request, or at a time, in ms. */
type Moment = { request: number } | { atMs: number }

const spell = (moment: Moment) =>
  'request' in moment ? `when it makes request ${moment.request}` : `after ${moment.atMs} ms`

/** Requests from the first to the n-th. */
const requests = (n: number): Moment[] => Array.from({ length: n }, (_, i) => ({ request: i + 1 }))

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

// RC-12: sources

check('RC-12.1', 'turns the changes of an informer into keys', async (subject) => {
  const rig = subject.room<typeof Fixture>('fixture').construct('SourceRig')
  const api = new ScriptedApi()
  const item = (...keys: string[]) =>
    api.make('a', { data: Object.fromEntries(keys.map((key) => [key, ''])) })
  const start = rig.start.patient()
  const looks: [string, Call<{ keys: string[] }>, string[]][] = []
  const look = (what: string, keys: string[]) => looks.push([what, rig.look(), keys])
  await subject.clock.advance(0)
  const { informer } = await rig.look()
  expect(informer, 'what the informer was asked for').toEqual(['addHandler', 'start'])
  await stillWaits(subject, start, 'start() before the informer has started')
  rig.added(item('web', 'api'))
  look('added', ['api', 'web'])
  rig.updated(item('web', 'old'), item('web', 'new'))
  look('updated', ['new', 'old', 'web'])
  rig.deleted(item('web'))
  look('deleted', ['web'])
  rig.added(item())
  look('added that concerns nobody', [])
  for (const [what, call, keys] of looks)
    expect((await call).keys, `the keys of an object that was ${what}`).toEqual(keys)
  rig.end()
  await answered(subject, start, 'start() when the informer has started')
  const stop = rig.stop.patient()
  const asked = rig.look()
  await stillWaits(subject, stop, 'stop() before the informer has stopped')
  expect((await asked).informer, 'what the informer was asked for by stop()').toEqual(['stop'])
  rig.end()
  await answered(subject, stop, 'stop() when the informer has stopped')
})

check('RC-12.2', 'knows the key of an object itself', async (subject) => {
  const { call } = subject.room<typeof Fixture>('fixture')
  const api = new ScriptedApi()
  const calls = [
    call('keysOfItself', api.make('web').metadata),
    call('keysOfItself', api.make('node-1', { namespace: undefined }).metadata),
  ]
  expect([await calls[0], await calls[1]], 'the keys of default/web and node-1').toEqual([
    ['default/web'],
    ['node-1'],
  ])
})

check('RC-12.3', 'knows the key of the owner that controls an object', async (subject) => {
  const { call } = subject.room<typeof Fixture>('fixture')
  const { metadata } = new ScriptedApi().make('web-1')
  const owner = (name: string, more: object = {}) => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name,
    uid: `uid of ${name}`,
    controller: true,
    ...more,
  })
  const cases: [string, object[] | undefined, string[]][] = [
    ['its controller', [owner('web')], ['default/web']],
    ['no owner', undefined, []],
    ['an empty list of owners', [], []],
    ['an owner that does not control it', [owner('web', { controller: false })], []],
    ['an owner that does not say', [owner('web', { controller: undefined })], []],
    ['a second owner that controls it', [owner('a', { controller: false }), owner('b')], ['default/b']],
    ['a controller of another kind', [owner('web', { kind: 'StatefulSet' })], []],
    ['a controller of another version', [owner('web', { apiVersion: 'apps/v1beta2' })], ['default/web']],
    ['a controller of another group', [owner('web', { apiVersion: 'example.org/v1' })], []],
    ['a controller of a group with a longer name', [owner('web', { apiVersion: 'apps.example.org/v1' })], []],
    ['a controller of the core group', [owner('web', { apiVersion: 'v1' })], []],
  ]
  const objects = cases.map(([, ownerReferences]) => ({
    ...metadata,
    ...(ownerReferences && { ownerReferences: ownerReferences as never }),
  }))
  const core = ['v1', 'v1beta1'].map((apiVersion) => ({
    ...metadata,
    ownerReferences: [owner('web', { apiVersion })] as never,
  }))
  const clusterWide = { ...objects[0], namespace: undefined }
  const calls = [
    call('keysOfController', 'apps/v1', 'ReplicaSet', objects),
    call('keysOfController', 'v1', 'ReplicaSet', [...core, objects[0] as never]),
    call('keysOfController', 'apps/v1', 'ReplicaSet', [clusterWide as never]),
  ] as const
  const keys = await calls[0]
  for (const [i, [what, , expected]] of cases.entries())
    expect(keys[i], `controllerOf('apps/v1', 'ReplicaSet') of an object with ${what}`).toEqual(expected)
  expect(await calls[1], `controllerOf('v1', …) of owners of v1, v1beta1, apps/v1`).toEqual([
    ['default/web'],
    ['default/web'],
    [],
  ])
  expect(await calls[2], `controllerOf of an object in no namespace`).toEqual([['web']])
})

// RC-13 to RC-16: the controller

/** A controller whose parts do what the check says. */
class Work {
  readonly rig: Remote<Fixture.ControllerRig>
  readonly #subject: CheckContext

  constructor(subject: CheckContext, setup: Fixture.ControllerSetup = {}) {
    this.#subject = subject
    this.rig = subject.room<typeof Fixture>('fixture').construct('ControllerRig', subject.clock, setup)
  }

  pass(ms = 0): Promise<void> {
    return this.#subject.clock.advance(ms)
  }

  /** Looks at the keys for which `reconcile` was called since the last time, and what was reported. */
  async look(when: string, begun: string[], errors?: string[]): Promise<void> {
    const seen = await this.rig.look()
    expect(seen.begun, `keys for which reconcile was called ${when}`).toEqual(begun)
    if (errors) expect(seen.errors, `what onError got ${when}`).toEqual(errors)
  }

  async timers(when: string, expected: number[]): Promise<void> {
    const { clock } = this.#subject
    await this.pass()
    const dueInMs = (await clock.pending()).map((dueMs) => dueMs - clock.now())
    expect(dueInMs, `timers that are set ${when}, as the ms until they are due`).toEqual(expected)
  }
}

/** A controller whose only source is filled. */
function working(subject: CheckContext, setup: Fixture.ControllerSetup = {}): Work {
  const work = new Work(subject, setup)
  work.rig.start.patient()
  work.rig.end()
  return work
}

check('RC-13.1', 'reconciles nothing before all sources are filled, then every key', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject, { sources: 3 }))
  const start = rig.start.patient()
  const asked = rig.sources()
  rig.add(['default/a', 'default/b', 'default/a'])
  rig.end(0)
  rig.add(['node-1'], 2)
  rig.end(2)
  await stillWaits(subject, start, 'start() while one of three sources is not filled')
  expect(await asked, 'what each source was asked for').toEqual([['start'], ['start'], ['start']])
  const early = rig.look()
  rig.end(1)
  await answered(subject, start, 'start() when all sources are filled')
  expect((await early).begun, 'keys for which reconcile was called while a source is not filled').toEqual([])
  await work.look('when all sources are filled', ['default/a', 'default/b', 'node-1'])
  rig.add(['default/c'], 1)
  rig.add(['default/a'], 0)
  await work.look('after more keys', ['default/c', 'default/a'])
})

check('RC-13.2', 'starts once', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject, { endings: { a: ['waits'], b: ['waits'] } }))
  const starts = [rig.start.patient(), rig.start.patient()]
  for (const start of starts) await stillWaits(subject, start, 'each start() before the source is filled')
  rig.end()
  starts.push(rig.start.patient())
  rig.end()
  rig.add(['a', 'b'])
  for (const start of starts) await answered(subject, start, 'each start() when the source is filled')
  await work.look('by its one worker, after three times start()', ['a'])
  expect(await rig.sources(), 'what the source was asked for').toEqual([['start']])
})

check('RC-14.1', 'comes back to a key that failed, later each time', async (subject) => {
  const endings = { a: ['rejects', 'throws', 'rejects'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { endings }))
  rig.add(['a', 'b'])
  await work.look('at first', ['a', 'b'], ['a: reconcile fails'])
  await work.timers('after one failure', [5])
  await work.pass(4)
  await work.look('4 ms after the first failure', [])
  await work.pass(1)
  await work.look('5 ms after the first failure', ['a'], ['a: reconcile fails at once'])
  await work.timers('after two failures', [10])
  await work.pass(10)
  await work.look('10 ms after the second failure', ['a'], ['a: reconcile fails'])
  await work.timers('after three failures', [20])
  await work.pass(20)
  await work.look('20 ms after the third failure', ['a'], [])
  await work.timers('after it went well', [])
})

check('RC-14.2', 'forgets the failures of a key that went well', async (subject) => {
  const endings = { a: ['rejects', 0, 'rejects', 7, 'rejects'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { endings }))
  rig.add(['a'])
  await work.timers('after a failure', [5])
  await work.pass(5)
  await work.timers('after it went well', [])
  rig.add(['a'])
  await work.timers('after another failure', [5])
  await work.pass(5)
  await work.timers('after it asked to be called in 7 ms', [7])
  await work.pass(7)
  await work.timers('after it failed then', [5])
  await work.pass(5)
  await work.look('in all', ['a', 'a', 'a', 'a', 'a', 'a'])
})

check('RC-14.3', 'comes back after requeueAfterMs, if that is above 0', async (subject) => {
  const endings = { a: [100, 0.5], b: [0], c: [-1] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { endings }))
  rig.add(['a', 'b', 'c'])
  await work.look('at first', ['a', 'b', 'c'], [])
  await work.timers('after requeueAfterMs of 100, 0 and -1', [100])
  await work.pass(99)
  await work.look('after 99 ms', [])
  await work.pass(1)
  await work.look('after 100 ms', ['a'])
  await work.pass(1)
  await work.look('0.5 ms later', ['a'], [])
  await work.timers('after nothing was asked for', [])
})

check('RC-14.4', 'is done with a key, however it went', async (subject) => {
  const endings = { a: ['waits'], b: ['waits and rejects'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { endings }))
  rig.add(['a'])
  await work.look('at first', ['a'])
  rig.add(['a', 'a'])
  await work.look('while the key is being reconciled', [])
  rig.finish('a')
  await work.look('when that went well, and the key was added meanwhile', ['a'])
  rig.add(['b'])
  await work.look('after that', ['b'])
  rig.add(['b'])
  rig.finish('b')
  await work.look('when that failed, and the key was added meanwhile', ['b'])
})

check('RC-14.5', 'needs nobody to report to', async (subject) => {
  const { rig, ...work } = controllerParts(working(subject, { quiet: true, endings: { a: ['rejects'] } }))
  rig.add(['a', 'b'])
  await work.pass(5)
  await work.look('without onError', ['a', 'b', 'a'])
})

check('RC-15.1', 'works on one key at a time, if nobody says otherwise', async (subject) => {
  const endings = { a: ['waits'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { endings }))
  rig.add(['a', 'b', 'c'])
  await work.look('while the first one waits', ['a'])
  rig.finish('a')
  await work.look('when the first one has ended', ['b', 'c'])
})

check('RC-15.2', 'works on as many keys as it has workers, each by itself', async (subject) => {
  const endings = {
    a: ['waits'],
    b: ['waits'],
    c: ['waits'],
    d: ['waits'],
    e: ['waits'],
  } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { workers: 3, endings }))
  rig.add(['a', 'b', 'c', 'd', 'e', 'f'])
  await work.look('while three of them wait', ['a', 'b', 'c'])
  rig.finish('b')
  await work.look('when one of three has ended', ['d'])
  rig.finish('d')
  await work.look('when the next one has ended', ['e'])
  rig.finish('e')
  await work.look('when the next one has ended, while two never do', ['f'])
  rig.add(['a'])
  await work.look('when a key is added that hangs', [])
  rig.add(['g', 'h'])
  await work.look('with one worker that is left', ['g', 'h'])
})

check('RC-16.1', 'waits for what is under way, and begins nothing any more', async (subject) => {
  const late = subject.room<typeof Fixture>('fixture').call('begunAfterStop', subject.clock)
  const stopDuring = async (ending: Fixture.Ending, errors: string[]) => {
    const { rig, ...work } = controllerParts(working(subject, { endings: { a: [ending] } }))
    rig.add(['a', 'b'])
    await work.look('at first', ['a'])
    rig.add(['a'])
    const stops = [rig.stop.patient(), rig.stop.patient()]
    rig.end()
    for (const stop of stops) await stillWaits(subject, stop, 'stop() while a reconcile is under way')
    rig.finish('a')
    for (const stop of stops) await answered(subject, stop, 'stop() when the reconcile has ended')
    rig.add(['d'])
    await work.timers('after stop()', [])
    return { rig, work, errors }
  }
  const both = await Promise.all([
    stopDuring('waits', []),
    stopDuring('waits and rejects', ['a: reconcile fails']),
  ])
  await both[0].work.pass(60_000)
  for (const { rig, work, errors } of both) {
    const [takes, sources] = [rig.queueTakes(), rig.sources()]
    await work.look('after stop(), when two keys were waiting', [], errors)
    expect(await takes, 'whether the queue takes a key after stop()').toEqual(false)
    expect((await sources)[0]?.[1], 'what the source was asked for by stop()').toEqual('stop')
  }
  expect(
    await late,
    'turns of the job queue between a key and stop(), where a reconcile began after stop()',
  ).toEqual([])
})

check('RC-16.2', 'waits for its sources to stop', async (subject) => {
  const { rig } = new Work(subject, { sources: 2 })
  rig.start.patient()
  rig.end(0)
  rig.end(1)
  const stop = rig.stop.patient()
  rig.end(0)
  await stillWaits(subject, stop, 'stop() while one of two sources has not stopped')
  rig.end(1)
  const calls = rig.sources()
  await answered(subject, stop, 'stop() when both sources have stopped')
  expect(
    (await calls).map(([, second]) => second ?? ''),
    'what the sources were asked for by stop()',
  ).toEqual(['stop', 'stop'])
})

check('RC-16.3', 'may be stopped while its sources fill', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject, { sources: 2 }))
  const start = rig.start.patient()
  rig.add(['a'])
  rig.end(0)
  const stop = rig.stop.patient()
  rig.end(0)
  rig.end(1)
  await answered(subject, start, 'start() when the controller is stopped')
  await answered(subject, stop, 'stop() while sources fill')
  await work.look('after stop() while sources fill', [])
  await work.timers('after stop() while sources fill', [])
})

check('RC-16.4', 'may be stopped before it is started, and is not started then', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject))
  const stops = [rig.stop.patient(), rig.stop.patient()]
  rig.end()
  const start = rig.start.patient()
  rig.add(['a'])
  rig.end()
  const sources = rig.sources()
  for (const stop of stops) await answered(subject, stop, 'stop() before start()')
  await answered(subject, start, 'start() after stop()')
  await work.look('after that', [])
  const [asked = []] = await sources
  expect(asked.includes('start'), 'whether the source was started after stop()').toEqual(false)
})

// In a world: with an API, latency and faults

/** What an API has, as the cache should show it. */
async function stored({ api }: World): Promise<string[]> {
  const { items } = await api.list('ConfigMap')
  return items
    .map(({ metadata: { namespace, name, resourceVersion } }) => `${namespace}/${name}@${resourceVersion}`)
    .sort()
}

/** What is there, by what a handler was told: it must fit together. */
function follow(there: Set<string>, told: readonly string[]): void {
  for (const line of told) {
    const [what, first = '', , second = ''] = line.split(' ')
    // What is deleted has the version of its deletion.
    const known =
      what === 'deleted' ? [...there].find((one) => one.startsWith(first.replace(/\d+$/, ''))) : first
    if (what === 'added' ? there.has(first) : known === undefined || !there.delete(known)) {
      expect([...there].sort(), `what was there by all that the handler was told before "${line}"`).toSatisfy(
        'what fits that',
        () => false,
      )
    }
    if (what === 'added') there.add(first)
    if (what === 'updated') there.add(second)
  }
}

check('RC-6.3', 'comes to show what the API has, whatever happens to its watches', async (subject) => {
  const world = await newWorld(subject)
  const { client, clock, faults } = world.host('informer')
  const { construct } = subject.room<typeof Fixture>('fixture')
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
      await world.compact(Number(metadata.resourceVersion))
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
  const slow = world.trace.around('informer', faults.around(world.api))
  const list: Client['list'] = (kind, options) =>
    slow.list(kind, options?.limit === undefined ? (options ?? {}) : { ...options, limit: 1 })
  const client = subject.lend({ list, watch: slow.watch } as unknown as Client, ['watch'])
  const { construct } = subject.room<typeof Fixture>('fixture')
  const rig = construct('InformerRig', client, subject.clock, {})
  const create = (name: string) => world.api.create('ConfigMap', { metadata: { namespace: 'default', name } })
  for (const name of ['a', 'b', 'c']) await create(name)
  faults.atRequest(3, async () => {
    await world.api.delete('ConfigMap', { namespace: 'default', name: 'a' })
    const { metadata } = await create('d')
    await world.compact(Number(metadata.resourceVersion))
  })
  await world.done(rig.start.patient())
  const { told, cache, errors } = await rig.look()
  const all = await stored(world)
  expect(cache, 'what the cache shows when the API was compacted between two pages').toEqual(all)
  expect(told, 'what the handler was told then').toEqual(all.map((one) => `added ${one}`))
  expect(errors, 'what onError got then').toEqual([])
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
    const { client, clock } = world.host('controller')
    const { construct } = subject.room<typeof Fixture>('fixture')
    const rig = construct('CopyRig', client, clock, 'default')
    const becomes = (expected: string[]) =>
      world.eventually(async () =>
        expect(await contents(world, 'default'), 'the ConfigMaps, with their copies').toEqual(expected),
      )
    await put('a', '1')(world.api, 'default')
    const start = rig.start.patient()
    await becomes(['a 1', 'copy-of-a 1'])
    await answered(subject, start, 'start() of a controller that has reconciled')
    await Promise.all([change('a', '2'), put('b', '1')].map((change) => change(world.api, 'default')))
    await becomes(['a 2', 'b 1', 'copy-of-a 2', 'copy-of-b 1'])
    await drop('b')(world.api, 'default')
    await becomes(['a 2', 'copy-of-a 2'])
    const before = await stored(world)
    await world.throughout(10_000, async () =>
      expect(await stored(world), 'the ConfigMaps, after all was as it is wanted').toEqual(before),
    )
    await world.done(rig.stop.patient())
  },
  'api',
)

/** A component for each trouble, in a world and a namespace of its own, side by side: they share their round trips. */
async function sideBySide(subject: CheckContext, names: string[]) {
  const { construct, hold } = subject.room<typeof Fixture>('fixture')
  const world = await newWorld(subject)
  const clock = hold('sharedClock', subject.clock)
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
  for (const { name, namespace } of all) {
    world.trace.about(name, ` ${namespace}/`)
    expect(await contents(world, namespace), `the ConfigMaps, with their copies, of ${name}`).toEqual([
      'a 2',
      'b 1',
      'copy-of-a 2',
      'copy-of-b 1',
    ])
  }
  const before = await stored(world)
  const earlier = rigs.map((rig) => rig.reconciled())
  await world.advance(40_000)
  expect(await stored(world), 'the ConfigMaps 40 seconds later').toEqual(before)
  const later = rigs.map((rig) => rig.reconciled())
  for (const [i, one] of all.entries()) {
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
      construct('CopyRig', client, machine.clock, namespace).start.patient()
      return machine
    }
    const crashed = new Set<string>()
    for (const [i, { name, namespace, faults }] of all.entries()) {
      const machine = begin(name, namespace, faults)
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
    for (const { name, namespace } of all)
      expect(crashed.has(namespace), `whether ${name} has written so often`).toEqual(true)
    for (const { name, namespace } of all) begin(`the next one after ${name}`, namespace, new Faults())
    await world.advance(30_000)
    for (const { name, namespace } of all) {
      world.trace.about(`the next one after ${name}`, ` ${namespace}/`)
      expect(await contents(world, namespace), `the ConfigMaps, with their copies, after ${name}`).toEqual([
        'a 2',
        'copy-of-a 2',
      ])
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
  expect(await subject.clock.pending(), 'timers that are set when every controller was stopped').toEqual([])
})

/** 410, as a watch or a list answers. */
function expired(): Error {
  return expiredError('too old')
}

/** A bench whose methods can be taken apart. */
function parts(bench: Bench) {
  return {
    api: bench.api,
    rig: bench.rig,
    pass: bench.pass.bind(bench),
    look: bench.look.bind(bench),
    seen: bench.seen.bind(bench),
    asked: bench.asked.bind(bench),
    timers: bench.timers.bind(bench),
  }
}

function controllerParts(work: Work) {
  return {
    rig: work.rig,
    pass: work.pass.bind(work),
    look: work.look.bind(work),
    timers: work.timers.bind(work),
  }
}
