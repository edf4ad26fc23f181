import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { type Course, findLesson, loadCourse, unknownLesson } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { hasReference } from '../course/tree.ts'
import { coloursFor } from '../learn/colours.ts'
import { currentLesson } from '../learn/course-standing.ts'
import { pointsOf } from '../learn/lesson-result.ts'
import { type Frame, startLoop } from '../learn/loop.ts'
import { openDocument } from '../learn/open-document.ts'
import { columnsOf } from '../learn/page.ts'
import { type Progress, readProgress, updateProgress } from '../learn/progress.ts'
import { stateText } from '../learn/state-text.ts'
import { openTerminal } from '../learn/terminal.ts'
import { addMissingRooms, startFrom } from '../learn/work-tree.ts'
import type { Check } from '../runner/check.ts'
import { hasSuite, loadSuite } from '../runner/suites.ts'
import { openTypeChecker } from '../types/type-check.ts'
import { type CommandContext, UsageError } from './context.ts'

const SEED = 1

/** What `npm start` can be asked. */
export interface LearnOptions {
  /** Goes to this lesson, such as `04`: earlier rooms that are not begun become the reference's, where there is one. */
  lesson?: string
  /** The checks of a lesson that has no hidden suite here; default: its visible examples. */
  loadExamples?: (lesson: Lesson) => Promise<Check[]>
  /** Told of each frame of the loop when its last byte was written. */
  onFrame?: (frame: Frame) => void
}

/**
 * The learner's loop. Where there is no terminal, prints the state once.
 *
 * @returns the exit code: 0, or 128 and the number of the signal that ended it
 * @throws {UsageError} if there is no such lesson
 */
export async function learn(context: CommandContext, options: LearnOptions): Promise<number> {
  const { root, out } = context
  const course = loadCourse(root)
  const wanted = lessonOf(course, options)
  const notes = prepareRooms(course, wanted)
  const { progress, note } = readProgress(root)
  if (note !== undefined) notes.push(`${note}.`)
  const lesson = wanted ?? currentLesson(course, progress)

  const links = await context.openLinks()
  try {
    if (links.problem !== undefined) notes.push(links.problem)
    const { openLink, isolation } = links
    const checks = {
      loadChecks: (one: Lesson) => loadChecks(context, one, options),
      examplesOnly: (one: Lesson) => !hasSuite(context.suites, one.folder),
    }
    const shared = { course, lesson, progress, openLink, isolation, ...checks, seed: SEED, notes }
    const colours = coloursFor(out)
    if (isInteractive(context)) return await runLoop(context, { ...shared, colours }, options)
    const lines = await stateText({ ...shared, colours, width: columnsOf(out) })
    out.write(`${lines.join('\n')}\n`)
    keep(root, progress, lesson)
    return 0
  } finally {
    links.close()
  }
}

async function runLoop(
  context: CommandContext,
  shared: Omit<Parameters<typeof startLoop>[0], 'terminal' | 'openDocument'>,
  { onFrame }: LearnOptions,
): Promise<number> {
  const { root, suites, out } = context
  const typeChecker = openTypeChecker(root, join(dirname(suites), 'src/types/type-check.process.js'))
  const loop = startLoop({
    ...shared,
    terminal: openTerminal(context.in, out),
    typeChecker,
    openDocument,
    ...(onFrame ? { onFrame } : {}),
  })
  let fault: { error: unknown } | undefined
  const onSignal = (signal: NodeJS.Signals) => loop.quit(128 + (constants.signals[signal] ?? 0))
  const onFault = (error: unknown) => {
    fault ??= { error }
    loop.quit(3)
  }
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, onSignal)
  process.on('uncaughtException', onFault)
  process.on('unhandledRejection', onFault)
  try {
    const code = await loop.done
    if (fault) throw fault.error
    out.write(`${farewell(loop.last)}\n`)
    return code
  } finally {
    typeChecker.close()
    for (const signal of signals) process.off(signal, onSignal)
    process.off('uncaughtException', onFault)
    process.off('unhandledRejection', onFault)
  }
}

function lessonOf(course: Course, { lesson: name }: LearnOptions): Lesson | undefined {
  if (name === undefined) return undefined
  const found = findLesson(course, name)
  if (!found) throw new UsageError(unknownLesson(course, name))
  return found
}

/** @returns what the learner should know of it, as sentences */
function prepareRooms({ root, lessons }: Course, wanted: Lesson | undefined): string[] {
  const notes: string[] = []
  const files = (rooms: string[]) => rooms.map((room) => `work/${room}.ts`).join(', ')
  for (const room of addMissingRooms(root).changed) {
    notes.push(
      `The stub of work/${room}.ts has changed since you got it; starter/src/${room}.ts is the new one.`,
    )
  }
  if (!wanted || !hasReference(root)) return notes
  const { filled, kept } = startFrom(root, lessons, Number(wanted.number))
  if (filled.length > 0) notes.push(`The reference’s, because you had not begun them: ${files(filled)}.`)
  if (kept.length > 0) notes.push(`Yours, from earlier lessons: ${files(kept)}.`)
  return notes
}

async function loadChecks(
  { root, suites }: CommandContext,
  lesson: Lesson,
  { loadExamples }: LearnOptions,
): Promise<Check[]> {
  const suite = loadSuite(suites, lesson.folder)
  if (suite) return suite
  if (loadExamples) return loadExamples(lesson)
  const { exampleChecks } = await import('../examples/example-checks.ts')
  return exampleChecks(root, lesson)
}

/** A terminal that takes single keys and moves its cursor. */
function isInteractive(context: CommandContext): boolean {
  return context.in.isTTY === true && context.out.isTTY === true && process.env.TERM !== 'dumb'
}

function keep(root: string, reached: Progress, lesson: Lesson): void {
  updateProgress(root, (progress) => {
    progress.lesson = lesson.folder
    for (const [id, earned] of reached.best)
      progress.best.set(id, Math.max(earned, progress.best.get(id) ?? 0))
    for (const folder of reached.passed) progress.passed.add(folder)
  })
}

function farewell({ lesson, result }: ReturnType<typeof startLoop>['last']): string {
  const isWhole = result && result.fault === undefined && result.checks.length === result.manifest.length
  const points = isWhole ? pointsOf(lesson, result) : undefined
  const reached = points ? `: ${points.earned} of ${points.possible} points` : ''
  return `Lesson ${lesson.number}, ${lesson.title}${reached}. npm start goes on here.`
}
