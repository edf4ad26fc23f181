import type { Event } from 'kubernetes-types/core/v1'
import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import type { Random } from '#kit/random'
import { isAlreadyExists, isNotFound } from '#kit/status-error'
import { timestamp } from '#kit/timestamp'

/**
 * Writes Events: what `kubectl describe` shows at the end. It never fails and holds nobody up.
 *
 * Mirrors: `EventRecorder` of k8s.io/client-go/tools/record
 */
export interface EventRecorder {
  /**
   * @param about the object that it happened to
   * @param reason one word, such as `FailedScheduling`
   * @param message a sentence for a person
   */
  event(about: ObjectOf<StoredKind>, type: 'Normal' | 'Warning', reason: string, message: string): void
}

/** What a recorder of events needs. */
export interface EventRecorderParts {
  client: Client
  clock: Clock
  /** Keeps the names of two recorders apart. Left out: they are told apart by the time, and then by trying again. */
  random?: Random
  /** Who reports, such as `default-scheduler` or `kubelet`. */
  component: string
}

/** So many events may wait to be written; those that come then are lost. */
const MAX_WAITING = 1000
/** So many events are remembered, to count those that happen again. */
const MAX_REMEMBERED = 4096
/** So many names are tried for an event. */
const MAX_NAMES = 5

const NANOSECONDS = 1_000_000n

/** An event that has been written: its repeats are counted there. */
interface Written {
  namespace: string
  name: string
  count: number
}

/** An event that waits to be written. */
interface Occurrence {
  key: string
  event: Event
}

/**
 * A recorder that writes through a client, one event after the other, in the order in which they happened. What
 * happens again (the same object, type, reason and message) is counted in the Event that is there. An event that the
 * API does not take is lost.
 *
 * Simplified: similar events are not put together, and nobody is held to a rate. Mirrors: events_cache.go
 */
export function clientEventRecorder({ client, clock, random, component }: EventRecorderParts): EventRecorder {
  const waiting: Occurrence[] = []
  // The one that happened longest ago comes first.
  const written = new Map<string, Written>()
  let isWriting = false
  let lastStamp = 0n

  /** Nanoseconds, as in client-go, and never the same twice. */
  function nextStamp(): bigint {
    const fraction = BigInt(Math.floor((random?.next() ?? 0) * Number(NANOSECONDS)))
    const now = BigInt(Math.floor(clock.now())) * NANOSECONDS + fraction
    lastStamp = now > lastStamp ? now : lastStamp + 1n
    return lastStamp
  }

  async function create(event: Event, objectName: string): Promise<Written | undefined> {
    const { namespace = 'default' } = event.metadata
    for (let attempt = 0; attempt < MAX_NAMES; attempt += 1) {
      const name = `${objectName}.${nextStamp().toString(16)}`
      try {
        await client.create('Event', { ...event, metadata: { name, namespace } })
        return { namespace, name, count: 1 }
      } catch (error) {
        if (!isAlreadyExists(error)) return undefined
      }
    }
    return undefined
  }

  async function count(before: Written, { lastTimestamp }: Event): Promise<Written | 'gone' | undefined> {
    const counted = { ...before, count: before.count + 1 }
    try {
      const patch = { count: counted.count, lastTimestamp }
      await client.patch('Event', before, { type: 'strategic', patch })
      return counted
    } catch (error) {
      return isNotFound(error) ? 'gone' : undefined
    }
  }

  async function write({ key, event }: Occurrence): Promise<void> {
    const before = written.get(key)
    const counted = before ? await count(before, event) : 'gone'
    const now = counted === 'gone' ? await create(event, event.involvedObject.name ?? '') : counted
    if (!now) return
    written.delete(key)
    written.set(key, now)
    const [oldest] = written.keys()
    if (written.size > MAX_REMEMBERED && oldest !== undefined) written.delete(oldest)
  }

  async function writeAll(): Promise<void> {
    isWriting = true
    for (let next = waiting.shift(); next; next = waiting.shift()) await write(next)
    isWriting = false
  }

  return {
    event(about, type, reason, message) {
      if (waiting.length >= MAX_WAITING) return
      waiting.push(occurrence(about, type, reason, message, timestamp(clock.now()), component))
      if (!isWriting) void writeAll()
    },
  }
}

function occurrence(
  about: ObjectOf<StoredKind>,
  type: string,
  reason: string,
  message: string,
  when: string,
  component: string,
): Occurrence {
  const { apiVersion, kind, metadata } = about
  const { namespace, name, uid, resourceVersion } = metadata
  const involvedObject = {
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    uid,
    apiVersion,
    resourceVersion,
  }
  const event: Event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace: namespace ?? 'default' },
    involvedObject,
    reason,
    message,
    type,
    count: 1,
    firstTimestamp: when,
    lastTimestamp: when,
    source: { component },
    reportingComponent: component,
    reportingInstance: '',
  }
  const key = JSON.stringify([apiVersion, kind, namespace, name, uid, type, reason, message])
  return { key, event }
}
