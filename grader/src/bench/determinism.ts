import { join } from 'node:path'
import { readBank } from '../bank/bank.ts'
import { complete } from '../bank/complete.ts'
import type { Entry } from '../bank/entry.ts'
import { cannotPrepare, prepare } from '../bank/prepare.ts'
import { type Course, roomsOf } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { NothingToGrade, type Submission, takeIn } from '../intake/intake.ts'
import type { Check } from '../runner/check.ts'
import { grade } from '../runner/grade.ts'
import { AT_A_TIME, inParallel } from '../runner/in-parallel.ts'
import { requirementOf } from '../runner/outcome.ts'
import { loadSuite } from '../runner/suites.ts'
import type { OpenLinks } from '../subject/open-links.ts'
import { inTemporaryFolder } from '../temporary-folder.ts'
import type { Figure } from './figure.ts'

/** Something of the bank, as it is graded. */
interface Graded {
  entry: Entry
  submission: Submission
  checks: Check[]
}

/**
 * Grades what is in the bank again and again, several at a time, and compares the verdicts byte for byte, but for the
 * part that may differ.
 *
 * @param suites the folder of the compiled suites
 * @param gradings how many in all. Each submission is graded at least twice: where that is more than the bank has, a
 *   part of it is left out.
 */
export async function determinism(
  course: Course,
  suites: string,
  openLinks: OpenLinks,
  gradings: number,
): Promise<Figure> {
  const started = performance.now()
  const { compared, different } = await inTemporaryFolder('bench', async (folder) => {
    const bank = spreadOver(await takeInBank(course, suites, folder), Math.max(1, Math.floor(gradings / 2)))
    return {
      compared: bank.length,
      different: await compare(course, suites, openLinks, inRounds(bank, gradings)),
    }
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  const wanted = 'the same every time'
  return {
    what: 'the same submission, the same verdict',
    value: different.size === 0 ? wanted : `${different.size} submissions differ`,
    wanted,
    held: different.size === 0,
    details: [
      `${gradings} gradings of ${compared} submissions of the bank, ${AT_A_TIME} at a time, in ${seconds} s`,
      ...[...different].map((file) => `differs: ${file}`),
    ],
  }
}

/** @returns the files (verdict.yaml) of those that did not get the same verdict each time */
async function compare(
  course: Course,
  suites: string,
  openLinks: OpenLinks,
  gradings: readonly Graded[],
): Promise<Set<string>> {
  const first = new Map<Entry, string>()
  const different = new Set<string>()
  const { openLink, isolation, close } = await openLinks(AT_A_TIME)
  const suiteOf = async ({ folder }: Lesson) => (await loadSuite(suites, folder)) ?? []
  try {
    await inParallel(gradings, async ({ entry, submission, checks }) => {
      const lessons = [{ lesson: entry.lesson, checks }]
      const { run, ...comparable } = await grade({
        course,
        submission,
        lessons,
        seed: 1,
        isolation,
        openLink,
        suiteOf,
      })
      const verdict = JSON.stringify(comparable)
      const before = first.get(entry)
      if (before === undefined) first.set(entry, verdict)
      else if (before !== verdict) different.add(entry.file)
    })
  } finally {
    close()
  }
  return different
}

/** @param folder where those are prepared that git cannot hold */
async function takeInBank(course: Course, suites: string, folder: string): Promise<Graded[]> {
  const { root } = course
  const known = roomsOf(course)
  const taken: Graded[] = []
  for (const entry of readBank(root, course).entries) {
    if (entry.kind === 'hostile' && cannotPrepare(entry) !== undefined) continue
    const place = entry.kind === 'hostile' ? prepare(root, entry, folder) : join(root, entry.folder)
    const only = entry.kind === 'hostile' ? entry.only : []
    const suite = (await loadSuite(suites, entry.lesson.folder)) ?? []
    const checks = suite.filter(({ id }) => only.length === 0 || only.includes(requirementOf(id)))
    try {
      const submission = complete(course, entry, takeIn(entry.folder, place, known))
      taken.push({ entry, submission, checks })
    } catch (error) {
      // What is not even taken in has no verdict that could differ.
      if (!(error instanceof NothingToGrade)) throw error
    }
  }
  if (taken.length === 0) throw new Error('there is no bank of submissions here')
  return taken
}

/** All of them, over and over; every other round backwards, so that nobody always has the same neighbours. */
function inRounds<T>(all: readonly T[], count: number): T[] {
  const there = [...all, ...all.toReversed()]
  return Array.from({ length: count }, (_, index) => there[index % there.length] as T)
}

/** At most `count` of them, at even distances. */
function spreadOver<T>(all: readonly T[], count: number): T[] {
  if (count >= all.length) return [...all]
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] as T)
}
