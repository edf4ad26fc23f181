import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { Lesson } from '../course/lesson.ts'
import type { Problem } from '../course/lesson-error.ts'
import { unknownName } from '../course/nearest.ts'
import { readText } from '../course/tree.ts'
import type { Check } from '../runner/check.ts'
import { requirementOf } from '../runner/outcome.ts'
import { count, type Part } from './part.ts'

/** Every requirement has a check, every check has a requirement, and no two have the same id. */
export const suites: Part = {
  name: 'requirements and checks',
  async run({ root, lessons, grading }) {
    const problems: Problem[] = []
    let checked = 0
    for (const lesson of lessons) {
      const file = suiteFile(lesson)
      try {
        const checks = await grading.loadSuite(lesson)
        checked += checks.length
        if (checks.length === 0)
          problems.push({ file, line: 1, message: 'expected the hidden suite of the lesson, came no check' })
        else problems.push(...disagreements(root, lesson, checks))
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        const [, twice] = /two checks are called (\S+)/.exec(message) ?? []
        if (twice)
          problems.push({
            ...placeOfCheck(root, lesson, twice, 1),
            message: `the id ${twice} is taken: choose another`,
          })
        else problems.push({ file, line: 1, message: `the suite cannot be loaded: ${message}` })
      }
    }
    return { counted: count(checked, 'check'), checked, problems, skipped: [] }
  },
}

/** Where a lesson's hidden suite stands, from the root, with `/`. */
export function suiteFile({ folder }: Pick<Lesson, 'folder'>): string {
  return `grader/suites/${folder}.test.ts`
}

/**
 * The files that a suite consists of, from the root, with `/`: itself, and all of its own that it imports.
 */
export function suiteFiles(root: string, lesson: Pick<Lesson, 'folder'>): string[] {
  const files: string[] = []
  const visit = (file: string) => {
    if (files.includes(file) || !existsSync(join(root, file))) return
    files.push(file)
    const text = readText(join(root, file))
    for (const [, path = ''] of text.matchAll(/^(?:import|export|\} from)\b[^'"\n]*['"](\.[^'"]+)['"]/gm)) {
      const imported = posix.join(posix.dirname(file), path)
      if (imported.startsWith(`grader/suites/${lesson.folder}`)) visit(imported)
    }
  }
  visit(suiteFile(lesson))
  return files
}

/**
 * Where a check stands in its suite.
 *
 * @param nth which of several of that id, from 0
 * @returns the first line of the suite if its id is not written out there
 */
export function placeOfCheck(
  root: string,
  lesson: Pick<Lesson, 'folder'>,
  id: string,
  nth = 0,
): { file: string; line: number } {
  const places = suiteFiles(root, lesson).flatMap((file) => {
    const text = readText(join(root, file))
    return [...text.matchAll(/\bcheck\(\s*(['"`])([^'"`\n]+)\1/g)]
      .filter(([, , found]) => found === id)
      .map((at) => ({ file, line: text.slice(0, at.index).split('\n').length }))
  })
  return places[nth] ?? { file: suiteFile(lesson), line: 1 }
}

function disagreements(root: string, lesson: Lesson, checks: readonly Check[]): Problem[] {
  const problems: Problem[] = []
  const ids = lesson.requirements.map(({ id }) => id)
  for (const { id, title } of checks) {
    const report = (message: string) => problems.push({ ...placeOfCheck(root, lesson, id), message })
    if (!/^[A-Z][A-Z0-9]*-\d+\.\d+$/.test(id)) report(`expected an id such as ${ids[0]}.1, came ${id}`)
    else if (!ids.includes(requirementOf(id))) report(unknownName('requirement', requirementOf(id), ids))
    if (title.trim() === '') report(`${id} has no title: say what a right room does`)
  }
  for (const { id, line } of lesson.requirements) {
    if (!checks.some((check) => requirementOf(check.id) === id))
      problems.push({
        file: lesson.file,
        line,
        message: `${id} has no check: write ${id}.1 in ${suiteFile(lesson)}`,
      })
  }
  return problems
}
