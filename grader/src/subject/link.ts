/** A line to the place where a submission runs: a process of its own, or this one. */
export interface Link {
  /** Sends a request and waits for its answer; one at a time. */
  request(line: string): Promise<string>
  /** What the submission prints goes to `listener` from now on. */
  onLog(listener: (line: string) => void): void
  /** How much time it has taken so far, in ms; left out where nobody can tell. */
  readonly takenMs?: number
  /** Ends it, whatever it is doing. */
  stop(): void
}
