import { bold, dim, green, red, yellow } from 'kleur/colors'
import { type Equivalent, equivalentOf, inOneLine } from './equivalents.ts'
import { type MutantResult, placeOf } from './grade-mutants.ts'
import type { Mutant } from './instrument.ts'

/** The part of all mutants that a suite must notice. */
export const WANTED = 0.95

const CHARACTERS = 100

/** What came of all mutants together. */
export interface MutationSummary {
  all: number
  killed: number
  /** Killed mutants that ran or waited for ever, or broke down: that is noticed, if not by a comparison. */
  timedOut: number
  crashed: number
  /** Survivors that nothing is known of. */
  survivors: Mutant[]
  /** Survivors that are known to do what the reference does. They count as survivors all the same. */
  equivalent: { mutant: Mutant; reason: string }[]
  /** Entries that are no survivor's. */
  stale: Equivalent[]
}

/** @param reference every reference room, by its path from `solutions/` */
export function summarize(
  results: readonly MutantResult[],
  equivalents: readonly Equivalent[],
  reference: ReadonlyMap<string, string>,
): MutationSummary {
  const summary: MutationSummary = {
    all: results.length,
    killed: 0,
    timedOut: 0,
    crashed: 0,
    survivors: [],
    equivalent: [],
    stale: [],
  }
  const found = new Set<Equivalent>()
  for (const { mutant, killedBy } of results) {
    if (killedBy) {
      summary.killed++
      if (killedBy.outcome === 'timed-out' || killedBy.outcome === 'over-limit') summary.timedOut++
      if (killedBy.outcome === 'crashed') summary.crashed++
      continue
    }
    const lines = reference.get(mutant.file.replace(/^solutions\//, ''))?.split('\n')
    const entry = equivalentOf(equivalents, mutant, lines?.[mutant.line - 1] ?? '')
    if (entry) {
      found.add(entry)
      summary.equivalent.push({ mutant, reason: entry.reason })
    } else summary.survivors.push(mutant)
  }
  summary.stale = equivalents.filter((entry) => !found.has(entry))
  return summary
}

/** Killed mutants as a part of all; 1 if there is none. */
export function scoreOf({ all, killed }: MutationSummary): number {
  return all === 0 ? 1 : killed / all
}

/** @param lesson the lesson's folder */
export function mutationReport(lesson: string, summary: MutationSummary): string[] {
  const { all, killed, timedOut, crashed, survivors, equivalent, stale } = summary
  const score = scoreOf(summary)
  const colour = score >= WANTED ? green : red
  // Rounded down: 94.99 is not 95.
  const percent = (Math.floor(score * 1000) / 10).toFixed(1)
  const lines = [
    `${bold(lesson)}: ${colour(`${percent} %`)} of the mutants are noticed, ${killed} of ${all}; wanted are ${WANTED * 100} %`,
    dim(`${timedOut} of them ran or waited for ever, ${crashed} broke down, the others failed a check`),
  ]
  if (survivors.length > 0)
    lines.push('', bold(`Survivors: ${survivors.length}`), ...survivors.flatMap(mutantLines))
  if (equivalent.length > 0) {
    lines.push('', bold(`Survivors that do what the reference does: ${equivalent.length}`))
    for (const { mutant, reason } of equivalent) lines.push(...mutantLines(mutant), `    ${dim(reason)}`)
  }
  if (stale.length > 0) {
    lines.push(
      '',
      yellow(bold(`Listed as equivalent, but no survivor any more: ${stale.length}; take them out`)),
    )
    for (const { file, line, mutator, original, replacement } of stale)
      lines.push(`${file}  ${mutator}  ${dim(cut(line))}`, `    ${cut(original)}  →  ${cut(replacement)}`)
  }
  return lines
}

function mutantLines(mutant: Mutant): string[] {
  return [
    `${placeOf(mutant)}  ${mutant.mutator}`,
    `    ${cut(mutant.original)}  →  ${cut(mutant.replacement)}`,
  ]
}

function cut(text: string): string {
  const line = inOneLine(text)
  return line.length > CHARACTERS ? `${line.slice(0, CHARACTERS - 1)}…` : line
}
