import type { Token } from 'markdown-it'
import { type FrontMatter, type FrontMatterLines, parseFrontMatter } from './front-matter.ts'
import { LessonError, type Problem, type Report } from './lesson-error.ts'
import { beginningOf, topLevelLists } from './list-items.ts'
import { parseQuotes, type Quote } from './quotes.ts'
import { parseHints, parseRequirements, type Requirement } from './requirements.ts'
import { lineOf, parseMarkdown, type Section, splitSections } from './sections.ts'

/** A mistake that learners make; the bank holds a submission that makes it. */
export interface Misconception {
  /** In kebab-case: the name of the submission. */
  name: string
  /** What is said of it, as inline Markdown. */
  text: string
  /** Its line in the README, from 1. */
  line: number
}

/** A lesson, as its README says it. */
export interface Lesson extends FrontMatter {
  /** `01-store` */
  folder: string
  /** `01` */
  number: string
  /** The first paragraph of "The promise", without Markdown. */
  promise: string
  requirements: Requirement[]
  /** For each requirement's id two or three, from a nudge to nearly the answer, as inline Markdown. */
  hints: ReadonlyMap<string, string[]>
  misconceptions: Misconception[]
  quotes: Quote[]
  /** `lessons/01-store/README.md` */
  file: string
  /** Where its front matter says what, for those who find something wrong with it. */
  at: FrontMatterLines
}

const FEWEST_MISCONCEPTIONS = 5
const QUESTIONS = 3

/**
 * Reads a lesson.
 *
 * @param file the README's path from the root of the repository: `lessons/01-store/README.md`
 * @param text what it holds
 * @throws {LessonError} that names every problem of the file with its line
 */
export function parseLesson(file: string, text: string): Lesson {
  const problems: Problem[] = []
  const report: Report = (line, message) => problems.push({ file, line, message })
  const path = /(?:^|\/)((\d\d)-[a-z0-9]+(?:-[a-z0-9]+)*)\/README\.md$/.exec(file)
  const [, folder = '', number = ''] = path ?? []
  if (!path) report(1, 'expected the path lessons/NN-name/README.md, two digits and a name in kebab-case')

  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const { matter, at, length } = parseFrontMatter(lines, report)
  // Blank lines in place of the front matter leave every other line its number.
  const body = [...lines].fill('', 0, length)
  const tokens = parseMarkdown(body.join('\n'))
  const lastLine = Math.max(1, lines.at(-1) === '' ? lines.length - 1 : lines.length)
  const sections = splitSections(tokens, lastLine, report)

  const promise = sections.get('The promise')
  const must = sections.get('What it must do')
  const wrong = sections.get('Where people go wrong')
  const hinted = sections.get('Hints')
  const check = sections.get('Check yourself')
  const requirements = must ? parseRequirements(must, report) : []
  const lesson: Lesson = {
    ...matter,
    folder,
    number,
    promise: promise ? parsePromise(promise, report) : '',
    requirements,
    hints: hinted ? parseHints(hinted, requirements, report) : new Map(),
    misconceptions: wrong ? parseMisconceptions(wrong, report) : [],
    quotes: parseQuotes(tokens, body, report),
    file,
    at,
  }
  if (check) checkQuestions(check, report)
  if (problems.length > 0) throw new LessonError(problems)
  return lesson
}

function parsePromise(section: Section, report: Report): string {
  const [opening, paragraph] = section.tokens
  if (opening?.type === 'paragraph_open' && paragraph) return plain(paragraph)
  if (opening) report(lineOf(opening), 'expected "The promise" to begin with one sentence, as a paragraph')
  return ''
}

function plain(inline: Token): string {
  const parts = (inline.children ?? []).map(({ type, content }) => (type === 'softbreak' ? ' ' : content))
  return parts.join('')
}

function parseMisconceptions(section: Section, report: Report): Misconception[] {
  const found: Misconception[] = []
  for (const { line, text } of topLevelLists(section.tokens).flatMap(({ items }) => items)) {
    const [whole, name] = /^(?:\*\*)?`([a-z0-9]+(?:-[a-z0-9]+)*)`:?(?:\*\*)?:? /.exec(text) ?? []
    const earlier = found.find((other) => other.name === name)
    if (whole === undefined || name === undefined) {
      const form = '``- `short-name`: what goes wrong``'
      report(line, `expected ${form}, the name in kebab-case, came "${beginningOf(text)}"`)
    } else if (earlier) {
      report(line, `${name} stands twice, first on line ${earlier.line}: give each mistake its own name`)
    } else {
      found.push({ name, text: text.slice(whole.length), line })
    }
  }
  if (found.length < FEWEST_MISCONCEPTIONS) {
    report(
      section.line,
      `expected at least ${FEWEST_MISCONCEPTIONS} different mistakes, came ${found.length}`,
    )
  }
  return found
}

function checkQuestions(section: Section, report: Report): void {
  const html = section.tokens
    .flatMap((token) => [token, ...(token.children ?? [])])
    .filter(({ type }) => type === 'html_block' || type === 'html_inline')
    .map(({ content }) => content)
    .join('\n')
  const opened = html.match(/<details[\s>]/g)?.length ?? 0
  const closed = html.match(/<\/details>/g)?.length ?? 0
  if (opened !== QUESTIONS) {
    report(section.line, `expected ${QUESTIONS} answers folded away in <details>, came ${opened}`)
  } else if (closed !== opened) {
    report(section.line, `expected ${opened} times </details>, as often as <details>, came ${closed}`)
  }
}
