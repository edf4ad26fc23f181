import type { Alike } from '../alike/alike.ts'
import type { Lesson } from '../course/lesson.ts'
import type { Requirement } from '../course/requirements.ts'
import type { Links } from '../subject/open-links.ts'
import type { TypeProblem } from '../types/type-problem.ts'
import { type CheckVerdict, requirementOf } from './outcome.ts'
import type { OwnStackVerdict } from './own-stack.ts'

/** The version of the verdict's format. */
export const VERDICT_VERSION = 2

/** Points, as in "3 of 5". */
export interface Points {
  earned: number
  possible: number
}

/** How one requirement went; it is earned when all its checks passed. */
export interface RequirementVerdict {
  id: string
  points: number
  earned: number
  text: string
}

/** How one lesson went. */
export interface LessonVerdict {
  /** The lesson's folder: `01-store`. */
  lesson: string
  points: Points
  requirements: RequirementVerdict[]
  checks: CheckVerdict[]
  /** The same with the submission's own rooms below; left out where it has none, or nobody asked. */
  own?: OwnStackVerdict
}

/** What a lesson's run leaves behind beside its results. */
export interface RunOutput {
  /** What the rooms printed, by check. */
  console: Record<string, string[]>
  /** Where a check was when it was stopped, by check: `store.ts:12 in drain`, innermost first. */
  stoppedAt: Record<string, string[]>
}

/** What may differ between two runs of the same submission. */
export interface RunFacts {
  /** How long it took, in ms. */
  durationMs: number
  /** Of the runs that count. */
  alone: RunOutput
  /** Of the own stacks. */
  own: RunOutput
  /** Type errors of the rooms, where they were asked for; null: the compiler did not get through. They cost nothing. */
  types?: TypeProblem[] | null
  /** Rooms that are like the reference's or another submission's, where that was asked for. They cost nothing. */
  alike?: Alike[]
}

/** All that is known of one submission after grading. Every report is made from it. */
export interface Verdict {
  version: typeof VERDICT_VERSION
  submission: { path: string; hash: string; ignored: string[] }
  suite: { hash: string }
  kit: { hash: string }
  isolation: Links['isolation']
  seed: number
  points: Points
  lessons: LessonVerdict[]
  run: RunFacts
}

/** @param manifest the checks that were to be run; one without a result has failed */
export function judgeLesson(
  lesson: Lesson,
  manifest: readonly string[],
  results: readonly CheckVerdict[],
): LessonVerdict {
  const byId = new Map(results.map((result) => [result.id, result]))
  const requirements = lesson.requirements
    .filter(({ id }) => manifest.some((check) => requirementOf(check) === id))
    .map((requirement) => judgeRequirement(requirement, manifest, byId))
  return {
    lesson: lesson.folder,
    points: sum(requirements.map(({ earned, points }) => ({ earned, possible: points }))),
    requirements,
    checks: manifest.flatMap((id) => byId.get(id) ?? []),
  }
}

function judgeRequirement(
  { id, points, text }: Requirement,
  manifest: readonly string[],
  results: ReadonlyMap<string, CheckVerdict>,
): RequirementVerdict {
  const checks = manifest.filter((check) => requirementOf(check) === id)
  const passed = checks.length > 0 && checks.every((check) => results.get(check)?.outcome === 'passed')
  return { id, points, earned: passed ? points : 0, text }
}

/** Adds points up. */
export function sum(points: readonly Points[]): Points {
  return points.reduce(
    (total, { earned, possible }) => ({ earned: total.earned + earned, possible: total.possible + possible }),
    { earned: 0, possible: 0 },
  )
}

/** Whether everything that was asked for passed. */
export function allPassed(verdict: Verdict): boolean {
  return verdict.lessons.every(
    ({ checks }) => checks.length > 0 && checks.every(({ outcome }) => outcome === 'passed'),
  )
}
