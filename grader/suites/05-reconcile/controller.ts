// RC-13 to RC-15: the controller at work.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type * as Fixture from './controller.fixture.ts'
import { answered, playAll, stillWaits } from './informer-bench.ts'
import { controllerParts, Work, working } from './work.ts'

check('RC-13.1', 'reconciles nothing before all sources are filled, then every key', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject, { sources: 3 }))
  const start = work.start()
  const asked = rig.sources()
  work.add(['default/a', 'default/b', 'default/a'])
  work.end(0)
  work.add(['system:Admin'], 2)
  work.end(2)
  await stillWaits(subject, start, 'start() while one of three sources is not filled')
  expect(await asked, 'what each source was asked for').toEqual([['start'], ['start'], ['start']])
  const early = rig.look()
  work.end(1)
  await answered(subject, start, 'start() when all sources are filled')
  expect(
    (await early).begun,
    'keys for which reconcile was called while one of three sources is not filled',
  ).toEqual([])
  await work.look(
    'when all three sources are filled, after default/a, default/b, default/a and system:Admin were added',
    ['default/a', 'default/b', 'system:Admin'],
  )
  work.add(['default/c', ''], 1)
  work.add(['default/a'], 0)
  await work.look('when default/c, an empty key and default/a were added then', [
    'default/c',
    '',
    'default/a',
  ])
  // Whichever source is the last.
  const others = [
    [1, 2, 0],
    [0, 1, 2],
  ].map((order) => {
    const last = (order[2] ?? 0) + 1
    const who = `the controller whose source ${last} is filled last`
    return { order, last, who, other: new Work(subject, { sources: 3 }, who) }
  })
  await playAll(
    subject,
    Object.fromEntries(
      others.map(({ order: [first, second, third], last, who, other }) => [
        who,
        async () => {
          const start = other.start()
          other.add(['a'], first)
          other.end(first)
          other.end(second)
          await stillWaits(subject, start, `start() while source ${last} of three is not filled`)
          await other.look(`while source ${last} of three is not filled`, [])
          other.end(third)
          await answered(subject, start, 'start() when all sources are filled')
        },
      ]),
    ),
  )
})

check('RC-13.2', 'starts once', async (subject) => {
  const keys = ['a', 'b', 'c', 'd']
  const setup: Fixture.ControllerSetup = {
    endings: { a: ['waits'], b: ['waits'], c: ['waits'], d: ['waits'] },
  }
  const once = working(subject, keys, setup, 'the controller that is started once')
  const { rig, ...work } = controllerParts(new Work(subject, setup))
  const starts = [work.start(), work.start()]
  for (const start of starts) await stillWaits(subject, start, 'each start() before the source is filled')
  work.add(keys)
  work.end()
  starts.push(work.start())
  work.end()
  for (const start of starts) await answered(subject, start, 'each start() when the source is filled')
  // How many that are is for RC-15.
  const { begun } = await once.rig.look()
  await work.look('after three times start(), where none ends, as after one', begun)
  expect(await rig.sources(), 'what the source was asked for by three times start()').toEqual([['start']])
})

check('RC-14.1', 'comes back to a key that failed, later each time', async (subject) => {
  const often = subject.room<typeof Fixture>('fixture/controller').call('callsWithFailures', 20)
  const endings = {
    a: ['rejects', 'throws', 'rejects with a text', 'rejects with nothing'],
  } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, ['a', 'b'], { endings }))
  await work.look('when a and b were added', ['a', 'b'], ['a: reconcile fails'])
  await work.timers('after a has failed once', [5])
  await work.pass(4)
  await work.look('4 ms after a has failed once', [])
  await work.pass(1)
  await work.look('5 ms after a has failed once', ['a'], ['a: reconcile fails at once'])
  await work.timers('after a has failed twice', [10])
  await work.pass(10)
  await work.look('10 ms after a has failed twice', ['a'], ['a: no Error, but a text for a'])
  await work.timers('after a has failed three times', [20])
  await work.pass(20)
  await work.look('20 ms after a has failed three times', ['a'], ['a: no Error, but undefined'])
  await work.timers('after a has failed four times', [40])
  await work.pass(40)
  await work.look('40 ms after a has failed four times', ['a'], [])
  await work.timers('after a went well, at its fifth time', [])
  expect(await often, 'how often reconcile was called for a key that failed 20 times').toEqual(21)
})

check('RC-14.2', 'forgets the failures of a key that went well', async (subject) => {
  const endings = {
    a: ['rejects', 0, 'rejects', 7, 'rejects', 'resolves', 'rejects'],
  } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, ['a'], { endings }))
  await work.timers('after a has failed once', [5])
  await work.pass(5)
  await work.timers('after a went well then', [])
  work.add(['a'])
  await work.timers('after a has failed once more, which went well before', [5])
  await work.pass(5)
  await work.timers('after a went well, with requeueAfterMs 7', [7])
  await work.pass(7)
  await work.timers('after a has failed again, which went well before', [5])
  await work.pass(5)
  work.add(['a'])
  await work.timers('after a has failed again, which went well before, without a result', [5])
  await work.pass(5)
  await work.look('in all that time', ['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a'])
})

check('RC-14.3', 'comes back after requeueAfterMs, if that is above 0', async (subject) => {
  const dayMs = 86_400_000
  const endings = { a: [100, 0.5, dayMs], b: [0], c: [-1] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, ['a', 'b', 'c'], { endings }))
  await work.look('when a, b and c were added', ['a', 'b', 'c'], [])
  await work.timers('after requeueAfterMs 100 for a, 0 for b and -1 for c', [100])
  await work.pass(99)
  await work.look('99 ms after requeueAfterMs 100', [])
  await work.pass(1)
  await work.look('100 ms after requeueAfterMs 100', ['a'])
  await work.pass(0.5)
  await work.look('after requeueAfterMs 0.5', ['a'], [])
  await work.timers('after requeueAfterMs of a day', [dayMs])
  await work.pass(dayMs)
  await work.look('a day after requeueAfterMs of a day', ['a'], [])
  await work.timers('after a went well without requeueAfterMs', [])
})

check('RC-14.4', 'is done with a key, however it went', async (subject) => {
  const endings = { a: ['waits'], b: ['waits and rejects'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, ['a'], { endings }))
  await work.look('when a was added', ['a'])
  work.add(['a', 'a'])
  await work.look('when a was added twice more, while its reconcile is under way', [])
  rig.finish('a')
  await work.look('when the reconcile for a has gone well, and a was added meanwhile', ['a'])
  work.add(['b'])
  await work.look('when b was added', ['b'])
  work.add(['b'])
  rig.finish('b')
  await work.look('when the reconcile for b has failed, and b was added meanwhile', ['b'])
})

check('RC-14.9', 'is done with a key when all else is said of it', async (subject) => {
  const endings = { a: [7], b: ['rejects'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, ['a', 'b'], { endings }))
  await work.look('when a and b were added', ['a', 'b'])
  const [well, failed] = [rig.afterwards('a'), rig.afterwards('b')]
  const what = (key: string) => `what was called, in this order, when the reconcile for ${key}`
  const last = (calls: string[]) => calls.length > 1 && calls.indexOf('done') === calls.length - 1
  expect(await well, `${what('a')} had gone well, with requeueAfterMs 7`).toSatisfy('done last', last)
  expect(await failed, `${what('b')} had failed`).toSatisfy('done last', last)
})

check('RC-14.5', 'needs nobody to report to', async (subject) => {
  const setup: Fixture.ControllerSetup = { quiet: true, endings: { a: ['rejects'] } }
  const { rig, ...work } = controllerParts(working(subject, ['a', 'b'], setup))
  await work.pass(5)
  await work.look('without onError, when a has failed once, and 5 ms later', ['a', 'b', 'a'])
})

check('RC-15.1', 'works on one key at a time, if nobody says otherwise', async (subject) => {
  const endings = {
    w: ['rejects'],
    x: ['throws'],
    y: [60_000],
    a: ['waits'],
    b: ['waits'],
    c: ['waits'],
  } satisfies Fixture.ControllerSetup['endings']
  const keys = ['w', 'x', 'y', 'z', 'a', 'b', 'c']
  const { rig, ...work } = controllerParts(working(subject, keys, { endings }))
  await work.look(
    'while the reconcile for a is under way, and those for w and x failed, and for y and z went well',
    ['w', 'x', 'y', 'z', 'a'],
  )
  rig.finish('a')
  await work.look('when the one for a has ended', ['b'])
  rig.finish('b')
  await work.look('when the one for b has ended', ['c'])
})

check('RC-15.2', 'works on as many keys as it has workers, each by itself', async (subject) => {
  const endings = {
    a: ['waits'],
    b: ['waits'],
    c: ['waits'],
    d: ['waits'],
    e: ['waits'],
    f: ['waits'],
    g: ['waits'],
    h: ['waits'],
    v: ['waits'],
    w: ['waits'],
    x: ['waits'],
    y: ['waits'],
    z: ['waits'],
  } satisfies Fixture.ControllerSetup['endings']
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const { rig, ...work } = controllerParts(working(subject, keys, { workers: 5, endings }))
  await work.look('while those for a to e are under way, by five workers', ['a', 'b', 'c', 'd', 'e'])
  rig.finish('b')
  await work.look('when the one for b has ended, and the other four have not', ['f'])
  rig.finish('f')
  await work.look('when the one for f has ended, and those for a, c, d and e have not', ['g'])
  rig.finish('g')
  await work.look('when the one for g has ended, and those for a, c, d and e have not', ['h'])
  rig.finish('h')
  await work.look('when the one for h has ended, and those for a, c, d and e have not', [])
  work.add(['a'])
  await work.look('when a is added again, whose reconcile has not ended, and a worker is free', [])
  work.add(['i', 'j'])
  await work.look('by the one worker that is left', ['i', 'j'])
  for (const key of ['a', 'c', 'd', 'e']) rig.finish(key)
  await work.look('when those for a, c, d and e have ended, and a was added meanwhile', ['a'])
  const last = ['v', 'w', 'x', 'y', 'z']
  work.add(last)
  await work.look('by five workers that were all free', last)
})
