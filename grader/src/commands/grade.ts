import { closeSync, openSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Course, loadCourse, roomsOf } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { NothingToGrade, type Submission, takeIn } from '../intake/intake.ts'
import { toCsv } from '../reports/csv.ts'
import { escapeForLine } from '../reports/escape.ts'
import { toJson } from '../reports/json.ts'
import { batchLine, terminalReport } from '../reports/terminal.ts'
import { grade as gradeSubmission } from '../runner/grade.ts'
import { AT_A_TIME, inParallel } from '../runner/in-parallel.ts'
import { loadSuite } from '../runner/suites.ts'
import { allPassed, type Verdict } from '../runner/verdict.ts'
import type { Links } from '../subject/open-links.ts'
import { openTypeChecker } from '../types/type-check.ts'
import { type CommandContext, UsageError } from './context.ts'
import { progressBar } from './progress-bar.ts'
import { type Selection, select } from './select.ts'

/** How long the compiler may look for the type errors of one submission, in ms: the machine is busy with others. */
const TYPES_LIMIT_MS = 30_000

/** What `npm run grade` can be asked. */
export interface GradeOptions {
  lesson: string[]
  check: string[]
  seed: number
  /** A file, or `-` for the standard output. */
  json?: string
  csv?: string
  /** Grade by what counts alone, and not over the own stacks. */
  alone?: boolean
  /** Show type errors, too. */
  types?: boolean
  /** Name rooms that are like the reference's or another submission's, too. */
  alike?: boolean
  /** Grade several submissions even where there is no sandbox. */
  unverified?: boolean
}

/**
 * Grades folders.
 *
 * @returns the exit code: 0 all passed, 1 graded, 2 a folder could not be graded, 3 a fault of the grader
 * @throws {UsageError} if a lesson or a check is unknown, or a report cannot be written
 */
export async function grade(
  context: CommandContext,
  folders: string[],
  options: GradeOptions,
): Promise<number> {
  // One lesson of one submission needs one process, but for what goes wrong.
  const ahead = folders.length > 1 ? AT_A_TIME : options.lesson.length === 1 ? 0 : 1
  const opening = context.openLinks(ahead)
  // Whoever waits for them hears of it.
  opening.catch(() => undefined)
  try {
    // They start while the course is read.
    await new Promise((resolve) => setImmediate(resolve))
    const course = loadCourse(context.root)
    const selection = await select(course, context.suites, options.lesson, options.check)
    const submissions = takeInAll(context, course, folders)
    if (submissions.length === 0) return 2
    expectWritable(context, options)

    const links = await opening
    if (links.isolation === 'unverified' && folders.length > 1 && !options.unverified) {
      throw new UsageError(
        `a batch is graded in a sandbox only, and there is none: ${links.problem}. To grade without one: --unverified`,
      )
    }
    const verdicts = await gradeAll(context, course, submissions, selection, options, links)
    write(context, course, verdicts, options)
    const checks = verdicts.flatMap(({ lessons }) =>
      lessons.flatMap(({ checks, own }) => [...checks, ...(own?.checks ?? [])]),
    )
    if (checks.some(({ outcome }) => outcome === 'grader-error')) return 3
    // What could not be graded has been named; it did not pass.
    return submissions.length === folders.length && verdicts.every(allPassed) ? 0 : 1
  } finally {
    await opening.then(
      (links) => links.close(),
      () => undefined,
    )
  }
}

/** Found out first: a batch takes a while, and its marks must not be lost at the end. */
function expectWritable({ cwd }: CommandContext, { json, csv }: GradeOptions): void {
  if (json === '-' && csv === '-')
    throw new UsageError('--json and --csv cannot both go to the standard output: give one of them a file')
  for (const file of [json, csv]) {
    if (file === undefined || file === '-') continue
    try {
      closeSync(openSync(resolve(cwd, file), 'a'))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new UsageError(`expected a file that can be written, came ${file} (${reason})`)
    }
  }
}

/** What can be graded of it; of the rest it is said why not. */
function takeInAll({ cwd, err }: CommandContext, course: Course, folders: string[]): Submission[] {
  const rooms = roomsOf(course)
  return folders.flatMap((folder) => {
    try {
      return takeIn(folder, resolve(cwd, folder), rooms)
    } catch (error) {
      if (!(error instanceof NothingToGrade)) throw error
      err.write(`${escapeForLine(error.message)}\n`)
      return []
    }
  })
}

async function gradeAll(
  { root, suites, err }: CommandContext,
  course: Course,
  submissions: Submission[],
  lessons: Selection,
  { seed, alone, types, alike }: GradeOptions,
  { openLink, isolation }: Links,
): Promise<Verdict[]> {
  const bar = progressBar(err, submissions.length)
  const typeProcess = join(dirname(suites), 'src/types/type-check.process.js')
  const typeChecker = types ? openTypeChecker(root, typeProcess, TYPES_LIMIT_MS) : undefined
  const rooms = lessons.flatMap(({ lesson }) => lesson.rooms)
  const suiteOf = async ({ folder }: Lesson) => (await loadSuite(suites, folder)) ?? []
  const shared = { course, lessons, seed, isolation, openLink, ...(alone ? {} : { suiteOf }) }
  try {
    const verdicts = await inParallel(submissions, async (submission) => {
      const verdict = await gradeSubmission({ ...shared, submission })
      if (typeChecker) verdict.run.types = (await typeChecker.check(submission.rooms, rooms)) ?? null
      bar.step(submission.path)
      return verdict
    })
    if (alike) {
      // With it comes the compiler, which takes a while to read.
      const { findAlike } = await import('../alike/alike.ts')
      const found = findAlike(root, submissions, rooms)
      for (const [index, verdict] of verdicts.entries()) verdict.run.alike = found[index] ?? []
    }
    return verdicts
  } finally {
    typeChecker?.close()
    bar.end()
  }
}

function write(
  { out, cwd }: CommandContext,
  { lessons }: Course,
  verdicts: Verdict[],
  { json, csv }: GradeOptions,
): void {
  const jsonText = () => verdicts.map((verdict) => `${toJson(verdict)}\n`).join('')
  if (json !== undefined && json !== '-') writeFileSync(resolve(cwd, json), jsonText())
  if (csv !== undefined && csv !== '-') writeFileSync(resolve(cwd, csv), toCsv(verdicts))
  if (json === '-') out.write(jsonText())
  if (csv === '-') out.write(toCsv(verdicts))
  if (json === '-' || csv === '-') return
  const [only] = verdicts
  const requirements = lessons.flatMap((lesson) => lesson.requirements)
  const lines = verdicts.length === 1 && only ? terminalReport(only, requirements) : verdicts.map(batchLine)
  out.write(`${lines.join('\n')}\n`)
}
