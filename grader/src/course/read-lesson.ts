import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { keptText, stampOf } from '../kept.ts'
import { repositoryRoot } from '../paths.ts'
import { type Lesson, parseLesson } from './lesson.ts'
import { readText } from './tree.ts'

const PARSER = join(repositoryRoot(), 'grader/src/course')
/** The parser as it was when it was loaded: what another one has made of a lesson is of no use to it. */
const PARSER_STAMP = stampOf(readdirSync(PARSER).map((name) => join(PARSER, name)))

/**
 * Reads a lesson of a course. One that was read before, and has not changed since, is not taken apart again.
 *
 * @param file the README's path from `root`: `lessons/01-store/README.md`
 * @throws {LessonError} that names every problem of the file with its line
 */
export function readLesson(root: string, file: string): Lesson {
  const text = readText(join(root, file))
  const kept = keptText(root, 'lesson', [file, text, PARSER_STAMP])
  const known = kept.read()
  if (known !== undefined) return ofKept(JSON.parse(known))
  const lesson = parseLesson(file, text)
  kept.write(JSON.stringify(toKept(lesson)))
  return lesson
}

/** A lesson as JSON has it. */
interface KeptLesson extends Omit<Lesson, 'hints'> {
  hints: [id: string, hints: string[]][]
}

function toKept(lesson: Lesson): KeptLesson {
  return { ...lesson, hints: [...lesson.hints] }
}

function ofKept(lesson: KeptLesson): Lesson {
  return { ...lesson, hints: new Map(lesson.hints) }
}
