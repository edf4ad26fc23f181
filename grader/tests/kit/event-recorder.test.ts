import type { Event } from 'kubernetes-types/core/v1'
import { describe, expect, it } from 'vitest'
import type { Pod } from '#kit/api/kinds'
import type { Client, Patch } from '#kit/client'
import { clientEventRecorder } from '#kit/event-recorder'
import { ManualClock } from '#kit/manual-clock'
import { alreadyExists, notFound, serviceUnavailable } from '#kit/status-error'

const START = Date.UTC(2026, 10, 20, 10, 0, 0)
const events = { group: '', resource: 'events', kind: 'Event' }

function pod(name: string, namespace = 'default'): Pod {
  const metadata = { name, namespace, uid: `uid-${name}`, resourceVersion: '7', creationTimestamp: '' }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] }, status: {} }
}

/** Keeps Events, notes the writes, and refuses where it is told to. */
function eventApi() {
  const kept = new Map<string, Event>()
  const writes: string[] = []
  const api = {
    kept,
    writes,
    refuse: undefined as ((write: string) => Error | undefined) | undefined,
    client: {
      async create(_kind: string, event: Event) {
        const { name = '', namespace } = event.metadata
        note(`create ${event.reason}`)
        if (kept.has(name)) throw alreadyExists(events, name)
        kept.set(name, event)
        return { ...event, metadata: { name, namespace } }
      },
      async patch(_kind: string, at: { name: string }, patch: Patch) {
        const event = kept.get(at.name)
        note(`patch ${event?.reason}`)
        if (!event) throw notFound(events, at.name)
        if (patch.type !== 'json') kept.set(at.name, { ...event, ...patch.patch })
      },
    } as unknown as Client,
  }
  function note(write: string) {
    writes.push(write)
    const error = api.refuse?.(write)
    if (error) throw error
  }
  return api
}

/** Lets what is under way come to its end. */
async function settled() {
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve()
}

function setUp() {
  const api = eventApi()
  const clock = new ManualClock(START)
  const recorder = clientEventRecorder({ client: api.client, clock, component: 'kubelet' })
  return { ...api, api, clock, recorder }
}

describe('clientEventRecorder', () => {
  it('writes an Event as client-go does', async () => {
    const { recorder, kept } = setUp()
    recorder.event(pod('web'), 'Warning', 'BackOff', 'Back-off restarting failed container')
    await settled()
    const name = `web.${(BigInt(START) * 1_000_000n).toString(16)}`
    expect([...kept.values()]).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name, namespace: 'default' },
        involvedObject: {
          apiVersion: 'v1',
          kind: 'Pod',
          namespace: 'default',
          name: 'web',
          uid: 'uid-web',
          resourceVersion: '7',
        },
        reason: 'BackOff',
        message: 'Back-off restarting failed container',
        type: 'Warning',
        count: 1,
        firstTimestamp: '2026-11-20T10:00:00Z',
        lastTimestamp: '2026-11-20T10:00:00Z',
        source: { component: 'kubelet' },
        reportingComponent: 'kubelet',
        reportingInstance: '',
      },
    ])
  })

  it('writes the Events of an object without a namespace into default', async () => {
    const { recorder, kept } = setUp()
    const { namespace: _, ...metadata } = pod('n1').metadata
    recorder.event({ apiVersion: 'v1', kind: 'Node', metadata, spec: {}, status: {} }, 'Normal', 'Ready', '')
    await settled()
    const [event] = kept.values()
    expect(event?.metadata.namespace).toBe('default')
    expect(event?.involvedObject).not.toHaveProperty('namespace')
  })

  it('counts what happens again, at the time when it last happened', async () => {
    const { recorder, kept, clock } = setUp()
    for (let time = 0; time < 3; time += 1) {
      recorder.event(pod('web'), 'Warning', 'BackOff', 'again')
      await settled()
      clock.advance(10_000)
    }
    expect([...kept.values()]).toMatchObject([
      { count: 3, firstTimestamp: '2026-11-20T10:00:00Z', lastTimestamp: '2026-11-20T10:00:20Z' },
    ])
  })

  it('keeps apart what differs in object, type, reason or message', async () => {
    const { recorder, kept } = setUp()
    recorder.event(pod('a'), 'Normal', 'R', 'm')
    recorder.event(pod('b'), 'Normal', 'R', 'm')
    recorder.event(pod('a', 'other'), 'Normal', 'R', 'm')
    recorder.event(pod('a'), 'Warning', 'R', 'm')
    recorder.event(pod('a'), 'Normal', 'S', 'm')
    recorder.event(pod('a'), 'Normal', 'R', 'n')
    await settled()
    expect(kept.size).toBe(6)
  })

  it('writes in the order in which things happened, and waits for each write', async () => {
    const { recorder, writes } = setUp()
    for (const reason of ['Scheduled', 'Pulled', 'Created', 'Pulled', 'Started']) {
      recorder.event(pod('web'), 'Normal', reason, '')
    }
    expect(writes).toEqual(['create Scheduled'])
    await settled()
    expect(writes).toEqual([
      'create Scheduled',
      'create Pulled',
      'create Created',
      'patch Pulled',
      'create Started',
    ])
  })

  it('loses what the API refuses, and goes on with the next', async () => {
    const { recorder, api, writes, kept } = setUp()
    api.refuse = (write) => (write.endsWith('Lost') ? serviceUnavailable('not now') : undefined)
    recorder.event(pod('web'), 'Normal', 'Lost', '')
    recorder.event(pod('web'), 'Normal', 'Kept', '')
    await settled()
    expect(writes).toEqual(['create Lost', 'create Kept'])
    expect([...kept.values()]).toMatchObject([{ reason: 'Kept' }])
  })

  it('writes an Event anew when the one to count in is gone', async () => {
    const { recorder, kept } = setUp()
    recorder.event(pod('web'), 'Normal', 'Pulled', '')
    await settled()
    kept.clear()
    recorder.event(pod('web'), 'Normal', 'Pulled', '')
    await settled()
    expect([...kept.values()]).toMatchObject([{ count: 1 }])
  })

  it('tries another name when a second recorder has taken the first one', async () => {
    const { recorder, client, clock, kept } = setUp()
    const other = clientEventRecorder({ client, clock, component: 'default-scheduler' })
    recorder.event(pod('web'), 'Normal', 'Pulled', '')
    other.event(pod('web'), 'Normal', 'Scheduled', '')
    await settled()
    expect([...kept.values()]).toMatchObject([{ reason: 'Pulled' }, { reason: 'Scheduled' }])
  })

  it('gives up after a few names', async () => {
    const { recorder, api, writes } = setUp()
    api.refuse = () => alreadyExists(events, 'any')
    recorder.event(pod('web'), 'Normal', 'Pulled', '')
    await settled()
    expect(writes).toEqual(Array(5).fill('create Pulled'))
  })

  it('takes the fraction of its names from chance', async () => {
    const { client, clock, kept } = setUp()
    const recorder = clientEventRecorder({ client, clock, component: 'x', random: { next: () => 0.5 } })
    recorder.event(pod('web'), 'Normal', 'Pulled', '')
    await settled()
    expect([...kept.keys()]).toEqual([`web.${(BigInt(START) * 1_000_000n + 500_000n).toString(16)}`])
  })

  it('loses what happens while a thousand events wait', async () => {
    const { recorder, kept } = setUp()
    for (let index = 0; index < 1500; index += 1) recorder.event(pod(`p${index}`), 'Normal', 'Pulled', '')
    for (let turn = 0; turn < 100; turn += 1) await settled()
    // The first one was under way.
    expect(kept.size).toBe(1001)
  })

  it('forgets what happened longest ago, after 4096 different events', async () => {
    const { recorder, writes } = setUp()
    for (let index = 0; index < 4096; index += 1) {
      recorder.event(pod(`p${index}`), 'Normal', 'Pulled', '')
      if (index % 500 === 0) for (let turn = 0; turn < 50; turn += 1) await settled()
    }
    for (const name of ['p0', 'another']) recorder.event(pod(name), 'Normal', 'Pulled', '')
    for (let turn = 0; turn < 100; turn += 1) await settled()
    writes.length = 0
    recorder.event(pod('p0'), 'Normal', 'Pulled', '')
    recorder.event(pod('p1'), 'Normal', 'Pulled', '')
    await settled()
    expect(writes).toEqual(['patch Pulled', 'create Pulled'])
  })
})
