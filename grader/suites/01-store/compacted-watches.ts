// ST-10: compaction and watches.
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import type { Subject } from '../../src/subject/subject.ts'
import { expectNext, expectRefused, newStore, over, pods, web1 } from './bench.ts'
import { compactingWatches, play } from './made-up.ts'
import { Model } from './model.ts'
import type * as Reading from './reading.fixture.ts'
import type * as Refusals from './refusals.fixture.ts'
import { type Answer, answersTo, expectSame, type Step, saysCompacted, withoutCompaction } from './row.ts'

check('ST-10.1', 'says Compacted to a watch that begins too early, however it is read', async (subject) => {
  const { room } = subject
  const store = newStore(subject)
  for (const phase of ['a', 'b', 'c', 'd']) store.put(web1, phase)
  store.compact(4)
  const early = { after: 1 }
  const asked = room<typeof Refusals>('fixture/refusals').call('refusalOfNext', store, pods, early)
  const read = room<typeof Reading>('fixture/reading').call('readRevisions', store.watch.hold(pods, early), 1)
  const ended = store.watch.hold(pods, early)
  const returned = ended.return()
  const after = ended.next()
  const what = 'of a watch that begins too early'
  expectRefused(await asked, `the first next() ${what}`, 'Compacted')
  await expectRejection(read, `for await ${what}`, 'Compacted', { requested: 2, compacted: 4 })
  expect(await returned, `what the return() ${what} resolved with`).toEqual(over)
  await expectNext(after, `next() after return() ${what}`, over)
})

const next = (watch: number, times = 1) => Array.from({ length: times }, (): Step => ['next', watch])
const put = (key: string): Step => ['put', key, 'Pending']
const watch = (prefix: string, after: number): Step => ['watch', prefix, { after }]

check('ST-10.2', 'replays what is left, and says Compacted where that is not all', async (subject) => {
  await expectNoGap(subject, [
    ...[put('/a'), put('/a'), put('/b'), ['delete', '/a'], ['delete', '/b']],
    ...[['compact', 3], watch('', 1), ...next(1, 2), watch('', 2), ...next(2, 3)],
    ...[put('/a'), ...next(1), watch('/c', 1), ...next(3, 2)],
    ...[['compact', 5], watch('', 3), ...next(4, 2), watch('', 4), ...next(5, 3)],
    ...[['compact', 6], watch('', 4), ...next(6), watch('', 5), ...next(7, 2), watch('/b', 6), ...next(8)],
    ...[
      ['compact', 7],
      ['watch', ''],
      ...next(9),
      put('/a'),
      watch('', 9),
      ...next(10),
      put('/b'),
      put('/b'),
    ],
  ] as Step[])
})

check('ST-10.3', 'skips nothing of a watch that owes what is compacted', async (subject) => {
  await expectNoGap(subject, [
    ...[watch('/a', 1), watch('/a', 1), ...next(2), watch('/a', 3)],
    ...[put('/a'), put('/a'), put('/a'), put('/a')],
    ...[['compact', 5], ...next(1, 4), ...next(2, 3), ...next(3, 2)],
  ] as Step[])
})

check('ST-10.4', 'lets a watch go on that has handed out all that was before', async (subject) => {
  await expectNoGap(subject, [
    ...[watch('/a', 1), watch('/a', 1), ...next(1), ...next(2), watch('/a', 6)],
    ...[put('/a'), ...next(2), ['compact', 2]],
    ...[put('/b'), put('/b'), ['delete', '/b'], put('/b'), ['compact', 5]],
    // The first watch rests, the second one waits, and the third one is ahead.
    ...[put('/a'), ...next(1), put('/a'), ['compact', 7], ...next(1), ...next(2), ...next(3, 2)],
  ] as Step[])
})

check('ST-10.5', 'lets a watch go on under whose prefix nothing was written for long', async (subject) => {
  await expectNoGap(subject, [
    ...[put('/b'), watch('/a', 2), watch('/a', 2), ...next(2), ['delete', '/b'], put('/b'), put('/b')],
    ...[watch('/a', 2), watch('/a', 2), ...next(4), ['compact', 5]],
    ...[...next(1), ...next(3), put('/a'), watch('/a', 4), ...next(5)],
  ] as Step[])
})

check('ST-10.6', 'leaves no gap in any watch, whatever is written, read and compacted', async (subject) => {
  await forAll(subject.seed, compactingWatches, (commands) => expectNoGap(subject, play(commands).steps), 5)
})

/**
 * Looks at the watches of a store that is compacted as it is used: each hands out what it does where nothing is
 * compacted. One that owed what was compacted may say so in its place, and one that began too early must.
 */
async function expectNoGap(subject: Subject, steps: readonly Step[]): Promise<void> {
  const seen = await answersTo(subject, newStore(subject), steps)
  const model = new Model(steps)
  const nexts = model.watches.flatMap(({ nexts }) => nexts)
  const calls = steps.map((_, at) => (nexts.includes(at) ? seen[at] : undefined))
  const expected = allowed(model, model.answers, seen)
  const then = 'in a store that is compacted as it is used, and in one that is not'
  await expectSame(steps, calls, expected, then, async () => {
    const without = await answersTo(subject, newStore(subject), steps.map(withoutCompaction))
    return allowed(model, without, seen)
  })
}

/** What the watches may come to, by what they come to where nothing is compacted, and by what was seen. */
function allowed({ steps, watches, compacted }: Model, without: readonly Answer[], seen: readonly Answer[]) {
  const answers: (Answer | undefined)[] = steps.map(() => undefined)
  for (const { nexts, refused, lostAfter = Number.POSITIVE_INFINITY } of watches) {
    let isOver = false
    for (const [nth, at] of nexts.entries()) {
      const said = saysCompacted(seen[at])
      if (isOver) answers[at] = { resolved: over }
      else if (refused) answers[at] = orLater(refused, seen[at], compacted)
      else answers[at] = nth >= lostAfter && said ? seen[at] : without[at]
      isOver ||= said
    }
  }
  return answers
}

/** A watch that began too early may say to where it was compacted when it was opened, or since then. */
function orLater(refused: Answer, answer: Answer | undefined, latest: number): Answer {
  if (!answer || !('compacted' in answer) || !('compacted' in refused)) return refused
  const isLater = Number(answer.compacted) > Number(refused.compacted) && Number(answer.compacted) <= latest
  return isLater ? { ...refused, compacted: answer.compacted } : refused
}
