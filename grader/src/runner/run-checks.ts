import type { Script } from '../sandbox/protocol.ts'
import type { OpenLink } from '../subject/link.ts'
import { abreast } from './abreast.ts'
import type { Check } from './check.ts'
import type { Recall } from './memory.ts'
import { oneByOne } from './one-by-one.ts'
import type { CheckVerdict } from './outcome.ts'
import type { CheckJob } from './run-check.ts'
import { Tally } from './tally.ts'
import type { RunOutput } from './verdict.ts'

/** A lesson's rooms as a script, to be put through checks. */
export interface ScriptJob extends CheckJob {
  /** The manifest: every one of these gets a verdict. */
  checks: readonly Check[]
  script: Script
  /** Opens a link to a fresh process. */
  openLink: OpenLink
  /** Told of each check in its turn, as soon as it and those before it are through. */
  onCheck?: (verdict: CheckVerdict) => void
  /** The check that goes before all others, by its id, and who is told of it at once. Left out: they go in their order. */
  first?: { id: string; onVerdict: (verdict: CheckVerdict) => void }
  /** What is known of the checks before they are run. Left out: nothing. */
  recall?: Recall
  /** No check is told of in its turn after one of which this holds. Left out: all are. */
  stopAfter?: (verdict: CheckVerdict) => boolean
}

/** What came of it. */
export interface LessonRun extends RunOutput {
  results: CheckVerdict[]
}

/**
 * Puts a lesson's rooms through its checks. Never throws for what a submission does.
 *
 * The checks share a process, each with rooms of its own, and take turns. Where that cannot go on, those that are not through are
 * run again one by one.
 */
export async function runChecks(job: ScriptJob): Promise<LessonRun> {
  const tally = new Tally(job)
  for (const [index, check] of tally.unknown()) {
    const entry = job.recall?.of(check)
    if (entry) tally.enter(index, entry)
  }
  const spentMs = await abreast(job, tally)
  await oneByOne(job, tally, spentMs)
  return tally.run
}
