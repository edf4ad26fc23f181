import type { Lesson } from '../course/lesson.ts'
import type { Requirement } from '../course/requirements.ts'
import { type CheckVerdict, type Outcome, requirementOf } from '../runner/outcome.ts'
import type { OwnStackRun } from '../runner/own-stack.ts'
import type { Points } from '../runner/verdict.ts'

/** What is known of one grading of a lesson, which may still be going on. */
export interface LessonResult {
  /** The ids of all checks that it consists of. */
  manifest: readonly string[]
  /** The checks that are through, in their order; while it goes on, one that went first stands last. */
  checks: readonly CheckVerdict[]
  /** What the rooms printed, by check; known when it is over. */
  console: Readonly<Record<string, string[]>>
  /** Where a check was when it was stopped, by check, innermost first; known when it is over. */
  stoppedAt: Readonly<Record<string, string[]>>
  /** How it goes with the learner's own rooms below; known later, and where there is something to be told. */
  own?: OwnStackRun
  /** What went wrong on our side; then there is no verdict. */
  fault?: string
}

/** How a requirement stands: as its first check that did not pass. */
export type Standing = Outcome | 'waiting' | 'unchecked'

/** How one requirement stands. */
export function standingOf({ id }: Requirement, { manifest, checks }: LessonResult): Standing {
  const ids = manifest.filter((check) => requirementOf(check) === id)
  if (ids.length === 0) return 'unchecked'
  const through = checks.filter(({ requirement }) => requirement === id)
  const bad = through.find(({ outcome }) => outcome !== 'passed')
  if (bad) return bad.outcome
  return through.length < ids.length ? 'waiting' : 'passed'
}

/** The points of this grading, so far. */
export function pointsOf(lesson: Lesson, result: LessonResult): Points {
  const points = { earned: 0, possible: 0 }
  for (const requirement of lesson.requirements) {
    const standing = standingOf(requirement, result)
    if (standing !== 'unchecked') points.possible += requirement.points
    if (standing === 'passed') points.earned += requirement.points
  }
  return points
}

/**
 * The check that a learner looks at first: the first that went wrong. Where none did, the first that ran into
 * a part that is not written yet.
 */
export function firstFailure({ checks }: LessonResult): CheckVerdict | undefined {
  const bad = checks.filter(({ outcome }) => outcome !== 'passed')
  return bad.find(({ outcome }) => outcome !== 'not-started') ?? bad[0]
}

/** Whether every check is through and passed. */
export function isPassed({ manifest, checks }: LessonResult): boolean {
  return (
    manifest.length > 0 &&
    checks.length === manifest.length &&
    checks.every(({ outcome }) => outcome === 'passed')
  )
}
