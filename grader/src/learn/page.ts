import type { Colours } from './colours.ts'
import { cut, widthOf, wrap } from './text-layout.ts'

/** A terminal's size, in characters. */
export interface Size {
  columns: number
  rows: number
}

/** What a screen consists of: the head and the foot stay, the body scrolls between them. */
export interface Page {
  head: string[]
  body: string[]
  foot: string[]
}

/** One key, and what it does: `['h', 'hint']`. */
export type Key = readonly [key: string, does: string]

/** How many columns a stream has; 80 where it is no terminal. */
export function columnsOf({ columns }: Pick<NodeJS.WriteStream, 'columns'>): number {
  return columns ?? 80
}

/** The last column stays free: a character there makes some terminals begin a new line. */
export function usableWidth({ columns }: Size): number {
  return Math.max(20, columns) - 1
}

/** How many lines the body could be scrolled by. */
export function scrollRange(page: Page, { rows }: Size): number {
  return Math.max(0, page.body.length - bodyRows(page, rows))
}

/**
 * The lines of a page on a terminal: exactly `rows` of them, the foot at the bottom.
 *
 * @param scroll how many lines of the body are above the screen
 */
export function pageLines(page: Page, size: Size, scroll: number, colours: Colours): string[] {
  const room = bodyRows(page, size.rows)
  const first = Math.min(Math.max(0, scroll), scrollRange(page, size))
  const body = page.body.slice(first, first + room)
  const above = first
  const below = page.body.length - first - body.length
  if (below > 0) body[body.length - 1] = colours.dim(cut(` ↓ ${below + 1} more lines`, usableWidth(size)))
  if (above > 0) body[0] = colours.dim(cut(` ↑ ${above + 1} more lines`, usableWidth(size)))
  const blank = Array.from({ length: Math.max(0, room - body.length) }, () => '')
  return [...page.head, ...body, ...blank, ...page.foot].slice(0, size.rows)
}

/** The line, or lines, that name the keys. */
export function keyLines(keys: readonly Key[], width: number, { cyan, dim }: Colours): string[] {
  const lines: { text: string; width: number }[] = []
  for (const [key, does] of keys) {
    const item = { text: `${cyan(key)} ${dim(does)}`, width: widthOf(`${key} ${does}`) }
    const last = lines.at(-1)
    if (last && last.width + 2 + item.width <= width) {
      last.text += `  ${item.text}`
      last.width += 2 + item.width
    } else lines.push({ text: ` ${item.text}`, width: 1 + item.width })
  }
  return lines.map(({ text }) => text)
}

/** A text under a label, both aligned with their neighbours. */
export function labelled(
  label: string,
  lines: readonly string[],
  { dim }: Colours,
  labelWidth: number,
): string[] {
  return lines.map((line, index) => `   ${dim((index === 0 ? label : '').padEnd(labelWidth))}  ${line}`)
}

/** A paragraph, wrapped, one column from the left. */
export function paragraph(text: string, width: number, paint: (text: string) => string): string[] {
  return wrap(text, width - 1).map((line) => ` ${paint(line)}`)
}

function bodyRows({ head, foot }: Page, rows: number): number {
  return Math.max(1, rows - head.length - foot.length)
}
