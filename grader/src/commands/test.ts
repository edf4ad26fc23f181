import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bold, green, red } from 'kleur/colors'
import { hasReference } from '../course/tree.ts'
import { endTogether } from '../end-together.ts'
import { inTemporaryFolder } from '../temporary-folder.ts'
import type { CommandContext } from './context.ts'
import { inWords, type Tally } from './tally.ts'

/** What `npm test` can be asked. */
export interface TestOptions {
  /** Fail where something had to be skipped. */
  nothingSkipped?: boolean
}

/**
 * Proves the kit: types, lint, `npm run check`, and all tests, against the reference. Work in `work/` does not
 * matter. In a student edition there is no reference: there it runs the examples against the student's rooms.
 */
export async function test(context: CommandContext, { nothingSkipped }: TestOptions): Promise<number> {
  const { root, out } = context
  if (!hasReference(root)) return (await import('./test-examples.ts')).testExamples(context)
  const { selfCheck } = await import('./check.ts')
  const steps: [name: string, run: () => Promise<Tally>][] = [
    ...['starter', 'solutions', 'grader'].map((tree): [string, () => Promise<Tally>] => [
      `types of ${tree}`,
      () => tool(root, 'typescript/bin/tsc', ['-p', join(tree, 'tsconfig.json')]),
    ]),
    ['lint', () => tool(root, '@biomejs/biome/bin/biome', ['ci', '--colors=off', '.'])],
    ['check', () => selfCheck(context)],
    ['tests', () => vitest(root)],
  ]
  const total: Tally = { passed: 0, failed: 0, skipped: 0 }
  for (const [name, run] of steps) {
    out.write(`${bold(name)}\n`)
    const tally = await run()
    out.write(`${tally.failed ? red('✗') : green('✓')} ${name}: ${inWords(tally)}\n\n`)
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += tally[key]
  }
  if (nothingSkipped && total.skipped > 0) {
    out.write(
      `Nothing was to be skipped, but ${total.skipped} were: see above what is missing on this machine.\n`,
    )
    total.failed++
  }
  out.write(`${inWords(total)}\n`)
  return total.failed === 0 ? 0 : 1
}

/** Runs a tool of `node_modules`, which passes or fails as a whole. */
async function tool(root: string, script: string, args: string[]): Promise<Tally> {
  const exitCode = await run(root, script, args, {})
  return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 }
}

function vitest(root: string): Promise<Tally> {
  return inTemporaryFolder('test', async (folder) => {
    const report = join(folder, 'report.json')
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const exitCode = await run(root, 'vitest/vitest.mjs', args, { DRYDOCK_ROOMS: 'solutions' })
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 }
    const counts = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>
    const failed = counts.numFailedTests ?? 0
    return {
      passed: counts.numPassedTests ?? 0,
      // A file that does not load, or an error outside any test, fails as well.
      failed: exitCode !== 0 && failed === 0 ? 1 : failed,
      skipped: (counts.numPendingTests ?? 0) + (counts.numTodoTests ?? 0),
    }
  })
}

function run(root: string, script: string, args: string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    endTogether(child)
    child.on('error', reject)
    child.on('close', (exitCode) => resolve(exitCode ?? 1))
  })
}
