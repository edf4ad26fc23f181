// ST-4: writes with a condition.
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import { expectList, expectReturned, keyValue, newStore, node1, web1, web2 } from './bench.ts'

check('ST-4.1', 'writes when the key is at the revision that is asked for', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  const second = store.put(web1, 'Running', { ifRevision: 2 })
  store.put(web2, 'Pending')
  const third = store.put(web1, 'Succeeded', { ifRevision: 3 })
  const deleted = store.delete(web1, { ifRevision: 5 })
  const falsy = [null, 0, '', false].map(
    (value, index) =>
      [value, store.put(node1, value, { ifRevision: index === 0 ? 0 : index + 6 }), index + 7] as const,
  )
  const last = store.put(node1, 'Ready', { ifRevision: 10 })
  expect(await second, 'a put with the modRevision of the first').toEqual(keyValue(web1, 'Running', 2, 3))
  expect(await third, 'a put with the modRevision of the second, after a put of another key').toEqual(
    keyValue(web1, 'Succeeded', 2, 5),
  )
  expect(await deleted, 'a delete with the modRevision of the third').toEqual(
    keyValue(web1, 'Succeeded', 2, 5),
  )
  for (const [value, put, revision] of falsy) {
    const what = `a put of ${JSON.stringify(value)} with the modRevision of the put before it`
    expect(await put, what).toEqual(keyValue(node1, value, 7, revision))
  }
  expect(await last, 'a put over false, with its modRevision').toEqual(keyValue(node1, 'Ready', 7, 11))
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
  await expectReturned(
    subject,
    store,
    'put',
    [web1, 'x', condition],
    'put with an ifRevision that does not hold',
  )
  await expectReturned(
    subject,
    store,
    'delete',
    [web1, condition],
    'delete with an ifRevision that does not hold',
  )
})

check('ST-4.3', 'creates with ifRevision 0 only where there is no such key', async (subject) => {
  const store = newStore(subject)
  const first = store.put(web1, 'Pending', { ifRevision: 0 })
  const second = store.put(web1, 'Pending', { ifRevision: 0 })
  const deletion = store.delete(web1, { ifRevision: 0 })
  store.delete(web1)
  const anew = store.put(web1, 'Pending', { ifRevision: 0 })
  const fields = { key: web1, expected: 0, current: 2 }
  expect(await first, 'put with ifRevision 0 of a new key').toEqual(keyValue(web1, 'Pending', 2, 2))
  await expectRejection(second, 'put with ifRevision 0 of a key that is there', 'RevisionConflict', fields)
  await expectRejection(
    deletion,
    'delete with ifRevision 0 of a key that is there',
    'RevisionConflict',
    fields,
  )
  expect(
    await anew,
    'put with ifRevision 0 of a deleted key, after a refused put and a refused delete',
  ).toEqual(keyValue(web1, 'Pending', 4, 4))
})

check('ST-4.4', 'changes nothing by a write that it refuses', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  store.put(web1, 'Failed', { ifRevision: 7 })
  store.delete(web1, { ifRevision: 7 })
  store.put(web2, 'Pending', { ifRevision: 7 })
  const deletion = store.delete(web2, { ifRevision: 0 })
  const list = store.list('')
  const next = store.put(web1, 'Running', { ifRevision: 2 })
  expect(await deletion, 'what delete with ifRevision 0 of a key that is not there resolved with').toEqual(
    undefined,
  )
  expectList(await list, 'the list after three refused writes and a delete of nothing', {
    revision: 2,
    items: [keyValue(web1, 'Pending', 2, 2)],
  })
  expect(await next, 'the put after these, with the modRevision of the first').toEqual(
    keyValue(web1, 'Running', 2, 3),
  )
})

check(
  'ST-4.5',
  'lets one of two writers win where both ask for the same revision at once',
  async (subject) => {
    const store = newStore(subject)
    const [first, second] = subject.together(() => [
      store.put(web1, 'of one', { ifRevision: 0 }),
      store.put(web1, 'of the other', { ifRevision: 0 }),
    ])
    const outcomes = [await first.settled(), await second.settled()]
    const winner = outcomes[0]?.status === 'resolved' ? 'of one' : 'of the other'
    const loser = winner === 'of one' ? second : first
    expect(
      outcomes.map(({ status }) => status).sort(),
      'how two puts of a new key ended that were called at once, both with ifRevision 0',
    ).toEqual(['rejected', 'resolved'])
    await expectRejection(loser, 'the put that came second', 'RevisionConflict', { key: web1, current: 2 })
    expect(await store.get(web1), 'the key after two puts that were called at once').toEqual(
      keyValue(web1, winner, 2, 2),
    )

    const [put, deletion] = subject.together(() => [
      store.put(web1, 'Running', { ifRevision: 2 }),
      store.delete(web1, { ifRevision: 2 }),
    ])
    expect(
      [(await put.settled()).status, (await deletion.settled()).status].sort(),
      'how a put and a delete ended that were called at once, both with ifRevision 2',
    ).toEqual(['rejected', 'resolved'])
    expect((await store.list('')).revision, 'the revision after one put and one of the two').toEqual(3)

    store.put(web2, 'Pending')
    const deleteFirst = subject.together(() => [
      store.delete(web2, { ifRevision: 4 }),
      store.put(web2, 'Running', { ifRevision: 4 }),
    ])
    expect(
      (await Promise.all(deleteFirst.map((call) => call.settled()))).map(({ status }) => status).sort(),
      'how a delete and a put ended that were called at once, both with ifRevision 4',
    ).toEqual(['rejected', 'resolved'])
  },
)
