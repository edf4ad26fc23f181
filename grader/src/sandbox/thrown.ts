import { encode } from './codec.ts'
import { THROWN, type Thrown } from './protocol.ts'

/** An error as it is told to the other side: whatever was thrown, and whatever its properties do when they are read. */
export function describe(error: unknown): Thrown {
  const thrown = (message: string): Thrown => ({ name: 'Thrown', message, fields: {}, stack: '' })
  try {
    if (!(error instanceof Error)) return thrown(`${show(error)} was thrown, which is no Error`)
    const { name, ...fields } = error
    return {
      name: String(name).slice(0, THROWN.name),
      message: String(error.message).slice(0, THROWN.message),
      fields: encode(fields),
      stack: String(error.stack ?? '').slice(0, THROWN.stack),
    }
  } catch {
    // A proxy, or a getter that throws.
    return thrown('something was thrown that cannot be read')
  }
}

/** A value as somebody who debugs wants to read it: strings bare, data as JSON. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Error) return String(value.stack ?? value)
  if (typeof value === 'function') return `[function ${value.name}]`
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
