import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StoredKind } from '#kit/api/kinds'
import type { WatchEvent } from '#kit/client'
import { isExpired, isStatusError } from '#kit/status-error'
import type { Stream } from '#kit/stream'

/** How long a watch may go on, and how patient the front is with its reader. */
export interface WatchLimits {
  /** When the watch ends by itself, in ms. */
  timeoutMs: number
  /** How long a client may leave what was sent unread, in ms, before the connection is cut. */
  patienceMs: number
}

/** How long a watch may take to be refused with a status rather than with an event, in ms. */
const REFUSAL_MS = 20

/**
 * Sends the events of a stream, a line of JSON each, until the stream or the time ends or the client is gone. The next
 * event is asked for when the last one has been taken, so that little waits here for a slow client.
 *
 * @param encode an event's object as the client wants it
 * @param statusOf the Status of what the stream rejected with
 * @throws whatever the stream rejects with before anything was sent, but for Expired, which is an event
 *
 * Mirrors: k8s.io/apiserver/pkg/endpoints/handlers/watch.go
 */
export async function answerWatch(
  response: ServerResponse,
  stream: Stream<WatchEvent<StoredKind>>,
  encode: (event: WatchEvent<StoredKind>) => object,
  statusOf: (error: unknown) => object,
  { timeoutMs, patienceMs }: WatchLimits,
): Promise<void> {
  const over = new AbortController()
  const end = () => over.abort()
  const timer = setTimeout(end, Math.min(timeoutMs, 2 ** 31 - 1))
  response.once('close', end)
  const ended = new Promise<undefined>((resolve) =>
    over.signal.addEventListener('abort', () => resolve(undefined), { once: true }),
  )
  try {
    let next = stream.next()
    const first = await Promise.race([settled(next), sleep(REFUSAL_MS)])
    if (first && 'error' in first && !(isStatusError(first.error) && isExpired(first.error)))
      throw first.error
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' })
    response.flushHeaders()
    for (;;) {
      const result = await Promise.race([settled(next), ended])
      if (!result) return
      if ('error' in result) {
        await send(response, { type: 'ERROR', object: statusOf(result.error) }, patienceMs)
        return
      }
      if (result.value.done) return
      const event = result.value.value
      await send(response, { type: event.type, object: encode(event) }, patienceMs)
      if (over.signal.aborted) return
      next = stream.next()
    }
  } finally {
    clearTimeout(timer)
    response.off('close', end)
    // What the stream says to that is of no interest to anybody any more.
    await Promise.race([stream.return().catch(() => undefined), sleep(patienceMs, undefined, { ref: false })])
    if (response.headersSent) response.end()
  }
}

type Settled<T> = { value: T } | { error: unknown }

function settled<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
}

/** Cuts the connection if the client takes nothing for too long. */
async function send(response: ServerResponse, line: object, patienceMs: number): Promise<void> {
  if (response.write(`${JSON.stringify(line)}\n`) || response.destroyed) return
  const drained = new AbortController()
  const timer = setTimeout(() => response.destroy(), patienceMs)
  const { signal } = drained
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })])
  } finally {
    clearTimeout(timer)
    drained.abort()
  }
}
