import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lesson } from '../course/lesson.ts'
import { filesIn } from '../course/tree.ts'
import type { Submission } from '../intake/intake.ts'
import type { Link } from '../subject/link.ts'
import type { Check } from './check.ts'
import { gradeLesson } from './grade-lesson.ts'
import type { CheckVerdict } from './outcome.ts'
import { judgeLesson, sum, VERDICT_VERSION, type Verdict } from './verdict.ts'

/** What is to be graded, and how. */
export interface GradeJob {
  root: string
  submission: Submission
  /** Each lesson with the checks that it is to be put through. */
  lessons: readonly { lesson: Lesson; checks: readonly Check[] }[]
  seed: number
  isolation: Verdict['isolation']
  openLink: () => Link
  onCheck?: (verdict: CheckVerdict) => void
}

/** Grades one submission. */
export async function grade(job: GradeJob): Promise<Verdict> {
  const started = performance.now()
  const { root, submission, seed } = job
  const console: Record<string, string[]> = {}
  const stoppedAt: Record<string, string[]> = {}
  const lessons: Verdict['lessons'] = []
  for (const { lesson, checks } of job.lessons) {
    const run = await gradeLesson({ ...job, lesson, checks })
    Object.assign(console, run.console)
    Object.assign(stoppedAt, run.stoppedAt)
    lessons.push(
      judgeLesson(
        lesson,
        checks.map(({ id }) => id),
        run.results,
      ),
    )
  }
  return {
    version: VERDICT_VERSION,
    submission: { path: submission.path, hash: submission.hash, ignored: submission.ignored },
    suite: { hash: hashOf(root, ['lessons', 'grader/suites']) },
    kit: { hash: hashOf(root, ['starter/kit']) },
    isolation: job.isolation,
    seed,
    points: sum(lessons.map(({ points }) => points)),
    lessons,
    run: { durationMs: Math.round(performance.now() - started), console, stoppedAt },
  }
}

const hashes = new Map<string, string>()

/** SHA-256 of all files of some folders, names included. */
function hashOf(root: string, folders: string[]): string {
  const key = [root, ...folders].join('\0')
  const known = hashes.get(key)
  if (known) return known
  const hash = createHash('sha256')
  for (const folder of folders) {
    for (const path of filesIn(join(root, folder))) {
      const content = readFileSync(join(root, folder, path))
      hash.update(`${folder}/${path}\0${content.length}\0`).update(content)
    }
  }
  const digest = hash.digest('hex')
  hashes.set(key, digest)
  return digest
}
