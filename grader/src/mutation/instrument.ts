import { Instrumenter } from '@stryker-mutator/instrumenter'
import { LessonError } from '../course/lesson-error.ts'
import { type Region, type RegionLesson, regionsIn } from '../course/regions.ts'
import type { Script } from '../sandbox/protocol.ts'

/** One small change to a reference room, which a suite should notice. */
export interface Mutant {
  /** What the switch in the instrumented texts calls it. */
  id: string
  /** `solutions/store.ts` */
  file: string
  /** From 1, as is `column`. */
  line: number
  column: number
  /** The name of the rule that made it: `ConditionalExpression`. */
  mutator: string
  /** What stands there, and what would stand there, as source text. */
  original: string
  replacement: string
}

/** Rooms with all their mutants in them, none of them active. */
export interface Instrumented {
  /** The rooms' texts, under their files. */
  texts: Map<string, string>
  /** In the order of their places. */
  mutants: Mutant[]
}

type Logger = ConstructorParameters<typeof Instrumenter>[0]

/** A comment that would take mutants away. */
const DIRECTIVE = /\bStryker (disable|restore)\b/

/** The rooms of a lesson as {@link instrument} takes them, of all reference rooms by their files: `store.ts`. */
export function roomsToMutate(
  { rooms }: { rooms: readonly string[] },
  reference: ReadonlyMap<string, string>,
): Map<string, string> {
  return new Map(rooms.map((room) => [`solutions/${room}.ts`, reference.get(`${room}.ts`) ?? '']))
}

/**
 * Puts every mutant of what a lesson's learner writes into the rooms themselves: all default mutators, on every line
 * inside a region of the lesson and on no other.
 *
 * @param rooms reference rooms with their regions, under their files: `solutions/store.ts`
 * @param folder the lesson's folder
 * @param lessons all lessons of the course
 * @throws {LessonError} if regions are malformed, or a comment would take mutants away
 */
export async function instrument(
  rooms: ReadonlyMap<string, string>,
  folder: string,
  lessons: readonly RegionLesson[],
): Promise<Instrumented> {
  const files = [...rooms].map(([name, content]) => {
    refuseDirectives(name, content)
    return { name, content, mutate: linesOf(regionsIn(name, content, lessons), folder) }
  })
  const result = await new Instrumenter(silent).instrument(files, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
  })
  const lines = new Map(files.map(({ name, content }) => [name, content.split('\n')]))
  const mutants = result.mutants.map(({ id, fileName, location, mutatorName, replacement }) => ({
    id,
    file: fileName,
    line: location.start.line + 1,
    column: location.start.column + 1,
    mutator: mutatorName,
    original: textIn(lines.get(fileName) ?? [], location),
    replacement,
  }))
  return {
    texts: new Map(result.files.map(({ name, content }) => [name, content])),
    mutants: mutants.sort(byPlace),
  }
}

/**
 * The script with one of its mutants active.
 *
 * @param script made from instrumented rooms
 */
export function withMutant({ given, rooms }: Script, { id }: Mutant): Script {
  const activate = `globalThis.__stryker__ = { activeMutant: ${JSON.stringify(id)} };`
  // A directive is one only if nothing stands before it.
  return { given, rooms: rooms.replace(/^(?:"use strict";)?/, (directive) => directive + activate) }
}

/** A room's text as somebody would have written it who made this mistake. */
export function mistaken(text: string, { line, column, original, replacement }: Mutant): string {
  const before = text.split('\n', line - 1).map((one) => one.length + 1)
  const at = before.reduce((sum, length) => sum + length, column - 1)
  return text.slice(0, at) + replacement + text.slice(at + original.length)
}

/** As the instrumenter wants them: from 0, and columns too. */
function linesOf(regions: readonly Region[], folder: string) {
  return regions
    .filter((region) => region.folder === folder && region.body.length > 0)
    .map(({ line, body }) => ({
      start: { line, column: 0 },
      end: { line: line + body.length - 1, column: Number.POSITIVE_INFINITY },
    }))
}

function refuseDirectives(file: string, text: string): void {
  const problems = text.split('\n').flatMap((line, index) =>
    DIRECTIVE.test(line)
      ? [
          {
            file,
            line: index + 1,
            message: 'expected no word to Stryker: every line of a region is mutated, so remove the comment',
          },
        ]
      : [],
  )
  if (problems.length > 0) throw new LessonError(problems)
}

function byPlace(a: Mutant, b: Mutant): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

interface Position {
  line: number
  column: number
}

/** What stands between two positions, which count from 0. */
function textIn(lines: string[], { start, end }: { start: Position; end: Position }): string {
  const within = lines.slice(start.line, end.line + 1)
  const last = within.length - 1
  within[last] = within[last]?.slice(0, end.column) ?? ''
  within[0] = within[0]?.slice(start.column) ?? ''
  return within.join('\n')
}

const nothing = () => undefined
const no = () => false

const silent: Logger = {
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
}
