import { BundleRefused } from '../bundle/bundle.ts'
import { lessonScript } from '../bundle/lesson-script.ts'
import { markPieces } from '../bundle/marks.ts'
import { aloneStock, ownStock, type Stock } from '../bundle/stack.ts'
import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { lessonsBelow } from '../course/needs.ts'
import { hasReference } from '../course/tree.ts'
import type { Submission } from '../intake/intake.ts'
import type { Memory } from './memory.ts'
import { endedAs, type Outcome } from './outcome.ts'
import { type LessonRun, runChecks, type ScriptJob } from './run-checks.ts'

/** One lesson of one submission, to be graded. */
export interface LessonJob
  extends Pick<ScriptJob, 'checks' | 'seed' | 'openLink' | 'first' | 'onCheck' | 'stopAfter'> {
  /** The course that the lesson is one of. */
  course: Course
  lesson: Lesson
  submission: Submission
  /** What is known of the lesson's checks from gradings before, and takes down what comes of this one. Left out: all are run. */
  memory?: Memory
}

/** The same over the own stack. */
export interface OwnStackJob extends LessonJob {
  /** Rooms that are the reference's nevertheless. */
  replaced: ReadonlySet<string>
}

/**
 * Grades one lesson by what counts: its rooms are the submission's, all others the reference's. Never throws: what goes wrong
 * on our side is each check's outcome, and no other submission's affair.
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
    const marked = job.memory && markPieces(script, stock.learners)
    const recall = marked && job.memory?.for(marked)
    const unwritten = hasReference(course.root) ? [] : lessonsBelow(course.lessons, lesson)
    return await runChecks({
      ...job,
      lesson: lesson.folder,
      script: marked?.script ?? script,
      placesOf,
      stack,
      unwritten: unwritten.map(({ folder }) => folder),
      ...(recall && { recall }),
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

function all({ checks, onCheck }: LessonJob, outcome: Outcome, message: string): LessonRun {
  const results = checks.map((check) => endedAs(check, { outcome, message }))
  for (const verdict of results) onCheck?.(verdict)
  return { results, console: {}, stoppedAt: {} }
}
