import type { Stream } from '#kit/stream'

/** What a {@link Relay} hands on. */
export interface Feed<S, E> {
  /** What it begins with. */
  first: readonly E[]
  source: Stream<S>
  /** @returns what is handed on for an item of the source; `undefined`: nothing */
  translate(item: S): E | undefined
  /** @returns what to reject with if the source breaks off with `error` */
  explain(error: unknown): unknown
}

interface Waiting<E> {
  resolve(result: IteratorResult<E, undefined>): void
  reject(error: unknown): void
}

/**
 * A stream that is fed from another one, which it takes an item from only while somebody waits for one: what nobody
 * reads takes no memory. It ends with its source, and its source with it.
 */
export class Relay<S, E> implements Stream<E> {
  readonly #feed: Promise<Feed<S, E>>
  readonly #ended: () => void
  readonly #ready: E[] = []
  #waiting: Waiting<E>[] = []
  #isOpen = false
  #pulling = false
  #over = false
  #failure: { error: unknown } | undefined

  /**
   * @param feed may take a while; if it rejects, so does the first `next()`
   * @param ended called once, when the stream is over
   */
  constructor(feed: Promise<Feed<S, E>>, ended: () => void) {
    this.#ended = ended
    this.#feed = feed.then((opened) => {
      this.#isOpen = true
      this.#ready.push(...opened.first)
      return opened
    })
    // It is next() that tells.
    this.#feed.catch(() => {})
  }

  /**
   * Hands out a value that is not from the source, unless the feed is not there yet, something waits to be read or the
   * stream is over. What has not been taken from the source yet does not count.
   */
  offer(value: E): void {
    if (!this.#isOpen || this.#over || this.#failure || this.#ready.length > 0) return
    this.#ready.push(value)
    this.#settle()
  }

  next(): Promise<IteratorResult<E, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#settle()
      if (!this.#over) void this.#pull()
    })
  }

  async return(): Promise<IteratorResult<E, undefined>> {
    this.#end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): Stream<E> {
    return this
  }

  async #pull(): Promise<void> {
    if (this.#pulling) return
    this.#pulling = true
    let explain = (error: unknown) => error
    try {
      const feed = await this.#feed
      explain = (error) => feed.explain(error)
      for (this.#settle(); this.#waiting.length > 0 && !this.#over; this.#settle()) {
        const { done, value } = await feed.source.next()
        if (done) return this.#end()
        const translated = feed.translate(value)
        if (translated !== undefined) this.#ready.push(translated)
      }
    } catch (error) {
      this.#failure = { error: explain(error) }
      this.#settle()
    } finally {
      this.#pulling = false
    }
  }

  /** Brings together who waits and what there is for them. */
  #settle(): void {
    while (this.#waiting.length > 0 && this.#ready.length > 0) {
      const [value] = this.#ready.splice(0, 1)
      if (value !== undefined) this.#waiting.shift()?.resolve({ done: false, value })
    }
    if (this.#failure && this.#waiting.length > 0 && !this.#over) {
      this.#waiting.shift()?.reject(this.#failure.error)
      this.#end()
    }
    if (!this.#over) return
    for (const { resolve } of this.#waiting.splice(0)) resolve({ done: true, value: undefined })
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#ready.length = 0
    this.#ended()
    this.#feed.then(
      ({ source }) => source.return(),
      () => {},
    )
    this.#settle()
  }
}
