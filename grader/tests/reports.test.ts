import { describe, expect, it } from 'vitest'
import { toCsv } from '../src/reports/csv.ts'
import { escapeForLine, escapeForTerminal } from '../src/reports/escape.ts'
import { toJson } from '../src/reports/json.ts'
import { batchLine, checkLines, terminalReport } from '../src/reports/terminal.ts'
import type { Verdict } from '../src/runner/verdict.ts'

/** Text that does something to a terminal, a spreadsheet, a CI log or a reader, if it is let. */
const hostile = [
  '\u001b[2J\u001b]0;owned\u0007',
  '\u009b31m',
  'a\rb\u0008c\u007f',
  '\u202egnp.exe\u2066',
  'zero\u200bwidth\ufeff',
  '\u2028::error::x',
  '::set-output name=x::y',
  '  ##vso[task.complete result=Failed;]',
  '##[error]x',
  'put() threw Error: ##vso[task.complete result=Succeeded;] and ###[error]x',
  '####[error]x',
  'a;=1+1',
  '=HYPERLINK("http://x","y")',
  '+1+1',
  '-2',
  '@SUM(A1)',
  '\t=1+1',
  'a,"b",\'c\'\r\nd',
  '<script>alert(1)</script>',
  '[x](javascript:alert(1)) | `y`',
  '\ud800 half',
  '../../etc/passwd',
  '__proto__',
  '\u{e0001}\u{e007f}tag',
  'a\u034f\u115f\u3164\uffa0\ufe0f\u{e0100}b',
  'a\u00a0\u2003\u3000\u2800::error::x',
]

function verdictWith(text: string): Verdict {
  const check = {
    id: 'ST-1.1',
    requirement: 'ST-1',
    title: 'counts',
    outcome: 'failed' as const,
    message: text,
    expected: text,
    seen: text,
    steps: text,
    place: text,
  }
  const output = { console: { 'ST-1.1': [text] }, stoppedAt: { 'ST-1.1': [text] } }
  return {
    version: 2,
    submission: { path: text, hash: 'abc', ignored: [text] },
    suite: { hash: 'abc' },
    kit: { hash: 'abc' },
    isolation: 'bubblewrap',
    seed: 1,
    points: { earned: 0, possible: 2 },
    lessons: [
      {
        lesson: '01-store',
        points: { earned: 0, possible: 2 },
        requirements: [{ id: 'ST-1', points: 2, earned: 0, text: 'It counts.' }],
        checks: [check],
        own: {
          rooms: [text],
          checks: [{ ...check, blame: { lesson: '01-store', requirement: text, room: text } }],
        },
      },
    ],
    run: { durationMs: 1, alone: output, own: output, alike: [{ room: 'store', like: text, share: 1 }] },
  }
}

/** Everything that a terminal, a log or a bidi-aware reader would act upon, but for line feeds; and what only looks like a space. */
const ACTIVE = /(?!\n)\p{C}|(?! )\p{Z}|\u034f|\ufe0f|\u{e0100}|[\u115f\u2800\u3164\uffa0]/u

/** The text without the colours that the report itself paints. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
const unpainted = (text: string) => text.replace(/\u001b\[\d+m/g, '')

describe('the terminal report', () => {
  it.each(hostile)('shows %j without letting it act', (text) => {
    const verdict = verdictWith(text)
    const lines = [
      ...terminalReport(verdict),
      batchLine(verdict),
      ...checkLines(verdict.lessons[0]?.checks[0] as never, verdict.run.alone),
    ]
    for (const line of lines) {
      expect(unpainted(line)).not.toMatch(ACTIVE)
      expect(line).not.toMatch(/\p{Surrogate}/u)
      expect(unpainted(line)).not.toMatch(/^\s*(::|##)|##\w*\[/)
    }
  })

  it.each([
    ['It counts.', []],
    ['It counts.\n- Up.\n- By one.', ['- Up.', '- By one.']],
    ['It counts. By one.', ['By one.']],
  ])('says %j once where it does not hold', (text, rest) => {
    const verdict = verdictWith('x')
    const [requirement] = verdict.lessons[0]?.requirements ?? []
    if (requirement) requirement.text = text
    const lines = terminalReport(verdict).map((line) => unpainted(line).trim())
    const head = lines.indexOf('✗ ST-1 (2) It counts.')
    expect(lines.slice(head + 1, lines.indexOf('ST-1.1 counts: failed'))).toEqual(rest)
  })

  it('shows plain text as it is, letters of every language included', () => {
    expect(escapeForTerminal('größer\n二つ 👍 a: b')).toBe('größer\n二つ 👍 a: b')
  })

  it('shows an escape character as its number', () => {
    expect(escapeForLine('a\u001bb\nc')).toBe('a\\u{1b}b ⏎ c')
  })
})

describe('the JSON report', () => {
  it.each(hostile)('gives %j back as it was, on one line that does nothing', (text) => {
    const line = toJson(verdictWith(text))
    expect(line).not.toMatch(ACTIVE)
    expect(line).not.toContain('\n')
    expect(line).not.toMatch(/##\w*\[/)
    const parsed = JSON.parse(line) as Verdict
    expect(parsed).toEqual(verdictWith(text))
  })
})

describe('the CSV report', () => {
  it.each(hostile)('gives %j back as one field that is no formula and does nothing', (text) => {
    const csv = toCsv([verdictWith(text)])
    expect(csv.replaceAll('\r\n', '\n')).not.toMatch(ACTIVE)
    const [, second] = parseCsv(csv)
    const field = second?.[0] ?? ''
    const meant = field.replace(/\\u\{(\w+)\}/g, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)))
    expect(meant.replace(/^'/, '')).toBe(text)
    expect(field).not.toMatch(/^\s*[=+\-@|%]/)
    expect(second).toHaveLength(7)
  })

  it('has a column for each lesson and requirement, also where submissions differ in them', () => {
    const one = verdictWith('one')
    const two = { ...verdictWith('two'), lessons: [] }
    expect(parseCsv(toCsv([one, two]))).toEqual([
      ['submission', 'hash', 'isolation', 'earned', 'possible', '01-store', 'ST-1'],
      ['one', 'abc', 'bubblewrap', '0', '2', '0', '0'],
      ['two', 'abc', 'bubblewrap', '0', '2', '', ''],
    ])
  })
})

/** RFC 4180, read by a machine of its own. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const fields = /(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n)/gy
  for (let match = fields.exec(text); match; match = fields.exec(text)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === '\r\n') {
      rows.push(row)
      row = []
    }
  }
  expect(fields.lastIndex).toBe(0)
  return rows
}
