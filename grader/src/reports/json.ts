import type { Verdict } from '../runner/verdict.ts'

/** What JSON allows raw and a terminal, an editor or (`##[…]`, anywhere in a line) a CI service would act upon. */
const RAW =
  /##|[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g

/** A verdict as one line of JSON, in ASCII where anything else would act on whoever looks at it. */
export function toJson(verdict: Verdict): string {
  return JSON.stringify(verdict).replace(RAW, (characters) =>
    Array.from(
      { length: characters.length },
      (_, index) => `\\u${characters.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
