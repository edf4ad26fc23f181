/**
 * What a list in pages hands to its reader, so that the next request goes on where the last page ended.
 *
 * Mirrors: k8s.io/apiserver/pkg/storage/continue.go
 */
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
  if (!bytes) throw invalidToken(': illegal base64 data')
  const [first] = bytes
  if (first === undefined) throw invalidToken(': unexpected end of JSON input')
  if (!/[\s{["\-\dtfn]/.test(String.fromCharCode(first))) {
    throw invalidToken(`: invalid character '${quoted(first)}' looking for beginning of value`)
  }
  const value = parsed(bytes)
  if (!isJsonObject(value)) throw invalidToken(': there is no JSON object in it')
  return value
}

function parsed(bytes: readonly number[]): unknown {
  try {
    // Percent-encoding is the only decoder of UTF-8 that the language itself has.
    return JSON.parse(decodeURIComponent(bytes.map((byte) => `%${hex(byte)}`).join('')))
  } catch {
    return undefined
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

/** A byte as Go quotes it. */
function quoted(byte: number): string {
  if (byte > 0xa0 || (byte >= 0x20 && byte < 0x7f)) return String.fromCharCode(byte)
  return byte < 0x80 ? `\\x${hex(byte)}` : `\\u00${hex(byte)}`
}

/** Without anything that would lead out of the list's prefix. */
function isClean(start: string): boolean {
  const parts = start.replace(/^\//, '').split('/')
  return !parts.some((part) => part === '' || part === '.' || part === '..')
}

function toBase64Url(text: string): string {
  const bytes = [...text].flatMap((character) =>
    encodeURIComponent(character).startsWith('%')
      ? encodeURIComponent(character)
          .slice(1)
          .split('%')
          .map((byte) => Number.parseInt(byte, 16))
      : [character.charCodeAt(0)],
  )
  let encoded = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.slice(at, at + 3)
    const bits = (first << 16) | (second << 8) | third
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET.charAt((bits >> shift) & 63)).join('')
    encoded += digits.slice(0, Math.min(3, bytes.length - at) + 1)
  }
  return encoded
}

/** @returns `undefined` if it is no base64url without padding */
function fromBase64Url(text: string): number[] | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined
  const bytes: number[] = []
  for (let at = 0; at < text.length; at += 4) {
    const digits = text.slice(at, at + 4)
    const bits = [...digits.padEnd(4, 'A')].reduce((sum, digit) => sum * 64 + ALPHABET.indexOf(digit), 0)
    bytes.push(...[16, 8, 0].map((shift) => (bits >> shift) & 255).slice(0, digits.length - 1))
  }
  return bytes
}
