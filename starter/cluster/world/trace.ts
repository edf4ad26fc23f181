import { around, type ClientRequest } from '#cluster/world/around'
import { PushedStream } from '#cluster/world/pushed-stream'
import type { KindName } from '#kit/api/kinds'
import type { Client } from '#kit/client'
import type { ClientWatchOptions } from '#kit/client-options'
import { StatusError } from '#kit/status-error'
import type { Stream } from '#kit/stream'

/** How many steps are kept. */
const KEPT = 500

/** One thing that happened in a world. */
export interface Step {
  /** Since the world began. */
  atMs: number
  /** Who saw or did it, such as `controller`. */
  who: string
  /** What, as a sentence without its subject: `updates ConfigMap default/a: Conflict (409)`. */
  what: string
}

/** What happened in a world, in its order: which is that of cause and effect. */
export class Trace {
  readonly #clock: { now(): number }
  readonly #beginMs: number
  readonly #steps: Step[] = []
  /** Whether a request is passing that is told of already. */
  #isTold = false
  #about: { who: string; what: string } | undefined
  /** How many were forgotten, because there were too many. */
  forgotten = 0

  /** @param clock anything that tells the time in ms */
  constructor(clock: { now(): number }) {
    this.#clock = clock
    this.#beginMs = clock.now()
  }

  get steps(): readonly Step[] {
    const about = this.#about
    return about
      ? this.#steps.filter(({ who, what }) => who === about.who || what.includes(about.what))
      : this.#steps
  }

  /** Tells only what `who` did and saw, and what others did that names `what`: where many live side by side. */
  about(who: string, what: string): void {
    this.#about = { who, what }
  }

  /** @returns the step, to be completed when its end is known */
  add(who: string, what: string): Step {
    const step = { atMs: this.#clock.now() - this.#beginMs, who, what }
    this.#steps.push(step)
    if (this.#steps.length > KEPT) {
      this.#steps.shift()
      this.forgotten++
    }
    return step
  }

  /** A client whose requests and events are told of, as those of `who`; those of a client around it are that one's. */
  around(who: string, inner: Client): Client {
    const client = around(inner, {
      call: async (request, proceed) => {
        if (this.#isTold) return proceed()
        // It stands where it was made: what it brought about comes after it.
        const step = this.add(who, `${sentence(request)}: no answer`)
        try {
          const answer = await this.#tell(proceed)
          step.what = `${sentence(request)}${resultOf(answer)}`
          return answer
        } catch (error) {
          step.what = `${sentence(request)}: ${errorText(error)}`
          throw error
        }
      },
      watch: (_, open) => open(),
    })
    return {
      ...client,
      watch: (kind, options = {}) => this.#watch(who, kind, options, () => inner.watch(kind, options)),
    }
  }

  /** Does what is told of already. */
  #tell<T>(work: () => T): T {
    this.#isTold = true
    try {
      return work()
    } finally {
      this.#isTold = false
    }
  }

  #watch<T>(
    who: string,
    kind: KindName,
    { namespace, resourceVersion }: ClientWatchOptions,
    open: () => Stream<T>,
  ): Stream<T> {
    if (this.#isTold) return open()
    const from = resourceVersion === undefined ? '' : ` from ${resourceVersion}`
    this.add(who, `watches ${kind}${namespace === undefined ? '' : ` ${namespace}`}${from}`)
    const source = this.#tell(open)
    let stopped = false
    const stream = new PushedStream<T>(() => {
      stopped = true
      this.add(who, `stops its watch of ${kind}`)
      void source.return()
    })
    const read = async () => {
      try {
        for await (const event of source) {
          this.add(who, `sees ${eventText(kind, event)}`)
          stream.push(event)
        }
        if (!stopped) this.add(who, `sees its watch of ${kind} end`)
        stream.end()
      } catch (error) {
        this.add(who, `sees its watch of ${kind} break off: ${errorText(error)}`)
        stream.fail(error)
      }
    }
    void read()
    return stream
  }
}

const VERBS = {
  get: 'gets',
  list: 'lists',
  watch: 'watches',
  create: 'creates',
  update: 'updates',
  patch: 'patches',
  delete: 'deletes',
  deleteCollection: 'deletes all',
} as const

function sentence({ verb, kind, namespace, name, subresource }: ClientRequest): string {
  const where = [namespace, name].filter((part) => part !== undefined).join('/')
  const part = subresource === undefined ? '' : `the ${subresource} of `
  return `${VERBS[verb]} ${part}${kind}${where ? ` ${where}` : ''}`
}

function resultOf(answer: unknown): string {
  const { metadata, items } = answer as {
    metadata?: { resourceVersion?: string; continue?: string }
    items?: unknown[]
  }
  const version = metadata?.resourceVersion
  const more = metadata?.continue ? ', and there are more' : ''
  return `${items ? `: ${items.length}` : ''}${version ? ` at ${version}` : ''}${more}`
}

function eventText(kind: string, event: unknown): string {
  const { type, object } = event as {
    type: string
    object: { metadata?: { namespace?: string; name?: string; resourceVersion?: string } }
  }
  const { namespace, name, resourceVersion } = object.metadata ?? {}
  const where = [namespace, name].filter((part) => part !== undefined).join('/')
  return `${type} ${kind}${where ? ` ${where}` : ''} at ${resourceVersion}`
}

function errorText(error: unknown): string {
  if (error instanceof StatusError) return `${error.status.reason} (${error.status.code})`
  return error instanceof Error ? error.message : String(error)
}
