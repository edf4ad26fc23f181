import { Foreign, ForeignError } from '../sandbox/codec.ts'
import { Words } from './words.ts'

const CHARACTERS = 1_000

/**
 * A value as a learner reads it: one line of something like JSON, cut where it is too long.
 *
 * @param like what it stands beside: fields that both have come first, in this one's order. Left out: in its own
 */
export function describeValue(value: unknown, like?: unknown): string {
  const text = describe(value, 0, like)
  return text.length > CHARACTERS ? `${text.slice(0, CHARACTERS)}…` : text
}

function describe(value: unknown, depth: number, like?: unknown): string {
  if (depth > 12) return '…'
  if (value instanceof Words) return value.text
  if (value instanceof Foreign) return value.what
  if (value instanceof ForeignError) return `${value.name}: ${value.message}`
  if (value instanceof Date) return `Date(${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()})`
  if (value instanceof Map) return `Map${describe([...value], depth + 1)}`
  if (value instanceof Set) return `Set${describe([...value], depth + 1)}`
  if (Array.isArray(value))
    return `[${value.map((item, at) => describe(item, depth + 1, memberOf(like, at))).join(', ')}]`
  if (typeof value === 'bigint') return `${value}n`
  if (Object.is(value, -0)) return '-0'
  if (typeof value === 'object' && value !== null) {
    const pairs = inOrderOf(like, value).filter(([, item]) => item !== undefined)
    const texts = pairs.map(
      ([key, item]) => `${nameText(key)}: ${describe(item, depth + 1, memberOf(like, key))}`,
    )
    return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function inOrderOf(like: unknown, value: object): [string, unknown][] {
  // A room may have very many: each is looked at once.
  const own = new Map<string, unknown>(Object.entries(value))
  const first = Object.keys(like ?? {}).filter((key) => own.has(key))
  return [...new Set([...first, ...own.keys()])].map((key) => [key, own.get(key)])
}

function memberOf(like: unknown, key: string | number): unknown {
  return typeof like === 'object' && like !== null && Object.hasOwn(like, key)
    ? like[key as keyof typeof like]
    : undefined
}

/** A name as it stands in what is described. */
export function nameText(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)
}
