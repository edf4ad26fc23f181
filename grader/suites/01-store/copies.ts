// ST-11 and ST-12: copies.
import { check } from '../../src/runner/check.ts'
import { expect, expectAnswer } from '../../src/runner/expect.ts'
import type { Handle } from '../../src/subject/subject.ts'
import { type Calls, expectAsBefore, newStore, outcome, pods, readAll, replay, web1, web2 } from './bench.ts'

// ST-11: copies of what comes in

check('ST-11.1', "keeps a value's state at the time of the put", async (subject) => {
  const { hold, assign } = subject
  const store = newStore(subject)
  const watch = store.watch.hold(pods)
  watch.next()
  const pod = hold<unknown>({ status: { phase: 'Pending' }, labels: ['web'] })
  store.put(web1, pod)
  store.put(web2, pod)
  const reads = () => ({ ...readAll(store, 2), ...replay(store, 1, 2) })
  const before = reads()
  assign(pod, ['status', 'phase'], 'Changed')
  assign(pod, ['labels', 1], 'changed')
  assign(pod, ['node'], 'node-1')
  const after = reads()
  const queued = watch.next()
  store.put(web2, pod)
  const again = store.get(web2)
  assign(pod, ['status', 'phase'], 'Changed again')
  subject.together(() => {
    store.put(web1, pod)
    assign(pod, ['status', 'phase'], 'Changed at the same moment')
  })
  const atOnce = store.get(web1)
  const changed = (phase: string) => ({ status: { phase }, labels: ['web', 'changed'], node: 'node-1' })
  const then = 'after the caller changed the object that it had put'
  await expectAsBefore(after, before, then)
  const { value } = await expectAnswer(queued, `the event ${then}`, 'that of the second put')
  expect<unknown>(
    value?.type === 'PUT' && value.kv.value,
    `the value in an event that is read ${then}`,
  ).toEqual({ status: { phase: 'Pending' }, labels: ['web'] })
  const what = 'the value of another key, under which the same object was put'
  expect((await again)?.value, `${what} ${then}`).toEqual(changed('Changed'))
  expect(
    (await atOnce)?.value,
    'the value after the caller changed the object before its put resolved',
  ).toEqual(changed('Changed again'))
})

// ST-12: copies of what goes out

check('ST-12.1', 'hands out copies from put and delete', async (subject) => {
  const { hold, assign } = subject
  const store = newStore(subject)
  const pod = hold({ phase: 'Pending' })
  const put = store.put.hold(web1, pod)
  const reads = () => ({ ...readAll(store, 2), ...replay(store, 1, 1) })
  const beforePut = reads()
  assign(put, ['value', 'phase'], 'Changed')
  assign(put, ['modRevision'], 99)
  const afterPut = reads()
  store.put(web2, pod)
  const second = store.get(web2)
  const deleted = store.delete.hold(web1)
  const beforeDelete = { ...reads(), ...replay(store, 1, 3) }
  assign(deleted, ['value', 'phase'], 'Changed')
  assign(deleted, ['createRevision'], 99)
  const afterDelete = { ...reads(), ...replay(store, 1, 3) }
  await expectAsBefore(afterPut, beforePut, 'after the caller changed what put resolved with')
  const what = 'the value of a second pod, made of the object that was put before'
  const then = 'after the caller changed what that put resolved with'
  expect((await second)?.value, `${what}, ${then}`).toEqual({ phase: 'Pending' })
  await expectAsBefore(afterDelete, beforeDelete, 'after the caller changed what delete resolved with')
})

check('ST-12.2', 'hands out copies from get and list', async (subject) => {
  const { assign } = subject
  const store = newStore(subject)
  store.put(web1, { phase: 'Pending' })
  store.put(web2, { phase: 'Pending' })
  const first = store.get(web1)
  const reads = () => ({ ...readAll(store, 2, 3), ...replay(store, 1, 2) })
  const before = reads()
  for (const options of [{}, { revision: 2 }, { revision: 3 }]) {
    const got = store.get.hold(web1, options)
    assign(got, ['value', 'phase'], 'Changed')
    assign(got, ['modRevision'], 99)
    const listed = store.list.hold('/registry/', options)
    assign(listed, ['items', 0, 'value', 'phase'], 'Changed')
    assign(listed, ['items', 0, 'createRevision'], 99)
    assign(listed, ['items', 'length'], 0)
  }
  const after = reads()
  expect((await first)?.value, 'the value of a pod after it was put').toEqual({ phase: 'Pending' })
  await expectAsBefore(after, before, 'after the caller changed what get and list resolved with')
})

check('ST-12.3', 'hands out an event to each watch as a copy of its own', async (subject) => {
  const { assign, read } = subject
  const store = newStore(subject)
  const [first, second] = [store.watch.hold('/registry/'), store.watch.hold(pods)]
  const writes = [
    () => store.put(web1, { phase: 'Pending' }),
    () => store.put(web1, { phase: 'Running' }),
    () => store.put(web2, { phase: 'Pending' }),
    () => store.delete(web2),
  ]
  const events = writes.map((write) => {
    const toOne = first.next.hold()
    write()
    return { toOne, toAnother: second.next.hold() }
  })
  const reads = (): Calls => ({
    ...Object.fromEntries(
      events.map(({ toAnother }, i) => [`event ${i + 1} of another watch`, read(toAnother)]),
    ),
    ...readAll(store, 2, 3, 4),
    ...replay(store, 1, 4),
  })
  const before = reads()
  for (const { toOne } of events) spoil(toOne)
  const after = reads()
  store.put(web1, { phase: 'Succeeded' })
  const next = first.next()
  await expectAsBefore(after, before, 'after the caller changed the events of one watch')
  expect(
    JSON.stringify(await outcome(next)),
    'an event after those that the caller changed, as JSON',
  ).toSatisfy('without what the caller wrote', (event) => !event.includes('Changed'))

  function spoil(next: Handle<unknown>) {
    assign(next, ['value', 'revision'], 99)
    assign(next, ['value', 'kv', 'value', 'phase'], 'Changed')
    assign(next, ['value', 'kv', 'modRevision'], 99)
    assign(next, ['value', 'prevKv', 'value', 'phase'], 'Changed')
  }
})
