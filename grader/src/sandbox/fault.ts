import type { Frame } from '../subject/subject.ts'

/** What ended a submission's process. The message is a sentence in words that a learner knows. */
export class SandboxFault extends Error {
  readonly outcome: 'crashed' | 'timed-out' | 'over-limit'
  /** Where the submission was, as positions in the bundle, innermost first; empty if it is not known. */
  readonly frames: Frame[]

  constructor(outcome: SandboxFault['outcome'], message: string, frames: Frame[] = []) {
    super(message)
    this.outcome = outcome
    this.frames = frames
  }
}
