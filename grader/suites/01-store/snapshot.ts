// ST-13: a store of a snapshot.
import type { Snapshot } from '#kit/store'
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import {
  expectAsBefore,
  expectItems,
  expectOfEvents,
  keyValue,
  newStore,
  pods,
  readAll,
  web1,
  web2,
} from './bench.ts'

const snapshot = (): Snapshot<unknown> => ({
  revision: 7,
  items: [keyValue(web2, { phase: 'Running' }, 5, 7), keyValue(web1, { phase: 'Pending' }, 3, 3)],
})

check('ST-13.1', 'goes on from the items and the revision of a snapshot', async (subject) => {
  const given = subject.hold(snapshot())
  const store = newStore(subject, given)
  const watch = store.watch.hold(pods)
  const list = store.list(pods)
  const at7 = () => ({
    'get at revision 7 of a key of the snapshot': store.get(web2, { revision: 7 }),
    'the list at revision 7': store.list(pods, { revision: 7 }),
  })
  const before = at7()
  const event = watch.next()
  const put = store.put(web1, 'Running', { ifRevision: 3 })
  const deletion = store.delete(web2, { ifRevision: 7 })
  const after = at7()
  const { revision, items } = await list
  expect(revision, 'the revision of the list of a store of a snapshot at revision 7').toEqual(7)
  expectItems(items, 'the list of a store of a snapshot', snapshot().items.toReversed())
  await put
  await deletion
  await expectOfEvents([event], 'a watch of a put of a key of the snapshot', 'revision', [8])
  const { value } = await event
  expect(value?.prevKv?.value, 'the value in the prevKv of that event').toEqual({ phase: 'Pending' })
  await expectAsBefore(after, before, 'after the store went on')
  expect(await subject.read(given), 'the snapshot that was passed in').toEqual(snapshot())
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
  const live = store.watch.hold(pods, { after: 7 })
  const waiting = live.next()
  store.put(`${pods}web-3`, 'Pending')
  const compacted = store.compact(8)
  const replayed = store.watch.hold(pods, { after: 7 }).next()
  for (const [what, [requested, call]] of Object.entries(calls)) {
    const name = `${what}, in a store of a snapshot at revision 7`
    await expectRejection(call, name, 'Compacted', { requested, compacted: 7 })
  }
  const watch = 'a watch with after: 7'
  await expectOfEvents([waiting], `${watch}, opened before a put`, 'revision', [8])
  expect(await compacted, 'what compact(8) resolved with after the put').toEqual(undefined)
  await expectOfEvents([replayed], `${watch}, opened after the put and compact(8)`, 'revision', [8])
})

check('ST-13.3', 'starts as a full copy of another store, and shares nothing with it', async (subject) => {
  const { hold, assign } = subject
  const store = newStore(subject)
  store.put(web1, { phase: 'Pending' })
  store.put(web2, { phase: 'Pending' })
  store.delete(web2)
  const listed = hold(await store.list('/registry/'))
  const before = readAll(store)
  const copy = newStore(subject, listed)
  assign(listed, ['items', 0, 'value', 'phase'], 'Changed')
  assign(listed, ['items', 0, 'modRevision'], 99)
  assign(listed, ['items', 'length'], 0)
  assign(listed, ['revision'], 99)
  const copied = readAll(copy)
  const put = copy.put(web1, { phase: 'Running' }, { ifRevision: 2 })
  const after = readAll(store)
  await expectAsBefore(copied, before, 'in a copy of the store, after the caller changed the snapshot')
  await put
  await expectAsBefore(after, before, 'in the first store, after a put in the copy')
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
