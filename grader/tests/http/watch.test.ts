import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WatchEvent } from '#kit/client'
import type { Stream } from '#kit/stream'
import { CONFIG_MAPS, type ServedFront, send, serveFront } from './served-front.ts'

let front: ServedFront
beforeAll(async () => {
  front = await serveFront()
})
afterAll(() => front.close())

type Line = {
  type: string
  object: { kind: string; metadata: Record<string, unknown>; [part: string]: unknown }
}

/** Opens a watch; `next()` reads one line, `undefined` when it has ended. */
async function watch(port: number, query: string, accept = 'application/json') {
  const path = `${CONFIG_MAPS}?watch=1&${query}`
  const request = get({ port, host: '127.0.0.1', path, headers: { accept } })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const lines = createInterface({ input: response })[Symbol.asyncIterator]()
  return {
    code: response.statusCode,
    async next(): Promise<Line | undefined> {
      const { done, value } = await lines.next()
      return done ? undefined : (JSON.parse(value as string) as Line)
    },
    close: () => request.destroy(),
  }
}

const create = (name: string) => send(front.port, 'POST', CONFIG_MAPS, { body: { metadata: { name } } })
const remove = (name: string) => send(front.port, 'DELETE', `${CONFIG_MAPS}/${name}`)

/** A client's stream that a test holds in its hands. */
function heldStream() {
  let returned: () => void = () => {}
  const isReturned = new Promise<void>((resolve) => {
    returned = resolve
  })
  const events: Stream<WatchEvent<'ConfigMap'>> = {
    next: () => new Promise(() => {}),
    async return() {
      returned()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => events,
  }
  return { events, isReturned }
}

describe('a watch', () => {
  it('sends what is there, and then what happens, a line each', async () => {
    await create('w1')
    const seen = await watch(front.port, '')
    expect(await seen.next()).toMatchObject({
      type: 'ADDED',
      object: { kind: 'ConfigMap', metadata: { name: 'w1' } },
    })
    await create('w2')
    expect(await seen.next()).toMatchObject({
      type: 'ADDED',
      object: { apiVersion: 'v1', metadata: { name: 'w2' } },
    })
    await remove('w1')
    expect(await seen.next()).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'w1' } } })
    seen.close()
  })

  it('goes on after the version that it is given', async () => {
    const { body } = await create('w3')
    const { resourceVersion } = (body as { metadata: { resourceVersion: string } }).metadata
    const seen = await watch(front.port, `resourceVersion=${resourceVersion}`)
    await create('w4')
    expect(await seen.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'w4' } } })
    seen.close()
  })

  it('ends after timeoutSeconds', async () => {
    const seen = await watch(front.port, 'timeoutSeconds=1&fieldSelector=metadata.name%3Dnone')
    expect([seen.code, await seen.next()]).toEqual([200, undefined])
  })

  it('is Tables for whoever asks for them, the first with headers', async () => {
    const seen = await watch(front.port, '', 'application/json;as=Table;v=v1;g=meta.k8s.io')
    const [first, second] = [await seen.next(), await seen.next()]
    expect(first?.object).toMatchObject({ kind: 'Table', columnDefinitions: [{ name: 'Name' }, {}, {}] })
    expect(second?.object).toMatchObject({
      kind: 'Table',
      columnDefinitions: null,
      rows: [{ cells: ['w3', 0, expect.any(String)] }],
    })
    seen.close()
  })

  it('that begins too long ago is told so by an event, with 200', async () => {
    const { revision } = await front.store.list('')
    await front.store.compact(revision)
    const seen = await watch(front.port, 'resourceVersion=1')
    expect(seen.code).toBe(200)
    expect(await seen.next()).toEqual({
      type: 'ERROR',
      object: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `too old resource version: 1 (${revision})`,
        reason: 'Expired',
        code: 410,
      },
    })
    expect(await seen.next()).toBeUndefined()
  })

  it('that makes no sense is refused before it begins', async () => {
    const { code, body } = await send(front.port, 'GET', `${CONFIG_MAPS}?watch=1&labelSelector=a%20in%20(`)
    expect([code, body]).toMatchObject([400, { kind: 'Status', reason: 'BadRequest' }])
    const initial = await send(front.port, 'GET', `${CONFIG_MAPS}?watch=1&sendInitialEvents=true`)
    expect([initial.code, initial.body]).toMatchObject([422, { reason: 'Invalid' }])
  })

  it('lets go of its stream when the client is gone', async () => {
    const { events, isReturned } = heldStream()
    const held = await serveFront({ client: { ...front.client, watch: (() => events) as never } })
    const seen = await watch(held.port, '')
    seen.close()
    await isReturned
    await held.close()
  })

  it('sends a bookmark with the kind and the version', async () => {
    const { events } = heldStream()
    const bookmark = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '7' } } } as const
    let told = false
    const once: typeof events = {
      ...events,
      async next() {
        if (told) return { done: true, value: undefined }
        told = true
        return { done: false, value: bookmark }
      },
    }
    const held = await serveFront({ client: { ...front.client, watch: (() => once) as never } })
    const seen = await watch(held.port, 'allowWatchBookmarks=true')
    expect(await seen.next()).toEqual({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: '7' } },
    })
    expect(await seen.next()).toBeUndefined()
    await held.close()
  })

  it('cuts off a client that does not read, having taken little from the stream', async () => {
    const { events, isReturned } = heldStream()
    const data = { large: 'x'.repeat(2 ** 20) }
    const object = { metadata: { name: 'large', resourceVersion: '1' }, data }
    let taken = 0
    const endless: typeof events = {
      ...events,
      async next() {
        taken++
        return { done: false, value: { type: 'MODIFIED', object } as never }
      },
    }
    const held = await serveFront({
      client: { ...front.client, watch: (() => endless) as never },
      patienceMs: 200,
    })
    const socket = connect(held.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.pause()
    socket.write(`GET ${CONFIG_MAPS}?watch=1 HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await isReturned
    expect(taken).toBeLessThan(30)
    expect((await send(held.port, 'GET', '/healthz')).text).toBe('ok')
    socket.destroy()
    await held.close()
  })
})
