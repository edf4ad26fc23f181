import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { type CommandContext, UsageError } from './commands/context.ts'
import { LessonError } from './course/lesson-error.ts'
import { repositoryRoot } from './paths.ts'
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
  const context: CommandContext = {
    root,
    suites,
    cwd: process.env.INIT_CWD ?? process.cwd(),
    openLinks: (ahead) => openLinks(root, ahead),
    out: process.stdout,
    in: process.stdin,
    err: process.stderr,
  }
  let exitCode = 0
  const run = async (work: Promise<number>) => {
    exitCode = await work
  }
  try {
    await program(context, run).parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    return report(error)
  }
}

function program(context: CommandContext, run: (work: Promise<number>) => Promise<void>): Command {
  const program = new Command('drydock').exitOverride().showHelpAfterError('Add --help to see what there is.')
  const command = (name: string, description: string) => {
    const script = name === 'learn' ? 'npm start --' : name === 'test' ? 'npm test --' : `npm run ${name} --`
    return program
      .command(name)
      .description(description)
      .exitOverride()
      .usage('')
      .helpOption('-h, --help', 'show this')
      .configureHelp({
        commandUsage: (command) =>
          `${script} ${command.registeredArguments.map((argument) => (argument.required ? '' : '[') + argument.name() + (argument.variadic ? '…' : '') + (argument.required ? '' : ']')).join(' ')} [options]`,
      })
  }

  command('grade', 'Grade submissions: folders that hold rooms, or a src/ with rooms. Several are a batch.')
    .argument('<DIR...>', 'the folders')
    .option('--lesson <01>', 'only this lesson; may be given several times', collect, [])
    .option(
      '--check <ST-4>',
      'only this requirement, or this check (ST-4.2); may be given several times',
      collect,
      [],
    )
    .option('--seed <N>', 'the seed of all chance in the checks', wholeNumber, 1)
    .option('--json <FILE>', 'write the verdicts as JSON, one a line; - for the standard output')
    .option('--csv <FILE>', 'write the marks as CSV; - for the standard output')
    .option('--unverified', 'grade a batch even where there is no sandbox')
    .addHelpText(
      'after',
      '\nExit code: 0 all that was asked for passed; 1 graded, not all passed; 2 bad usage, or nothing could be graded; 3 a fault of the grader.',
    )
    .action(async (folders, options) =>
      run((await import('./commands/grade.ts')).grade(context, folders, options)),
    )

  command(
    'starter',
    'Regenerate starter/src and the code that the lessons quote, from solutions/ and the kit.',
  ).action(async () =>
    run(
      (await import('./commands/starter.ts')).starter(
        context.root,
        (line) => void context.out.write(`${line}\n`),
      ),
    ),
  )

  return program
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value]
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || text.trim() === '')
    throw new InvalidArgumentError('expected a whole number.')
  return number
}

function report(error: unknown): number {
  // Commander has said what is to be said; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`)
    return 2
  }
  if (error instanceof LessonError) {
    process.stderr.write(
      `${error.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n')}\n`,
    )
    return 3
  }
  process.stderr.write(
    `A fault of Drydock's own, please report it:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return 3
}
