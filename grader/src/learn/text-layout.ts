/**
 * Text in the columns of a terminal. All text is made safe to print here, before anything is measured: what
 * comes out of these functions may be coloured and written as it is.
 */

import { escapeForLine, escapeForTerminal } from '../reports/escape.ts'

const PLAIN = /^[\x20-\x7e]*$/

/** Two columns in every terminal: East Asian wide and full-width blocks. */
const WIDE: readonly [from: number, to: number][] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f000, 0x1faff],
  [0x20000, 0x3fffd],
]

/** How many columns a text takes at most; terminals differ in a few characters, and none takes more. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const character of text) width += widthOfCharacter(character)
  return width
}

/** One line of at most `width` columns; what is cut off is shown as `…`. */
export function cut(text: string, width: number): string {
  const line = escapeForLine(text)
  if (widthOf(line) <= width) return line
  return `${startOf(line, width - 1).trimEnd()}…`
}

/** One line of exactly `width` columns. */
export function padded(text: string, width: number): string {
  const line = cut(text, width)
  return line + ' '.repeat(Math.max(0, width - widthOf(line)))
}

/**
 * Breaks a text into lines of at most `width` columns, at spaces where there are any. Lines that go on keep the
 * indent of the line that they continue.
 */
export function wrap(text: string, width: number): string[] {
  return escapeForTerminal(text)
    .split('\n')
    .flatMap((line) => wrapLine(line, Math.max(1, width)))
}

/** The same, with at most `limit` lines; a last one says how many there were more. */
export function wrapAtMost(text: string, width: number, limit: number): string[] {
  const lines = wrap(text, width)
  if (lines.length <= limit) return lines
  const left = lines.length - (limit - 1)
  return [...lines.slice(0, limit - 1), cut(`… ${left} more lines`, width)]
}

function wrapLine(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line]
  const indent = /^ */.exec(line)?.[0] ?? ''
  // An indent that leaves no room for words is none.
  const before = indent.length > width / 2 ? '' : indent
  const lines: string[] = []
  let current = before
  for (const word of line.slice(indent.length).split(/(?<= )(?=[^ ])/)) {
    if (current !== before && widthOf(current + word.trimEnd()) > width) {
      lines.push(current.trimEnd())
      current = before
    }
    let rest = word
    while (widthOf(current + rest.trimEnd()) > width) {
      const part = startOf(rest, width - widthOf(current)) || [...rest][0] || ''
      lines.push(current + part)
      rest = rest.slice(part.length)
      current = before
    }
    current += rest
  }
  if (current !== before || lines.length === 0) lines.push(current.trimEnd())
  return lines
}

/** As much of the begin of a text as fits. */
function startOf(text: string, width: number): string {
  let start = ''
  let left = width
  for (const character of text) {
    left -= widthOfCharacter(character)
    if (left < 0) break
    start += character
  }
  return start
}

function widthOfCharacter(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  // A variation selector may widen what is before it.
  if (code === 0xfe0f) return 1
  if (/^\p{M}$/u.test(character)) return 0
  return WIDE.some(([from, to]) => code >= from && code <= to) || /^\p{Emoji_Presentation}$/u.test(character)
    ? 2
    : 1
}
