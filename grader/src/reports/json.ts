import type { Verdict } from '../runner/verdict.ts'
import { ACTIVE } from './escape.ts'

/** What JSON allows raw and a terminal, an editor or (`##[…]`, anywhere in a line) a CI service would act upon. */
const RAW = new RegExp(`##|${ACTIVE.source}`, 'gu')

/** A verdict as one line of JSON, in ASCII where anything else would act on whoever looks at it. */
export function toJson(verdict: Verdict): string {
  return JSON.stringify(verdict).replace(RAW, (characters) =>
    Array.from(
      { length: characters.length },
      (_, index) => `\\u${characters.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
