import MarkdownIt, { type Token } from 'markdown-it'
import type { Report } from './lesson-error.ts'
import { nearest } from './nearest.ts'

/** The sections that every lesson has, in this order. */
const SECTION_NAMES = [
  'The promise',
  'The problem',
  'The idea',
  'In Kubernetes',
  'Your room',
  'What it must do',
  'A worked example',
  'Try it',
  'Where people go wrong',
  'Hints',
  'Going further',
  'Check yourself',
] as const

/** The heading of a section. */
export type SectionName = (typeof SECTION_NAMES)[number]

/** A section: what stands between its heading and the next. */
export interface Section {
  name: SectionName
  /** The line of its heading, from 1. */
  line: number
  tokens: Token[]
}

/** The block tokens of a lesson's Markdown. */
export function parseMarkdown(text: string): Token[] {
  return new MarkdownIt({ html: true }).parse(text, {})
}

/** The line of the file on which a token begins, from 1. */
export function lineOf(token: Token | undefined): number {
  return (token?.map?.[0] ?? 0) + 1
}

/**
 * Cuts a lesson at its `## ` headings. Reports headings that are unknown or stand twice, sections that are
 * missing, empty or out of order.
 *
 * @param lastLine the last line of the file, where what is missing at the end is reported
 */
export function splitSections(tokens: Token[], lastLine: number, report: Report): Map<SectionName, Section> {
  const sections = new Map<SectionName, Section>()
  let current: Section | undefined
  let skipped = 0
  for (const [index, token] of tokens.entries()) {
    if (index < skipped) continue
    if (token.type !== 'heading_open' || token.tag !== 'h2' || token.level !== 0) {
      current?.tokens.push(token)
      continue
    }
    const heading = tokens[index + 1]?.content.replaceAll('\n', ' ') ?? ''
    const line = lineOf(token)
    skipped = index + 3
    const name = SECTION_NAMES.find((known) => known === heading)
    const first = name && sections.get(name)
    current = undefined
    if (!name) {
      const meant = nearest(heading, SECTION_NAMES)
      const advice = meant === undefined ? 'a lesson has no such section' : `did you mean "${meant}"?`
      report(line, `unknown section "${heading}": ${advice}`)
    } else if (first) {
      report(line, `the section "${name}" stands twice, first on line ${first.line}: leave one`)
    } else {
      current = { name, line, tokens: [] }
      sections.set(name, current)
    }
  }
  reportAbsent(sections, lastLine, report)
  reportOrder(sections, report)
  return sections
}

function reportAbsent(sections: Map<SectionName, Section>, lastLine: number, report: Report): void {
  for (const [index, name] of SECTION_NAMES.entries()) {
    const section = sections.get(name)
    if (section) {
      if (section.tokens.length === 0) report(section.line, `the section "${name}" is empty: write it`)
      continue
    }
    const next = SECTION_NAMES.slice(index + 1).find((later) => sections.has(later))
    const place = next === undefined ? 'at the end' : `before "${next}"`
    const line = (next && sections.get(next)?.line) ?? lastLine
    report(line, `expected the section "${name}", came none: add "## ${name}" ${place}`)
  }
}

/** Only the first section out of place is reported: what follows it is out of place on its account. */
function reportOrder(sections: Map<SectionName, Section>, report: Report): void {
  const wanted = SECTION_NAMES.filter((name) => sections.has(name))
  const found = [...sections.keys()]
  const index = found.findIndex((name, place) => name !== wanted[place])
  const came = found[index]
  if (came === undefined) return
  report(
    sections.get(came)?.line ?? 1,
    `expected the section "${wanted[index]}" here, came "${came}": keep the order of the sections`,
  )
}
