import { type Argument, Command, InvalidArgumentError, Option } from 'commander'
import { type CommandContext, UsageError } from './context.ts'

const EXIT_CODES = `
Exit code: 0 all that was asked for passed; 1 graded, not all passed;
2 bad usage, or nothing could be graded; 3 a fault of the grader.`

/**
 * Every command with its options and its help. What a command needs is loaded when it is called.
 *
 * @param run is given the exit code that the command promises
 */
export function commandLine(context: CommandContext, run: (work: Promise<number>) => Promise<void>): Command {
  const program = new Command('drydock').exitOverride().showHelpAfterError('npm start -- --help says more.')
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .exitOverride()
      .showHelpAfterError(`${scriptOf(name)} -- --help says more.`)
      .helpOption('-h, --help', 'show this')
      .configureHelp({ commandUsage: (command) => usage(command) })

  command('learn', 'The learner’s loop: shows where you are, and grades the lesson each time you save.')
    .option(
      '--lesson <04>',
      'begin with this lesson; earlier rooms that you have not begun are the reference’s',
    )
    .addHelpText('after', '\nWhere the output is no terminal, it says once how things stand.')
    .action(async (options) => run((await import('./learn.ts')).learn(context, options)))

  command('hint', 'Show a hint for a requirement; each time, one step further.')
    .argument('<requirement>', 'its id, such as ST-4')
    .action(async (id) => run((await import('./hint.ts')).hint(context, id)))

  command('status', 'Show where you are in the course.').action(async () =>
    run((await import('./status.ts')).status(context)),
  )

  command('solution', 'Show the reference’s room beside yours, as a diff, once you have passed the lesson.')
    .argument('<lesson>', 'its number, such as 01')
    .option('--spoil', 'show it before you have passed')
    .action(async (lesson, options) =>
      run((await import('./solution.ts')).solution(context, lesson, options)),
    )

  command('debug', 'Run one check on the rooms in work/, in one process, once a debugger is attached.')
    .argument('<check>', 'its id, such as ST-4.2')
    .option('--seed <N>', 'the seed of all chance in the check', wholeNumber, 1)
    .option('--own', 'over your own rooms of earlier lessons, too')
    .option('--port <N>', 'the port that the debugger attaches to', portNumber, 9229)
    .action(async (id, options) => run((await import('./debug.ts')).debug(context, id, options)))

  command('api', 'Serve the API that your rooms make, for kubectl, on this machine, until Ctrl-C.')
    .option('--rooms <work>', 'work, solutions, or a folder with rooms', 'work')
    .option('--port <N>', 'the port on 127.0.0.1', portNumber, 8001)
    .option('--seed <N>', 'the seed of uids and generated names; left out: other ones each time', wholeNumber)
    .action(async (options) => run((await import('./api.ts')).api(context, options)))

  command('grade', 'Grade submissions: folders that hold rooms, or a src/ with rooms. Several are a batch.')
    .argument('<DIR...>', 'the folders')
    .addOption(several('--lesson <01>', 'only this lesson; may be given several times'))
    .addOption(
      several('--check <ST-4>', 'only this requirement or check (ST-4.2); may be given several times'),
    )
    .option('--seed <N>', 'the seed of all chance in the checks', wholeNumber, 1)
    .option('--json <FILE>', 'write the verdicts as JSON, one a line; - for the standard output')
    .option('--csv <FILE>', 'write the marks as CSV; - for the standard output')
    .option(
      '--alone',
      'grade what counts alone, and not again over the submission’s own rooms of earlier lessons',
    )
    .option('--types', 'show the type errors of the rooms, too; they cost nothing')
    .option(
      '--alike',
      'name rooms that are like the reference’s or another’s, for a person to look at; it costs nothing',
    )
    .option('--unverified', 'grade a batch even where there is no sandbox')
    .addHelpText('after', EXIT_CODES)
    .action(async (folders, options) => run((await import('./grade.ts')).grade(context, folders, options)))

  command(
    'test',
    'Prove the kit: types, lint, npm run check and all tests. In a student edition: run the examples.',
  )
    .option('--nothing-skipped', 'fail where something had to be skipped')
    .action(async (options) => run((await import('./test.ts')).test(context, options)))

  command(
    'check',
    'The kit proves itself: lessons, suites, starter, reference and bank agree with each other.',
  )
    .argument('[lesson...]', 'numbers, such as 03: look at these lessons only')
    .action(async (lessons) => run((await import('./check.ts')).check(context, lessons)))

  command('starter', 'Regenerate starter/src and the code that the lessons quote.').action(async () =>
    run((await import('./starter.ts')).starter(context.root, (line) => void context.out.write(`${line}\n`))),
  )

  command('edition', 'Make the student edition: a repository of its own, without the reference.')
    .requiredOption('--to <DIR>', 'the folder to make; new or empty')
    .option('--with-suites', 'with the hidden suites')
    .action(async (options) => run((await import('./edition.ts')).edition(context, options)))

  command('mutation', 'Grade every mutant of a lesson’s reference: how much does the hidden suite notice?')
    .argument('<lesson>', 'its number, such as 01')
    .action(async (lesson) => run((await import('./mutation.ts')).mutation(context, lesson)))

  command('bench', 'Measure how fast the kit is, on this machine.')
    .option('--quick', 'fewer runs of each')
    .option('--determinism <N>', 'how many gradings across the bank are compared', wholeNumber)
    .action(async (options) => run((await import('./bench.ts')).bench(context, options)))

  return program
}

/** What a user types, not what npm makes of it. */
function usage(command: Command): string {
  const words = [scriptOf(command.name()), '--', ...command.registeredArguments.map(placeholder), '[options]']
  return words.join(' ')
}

function scriptOf(name: string): string {
  return name === 'learn' ? 'npm start' : name === 'test' ? 'npm test' : `npm run ${name}`
}

function placeholder(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}…` : argument.name()
  return argument.required ? `<${name}>` : `[${name}]`
}

/** An option that may be given several times. */
function several(flags: string, description: string): Option {
  const collect = (value: string, earlier: string[]) => [...earlier, value]
  return new Option(flags, description).argParser(collect).default([], 'all')
}

/**
 * What stands before `--` is npm's: it takes options away from us, keeps its peace, and leaves their values.
 *
 * @param environment in which npm names the options that it was given
 * @throws {UsageError} if one of them is an option of this command
 */
export function refuseWhatNpmTook(
  program: Command,
  name: string | undefined,
  environment: NodeJS.ProcessEnv,
): void {
  const command = program.commands.find((one) => one.name() === name)
  const taken = command?.options.find(({ long }) => {
    return environment[`npm_config_${long?.slice(2).replaceAll('-', '_')}`] !== undefined
  })
  if (!command || !taken) return
  throw new UsageError(
    `npm has taken ${taken.long} for itself: write -- before what is meant for Drydock, as in ${scriptOf(command.name())} -- ${taken.flags}`,
  )
}

function portNumber(text: string): number {
  const number = wholeNumber(text)
  if (number < 1 || number > 65_535) throw new InvalidArgumentError('Expected a number from 1 to 65535.')
  return number
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || text.trim() === '')
    throw new InvalidArgumentError('Expected a whole number.')
  return number
}
