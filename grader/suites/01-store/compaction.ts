// ST-9 and ST-10: compaction.
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection, Unmet } from '../../src/runner/expect.ts'
import { words } from '../../src/runner/words.ts'
import type { Call } from '../../src/subject/subject.ts'
import {
  deleteEvent,
  expectEvents,
  expectList,
  expectNext,
  expectReturned,
  keyValue,
  type Next,
  newStore,
  nexts,
  node1,
  over,
  pods,
  putEvent,
  web1,
  web2,
} from './bench.ts'

// ST-9: compaction and reads

check(
  'ST-9.1',
  'refuses to read below the compacted revision, and reads the rest as before',
  async (subject) => {
    const store = newStore(subject)
    store.put(node1, 'Ready')
    store.put(web2, 'Pending')
    store.delete(web2)
    for (const phase of ['a', 'b', 'c']) store.put(web1, phase)
    const compacted = store.compact(6)
    const refused = [1, 4, 5].flatMap((requested) => [
      [requested, 'get', store.get(web1, { revision: requested })] as const,
      [requested, 'list', store.list('', { revision: requested })] as const,
    ])
    const lists = [
      ['at revision 6', 6, 'b', store.list('', { revision: 6 })],
      ['at revision 7', 7, 'c', store.list('', { revision: 7 })],
      ['without a revision', 7, 'c', store.list('')],
    ] as const
    const get = store.get(node1, { revision: 6 })
    const gone = store.get(web2, { revision: 6 })
    expect(await compacted, 'what compact(6) resolved with').toEqual(undefined)
    for (const [requested, method, call] of refused) {
      const what = `${method} at revision ${requested} after compact(6)`
      await expectRejection(call, what, 'Compacted', { requested, compacted: 6 })
    }
    const node = keyValue(node1, 'Ready', 2, 2)
    for (const [when, revision, value, list] of lists) {
      const items = [node, keyValue(web1, value, 5, revision)]
      expectList(await list, `the list ${when}, after compact(6)`, { revision, items })
    }
    expect(await get, 'get at revision 6, after compact(6), of a key that was written long before').toEqual(
      node,
    )
    expect(await gone, 'get at revision 6, after compact(6), of a key that was deleted before').toEqual(
      undefined,
    )
  },
)

check('ST-9.2', 'refuses to compact to what is gone, or not there yet', async (subject) => {
  const store = newStore(subject)
  const first = store.compact(1)
  for (const phase of ['a', 'b', 'c', 'd']) store.put(web1, phase)
  const future = store.compact(6)
  const past = store.get(web1, { revision: 2 })
  store.compact(3)
  const lower = store.compact(2)
  const same = store.compact(3)
  const read = store.get(web1, { revision: 3 })
  const higher = store.compact(4)
  const current = store.compact(5)
  const name = 'Compacted'
  await expectRejection(first, 'compact(1) of a new store', name, { requested: 1, compacted: 1 })
  await expectRejection(future, 'compact(6) at revision 5', 'FutureRevision', { requested: 6, current: 5 })
  expect(await past, 'get at revision 2 after a compact(6) that was refused').toEqual(
    keyValue(web1, 'a', 2, 2),
  )
  await expectRejection(lower, 'compact(2) after compact(3)', name, { requested: 2, compacted: 3 })
  await expectRejection(same, 'a second compact(3)', name, { requested: 3, compacted: 3 })
  expect(await read, 'get at revision 3 after compact(3), and two more that were refused').toEqual(
    keyValue(web1, 'b', 2, 3),
  )
  expect(await higher, 'what compact(4) after compact(3) resolved with').toEqual(undefined)
  expect(await current, 'what compact(5) at revision 5 resolved with').toEqual(undefined)
  await expectReturned(subject, store, 'compact', [2], 'compact(2) after compact(5)')
})

check('ST-9.3', 'takes no revision for a compaction, and leaves what is there', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'a')
  store.put(web1, 'b')
  store.compact(3)
  const put = store.put(web1, 'c', { ifRevision: 3 })
  const deletion = store.delete(web1)
  store.compact(5)
  const list = store.list('', { revision: 5 })
  const future = store.list('', { revision: 6 })
  expect(await put, 'put with ifRevision 3 after compact(3)').toEqual(keyValue(web1, 'c', 2, 4))
  expect(await deletion, 'delete after compact(3) and a put').toEqual(keyValue(web1, 'c', 2, 4))
  expectList(await list, 'the list at revision 5, once all is deleted and compacted', {
    revision: 5,
    items: [],
  })
  await expectRejection(
    future,
    'list at revision 6 of a store at revision 5, which was compacted to 5',
    'FutureRevision',
    { requested: 6, current: 5 },
  )
})

check('ST-9.4', 'keeps every key as it was at the compacted revision', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'a')
  store.put(web1, 'b')
  store.put(web2, 'a')
  store.put(node1, 'Ready')
  store.delete(node1)
  store.put(web2, 'b')
  store.put(web1, 'c')
  store.delete(web2)
  store.put(node1, 'Ready')
  store.compact(7)
  const before = keyValue(web1, 'b', 2, 3)
  const after = keyValue(web1, 'c', 2, 8)
  const deleted = keyValue(web2, 'b', 4, 7)
  const states = [[before, deleted], [after, deleted], [after], [keyValue(node1, 'Ready', 10, 10), after]]
  const lists = states.map((items, index) => {
    const revision = index + 7
    return { revision, items, list: store.list('', { revision }) }
  })
  const second = store.compact(9)
  const below = store.get(web1, { revision: 8 })
  const at9 = store.list('', { revision: 9 })
  for (const { revision, items, list } of lists)
    expectList(await list, `the list at revision ${revision}, after compact(7)`, { revision, items })
  expect(await second, 'what compact(9) after compact(7) resolved with').toEqual(undefined)
  const what = 'get at revision 8 after compact(7) and compact(9)'
  await expectRejection(below, what, 'Compacted', { requested: 8, compacted: 9 })
  expectList(await at9, 'the list at revision 9, after compact(7) and compact(9)', {
    revision: 9,
    items: [after],
  })
})

// ST-10: compaction and watches

check(
  'ST-10.1',
  'says Compacted to a watch that begins too early, and replays from there on',
  async (subject) => {
    const store = newStore(subject)
    store.put(web1, 'a')
    store.put(web2, 'a')
    store.delete(web1)
    store.put(web2, 'b')
    store.compact(4)
    await expectReturned(
      subject,
      store,
      'watch',
      [pods, { after: 1 }],
      'watch with after: 1, called after compact(4),',
      'a watch',
    )
    const replays = [3, 4].map((after) => nexts(store.watch.hold(pods, { after }), 5 - after))
    const late = [
      [1, pods, 'a watch'],
      [2, pods, 'a watch'],
      [2, '/registry/jobs/', 'a watch under a prefix that no key has'],
    ] as const
    const calls = late.map(([after, prefix]) => {
      const watch = store.watch.hold(prefix, { after })
      return [watch.next(), watch.next(), watch] as const
    })
    store.put(web1, 'c')
    const third = calls.map(([, , watch]) => watch.next())
    for (const [index, [first, second]] of calls.entries()) {
      const [after, , name] = late[index] ?? late[0]
      const what = `of ${name} with after: ${after}, opened after compact(4)`
      const fields = { requested: after + 1, compacted: 4 }
      await expectRejection(first, `the first next() ${what}`, 'Compacted', fields)
      await expectNext(second, `the second next() ${what}`, over)
      await expectNext(third[index] ?? second, `the third next() ${what}, after a put`, over)
    }
    const deletion = deleteEvent(4, keyValue(web1, 'a', 2, 2))
    const put = putEvent(keyValue(web2, 'b', 3, 5), keyValue(web2, 'a', 3, 3))
    await expectEvents(replays[0] ?? [], 'a watch with after: 3, opened after compact(4)', [deletion, put])
    await expectEvents(replays[1] ?? [], 'a watch with after: 4, opened after compact(4)', [put])
    const early = store.watch.hold(pods, { after: 1 })
    await expectReturned(subject, early, 'next', [], 'next() of a watch that begins too early')
    const ended = store.watch.hold(pods, { after: 1 })
    ended.return()
    await expectNext(ended.next(), 'next() after return() of a watch that begins too early', over)
  },
)

check('ST-10.2', 'skips nothing of a watch that is open when it is compacted', async (subject) => {
  const store = newStore(subject)
  const fresh = store.watch.hold(pods, { after: 1 })
  const begun = store.watch.hold(pods, { after: 1 })
  for (const phase of ['a', 'b', 'c', 'd']) store.put(web1, phase)
  const first = begun.next()
  store.compact(5)
  const kv = (value: string, revision: number) => keyValue(web1, value, 2, revision)
  const events = [
    putEvent(kv('a', 2)),
    putEvent(kv('b', 3), kv('a', 2)),
    putEvent(kv('c', 4), kv('b', 3)),
    putEvent(kv('d', 5), kv('c', 4)),
  ]
  const [fromFirst, fromSecond] = [nexts(fresh, 4), nexts(begun, 3)]
  await expectNext(
    first,
    'the first next() of a watch with after: 1, called before compact(5)',
    events[0] ?? over,
  )
  await expectAllOrCompacted(
    fromFirst,
    'a watch that was opened before compact(5), and first called after it',
    events,
  )
  await expectAllOrCompacted(
    fromSecond,
    'the rest of a watch that handed out one event before compact(5)',
    events.slice(1),
  )
})

check('ST-10.3', 'lets a watch go on that had handed out all that there was', async (subject) => {
  const store = newStore(subject)
  const waiting = store.watch.hold(pods)
  const resting = store.watch.hold(pods)
  const idle = store.watch.hold(pods)
  const answers = nexts(waiting, 2)
  const rested = resting.next()
  idle.next()
  store.put(web1, 'a')
  for (const state of ['x', 'y', 'z']) store.put(node1, state)
  store.compact(5)
  store.put(web1, 'b')
  const afterRest = resting.next()
  store.compact(6)
  const afterIdle = idle.next()
  const events = [
    putEvent(keyValue(web1, 'a', 2, 2)),
    putEvent(keyValue(web1, 'b', 2, 6), keyValue(web1, 'a', 2, 2)),
  ]
  await expectEvents(answers, 'a watch whose next() waited while the store was compacted', events)
  await expectEvents(
    [rested, afterRest],
    'a watch that had handed out all when the store was compacted',
    events,
  )
  await expectNext(
    afterIdle,
    'next() after compact(6) of a watch that owed event 6, and none before it',
    events[1] ?? over,
  )
})

check('ST-10.4', 'lets a watch go on under whose prefix nothing was written for long', async (subject) => {
  const store = newStore(subject)
  const early = store.watch.hold(web1)
  for (const state of ['x', 'y', 'z']) store.put(node1, state)
  const late = store.watch.hold(web1, { after: 2 })
  const unread = store.watch.hold(web1, { after: 2 })
  store.compact(4)
  const answers = [
    [early.next(), 'a watch that was opened at revision 1'],
    [late.next(), 'a watch with after: 2 that was opened at revision 4'],
  ] as const
  store.put(web1, 'a')
  const event = putEvent(keyValue(web1, 'a', 5, 5))
  const then = 'where only other keys were written before compact(4)'
  for (const [call, what] of answers) await expectNext(call, `the first next() of ${what}, ${then}`, event)
  await expectNext(
    unread.next(),
    `the first next() of another such watch, called after the put, ${then}`,
    event,
  )
})

/** Looks at the answers of a watch that may have been compacted on the way: it may end so, but not skip. */
async function expectAllOrCompacted(calls: Call<Next>[], what: string, events: Next[]): Promise<void> {
  let compacted = false
  for (const [index, call] of calls.entries()) {
    const name = `${what}, next() number ${index + 1}`
    const answer = await call.settled()
    if (answer.status === 'resolved') {
      expect(answer.value, name).toEqual(compacted ? over : (events[index] ?? over))
    } else if (answer.status === 'rejected' && answer.error.thrown === 'Compacted' && !compacted) {
      compacted = true
    } else {
      const seen = answer.status === 'pending' ? words('it is still waiting') : { error: answer.error.thrown }
      throw new Unmet(name, words('the next event, or Compacted'), seen)
    }
  }
}
