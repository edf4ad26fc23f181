import { lessonScript } from '../bundle/lesson-script.ts'
import type { Lesson } from '../course/lesson.ts'
import type { Standing } from '../course/needs.ts'
import type { RegionLesson } from '../course/regions.ts'
import type { Check } from '../runner/check.ts'
import { inParallel } from '../runner/in-parallel.ts'
import type { CheckVerdict } from '../runner/outcome.ts'
import { runChecks } from '../runner/run-checks.ts'
import type { Script } from '../sandbox/protocol.ts'
import type { Link } from '../subject/link.ts'
import { instrument, type Mutant, roomsToMutate, withMutant } from './instrument.ts'

/** What is to be found out: which mutants of a lesson's reference its suite notices. */
export interface MutationJob {
  /** The repository. */
  root: string
  /** All lessons of the course. */
  lessons: readonly (RegionLesson & Standing)[]
  lesson: Pick<Lesson, 'folder'> & Standing
  checks: Check[]
  /** Every reference room, by its path from `solutions/`. */
  reference: ReadonlyMap<string, string>
  seed: number
  openLink: () => Link
  /** Told how many there are, before the first is graded. */
  onMutants?: (count: number) => void
  /** Told of each as soon as it is through. */
  onMutant?: (result: MutantResult) => void
}

/** What became of a mutant. */
export interface MutantResult {
  mutant: Mutant
  /** The first check that noticed it; `undefined` if it survived. */
  killedBy: CheckVerdict | undefined
}

/** The reference does not pass its own suite: nothing tells a mutant from it. */
export class ReferenceFails extends Error {}

/**
 * Grades every mutant of a lesson's rooms, each in a fresh process, up to the first check that it does not pass.
 * All of them stand in one script, which is made once.
 *
 * @returns one result for each mutant, in the order of their places
 * @throws {ReferenceFails} if the rooms do not pass while no mutant is active
 * @throws {LessonError} if a room cannot be mutated
 */
export async function gradeMutants(job: MutationJob): Promise<MutantResult[]> {
  const { root, lessons, lesson, reference } = job
  const files = roomsToMutate(lesson, reference)
  const { texts, mutants } = await instrument(files, lesson.folder, lessons)
  const source = (room: string) => texts.get(`solutions/${room}.ts`) ?? reference.get(`${room}.ts`)
  const { script } = await lessonScript({ root, lessons }, lesson, {
    source,
    learners: [],
    stack: 'alone',
  })
  const failure = await firstFailure(job, script)
  if (failure)
    throw new ReferenceFails(
      `the reference itself ends ${failure.id} as ${failure.outcome}: ${failure.message}`,
    )

  job.onMutants?.(mutants.length)
  return inParallel(mutants, async (mutant) => {
    const killedBy = await firstFailure(job, withMutant(script, mutant))
    if (killedBy?.outcome === 'grader-error')
      throw new Error(`${killedBy.id} of the mutant at ${placeOf(mutant)}: ${killedBy.message}`)
    const result = { mutant, killedBy }
    job.onMutant?.(result)
    return result
  })
}

/** Where a mutant stands: `solutions/store.ts:12:5`. */
export function placeOf({ file, line, column }: Mutant): string {
  return `${file}:${line}:${column}`
}

async function firstFailure(job: MutationJob, script: Script): Promise<CheckVerdict | undefined> {
  const { checks, seed, openLink, lesson } = job
  const failed = ({ outcome }: CheckVerdict) => outcome !== 'passed'
  const { results } = await runChecks({
    lesson: lesson.folder,
    checks,
    seed,
    openLink,
    script,
    // Who killed a mutant matters, not where in it.
    placesOf: () => [],
    stopAfter: failed,
  })
  return results.find(failed)
}
