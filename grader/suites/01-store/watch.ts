// ST-6 to ST-8: watching.
import fc from 'fast-check'
import { check } from '../../src/runner/check.ts'
import { expect, expectAnswer, expectPending } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import { words } from '../../src/runner/words.ts'
import type { Call } from '../../src/subject/subject.ts'
import {
  deleteEvent,
  expectEvents,
  expectNext,
  expectOfEvents,
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
import { deleteCommand, nextCommand, putCommand, runCommands, sizes, watchCommand } from './model.ts'
import type * as Fixture from './reading.fixture.ts'

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
  ]
  for (const write of writes) {
    answers.push(watch.next())
    write()
  }
  subject.together(() => ['a', 'b', 'c'].map((name) => store.put(`${pods}${name}`, 'Pending')))
  const atOnce = nexts(watch, 3)
  const first = keyValue(web1, 'Pending', 2, 2)
  const second = keyValue(web1, 'Running', 2, 3)
  await expectEvents(answers, 'a watch whose next() waited before each write', [
    putEvent(first),
    putEvent(second, first),
    putEvent(keyValue(web2, 'Pending', 4, 4)),
    deleteEvent(5, second),
    putEvent(keyValue(web1, 'Pending', 6, 6)),
  ])
  await expectOfEvents(
    atOnce,
    'the same watch, after three puts that were called at once',
    'revision',
    [7, 8, 9],
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
    ['', nexts(all, 9)],
  ] as const
  for (const [prefix, answers] of watches) {
    const expected = keys.filter((key) => key.startsWith(prefix))
    await expectOfEvents(
      answers,
      `watch("${prefix}"), opened before nine puts and read after them`,
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
  store.put(web2, 'Running')
  const answers = nexts(busy, 2)
  const third = busy.next()
  await expectPending(waiting, 'next() before anything was put since the watch was opened')
  await expectOfEvents([waiting], 'a watch whose next() waited for a put', 'revision', [3])
  const what = 'a watch that was opened after one put, before two more, and read after these'
  await expectOfEvents(answers, what, 'revision', [3, 4])
  await expectPending(third, 'next() after all events were handed out')
})

check('ST-6.4', 'hands out nothing for what is no write', async (subject) => {
  const store = newStore(subject)
  const watch = store.watch.hold('')
  const answers = [watch.next()]
  store.put(web1, 'Pending')
  store.put(web1, 'Failed', { ifRevision: 7 })
  store.put(web2, 'Failed', { ifRevision: 7 })
  store.delete(web1, { ifRevision: 7 })
  store.delete(web2)
  store.delete(web2, { ifRevision: 0 })
  store.get(web1)
  store.list('')
  store.put(web1, 'Running')
  answers.push(watch.next())
  const pending = keyValue(web1, 'Pending', 2, 2)
  await expectEvents(
    answers,
    'a watch of one put, refused writes, deletes of nothing, reads, and another put',
    [putEvent(pending), putEvent(keyValue(web1, 'Running', 2, 3), pending)],
  )
})

check('ST-6.5', 'hands out every put, however many, and whatever was there before', async (subject) => {
  const store = newStore(subject)
  const watch = store.watch.hold(pods)
  const rounds = Array.from({ length: 120 }, (_, index) => ({ round: index + 1 }))
  const values = [null, 0, '', false, 'Pending', 'Pending', ...rounds]
  for (const value of values) store.put(web1, value)
  const kvs = values.map((value, index) => keyValue(web1, value, 2, index + 2))
  await expectEvents(
    nexts(watch, values.length),
    'a watch under which null, 0, "", false, "Pending", "Pending" again and 120 more values were put',
    kvs.map((kv, index) => putEvent(kv, kvs[index - 1])),
  )
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
    write(() => store.put(web1, 'Pending'))
    write(() => store.put(web1, 'Running'))
    write(() => store.delete(web1))
    store.put(node1, 'Ready')
    write(() => store.put(web1, 'Pending'))
    const places = [1, 2, 4, 5, 5]
    const watches = places.map((after) => store.watch.hold(pods, { after }))
    write(() => store.put(web1, 'Running'))
    const answers = watches.map((watch) => nexts(watch, 6))
    write(() => store.put(web1, 'Succeeded'))
    const events: Next[] = await Promise.all(witnessed)
    for (const [index, after] of places.entries()) {
      const what = `watch ${index + 1}, with after: ${after}, which was opened at revision 6`
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
  for (const phase of ['c', 'd', 'e']) store.put(web1, phase)
  await expectPending(now, 'next() of a watch with after: 2 at revision 2')
  await expectPending(ahead, 'next() of a watch with after: 4 at revision 2')
  await expectOfEvents([now], 'the watch with after: 2 that was opened at revision 2', 'revision', [3])
  await expectOfEvents([ahead], 'the watch with after: 4 that was opened at revision 2', 'revision', [5])
})

check('ST-7.4', 'hands out to every watch what a model of it does', async (subject) => {
  const commands = fc.commands([putCommand, deleteCommand, watchCommand, nextCommand, nextCommand], sizes)
  await forAll(subject.seed, commands, (example) => runCommands(subject, example), 8)
})

// ST-8: next() and return()

check('ST-8.1', 'answers several next() in the order in which they were called', async (subject) => {
  const store = newStore(subject)
  const watch = store.watch.hold(pods)
  const answers = subject.together(() => nexts(watch, 3))
  for (const phase of ['a', 'b', 'c', 'd']) store.put(web1, phase)
  answers.push(...subject.together(() => nexts(watch, 3)))
  for (const phase of ['e', 'f']) store.put(web1, phase)
  const what = 'a watch whose next() was called three at a time'
  await expectOfEvents(answers, what, 'revision', [2, 3, 4, 5, 6, 7])
})

check('ST-8.2', 'ends a waiting next() with return(), and no other watch', async (subject) => {
  const store = newStore(subject)
  const before = store.watch.hold('/registry/')
  const watch = store.watch.hold(pods)
  const after = store.watch.hold('')
  const others = [before.next(), after.next()] as const
  const waiting = [watch.next(), watch.next()] as const
  const returned = watch.return()
  store.put(web1, 'Pending')
  const later = watch.next()
  expect(await returned, 'what return() resolved with while two next() waited').toEqual(over)
  await expectNext(waiting[0], 'what a next() that waited resolved with', over)
  await expectNext(waiting[1], 'what a second next() that waited resolved with', over)
  await expectNext(later, 'what a next() after return() and a put resolved with', over)
  await expectOfEvents([others[0]], 'a watch opened before the one that was ended', 'revision', [2])
  await expectOfEvents([others[1]], 'a watch opened after the one that was ended', 'revision', [2])
})

check('ST-8.3', 'hands out nothing after return(), and takes it early and twice', async (subject) => {
  const store = newStore(subject)
  const begun = store.watch.hold(pods)
  const unread = store.watch.hold(pods)
  begun.next()
  store.put(web1, 'a')
  store.put(web1, 'b')
  const calls = {
    'return() of a watch with an event left': begun.return(),
    'next() after return(), with an event left': begun.next(),
    'return() before the first next()': unread.return(),
    'a second return(), before the first next()': unread.return(),
    'the first next(), after return() was called twice': unread.next(),
  }
  for (const [what, call] of Object.entries(calls)) expect(await call, what).toEqual(over)
})

check('ST-8.4', 'can be read with for await, which ends it when the loop is left', async (subject) => {
  const store = newStore(subject)
  const watch = store.watch.hold(pods)
  const read = subject.room<typeof Fixture>('fixture/reading').call('readRevisions', watch, 2)
  for (const phase of ['Pending', 'Running', 'Failed']) store.put(web1, phase)
  const what = 'the revisions of the first two events, read with for await'
  const seen = await expectAnswer(read, what, [2, 3])
  expect<unknown>(typeof seen === 'string' ? words(seen) : seen, what).toEqual([2, 3])
  await expectNext(watch.next(), 'next() after the for await loop was left', over)
})
