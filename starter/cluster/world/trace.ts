import { around, type ClientRequest } from '#cluster/world/around'
import { PushedStream } from '#cluster/world/pushed-stream'
import type { Client } from '#kit/client'
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
  /** How many were forgotten, because there were too many. */
  forgotten = 0

  /** @param clock anything that tells the time in ms */
  constructor(clock: { now(): number }) {
    this.#clock = clock
    this.#beginMs = clock.now()
  }

  get steps(): readonly Step[] {
    return this.#steps
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

  /** A client whose requests and events are told of, as those of `who`. */
  around(who: string, inner: Client): Client {
    return around(inner, {
      call: async (request, proceed) => {
        // It stands where it was made: what it brought about comes after it.
        const step = this.add(who, `${sentence(request)}: no answer`)
        try {
          const answer = await proceed()
          step.what = `${sentence(request)}${resultOf(answer)}`
          return answer
        } catch (error) {
          step.what = `${sentence(request)}: ${errorText(error)}`
          throw error
        }
      },
      watch: (request, open) => this.#watch(who, request, open),
    })
  }

  #watch<T>(who: string, request: ClientRequest, open: () => Stream<T>): Stream<T> {
    this.add(who, sentence(request))
    const source = open()
    let stopped = false
    const stream = new PushedStream<T>(() => {
      stopped = true
      this.add(who, `stops its watch of ${request.kind}`)
      void source.return()
    })
    const read = async () => {
      try {
        for await (const event of source) {
          this.add(who, `sees ${eventText(request.kind, event)}`)
          stream.push(event)
        }
        if (!stopped) this.add(who, `sees its watch of ${request.kind} end`)
        stream.end()
      } catch (error) {
        this.add(who, `sees its watch of ${request.kind} break off: ${errorText(error)}`)
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
  const { metadata, items } = answer as { metadata?: { resourceVersion?: string }; items?: unknown[] }
  const version = metadata?.resourceVersion
  return `${items ? `: ${items.length}` : ''}${version ? ` at ${version}` : ''}`
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
