// ST-11 and ST-12: copies.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Handle } from '../../src/subject/subject.ts'
import {
  deleteEvent,
  expectEvents,
  expectItems,
  expectNext,
  keyValue,
  type Next,
  newStore,
  nexts,
  pods,
  putEvent,
  web1,
  web2,
} from './bench.ts'

// ST-11: copies of what comes in

check('ST-11.1', "keeps a value's state at the time of the put", async (subject) => {
  const { hold, assign } = subject
  const store = newStore(subject)
  const watch = store.watch.hold(pods, { after: 1 })
  const pod = hold<unknown>({ status: { phase: 'Pending' }, labels: ['web'] })
  const put = store.put(web1, pod)
  assign(pod, ['status', 'phase'], 'Changed')
  assign(pod, ['labels', 1], 'changed')
  const get = store.get(web1)
  const next = watch.next()
  const again = store.put(web2, pod)
  assign(pod, ['status', 'phase'], 'Changed again')
  store.put(web1, pod)
  const list = store.list('')
  const past = store.get(web1, { revision: 2 })
  assign(pod, ['status', 'phase'], 'Changed once more')
  subject.together(() => {
    store.put(web1, pod)
    assign(pod, ['status', 'phase'], 'Changed at the same moment')
  })
  const atOnce = store.get(web1)
  const changed = (phase: string) => ({ status: { phase }, labels: ['web', 'changed'] })
  const first = keyValue(web1, { status: { phase: 'Pending' }, labels: ['web'] }, 2, 2)
  const second = keyValue(web2, changed('Changed'), 3, 3)
  const then = 'after the caller changed the object that it had put'
  expect(await put, 'what put resolved with').toEqual(first)
  expect(await get, `get ${then}`).toEqual(first)
  await expectNext(next, `the event ${then}`, putEvent(first))
  expect(await again, 'what put of the same object under another key resolved with').toEqual(second)
  expectItems((await list).items, 'the list, of an object that was put three times', [
    keyValue(web1, changed('Changed again'), 2, 4),
    second,
  ])
  expect(await past, `get at revision 2 ${then}`).toEqual(first)
  expect(await atOnce, 'get after the caller changed the object before its put resolved').toEqual(
    keyValue(web1, changed('Changed once more'), 2, 5),
  )
})

// ST-12: copies of what goes out

check('ST-12.1', 'hands out copies from put and delete', async (subject) => {
  const { assign } = subject
  const store = newStore(subject)
  const put = store.put.hold(web1, { phase: 'Pending' })
  assign(put, ['value', 'phase'], 'Changed')
  assign(put, ['modRevision'], 99)
  const get = store.get(web1)
  const deleted = store.delete.hold(web1)
  assign(deleted, ['value', 'phase'], 'Changed')
  assign(deleted, ['createRevision'], 99)
  const past = store.get(web1, { revision: 2 })
  const replay = nexts(store.watch.hold(pods, { after: 1 }), 2)
  const expected = keyValue(web1, { phase: 'Pending' }, 2, 2)
  expect(await get, 'get after the caller changed what put resolved with').toEqual(expected)
  expect(await past, 'get at revision 2 after the caller changed what delete resolved with').toEqual(expected)
  await expectEvents(replay, 'a watch after the caller changed what put and delete resolved with', [
    putEvent(expected),
    deleteEvent(3, expected),
  ])
})

check('ST-12.2', 'hands out copies from get and list', async (subject) => {
  const { assign } = subject
  const store = newStore(subject)
  store.put(web1, { phase: 'Pending' })
  store.put(web2, { phase: 'Pending' })
  for (const options of [{}, { revision: 2 }, { revision: 3 }]) {
    const got = store.get.hold(web1, options)
    assign(got, ['value', 'phase'], 'Changed')
    assign(got, ['modRevision'], 99)
    const listed = store.list.hold('', options)
    assign(listed, ['items', 0, 'value', 'phase'], 'Changed')
    assign(listed, ['items', 0, 'createRevision'], 99)
    assign(listed, ['items', 'length'], 0)
  }
  const get = store.get(web1)
  const list = store.list('')
  const past = store.list('', { revision: 2 })
  const next = store.watch.hold('', { after: 1 }).next()
  const first = keyValue(web1, { phase: 'Pending' }, 2, 2)
  const then = 'after the caller changed what get and list resolved with'
  expect(await get, `get ${then}`).toEqual(first)
  expectItems((await list).items, `the list ${then}`, [first, keyValue(web2, { phase: 'Pending' }, 3, 3)])
  expectItems((await past).items, `the list at revision 2 ${then}`, [first])
  await expectNext(next, `the first event ${then}`, putEvent(first))
})

check('ST-12.3', 'hands out an event to each watch as a copy of its own', async (subject) => {
  const { assign } = subject
  const store = newStore(subject)
  const [first, second] = [store.watch.hold(pods), store.watch.hold(pods)]
  const waiting = [first.next.hold(), second.next()] as const
  store.put(web1, { phase: 'Pending' })
  const spoil = (next: Handle<Next>) => {
    assign(next, ['value', 'revision'], 99)
    assign(next, ['value', 'kv', 'value', 'phase'], 'Changed')
    assign(next, ['value', 'kv', 'modRevision'], 99)
    assign(next, ['value', 'prevKv', 'value', 'phase'], 'Changed')
  }
  spoil(waiting[0])
  store.put(web1, { phase: 'Running' })
  spoil(first.next.hold())
  store.delete(web1)
  spoil(first.next.hold())
  const rest = nexts(second, 2)
  const replay = nexts(store.watch.hold(pods, { after: 1 }), 3)
  const get = store.get(web1, { revision: 3 })
  const pending = keyValue(web1, { phase: 'Pending' }, 2, 2)
  const running = keyValue(web1, { phase: 'Running' }, 2, 3)
  const events = [putEvent(pending), putEvent(running, pending), deleteEvent(4, running)]
  const then = 'after the caller changed the events of another'
  await expectEvents([waiting[1], ...rest], `a watch ${then}`, events)
  await expectEvents(replay, `a watch that was opened ${then}`, events)
  expect(await get, `get at revision 3 after the caller changed events`).toEqual(running)
})
