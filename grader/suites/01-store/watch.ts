// ST-6 and ST-7: watching.
import type { StoreEvent } from '#kit/store'
import { check } from '../../src/runner/check.ts'
import { expect, expectAnswer, expectPending } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import { words } from '../../src/runner/words.ts'
import type { Call } from '../../src/subject/subject.ts'
import {
  deleteEvent,
  expectEvents,
  expectOfEvents,
  keyValue,
  type Next,
  newStore,
  nexts,
  node1,
  pods,
  putEvent,
  web1,
  web2,
} from './bench.ts'
import { play, watching } from './made-up.ts'
import { type Answer, answersTo, cameTo, expectStep, type Step, textOf } from './row.ts'

// ST-6: watching from now on

check('ST-6.1', 'hands out puts and deletes, with what the key held before', async (subject) => {
  const store = newStore(subject)
  const watch = store.watch.hold(pods)
  const answers: Call<Next>[] = []
  const writes = [
    () => store.put(web1, 'Pending'),
    () => store.put(web1, 'Running'),
    () => store.put(web2, 'Pending'),
    () => store.delete(web1),
    () => store.put(web1, 'Pending'),
    () => store.delete(web1),
  ]
  for (const write of writes) {
    answers.push(watch.next())
    write()
  }
  store.put(node1, 'Ready')
  store.delete(node1)
  subject.together(() => ['a', 'b', 'c'].map((name) => store.put(`${pods}${name}`, 'Pending')))
  const atOnce = nexts(watch, 3)
  const first = keyValue(web1, 'Pending', 2, 2)
  const second = keyValue(web1, 'Running', 2, 3)
  const third = keyValue(web1, 'Pending', 6, 6)
  await expectEvents(answers, 'a watch whose next() waited before each write', [
    putEvent(first),
    putEvent(second, first),
    putEvent(keyValue(web2, 'Pending', 4, 4)),
    deleteEvent(5, second),
    putEvent(third),
    deleteEvent(7, third),
  ])
  await expectOfEvents(
    atOnce,
    'the same watch, after three puts that were called at once',
    'revision',
    [10, 11, 12],
  )
})

check('ST-6.2', 'hands out keys that begin with the prefix, as a plain string', async (subject) => {
  const store = newStore(subject)
  const plain = store.watch.hold('/pods/a')
  const folder = store.watch.hold('/pods/a/')
  const dotted = store.watch.hold('/pods/a.')
  const all = store.watch.hold('')
  const keys = [
    '/pods/ab',
    '/pods/ab/x',
    '/pods/a',
    '/x/pods/a',
    '/Pods/a',
    '/pods/a/x',
    '/pods/b',
    '/pods/a/y',
    '/pods/a.b',
    '',
  ]
  for (const key of keys) store.put(key, 0)
  const watches = [
    ['/pods/a', nexts(plain, 6)],
    ['/pods/a/', nexts(folder, 2)],
    ['/pods/a.', nexts(dotted, 1)],
    ['', nexts(all, 10)],
  ] as const
  for (const [prefix, answers] of watches) {
    const expected = keys.filter((key) => key.startsWith(prefix))
    await expectOfEvents(
      answers,
      `watch("${prefix}"), opened before ten puts and read after them`,
      'key',
      expected,
    )
  }
})

check('ST-6.3', 'begins at the moment of the call, and waits while there is no event', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  const busy = store.watch.hold(pods)
  const quiet = store.watch.hold('/registry/')
  const waiting = quiet.next()
  store.put(web2, 'Pending')
  store.delete(web2)
  const answers = nexts(busy, 2)
  const third = busy.next()
  await expectPending(waiting, 'next() before anything was put since the watch was opened')
  await expectOfEvents([waiting], 'a watch whose next() waited for a put', 'revision', [3])
  const what =
    'a watch that was opened after one put, before another put and its delete, and read after these'
  await expectOfEvents(answers, what, 'revision', [3, 4])
  await expectPending(third, 'next() after all events were handed out')
})

check('ST-6.4', 'hands out nothing for what is no write', async (subject) => {
  const store = newStore(subject)
  const watch = store.watch.hold('')
  const answers = [watch.next()]
  const write = (make: () => unknown) => {
    make()
    answers.push(watch.next())
  }
  write(() => store.put(web1, 'Pending'))
  write(() => store.put(web2, 'Pending'))
  write(() => store.delete(web2))
  store.put(web1, 'Failed', { ifRevision: 7 })
  store.put(web2, 'Failed', { ifRevision: 3 })
  store.delete(web1, { ifRevision: 7 })
  store.delete(web2)
  store.delete(web2, { ifRevision: 0 })
  store.delete(node1)
  store.get(web1)
  store.list('')
  store.put(web1, 'Running')
  const pending = keyValue(web1, 'Pending', 2, 2)
  const other = keyValue(web2, 'Pending', 3, 3)
  await expectEvents(
    answers,
    'a watch of two puts, a delete, refused writes, deletes of nothing, reads, and another put',
    [
      putEvent(pending),
      putEvent(other),
      deleteEvent(4, other),
      putEvent(keyValue(web1, 'Running', 2, 5), pending),
    ],
  )
})

check('ST-6.5', 'hands out every put, whatever it puts and whatever was there before', async (subject) => {
  const values = [null, 0, '', false, 'Pending', 'Pending']
  const puts = values.map((value): Step => ['put', web1, value])
  const steps: Step[] = [['watch', pods], ...puts, ...values.map((): Step => ['next', 1])]
  const answers = await answersTo(subject, newStore(subject), steps)
  const kvs = values.map((value, index) => keyValue(web1, value, 2, index + 2))
  const watch = 'a watch under which null, 0, "", false, "Pending", and "Pending" again were put'
  for (const [index, kv] of kvs.entries()) {
    const seen = cameTo(answers[values.length + 1 + index])
    expect(seen, `${watch}, next() number ${index + 1}`).toEqual(putEvent(kv, kvs[index - 1]))
  }
})

// ST-7: watching from an earlier revision

check(
  'ST-7.1',
  'replays what was written after a revision, to each watch from its own place',
  async (subject) => {
    const store = newStore(subject)
    const witness = store.watch.hold(pods)
    const witnessed: Call<Next>[] = []
    const write = (make: () => unknown) => {
      witnessed.push(witness.next())
      make()
    }
    write(() => store.put(web2, 'Pending'))
    write(() => store.put(web1, 'Running'))
    write(() => store.put(web2, 'Running'))
    write(() => store.delete(web1))
    store.put(node1, 'Ready')
    write(() => store.put(web1, 'Pending'))
    const places = [1, 2, 5, 6, 6]
    const watches = places.map((after) => store.watch.hold(pods, { after }))
    write(() => store.put(web1, 'Running'))
    const answers = watches.map((watch) => nexts(watch, 6))
    write(() => store.put(web1, 'Succeeded'))
    const events: Next[] = []
    for (const [index, call] of witnessed.entries()) {
      const what = `a watch that waited before each write, next() number ${index + 1}`
      events.push(await expectAnswer(call, what, words('an event')))
    }
    for (const [index, after] of places.entries()) {
      const what = `watch ${index + 1}, with after: ${after}, which was opened at revision 7`
      const expected = events.filter(({ value }) => value && value.revision > after)
      await expectEvents(answers[index]?.slice(0, expected.length) ?? [], what, expected)
    }
  },
)

check('ST-7.2', 'goes on after the replay without a gap and without a repeat', async (subject) => {
  const store = newStore(subject)
  for (const phase of ['a', 'b', 'c']) store.put(web1, phase)
  const watch = store.watch.hold(pods, { after: 2 })
  const unread = store.watch.hold(pods, { after: 2 })
  const answers = [watch.next()]
  store.put(web1, 'd')
  answers.push(watch.next(), watch.next(), watch.next())
  store.put(web1, 'e')
  store.put(web1, 'f')
  answers.push(watch.next(), watch.next())
  const late = nexts(unread, 6)
  store.put(web1, 'g')
  const revisions = [3, 4, 5, 6, 7, 8]
  await expectOfEvents(answers, 'a watch whose replay is read while writes go on', 'revision', revisions)
  await expectOfEvents(late, 'a watch whose first next() comes after further writes', 'revision', revisions)
})

check('ST-7.3', 'hands out nothing up to the revision that it begins after', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  const now = store.watch.hold(pods, { after: 2 }).next()
  const ahead = store.watch.hold(pods, { after: 4 }).next()
  const far = store.watch.hold(pods, { after: 2 ** 32 + 1 }).next()
  for (const phase of ['c', 'd', 'e']) store.put(web1, phase)
  await expectPending(now, 'next() of a watch with after: 2 at revision 2')
  await expectPending(ahead, 'next() of a watch with after: 4 at revision 2')
  await expectOfEvents([now], 'the watch with after: 2 that was opened at revision 2', 'revision', [3])
  await expectOfEvents([ahead], 'the watch with after: 4 that was opened at revision 2', 'revision', [5])
  await expectPending(far, 'next() of a watch with after: 4294967297 at revision 5')
})

check('ST-7.4', 'hands out to every watch what a model of it does', async (subject) => {
  await forAll(
    subject.seed,
    watching,
    async (commands) => {
      const { steps, answers, watches } = play(commands)
      const seen = await answersTo(subject, newStore(subject), steps)
      for (const at of watches.flatMap(({ nexts }) => nexts)) {
        const what = `the revision of the event from ${textOf(steps, at)}`
        expectStep(steps, at, () => expect(revisionOf(seen[at]), what).toEqual(revisionOf(answers[at])))
      }
    },
    3,
  )
})

check('ST-7.5', 'hands out to any number of watches, and any number of writes', async (subject) => {
  const puts = Array.from({ length: 102 }, (_, index): Step => ['put', web1, index])
  const nexts = puts.slice(1).map((): Step => ['next', 1])
  const written = await answersTo(subject, newStore(subject), [
    ['watch', pods],
    ['next', 1],
    ...puts,
    ['watch', pods, { after: 1 }],
    ['next', 2],
    ...nexts,
  ])
  const waiting = Array.from({ length: 17 }, (_, index) => index + 1)
  const watched = await answersTo(subject, newStore(subject), [
    ...waiting.map((): Step => ['watch', pods]),
    ...waiting.map((watch): Step => ['next', watch]),
    ['put', web1, 'Pending'],
  ])
  const late = 'the revision of the first event from a watch with after: 1, opened after 102 puts'
  expect(revisionOf(written[puts.length + 3]), late).toEqual(2)
  for (const index of nexts.keys()) {
    const what = `the revision of event ${index + 2} from a watch that is read on when all 102 puts are made`
    expect(revisionOf(written[puts.length + 4 + index]), what).toEqual(index + 3)
  }
  for (const nth of waiting) {
    const what = `the revision of the event from next() of watch number ${nth} of 17 that wait`
    expect(revisionOf(watched[waiting.length + nth - 1]), what).toEqual(2)
  }
})

/** The revision of the event that a `next()` came to; or what else it came to. */
function revisionOf(answer: Answer | undefined): unknown {
  const seen = cameTo(answer)
  return isEvent(seen) ? seen.value.revision : seen
}

const isEvent = (seen: unknown): seen is IteratorYieldResult<StoreEvent<unknown>> =>
  typeof seen === 'object' && seen !== null && 'value' in seen && seen.value !== undefined
