import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, isSeq, LineCounter, parseDocument } from 'yaml'
import { LessonError } from '../course/lesson-error.ts'
import { readText } from '../course/tree.ts'
import type { Mutant } from './instrument.ts'

/** A mutant that does what the reference does, so that no suite can notice it. Named by texts, which move with the line. */
export interface Equivalent {
  /** `solutions/store.ts` */
  file: string
  /** The line on which the mutant begins, without the white space around it. */
  line: string
  mutator: string
  /** What stands there, and what would stand there; how it is broken into lines does not matter. */
  original: string
  replacement: string
  /** Why nobody can tell them apart, as a sentence. */
  reason: string
}

const FIELDS = ['file', 'line', 'mutator', 'original', 'replacement', 'reason'] as const

/**
 * Reads what is known of a lesson's equivalent mutants: `grader/suites/01-store.equivalent.yaml`. They stand there and
 * not beside the lesson's text, because they quote the reference.
 *
 * @returns none if there is no such file
 * @throws {LessonError} if it is not a list of entries that have every field
 */
export function readEquivalents(root: string, folder: string): Equivalent[] {
  const file = `grader/suites/${folder}.equivalent.yaml`
  if (!existsSync(join(root, file))) return []
  return parseEquivalents(file, readText(join(root, file)))
}

/** @param file its name for errors */
export function parseEquivalents(file: string, text: string): Equivalent[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const fail = (offset: number, message: string): never => {
    throw new LessonError([{ file, line: lines.linePos(offset).line, message }])
  }
  for (const { pos, message } of document.errors) fail(pos[0], message)
  const { contents } = document
  if (contents === null) return []
  if (!isSeq(contents)) return fail(0, `expected a list of entries with ${FIELDS.join(', ')}`)
  return contents.items.map((item) => {
    const offset = isMap(item) ? (item.range?.[0] ?? 0) : 0
    const field = (name: (typeof FIELDS)[number]): string => {
      const value: unknown = isMap(item) ? item.get(name) : undefined
      if (typeof value === 'string' && value.trim() !== '') return value.trim()
      return fail(offset, `expected an entry with the text fields ${FIELDS.join(', ')}; it has no ${name}`)
    }
    const [path, line, mutator, original, replacement, reason] = FIELDS.map(field) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    return { file: path, line, mutator, original, replacement, reason }
  })
}

/**
 * The entry that a mutant is listed under, if any.
 *
 * @param sourceLine the line on which the mutant begins
 */
export function equivalentOf(
  equivalents: readonly Equivalent[],
  mutant: Mutant,
  sourceLine: string,
): Equivalent | undefined {
  return equivalents.find(
    ({ file, line, mutator, original, replacement }) =>
      file === mutant.file &&
      line === sourceLine.trim() &&
      mutator === mutant.mutator &&
      inOneLine(original) === inOneLine(mutant.original) &&
      inOneLine(replacement) === inOneLine(mutant.replacement),
  )
}

/** Source text with every stretch of white space as one space. */
export function inOneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
