import { BundleRefused } from '../bundle/bundle.ts'
import { lessonScript } from '../bundle/lesson-script.ts'
import type { PlacesOf } from '../bundle/place.ts'
import { aloneStock, ownStock, type Stack, type Stock } from '../bundle/stack.ts'
import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { lessonsBelow } from '../course/needs.ts'
import { hasReference } from '../course/tree.ts'
import type { Submission } from '../intake/intake.ts'
import { exceeded, SandboxFault } from '../sandbox/fault.ts'
import { LIMITS } from '../sandbox/limits.ts'
import { PRINTED, parseLog, type Script } from '../sandbox/protocol.ts'
import type { Link } from '../subject/link.ts'
import { RemoteSubject } from '../subject/remote.ts'
import type { Check } from './check.ts'
import { type CheckVerdict, type Outcome, requirementOf } from './outcome.ts'
import { runCheck } from './run-check.ts'
import type { RunOutput } from './verdict.ts'

/** One lesson of one submission, to be graded. */
export interface LessonJob {
  /** The course that the lesson is one of. */
  course: Course
  lesson: Lesson
  /** The manifest: every one of these gets a verdict. */
  checks: readonly Check[]
  submission: Submission
  seed: number
  /** Opens a link to a fresh process. */
  openLink: () => Link
  /** Told of each check as soon as it is through. */
  onCheck?: (verdict: CheckVerdict) => void
  /** No check is run after one of which this holds. Left out: all are run. */
  stopAfter?: (verdict: CheckVerdict) => boolean
}

/** A lesson's rooms as a script, to be put through checks. */
export interface ScriptJob extends Pick<LessonJob, 'checks' | 'seed' | 'openLink' | 'onCheck' | 'stopAfter'> {
  /** The lesson's folder. */
  lesson: string
  script: Script
  placesOf: PlacesOf
  /** Left out: `alone`. */
  stack?: Stack
  /** Lessons below whose stubs make a check `not-started`, too: where nothing stands in for them. Left out: none. */
  unwritten?: readonly string[]
}

/** The same over the own stack. */
export interface OwnStackJob extends LessonJob {
  /** Rooms that are the reference's nevertheless. */
  replaced: ReadonlySet<string>
}

/** What came of it. */
export interface LessonRun extends RunOutput {
  results: CheckVerdict[]
}

/**
 * Grades one lesson by what counts: its rooms are the submission's, all others the reference's. Runs check after check, in
 * a new process where one did not survive. Never throws: what goes wrong on our side is each check's outcome, and no
 * other submission's affair.
 */
export async function gradeLesson(job: LessonJob): Promise<LessonRun> {
  const { course, lesson, submission } = job
  for (const room of lesson.rooms) {
    const refusal = submission.refused.get(room)
    if (refusal) return all(job, 'refused', refusal)
    if (!submission.rooms.has(room)) return all(job, 'not-started', `${room}.ts is not there`)
  }
  return runOver(job, aloneStock(course, lesson, submission.rooms))
}

/** The same with all rooms the submission's, where it has them. */
export function runOwnStack(job: OwnStackJob): Promise<LessonRun> {
  return runOver(job, ownStock(job.course, job.lesson, job.submission.rooms, job.replaced))
}

async function runOver(job: LessonJob, stock: Stock): Promise<LessonRun> {
  const { course, lesson, checks } = job
  try {
    const { script, placesOf } = await lessonScript(course, lesson, stock, checks[0]?.beside)
    const { stack } = stock
    const unwritten = hasReference(course.root) ? [] : lessonsBelow(course.lessons, lesson)
    return await runChecks({
      ...job,
      lesson: lesson.folder,
      script,
      placesOf,
      stack,
      unwritten: unwritten.map(({ folder }) => folder),
    })
  } catch (error) {
    if (error instanceof BundleRefused) return all(job, 'refused', error.message)
    return all(
      job,
      'grader-error',
      error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    )
  }
}

/** How many checks of a lesson may run for ever, one second each: the others are not run then. */
const ENDLESS_LIMIT = 20

/** Runs check after check, in a new process where one did not survive. Never throws for what a submission does. */
export async function runChecks(job: ScriptJob): Promise<LessonRun> {
  const { lesson, script, placesOf } = job
  const run: LessonRun = { results: [], console: {}, stoppedAt: {} }
  let link: Link | undefined
  let logs: string[] = []
  /** By the processes that have ended. */
  let spentMs = 0
  let endless = 0
  try {
    for (const [index, check] of job.checks.entries()) {
      if (endless === ENDLESS_LIMIT) {
        for (const check of job.checks.slice(index)) record(job, run, notRun(check))
        break
      }
      if (spentMs + (link?.takenMs ?? 0) > LIMITS.lessonMs) {
        const { outcome, message } = exceeded('lesson')
        for (const { id, title } of job.checks.slice(index))
          record(job, run, { id, requirement: requirementOf(id), title, outcome, message })
        break
      }
      const fresh = link === undefined
      link ??= job.openLink()
      link.onLog((line) => {
        if (logs.length < PRINTED.lines) logs.push((parseLog(line) ?? '').slice(0, PRINTED.characters))
      })
      logs = []
      const subject = new RemoteSubject(link, job.seed, fresh ? script : undefined)
      const told = await runCheck(check, subject, job.seed, lesson, placesOf, job.stack)
      const missing = job.unwritten?.find((folder) => subject.stubs.has(folder))
      const verdict = missing !== undefined && told.outcome !== 'passed' ? notStarted(told, missing) : told
      record(job, run, verdict)
      if (logs.length) run.console[check.id] = logs
      const stoppedAt = subject.problem instanceof SandboxFault ? placesOf(subject.problem.frames) : []
      if (stoppedAt.length)
        run.stoppedAt[check.id] = stoppedAt.map(
          (place) => `${place.file}:${place.line} in ${place.function || 'a function'}`,
        )
      if (job.stopAfter?.(verdict)) break
      if (subject.problem) {
        if (verdict.outcome === 'timed-out') endless++
        link.stop()
        spentMs += link.takenMs ?? 0
        link = undefined
        // A room that does not get through its own loading does so every time.
        if (!subject.began) {
          for (const { id, title } of job.checks.slice(index + 1))
            record(job, run, { ...verdict, id, title, requirement: requirementOf(id) })
          break
        }
      }
    }
  } finally {
    link?.stop()
  }
  return run
}

function notRun({ id, title }: Pick<CheckVerdict, 'id' | 'title'>): CheckVerdict {
  const message = `not run: ${ENDLESS_LIMIT} checks before it ran for ever`
  return { id, requirement: requirementOf(id), title, outcome: 'timed-out', message }
}

function all(job: LessonJob, outcome: Outcome, message: string): LessonRun {
  const run: LessonRun = { results: [], console: {}, stoppedAt: {} }
  for (const { id, title } of job.checks)
    record(job, run, { id, requirement: requirementOf(id), title, outcome, message })
  return run
}

function notStarted({ id, requirement, title }: CheckVerdict, folder: string): CheckVerdict {
  const message = `a part of ${folder} that is not written yet was called`
  return { id, requirement, title, outcome: 'not-started', message }
}

function record(job: Pick<LessonJob, 'onCheck'>, run: LessonRun, verdict: CheckVerdict): void {
  run.results.push(verdict)
  job.onCheck?.(verdict)
}
