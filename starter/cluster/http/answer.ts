import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Status } from 'kubernetes-types/meta/v1'
import { NotYet } from '#kit/not-yet'
import { internalError, isStatusError, unknownError } from '#kit/status-error'

/** What an error is answered with: its Status, or an internal error that names it: 501 for what is not written yet. */
export function statusOf(error: unknown): Status {
  if (isStatusError(error)) return error.status
  if (error instanceof NotYet) return { ...unknownError(error.message).status, code: 501 }
  return internalError(error instanceof Error ? error.message : String(error)).status
}

/** From so many characters on, all warnings together are too long, and each is cut. */
const WARNINGS_LENGTH = 4_096
const WARNING_LENGTH = 256

/** Programs with people before them. */
const READ_BY_PEOPLE = /^(curl|Wget|Mozilla\/5\.0)/
/** What Go takes for true. */
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True']

/**
 * Sends JSON and ends the answer: indented for who asks for it with `pretty` or looks like a person, and otherwise on
 * one line.
 *
 * Mirrors: `isPrettyPrint` of k8s.io/apiserver/pkg/endpoints/handlers/negotiation
 *
 * @param warnings one `Warning` header each
 */
export function sendJson(
  response: ServerResponse,
  code: number,
  body: object,
  warnings: readonly string[] = [],
  mediaType = 'application/json',
): void {
  const text = isPretty(response.req) ? JSON.stringify(body, null, 2) : `${JSON.stringify(body)}\n`
  if (warnings.length > 0) response.setHeader('Warning', inBounds(warnings).map(warning))
  sendAs(response, code, mediaType, text)
}

/** Sends JSON that people ask for rather than programs, and ends the answer: always indented, as in Kubernetes. */
export function sendIndented(response: ServerResponse, body: object): void {
  sendAs(response, 200, 'application/json', JSON.stringify(body, null, 2))
}

/** Sends plain text and ends the answer. */
export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(text)
}

/**
 * Sends a Status as the answer that it stands for. What is left of the request's body is not read: where it was too
 * large, the connection ends here.
 */
export function sendStatus(response: ServerResponse, status: Status): void {
  const code = status.code ?? 500
  if (code === 413) response.setHeader('Connection', 'close')
  const retryAfterSeconds = status.details?.retryAfterSeconds
  if (retryAfterSeconds) response.setHeader('Retry-After', String(retryAfterSeconds))
  sendJson(response, code, status)
}

function sendAs(response: ServerResponse, code: number, mediaType: string, text: string): void {
  const headers = { 'Content-Type': mediaType, 'Cache-Control': 'no-cache, private' }
  response.writeHead(code, { ...headers, 'Content-Length': Buffer.byteLength(text) })
  response.end(text)
}

function isPretty({ url = '', headers }: IncomingMessage): boolean {
  const [, pretty] = /[?&]pretty=([^&]+)/.exec(url) ?? []
  return pretty === undefined ? READ_BY_PEOPLE.test(headers['user-agent'] ?? '') : TRUE.includes(pretty)
}

/**
 * Warnings as they are sent.
 *
 * Mirrors: `AddWarning` of k8s.io/apiserver/pkg/endpoints/filters
 */
function inBounds(warnings: readonly string[]): readonly string[] {
  const length = warnings.reduce((sum, text) => sum + text.length, 0)
  return length > WARNINGS_LENGTH ? warnings.map((text) => text.slice(0, WARNING_LENGTH)) : warnings
}

/** Header values are of one line, in Latin letters. */
function warning(text: string): string {
  const quoted = text.replace(/[\\"]/g, '\\$&').replace(/[^\x20-\x7e]/g, '?')
  return `299 - "${quoted}"`
}
