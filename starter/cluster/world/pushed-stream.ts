import type { Stream } from '#kit/stream'

type Next<T> = IteratorResult<T, undefined>

/** A stream into which somebody else puts the values. */
export class PushedStream<T> implements Stream<T> {
  readonly #onReturn: () => void
  /** What has come and nobody has taken; an error is the last. */
  readonly #ready: ({ value: T } | { error: unknown })[] = []
  readonly #waiting: Reader<Next<T>>[] = []
  #over = false

  /** @param onReturn called once, when the reader has had enough */
  constructor(onReturn: () => void = () => undefined) {
    this.#onReturn = onReturn
  }

  /** Brings the next value. */
  push(value: T): void {
    if (this.#over) return
    const waiting = this.#waiting.shift()
    if (waiting) waiting.resolve({ done: false, value })
    else this.#ready.push({ value })
  }

  /** No value comes any more. */
  end(): void {
    this.#over = true
    for (const { resolve } of this.#waiting.splice(0)) resolve({ done: true, value: undefined })
  }

  /** The stream breaks off: the reader is told once. */
  fail(error: unknown): void {
    if (this.#over) return
    const waiting = this.#waiting.shift()
    if (waiting) waiting.reject(error)
    else this.#ready.push({ error })
    this.end()
  }

  next(): Promise<Next<T>> {
    const ready = this.#ready.shift()
    if (ready) {
      return 'error' in ready ? Promise.reject(ready.error) : Promise.resolve({ done: false, ...ready })
    }
    if (this.#over) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  async return(): Promise<Next<T>> {
    const wasOver = this.#over
    this.#ready.length = 0
    this.end()
    if (!wasOver) this.#onReturn()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): Stream<T> {
    return this
  }
}

interface Reader<T> {
  resolve: (value: T) => void
  reject: (error: unknown) => void
}
