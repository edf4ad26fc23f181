import type { Lesson } from '../course/lesson.ts'
import type { Submission } from '../intake/intake.ts'
import type { Check } from '../runner/check.ts'
import { gradeLesson } from '../runner/grade-lesson.ts'
import type { CheckVerdict } from '../runner/outcome.ts'
import type { Link } from '../subject/link.ts'
import type { LessonResult } from './lesson-result.ts'

/** Grades a lesson, until it is through or something newer is to be graded. */
export interface LessonGrading {
  /** What came of it; `undefined` if it was cancelled. Never rejects: our own faults are in the result. */
  readonly result: Promise<LessonResult | undefined>
  /** Ends it, whatever it is doing. */
  cancel(): void
}

/** What is to be graded. */
export interface GradingJob {
  root: string
  lesson: Lesson
  submission: Submission
  seed: number
  openLink: () => Link
  loadChecks: (lesson: Lesson) => Promise<Check[]>
  /** Told after each check what is known by then. */
  onCheck: (soFar: LessonResult, verdict: CheckVerdict) => void
}

class Cancelled extends Error {}

/** Begins to grade. */
export function beginGrading(job: GradingJob): LessonGrading {
  let cancelled = false
  let abort: (reason: Cancelled) => void = () => undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = reject
  })
  aborted.catch(() => undefined)
  const links = new Set<Link>()

  const openLink = (): Link => {
    if (cancelled) throw new Cancelled()
    const link = job.openLink()
    links.add(link)
    return {
      // A process that was stopped may never answer.
      request: (line) => Promise.race([link.request(line), aborted]),
      onLog: (listener) => link.onLog(listener),
      stop() {
        if (links.delete(link)) link.stop()
      },
    }
  }

  const run = async (): Promise<LessonResult | undefined> => {
    const { root, lesson, submission, seed } = job
    let manifest: string[] = []
    const through: CheckVerdict[] = []
    const soFar = () => ({ manifest, checks: [...through], console: {}, stoppedAt: {} })
    try {
      const checks = await job.loadChecks(lesson)
      if (cancelled) return undefined
      manifest = checks.map(({ id }) => id)
      const onCheck = (verdict: CheckVerdict) => {
        through.push(verdict)
        if (!cancelled) job.onCheck(soFar(), verdict)
      }
      const done = await gradeLesson({ root, lesson, checks, submission, seed, openLink, onCheck })
      return cancelled
        ? undefined
        : { manifest, checks: done.results, console: done.console, stoppedAt: done.stoppedAt }
    } catch (error) {
      if (cancelled) return undefined
      return { ...soFar(), fault: error instanceof Error ? error.message : String(error) }
    }
  }

  return {
    result: run(),
    cancel() {
      cancelled = true
      abort(new Cancelled())
      for (const link of links) link.stop()
      links.clear()
    },
  }
}
