// Runs beside the rooms of a submission: what brings a controller that never ends to an end.

/** After how many calls `reconcile` ends no more, until `stop()`: a controller that calls it for ever would keep the check waiting. */
const MANY_CALLS = 200

/** Keeps a controller from calling `reconcile` for ever: from some call on, none ends before `stop()`. */
export class Break {
  #left = MANY_CALLS
  #end = () => {}
  readonly #over = new Promise<void>((resolve) => {
    this.#end = resolve
  })

  async after<T>(call: () => Promise<T>): Promise<T | undefined> {
    if (--this.#left >= 0) return call()
    await this.#over
    return undefined
  }

  /** Ends those that wait. */
  end(): void {
    this.#end()
  }
}
