import { isDeepStrictEqual } from 'node:util'
import type { Blame } from '../runner/blame.ts'
import type { CheckVerdict, Outcome } from '../runner/outcome.ts'
import type { OwnStackVerdict } from '../runner/own-stack.ts'
import type { RunOutput, Verdict } from '../runner/verdict.ts'
import type { Entry } from './entry.ts'

/**
 * Holds a verdict against the one that the submission must get.
 *
 * @returns what is not as it must be, a sentence each; empty if all is
 */
export function judge(entry: Entry, verdict: Verdict): string[] {
  const graded = verdict.lessons.find(({ lesson }) => lesson === entry.lesson.folder)
  if (!graded || graded.checks.length === 0)
    return [`expected ${entry.lesson.folder} to be graded, it was not`]
  const sentences: string[] = []
  const mustFail = (id: string) => entry.fails === 'all' || entry.fails.includes(id)
  for (const { id, points, earned } of graded.requirements) {
    if (mustFail(id) && earned > 0) sentences.push(`expected ${id} to fail, it passed`)
    if (mustFail(id) || earned === points) continue
    const bad = graded.checks.find(({ requirement, outcome }) => requirement === id && outcome !== 'passed')
    sentences.push(`expected ${id} to pass, it did not: ${bad ? told(bad) : 'a check is missing'}`)
  }
  for (const id of entry.fails === 'all' ? [] : entry.fails) {
    if (!graded.requirements.some((requirement) => requirement.id === id))
      sentences.push(`expected ${id} to fail, it was not graded`)
  }

  const bad = graded.checks.filter(
    ({ outcome, requirement }) => outcome !== 'passed' && mustFail(requirement),
  )
  const seen = new Set<Outcome>(bad.map(({ outcome }) => outcome))
  const expected = entry.outcomes.join(', ')
  for (const outcome of seen) {
    const first = bad.find((check) => check.outcome === outcome)
    if (first && !entry.outcomes.includes(outcome))
      sentences.push(`expected outcome ${expected}, came ${told(first)}`)
  }
  for (const outcome of entry.outcomes) {
    if (bad.length > 0 && !seen.has(outcome))
      sentences.push(`expected outcome ${outcome}, came none of it: only ${[...seen].join(', ')}`)
  }
  if (entry.kind === 'wrong' && entry.blame) sentences.push(...judgeBlame(entry.blame, graded.own))
  if (entry.kind === 'hostile') sentences.push(...judgeRun(entry.run, verdict.run.alone))
  return sentences
}

function told({ id, outcome, message }: CheckVerdict): string {
  return `${outcome} in ${id}${message ? ` (${message})` : ''}`
}

function judgeBlame(expected: Blame, own: OwnStackVerdict | undefined): string[] {
  const failures = own?.checks.filter(({ outcome }) => outcome !== 'passed') ?? []
  if (failures.length === 0) return ['expected a check to fail with the own stack, none did']
  return failures
    .filter(({ blame }) => blame !== undefined && !isDeepStrictEqual(blame, expected))
    .map(
      (check) =>
        `expected blame ${JSON.stringify(expected)}, came ${JSON.stringify(check.blame)} for ${told(check)}`,
    )
}

function judgeRun(expected: { console?: string; stoppedAt?: string }, run: RunOutput): string[] {
  return (['console', 'stoppedAt'] as const).flatMap((key) => {
    const text = expected[key]
    if (text === undefined) return []
    const lines = Object.values(run[key]).flat()
    if (lines.some((line) => line.includes(text))) return []
    return `expected ${JSON.stringify(text)} in run.${key}, came ${lines.length ? JSON.stringify(lines[0]) : 'nothing'}`
  })
}
