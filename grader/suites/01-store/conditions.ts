// ST-4: writes with a condition.
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import type { Call } from '../../src/subject/subject.ts'
import { expectRefusal, newStore, node1, pods, web1, web2 } from './bench.ts'

check('ST-4.1', 'writes when the key is at the revision that is asked for', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  const writes = [store.put(web1, 'Running', { ifRevision: 2 })]
  store.put(web2, 'Pending')
  writes.push(store.put(web1, 'Succeeded', { ifRevision: 3 }))
  for (const [index, value] of [null, 0, '', false, 'Ready'].entries()) {
    writes.push(store.put(node1, value, { ifRevision: index === 0 ? 0 : index + 5 }))
  }
  const node = store.get(node1)
  const pod = store.get(web1)
  const deletion = store.delete(web1, { ifRevision: 5 })
  const deleted = store.get(web1)
  for (const write of writes) await write
  await deletion
  const then = 'after puts, each with the modRevision of the one before it'
  expect((await pod)?.value, `the value of a pod ${then}`).toEqual('Succeeded')
  expect((await node)?.value, `the value of a node ${then}, some of null, 0, "" and false`).toEqual('Ready')
  const what = 'the value of the pod after a delete with its modRevision'
  expect((await deleted)?.value, what).toEqual(undefined)
})

check('ST-4.2', 'refuses a write that asks for another revision than the key is at', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  store.put(web1, 'Running')
  store.put(web2, 'Pending')
  store.delete(web2)
  const writes = [
    [web1, 2, 3, "the key's createRevision"],
    [web1, 5, 3, "the store's revision"],
    [web1, 6, 3, 'a revision that there is not yet'],
    [web2, 4, 0, 'the last modRevision of a deleted key'],
    [web2, 5, 0, 'the revision at which the key was deleted'],
    [node1, 1, 0, 'a revision, of a key that was never there,'],
  ] as const
  const calls = writes.flatMap(([key, expected, current, name]) => [
    [
      store.put(key, 'x', { ifRevision: expected }),
      `put with ${name} for ifRevision`,
      key,
      expected,
      current,
    ] as const,
    [
      store.delete(key, { ifRevision: expected }),
      `delete with ${name} for ifRevision`,
      key,
      expected,
      current,
    ] as const,
  ])
  for (const [call, what, key, expected, current] of calls) {
    await expectRejection(call, what, 'RevisionConflict', { key, expected, current })
  }
  const condition = { ifRevision: 6 }
  const then = 'with an ifRevision that does not hold'
  await expectRefusal(subject, store, 'put', [web1, 'x', condition], `put ${then}`, 'RevisionConflict')
  await expectRefusal(subject, store, 'delete', [web1, condition], `delete ${then}`, 'RevisionConflict')
})

check('ST-4.3', 'creates with ifRevision 0 only where there is no such key', async (subject) => {
  const store = newStore(subject)
  const first = store.put(web1, 'Pending', { ifRevision: 0 })
  const second = store.put(web1, 'Pending', { ifRevision: 0 })
  const deletion = store.delete(web1, { ifRevision: 0 })
  store.delete(web1)
  const anew = store.put(web1, 'Running', { ifRevision: 0 })
  const get = store.get(web1)
  const fields = { key: web1, expected: 0, current: 2 }
  await first
  await expectRejection(second, 'put with ifRevision 0 of a key that is there', 'RevisionConflict', fields)
  await expectRejection(
    deletion,
    'delete with ifRevision 0 of a key that is there',
    'RevisionConflict',
    fields,
  )
  await anew
  expect((await get)?.value, 'the value of a deleted key that was put with ifRevision 0').toEqual('Running')
})

check('ST-4.4', 'changes nothing by a write that it refuses', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  store.put(web1, 'Failed', { ifRevision: 7 })
  store.delete(web1, { ifRevision: 7 })
  store.put(web2, 'Failed', { ifRevision: 7 })
  const gets = [store.get(web1), store.get(web2)] as const
  const next = store.put(web1, 'Running', { ifRevision: 2 })
  const list = store.list(pods)
  const deletion = store.delete(web2, { ifRevision: 0 })
  const then = 'after refused writes of it'
  expect((await gets[0])?.value, `the value of a key ${then}`).toEqual('Pending')
  expect((await gets[1])?.value, `the value of a key that is not there, ${then}`).toEqual(undefined)
  await next
  expect((await list).revision, 'the revision of the list after two puts and three refused writes').toEqual(3)
  const what = 'what delete with ifRevision 0 of a key that is not there resolved with'
  expect(await deletion, what).toEqual(undefined)
})

check(
  'ST-4.5',
  'lets one of two writers win where both ask for the same revision at once',
  async (subject) => {
    const store = newStore(subject)
    const creations = subject.together(
      () =>
        [
          store.put(web1, 'of one', { ifRevision: 0 }),
          store.put(web1, 'of the other', { ifRevision: 0 }),
        ] as const,
    )
    await expectOneToWin(creations, 'two puts of a new key, both with ifRevision 0')
    const [first, second] = creations
    const winner = (await first.settled()).status === 'resolved' ? 'of one' : 'of the other'
    const loser = winner === 'of one' ? second : first
    await expectRejection(loser, 'the put that came second', 'RevisionConflict', { key: web1, current: 2 })

    store.put(web2, 'Pending')
    const putFirst = subject.together(() => [
      store.put(web2, 'Running', { ifRevision: 3 }),
      store.delete(web2, { ifRevision: 3 }),
    ])
    await expectOneToWin(putFirst, 'a put and a delete, both with ifRevision 3')

    store.put(node1, 'Ready')
    const deleteFirst = subject.together(() => [
      store.delete(node1, { ifRevision: 5 }),
      store.put(node1, 'Unknown', { ifRevision: 5 }),
    ])
    await expectOneToWin(deleteFirst, 'a delete and a put, both with ifRevision 5')
    const what = 'the value of the key after two puts that were called at once'
    expect((await store.get(web1))?.value, what).toEqual(winner)
  },
)

/** Looks at two writes that were called at once. */
async function expectOneToWin(writes: readonly Call<unknown>[], what: string): Promise<void> {
  const seen = await Promise.all(writes.map((write) => write.settled()))
  expect(seen.map(({ status }) => status).sort(), `how ${what} ended, which were called at once`).toEqual([
    'rejected',
    'resolved',
  ])
}
