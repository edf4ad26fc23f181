// RC-13 to RC-16: the controller.
import { type CheckContext, check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Call, Remote } from '../../src/subject/subject.ts'
import type * as Fixture from './controller.fixture.ts'
import { answered, comesToRest, playAll, stillWaits, tellOf } from './informer-bench.ts'

/** A controller whose parts do what the check says. */
class Work {
  readonly rig: Remote<Fixture.ControllerRig>
  readonly #subject: CheckContext
  readonly #who: string
  #stopped = false

  /** @param who what stands in the trace for it */
  constructor(subject: CheckContext, setup: Fixture.ControllerSetup = {}, who = 'the controller') {
    this.#subject = subject
    this.#who = who
    const diary = { add: async (what: string) => void subject.trace.add(who, what) }
    const { construct } = subject.room<typeof Fixture>('fixture/controller')
    this.rig = construct('ControllerRig', subject.clock, setup, subject.lend<Fixture.Diary>(diary))
  }

  start(): Call<void> {
    this.#subject.trace.add(this.#who, 'is started')
    return this.rig.start.patient()
  }

  stop(): Call<void> {
    this.#subject.trace.add(this.#who, 'is stopped')
    this.#stopped = true
    return this.rig.stop.patient()
  }

  /** Names keys, as a source. */
  add(keys: string[], source = 0): void {
    this.#subject.trace.add(
      this.#who,
      `gets ${keys.map((key) => key || 'an empty key').join(', ')} from source ${source + 1}`,
    )
    this.rig.add(keys, source)
  }

  /** Fills or stops a source, whichever it is waiting for. */
  end(source = 0): void {
    const how = this.#stopped ? 'stop' : 'filled'
    this.#subject.trace.add(this.#who, `sees source ${source + 1} ${how}`)
    this.rig.end(source)
  }

  pass(ms = 0): Promise<void> {
    return this.#subject.clock.advance(ms)
  }

  /** Looks at the keys for which `reconcile` was called since the last time, and what was reported. */
  async look(when: string, begun: string[], errors?: string[]): Promise<void> {
    const seen = await this.rig.look()
    comesToRest(seen.begun.length, when)
    expect(seen.begun, `keys for which reconcile was called ${when}`).toEqual(begun)
    if (errors) expect(seen.errors, `what onError got ${when}`).toEqual(errors)
  }

  async timers(when: string, expected: number[]): Promise<void> {
    const { clock } = this.#subject
    await this.pass()
    const dueInMs = (await clock.pending()).map((dueMs) => dueMs - clock.now())
    expect(dueInMs, `timers that are set ${when} (in how many ms each is due)`).toEqual(expected)
  }
}

/** A controller whose only source is filled, and has named these keys then. */
function working(
  subject: CheckContext,
  keys: string[],
  setup: Fixture.ControllerSetup = {},
  who?: string,
): Work {
  const work = new Work(subject, setup, who)
  work.start()
  work.end()
  work.add(keys)
  return work
}

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
  const endings = { a: ['rejects', 'throws', 'rejects'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, ['a', 'b'], { endings }))
  await work.look('when a and b were added', ['a', 'b'], ['a: reconcile fails'])
  await work.timers('after a has failed once', [5])
  await work.pass(4)
  await work.look('4 ms after a has failed once', [])
  await work.pass(1)
  await work.look('5 ms after a has failed once', ['a'], ['a: reconcile fails at once'])
  await work.timers('after a has failed twice', [10])
  await work.pass(10)
  await work.look('10 ms after a has failed twice', ['a'], ['a: reconcile fails'])
  await work.timers('after a has failed three times', [20])
  await work.pass(20)
  await work.look('20 ms after a has failed three times', ['a'], [])
  await work.timers('after a went well, at its fourth time', [])
})

check('RC-14.2', 'forgets the failures of a key that went well', async (subject) => {
  const endings = { a: ['rejects', 0, 'rejects', 7, 'rejects'] } satisfies Fixture.ControllerSetup['endings']
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
  await work.look('in all that time', ['a', 'a', 'a', 'a', 'a', 'a'])
})

check('RC-14.3', 'comes back after requeueAfterMs, if that is above 0', async (subject) => {
  const endings = { a: [100, 0.5], b: [0], c: [-1] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, ['a', 'b', 'c'], { endings }))
  await work.look('when a, b and c were added', ['a', 'b', 'c'], [])
  await work.timers('after requeueAfterMs 100 for a, 0 for b and -1 for c', [100])
  await work.pass(99)
  await work.look('99 ms after requeueAfterMs 100', [])
  await work.pass(1)
  await work.look('100 ms after requeueAfterMs 100', ['a'])
  await work.pass(1)
  await work.look('after requeueAfterMs 0.5', ['a'], [])
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
  const endings = { a: ['waits'], b: ['waits'], c: ['waits'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, ['a', 'b', 'c'], { endings }))
  await work.look('while the reconcile for a is under way', ['a'])
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
  } satisfies Fixture.ControllerSetup['endings']
  const keys = ['a', 'b', 'c', 'd', 'e', 'f']
  const { rig, ...work } = controllerParts(working(subject, keys, { workers: 3, endings }))
  await work.look('while those for a, b and c are under way, by three workers', ['a', 'b', 'c'])
  rig.finish('b')
  await work.look('when the one for b has ended, and those for a and c have not', ['d'])
  rig.finish('d')
  await work.look('when the one for d has ended, and those for a and c have not', ['e'])
  rig.finish('e')
  await work.look('when the one for e has ended, and those for a and c have not', ['f'])
  rig.finish('f')
  await work.look('when the one for f has ended, and those for a and c have not', [])
  work.add(['a'])
  await work.look('when a is added again, whose reconcile has not ended, and a worker is free', [])
  work.add(['g', 'h'])
  await work.look('by the one worker that is left', ['g', 'h'])
})

check('RC-16.1', 'waits for what is under way, and begins nothing any more', async (subject) => {
  const late = subject.room<typeof Fixture>('fixture/controller').call('begunAfterStop', subject.clock)
  const stopDuring = (ending: Fixture.Ending, errors: string[]) => async (who: string) => {
    const setup: Fixture.ControllerSetup = { endings: { a: [ending] } }
    const { rig, ...work } = controllerParts(working(subject, ['a', 'b'], setup, who))
    await work.pass()
    await rig.look()
    work.add(['a'])
    const stops = [work.stop(), work.stop()]
    work.end()
    for (const stop of stops) await stillWaits(subject, stop, 'stop() while a reconcile is under way')
    rig.finish('a')
    for (const stop of stops) await answered(subject, stop, 'stop() when the reconcile has ended')
    work.add(['d'])
    await work.timers('after stop()', [])
    return { rig, work, errors, who }
  }
  const both = await playAll(subject, {
    'the controller whose reconcile goes well after stop()': stopDuring('waits', []),
    'the controller whose reconcile fails after stop()': stopDuring('waits and rejects', [
      'a: reconcile fails',
    ]),
  })
  await both[0]?.work.pass(60_000)
  for (const { rig, work, errors, who } of both) {
    tellOf(subject.trace, who)
    const [takes, sources] = [rig.queueTakes(), rig.sources()]
    await work.look('after stop(), when a and b were waiting', [], errors)
    expect(await takes, 'whether the queue still takes a key after stop(), which shuts it down').toEqual(
      false,
    )
    expect((await sources)[0]?.[1], 'what the source was asked for by stop()').toEqual('stop')
  }
  expect(
    await late,
    'how many microtasks after a key came stop() was called, where reconcile began only then',
  ).toEqual([])
})

check('RC-16.6', 'waits for every one of several workers, while its sources stop', async (subject) => {
  const endings = { a: ['waits'], b: ['waits'], c: ['waits'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, ['a', 'b', 'c', 'd'], { workers: 3, endings }))
  await work.pass()
  await rig.look()
  const stop = work.stop()
  rig.finish('c')
  await work.look('after stop(), when d was waiting, and the source has not stopped', [])
  work.end()
  await stillWaits(subject, stop, 'stop() while the reconciles for a and b are under way')
  rig.finish('a')
  await stillWaits(subject, stop, 'stop() while the reconcile for b is under way')
  rig.finish('b')
  await answered(subject, stop, 'stop() when the reconciles for a, b and c have ended')
  await work.look('after stop(), when d was waiting', [])
})

check('RC-16.2', 'waits for its sources to stop', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject, { sources: 2 }))
  work.start()
  work.end(0)
  work.end(1)
  const stop = work.stop()
  work.end(0)
  await stillWaits(subject, stop, 'stop() while one of two sources has not stopped')
  work.end(1)
  const calls = rig.sources()
  await answered(subject, stop, 'stop() when both sources have stopped')
  expect(
    (await calls).map(([, second]) => second ?? ''),
    'what the sources were asked for by stop()',
  ).toEqual(['stop', 'stop'])
})

check('RC-16.3', 'may be stopped while its sources fill', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject, { sources: 2 }))
  const start = work.start()
  work.add(['a'])
  work.end(0)
  const stop = work.stop()
  work.end(0)
  work.end(1)
  await answered(subject, start, 'start() when the controller is stopped')
  await answered(subject, stop, 'stop() while sources fill')
  await work.look('after stop() while sources fill', [])
  await work.timers('after stop() while sources fill', [])
})

check('RC-16.4', 'may be stopped before it is started, and is not started then', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject))
  const stops = [work.stop(), work.stop()]
  work.end()
  const start = work.start()
  work.add(['a'])
  work.end()
  const sources = rig.sources()
  for (const stop of stops) await answered(subject, stop, 'stop() before start()')
  await answered(subject, start, 'start() after stop()')
  await work.look('when a key was added after stop() and start()', [])
  const [asked = []] = await sources
  expect(asked.includes('start'), 'whether the source was started after stop()').toEqual(false)
})

function controllerParts(work: Work) {
  return {
    rig: work.rig,
    start: work.start.bind(work),
    stop: work.stop.bind(work),
    add: work.add.bind(work),
    end: work.end.bind(work),
    pass: work.pass.bind(work),
    look: work.look.bind(work),
    timers: work.timers.bind(work),
  }
}
