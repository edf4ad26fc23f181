import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import type { Submission } from '../intake/intake.ts'
import type { Check } from '../runner/check.ts'
import { gradeLesson } from '../runner/grade-lesson.ts'
import type { Memory } from '../runner/memory.ts'
import type { CheckVerdict } from '../runner/outcome.ts'
import { firstUnmetOf, gradeOwnStack, type OwnStackRun } from '../runner/own-stack.ts'
import type { Link, OpenLink } from '../subject/link.ts'
import type { LessonResult } from './lesson-result.ts'

/** Grades a lesson, until it is through or something newer is to be graded. */
export interface LessonGrading {
  /** What came of it; `undefined` if it was cancelled. Never rejects: our own faults are in the result. */
  readonly result: Promise<LessonResult | undefined>
  /**
   * Goes on over the own stack when the result is there. Resolves to `undefined` if it was cancelled, or there is nothing to
   * be told.
   */
  ownStack(): Promise<OwnStackRun | undefined>
  /** Ends it, whatever it is doing. */
  cancel(): void
}

/** What is to be graded. */
export interface GradingJob {
  course: Course
  lesson: Lesson
  submission: Submission
  seed: number
  openLink: OpenLink
  loadChecks: (lesson: Lesson) => Promise<Check[]>
  /** What is known of the lesson's checks from gradings before. Left out: nothing. */
  memory?: Memory
  /** The check that goes before all others, by its id. Left out: they go in their order. */
  first?: string | undefined
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

  const openLink: OpenLink = (given) => {
    if (cancelled) throw new Cancelled()
    const link = job.openLink(given)
    links.add(link)
    return {
      given: link.given,
      // A process that was stopped may never answer.
      request: (line) => Promise.race([link.request(line), aborted]),
      onLog: (listener) => link.onLog(listener),
      stop() {
        if (links.delete(link)) link.stop()
      },
    }
  }

  let checks: readonly Check[] = []
  const run = async (): Promise<LessonResult | undefined> => {
    const { course, lesson, submission, seed, memory } = job
    let manifest: string[] = []
    const through: CheckVerdict[] = []
    let early: CheckVerdict | undefined
    const soFar = () => {
      const ahead = early && !through.includes(early) ? [early] : []
      return { manifest, checks: [...through, ...ahead], console: {}, stoppedAt: {} }
    }
    const tell = (verdict: CheckVerdict) => {
      if (!cancelled) job.onCheck(soFar(), verdict)
    }
    try {
      checks = await job.loadChecks(lesson)
      if (cancelled) return undefined
      manifest = checks.map(({ id }) => id)
      const onCheck = (verdict: CheckVerdict) => {
        through.push(verdict)
        tell(verdict)
      }
      const onVerdict = (verdict: CheckVerdict) => {
        early = verdict
        tell(verdict)
      }
      const told = {
        onCheck,
        ...(memory && { memory }),
        ...(job.first !== undefined && { first: { id: job.first, onVerdict } }),
      }
      const done = await gradeLesson({ course, lesson, checks, submission, seed, openLink, ...told })
      return cancelled
        ? undefined
        : { manifest, checks: done.results, console: done.console, stoppedAt: done.stoppedAt }
    } catch (error) {
      if (cancelled) return undefined
      return { ...soFar(), fault: error instanceof Error ? error.message : String(error) }
    }
  }

  const runOwn = async (): Promise<OwnStackRun | undefined> => {
    const counted = await result
    if (!counted || counted.fault !== undefined || cancelled) return undefined
    const { course, lesson, submission, seed } = job
    const shared = { course, submission, seed, openLink }
    const firstUnmet = firstUnmetOf(shared, job.loadChecks)
    const own = await gradeOwnStack({ ...shared, lesson, checks, counted: counted.checks, firstUnmet })
    return cancelled ? undefined : own
  }

  const result = run()
  return {
    result,
    ownStack: () => runOwn().catch(() => undefined),
    cancel() {
      cancelled = true
      abort(new Cancelled())
      for (const link of links) link.stop()
      links.clear()
    },
  }
}
