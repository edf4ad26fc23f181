// ST-9: compaction and what is there.
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import type { Subject } from '../../src/subject/subject.ts'
import { expectOfEvents, expectRefusal, newStore, node1, pods, web1 } from './bench.ts'
import { everyWrite } from './every-write.ts'
import { compactingReads, play } from './made-up.ts'
import { Model } from './model.ts'
import { answersTo, expectSame, type Step, saysCompacted, withoutCompaction } from './row.ts'

check(
  'ST-9.1',
  'refuses to read below the compacted revision, and reads the rest as before',
  async (subject) => {
    await expectAsUncompacted(subject, [
      ...['a', 'b'].map((phase): Step => ['put', '/a', phase]),
      ['put', '/b', 'a'],
      ['put', '/n', 'Ready'],
      ['delete', '/n'],
      ['put', '/b', 'b'],
      ['put', '/a', 'c'],
      ['delete', '/b'],
      ...['Ready', 'Unknown'].map((state): Step => ['put', '/n', state]),
      ['list', '', { revision: 6 }],
      ['compact', 7],
      ...['', '/never'].map((prefix): Step => ['list', prefix, { revision: 6 }]),
      ...['/a', '/never'].map((key): Step => ['get', key, { revision: 6 }]),
      ...[7, 8, 9, 10, 12].map((revision): Step => ['list', '', { revision }]),
      ...['/a', '/b', '/n'].map((key): Step => ['get', key, { revision: 7 }]),
      ['compact', 9],
      ['get', '/a', { revision: 8 }],
      ...[9, 10].map((revision): Step => ['list', '', { revision }]),
    ])
    const store = newStore(subject)
    for (const phase of ['a', 'b']) store.put(web1, phase)
    store.compact(3)
    for (const [method, key] of [
      ['get', web1],
      ['list', ''],
    ] as const) {
      const what = `${method} at revision 2 after compact(3)`
      await expectRefusal(subject, store, method, [key, { revision: 2 }], what, 'Compacted')
    }
  },
)

check('ST-9.2', 'refuses to compact to what is gone, or not there yet', async (subject) => {
  const store = newStore(subject)
  const first = store.compact(1)
  for (const phase of ['a', 'b', 'c', 'd']) store.put(web1, phase)
  const future = store.compact(6)
  const old = store.get(web1, { revision: 2 })
  const event = store.watch.hold(pods, { after: 1 }).next()
  const compacted = store.compact(3)
  const lower = store.compact(2)
  const same = store.compact(3)
  const oldest = store.get(web1, { revision: 3 })
  const higher = store.compact(4)
  const current = store.compact(5)
  const name = 'Compacted'
  await expectRejection(first, 'compact(1) of a new store', name, { requested: 1, compacted: 1 })
  await expectRejection(future, 'compact(6) at revision 5', 'FutureRevision', { requested: 6, current: 5 })
  const then = 'after a compact(6) that was refused'
  expect((await old)?.value, `the value at revision 2 ${then}`).toEqual('a')
  await expectOfEvents([event], `a watch with after: 1, opened ${then}`, 'revision', [2])
  expect(await compacted, 'what compact(3) resolved with').toEqual(undefined)
  await expectRejection(lower, 'compact(2) after compact(3)', name, { requested: 2, compacted: 3 })
  await expectRejection(same, 'a second compact(3)', name, { requested: 3, compacted: 3 })
  const what = 'the value at revision 3 after compact(3), and two more that were refused'
  expect((await oldest)?.value, what).toEqual('b')
  expect(await higher, 'what compact(4) after compact(3) resolved with').toEqual(undefined)
  expect(await current, 'what compact(5) at revision 5 resolved with').toEqual(undefined)
  await expectRefusal(subject, store, 'compact', [2], 'compact(2) after compact(5)', 'Compacted')
  await expectRefusal(subject, store, 'compact', [7], 'compact(7) at revision 5', 'FutureRevision')
})

check('ST-9.3', 'takes no revision for a compaction, and makes no event', async (subject) => {
  const store = newStore(subject)
  store.put(node1, 'Ready')
  const watch = store.watch.hold('')
  const events = [watch.next(), watch.next()]
  store.put(web1, 'Pending')
  store.compact(3)
  const compacted = store.list('')
  store.put(web1, 'Running')
  store.compact(4)
  for (const key of [node1, web1]) store.delete(key)
  store.compact(6)
  const empty = store.list('')
  const future = store.compact(7)
  expect((await compacted).revision, 'the revision of the list after two puts and compact(3)').toEqual(3)
  const waited = 'a watch whose second next() waited at compact(3), and then for a put'
  await expectOfEvents(events, waited, 'revision', [3, 4])
  const then = 'once all is deleted, and compacted'
  expect((await empty).revision, `the revision of the list ${then}`).toEqual(6)
  const what = `compact(7) at revision 6, ${then}`
  await expectRejection(future, what, 'FutureRevision', { requested: 7 })
})

check('ST-9.4', 'leaves every key as it is, for every write and for every read', async (subject) => {
  const { history, revision, writes } = everyWrite()
  const middle = Math.floor(revision / 2)
  await expectAsUncompacted(subject, [
    ...history.slice(0, middle),
    ['put', '/put-anew', 'a'],
    ['delete', '/put-anew'],
    ['put', '/put-anew', 'b'],
    ...history.slice(middle).map((step) => step),
    ['compact', middle],
    ['get', '/put-twice/1', { revision: middle - 1 }],
    ...[middle, middle + 3].map((at): Step => ['list', '', { revision: at }]),
    ['compact', revision + 3],
    ['get', '/put-twice/1', { revision: middle }],
    ...writes,
    ['list', ''],
  ])
})

check('ST-9.5', 'reads between compactions what a store reads that is not compacted', async (subject) => {
  await forAll(
    subject.seed,
    compactingReads,
    (commands) => expectAsUncompacted(subject, play(commands).steps),
    3,
  )
})

/** Looks at a store that is compacted as it is used: what was forgotten is refused, and the rest is as where nothing is compacted. */
async function expectAsUncompacted(subject: Subject, steps: readonly Step[]): Promise<void> {
  const seen = await answersTo(subject, newStore(subject), steps)
  const { answers } = new Model(steps)
  const then = 'in a store that is compacted as it is used, and in one that is not'
  await expectSame(steps, seen, answers, then, async () => {
    const without = await answersTo(subject, newStore(subject), steps.map(withoutCompaction))
    return steps.map(([method], at) =>
      method === 'compact' || saysCompacted(answers[at]) ? answers[at] : without[at],
    )
  })
}
