import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import type { Report } from './lesson-error.ts'
import { nearest } from './nearest.ts'

/** What stands between the two `---` at the top of a lesson. */
export interface FrontMatter {
  title: string
  /** Its roman numeral and its name: `I. The store of record`. */
  part: string
  /** Paths without ending: `controllers/replicaset`. Empty where a lesson has no room of its own. */
  rooms: string[]
  /** The numbers of the earlier lessons that it stands on. */
  needs: string[]
  minutes: number
}

/** The line of the file, from 1, on which each key stands. */
export type FrontMatterLines = Record<keyof FrontMatter, number>

const KEYS: readonly (keyof FrontMatter)[] = ['title', 'part', 'rooms', 'needs', 'minutes']

/**
 * Reads a lesson's front matter. Whatever is wrong is reported, and stands in the result as empty.
 *
 * @param lines the lines of the file
 * @returns also `length`: how many lines it takes, its two `---` included
 */
export function parseFrontMatter(
  lines: readonly string[],
  report: Report,
): { matter: FrontMatter; at: FrontMatterLines; length: number } {
  const matter: FrontMatter = { title: '', part: '', rooms: [], needs: [], minutes: 0 }
  const at: FrontMatterLines = { title: 1, part: 1, rooms: 1, needs: 1, minutes: 1 }
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1
  if (end === -1) {
    const came = lines[0] === '---' ? 'no second --- after it' : `${JSON.stringify(lines[0] ?? '')}`
    report(1, `expected front matter between two lines of ---, came ${came}: begin with ${KEYS.join(', ')}`)
    return { matter, at, length: 0 }
  }

  const counter = new LineCounter()
  const document = parseDocument(lines.slice(1, end).join('\n'), {
    lineCounter: counter,
    prettyErrors: false,
  })
  // The YAML begins on the second line of the file.
  const lineOf = (offset: number) => counter.linePos(offset).line + 1
  if (document.errors.length > 0) {
    for (const error of document.errors) {
      report(lineOf(error.pos[0]), `the front matter is not YAML: ${error.message}`)
    }
    return { matter, at, length: end + 1 }
  }

  const values = new Map<string, { value: unknown; line: number }>()
  const { contents } = document
  if (isMap(contents)) {
    const plain: unknown = document.toJS()
    for (const { key } of contents.items) {
      if (!isScalar(key)) continue
      const name = String(key.value)
      values.set(name, { value: Reflect.get(Object(plain), name), line: lineOf(key.range?.[0] ?? 0) })
    }
  }
  for (const [name, { line }] of values) {
    if (KEYS.some((key) => key === name)) continue
    const meant = nearest(name, KEYS)
    const advice = meant === undefined ? `expected one of ${KEYS.join(', ')}` : `did you mean ${meant}?`
    report(line, `unknown front matter key ${name}: ${advice}`)
  }

  const read = <K extends keyof FrontMatter>(
    key: K,
    expected: string,
    accepts: (value: unknown) => value is FrontMatter[K],
  ) => {
    const found = values.get(key)
    if (!found) {
      report(1, `expected ${key} in the front matter, came nothing: add ${expected}`)
      return
    }
    at[key] = found.line
    if (accepts(found.value)) matter[key] = found.value
    else report(found.line, `expected ${expected}, came ${JSON.stringify(found.value)}`)
  }
  read('title', '`title:` with the name of the lesson', isText)
  read('part', '`part:` with numeral and name, such as `I. The store of record`', isPart)
  read('rooms', '`rooms:` with a list of paths without ending, such as `[controllers/replicaset]`', isRooms)
  read('needs', "`needs:` with a list of lesson numbers in quotes, such as `['01']` or `[]`", isNeeds)
  read('minutes', '`minutes:` with a whole number above 0', isMinutes)
  return { matter, at, length: end + 1 }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

function isPart(value: unknown): value is string {
  return typeof value === 'string' && /^[IVX]+\. \S/.test(value)
}

function isRooms(value: unknown): value is string[] {
  return isListOf(value, /^[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)*$/)
}

function isNeeds(value: unknown): value is string[] {
  return isListOf(value, /^\d\d$/)
}

function isListOf(value: unknown, pattern: RegExp): value is string[] {
  return (
    Array.isArray(value) &&
    value.every((entry) => typeof entry === 'string' && pattern.test(entry)) &&
    new Set(value).size === value.length
  )
}

function isMinutes(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0
}
