import { dim, green, red, yellow } from 'kleur/colors'
import { readBank } from '../bank/bank.ts'
import { hasReference } from '../course/tree.ts'
import { escapeForTerminal } from '../reports/escape.ts'
import { bankHolds } from '../self-check/bank-holds.ts'
import { catchUp } from '../self-check/catch-up.ts'
import { differentOnes } from '../self-check/different.ts'
import { examples } from '../self-check/examples.ts'
import { openGrading } from '../self-check/grading.ts'
import { hostileOnes } from '../self-check/hostile.ts'
import { readLessons } from '../self-check/lessons.ts'
import type { Finding, Kit, Part } from '../self-check/part.ts'
import { reference } from '../self-check/reference.ts'
import { starter } from '../self-check/starter.ts'
import { strayFiles } from '../self-check/stray-files.ts'
import { suites } from '../self-check/suites.ts'
import { types } from '../self-check/types.ts'
import { wrongOnes } from '../self-check/wrong.ts'
import { openRoomService } from '../types/room-service.ts'
import { type CommandContext, UsageError } from './context.ts'
import type { Tally } from './tally.ts'

/** From what is quick to what takes time. */
const PARTS: readonly Part[] = [
  suites,
  starter,
  strayFiles,
  bankHolds,
  types,
  examples,
  catchUp,
  reference,
  differentOnes,
  wrongOnes,
  hostileOnes,
]

/**
 * The kit proves itself: lessons, suites, starter, reference and bank agree with each other.
 *
 * @returns the exit code: 0 if all holds, 1 if something does not
 * @throws {UsageError} where there is no reference
 */
export async function check(context: CommandContext): Promise<number> {
  return (await selfCheck(context)).failed === 0 ? 0 : 1
}

/** The same, for whoever counts on: how many things held, did not hold, and could not be looked at. */
export async function selfCheck(context: CommandContext): Promise<Tally> {
  const { root, suites, openLinks, out } = context
  if (!hasReference(root))
    throw new UsageError(
      'a student edition holds nothing that could prove it: run this in the whole repository',
    )
  const total: Tally = { passed: 0, failed: 0, skipped: 0 }
  const tell = (name: string, finding: Finding, startedMs: number) => {
    out.write(`${findingLines(name, finding, performance.now() - startedMs).join('\n')}\n`)
    total.passed += Math.max(0, finding.checked - finding.problems.length)
    total.failed += finding.problems.length
    total.skipped += finding.skipped.length
  }

  let startedMs = performance.now()
  const { course, whole, finding } = readLessons(root)
  tell('lessons', finding, startedMs)
  const grading = await openGrading(root, suites, openLinks)
  try {
    const kit: Kit = {
      root,
      course,
      whole,
      bank: readBank(root, course),
      types: openRoomService(root),
      grading,
    }
    for (const part of PARTS) {
      startedMs = performance.now()
      tell(part.name, await part.run(kit), startedMs)
    }
    return total
  } finally {
    grading.close()
  }
}

function findingLines(name: string, { counted, problems, skipped }: Finding, durationMs: number): string[] {
  const seconds = durationMs < 1_000 ? '' : dim(` ${(durationMs / 1_000).toFixed(1)} s`)
  const lines = [`${problems.length ? red('✗') : green('✓')} ${name}: ${counted}${seconds}`]
  for (const { file, line, message } of problems) {
    const [first = '', ...more] = escapeForTerminal(`${file}:${line}: ${message}`).split('\n')
    lines.push(`    ${first}`, ...more.map((rest) => `      ${rest}`))
  }
  for (const sentence of skipped) lines.push(`    ${yellow('skipped')} ${escapeForTerminal(sentence)}`)
  return lines
}
