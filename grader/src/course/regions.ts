/**
 * One source for starter, catch-up and solution.
 *
 * In a reference room, what a lesson's learner writes stands between `// #region 01-store` and
 * `// #endregion`. What the starter has instead follows `// #else`, as comments; without that it is a throw.
 * Regions are flat.
 */

import type { Lesson } from './lesson.ts'
import { LessonError, type Problem } from './lesson-error.ts'
import { unknownName } from './nearest.ts'

/** What regions ask of a lesson. */
export type RegionLesson = Pick<Lesson, 'folder' | 'number'>

/** What one lesson's learner writes. */
export interface Region {
  /** The lesson's folder. */
  folder: string
  /** The line of its `#region`, from 1. */
  line: number
  /** The reference. */
  body: string[]
  /** What stands there before the learner has written it. */
  otherwise: string[]
}

type Part = string | Region

const NOT_YET_IMPORT = "import { NotYet } from '#kit/not-yet'"

/**
 * A room as it is for somebody who has done all lessons before lesson `n`: their regions are there without
 * markers, the others are stubs, and `NotYet` is imported if a stub throws it.
 *
 * @param file the name for errors: `solutions/store.ts`
 * @param text the reference room
 * @param lessons all lessons of the course
 * @param n 1 is the starter, `Infinity` the solution
 * @throws {LessonError} if the regions are malformed
 */
export function roomAt(file: string, text: string, lessons: readonly RegionLesson[], n: number): string {
  const numbers = new Map(lessons.map(({ folder, number }) => [folder, Number(number)]))
  const parts = parseParts(file, text, lessons).map((part) => {
    if (typeof part === 'string') return part
    return (numbers.get(part.folder) ?? Number.POSITIVE_INFINITY) < n ? part.body : part.otherwise
  })
  return importNotYet(join(parts))
}

/**
 * All rooms as they are for somebody who has done the lessons before lesson `n`.
 *
 * @param files the reference rooms under their paths from `solutions/`
 * @throws {LessonError} that names every problem of every room
 */
export function treeAt(
  files: ReadonlyMap<string, string>,
  lessons: readonly RegionLesson[],
  n: number,
): Map<string, string> {
  const tree = new Map<string, string>()
  const problems: Problem[] = []
  for (const [path, text] of files) {
    try {
      tree.set(path, roomAt(`solutions/${path}`, text, lessons, n))
    } catch (error) {
      if (!(error instanceof LessonError)) throw error
      problems.push(...error.problems)
    }
  }
  if (problems.length > 0) throw new LessonError(problems)
  return tree
}

/**
 * The regions of a reference room, in order.
 *
 * @param file the name for errors
 * @throws {LessonError} if they are malformed
 */
export function regionsIn(file: string, text: string, lessons: readonly RegionLesson[]): Region[] {
  return parseParts(file, text, lessons).filter((part) => typeof part !== 'string')
}

function parseParts(file: string, text: string, lessons: readonly RegionLesson[]): Part[] {
  const folders = lessons.map(({ folder }) => folder)
  const problems: Problem[] = []
  const parts: Part[] = []
  let open: (Region & { indent: string; inElse: boolean }) | undefined
  for (const [index, content] of text.replace(/\n$/, '').split('\n').entries()) {
    const line = index + 1
    const report = (message: string) => problems.push({ file, line, message })
    const marker = /\/\/\s*#(region|else|endregion)\b/.exec(content)
    const [, indent = '', kind, name] = /^(\s*)\/\/ #(region|else|endregion)(?: (\S+))?$/.exec(content) ?? []

    if (marker && (kind === undefined || (name === undefined) === (kind === 'region'))) {
      report('expected `// #region 01-store`, `// #else` or `// #endregion` alone on its line: write it so')
    } else if (kind === 'region' && name !== undefined) {
      if (open) report(`a region inside the one of line ${open.line}: regions are flat, so close that first`)
      if (!folders.includes(name)) report(unknownName('lesson', name, folders))
      const otherwise = [`${indent}throw new NotYet('${name}')`]
      open = { folder: name, line, body: [], otherwise, indent, inElse: false }
    } else if (kind === 'else') {
      if (!open) report('#else without a region before it: add `// #region`, or remove it')
      else if (open.inElse) report(`a second #else in the region of line ${open.line}: leave one`)
      else Object.assign(open, { otherwise: [], inElse: true })
    } else if (kind === 'endregion') {
      if (open) {
        const { folder, body, otherwise } = open
        // A throw outside every body would fail on import, before anything can be asked of the room.
        if (!open.inElse && open.indent === '') {
          problems.push({
            file,
            line: open.line,
            message: 'a region outside a body needs `// #else`: add it',
          })
        }
        parts.push({ folder, line: open.line, body, otherwise })
      } else report('#endregion without a region before it: add `// #region`, or remove it')
      open = undefined
    } else if (open?.inElse) {
      const [commented, before = '', rest] = /^(\s*)\/\/(?: (.*))?$/.exec(content) ?? []
      if (commented === undefined && content !== '') {
        report('expected a comment that begins `// ` after #else, came code: comment it out')
      }
      open.otherwise.push(rest === undefined ? '' : before + rest)
    } else if (open) open.body.push(content)
    else parts.push(content)
  }
  if (open) {
    const message = `the region ${open.folder} is not closed: add \`// #endregion\``
    problems.push({ file, line: open.line, message })
  }
  if (problems.length > 0) throw new LessonError(problems)
  return parts
}

/** Puts the parts together, and tidies the blank lines where a marker or a whole region was. */
function join(parts: readonly (string | string[])[]): string {
  const lines: string[] = []
  let atSeam = false
  const push = (line: string) => {
    const last = lines.at(-1)
    if (atSeam && line === '' && (last === undefined || last === '' || /[{([]$/.test(last))) return
    if (atSeam && /^\s*[})\]]/.test(line)) {
      if (last === '') lines.pop()
      const opening = lines.at(-1)
      if (opening !== undefined && /^[^/]*\{$/.test(opening) && line.trim().startsWith('}')) {
        lines[lines.length - 1] = opening + line.trim()
        atSeam = false
        return
      }
    }
    lines.push(line)
    if (line !== '') atSeam = false
  }
  for (const part of parts) {
    if (typeof part === 'string') {
      push(part)
      continue
    }
    atSeam = true
    for (const line of part) push(line)
    atSeam = true
  }
  while (lines.at(-1) === '') lines.pop()
  return `${lines.join('\n')}\n`
}

function importNotYet(text: string): string {
  const imported = /import \{[^}]*\bNotYet\b[^}]*\} from '#kit\/not-yet'/.test(text)
  if (imported || !text.includes('NotYet(')) return text
  const lines = text.split('\n')
  const firstImport = lines.findIndex((line) => /^import\b/.test(line))
  if (firstImport !== -1) return lines.toSpliced(firstImport, 0, NOT_YET_IMPORT).join('\n')
  const blank = lines.indexOf('')
  const header = lines[0]?.startsWith('/*') ? lines.findIndex((line) => line.endsWith('*/')) : blank - 1
  const hasHeader = /^\/[*/]/.test(text) && lines[header + 1] === ''
  return lines.toSpliced(hasHeader ? header + 2 : 0, 0, NOT_YET_IMPORT, '').join('\n')
}
