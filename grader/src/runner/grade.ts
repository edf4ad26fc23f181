import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { filesIn } from '../course/tree.ts'
import type { Submission } from '../intake/intake.ts'
import type { Link } from '../subject/link.ts'
import type { Check } from './check.ts'
import { gradeLesson } from './grade-lesson.ts'
import type { CheckVerdict } from './outcome.ts'
import { firstUnmetOf, gradeOwnStack } from './own-stack.ts'
import { judgeLesson, type RunOutput, sum, VERDICT_VERSION, type Verdict } from './verdict.ts'

/** What is to be graded, and how. */
export interface GradeJob {
  course: Course
  submission: Submission
  /** Each lesson with the checks that it is to be put through. */
  lessons: readonly { lesson: Lesson; checks: readonly Check[] }[]
  seed: number
  isolation: Verdict['isolation']
  openLink: () => Link
  /** The hidden suite of a lesson, by which an own stack is looked into. Left out: nothing but what counts is graded. */
  suiteOf?: (lesson: Lesson) => Promise<readonly Check[]>
  onCheck?: (verdict: CheckVerdict) => void
}

/** Grades one submission. What counts goes first; the own stacks follow in a process beside it. */
export async function grade(job: GradeJob): Promise<Verdict> {
  const started = performance.now()
  const { course, submission, seed, openLink, suiteOf } = job
  const alone: RunOutput = { console: {}, stoppedAt: {} }
  const own: RunOutput = { console: {}, stoppedAt: {} }
  const shared = { course, submission, seed, openLink }
  const firstUnmet = suiteOf && firstUnmetOf(shared, suiteOf)
  const lessons: Verdict['lessons'] = []
  let owns = Promise.resolve()
  for (const { lesson, checks } of job.lessons) {
    const { results, ...output } = await gradeLesson({ ...job, lesson, checks })
    add(alone, output)
    const ids = checks.map(({ id }) => id)
    const verdict = judgeLesson(lesson, ids, results)
    lessons.push(verdict)
    if (!firstUnmet) continue
    owns = owns.then(async () => {
      const run = await gradeOwnStack({ ...shared, lesson, checks, counted: results, firstUnmet })
      if (!run) return
      verdict.own = run.verdict
      add(own, run.output)
    })
  }
  await owns
  return {
    version: VERDICT_VERSION,
    submission: { path: submission.path, hash: submission.hash, ignored: submission.ignored },
    suite: { hash: hashOf(course.root, ['lessons', 'grader/suites', 'solutions']) },
    kit: { hash: hashOf(course.root, ['starter/kit']) },
    isolation: job.isolation,
    seed,
    points: sum(lessons.map(({ points }) => points)),
    lessons,
    run: { durationMs: Math.round(performance.now() - started), alone, own },
  }
}

function add(all: RunOutput, { console, stoppedAt }: RunOutput): void {
  Object.assign(all.console, console)
  Object.assign(all.stoppedAt, stoppedAt)
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
