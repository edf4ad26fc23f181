import type { Token } from 'markdown-it'
import type { Report } from './lesson-error.ts'
import { lineOf } from './sections.ts'

/** A fenced block whose body is a declaration of the code: ```` ```ts source=starter/kit/store.ts#Watch ````. */
export interface Quote {
  /** The file that is quoted, from the root of the repository. */
  source: string
  /** The exported declaration. */
  name: string
  /** The line of the opening fence, from 1. */
  line: number
  /** The line of the closing fence; the body is what stands between. */
  endLine: number
}

/** Finds the quoted code of a lesson. Reports quotes of another form, and fences that are not closed. */
export function parseQuotes(tokens: readonly Token[], lines: readonly string[], report: Report): Quote[] {
  const quotes: Quote[] = []
  for (const token of tokens) {
    if (token.type !== 'fence' || !/\bsource\b/.test(token.info)) continue
    const line = lineOf(token)
    const endLine = token.map?.[1] ?? line
    const [, source, name] = /^ts source=([\w./-]+\.ts)#([A-Za-z_$][\w$]*)$/.exec(token.info.trim()) ?? []
    const closing = (lines[endLine - 1] ?? '').trim()
    if (source === undefined || name === undefined || source.startsWith('/') || source.includes('..')) {
      report(line, `expected \`ts source=starter/kit/store.ts#Name\`, came \`${token.info.trim()}\``)
    } else if (token.level !== 0 || lines[line - 1] !== `${token.markup}${token.info}`) {
      report(
        line,
        `expected the quote of ${name} at the left margin, outside lists: it is kept in step there`,
      )
    } else if (endLine === line || !closing.startsWith(token.markup)) {
      report(line, `expected ${token.markup} after the quote of ${name}, came the end of the file: close it`)
    } else {
      quotes.push({ source, name, line, endLine })
    }
  }
  return quotes
}
