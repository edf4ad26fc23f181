import { notAcceptable } from '#kit/status-error'

/** The form in which a client wants its answer. */
export type AnswerForm =
  /** The object or the list itself. */
  | 'object'
  /** What `kubectl get` prints. */
  | 'table'
  /** Metadata alone. */
  | 'metadata'

/** One alternative of an `Accept` header. */
export interface MediaRange {
  type: string
  parameters: ReadonlyMap<string, string>
  /** From 0 to 1: how welcome it is. */
  quality: number
}

const META = 'meta.k8s.io'
const FORMS: Readonly<Record<string, AnswerForm>> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata',
}

/** What an `Accept` header names, best first; without one, anything is right. */
export function mediaRanges(header: string | undefined): MediaRange[] {
  const ranges = (header || '*/*').split(',').map((text): MediaRange => {
    const [type = '', ...rest] = text.split(';').map((part) => part.trim())
    const parameters = new Map(
      rest.map((part): [string, string] => {
        const [name = '', value = ''] = part.split('=')
        return [name, value]
      }),
    )
    return { type: type.toLowerCase(), parameters, quality: Number(parameters.get('q') ?? 1) }
  })
  return ranges.sort((a, b) => b.quality - a.quality)
}

/** Whether a range takes JSON. */
export function takesJson({ type, quality }: MediaRange): boolean {
  return quality > 0 && ['application/json', 'application/*', '*/*'].includes(type)
}

/**
 * The first form that a client wants and the front has.
 *
 * @throws {StatusError} NotAcceptable (406) if there is none
 */
export function answerForm(header: string | undefined): AnswerForm {
  for (const range of mediaRanges(header)) {
    if (!takesJson(range)) continue
    const as = range.parameters.get('as')
    if (as === undefined) return 'object'
    const form = FORMS[as]
    if (form && range.parameters.get('g') === META && range.parameters.get('v') === 'v1') return form
  }
  throw notAcceptable(['application/json'])
}
