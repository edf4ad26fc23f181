import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Lesson } from '../course/lesson.ts'
import { LessonError, type Problem } from '../course/lesson-error.ts'
import { unknownName } from '../course/nearest.ts'
import { readText } from '../course/tree.ts'

/** One visible test of a lesson. */
export interface Example {
  /** `ST-4.1`: the first example of requirement ST-4. */
  id: string
  /** The whole title: `ST-4: refuses a late write`. */
  name: string
  /** The title without the requirement: `refuses a late write`. */
  title: string
  /** Its line in the file, from 1. */
  line: number
}

/** Where a lesson's visible tests stand, from the root, with `/`. */
export function examplesFile({ folder }: Pick<Lesson, 'folder'>): string {
  return `lessons/${folder}/examples.test.ts`
}

const CALL = /^(?:test|it|describe)\b.*$/gm
const EXAMPLE = /^test\(\s*(?:'([^'\\\n]*)'|"([^"\\\n]*)"|`([^`\\$\n]*)`),/
const FORM = "`test('ST-3: what a right room does', …)`"

/**
 * The examples of a lesson, in their order, as their titles say it; nothing of the file is run.
 *
 * @param root the repository or the student edition
 * @throws {LessonError} if there are none, or if a title is not of the form `ST-3: …` with a requirement of the lesson
 */
export function readExamples(root: string, lesson: Pick<Lesson, 'folder' | 'requirements'>): Example[] {
  const file = examplesFile(lesson)
  const path = join(root, file)
  if (!existsSync(path)) {
    const message = 'expected the visible examples of the lesson, came no such file: write it'
    throw new LessonError([{ file, line: 1, message }])
  }
  const text = readText(path)
  const known = lesson.requirements.map(({ id }) => id)
  const counted = new Map<string, number>()
  const examples: Example[] = []
  const problems: Problem[] = []
  for (const { index } of text.matchAll(CALL)) {
    const line = text.slice(0, index).split('\n').length
    const report = (message: string) => problems.push({ file, line, message })
    const [whole, ...quoted] = EXAMPLE.exec(text.slice(index)) ?? []
    const name = quoted.find((title) => title !== undefined) ?? ''
    const [, requirement, title] = /^([A-Z][A-Z0-9]*-\d+): (\S.*)$/.exec(name) ?? []
    if (whole === undefined || requirement === undefined || title === undefined) {
      report(`expected an example, written as ${FORM}, came "${text.slice(index).split('\n')[0]}"`)
      continue
    }
    if (!known.includes(requirement)) report(unknownName('requirement', requirement, known))
    if (examples.some((other) => other.name === name))
      report(`"${name}" stands twice: give each its own title`)
    const number = (counted.get(requirement) ?? 0) + 1
    counted.set(requirement, number)
    examples.push({ id: `${requirement}.${number}`, name, title, line })
  }
  if (examples.length === 0 && problems.length === 0) {
    problems.push({ file, line: 1, message: `expected examples, each written as ${FORM}, came none` })
  }
  if (problems.length > 0) throw new LessonError(problems)
  return examples
}
