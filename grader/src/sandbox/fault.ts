import { EXCEEDED, type Limit } from './limits.ts'
import type { Frame } from './stack-frames.ts'

/** What ended a submission's process. The message is a sentence in words that a learner knows. */
export class SandboxFault extends Error {
  readonly outcome: 'crashed' | 'timed-out' | 'over-limit'
  /** Where the submission was, as positions in the bundle, innermost first; empty if it is not known. */
  readonly frames: Frame[]
  /** The limit that was hit, if it was one. */
  readonly limit?: Limit

  constructor(outcome: SandboxFault['outcome'], message: string, frames: Frame[] = [], limit?: Limit) {
    super(message)
    this.outcome = outcome
    this.frames = frames
    if (limit) this.limit = limit
  }
}

/** The process ended or hung before anything of the submission's was in it: nothing that a learner could mend. */
export class SandboxUnavailable extends Error {}

const OF_WHAT_NEVER_ENDS = new Set<Limit>(['requestCpu', 'requestWall', 'unmeasuredWall', 'memory'])

/** The fault of a process that hit a limit. */
export function exceeded(limit: Limit, frames: Frame[] = []): SandboxFault {
  return new SandboxFault(
    OF_WHAT_NEVER_ENDS.has(limit) ? 'timed-out' : 'over-limit',
    EXCEEDED[limit],
    frames,
    limit,
  )
}

/** The fault of a process that ended, or that said what makes no sense. */
export function crashed(message: string): SandboxFault {
  return new SandboxFault('crashed', message)
}
