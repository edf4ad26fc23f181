type Clone = (...args: unknown[]) => unknown

// Taken before a room runs.
const { getPrototypeOf, keys } = Object
const { isArray } = Array
const PLAIN = Object.prototype

/** Thrown where a value is not what JSON has: what was copied of it until then is dropped. */
const OTHER = new Error('not plain')

/**
 * What stands for `structuredClone`: it copies what JSON has by itself, several times as fast as the host, and leaves the rest to
 * it. An object that is met twice is left to it, too, for its copies must be one.
 *
 * @param host the host's
 */
export function quickClone(host: Clone): Clone {
  /** What the host throws is of a class that is open, and that no name leads to. */
  const clone: Clone = (...args) => {
    try {
      return host(...args)
    } catch (error) {
      const { name, code, message } = Object(error) as Error & { code?: unknown }
      // A getter of the room's own may have thrown as well.
      if (name !== 'DataCloneError' && !String(code).startsWith('ERR_')) throw error
      throw Object.assign(new Error(String(message)), { name: 'DataCloneError' })
    }
  }
  return (...args) => {
    if (args.length !== 1) return clone(...args)
    try {
      return copyOf(args[0], new Set())
    } catch (error) {
      if (error === OTHER) return clone(args[0])
      throw error
    }
  }
}

function copyOf(value: unknown, seen: Set<object>): unknown {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') throw OTHER
    return value
  }
  if (seen.has(value)) throw OTHER
  seen.add(value)
  return isArray(value) ? itemsOf(value, seen) : fieldsOf(value, seen)
}

function itemsOf(values: unknown[], seen: Set<object>): unknown[] {
  // Else there are holes, or fields besides.
  if (keys(values).length !== values.length) throw OTHER
  const copy: unknown[] = []
  for (let at = 0; at < values.length; at++) copy[at] = copyOf(values[at], seen)
  return copy
}

function fieldsOf(value: object, seen: Set<object>): object {
  if (getPrototypeOf(value) !== PLAIN) throw OTHER
  const copy: Record<string, unknown> = {}
  // Plain, it inherits nothing; and to ask for its keys first takes longer.
  for (const key in value) {
    // It would be assigned, not defined.
    if (key === '__proto__') throw OTHER
    const field = value[key as keyof typeof value] as unknown
    // Most are text: that needs no look.
    copy[key] = typeof field === 'string' ? field : copyOf(field, seen)
  }
  return copy
}
