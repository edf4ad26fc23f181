import { exceeded, SandboxFault } from '../sandbox/fault.ts'
import { LIMITS } from '../sandbox/limits.ts'
import type { Link } from '../subject/link.ts'
import { RemoteSubject } from '../subject/remote.ts'
import type { Check } from './check.ts'
import { type CheckVerdict, endedAs } from './outcome.ts'
import { collectPrinted } from './printed.ts'
import { runCheck } from './run-check.ts'
import type { ScriptJob } from './run-checks.ts'
import type { Tally } from './tally.ts'

/** How many checks of a lesson may run for ever, one second each: the others are not run then. */
const ENDLESS_LIMIT = 20

/** How a check ends that is not run. */
type NotRun = Pick<CheckVerdict, 'outcome' | 'message'>

/**
 * Runs what is not known yet, check after check, in a new process where one did not survive. Enters all of it, unless nobody
 * wants to know more.
 *
 * @param spentMs how much time the lesson has taken before
 */
export async function oneByOne(job: ScriptJob, tally: Tally, spentMs: number): Promise<void> {
  let link: Link | undefined
  /** By the processes that have ended. */
  let takenMs = spentMs
  let endless = 0
  let others: NotRun | undefined

  /** Runs a check, and ends the process that does not survive it. */
  async function attempt(check: Check) {
    const isFresh = link === undefined
    link ??= job.openLink(job.script.given)
    const logs: string[] = []
    collectPrinted(link, () => logs)
    const subject = new RemoteSubject(link, job.seed, isFresh ? job.script : undefined)
    const verdict = await runCheck(job, check, subject)
    const { problem, began } = subject
    if (problem) {
      link.stop()
      takenMs += link.takenMs ?? 0
      link = undefined
    }
    return { verdict, logs, problem, began, isFresh }
  }

  try {
    for (const [index, check] of tally.unknown()) {
      if (tally.isOver) break
      others ??= limitOf(endless, takenMs + (link?.takenMs ?? 0))
      if (others) {
        tally.enter(index, { verdict: endedAs(check, others) })
        continue
      }
      let run = await attempt(check)
      // What was used up may be what the checks before it had left.
      if (!run.isFresh && isOfProcess(run.problem)) run = await attempt(check)
      const { verdict, logs, problem, began } = run
      tally.enter(index, { verdict, logs, stoppedAt: placesOf(problem, job) })
      if (problem && verdict.outcome === 'timed-out') endless++
      // A room that does not get through its own loading does so every time.
      if (problem && !began) others = verdict
    }
  } finally {
    link?.stop()
  }
}

/** How all others end once there were too many that never ended, or once they have taken too long. */
function limitOf(endless: number, takenMs: number): NotRun | undefined {
  if (endless === ENDLESS_LIMIT)
    return { outcome: 'timed-out', message: `not run: ${ENDLESS_LIMIT} checks before it never ended` }
  return takenMs > LIMITS.lessonMs ? exceeded('lesson') : undefined
}

/** Whether a limit was hit that counts what the whole process uses, from its start. */
function isOfProcess(problem: Error | undefined): boolean {
  return problem instanceof SandboxFault && (problem.limit === 'memory' || problem.limit === 'totalCpu')
}

function placesOf(problem: Error | undefined, job: ScriptJob): string[] {
  const places = problem instanceof SandboxFault ? job.placesOf(problem.frames) : []
  return places.map((place) => `${place.file}:${place.line} in ${place.function || 'a function'}`)
}
