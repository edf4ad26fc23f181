// What stands around a client in a world: latency, faults, trace.
import { describe, expect, it } from 'vitest'
import { Faults } from '#cluster/world/faults'
import { delayed } from '#cluster/world/latency'
import { PushedStream } from '#cluster/world/pushed-stream'
import { Trace } from '#cluster/world/trace'
import type { Client, WatchEvent } from '#kit/client'
import { ManualClock } from '#kit/manual-clock'
import { seeded } from '#kit/random'
import { StatusError } from '#kit/status-error'

type Event = WatchEvent<'ConfigMap'>

const bookmark = (version: number): Event => ({
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion: `${version}` } },
})

/** A client that counts its writes, and whose watches bring what is pushed. */
function scripted() {
  const streams: PushedStream<Event>[] = []
  const writes: string[] = []
  const client = {
    get: async () => ({ metadata: { resourceVersion: '1' } }),
    create: async (_: unknown, { metadata }: { metadata: { name: string } }) => {
      writes.push(metadata.name)
      return { metadata }
    },
    watch: () => {
      const stream = new PushedStream<Event>()
      streams.push(stream)
      return stream
    },
  } as unknown as Client
  const push = (...versions: number[]) => {
    for (const stream of streams) for (const version of versions) stream.push(bookmark(version))
  }
  return { client, writes, streams, push }
}

const named = (name: string) => ({ metadata: { namespace: 'default', name } })
const macrotask = () => new Promise((resolve) => void setImmediate(resolve))

/** What a watch has brought by now. */
async function collect(stream: AsyncIterator<Event, undefined>) {
  const seen: string[] = []
  const read = async () => {
    try {
      for (let next = await stream.next(); !next.done; next = await stream.next())
        seen.push(next.value.object.metadata.resourceVersion)
      seen.push('end')
    } catch (error) {
      seen.push(String(error))
    }
  }
  void read()
  await macrotask()
  return seen
}

describe('latency', () => {
  it('does at once what is asked, and answers later', async () => {
    const { client, writes } = scripted()
    const clock = new ManualClock()
    const slow = delayed(client, { leastMs: 5, mostMs: 5 }, clock, seeded(1))
    let answered = false
    void slow.create('ConfigMap', named('a')).then(() => {
      answered = true
    })
    await macrotask()
    expect(writes).toEqual(['a'])
    clock.advance(4)
    await macrotask()
    expect(answered).toBe(false)
    clock.advance(1)
    await macrotask()
    expect(answered).toBe(true)
  })

  it('keeps the order of one watch', async () => {
    const { client, push } = scripted()
    const clock = new ManualClock()
    const stream = delayed(client, { leastMs: 1, mostMs: 50 }, clock, seeded(1)).watch('ConfigMap')
    const versions = Array.from({ length: 30 }, (_, version) => version)
    push(...versions)
    const seen = await collect(stream)
    expect(seen).toEqual([])
    clock.advance(50)
    await macrotask()
    expect(seen).toEqual(versions.map(String))
  })

  it('keeps it also of events that arrive at the same instant, whichever of their timers is first', async () => {
    const { client, push } = scripted()
    const fires: (() => void)[] = []
    const clock = {
      now: () => 0,
      setTimer: (_: number, fire: () => void) => ({ cancel() {}, _: fires.push(fire) }),
    }
    const stream = delayed(client, { leastMs: 1, mostMs: 1 }, clock, seeded(1)).watch('ConfigMap')
    push(1, 2, 3)
    const seen = await collect(stream)
    for (const fire of fires.reverse()) fire()
    await macrotask()
    expect(seen).toEqual(['1', '2', '3'])
  })
})

describe('faults', () => {
  it('fail a call before it took effect, or after', async () => {
    const { client, writes } = scripted()
    const faults = new Faults()
    const faulty = faults.around(client)
    faults.fail({ verb: 'create' }, 'before', new Error('refused'))
    faults.fail({ verb: 'create' }, 'after', new Error('lost'))
    await expect(faulty.create('ConfigMap', named('a'))).rejects.toThrow('refused')
    await expect(faulty.create('ConfigMap', named('b'))).rejects.toThrow('lost')
    await faulty.create('ConfigMap', named('c'))
    expect(writes).toEqual(['b', 'c'])
  })

  it('strike after the n-th write, before word of it arrives', async () => {
    const { client, writes } = scripted()
    const faults = new Faults()
    const faulty = faults.around(client)
    let struck = 0
    faults.afterWrites(2, () => struck++)
    await faulty.create('ConfigMap', named('a'))
    await faulty.get('ConfigMap', named('a').metadata)
    expect(struck).toBe(0)
    await faulty.create('ConfigMap', named('b'))
    await faulty.create('ConfigMap', named('c'))
    expect([struck, writes]).toEqual([1, ['a', 'b', 'c']])
  })

  it('strike at the n-th request, watches too; a call waits for that', async () => {
    const { client, writes, streams } = scripted()
    const faults = new Faults()
    const faulty = faults.around(client)
    let go = () => {}
    const gone = new Promise<void>((resolve) => {
      go = resolve
    })
    faults.atRequest(2, () => gone)
    await faulty.create('ConfigMap', named('a'))
    void faulty.create('ConfigMap', named('b'))
    await macrotask()
    expect(writes).toEqual(['a'])
    go()
    await macrotask()
    expect(writes).toEqual(['a', 'b'])
    const opened: number[] = []
    faults.atRequest(1, () => void opened.push(streams.length))
    faulty.watch('ConfigMap')
    faulty.watch('ConfigMap')
    expect([opened, streams.length]).toEqual([[0], 2])
  })

  it.each<[string, (faults: Faults, push: (...versions: number[]) => void) => void, string[]]>([
    ['drop events', (faults, push) => [faults.dropEvents(2), push(1, 2, 3)], ['3']],
    ['repeat events', (faults, push) => [faults.repeatEvents(1), push(1, 2)], ['1', '1', '2']],
    ['cut a watch', (faults, push) => [push(1), faults.cutWatches(), push(2)], ['end']],
    ['break a watch off', (faults) => faults.breakWatches(new Error('gone')), ['Error: gone']],
  ])('%s', async (_, strike, expected) => {
    const { client, push } = scripted()
    const faults = new Faults()
    const seen = await collect(faults.around(client).watch('ConfigMap'))
    strike(faults, push)
    await macrotask()
    expect(seen).toEqual(expected)
  })

  it('hold events back, let them go, and bring them again', async () => {
    const { client, push } = scripted()
    const faults = new Faults()
    const seen = await collect(faults.around(client).watch('ConfigMap'))
    faults.holdEvents()
    push(1, 2)
    await macrotask()
    expect(seen).toEqual([])
    faults.releaseEvents()
    await macrotask()
    faults.replayEvents(1)
    await macrotask()
    expect(seen).toEqual(['1', '2', '2'])
  })

  it('close the watch below when the reader has had enough', async () => {
    const { client, streams } = scripted()
    const faults = new Faults()
    const stream = faults.around(client).watch('ConfigMap')
    expect(faults.openWatches).toBe(1)
    await stream.return()
    expect(faults.openWatches).toBe(0)
    expect(await streams[0]?.next()).toEqual({ done: true, value: undefined })
  })
})

describe('a trace', () => {
  it('tells in their order what was asked and what was seen', async () => {
    const { client, push } = scripted()
    const clock = new ManualClock()
    const trace = new Trace(clock)
    const faults = new Faults()
    const traced = trace.around('controller', faults.around(client))
    faults.fail({ verb: 'create' }, 'before', new StatusError({ reason: 'Conflict', code: 409 }))
    await traced.create('ConfigMap', named('a'), { subresource: 'status' }).catch(() => undefined)
    clock.advance(7)
    const seen = await collect(traced.watch('ConfigMap', { resourceVersion: '2' }))
    push(3)
    await macrotask()
    expect(seen).toEqual(['3'])
    expect(trace.steps).toEqual([
      { atMs: 0, who: 'controller', what: 'creates the status of ConfigMap default/a: Conflict (409)' },
      { atMs: 7, who: 'controller', what: 'watches ConfigMap from 2' },
      { atMs: 7, who: 'controller', what: 'sees BOOKMARK ConfigMap at 3' },
    ])
  })

  it('tells once, and of the outer one, what passes two clients', async () => {
    const { client, push } = scripted()
    const trace = new Trace(new ManualClock())
    const traced = trace.around('controller', new Faults().around(trace.around('the check', client)))
    await traced.create('ConfigMap', named('a'))
    await collect(traced.watch('ConfigMap'))
    push(3)
    await macrotask()
    expect(trace.steps.map(({ who, what }) => `${who} ${what}`)).toEqual([
      'controller creates ConfigMap default/a',
      'controller watches ConfigMap',
      'controller sees BOOKMARK ConfigMap at 3',
    ])
  })

  it('tells only what one of many is about', () => {
    const trace = new Trace(new ManualClock())
    for (const n of [1, 2]) trace.add(`controller ${n}`, 'crashes')
    for (const n of [1, 2]) trace.add('the check', `creates ConfigMap n-${n}/a at ${n}`)
    trace.about('controller 2', ' n-2/')
    expect(trace.steps.map(({ who, what }) => `${who} ${what}`)).toEqual([
      'controller 2 crashes',
      'the check creates ConfigMap n-2/a at 2',
    ])
  })
})
