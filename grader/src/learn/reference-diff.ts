import { diffLines } from 'diff'
import type { Colours } from './colours.ts'
import { padded, wrap } from './text-layout.ts'

/** From this width on, in columns, the two stand side by side; below, one under the other. */
const SIDE_BY_SIDE_FROM = 100
/** How many lines that are the same are shown before and after those that are not. */
const CONTEXT = 3

interface Side {
  line: number
  text: string
}

/** A line of the learner's room, of the reference, or of both. */
type Row = { mine: Side | undefined; theirs: Side | undefined; same: boolean } | { skipped: number }

/** The heads of the two columns. */
export interface Heads {
  mine: string
  theirs: string
}

/**
 * A learner's room beside the reference's.
 *
 * @param width the columns that there are
 * @returns lines that fit into `width`
 */
export function referenceDiff(
  mine: string,
  theirs: string,
  heads: Heads,
  width: number,
  colours: Colours,
): string[] {
  if (mine === theirs) return [` ${colours.dim('They are the same.')}`]
  const rows = skipSame(pair(mine, theirs))
  return width >= SIDE_BY_SIDE_FROM
    ? sideBySide(rows, heads, width, colours)
    : oneUnderTheOther(rows, heads, width, colours)
}

function pair(mine: string, theirs: string): Row[] {
  const rows: Row[] = []
  let mineAt = 0
  let theirsAt = 0
  let removed: Side[] = []
  const flush = (added: Side[]) => {
    for (let index = 0; index < Math.max(removed.length, added.length); index++) {
      rows.push({ mine: removed[index], theirs: added[index], same: false })
    }
    removed = []
  }
  for (const { value, added, removed: gone } of diffLines(mine, theirs)) {
    const lines = value.replace(/\n$/, '').split('\n')
    if (gone) removed = lines.map((text) => ({ line: ++mineAt, text }))
    else if (added) flush(lines.map((text) => ({ line: ++theirsAt, text })))
    else {
      flush([])
      for (const text of lines) {
        rows.push({ mine: { line: ++mineAt, text }, theirs: { line: ++theirsAt, text }, same: true })
      }
    }
  }
  flush([])
  return rows
}

function skipSame(rows: Row[]): Row[] {
  const kept: Row[] = []
  const isNear = (index: number) =>
    rows.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((row) => 'same' in row && !row.same)
  let skipped = 0
  for (const [index, row] of rows.entries()) {
    if (isNear(index)) {
      if (skipped > 0) kept.push({ skipped })
      skipped = 0
      kept.push(row)
    } else skipped++
  }
  if (skipped > 0) kept.push({ skipped })
  return kept
}

function sideBySide(rows: Row[], heads: Heads, width: number, colours: Colours): string[] {
  const { dim, bold, red, green } = colours
  const column = Math.floor((width - 3) / 2)
  const number = 4
  const room = column - number - 3
  const cell = (side: Side | undefined, mark: string) => {
    const lines = side ? wrap(side.text, room) : []
    return lines.map((text, index) => ({
      number: String(index === 0 ? side?.line : '').padStart(number),
      text: `${index === 0 ? mark : ' '} ${padded(text, room)}`,
    }))
  }
  const lines = [
    ` ${bold(padded(heads.mine, column - 1))} ${dim('│')} ${bold(padded(heads.theirs, column - 1))}`,
  ]
  for (const row of rows) {
    if ('skipped' in row) {
      lines.push(dim(`${padded(skippedText(row.skipped), column)} │`))
      continue
    }
    const left = cell(row.mine, row.same ? ' ' : '-')
    const right = cell(row.theirs, row.same ? ' ' : '+')
    for (let index = 0; index < Math.max(left.length, right.length, 1); index++) {
      const [mine, theirs] = [left[index], right[index]]
      const paint = (colour: (text: string) => string) => (row.same ? (text: string) => text : colour)
      const leftText = mine ? `${dim(mine.number)} ${paint(red)(mine.text)}` : ' '.repeat(column)
      const rightText = theirs ? `${dim(theirs.number)} ${paint(green)(theirs.text.trimEnd())}` : ''
      lines.push(`${leftText} ${dim('│')} ${rightText}`)
    }
  }
  return lines
}

function oneUnderTheOther(rows: Row[], heads: Heads, width: number, colours: Colours): string[] {
  const { dim, red, green } = colours
  const lines = [` ${red(`- ${heads.mine}`)}`, ` ${green(`+ ${heads.theirs}`)}`, '']
  let [mine, theirs]: [string[], string[]] = [[], []]
  // All that goes stands before all that comes, as in every diff.
  const flush = () => {
    lines.push(...mine.map((line) => ` ${red(line)}`), ...theirs.map((line) => ` ${green(line)}`))
    mine = []
    theirs = []
  }
  const marked = (mark: string, text: string) =>
    wrap(text, width - 3).map((line, index) => `${index === 0 ? mark : ' '} ${line}`.trimEnd())
  for (const row of rows) {
    if ('skipped' in row) {
      flush()
      lines.push(dim(skippedText(row.skipped)))
    } else if (row.same) {
      flush()
      lines.push(...marked(' ', row.mine?.text ?? '').map((line) => ` ${line}`))
    } else {
      if (row.mine) mine.push(...marked('-', row.mine.text))
      if (row.theirs) theirs.push(...marked('+', row.theirs.text))
    }
  }
  flush()
  return lines
}

function skippedText(count: number): string {
  return `   … ${count === 1 ? 'one line is' : `${count} lines are`} the same`
}
