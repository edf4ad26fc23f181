import { ownBelow } from '../bundle/stack.ts'
import type { Lesson } from '../course/lesson.ts'
import { blame, type OwnCheckVerdict } from './blame.ts'
import type { Check } from './check.ts'
import { gradeLesson, type LessonJob, runOwnStack } from './grade-lesson.ts'
import type { CheckVerdict } from './outcome.ts'
import type { RunOutput } from './verdict.ts'

/** How a lesson goes with the submission's own rooms below it. It earns nothing and costs nothing. */
export interface OwnStackVerdict {
  /** The rooms below that are the submission's: handed in, begun, and not the reference's. */
  rooms: string[]
  /** The checks that pass over the reference's rooms, in their order. */
  checks: OwnCheckVerdict[]
}

/** What came of it. */
export interface OwnStackRun {
  verdict: OwnStackVerdict
  output: RunOutput
}

/** A lesson that was graded, to be graded over the own stack. */
export interface OwnStackQuestion extends Omit<LessonJob, 'onCheck'> {
  /** How its checks went over the reference's rooms. */
  counted: readonly CheckVerdict[]
  firstUnmet: (lesson: Lesson) => Promise<string | undefined>
}

/**
 * Grades a lesson over the submission's own rooms, as far as it passes over the reference's, and says which room is to
 * blame for what then fails. Never throws.
 *
 * @returns `undefined` where there is nothing to be told: no room below is the submission's own, or nothing passed
 */
export async function gradeOwnStack(job: OwnStackQuestion): Promise<OwnStackRun | undefined> {
  const { course, lesson, submission, counted } = job
  const below = ownBelow(course, lesson, submission.rooms)
  const passed = new Set(counted.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id))
  const checks = job.checks.filter(({ id }) => passed.has(id))
  const rooms = below.flatMap((one) => one.rooms)
  if (rooms.length === 0 || checks.length === 0) return undefined
  const run = (some: readonly Check[], replaced: ReadonlySet<string>) =>
    runOwnStack({ ...job, checks: some, replaced })
  const { results, ...output } = await run(checks, new Set())
  const verdicts = await blame({ results, checks, below, run, firstUnmet: job.firstUnmet })
  return { verdict: { rooms, checks: verdicts }, output }
}

/**
 * Finds the first requirement of a lesson that a submission does not meet by what counts. Each lesson is graded once, up to
 * there.
 *
 * @param suiteOf the hidden suite of a lesson; empty if there is none
 */
export function firstUnmetOf(
  job: Omit<LessonJob, 'lesson' | 'checks' | 'onCheck'>,
  suiteOf: (lesson: Lesson) => Promise<readonly Check[]>,
): (lesson: Lesson) => Promise<string | undefined> {
  const known = new Map<Lesson, Promise<string | undefined>>()
  const isUnmet = ({ outcome }: CheckVerdict) => outcome !== 'passed'
  const find = async (lesson: Lesson) => {
    const checks = await suiteOf(lesson)
    const { results } = await gradeLesson({ ...job, lesson, checks, stopAfter: isUnmet })
    return results.find(isUnmet)?.requirement
  }
  return (lesson) => {
    const finding = known.get(lesson) ?? find(lesson)
    known.set(lesson, finding)
    return finding
  }
}
