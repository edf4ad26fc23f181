import { around, type ClientRequest, isWrite, type Verb } from '#cluster/world/around'
import { PushedStream } from '#cluster/world/pushed-stream'
import type { KindName } from '#kit/api/kinds'
import type { Client } from '#kit/client'
import type { Stream } from '#kit/stream'

/** How many events of a watch are remembered, to be brought again. */
const REMEMBERED = 100

/** Which requests a fault is for. */
export interface Target {
  /** Left out: any. */
  verb?: Verb
  /** Left out: any. */
  kind?: KindName
}

interface Failure {
  target: Target
  when: 'before' | 'after'
  error: unknown
  times: number
}

/** A watch that is open, and what stands between its source and its reader. */
interface OpenWatch {
  kind: KindName
  stream: PushedStream<unknown>
  /** What was brought, latest last. */
  brought: unknown[]
  /** What is kept back. */
  held: unknown[]
}

/** What goes wrong between a component and its API, by name. Nothing does until it is asked for. */
export class Faults {
  readonly #failures: Failure[] = []
  readonly #watches = new Set<OpenWatch>()
  #writesLeft: { count: number; then: () => void } | undefined
  #requestsLeft: { count: number; then: () => void | Promise<void> } | undefined
  #dropping = 0
  #repeating = 0
  #holding = false

  /** How many watches are open. */
  get openWatches(): number {
    return this.#watches.size
  }

  /**
   * Lets the next requests fail that `target` means.
   *
   * @param when `before`: nothing has happened; `after`: it took effect, and only word of it is lost
   * @param error what the component is told
   * @param times how many requests; default: 1
   */
  fail(target: Target, when: 'before' | 'after', error: unknown, times = 1): void {
    this.#failures.push({ target, when, error, times })
  }

  /** Calls `then` when the n-th write from now on has taken effect, and before the component hears of it. */
  afterWrites(n: number, then: () => void): void {
    this.#writesLeft = { count: n, then }
  }

  /** Calls `then` when the n-th request from now on sets out, watches too; a call does nothing before `then` is through. */
  atRequest(n: number, then: () => void | Promise<void>): void {
    this.#requestsLeft = { count: n, then }
  }

  /** Ends every watch that is open, as a server does that is restarted. */
  cutWatches(kind?: KindName): void {
    for (const watch of this.#of(kind)) watch.stream.end()
  }

  /** Lets every watch that is open break off with an error. */
  breakWatches(error: unknown, kind?: KindName): void {
    for (const watch of this.#of(kind)) watch.stream.fail(error)
  }

  /** The next `n` events get lost. */
  dropEvents(n: number): void {
    this.#dropping = n
  }

  /** The next `n` events come twice. */
  repeatEvents(n: number): void {
    this.#repeating = n
  }

  /** From now on no event arrives: what the component sees is more and more out of date. */
  holdEvents(): void {
    this.#holding = true
  }

  /** What was held back arrives now, in its order. */
  releaseEvents(): void {
    this.#holding = false
    for (const watch of this.#watches) for (const event of watch.held.splice(0)) this.#bring(watch, event)
  }

  /** Brings the last `n` events of each open watch once more: what is long past arrives as if it were new. */
  replayEvents(n: number): void {
    for (const watch of this.#watches) for (const event of watch.brought.slice(-n)) watch.stream.push(event)
  }

  /** A client of which all this is true. */
  around(inner: Client): Client {
    return around(inner, {
      call: (request, proceed) => this.#call(request, proceed),
      watch: (request, open) => this.#watch(request, open),
    })
  }

  async #call<T>(request: ClientRequest, proceed: () => Promise<T>): Promise<T> {
    const reached = this.#requested()
    if (reached) await reached
    const failure = this.#failureOf(request)
    if (failure?.when === 'before') throw failure.error
    const answer = await proceed()
    this.#count(request)
    if (failure) throw failure.error
    return answer
  }

  #watch<T>(request: ClientRequest, open: () => Stream<T>): Stream<T> {
    void this.#requested()
    const failure = this.#failureOf(request)
    const source = open()
    const stream = new PushedStream<T>(() => {
      this.#watches.delete(watch)
      void source.return()
    })
    const watch: OpenWatch = {
      kind: request.kind,
      stream: stream as PushedStream<unknown>,
      brought: [],
      held: [],
    }
    if (failure) {
      stream.fail(failure.error)
      void source.return()
      return stream
    }
    this.#watches.add(watch)
    const read = async () => {
      try {
        for await (const event of source) this.#pass(watch, event)
        stream.end()
      } catch (error) {
        stream.fail(error)
      }
      this.#watches.delete(watch)
    }
    void read()
    return stream
  }

  #pass(watch: OpenWatch, event: unknown): void {
    if (this.#dropping > 0) {
      this.#dropping--
    } else if (this.#holding) {
      watch.held.push(event)
    } else {
      this.#bring(watch, event)
    }
  }

  #bring(watch: OpenWatch, event: unknown): void {
    watch.stream.push(event)
    if (this.#repeating > 0) {
      this.#repeating--
      watch.stream.push(structuredClone(event))
    }
    watch.brought.push(event)
    if (watch.brought.length > REMEMBERED) watch.brought.shift()
  }

  /** @returns what a call must wait for */
  #requested(): void | Promise<void> {
    const left = this.#requestsLeft
    if (!left || --left.count > 0) return
    this.#requestsLeft = undefined
    return left.then()
  }

  #count(request: ClientRequest): void {
    const left = this.#writesLeft
    if (!left || !isWrite(request)) return
    if (--left.count > 0) return
    this.#writesLeft = undefined
    left.then()
  }

  #failureOf(request: ClientRequest): Failure | undefined {
    const failure = this.#failures.find(({ target, times }) => times > 0 && means(target, request))
    if (failure) failure.times--
    return failure
  }

  #of(kind: KindName | undefined): OpenWatch[] {
    const watches = [...this.#watches].filter((watch) => kind === undefined || watch.kind === kind)
    for (const watch of watches) this.#watches.delete(watch)
    return watches
  }
}

function means({ verb, kind }: Target, request: ClientRequest): boolean {
  return (verb ?? request.verb) === request.verb && (kind ?? request.kind) === request.kind
}
