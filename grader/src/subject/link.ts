/** What one check says to the place where a submission runs. */
export interface Line {
  /** Where in that place there is room for it; left out: 0. */
  readonly slot?: number
  /** What has been run there ahead of time of what scripts begin with; left out: nothing. */
  readonly given?: string | undefined
  /** Sends a request and waits for its answer. Requests are answered in their order. */
  request(line: string): Promise<string>
}

/**
 * Opens a link to a fresh place.
 *
 * @param given what the script to be loaded there begins with; it may have been run there ahead of time
 */
export type OpenLink = (given?: string) => Link

/** A line to the place where a submission runs, from its start to its end: a process of its own, or this one. */
export interface Link extends Line {
  /** What the submission prints goes to `listener` from now on. */
  onLog(listener: (line: string) => void): void
  /** How much time it has taken so far, in ms; left out where nobody can tell. */
  readonly takenMs?: number
  /** Ends it, whatever it is doing. */
  stop(): void
}
