/** What a learner has reached, in `work/.drydock/progress.json`. */

import { existsSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Lesson } from '../course/lesson.ts'
import { judgeLesson, type LessonVerdict } from '../runner/verdict.ts'
import type { LessonResult } from './lesson-result.ts'
import { memoryFolder } from './work-tree.ts'
import { writeAtomically } from './write-atomically.ts'

const VERSION = 1
/** No progress is larger than this, in bytes. */
const FILE_LIMIT_BYTES = 1024 * 1024

/** What a learner has reached. */
export interface Progress {
  /** The folder of the lesson that is being worked on; `undefined` before the first. */
  lesson: string | undefined
  /** The most points that each requirement ever had. */
  best: Map<string, number>
  /** How many hints were shown for each requirement. */
  hints: Map<string, number>
  /** The folders of the lessons that passed once. */
  passed: Set<string>
}

/** Progress as it was read. */
export interface ReadProgress {
  progress: Progress
  /** A sentence for the learner, if what was there could not be used and was set aside. */
  note: string | undefined
}

/** Reads what is there. A file that cannot be understood is set aside, and progress begins anew. */
export function readProgress(root: string): ReadProgress {
  const file = fileOf(root)
  if (!existsSync(file)) return { progress: noProgress(), note: undefined }
  try {
    const { size } = statSync(file)
    if (size > FILE_LIMIT_BYTES) throw new Error(`it is larger than ${FILE_LIMIT_BYTES / 1024} KiB`)
    return { progress: parseProgress(readFileSync(file, 'utf8')), note: undefined }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { progress: noProgress(), note: setAside(root, file, reason) }
  }
}

/**
 * Changes what is there now, not what was read once: a second terminal may have written in the meantime.
 *
 * @returns the progress as it now is
 */
export function updateProgress(root: string, change: (progress: Progress) => void): Progress {
  const { progress } = readProgress(root)
  change(progress)
  const { lesson, best, hints, passed } = progress
  const plain = {
    version: VERSION,
    lesson,
    best: Object.fromEntries(best),
    hints: Object.fromEntries(hints),
    passed: [...passed].sort(),
  }
  writeAtomically(fileOf(root), `${JSON.stringify(plain, null, 2)}\n`)
  return progress
}

/** Takes what a grading brought into account; points never go down. */
export function recordVerdict(progress: Progress, { lesson, points, requirements }: LessonVerdict): void {
  for (const { id, earned } of requirements) {
    progress.best.set(id, Math.max(earned, progress.best.get(id) ?? 0))
  }
  if (points.possible > 0 && points.earned === points.possible) progress.passed.add(lesson)
}

/** The same for a grading in the loop; one that failed for a fault of ours counts as none. */
export function recordResult(
  progress: Progress,
  lesson: Lesson,
  { manifest, checks, fault }: LessonResult,
): void {
  if (fault === undefined) recordVerdict(progress, judgeLesson(lesson, manifest, checks))
}

function noProgress(): Progress {
  return { lesson: undefined, best: new Map(), hints: new Map(), passed: new Set() }
}

/** @throws {Error} that says what is wrong with it */
function parseProgress(text: string): Progress {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new Error('it is no JSON')
  }
  if (!isRecord(parsed)) throw new Error('it is no JSON object')
  if (parsed.version !== VERSION) throw new Error(`expected version ${VERSION}`)
  const { lesson, best, hints, passed } = parsed
  if (lesson !== undefined && !isLesson(lesson)) throw new Error('`lesson` is no lesson')
  if (!Array.isArray(passed) || !passed.every(isLesson)) throw new Error('`passed` is no list of lessons')
  return { lesson, best: counts('best', best), hints: counts('hints', hints), passed: new Set(passed) }
}

function counts(name: string, value: unknown): Map<string, number> {
  const problem = new Error(`\`${name}\` is no table of requirements and whole numbers`)
  if (!isRecord(value)) throw problem
  const entries = Object.entries(value).map(([id, count]): [string, number] => {
    const fits = typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= 1_000
    if (!fits || !/^[A-Z][A-Z0-9]*-\d+$/.test(id)) throw problem
    return [id, count]
  })
  return new Map(entries)
}

function isLesson(value: unknown): value is string {
  return typeof value === 'string' && /^\d\d-[a-z0-9-]+$/.test(value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function setAside(root: string, file: string, reason: string): string {
  let n = 1
  let name: string
  do name = `progress.broken-${n++}.json`
  while (existsSync(join(memoryFolder(root), name)))
  const sentence = `work/.drydock/progress.json could not be understood (${reason}), so progress begins anew`
  try {
    renameSync(file, join(memoryFolder(root), name))
    return `${sentence}; the file is kept beside it as ${name}`
  } catch {
    return sentence
  }
}

function fileOf(root: string): string {
  return join(memoryFolder(root), 'progress.json')
}
