// ST-9 and ST-10: compaction.
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection, Unmet } from '../../src/runner/expect.ts'
import { words } from '../../src/runner/words.ts'
import type { Call } from '../../src/subject/subject.ts'
import {
  expectAsBefore,
  expectNext,
  expectOfEvents,
  expectRefusal,
  expectRefused,
  type Next,
  newStore,
  nexts,
  node1,
  over,
  pods,
  readAll,
  replay,
  web1,
  web2,
} from './bench.ts'
import type * as Fixture from './refusals.fixture.ts'

// ST-9: compaction and reads

check(
  'ST-9.1',
  'refuses to read below the compacted revision, and reads the rest as before',
  async (subject) => {
    const store = newStore(subject)
    store.put(node1, 'Ready')
    store.put(web2, 'Pending')
    store.delete(web2)
    for (const phase of ['a', 'b', 'c', 'd']) store.put(web1, phase)
    const before = readAll(store, 6, 7)
    const compacted = store.compact(6)
    const refused = [1, 4, 5].flatMap((requested) => [
      [requested, 'get', store.get(web1, { revision: requested })] as const,
      [requested, 'list', store.list('', { revision: requested })] as const,
    ])
    const after = readAll(store, 6, 7)
    expect(await compacted, 'what compact(6) resolved with').toEqual(undefined)
    for (const [requested, method, call] of refused) {
      const what = `${method} at revision ${requested} after compact(6)`
      await expectRejection(call, what, 'Compacted', { requested, compacted: 6 })
    }
    await expectAsBefore(after, before, 'after compact(6)')
    for (const [method, key] of [
      ['get', web1],
      ['list', ''],
    ] as const) {
      const what = `${method} at revision 5 after compact(6)`
      await expectRefusal(subject, store, method, [key, { revision: 5 }], what, 'Compacted')
    }
  },
)

check('ST-9.2', 'refuses to compact to what is gone, or not there yet', async (subject) => {
  const store = newStore(subject)
  const first = store.compact(1)
  for (const phase of ['a', 'b', 'c', 'd']) store.put(web1, phase)
  const before = readAll(store, 2, 3)
  const future = store.compact(6)
  const afterFuture = readAll(store, 2, 3)
  store.compact(3)
  const only3 = readAll(store, 3)
  const lower = store.compact(2)
  const same = store.compact(3)
  const afterLower = readAll(store, 3)
  const higher = store.compact(4)
  const current = store.compact(5)
  const name = 'Compacted'
  await expectRejection(first, 'compact(1) of a new store', name, { requested: 1, compacted: 1 })
  await expectRejection(future, 'compact(6) at revision 5', 'FutureRevision', { requested: 6, current: 5 })
  await expectAsBefore(afterFuture, before, 'after a compact(6) that was refused')
  await expectRejection(lower, 'compact(2) after compact(3)', name, { requested: 2, compacted: 3 })
  await expectRejection(same, 'a second compact(3)', name, { requested: 3, compacted: 3 })
  await expectAsBefore(afterLower, only3, 'after compact(3), and two more that were refused')
  expect(await higher, 'what compact(4) after compact(3) resolved with').toEqual(undefined)
  expect(await current, 'what compact(5) at revision 5 resolved with').toEqual(undefined)
  await expectRefusal(subject, store, 'compact', [2], 'compact(2) after compact(5)', 'Compacted')
  await expectRefusal(subject, store, 'compact', [7], 'compact(7) at revision 5', 'FutureRevision')
})

check('ST-9.3', 'takes no revision for a compaction, and leaves what is there', async (subject) => {
  const store = newStore(subject)
  store.put(node1, 'Ready')
  store.put(web1, 'Pending')
  const event = store.watch.hold('').next()
  const before = readAll(store)
  store.compact(3)
  const after = readAll(store)
  store.put(web1, 'Running')
  const next = store.list(pods)
  store.compact(4)
  for (const key of [node1, web1]) store.delete(key)
  const empty = readAll(store)
  store.compact(6)
  const compacted = readAll(store)
  const future = store.compact(7)
  await expectAsBefore(after, before, 'after compact(3)')
  await expectOfEvents([event], 'a watch that waited at compact(3), and then for a put', 'key', [web1])
  expect((await next).revision, 'the revision of the list after compact(3) and a put').toEqual(4)
  await expectAsBefore(compacted, empty, 'once all is deleted, and compacted')
  const what = 'compact(7) at revision 6, once all is deleted, and compacted'
  await expectRejection(future, what, 'FutureRevision', { requested: 7 })
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
  for (const state of ['Ready', 'Unknown']) store.put(node1, state)
  const before = readAll(store, 7, 8, 9, 10)
  store.compact(7)
  const after = readAll(store, 7, 8, 9, 10)
  const later = readAll(store, 9, 10)
  const second = store.compact(9)
  const below = store.get(web1, { revision: 8 })
  const afterSecond = readAll(store, 9, 10)
  await expectAsBefore(after, before, 'after compact(7)')
  expect(await second, 'what compact(9) after compact(7) resolved with').toEqual(undefined)
  const what = 'get at revision 8 after compact(7) and compact(9)'
  await expectRejection(below, what, 'Compacted', { requested: 8, compacted: 9 })
  await expectAsBefore(afterSecond, later, 'after compact(7) and compact(9)')
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
    const replays = () => ({ ...replay(store, 3, 2), ...replay(store, 4, 1) })
    const before = replays()
    store.compact(4)
    const after = replays()
    const late = [
      [1, pods, 'a watch'],
      [2, pods, 'a watch'],
      [2, '/registry/jobs/', 'a watch under a prefix that no key has'],
    ] as const
    const calls = late.map(([after, prefix]) => {
      const watch = store.watch.hold(prefix, { after })
      return [...subject.together(() => [watch.next(), watch.next()] as const), watch] as const
    })
    store.put(web1, 'c')
    const third = calls.map(([, , watch]) => watch.next())
    for (const [index, [first, second]] of calls.entries()) {
      const [after, , name] = late[index] ?? late[0]
      const what = `of ${name} with after: ${after}, opened after compact(4)`
      const fields = { requested: after + 1, compacted: 4 }
      await expectRejection(first, `the first next() ${what}`, 'Compacted', fields)
      await expectNext(second, `a second next(), called at the same moment, ${what}`, over)
      await expectNext(third[index] ?? second, `the third next() ${what}, after a put`, over)
    }
    await expectAsBefore(after, before, 'opened after compact(4)')
    const args = [store, pods, { after: 1 }] as const
    const returned = subject.room<typeof Fixture>('fixture/refusals').call('refusalOfNext', ...args)
    expectRefused(await returned, 'the first next() of a watch that begins too early', 'Compacted')
    const ended = store.watch.hold(pods, { after: 1 })
    ended.return()
    await expectNext(ended.next(), 'next() after return() of a watch that begins too early', over)
  },
)

check('ST-10.2', 'skips nothing of a watch that is open when it is compacted', async (subject) => {
  const store = newStore(subject)
  const fresh = store.watch.hold(pods, { after: 1 })
  const begun = store.watch.hold(pods, { after: 1 })
  const first = begun.next()
  for (const phase of ['a', 'b', 'c', 'd']) store.put(web1, phase)
  store.compact(5)
  const [fromFirst, fromSecond] = [nexts(fresh, 4), nexts(begun, 3)]
  const begins = 'a watch that was called once before compact(5)'
  await expectOfEvents([first], begins, 'revision', [2])
  const late = 'a watch that was opened before compact(5), and first called after it'
  await expectAllOrCompacted(fromFirst, late, [2, 3, 4, 5])
  await expectAllOrCompacted(fromSecond, `the rest of ${begins}`, [3, 4, 5])
})

check('ST-10.3', 'lets a watch go on that had handed out all that there was', async (subject) => {
  const store = newStore(subject)
  const waiting = store.watch.hold(pods)
  const resting = store.watch.hold(pods)
  const idle = store.watch.hold(pods)
  const waited = [waiting.next()]
  const rested = [resting.next()]
  idle.next()
  store.put(web1, 'a')
  waited.push(waiting.next())
  for (const state of ['x', 'y', 'z']) store.put(node1, state)
  store.compact(5)
  store.put(web1, 'b')
  rested.push(resting.next())
  store.compact(6)
  const late = [idle.next()]
  const then = 'when the store was compacted to 5'
  await expectOfEvents(waited, `a watch whose second next() waited ${then}`, 'revision', [2, 6])
  await expectOfEvents(rested, `a watch that had handed out all ${then}`, 'revision', [2, 6])
  const [, last] = waited
  const prevKv = last && (await last).value?.prevKv
  expect(prevKv?.value, 'the value in the prevKv of event 6, which was put before compact(5)').toEqual('a')
  const owed = 'a watch that owed event 6, and none before it, when the store was compacted to 6'
  await expectOfEvents(late, owed, 'revision', [6])
})

check('ST-10.4', 'lets a watch go on under whose prefix nothing was written for long', async (subject) => {
  const store = newStore(subject)
  const early = store.watch.hold(pods)
  for (const state of ['x', 'y', 'z']) store.put(node1, state)
  const late = store.watch.hold(pods, { after: 2 })
  const unread = store.watch.hold(pods, { after: 2 })
  store.compact(4)
  const answers = [
    [early.next(), 'a watch that was opened at revision 1'],
    [late.next(), 'a watch with after: 2 that was opened at revision 4'],
  ] as const
  store.put(web1, 'a')
  const then = 'where only other keys were written before compact(4)'
  for (const [call, what] of answers) await expectOfEvents([call], `${what}, ${then}`, 'revision', [5])
  const last = `another such watch, first called after the put, ${then}`
  await expectOfEvents([unread.next()], last, 'revision', [5])
})

/** Looks at the answers of a watch that may have been compacted on the way: it may end so, but not skip. */
async function expectAllOrCompacted(calls: Call<Next>[], what: string, revisions: number[]): Promise<void> {
  let compacted = false
  for (const [index, call] of calls.entries()) {
    const name = `${what}, next() number ${index + 1}`
    const answer = await call.settled()
    if (answer.status === 'resolved') {
      const seen = answer.value.done ? words('it is over') : answer.value.value.revision
      expect(seen, `the revision of the event from ${name}`).toEqual(
        compacted ? words('it is over') : (revisions[index] ?? 0),
      )
    } else if (answer.status === 'rejected' && answer.error.thrown === 'Compacted' && !compacted) {
      compacted = true
    } else {
      const seen = answer.status === 'pending' ? words('it is still waiting') : { error: answer.error.thrown }
      throw new Unmet(name, words('the next event, or Compacted'), seen)
    }
  }
}
