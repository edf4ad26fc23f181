// How the steps of a check are said.

import type { Patch } from '#kit/client'
import { describeValue } from '../../src/runner/describe-value.ts'
import type { Setup } from './bench.fixture.ts'
import type { Rival } from './rivals.fixture.ts'

/** How much of what was sent is told, in characters. What has no more room than a part is not looked into. */
const SENT = 90
const PART = 40

/** How a draft or a patch is told that the check changes, as one that has sent it may do. */
const CHANGED = ', and then changes what it has sent'

/** How a call is told. */
export interface Verb {
  /** Left out: the check itself. */
  who?: string
  says(...args: never[]): string
  /** What was sent with it, where that is not a part of the sentence. */
  sends?(...args: never[]): unknown
  /** Whether what it answers is a watch. */
  opens?: boolean
  /** How an answer is told that comes later. Left out: it stands with the call. */
  hears?: string
}

interface Place {
  namespace?: string | undefined
  name?: string | undefined
}

/** What is asked of an API. */
export const requests: Record<string, Verb> = {
  create: ofDraft('creates'),
  update: ofDraft('updates'),
  get: {
    says: (kind: string, at: Place, options?: object) => `gets ${objectText(kind, at)}${alsoText(options)}`,
  },
  patch: {
    says: (kind: string, at: Place, patch: Patch, options?: object) =>
      `patches ${objectText(kind, at)}${alsoText(options)}${isHeld(patch) ? CHANGED : ''}`,
    sends: (_kind: string, _at: Place, patch: Patch) => {
      if (isHeld(patch)) return undefined
      return patch.type === 'json' ? patch.operations : patch.patch
    },
  },
  merge: {
    says: (name: string, _: object, options?: object) =>
      `patches ConfigMap default/${name}${alsoText(options)}`,
    sends: (_: string, patch: object) => patch,
  },
  delete: {
    says: (kind: string, at: Place, options?: object) =>
      `deletes ${objectText(kind, at)}${alsoText(options)}`,
  },
  deleteCollection: { says: (kind: string, options?: object) => `deletes all ${kind}${alsoText(options)}` },
  list: { says: (kind: string, options?: object) => `lists ${kind}${alsoText(options)}` },
  pages: { says: (kind: string, options?: object) => `lists ${kind} page by page${alsoText(options)}` },
  watch: { says: (kind: string, options?: object) => `watches ${kind}${alsoText(options)}`, opens: true },
  put: {
    who: 'somebody else',
    says: (key: string) => `writes ${key}`,
    sends: (_: string, value: object) => value,
  },
  remove: { who: 'somebody else', says: (key: string) => `deletes ${key}` },
  compact: { who: 'somebody else', says: () => 'compacts the store' },
}

/** What is asked of a watch. */
export function ofWatch(number: number): Record<string, Verb> {
  return {
    next: { says: () => `calls next() of watch ${number}`, hears: `hears of watch ${number}` },
    return: { says: () => `calls return() of watch ${number}` },
  }
}

/** What is particular about an API, as steps before all others. */
export function begins(setup: Setup): [who: string, what: string][] {
  const {
    rivals = [],
    plugins = [],
    rows = {},
    denied,
    slowMs,
    causes,
    namespaceSeconds,
    sameRandom,
    namespaces = [],
  } = setup
  const steps: [who: string, what: string][] = []
  for (const name of namespaces) steps.push(['somebody else', `has created Namespace ${name}`])
  for (const [kind, row] of Object.entries(rows))
    steps.push(['the kind table', row ? `says of ${kind} ${describeValue(row)}` : `has no ${kind}`])
  if (causes)
    steps.push(['the kind table', `finds causes in every ConfigMap: ${describeValue(causesOf(causes))}`])
  if (namespaceSeconds !== undefined)
    steps.push([
      'the kind table',
      `gives every Namespace a grace period of ${namespaceSeconds} seconds, and takes its status away where its deletion begins`,
    ])
  if (slowMs !== undefined) steps.push(['access', `takes ${slowMs} ms to answer about jane`])
  if (denied !== undefined) steps.push(['access', 'allows nothing'])
  if (sameRandom) steps.push(['random', 'gives the same number every time'])
  for (const { name, only, adds, refuses, twice } of plugins) {
    const what = adds
      ? `will add ${describeValue(adds)}`
      : `will ${refuses ? `refuse in ${refuses}` : 'change nothing'}`
    const where = only ? `, where the request is about ${only}` : ''
    steps.push([`plugin ${name}`, `${twice ? 'stands twice in the list, and ' : ''}${what}${where}`])
  }
  for (const [text, times] of counts(rivals))
    steps.push(['somebody else', times > 1 ? `${text}, ${times} times` : text])
  return steps
}

/** What came of a call, as the rest of its sentence. */
export function answerText(answer: unknown): string {
  const { kind, status, metadata, items, done, value, modRevision, compacted } = (answer ?? {}) as {
    kind?: unknown
    status?: unknown
    metadata?: { resourceVersion?: unknown }
    items?: unknown
    done?: unknown
    modRevision?: unknown
    compacted?: unknown
    value?: { type?: unknown; object?: { metadata?: Place & { resourceVersion?: unknown } } }
  }
  if (modRevision !== undefined) return `: at version ${modRevision}`
  if (compacted !== undefined) return `: up to version ${compacted}`
  if (done === true) return ': the end'
  if (value)
    return (
      [':', value.type, placeText(value.object?.metadata)].filter(Boolean).join(' ') +
      versionText(value.object?.metadata)
    )
  if (Array.isArray(answer)) return `: ${answer.length} ${answer.length === 1 ? 'page' : 'pages'}`
  if (Array.isArray(items)) return `: ${counted(items.length)}${versionText(metadata)}`
  if (kind === 'Status') return `: ${status}`
  return metadata?.resourceVersion === undefined ? '' : `:${versionText(metadata)}`
}

function rivalText({ when, key, does }: Rival): string {
  const what = `${does ? 'write' : 'delete'} ${key ?? 'what the API is about to write'}`
  const moment =
    when === 'before a write' ? 'after the API has read, and before it writes' : 'just after the API lists'
  return `will ${what}, ${moment}`
}

/** How often others do the same, in the order in which each begins. */
function counts(rivals: readonly Rival[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const rival of rivals) {
    const text = rivalText(rival)
    times.set(text, (times.get(text) ?? 0) + (rival.times ?? 1))
  }
  return times
}

function causesOf({ validate, validateUpdate }: NonNullable<Setup['causes']>) {
  const fields = (causes: { field?: string }[]) => causes.map(({ field }) => field)
  return { validate: fields(validate), validateUpdate: fields(validateUpdate) }
}

function ofDraft(verb: string): Verb {
  return {
    says: (kind: string, draft: unknown, options?: object) =>
      `${verb} ${objectText(kind, metadataOf(draft))}${alsoText(options)}${isHeld(draft) ? CHANGED : ''}`,
    sends: (_: string, draft: object) => {
      if (isHeld(draft)) return undefined
      const { namespace: _namespace, name: _name, ...metadata } = metadataOf(draft)
      return { ...draft, metadata: Object.keys(metadata).length > 0 ? metadata : undefined }
    },
  }
}

/** What checks hold on the other side, in order to change it there. It cannot be looked into: whatever is read of it is a method. */
function isHeld(value: unknown): boolean {
  return typeof (value as { metadata?: unknown } | undefined)?.metadata === 'function'
}

function metadataOf(draft: unknown): Place {
  const { metadata } = (draft ?? {}) as { metadata?: Place }
  return typeof metadata === 'object' ? metadata : {}
}

function objectText(kind: string, at: Place): string {
  const place = placeText(at)
  if (!at.name && at.namespace) return `${kind} in namespace ${at.namespace}`
  return place ? `${kind} ${place}` : kind
}

function placeText({ namespace, name }: Place = {}): string {
  return [namespace, name].filter(Boolean).join('/')
}

function versionText({ resourceVersion }: { resourceVersion?: unknown } = {}): string {
  return resourceVersion === undefined ? '' : ` at version ${resourceVersion}`
}

function alsoText(options: object = {}): string {
  const text = describeValue(options)
  return text === '{}' ? '' : ` ${text}`
}

/** What was sent, as the end of a sentence. */
export function sentText(sent: unknown): string {
  const text = briefly(sent ?? {}, SENT)
  return text === '{}' ? '' : text
}

/** A value in about so many characters: what takes too many is left out, the innermost first. */
function briefly(value: unknown, characters: number): string {
  const text = describeValue(value)
  if (text.length <= characters) return text
  if (characters < PART || typeof value !== 'object' || value === null || Array.isArray(value)) return '…'
  const parts = Object.entries(value).filter(([, part]) => part !== undefined)
  return `{ ${parts.map(([name, part]) => `${name}: ${briefly(part, characters / 2)}`).join(', ')} }`
}

function counted(objects: number): string {
  return objects === 1 ? '1 object' : `${objects} objects`
}
