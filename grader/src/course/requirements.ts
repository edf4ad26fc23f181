import type { Report } from './lesson-error.ts'
import { beginningOf, topLevelLists } from './list-items.ts'
import { nearest } from './nearest.ts'
import { lineOf, type Section } from './sections.ts'

/** One statement that is graded. */
export interface Requirement {
  /** `ST-3`: the lesson's prefix and the number of the requirement in it, from 1. */
  id: string
  /** Earned when all its checks pass; 1 or more. */
  points: number
  /** The statement, as inline Markdown; each paragraph on one line. */
  text: string
  /** Its line in the README, from 1. */
  line: number
}

const FORM = '`- **ST-3** (2) the statement`'

/**
 * Reads the requirements of "What it must do". Reports items of another form, ids that stand twice, ids
 * whose prefix differs from the first, and numbers that do not go 1, 2, 3 and so on.
 */
export function parseRequirements(section: Section, report: Report): Requirement[] {
  const requirements: Requirement[] = []
  let last = 0
  for (const list of topLevelLists(section.tokens)) {
    if (list.ordered) {
      report(list.line, `expected a list with bullets, came a numbered one: write each item as ${FORM}`)
      continue
    }
    for (const { line, text } of list.items) {
      const head = /^\*\*(([A-Z][A-Z0-9]*)-([1-9]\d*))\*\*/.exec(text)
      const [whole, id, prefix, digits] = head ?? []
      if (whole === undefined || id === undefined) {
        report(line, `expected a requirement, ${FORM}, came "${beginningOf(text)}"`)
        continue
      }
      const earlier = requirements.find((other) => other.id === id)
      const first = requirements[0]?.id.split('-')[0]
      if (earlier) {
        report(line, `${id} stands twice, first on line ${earlier.line}: give each requirement its own id`)
      } else if (first !== undefined && prefix !== first) {
        report(line, `expected an id that begins ${first}-, as in the others of this lesson, came ${id}`)
      } else {
        const number = Number(digits)
        if (number !== last + 1) {
          const expected = `${prefix}-${last + 1}`
          report(line, `expected ${expected}, came ${id}: number the requirements from 1, in order`)
        }
        last = number
      }
      const rest = /^ \((\d+)\) (\S.*)$/s.exec(text.slice(whole.length))
      const points = Number(rest?.[1] ?? 0)
      if (!rest) report(line, `${id} needs points and a statement: write it as ${FORM}`)
      else if (points === 0) report(line, `expected points of 1 or more, came 0 in ${id}`)
      if (!earlier) requirements.push({ id, points, text: rest?.[2] ?? '', line })
    }
  }
  if (requirements.length === 0) report(section.line, `expected a list of requirements, ${FORM}, came none`)
  return requirements
}

/**
 * Reads the hints, from a nudge to nearly the answer, for each requirement. Reports hints for what is no
 * requirement, two headings for one, and requirements that have not two or three.
 */
export function parseHints(
  section: Section,
  requirements: readonly Requirement[],
  report: Report,
): Map<string, string[]> {
  const hints = new Map<string, string[]>()
  const ids = requirements.map(({ id }) => id)
  const { tokens } = section
  const headings = [...tokens.keys()].filter((index) => {
    const token = tokens[index]
    return token?.type === 'heading_open' && token.tag === 'h3' && token.level === 0
  })
  for (const [place, index] of headings.entries()) {
    const line = lineOf(tokens[index])
    const id = tokens[index + 1]?.content ?? ''
    if (!ids.includes(id)) {
      const meant = nearest(id, ids)
      const advice = meant === undefined ? 'write a heading such as `### ST-3`' : `did you mean ${meant}?`
      report(line, `hints for ${id}, but there is no such requirement: ${advice}`)
      continue
    }
    if (hints.has(id)) {
      report(line, `the hints for ${id} stand twice: put them under one heading`)
      continue
    }
    const below = tokens.slice(index + 3, headings[place + 1])
    const lists = topLevelLists(below).filter(({ ordered }) => ordered)
    const texts = lists.flatMap(({ items }) => items.map(({ text }) => text))
    // What stands at the margin between two items ends the list, and would be lost.
    const stray = below.find(
      ({ level, type }) => level === 0 && !/^(ordered_list_(open|close)|html_block)$/.test(type),
    )
    if (stray)
      report(
        lineOf(stray),
        `expected one numbered list for ${id} and nothing else: indent what belongs to a hint`,
      )
    hints.set(id, texts)
    if (texts.length < 2 || texts.length > 3) {
      report(line, `expected a numbered list of 2 or 3 hints for ${id}, came ${texts.length}`)
    }
  }
  for (const { id, line } of requirements) {
    if (!hints.has(id)) report(line, `${id} has no hints: add "### ${id}" with 2 or 3 of them under "Hints"`)
  }
  return hints
}
