/**
 * What a list in pages hands to its reader, so that the next request goes on where the last page ended.
 *
 * Mirrors: k8s.io/apiserver/pkg/storage/continue.go
 */
import { encodeBase64 } from '#kit/api/base64'
import { isJsonObject } from '#kit/merge-patch'
import { badRequest } from '#kit/status-error'

/** Where a list goes on. */
export interface ContinuePosition {
  /** The revision of the first page, at which all pages are read. At least 1. */
  revision: number
  /** The first key that may be on the next page, without the prefix of the list: `default/web\u0000`. */
  start: string
}

const VERSION = 'meta.k8s.io/v1'
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Writes a token, which is opaque to its reader: base64url of a JSON object, without padding. */
export function encodeContinue({ revision, start }: ContinuePosition): string {
  return toBase64Url(JSON.stringify({ v: VERSION, rv: revision, start }))
}

/**
 * Reads a token.
 *
 * @throws {StatusError} BadRequest (400) if it is none. Simplified: the message says in which step reading failed,
 *   but not always what Go's decoder says of it.
 */
export function decodeContinue(token: string): ContinuePosition {
  const { v, rv, start } = decodeJson(token)
  if (v !== VERSION) {
    throw invalidToken(`: server does not recognize this encoded version ${typeof v === 'string' ? v : ''}`)
  }
  if (rv === undefined || rv === 0) {
    throw invalidToken(`: incorrect encoded start resourceVersion (version ${VERSION})`)
  }
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv)) throw invalidToken(': rv is not a whole number')
  if (start === undefined || start === '') {
    throw invalidToken(`: encoded start key empty (version ${VERSION})`)
  }
  if (typeof start !== 'string') throw invalidToken(': start is not a string')
  if (!isClean(start)) throw invalidToken(`: ${start}`)
  return { revision: rv, start }
}

function invalidToken(why: string) {
  return badRequest(`invalid continue token: continue key is not valid${why}`)
}

function decodeJson(token: string): { v?: unknown; rv?: unknown; start?: unknown } {
  const bytes = fromBase64Url(token)
  if (bytes === undefined) throw invalidToken(': illegal base64 data')
  if (bytes === '') throw invalidToken(': unexpected end of JSON input')
  const first = Number.parseInt(bytes.slice(0, 2), 16)
  if (!/[\s{["\-\dtfn]/.test(String.fromCharCode(first))) {
    throw invalidToken(`: invalid character '${quoted(first)}' looking for beginning of value`)
  }
  const value = parsed(bytes)
  if (!isJsonObject(value)) throw invalidToken(': there is no JSON object in it')
  return value
}

function parsed(bytes: string): unknown {
  try {
    // Percent-encoding is the only decoder of UTF-8 that the language itself has.
    return JSON.parse(decodeURIComponent(bytes.replaceAll(/../g, '%$&')))
  } catch {
    return undefined
  }
}

/** A byte as Go quotes it. */
function quoted(byte: number): string {
  if (byte > 0xa0 || (byte >= 0x20 && byte < 0x7f)) return String.fromCharCode(byte)
  const digits = byte.toString(16).padStart(2, '0')
  return byte < 0x80 ? `\\x${digits}` : `\\u00${digits}`
}

/** Without anything that would lead out of the list's prefix. */
function isClean(start: string): boolean {
  const parts = start.replace(/^\//, '').split('/')
  return !parts.some((part) => part === '' || part === '.' || part === '..')
}

function toBase64Url(text: string): string {
  return encodeBase64(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** @returns the bytes, two hexadecimal digits each; `undefined` if it is no base64url without padding */
function fromBase64Url(text: string): string | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined
  let bytes = ''
  for (let at = 0; at < text.length; at += 4) {
    let bits = 0
    for (const digit of text.slice(at, at + 4).padEnd(4, 'A')) bits = bits * 64 + ALPHABET.indexOf(digit)
    bytes += bits.toString(16).padStart(6, '0')
  }
  return bytes.slice(0, 2 * Math.floor((text.length * 3) / 4))
}
