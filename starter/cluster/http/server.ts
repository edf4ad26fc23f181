/**
 * The HTTP front of a control plane: what kubectl and client libraries speak, in front of any `Client`.
 *
 * Mirrors: k8s.io/apiserver
 * Simplified: no TLS, protobuf only in what a DELETE says, no OpenAPI v2, no server-side apply, no logs, exec, attach or
 * proxy.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Access, Credentials } from '#kit/access'
import type { KindTable } from '#kit/api/kind-table'
import type { Client } from '#kit/client'
import { isStatusError, methodNotAllowed, timeout, unauthorized } from '#kit/status-error'
import { mediaRanges } from './accept.ts'
import { sendIndented, sendJson, sendStatus, sendText, statusOf } from './answer.ts'
import { group, groups, resources } from './discovery.ts'
import { isFromPage } from './from-page.ts'
import { HEALTH_PATHS, healthText } from './health.ts'
import { impersonated } from './impersonation.ts'
import { type OpenApi, openApi } from './openapi-document.ts'
import { pathParts, resourcePath } from './path.ts'
import { answerResource, type FrontParts } from './resource-request.ts'
import { SchemaBook } from './schema-book.ts'
import { servedResources } from './served-resources.ts'

/** What the front is made of. */
export interface HttpFrontParts {
  client: Client
  kinds: KindTable
  /** Who asks, and whether they may do so in somebody else's name. The API asks the rest. */
  access: Pick<Access, 'authenticate' | 'authorize'>
  /** The time, in ms since 1970: what ages in tables are measured at. */
  now(): number
  /** Told of every error that is no `StatusError`: a fault of the API. The client gets its message. */
  onFault(error: unknown, request: { method: string; path: string }): void
  /** How long a client may leave what was sent unread, in ms. Default: 30,000. */
  patienceMs?: number
  /** How long the API may take before it answers, in ms. Default: 60,000. */
  answerWithinMs?: number
}

/** What `kubectl version` shows: the release whose kubectl the front is tested with. */
const VERSION = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.0-drydock',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'typescript',
}
/** The protobuf of OpenAPI v2. */
const OPENAPI_V2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
/** How large the headers of a request may be together, in bytes. */
const HEADER_LIMIT_BYTES = 64 * 2 ** 10
/** How long a connection is kept that nobody uses, in ms: as long as Kubernetes does, and longer than its clients. */
const IDLE_MS = 180_000
/** How many clients may be connected at a time. */
const CONNECTIONS = 2_000

/** An HTTP server in front of a client; it does not listen yet. */
export function httpFront(parts: HttpFrontParts): Server {
  const front = new HttpFront(parts)
  const server = createServer({ maxHeaderSize: HEADER_LIMIT_BYTES, noDelay: true }, (request, response) => {
    void front.answer(request, response)
  })
  server.maxConnections = CONNECTIONS
  server.keepAliveTimeout = IDLE_MS
  return server
}

class HttpFront {
  readonly #parts: HttpFrontParts & FrontParts
  readonly #answerWithinMs: number
  #documents: OpenApi | undefined

  constructor(parts: HttpFrontParts) {
    const served = servedResources(parts.kinds)
    this.#parts = { patienceMs: 30_000, ...parts, served, schemas: new SchemaBook(served) }
    this.#answerWithinMs = parts.answerWithinMs ?? 60_000
  }

  /** Never rejects: whatever happens, the client is told. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy())
    const [path = '', search = ''] = (request.url ?? '').split(/\?(.*)/s)
    const late = new Promise<never>((_, reject) => {
      const isLate = () =>
        response.headersSent || reject(timeout('request did not complete within the allotted timeout', 0))
      const timer = setTimeout(isLate, this.#answerWithinMs)
      response.once('close', () => clearTimeout(timer))
    })
    try {
      if (isFromPage(request.headers)) return sendText(response, 403, 'not for web pages\n')
      await Promise.race([this.#answer(request, response, path, new URLSearchParams(search)), late])
    } catch (error) {
      if (response.destroyed) return
      const method = request.method ?? ''
      if (!isStatusError(error)) this.#parts.onFault(error, { method, path })
      if (response.headersSent) response.destroy()
      else sendStatus(response, statusOf(error))
    } finally {
      this.#finish(request, response)
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
  ): Promise<void> {
    const { access } = this.#parts
    const caller = await access.authenticate(credentialsOf(request))
    if (!caller) throw unauthorized()
    const user = await impersonated(request, caller, access)
    const parts = pathParts(path)
    if (!parts) return sendText(response, 400, '400 Bad Request')
    const [root = ''] = parts
    if (root === 'api' || root === 'apis') {
      const asked = resourcePath(parts)
      const isServed = asked && this.#parts.served.has(asked.groupVersion)
      if (isServed)
        return answerResource(this.#parts, { request, response, query, path: asked, call: { user } })
      if (asked) return notFound(response)
    }
    const health = healthText(parts, query)
    if (health !== undefined) return sendText(response, 200, health)
    if (request.method !== 'GET') throw methodNotAllowed()
    const read = parts.join('/')
    if (read === '') return sendIndented(response, { paths: this.#paths() })
    if (read === 'version') return sendIndented(response, VERSION)
    if (read === 'openapi/v2') {
      // A document without anything in it. kubectl asks for it when it meets a List or a kind that is not in v3.
      response.writeHead(200, { 'Content-Type': OPENAPI_V2, 'Content-Length': 0 })
      return void response.end()
    }
    const body = this.#document(parts, request, response)
    if (body) sendJson(response, 200, body)
    else if (!response.writableEnded) notFound(response)
  }

  /** What is there to be read besides objects. */
  #document(
    parts: readonly string[],
    request: IncomingMessage,
    response: ServerResponse,
  ): object | undefined {
    const { served } = this.#parts
    const [root, second, third, ...more] = parts
    const key = [second, third].filter(Boolean).join('/')
    if (root === 'openapi' && second === 'v3') {
      const { index, documents } = this.#openApi()
      return third === undefined ? index : documents.get([third, ...more].join('/'))
    }
    if (root !== 'api' && root !== 'apis') return undefined
    if (second === undefined) {
      const address = `${request.socket.localAddress}:${request.socket.localPort}`
      const { body, mediaType } = groups(root, served, mediaRanges(request.headers.accept), address)
      sendJson(response, 200, body, [], mediaType)
      return undefined
    }
    if (root === 'apis' && third === undefined) return group(second, served)
    const version = (root === 'api') === (third === undefined) ? served.get(key) : undefined
    return version && resources(version)
  }

  #openApi(): OpenApi {
    this.#documents ??= openApi(this.#parts.served, this.#parts.schemas)
    return this.#documents
  }

  #paths(): string[] {
    const versions = [...this.#parts.served].map(([key, each]) =>
      each.group ? `/apis/${key}` : `/api/${key}`,
    )
    return ['/api', '/apis', ...HEALTH_PATHS, '/openapi/v2', '/openapi/v3', '/version', ...versions].sort()
  }

  /** A body that nobody read must not keep the connection, nor a client that does not read its answer. */
  #finish(request: IncomingMessage, response: ServerResponse): void {
    if (!request.complete) request.resume()
    if (response.writableFinished || response.destroyed) return
    const timer = setTimeout(() => response.destroy(), this.#parts.patienceMs)
    response.once('close', () => clearTimeout(timer))
  }
}

function credentialsOf(request: IncomingMessage): Credentials {
  const bearerToken = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim()
  return bearerToken === undefined ? {} : { bearerToken }
}

function notFound(response: ServerResponse): void {
  sendText(response, 404, '404 page not found\n')
}
