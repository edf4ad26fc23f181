import { expect, it } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { LessonError } from '../src/course/lesson-error.ts'
import { parseEquivalents } from '../src/mutation/equivalents.ts'
import { gradeMutants, placeOf, ReferenceFails } from '../src/mutation/grade-mutants.ts'
import { instrument, withMutant } from '../src/mutation/instrument.ts'
import { mutationReport, scoreOf, summarize } from '../src/mutation/report.ts'
import { repositoryRoot } from '../src/paths.ts'
import type { Check } from '../src/runner/check.ts'
import { expect as see } from '../src/runner/expect.ts'
import { inProcess } from '../src/subject/in-process.ts'
import { lineIn } from './sample-lesson.ts'

interface Gate {
  mayPass(age: number): boolean
  greeting(): string
}

/** A room of two lessons, with a line outside any region. */
const gate = `const name = 'gate' + ''

export function mayPass(age: number): boolean {
  // #region 01-gate
  return age >= 18
  // #endregion
}

export function greeting(): string {
  // #region 02-greeting
  return 'hello'
  // #endregion
}

export { name }
`
const reference = new Map([['gate.ts', gate]])
const lesson = { folder: '01-gate', number: '01', rooms: ['gate'], needs: [] }
const lessons = [lesson, { folder: '02-greeting', number: '02', rooms: [], needs: [] }]
const files = new Map([['solutions/gate.ts', gate]])

/** Looks at one age alone. */
const passesAt = (age: number, expected: boolean): Check => ({
  id: `GA-1.${age}`,
  title: `answers ${expected} at ${age}`,
  body: async ({ room }) => {
    const seen = await room<Gate>('gate').call('mayPass', age)
    see(seen, `mayPass(${age})`).toEqual(expected)
  },
})

async function grade(checks: Check[]) {
  const root = repositoryRoot()
  const agent = await agentScript(root)
  return gradeMutants({
    root,
    lessons,
    lesson,
    checks,
    reference,
    seed: 1,
    openLink: () => inProcess(agent),
  })
}

it('makes mutants of every line inside a region of the lesson, and of no other', async () => {
  const first = await instrument(files, '01-gate', lessons)
  const inGate = { file: 'solutions/gate.ts', line: lineIn(gate, 'age >= 18'), column: 10 }
  expect(first.mutants.map(({ id, ...mutant }) => mutant)).toEqual(
    [
      { mutator: 'ConditionalExpression', replacement: 'true' },
      { mutator: 'ConditionalExpression', replacement: 'false' },
      { mutator: 'EqualityOperator', replacement: 'age > 18' },
      { mutator: 'EqualityOperator', replacement: 'age < 18' },
    ].map((mutant) => ({ ...inGate, original: 'age >= 18', ...mutant })),
  )
  const second = await instrument(files, '02-greeting', lessons)
  expect(second.mutants.map(({ line, original, replacement }) => [line, original, replacement])).toEqual([
    [lineIn(gate, "'hello'"), "'hello'", '""'],
  ])
})

it('quotes what a mutant replaces over several lines', async () => {
  const text = `export function first(): void {
  // #region 01-gate
  for (const age of [1]) {
    String(age)
  }
  // #endregion
}
`
  const { mutants } = await instrument(new Map([['solutions/gate.ts', text]]), '01-gate', lessons)
  const block = mutants.find(({ mutator }) => mutator === 'BlockStatement')
  expect(block).toMatchObject({ line: 3, original: '{\n    String(age)\n  }', replacement: '{}' })
})

it('names mutants of several rooms apart', async () => {
  const two = new Map([...files, ['solutions/door.ts', gate]])
  const { mutants } = await instrument(two, '01-gate', lessons)
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(8)
  expect(mutants.map(({ file }) => file).slice(3, 5)).toEqual(['solutions/door.ts', 'solutions/gate.ts'])
})

it('refuses a comment that would take mutants away, with its place', async () => {
  const silenced = gate.replace('  return age', '  // Stryker disable next-line all: no\n  return age')
  const instrumenting = instrument(new Map([['solutions/gate.ts', silenced]]), '01-gate', lessons)
  await expect(instrumenting).rejects.toThrow(LessonError)
  await expect(instrumenting).rejects.toThrow(/^solutions\/gate\.ts:5: expected no word to Stryker/)
})

it('leaves a script that is strict so', () => {
  const mutant = { id: '7', file: 'f', line: 1, column: 1, mutator: 'm', original: 'a', replacement: 'b' }
  const active = 'globalThis.__stryker__ = { activeMutant: "7" };'
  const roomsOf = (rooms: string) => withMutant({ given: 'kit', rooms }, mutant)
  expect(roomsOf('"use strict";\nx')).toEqual({ given: 'kit', rooms: `"use strict";${active}\nx` })
  expect(roomsOf('x')).toEqual({ given: 'kit', rooms: `${active}x` })
})

it('tells the mutants that the checks notice from those that survive', async () => {
  const results = await grade([passesAt(30, true), passesAt(3, false)])
  expect(results.map(({ mutant, killedBy }) => [mutant.replacement, killedBy?.id])).toEqual([
    ['true', 'GA-1.3'],
    ['false', 'GA-1.30'],
    ['age > 18', undefined],
    ['age < 18', 'GA-1.30'],
  ])
  const sharper = await grade([passesAt(30, true), passesAt(3, false), passesAt(18, true)])
  expect(sharper.map(({ killedBy }) => killedBy?.id)).toEqual(['GA-1.3', 'GA-1.30', 'GA-1.18', 'GA-1.30'])
})

it('says nothing of mutants where the reference itself fails', async () => {
  const grading = grade([passesAt(17, true)])
  await expect(grading).rejects.toThrow(ReferenceFails)
  await expect(grading).rejects.toThrow('the reference itself ends GA-1.17 as failed: mayPass(17)')
})

const listed = `
- file: solutions/gate.ts
  line: return age >= 18
  mutator: EqualityOperator
  original: age >= 18
  replacement: |
    age
      > 18
  reason: Nobody is ever 18.
- file: solutions/gate.ts
  line: return age >= 18
  mutator: ConditionalExpression
  original: age >= 18
  replacement: 'true'
  reason: Everybody is old enough.
`

it('gives survivors that are listed as equivalent their reason, and counts them as survivors', async () => {
  const results = await grade([passesAt(30, true), passesAt(3, false)])
  const equivalents = parseEquivalents('grader/suites/01-gate.equivalent.yaml', listed)
  const summary = summarize(results, equivalents, reference)
  expect(summary).toMatchObject({ all: 4, killed: 3, survivors: [] })
  expect(scoreOf(summary)).toBe(0.75)
  expect(summary.equivalent).toEqual([{ mutant: results[2]?.mutant, reason: 'Nobody is ever 18.' }])
  expect(summary.stale.map(({ reason }) => reason)).toEqual(['Everybody is old enough.'])

  const report = mutationReport('01-gate', summary).join('\n')
  expect(report).toContain('75.0 %')
  expect(report).toContain('Nobody is ever 18.')
  expect(report).toContain('no survivor any more: 1')
})

it('reports a survivor that is not listed, with its place', async () => {
  const results = await grade([passesAt(30, true), passesAt(3, false)])
  const summary = summarize(results, [], reference)
  const [survivor] = summary.survivors
  expect(survivor && placeOf(survivor)).toBe(`solutions/gate.ts:${lineIn(gate, 'age >= 18')}:10`)
  expect(mutationReport('01-gate', summary)).toContain('    age >= 18  →  age > 18')
})

it('refuses a malformed list of equivalent mutants, with the line', () => {
  const parse = (text: string) => () => parseEquivalents('list.yaml', text)
  expect(parse('')()).toEqual([])
  expect(parse('file: x')).toThrow(/^list\.yaml:1: expected a list of entries/)
  expect(parse(listed.replace('  reason: Everybody is old enough.\n', ''))).toThrow(
    /^list\.yaml:10: .*it has no reason$/,
  )
  expect(parse('- [')).toThrow(/^list\.yaml:\d: /)
})
