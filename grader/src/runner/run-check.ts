import { Trace } from '#cluster/world/trace'
import { StatusError } from '#kit/status-error'
import type { PlacesOf } from '../bundle/place.ts'
import type { Stack } from '../bundle/stack.ts'
import { SandboxFault } from '../sandbox/fault.ts'
import { Malformed } from '../sandbox/protocol.ts'
import type { RemoteSubject } from '../subject/remote.ts'
import { NeverSettles, RoomError } from '../subject/subject.ts'
import { BudgetExceeded } from '../subject/virtual-time.ts'
import type { Check, CheckContext } from './check.ts'
import { describeValue } from './describe-value.ts'
import { Unmet } from './expect.ts'
import { type CheckVerdict, requirementOf } from './outcome.ts'
import { traceLines } from './trace-lines.ts'

type Finding = Omit<CheckVerdict, 'id' | 'requirement' | 'title'>

/** Errors that JavaScript itself throws: whoever throws them has made a slip, not a decision. */
const SLIPS = new Set([
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'EvalError',
  'URIError',
  'Thrown',
])

/** How long a message may be, in characters: it may quote names of the room's own making. */
const MESSAGE_LIMIT = 5_000

/** How often a body may be told that nothing will come before it is the check that is at fault. */
const IN_VAIN_LIMIT = 1_000

/** What is common to the checks of a run. */
export interface CheckJob {
  /** The lesson's folder: entering one of its own stubs makes a check `not-started`. */
  lesson: string
  /** Lessons below of whose stubs the same holds: where nothing stands in for them. Left out: none. */
  unwritten?: readonly string[]
  seed: number
  placesOf: PlacesOf
  /** Whose the other lessons' rooms are. Left out: `alone`. */
  stack?: Stack
}

/** Runs one check against one submission, and says how it went. Never throws for what a submission does. */
export async function runCheck(job: CheckJob, check: Check, subject: RemoteSubject): Promise<CheckVerdict> {
  subject.begin()
  const context = contextOf(subject, job.seed, job.stack ?? 'alone')
  const bodyError = await runBody(check, subject, context)
  await subject.idle()
  const found = inView(job, subject, finding(subject, bodyError, job.lesson, job.placesOf))
  const isNews = found.outcome !== 'passed' && found.outcome !== 'not-started'
  const trace = isNews ? traceLines(context.trace) : []
  return {
    id: check.id,
    requirement: requirementOf(check.id),
    title: check.title,
    ...found,
    ...(trace.length > 0 ? { trace } : {}),
    message:
      found.message.length > MESSAGE_LIMIT ? `${found.message.slice(0, MESSAGE_LIMIT)}…` : found.message,
  }
}

/** @returns what the body threw, if it threw */
async function runBody(
  check: Check,
  subject: RemoteSubject,
  context: CheckContext,
): Promise<{ thrown: unknown } | undefined> {
  let end: { thrown: unknown } | 'passed' | undefined
  const body = async () => check.body(context)
  const done = body().then(
    () => {
      end = 'passed'
    },
    (thrown: unknown) => {
      end = { thrown }
    },
  )
  // A body waits for its subject and for nothing else. Where the subject has nothing left to do, it waits in vain.
  let inVain = 0
  while (end === undefined) {
    await Promise.race([done, subject.idle()])
    await new Promise((resolve) => setImmediate(resolve))
    if (end !== undefined || !subject.isIdle) continue
    subject.giveUp()
    if (++inVain > IN_VAIN_LIMIT)
      return { thrown: new Error(`${check.id} waits for something that is not its subject`) }
  }
  return end === 'passed' ? undefined : end
}

/** What was found, unless a part that is not written yet and that nothing stands in for is behind it. */
function inView({ unwritten }: CheckJob, subject: RemoteSubject, found: Finding): Finding {
  const missing = unwritten?.find((folder) => subject.stubs.has(folder))
  if (missing === undefined || found.outcome === 'passed') return found
  return { outcome: 'not-started', message: `a part of ${missing} that is not written yet was called` }
}

function contextOf(subject: RemoteSubject, seed: number, stack: Stack): CheckContext {
  return {
    seed,
    stack,
    trace: new Trace(subject.clock),
    clock: subject.clock,
    room: subject.room.bind(subject),
    hold: subject.hold.bind(subject),
    read: subject.read.bind(subject),
    assign: subject.assign.bind(subject),
    together: subject.together.bind(subject),
    lend: subject.lend.bind(subject),
    boot: subject.boot.bind(subject),
  }
}

function finding(
  subject: RemoteSubject,
  bodyError: { thrown: unknown } | undefined,
  lesson: string,
  placesOf: PlacesOf,
): Finding {
  const notYet = subject.rejections.find(({ thrown }) => thrown === 'NotYet')
  if (subject.stubs.has(lesson)) return notStarted(notYet, placesOf)
  if (subject.problem) return problemFinding(subject.problem)
  const [uncaught] = subject.uncaught
  if (uncaught)
    return {
      ...crash(uncaught, placesOf),
      outcome: 'crashed',
      message: `nobody caught ${uncaught.thrown}: ${uncaught.message}`,
    }
  if (!bodyError) return { outcome: 'passed', message: '' }
  const found = errorFinding(bodyError.thrown, placesOf)
  // Whatever else is not as it should be is so for want of it.
  const missing = subject.rejections.find(({ thrown }) => thrown === 'MissingExport')
  if (missing && found.outcome !== 'crashed') return { outcome: 'failed', message: missing.message }
  // A call that nobody awaited may have been what went wrong first: then that is the cause.
  const slip = subject.rejections.find(
    (error) => SLIPS.has(error.thrown) && placesOf(error.frames).length > 0,
  )
  if (!slip || found.outcome === 'crashed' || found.outcome === 'grader-error') return found
  const cause = crash(slip, placesOf)
  return { ...found, ...cause, message: `${cause.message}\nafter that: ${found.message}` }
}

function notStarted(notYet: RoomError | undefined, placesOf: PlacesOf): Finding {
  if (!notYet)
    return { outcome: 'not-started', message: 'a part of the room that is not written yet was called' }
  const [place] = placesOf(notYet.frames)
  return {
    outcome: 'not-started',
    message: place?.function
      ? `${place.function}() is not written yet`
      : `${notYet.call} reaches a part that is not written yet`,
    ...(place ? { place: `${place.file}:${place.line}` } : {}),
  }
}

function problemFinding(problem: Error): Finding {
  if (problem instanceof SandboxFault) return { outcome: problem.outcome, message: problem.message }
  if (problem instanceof BudgetExceeded) return { outcome: 'over-limit', message: problem.message }
  if (problem instanceof Malformed)
    return {
      outcome: 'crashed',
      message: `the room's process broke off the conversation: ${problem.message}`,
    }
  return { outcome: 'grader-error', message: problem.message }
}

function errorFinding(error: unknown, placesOf: PlacesOf): Finding {
  if (error instanceof Unmet) {
    return {
      outcome: 'failed',
      message: error.message,
      expected: describeValue(error.expected),
      seen: describeValue(error.seen, error.expected),
      ...(error.steps === undefined ? {} : { steps: error.steps }),
    }
  }
  if (error instanceof RoomError) return crash(error, placesOf)
  // What the check itself reads counts, too, where the rooms have used up what may be read.
  if (error instanceof BudgetExceeded) return { outcome: 'over-limit', message: error.message }
  // The check's own request, to an API that the rooms have had their hands in.
  if (error instanceof StatusError)
    return { outcome: 'failed', message: `the API refused the check: ${error.message}` }
  if (error instanceof NeverSettles) return { outcome: 'timed-out', message: waiting(error) }
  if (error instanceof TypeError) {
    return {
      outcome: 'failed',
      message: `what the room returned is not what the contract says (${error.message})`,
    }
  }
  return {
    outcome: 'grader-error',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  }
}

function crash(error: RoomError, placesOf: PlacesOf): Finding {
  const [place] = placesOf(error.frames)
  return {
    outcome: SLIPS.has(error.thrown) ? 'crashed' : 'failed',
    message: error.call
      ? `${error.call} threw ${error.thrown}: ${error.message}`
      : `${error.thrown}: ${error.message}`,
    ...(place ? { place: `${place.file}:${place.line}` } : {}),
  }
}

function waiting({ call, nextTimerMs }: NeverSettles): string {
  const timers = nextTimerMs === undefined ? 'no timer is set' : `the next timer is due in ${nextTimerMs} ms`
  return `${call} is never answered: nothing in the room runs any more, and ${timers}`
}
