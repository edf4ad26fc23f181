import { Foreign, ForeignError } from '../sandbox/codec.ts'
import { Words } from './expect.ts'

const CHARACTERS = 1_000

/** A value as a learner reads it: one line of something like JSON, cut where it is too long. */
export function describeValue(value: unknown): string {
  const text = describe(value, 0)
  return text.length > CHARACTERS ? `${text.slice(0, CHARACTERS)}…` : text
}

function describe(value: unknown, depth: number): string {
  if (depth > 12) return '…'
  if (value instanceof Words) return value.text
  if (value instanceof Foreign) return value.what
  if (value instanceof ForeignError) return `${value.name}: ${value.message}`
  if (value instanceof Date) return `Date(${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()})`
  if (value instanceof Map) return `Map${describe([...value], depth + 1)}`
  if (value instanceof Set) return `Set${describe([...value], depth + 1)}`
  if (Array.isArray(value)) return `[${value.map((item) => describe(item, depth + 1)).join(', ')}]`
  if (typeof value === 'bigint') return `${value}n`
  if (Object.is(value, -0)) return '-0'
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).filter(([, item]) => item !== undefined)
    return pairs.length === 0
      ? '{}'
      : `{ ${pairs.map(([key, item]) => `${name(key)}: ${describe(item, depth + 1)}`).join(', ')} }`
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function name(key: string): string {
  return /^[A-Za-z_][\w]*$/.test(key) ? key : JSON.stringify(key)
}
