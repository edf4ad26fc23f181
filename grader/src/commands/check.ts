import { dim, green, red, yellow } from 'kleur/colors'
import { BANK, type Bank, readBank } from '../bank/bank.ts'
import { type Course, isNamed, lessonFolders, unknownLesson } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { lessonsBelow } from '../course/needs.ts'
import { hasReference } from '../course/tree.ts'
import { escapeForTerminal } from '../reports/escape.ts'
import { loadSuite } from '../runner/suites.ts'
import { bankHolds } from '../self-check/bank-holds.ts'
import { catchUp } from '../self-check/catch-up.ts'
import { differentOnes } from '../self-check/different.ts'
import { emptyRooms } from '../self-check/empty-rooms.ts'
import { examples } from '../self-check/examples.ts'
import { openGrading } from '../self-check/grading.ts'
import { hostileOnes } from '../self-check/hostile.ts'
import { readLessons } from '../self-check/lessons.ts'
import { mistakes } from '../self-check/mistakes.ts'
import type { Finding, Kit, Part } from '../self-check/part.ts'
import { reference } from '../self-check/reference.ts'
import { starter } from '../self-check/starter.ts'
import { strayFiles } from '../self-check/stray-files.ts'
import { suites } from '../self-check/suites.ts'
import { types } from '../self-check/types.ts'
import { wrongOnes } from '../self-check/wrong.ts'
import { openRoomService } from '../types/room-service.ts'
import { type CommandContext, UsageError } from './context.ts'
import type { Tally } from './tally.ts'

/** From what is quick to what takes time. */
const PARTS: readonly Part[] = [
  suites,
  starter,
  strayFiles,
  bankHolds,
  types,
  examples,
  catchUp,
  emptyRooms,
  reference,
  differentOnes,
  mistakes,
  wrongOnes,
  hostileOnes,
]

/**
 * The kit proves itself: lessons, suites, starter, reference and bank agree with each other.
 *
 * @param names the lessons to look at; none means all
 * @returns the exit code: 0 if all holds, 1 if something does not
 * @throws {UsageError} where there is no reference
 */
export async function check(context: CommandContext, names: string[]): Promise<number> {
  return (await selfCheck(context, names)).failed === 0 ? 0 : 1
}

/** The same, for whoever counts on: how many things held, did not hold, and could not be looked at. */
export async function selfCheck(context: CommandContext, names: string[] = []): Promise<Tally> {
  const { root, openLinks, out } = context
  if (!hasReference(root))
    throw new UsageError(
      'a student edition holds nothing that could prove it: run this in the whole repository',
    )
  const total: Tally = { passed: 0, failed: 0, skipped: 0 }
  const tell = (name: string, finding: Finding, startedMs: number) => {
    out.write(`${findingLines(name, finding, performance.now() - startedMs).join('\n')}\n`)
    total.passed += Math.max(0, finding.checked - finding.problems.length)
    total.failed += finding.problems.length
    total.skipped += finding.skipped.length
  }

  let startedMs = performance.now()
  const { course, lessons, whole, finding } = partOf(readLessons(root), names)
  tell('lessons', finding, startedMs)
  const grading = await openGrading(
    course,
    async ({ folder }) => (await loadSuite(context.suites, folder)) ?? [],
    openLinks,
  )
  try {
    const kit: Kit = {
      root,
      course,
      lessons,
      whole,
      bank: bankOf(course, lessons),
      types: openRoomService(root),
      grading,
    }
    for (const part of PARTS) {
      startedMs = performance.now()
      tell(part.name, await part.run(kit), startedMs)
    }
    return total
  } finally {
    grading.close()
  }
}

/**
 * As much of the course as is asked for: these lessons, and those below them.
 *
 * @throws {UsageError} if there is no such lesson
 */
function partOf({ course, whole, finding }: ReturnType<typeof readLessons>, names: string[]) {
  if (names.length === 0) return { course, lessons: course.lessons, whole, finding }
  const folders = lessonFolders(course.root)
  const wanted = names.map((name) => {
    const folder = folders.find((one) => isNamed(one, name))
    if (folder === undefined) throw new UsageError(unknownLesson(course, name))
    return folder
  })
  const lessons = course.lessons.filter(({ folder }) => wanted.includes(folder))
  const below = lessons.flatMap((lesson) => lessonsBelow(course.lessons, lesson))
  const kept = course.lessons.filter((lesson) => lessons.includes(lesson) || below.includes(lesson))
  const problems = finding.problems.filter(({ file }) =>
    wanted.some((folder) => file.startsWith(`lessons/${folder}/`)),
  )
  const counted = wanted.join(', ')
  return {
    course: { root: course.root, lessons: kept },
    lessons,
    whole: false,
    finding: { ...finding, counted, checked: wanted.length, problems },
  }
}

/** What the bank holds of the lessons that are looked at. */
function bankOf(course: Course, lessons: readonly Lesson[]): Bank {
  const { entries, problems } = readBank(course.root, course)
  if (lessons === course.lessons) return { entries, problems }
  return {
    entries: entries.filter(({ lesson }) => lessons.includes(lesson)),
    problems: problems.filter(({ file }) =>
      lessons.some(({ folder }) => file.startsWith(`${BANK}/${folder}/`)),
    ),
  }
}

function findingLines(name: string, { counted, problems, skipped }: Finding, durationMs: number): string[] {
  const seconds = durationMs < 1_000 ? '' : dim(` ${(durationMs / 1_000).toFixed(1)} s`)
  const lines = [`${problems.length ? red('✗') : green('✓')} ${name}: ${counted}${seconds}`]
  for (const { file, line, message } of problems) {
    const [first = '', ...more] = escapeForTerminal(`${file}:${line}: ${message}`).split('\n')
    lines.push(`    ${first}`, ...more.map((rest) => `      ${rest}`))
  }
  for (const sentence of skipped) lines.push(`    ${yellow('skipped')} ${escapeForTerminal(sentence)}`)
  return lines
}
