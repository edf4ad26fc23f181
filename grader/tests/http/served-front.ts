// An HTTP front on a port of its own, in front of the reference's API or of a client that a test makes.
import { type IncomingHttpHeaders, request as open } from 'node:http'
import type { AddressInfo } from 'node:net'
import { assembleApi } from '#cluster/assemble-api'
import { type HttpFrontParts, httpFront } from '#cluster/http/server'
import { systemClock } from '#cluster/system-clock'
import { everybodyIsAdministrator } from '#kit/access'
import { kindTable } from '#kit/api/served-kinds'
import { seeded } from '#kit/random'
import { Store } from '#rooms/store'

/** A front that listens. */
export interface ServedFront {
  port: number
  client: HttpFrontParts['client']
  store: Store<object>
  /** What the API threw that is no `StatusError`. */
  faults: unknown[]
  /** How many clients are connected. */
  connections(): Promise<number>
  close(): Promise<void>
}

/** Serves the reference's API with the namespace `default`; `parts` takes the place of what it is made of. */
export async function serveFront(parts: Partial<HttpFrontParts> = {}): Promise<ServedFront> {
  const store = new Store<object>()
  const api = assembleApi({ store, clock: systemClock, random: seeded(1) })
  await api.create('Namespace', { metadata: { name: 'default' } })
  const faults: unknown[] = []
  const served = {
    client: api,
    kinds: kindTable,
    access: everybodyIsAdministrator,
    now: () => Date.now(),
    onFault: (error: unknown) => void faults.push(error),
    ...parts,
  }
  const server = httpFront(served)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    port: (server.address() as AddressInfo).port,
    client: served.client,
    store,
    faults,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** An answer, read to its end. */
export interface Answer {
  code: number
  headers: IncomingHttpHeaders
  text: string
  /** The text as JSON; `undefined` if it is none. */
  body: unknown
}

/** What a request says besides its method and path. */
export interface Sent {
  body?: unknown
  headers?: Record<string, string>
}

/** Sends a request exactly as it is written: no part of its path is resolved or encoded. */
export function send(port: number, method: string, path: string, { body, headers = {} }: Sent = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const length = String(Buffer.byteLength(text ?? ''))
    const type = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': length }
    const request = open({ port, host: '127.0.0.1', method, path, headers: { ...type, ...headers } })
    request.on('error', reject)
    request.on('response', (response) => {
      let answer = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        answer += chunk
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          code: response.statusCode ?? 0,
          headers: response.headers,
          text: answer,
          body: json(answer),
        }),
      )
    })
    request.end(text)
  })
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A pod that is right. */
export function pod(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'nginx:1' }] },
  }
}

/** The path of the pods of the namespace `default`. */
export const PODS = '/api/v1/namespaces/default/pods'
/** The path of the ConfigMaps of the namespace `default`. */
export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'
