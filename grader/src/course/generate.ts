import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadCourse } from './course.ts'
import { declarationOf, exportsOf } from './declaration.ts'
import type { Lesson } from './lesson.ts'
import { LessonError, type Problem } from './lesson-error.ts'
import { nearest } from './nearest.ts'
import { regionsIn, treeAt } from './regions.ts'
import { readText, readTree, referenceRooms } from './tree.ts'

const STARTER_ROOMS = 'starter/src'

/** A file that is not as its sources make it. */
export interface Difference {
  /** From the root of the repository, with `/`. */
  file: string
  /** What writing does to it. */
  change: 'added' | 'changed' | 'removed'
}

/**
 * What `solutions/` and the kit make of the files that are derived from them: all of `starter/src`, and the
 * lessons with the code they quote. Writes nothing.
 *
 * @returns texts under paths from the root of the repository, with `/`
 * @throws {LessonError} if a lesson, a region or a quote is malformed
 */
export function generateStarter(root: string): Map<string, string> {
  const { lessons } = loadCourse(root)
  const rooms = referenceRooms(root)
  const starter = treeAt(rooms, lessons, 1)
  const problems = foreignRegions(rooms, lessons)
  const generated = new Map([...starter].map(([path, text]) => [`${STARTER_ROOMS}/${path}`, text]))
  const sources = new Map(generated)
  for (const [path, text] of treeAt(rooms, lessons, Number.POSITIVE_INFINITY)) {
    sources.set(`solutions/${path}`, text)
  }
  const read = (file: string) => {
    const path = join(root, file)
    return sources.get(file) ?? (existsSync(path) ? readText(path) : undefined)
  }
  for (const lesson of lessons) {
    generated.set(lesson.file, requote(lesson, readText(join(root, lesson.file)), read, problems))
  }
  if (problems.length > 0) throw new LessonError(problems)
  return generated
}

/**
 * Holds the derived files against what is on the disk.
 *
 * @param files what {@link generateStarter} returned
 * @param mode `write` makes the disk the same, and removes from `starter/src` what has no source any more;
 *   `compare` leaves it as it is
 * @returns what differed, in the order of the paths
 */
export function writeOrCompare(
  root: string,
  files: ReadonlyMap<string, string>,
  mode: 'write' | 'compare',
): Difference[] {
  const differences: Difference[] = []
  for (const [file, text] of files) {
    const path = join(root, file)
    const there = existsSync(path)
    if (there && readText(path) === text) continue
    differences.push({ file, change: there ? 'changed' : 'added' })
    if (mode === 'compare') continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  for (const path of readTree(join(root, STARTER_ROOMS)).keys()) {
    const file = `${STARTER_ROOMS}/${path}`
    if (files.has(file)) continue
    differences.push({ file, change: 'removed' })
    if (mode === 'write') rmSync(join(root, file))
  }
  return differences.sort((a, b) => (a.file < b.file ? -1 : 1))
}

/** A lesson's files are the ones that carry its regions. */
function foreignRegions(rooms: ReadonlyMap<string, string>, lessons: readonly Lesson[]): Problem[] {
  const problems: Problem[] = []
  for (const [path, text] of rooms) {
    const file = `solutions/${path}`
    const room = path.replace(/\.ts$/, '')
    for (const { folder, line } of regionsIn(file, text, lessons)) {
      const lesson = lessons.find((candidate) => candidate.folder === folder)
      if (!lesson || lesson.rooms.includes(room)) continue
      const message = `a region of ${folder}, whose rooms are ${lesson.rooms.join(', ')}: add ${room} to them`
      problems.push({ file, line, message })
      break
    }
  }
  return problems
}

function requote(
  lesson: Lesson,
  text: string,
  read: (file: string) => string | undefined,
  problems: Problem[],
): string {
  const lines = text.split('\n')
  // From the last to the first: a quote that grows moves none that is still to come.
  for (const { source, name, line, endLine } of lesson.quotes.toReversed()) {
    const report = (message: string) => problems.push({ file: lesson.file, line, message })
    const code = read(source)
    const declaration = code === undefined ? undefined : declarationOf(code, name)
    if (code === undefined) {
      report(`expected the quoted file ${source}, came no such file: correct the path`)
    } else if (declaration === undefined) {
      const meant = nearest(name, exportsOf(code))
      report(
        `${source} exports no ${name}: ${meant === undefined ? 'quote what it exports' : `did you mean ${meant}?`}`,
      )
    } else {
      lines.splice(line, endLine - 1 - line, ...declaration.split('\n'))
    }
  }
  return lines.join('\n')
}
