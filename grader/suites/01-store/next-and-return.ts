// ST-8: next() and return().
import { check } from '../../src/runner/check.ts'
import { expect, expectAnswer } from '../../src/runner/expect.ts'
import { words } from '../../src/runner/words.ts'
import { expectNext, expectOfEvents, newStore, nexts, node1, over, pods, web1 } from './bench.ts'
import type * as Fixture from './reading.fixture.ts'

check('ST-8.1', 'answers several next() in the order in which they were called', async (subject) => {
  const store = newStore(subject)
  const watch = store.watch.hold(pods)
  const answers = subject.together(() => nexts(watch, 3))
  store.put(node1, 'Ready')
  for (const phase of ['a', 'b', 'c', 'd']) store.put(web1, phase)
  answers.push(...subject.together(() => nexts(watch, 3)))
  store.put(node1, 'Unknown')
  for (const phase of ['e', 'f']) store.put(web1, phase)
  const what = 'a watch of pods whose next() was called three at a time, each time before a put of a node,'
  await expectOfEvents(answers, what, 'revision', [3, 4, 5, 6, 8, 9])
})

check('ST-8.2', 'ends a waiting next() with return(), and no other watch', async (subject) => {
  const store = newStore(subject)
  const before = store.watch.hold('/registry/')
  const watch = store.watch.hold(pods)
  const after = store.watch.hold(pods)
  const others = [before.next(), after.next()] as const
  const waiting = nexts(watch, 3)
  const returned = watch.return()
  store.put(web1, 'Pending')
  const later = watch.next()
  expect(await returned, 'what return() resolved with while three next() waited').toEqual(over)
  for (const [index, call] of waiting.entries()) {
    await expectNext(call, `what next() number ${index + 1} of three that waited resolved with`, over)
  }
  await expectNext(later, 'what a next() after return() and a put resolved with', over)
  await expectOfEvents([others[0]], 'a watch opened before the one that was ended', 'revision', [2])
  await expectOfEvents(
    [others[1]],
    'a watch of the same prefix, opened after the one that was ended',
    'revision',
    [2],
  )
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
  const { call } = subject.room<typeof Fixture>('fixture/reading')
  const waits = store.watch.hold(pods)
  const full = store.watch.hold(pods)
  for (const watch of [waits, full]) watch.next()
  for (const phase of ['Pending', 'Running']) store.put(web1, phase)
  const asTheyCome = call('readRevisions', waits, 2)
  for (const phase of ['Failed', 'Unknown']) store.put(web1, phase)
  const atOnce = call('readRevisions', full, 2)
  const reads = [
    [waits, asTheyCome, 'one event is there, and another one comes later'],
    [full, atOnce, 'there are three'],
  ] as const
  for (const [watch, read, where] of reads) {
    const what = `the revisions of two events, read with for await where ${where}`
    const seen = await expectAnswer(read, what, [3, 4])
    expect<unknown>(typeof seen === 'string' ? words(seen) : seen, what).toEqual([3, 4])
    await expectNext(watch.next(), `next() after the for await loop was left, where ${where}`, over)
  }
})
