// ST-13: a store of a snapshot.
import type { Snapshot } from '#kit/store'
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import {
  deleteEvent,
  expectEvents,
  expectList,
  expectNext,
  keyValue,
  newStore,
  nexts,
  over,
  pods,
  putEvent,
  web1,
  web2,
} from './bench.ts'

const snapshot = (): Snapshot<unknown> => ({
  revision: 7,
  items: [keyValue(web2, { phase: 'Running' }, 5, 7), keyValue(web1, { phase: 'Pending' }, 3, 3)],
})

check('ST-13.1', 'goes on from the items and the revision of a snapshot', async (subject) => {
  const store = newStore(subject, snapshot())
  const answers = nexts(store.watch.hold(pods), 2)
  const list = store.list('')
  const put = store.put(web1, 'Running', { ifRevision: 3 })
  const deletion = store.delete(web2, { ifRevision: 7 })
  const future = store.get(web1, { revision: 10 })
  const get = store.get(web2, { revision: 8 })
  const at7 = store.list('', { revision: 7 })
  const pending = keyValue(web1, { phase: 'Pending' }, 3, 3)
  const running = keyValue(web2, { phase: 'Running' }, 5, 7)
  const items = [pending, running]
  expectList(await list, 'the list of a store of a snapshot at revision 7', { revision: 7, items })
  expect(await put, 'the first put in it, of a key of the snapshot').toEqual(keyValue(web1, 'Running', 3, 8))
  expect(await deletion, 'the delete after it, of a key of the snapshot').toEqual(running)
  await expectRejection(future, 'get at revision 10, after a put and a delete', 'FutureRevision', {
    requested: 10,
    current: 9,
  })
  expect(await get, 'get at revision 8 of the deleted key').toEqual(running)
  expectList(await at7, 'the list at the revision of the snapshot, after a put and a delete', {
    revision: 7,
    items,
  })
  await expectEvents(answers, 'a watch that was opened before the put and the delete', [
    putEvent(keyValue(web1, 'Running', 3, 8), pending),
    deleteEvent(9, running),
  ])
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
  const lost = store.watch.hold(pods, { after: 6 })
  lost.next()
  const live = store.watch.hold(pods, { after: 7 })
  const waiting = live.next()
  const put = store.put(`${pods}web-3`, 'Pending')
  const afterLost = lost.next()
  const compacted = store.compact(8)
  const replayed = store.watch.hold(pods, { after: 7 }).next()
  for (const [what, [requested, call]] of Object.entries(calls)) {
    const name = `${what}, in a store of a snapshot at revision 7`
    await expectRejection(call, name, 'Compacted', { requested, compacted: 7 })
  }
  const event = putEvent(await put)
  await expectNext(afterLost, 'the second next() of a watch with after: 6, after a put', over)
  await expectNext(waiting, 'next() of a watch with after: 7, after a put', event)
  expect(await compacted, 'what compact(8) resolved with after the put').toEqual(undefined)
  await expectNext(replayed, 'next() of a watch with after: 7, after compact(8)', event)
})

check('ST-13.3', 'starts as a full copy of another store, and shares nothing with it', async (subject) => {
  const { hold, assign } = subject
  const store = newStore(subject)
  store.put(web1, { phase: 'Pending' })
  store.put(web2, { phase: 'Pending' })
  store.delete(web2)
  const listed = hold(await store.list(''))
  const copy = newStore(subject, listed)
  assign(listed, ['items', 0, 'value', 'phase'], 'Changed')
  assign(listed, ['items', 0, 'modRevision'], 99)
  assign(listed, ['items', 'length'], 0)
  assign(listed, ['revision'], 99)
  const list = copy.list('')
  const put = copy.put(web1, { phase: 'Running' }, { ifRevision: 2 })
  const past = copy.get(web1, { revision: 4 })
  const original = store.list('')
  const pending = keyValue(web1, { phase: 'Pending' }, 2, 2)
  const expected = { revision: 4, items: [pending] }
  expectList(await list, 'the list of the copy, after the caller changed the snapshot', expected)
  expect(await put, 'put in the copy').toEqual(keyValue(web1, { phase: 'Running' }, 2, 5))
  expect(await past, 'get in the copy, at the revision of the snapshot').toEqual(pending)
  expectList(await original, 'the list of the first store after a put in the copy', expected)
})

check('ST-13.4', 'holds the empty key and values such as null of a snapshot', async (subject) => {
  const keys = ['', '/a', '/b', '/c', '/d']
  const items = [null, 0, '', false, []].map((value, index) =>
    keyValue(keys[index] ?? '', value, 2, index + 3),
  )
  const store = newStore(subject, { revision: 9, items })
  const list = store.list('')
  expectList(await list, 'the list of a store of a snapshot with the empty key and values such as null', {
    revision: 9,
    items,
  })
})
