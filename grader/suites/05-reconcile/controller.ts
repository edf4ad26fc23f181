// RC-13 to RC-16: the controller.
import { type CheckContext, check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Remote } from '../../src/subject/subject.ts'
import type * as Fixture from '../05-reconcile.fixture.ts'
import { answered, stillWaits } from './informer-bench.ts'

/** A controller whose parts do what the check says. */
class Work {
  readonly rig: Remote<Fixture.ControllerRig>
  readonly #subject: CheckContext

  constructor(subject: CheckContext, setup: Fixture.ControllerSetup = {}) {
    this.#subject = subject
    this.rig = subject.room<typeof Fixture>('fixture').construct('ControllerRig', subject.clock, setup)
  }

  pass(ms = 0): Promise<void> {
    return this.#subject.clock.advance(ms)
  }

  /** Looks at the keys for which `reconcile` was called since the last time, and what was reported. */
  async look(when: string, begun: string[], errors?: string[]): Promise<void> {
    const seen = await this.rig.look()
    expect(seen.begun, `keys for which reconcile was called ${when}`).toEqual(begun)
    if (errors) expect(seen.errors, `what onError got ${when}`).toEqual(errors)
  }

  async timers(when: string, expected: number[]): Promise<void> {
    const { clock } = this.#subject
    await this.pass()
    const dueInMs = (await clock.pending()).map((dueMs) => dueMs - clock.now())
    expect(dueInMs, `timers that are set ${when}, as the ms until they are due`).toEqual(expected)
  }
}

/** A controller whose only source is filled. */
function working(subject: CheckContext, setup: Fixture.ControllerSetup = {}): Work {
  const work = new Work(subject, setup)
  work.rig.start.patient()
  work.rig.end()
  return work
}

check('RC-13.1', 'reconciles nothing before all sources are filled, then every key', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject, { sources: 3 }))
  const start = rig.start.patient()
  const asked = rig.sources()
  rig.add(['default/a', 'default/b', 'default/a'])
  rig.end(0)
  rig.add(['node-1'], 2)
  rig.end(2)
  await stillWaits(subject, start, 'start() while one of three sources is not filled')
  expect(await asked, 'what each source was asked for').toEqual([['start'], ['start'], ['start']])
  const early = rig.look()
  rig.end(1)
  await answered(subject, start, 'start() when all sources are filled')
  expect((await early).begun, 'keys for which reconcile was called while a source is not filled').toEqual([])
  await work.look('when all sources are filled', ['default/a', 'default/b', 'node-1'])
  rig.add(['default/c'], 1)
  rig.add(['default/a'], 0)
  await work.look('after more keys', ['default/c', 'default/a'])
})

check('RC-13.2', 'starts once', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject, { endings: { a: ['waits'], b: ['waits'] } }))
  const starts = [rig.start.patient(), rig.start.patient()]
  for (const start of starts) await stillWaits(subject, start, 'each start() before the source is filled')
  rig.end()
  starts.push(rig.start.patient())
  rig.end()
  rig.add(['a', 'b'])
  for (const start of starts) await answered(subject, start, 'each start() when the source is filled')
  await work.look('by its one worker, after three times start()', ['a'])
  expect(await rig.sources(), 'what the source was asked for').toEqual([['start']])
})

check('RC-14.1', 'comes back to a key that failed, later each time', async (subject) => {
  const endings = { a: ['rejects', 'throws', 'rejects'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { endings }))
  rig.add(['a', 'b'])
  await work.look('at first', ['a', 'b'], ['a: reconcile fails'])
  await work.timers('after one failure', [5])
  await work.pass(4)
  await work.look('4 ms after the first failure', [])
  await work.pass(1)
  await work.look('5 ms after the first failure', ['a'], ['a: reconcile fails at once'])
  await work.timers('after two failures', [10])
  await work.pass(10)
  await work.look('10 ms after the second failure', ['a'], ['a: reconcile fails'])
  await work.timers('after three failures', [20])
  await work.pass(20)
  await work.look('20 ms after the third failure', ['a'], [])
  await work.timers('after it went well', [])
})

check('RC-14.2', 'forgets the failures of a key that went well', async (subject) => {
  const endings = { a: ['rejects', 0, 'rejects', 7, 'rejects'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { endings }))
  rig.add(['a'])
  await work.timers('after a failure', [5])
  await work.pass(5)
  await work.timers('after it went well', [])
  rig.add(['a'])
  await work.timers('after another failure', [5])
  await work.pass(5)
  await work.timers('after it asked to be called in 7 ms', [7])
  await work.pass(7)
  await work.timers('after it failed then', [5])
  await work.pass(5)
  await work.look('in all', ['a', 'a', 'a', 'a', 'a', 'a'])
})

check('RC-14.3', 'comes back after requeueAfterMs, if that is above 0', async (subject) => {
  const endings = { a: [100, 0.5], b: [0], c: [-1] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { endings }))
  rig.add(['a', 'b', 'c'])
  await work.look('at first', ['a', 'b', 'c'], [])
  await work.timers('after requeueAfterMs of 100, 0 and -1', [100])
  await work.pass(99)
  await work.look('after 99 ms', [])
  await work.pass(1)
  await work.look('after 100 ms', ['a'])
  await work.pass(1)
  await work.look('0.5 ms later', ['a'], [])
  await work.timers('after nothing was asked for', [])
})

check('RC-14.4', 'is done with a key, however it went', async (subject) => {
  const endings = { a: ['waits'], b: ['waits and rejects'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { endings }))
  rig.add(['a'])
  await work.look('at first', ['a'])
  rig.add(['a', 'a'])
  await work.look('while the key is being reconciled', [])
  rig.finish('a')
  await work.look('when that went well, and the key was added meanwhile', ['a'])
  rig.add(['b'])
  await work.look('after that', ['b'])
  rig.add(['b'])
  rig.finish('b')
  await work.look('when that failed, and the key was added meanwhile', ['b'])
})

check('RC-14.5', 'needs nobody to report to', async (subject) => {
  const { rig, ...work } = controllerParts(working(subject, { quiet: true, endings: { a: ['rejects'] } }))
  rig.add(['a', 'b'])
  await work.pass(5)
  await work.look('without onError', ['a', 'b', 'a'])
})

check('RC-15.1', 'works on one key at a time, if nobody says otherwise', async (subject) => {
  const endings = { a: ['waits'] } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { endings }))
  rig.add(['a', 'b', 'c'])
  await work.look('while the first one waits', ['a'])
  rig.finish('a')
  await work.look('when the first one has ended', ['b', 'c'])
})

check('RC-15.2', 'works on as many keys as it has workers, each by itself', async (subject) => {
  const endings = {
    a: ['waits'],
    b: ['waits'],
    c: ['waits'],
    d: ['waits'],
    e: ['waits'],
  } satisfies Fixture.ControllerSetup['endings']
  const { rig, ...work } = controllerParts(working(subject, { workers: 3, endings }))
  rig.add(['a', 'b', 'c', 'd', 'e', 'f'])
  await work.look('while three of them wait', ['a', 'b', 'c'])
  rig.finish('b')
  await work.look('when one of three has ended', ['d'])
  rig.finish('d')
  await work.look('when the next one has ended', ['e'])
  rig.finish('e')
  await work.look('when the next one has ended, while two never do', ['f'])
  rig.add(['a'])
  await work.look('when a key is added that hangs', [])
  rig.add(['g', 'h'])
  await work.look('with one worker that is left', ['g', 'h'])
})

check('RC-16.1', 'waits for what is under way, and begins nothing any more', async (subject) => {
  const late = subject.room<typeof Fixture>('fixture').call('begunAfterStop', subject.clock)
  const stopDuring = async (ending: Fixture.Ending, errors: string[]) => {
    const { rig, ...work } = controllerParts(working(subject, { endings: { a: [ending] } }))
    rig.add(['a', 'b'])
    await work.look('at first', ['a'])
    rig.add(['a'])
    const stops = [rig.stop.patient(), rig.stop.patient()]
    rig.end()
    for (const stop of stops) await stillWaits(subject, stop, 'stop() while a reconcile is under way')
    rig.finish('a')
    for (const stop of stops) await answered(subject, stop, 'stop() when the reconcile has ended')
    rig.add(['d'])
    await work.timers('after stop()', [])
    return { rig, work, errors }
  }
  const both = await Promise.all([
    stopDuring('waits', []),
    stopDuring('waits and rejects', ['a: reconcile fails']),
  ])
  await both[0].work.pass(60_000)
  for (const { rig, work, errors } of both) {
    const [takes, sources] = [rig.queueTakes(), rig.sources()]
    await work.look('after stop(), when two keys were waiting', [], errors)
    expect(await takes, 'whether the queue takes a key after stop()').toEqual(false)
    expect((await sources)[0]?.[1], 'what the source was asked for by stop()').toEqual('stop')
  }
  expect(
    await late,
    'turns of the job queue between a key and stop(), where a reconcile began after stop()',
  ).toEqual([])
})

check('RC-16.2', 'waits for its sources to stop', async (subject) => {
  const { rig } = new Work(subject, { sources: 2 })
  rig.start.patient()
  rig.end(0)
  rig.end(1)
  const stop = rig.stop.patient()
  rig.end(0)
  await stillWaits(subject, stop, 'stop() while one of two sources has not stopped')
  rig.end(1)
  const calls = rig.sources()
  await answered(subject, stop, 'stop() when both sources have stopped')
  expect(
    (await calls).map(([, second]) => second ?? ''),
    'what the sources were asked for by stop()',
  ).toEqual(['stop', 'stop'])
})

check('RC-16.3', 'may be stopped while its sources fill', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject, { sources: 2 }))
  const start = rig.start.patient()
  rig.add(['a'])
  rig.end(0)
  const stop = rig.stop.patient()
  rig.end(0)
  rig.end(1)
  await answered(subject, start, 'start() when the controller is stopped')
  await answered(subject, stop, 'stop() while sources fill')
  await work.look('after stop() while sources fill', [])
  await work.timers('after stop() while sources fill', [])
})

check('RC-16.4', 'may be stopped before it is started, and is not started then', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject))
  const stops = [rig.stop.patient(), rig.stop.patient()]
  rig.end()
  const start = rig.start.patient()
  rig.add(['a'])
  rig.end()
  const sources = rig.sources()
  for (const stop of stops) await answered(subject, stop, 'stop() before start()')
  await answered(subject, start, 'start() after stop()')
  await work.look('after that', [])
  const [asked = []] = await sources
  expect(asked.includes('start'), 'whether the source was started after stop()').toEqual(false)
})

function controllerParts(work: Work) {
  return {
    rig: work.rig,
    pass: work.pass.bind(work),
    look: work.look.bind(work),
    timers: work.timers.bind(work),
  }
}
