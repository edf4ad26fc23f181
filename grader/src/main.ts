import { constants } from 'node:os'
import { CommanderError } from 'commander'
import { BundleRefused } from './bundle/bundle.ts'
import { commandLine, refuseWhatNpmTook } from './commands/command-line.ts'
import { UsageError } from './commands/context.ts'
import { LessonError } from './course/lesson-error.ts'
import { NothingToGrade } from './intake/intake.ts'
import { repositoryRoot } from './paths.ts'
import { stopAllSandboxes } from './sandbox/sandbox.ts'
import { openLinks } from './subject/open-links.ts'

/**
 * Runs one command.
 *
 * @param argv the command's name and what follows it
 * @param suites the folder of the compiled suites
 * @returns the exit code: 0 all is well, 1 it is not, 2 bad usage, 3 a fault of ours
 */
export async function main(argv: string[], suites: string): Promise<number> {
  const root = repositoryRoot()
  const context = {
    root,
    suites,
    cwd: process.env.INIT_CWD ?? process.cwd(),
    openLinks: (ahead?: number) => openLinks(root, ahead),
    out: process.stdout,
    in: process.stdin,
    err: process.stderr,
  }
  // Whoever reads the output has read enough, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3))
  // The loop restores the terminal first, and ends by itself; whoever waits for a debugger hears no signal but through
  // the system, and has no process to end; nor has the API, whose rooms may be in a loop.
  if (!['learn', 'debug', 'api'].includes(argv[0] ?? '')) endOnSignals()
  let exitCode = 0
  const program = commandLine(context, async (work) => {
    exitCode = await work
  })
  try {
    refuseWhatNpmTook(program, argv[0], process.env)
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    return report(error, root)
  }
}

/** Ctrl-C does not reach the submissions' processes: they are ended first. */
function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      stopAllSandboxes()
      process.exit(128 + constants.signals[signal])
    })
  }
}

/** Codes of a machine that does not let us write. */
const DENIED = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC']

function report(error: unknown, root: string): number {
  // Commander has said what is to be said; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof UsageError || error instanceof NothingToGrade || error instanceof BundleRefused) {
    process.stderr.write(`${error.message}\n`)
    return 2
  }
  if (error instanceof LessonError) {
    process.stderr.write(`${error.message}\n`)
    return 3
  }
  if (error instanceof Error && 'code' in error && DENIED.includes(String(error.code))) {
    // What a user named, such as the folder of an edition, may be elsewhere.
    const isOurs = 'path' in error && String(error.path).startsWith(root)
    const advice = isOurs ? ` Drydock needs to write to work/ and node_modules/ in ${root}.` : ''
    process.stderr.write(`${error.message}.${advice}\n`)
    return 2
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`A fault of Drydock's own, please report it:\n${text}\n`)
  return 3
}
