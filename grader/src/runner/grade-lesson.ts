import { BundleRefused } from '../bundle/bundle.ts'
import { lessonScript } from '../bundle/lesson-script.ts'
import { aloneStock, ownStock, type Stock } from '../bundle/stack.ts'
import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { lessonsBelow } from '../course/needs.ts'
import { hasReference } from '../course/tree.ts'
import type { Submission } from '../intake/intake.ts'
import type { Link } from '../subject/link.ts'
import type { Check } from './check.ts'
import { type CheckVerdict, type Outcome, requirementOf } from './outcome.ts'
import { type LessonRun, runChecks } from './run-checks.ts'

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

/** The same over the own stack. */
export interface OwnStackJob extends LessonJob {
  /** Rooms that are the reference's nevertheless. */
  replaced: ReadonlySet<string>
}

/**
 * Grades one lesson by what counts: its rooms are the submission's, all others the reference's. Never throws: what goes wrong on our side is each check's outcome, and no
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

function all(job: LessonJob, outcome: Outcome, message: string): LessonRun {
  const run: LessonRun = { results: [], console: {}, stoppedAt: {} }
  for (const { id, title } of job.checks)
    run.results.push({ id, requirement: requirementOf(id), title, outcome, message })
  for (const verdict of run.results) job.onCheck?.(verdict)
  return run
}
