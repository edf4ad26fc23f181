// RC-16: the end of a controller.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type * as Fixture from './controller.fixture.ts'
import { answered, playAll, stillWaits, tellOf } from './informer-bench.ts'
import { controllerParts, Work, working } from './work.ts'

check('RC-16.1', 'waits for what is under way, and begins nothing any more', async (subject) => {
  const stopped = subject.room<typeof Fixture>('fixture/controller').hold('begunAfterStop', subject.clock)
  const stopDuring = (ending: Fixture.Ending, errors: string[]) => async (who: string) => {
    const setup: Fixture.ControllerSetup = { endings: { a: [ending] } }
    const { rig, ...work } = controllerParts(working(subject, ['a', 'b'], setup, who))
    await work.pass()
    await rig.look()
    work.add(['a'])
    const stops = [work.stop(), work.stop()]
    // A controller may stop its sources last.
    work.add(['d'])
    for (const stop of stops) await stillWaits(subject, stop, 'stop() while a reconcile is under way')
    rig.finish('a')
    for (const stop of stops) await stillWaits(subject, stop, 'stop() while the source has not stopped')
    work.end()
    for (const stop of stops) {
      await answered(subject, stop, 'stop() when the reconcile has ended')
      expect(await stop, 'what onError has got when stop() resolves').toEqual(errors)
    }
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
    await stopped.late(),
    'how many microtasks after a key came stop() was called, where reconcile began only then',
  ).toEqual([])
})

check('RC-16.6', 'waits for every one of several workers, while its sources stop', async (subject) => {
  const endings = {
    a: ['waits and rejects'],
    b: ['waits'],
    c: ['waits and rejects'],
  } satisfies Fixture.ControllerSetup['endings']
  const endInOrder =
    ([first = '', second = '', last = '']: string[], errors: string[]) =>
    async (who: string) => {
      const keys = ['a', 'b', 'c', 'd']
      const { rig, ...work } = controllerParts(working(subject, keys, { workers: 3, endings }, who))
      await work.pass()
      await rig.look()
      const stop = work.stop()
      rig.finish(first)
      rig.finish(second)
      await work.look('after stop(), when d was waiting, and the source has not stopped', [])
      // Whether its source is to stop first or last: if it was asked to, it has stopped now.
      work.end()
      await stillWaits(subject, stop, `stop() while the reconcile for ${last} is under way`)
      rig.finish(last)
      await work.pass()
      work.end()
      await answered(subject, stop, 'stop() when the reconciles for a, b and c have ended')
      expect(await stop, 'what onError has got when stop() resolves').toEqual(errors)
      await work.look('after stop(), when d was waiting', [])
    }
  await playAll(subject, {
    'the controller whose reconcile for c ends last': endInOrder(['b', 'a', 'c'], ['c: reconcile fails']),
    'the controller whose reconcile for a ends last': endInOrder(['c', 'b', 'a'], ['a: reconcile fails']),
  })
})

check('RC-16.2', 'waits for its sources to stop', async (subject) => {
  const stopInOrder = (first: number, last: number) => async (who: string) => {
    const { rig, ...work } = controllerParts(new Work(subject, { sources: 2 }, who))
    work.start()
    work.end(0)
    work.end(1)
    const stop = work.stop()
    work.end(first)
    await stillWaits(subject, stop, `stop() while source ${last + 1} of two has not stopped`)
    work.end(last)
    // A controller may stop one source after the other.
    await work.pass()
    work.end(first)
    const calls = rig.sources()
    await answered(subject, stop, 'stop() when both sources have stopped')
    expect(
      (await calls).map(([, second]) => second ?? ''),
      'what the sources were asked for by stop()',
    ).toEqual(['stop', 'stop'])
  }
  await playAll(subject, {
    'the controller whose source 2 stops last': stopInOrder(0, 1),
    'the controller whose source 1 stops last': stopInOrder(1, 0),
  })
})

check('RC-16.3', 'may be stopped while its sources fill', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject, { sources: 2 }))
  const start = work.start()
  work.add(['a'])
  work.end(0)
  const stop = work.stop()
  const again = work.start()
  work.end(0)
  work.end(1)
  await answered(subject, start, 'start() when the controller is stopped')
  await answered(subject, again, 'a second start(), after stop()')
  await answered(subject, stop, 'stop() while sources fill')
  await work.look('after stop() while sources fill', [])
  expect(
    await rig.queueTakes(),
    'whether the queue still takes a key after stop() while sources fill',
  ).toEqual(false)
  await work.timers('after stop() while sources fill', [])
})

check('RC-16.4', 'may be stopped before it is started, and is not started then', async (subject) => {
  const { rig, ...work } = controllerParts(new Work(subject))
  const stops = [work.stop(), work.stop()]
  work.end()
  const start = work.start()
  work.add(['a'])
  work.end()
  const [sources, takes] = [rig.sources(), rig.queueTakes()]
  for (const stop of stops) await answered(subject, stop, 'stop() before start()')
  await answered(subject, start, 'start() after stop()')
  await work.look('when a key was added after stop() and start()', [])
  const [asked = []] = await sources
  expect(asked.includes('start'), 'whether the source was started after stop()').toEqual(false)
  expect(await takes, 'whether the queue still takes a key after stop() before start()').toEqual(false)
})
