import type { Line } from './link.ts'

/** How something that was asked over a lane is answered. */
interface Asked {
  line: string
  resolve: (line: string | PromiseLike<string>) => void
}

/**
 * One slot of a process, as a link of its own. What is asked over it waits until {@link Lane.send}, so that whoever has several
 * lanes decides about the order.
 */
export class Lane implements Line {
  readonly slot: number
  readonly #line: Line
  #asked: Asked | undefined
  #rests: () => void = () => undefined
  #atRest: Promise<void> = Promise.resolve()

  constructor(line: Line, slot: number) {
    this.#line = line
    this.slot = slot
  }

  /** Resolves once what uses the lane has asked for something, or is through. */
  get atRest(): Promise<void> {
    return this.#atRest
  }

  /** Lets `work` use the lane, until it is through, however it ends. */
  use(work: () => Promise<unknown>): void {
    this.#begins()
    const rest = () => this.#rests()
    work().then(rest, rest)
  }

  request(line: string): Promise<string> {
    return new Promise((resolve) => {
      this.#asked = { line, resolve }
      this.#rests()
    })
  }

  /** Sends what was asked. @returns whether anything was */
  send(): boolean {
    const asked = this.#asked
    if (!asked) return false
    this.#asked = undefined
    this.#begins()
    asked.resolve(this.#line.request(asked.line))
    return true
  }

  #begins(): void {
    this.#atRest = new Promise((resolve) => {
      this.#rests = resolve
    })
  }
}
