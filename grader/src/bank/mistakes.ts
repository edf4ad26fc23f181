import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml'
import { LessonError, type Problem } from '../course/lesson-error.ts'
import { unknownName } from '../course/nearest.ts'
import { readText } from '../course/tree.ts'
import type { DifferentEntry } from './entry.ts'

/** One rule of the lesson broken in a right submission, which its suite must notice. */
export interface Mistake {
  /** What it does wrong, in a few words. */
  does: string
  /** The requirement that it breaks. */
  fails: string
  room: string
  /** What stands in the room, once, and what stands there instead. */
  find: string
  put: string
  /** Its line in the file of mistakes, from 1. */
  line: number
}

const FIELDS = ['does', 'fails', 'room', 'find', 'put'] as const

/** The file of the mistakes in a right submission, from the root of the repository, with `/`. */
export function mistakesFile({ folder }: DifferentEntry): string {
  return `${folder}/mistakes.yaml`
}

/**
 * Reads the mistakes in a right submission.
 *
 * @param rooms the submission's rooms
 * @returns none if it has no such file
 * @throws {LessonError} if it is not a list of mistakes, or one of them cannot be made in these rooms
 */
export function readMistakes(
  root: string,
  entry: DifferentEntry,
  rooms: ReadonlyMap<string, string>,
): Mistake[] {
  const file = mistakesFile(entry)
  if (!existsSync(join(root, file))) return []
  const counter = new LineCounter()
  const document = parseDocument(readText(join(root, file)), { lineCounter: counter, prettyErrors: false })
  const problems: Problem[] = []
  const report = (offset: number, message: string) =>
    problems.push({ file, line: counter.linePos(offset).line, message })

  for (const { pos, message } of document.errors) report(pos[0], `this is not YAML: ${message}`)
  const list = isSeq(document.contents) ? document.contents.items : undefined
  if (!list) report(0, `expected a list of mistakes, each with ${FIELDS.join(', ')}`)
  const mistakes = (list ?? []).map((item): Mistake => {
    const offset = isNode(item) ? (item.range?.[0] ?? 0) : 0
    const text = (name: (typeof FIELDS)[number]): string => {
      const value: unknown = isMap(item) ? item.get(name) : undefined
      if (typeof value === 'string') return value
      report(offset, `expected a mistake with the texts ${FIELDS.join(', ')}; it has no ${name}`)
      return ''
    }
    const [does, fails, room, find, put] = FIELDS.map(text) as [string, string, string, string, string]
    const ids = entry.lesson.requirements.map(({ id }) => id)
    if (!ids.includes(fails)) report(offset, unknownName('requirement', fails, ids))
    if (!rooms.has(room)) report(offset, unknownName('room', room, [...rooms.keys()]))
    const times = (rooms.get(room)?.split(find).length ?? 0) - 1
    if (times !== 1)
      report(offset, `expected \`find\` to stand in ${room}.ts once, it stands there ${times} times`)
    return { does, fails, room, find, put, line: counter.linePos(offset).line }
  })
  if (problems.length > 0) throw new LessonError(problems)
  return mistakes
}

/** A room's text with a mistake made in it. */
export function withMistake(text: string, { find, put }: Mistake): string {
  const at = text.indexOf(find)
  return text.slice(0, at) + put + text.slice(at + find.length)
}
