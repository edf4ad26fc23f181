// ST-13: a store of a snapshot.
import type { Snapshot } from '#kit/store'
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import { expectList, expectOfEvents, expectRefused, keyValue, newStore, pods, web1, web2 } from './bench.ts'
import { everyWrite } from './every-write.ts'
import { Model } from './model.ts'
import type * as Fixture from './refusals.fixture.ts'
import { answersTo, expectSame, make, type Step } from './row.ts'

const snapshot = (): Snapshot<unknown> => ({
  revision: 7,
  items: [
    keyValue(web2, { status: { phase: 'Running' } }, 5, 7),
    keyValue(web1, { status: { phase: 'Pending' } }, 3, 3),
  ],
})

check('ST-13.1', 'goes on from a snapshot as the store does that it was taken of', async (subject) => {
  const { history, revision, writes } = everyWrite()
  const store = newStore(subject)
  make(subject, store, history)
  const taken = await store.list('')
  const copy = newStore(subject, { ...taken, items: taken.items.toReversed() })
  const steps: Step[] = [
    ['list', ''],
    ['watch', ''],
    ...writes,
    ...Array.from({ length: 14 }, (): Step => ['next', 1]),
    ['watch', '', { after: revision }],
    ['next', 2],
    ['list', '', { revision }],
    ['compact', revision + 2],
    ['list', '', { revision: revision + 2 }],
    ['list', ''],
  ]
  const seen = await answersTo(subject, copy, steps)
  const foretold = new Model([...history, ...steps]).answers.slice(history.length)
  const then = 'in a store of the list of another one, and in that one'
  await expectSame(steps, seen, foretold, then, () => answersTo(subject, store, steps))
})

check('ST-13.2', 'knows nothing of the time before its snapshot', async (subject) => {
  const store = newStore(subject, snapshot())
  const calls = {
    'get at revision 6': [6, store.get(web1, { revision: 6 })],
    'list at revision 3': [3, store.list('', { revision: 3 })],
    'compact(7)': [7, store.compact(7)],
    'next() of a watch with after: 2': [3, store.watch.hold(pods, { after: 2 }).next()],
    'next() of a watch with after: 5': [6, store.watch.hold(pods, { after: 5 }).next()],
    'next() of a watch with after: 6': [7, store.watch.hold(pods, { after: 6 }).next()],
  } as const
  const { call } = subject.room<typeof Fixture>('fixture/refusals')
  const asked = call('refusalOfNext', store, pods, { after: 6 })
  const live = store.watch.hold(pods, { after: 7 })
  const waiting = live.next()
  store.put(`${pods}web-3`, 'Pending')
  const compacted = store.compact(8)
  const replayed = store.watch.hold(pods, { after: 7 }).next()
  const empty = newStore(subject, { revision: 7, items: [] }).put(web1, 'Pending')
  for (const [what, [requested, call]] of Object.entries(calls)) {
    const name = `${what}, in a store of a snapshot at revision 7`
    await expectRejection(call, name, 'Compacted', { requested, compacted: 7 })
  }
  expectRefused(await asked, 'next() of a watch that begins before the snapshot', 'Compacted')
  const watch = 'a watch with after: 7'
  await expectOfEvents([waiting], `${watch}, opened before a put`, 'revision', [8])
  expect(await compacted, 'what compact(8) resolved with after the put').toEqual(undefined)
  await expectOfEvents([replayed], `${watch}, opened after the put and compact(8)`, 'revision', [8])
  const what = 'the modRevision of the first put in a store of an empty snapshot at revision 7'
  expect((await empty).modRevision, what).toEqual(8)
})

check('ST-13.3', 'copies the snapshot at once, and leaves it as it is', async (subject) => {
  const { hold, assign, read, together } = subject
  const given = hold(snapshot())
  const first = together(() => {
    const store = newStore(subject, given)
    assign(given, ['items', 0, 'value', 'status', 'phase'], 'Changed')
    assign(given, ['items', 1, 'modRevision'], 4)
    return store
  })
  const left = read(given)
  const second = newStore(subject, given)
  assign(given, ['items', 'length'], 0)
  assign(given, ['revision'], 99)
  const end = read(given)
  const lists = [first.list(''), second.list('')] as const
  const { revision, items } = snapshot()
  const changed = [
    keyValue(web2, { status: { phase: 'Changed' } }, 5, 7),
    keyValue(web1, { status: { phase: 'Pending' } }, 3, 4),
  ]
  const then = 'a snapshot which the caller changed as soon as it was passed'
  expect(await left, then).toEqual({ revision, items: changed })
  expect(await end, `${then}, and again when two stores were made of it`).toEqual({ revision: 99, items: [] })
  expectList(await lists[0], `the list of a store of ${then}`, { revision, items: items.toReversed() })
  const again = 'the list of a second store, of the same snapshot as it was by then'
  expectList(await lists[1], again, { revision, items: changed.toReversed() })
})

check('ST-13.4', 'holds whatever key and whatever value a snapshot has', async (subject) => {
  const keys = ['', '/a', '/b', '/c', '__proto__']
  const items = [null, 0, '', false, []].map((value, index) =>
    keyValue(keys[index] ?? '', value, 2, index + 3),
  )
  const store = newStore(subject, { revision: 9, items })
  const gets = items.map((kv) => [kv, store.get(kv.key)] as const)
  for (const [kv, get] of gets) {
    const what = `get("${kv.key}") in a store of a snapshot, where its value is ${JSON.stringify(kv.value)}`
    expect(await get, what).toEqual(kv)
  }
})
