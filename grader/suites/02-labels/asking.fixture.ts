// Runs beside the room: makes many calls, of which each would take longer to cross than to be carried out.
import { SelectorError } from '#kit/labels'
import * as labels from '#rooms/labels'

/**
 * What came of a call: what it returned, or the name and the message of what it threw, and whether that is another class than
 * the one of the kit that has this name: who calls asks for the class.
 */
export type Outcome = { returned: unknown } | { thrown: string; message: string; isNamesake: boolean }

/** Makes the calls one after the other. What one of them returned is told as it was then. */
export async function outcomesOf(calls: [name: keyof typeof labels, args: unknown[]][]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const [name, args] of calls) {
    try {
      const returned: unknown = await Reflect.apply(Reflect.get(labels, name), undefined, args)
      outcomes.push({ returned: structuredClone(returned) })
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'Thrown', message: String(error) }
      // As a text, once: what is none may say otherwise the second time.
      const thrown = String(name)
      const isNamesake = thrown === 'SelectorError' && !(error instanceof SelectorError)
      outcomes.push({ thrown, message: String(message), isNamesake })
    }
  }
  return outcomes
}

/** What a call does that must throw at once, in words. */
export function endOf(name: keyof typeof labels, args: unknown[]): string {
  try {
    const returned: unknown = Reflect.apply(Reflect.get(labels, name), undefined, args)
    if (!(returned instanceof Promise)) return 'it returns'
    // Of what becomes of it nobody else hears.
    returned.catch(() => undefined)
    return 'it returns a promise'
  } catch {
    return 'it throws'
  }
}
