import { writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { loadCourse } from '../course/course.ts'
import { NothingToGrade, type Submission, takeIn } from '../intake/intake.ts'
import { toCsv } from '../reports/csv.ts'
import { escapeForLine } from '../reports/escape.ts'
import { toJson } from '../reports/json.ts'
import { batchLine, terminalReport } from '../reports/terminal.ts'
import { grade as gradeSubmission } from '../runner/grade.ts'
import { allPassed, type Verdict } from '../runner/verdict.ts'
import { openTypeChecker } from '../types/type-check.ts'
import { type CommandContext, type Links, UsageError } from './context.ts'
import { progressBar } from './progress-bar.ts'
import { type Selection, select } from './select.ts'

/** What `npm run grade` can be asked. */
export interface GradeOptions {
  lesson: string[]
  check: string[]
  seed: number
  /** A file, or `-` for the standard output. */
  json?: string
  csv?: string
  /** Show type errors, too. */
  types?: boolean
  /** Grade several submissions even where there is no sandbox. */
  unverified?: boolean
}

/** How many submissions are graded at a time: one waits for its process while the other is judged. */
const CONCURRENCY = 3

/** Grades folders. @returns the exit code: 0 all passed, 1 graded, 2 nothing could be graded, 3 a fault of the grader */
export async function grade(
  context: CommandContext,
  folders: string[],
  options: GradeOptions,
): Promise<number> {
  const { root, suites, cwd, err } = context
  if (folders.length === 0)
    throw new UsageError('expected a folder with rooms, such as: npm run grade -- work')
  const course = loadCourse(root)
  const selection = await select(course, suites, options.lesson, options.check)
  const known = course.lessons.flatMap(({ rooms }) => rooms)
  const submissions: Submission[] = []
  let unreadable = false
  for (const folder of folders) {
    try {
      submissions.push(takeIn(folder, resolve(cwd, folder), known))
    } catch (error) {
      if (!(error instanceof NothingToGrade)) throw error
      err.write(`${escapeForLine(error.message)}\n`)
      unreadable = true
    }
  }
  if (submissions.length === 0) return 2

  const links = await context.openLinks(folders.length > 1 ? CONCURRENCY : 1)
  try {
    if (links.isolation === 'unverified' && folders.length > 1 && !options.unverified) {
      throw new UsageError(
        `a batch is graded in a sandbox only, and there is none: ${links.problem}. To grade without one: --unverified`,
      )
    }
    const verdicts = await gradeAll(context, submissions, selection, options, links)
    write(context, verdicts, options)
    if (
      verdicts.some(({ lessons }) =>
        lessons.some(({ checks }) => checks.some(({ outcome }) => outcome === 'grader-error')),
      )
    )
      return 3
    if (unreadable) return 2
    return verdicts.every(allPassed) ? 0 : 1
  } finally {
    links.close()
  }
}

async function gradeAll(
  context: CommandContext,
  submissions: Submission[],
  lessons: Selection,
  options: GradeOptions,
  { openLink, isolation }: Links,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  const bar = progressBar(context.err, submissions.length)
  const typeProcess = join(dirname(context.suites), 'src/types/type-check.process.js')
  const typeChecker = options.types ? openTypeChecker(context.root, typeProcess) : undefined
  const rooms = lessons.flatMap(({ lesson }) => lesson.rooms)
  let next = 0
  const worker = async () => {
    for (let index = next++; index < submissions.length; index = next++) {
      const submission = submissions[index] as Submission
      const { root } = context
      const verdict = await gradeSubmission({
        root,
        submission,
        lessons,
        seed: options.seed,
        isolation,
        openLink,
      })
      if (typeChecker) verdict.run.types = await typeChecker.check(submission.rooms, rooms)
      verdicts[index] = verdict
      bar.step(submission.path)
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, submissions.length) }, worker))
  typeChecker?.close()
  bar.end()
  return verdicts
}

function write({ out, cwd }: CommandContext, verdicts: Verdict[], { json, csv }: GradeOptions): void {
  const jsonText = () => verdicts.map((verdict) => `${toJson(verdict)}\n`).join('')
  if (json !== undefined && json !== '-') writeFileSync(resolve(cwd, json), jsonText())
  if (csv !== undefined && csv !== '-') writeFileSync(resolve(cwd, csv), toCsv(verdicts))
  if (json === '-') out.write(jsonText())
  if (csv === '-') out.write(toCsv(verdicts))
  if (json === '-' || csv === '-') return
  const [only] = verdicts
  const lines = verdicts.length === 1 && only ? terminalReport(only) : verdicts.map(batchLine)
  out.write(`${lines.join('\n')}\n`)
}
