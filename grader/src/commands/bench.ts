import { bold, red } from 'kleur/colors'
import { badEdits } from '../bench/bad-edits.ts'
import { batch } from '../bench/batch.ts'
import { cold } from '../bench/cold.ts'
import { determinism } from '../bench/determinism.ts'
import { type Figure, figureLines } from '../bench/figure.ts'
import { isolationPrice } from '../bench/isolation-price.ts'
import { machine } from '../bench/machine.ts'
import { saveToVerdict } from '../bench/save-to-verdict.ts'
import { loadCourse } from '../course/course.ts'
import type { CommandContext } from './context.ts'
import { select } from './select.ts'

/** What `npm run bench` can be asked. */
export interface BenchOptions {
  /** Fewer runs of each. */
  quick?: boolean
  /** How many gradings are compared; default 100, or 40 in a quick run. */
  determinism?: number
}

/** The lessons whose loop has a bound of its own: of later ones, only the time to the first failing line has. */
const LAST_IN_LOOP = 5
/** The lessons that batches are measured with: the first, and the largest. */
const IN_BATCHES = ['01', '03']

/**
 * Prints how fast the kit is on this machine, figure by figure, each with what it is to be. Times decide nothing.
 *
 * @returns the exit code: 0; 1 if a submission did not get the same verdict each time, or something could not be measured
 */
export async function bench(context: CommandContext, options: BenchOptions): Promise<number> {
  const { root, suites, openLinks, out, err } = context
  const quick = options.quick ?? false
  const course = loadCourse(root)
  const selection = await select(course, suites, [], [])
  const lessons = selection.map(({ lesson }) => lesson)

  type Measurement = [name: string, measure: () => Promise<Figure>]
  const measurements: Measurement[] = [
    ...selection
      .filter(({ lesson }) => Number(lesson.number) <= LAST_IN_LOOP)
      .map(
        ({ lesson, checks }): Measurement => [
          `the loop, lesson ${lesson.number}`,
          async () => {
            const bad = await badEdits(course, lesson, checks, openLinks, quick ? 3 : 15)
            return saveToVerdict(course, lesson, suites, bad)
          },
        ],
      ),
    ...lessons.map(
      (lesson): Measurement => [`lesson ${lesson.number} cold`, () => cold(course, lesson, quick ? 3 : 10)],
    ),
    ...lessons
      .filter(({ number }) => IN_BATCHES.includes(number))
      .map(
        (lesson): Measurement => [
          `a batch, lesson ${lesson.number}`,
          () => batch(course, lesson, quick ? 20 : 100),
        ],
      ),
    ...selection.map(
      ({ lesson, checks }): Measurement => [
        `isolation, lesson ${lesson.number}`,
        () => isolationPrice(course, lesson, checks, openLinks, quick ? 5 : 15),
      ],
    ),
  ]
  out.write(`${bold(machine())}\n\n`)
  let exitCode = 0
  const print = async ([name, measure]: Measurement): Promise<Figure | undefined> => {
    if (err.isTTY) err.write(`measuring ${name} …`)
    const figure = await measure().catch((error: unknown) => {
      exitCode = 1
      return error instanceof Error ? error : new Error(String(error))
    })
    if (err.isTTY) err.write('\r\u001b[K')
    const measured = !(figure instanceof Error)
    const lines = measured ? figureLines(figure) : [`${red('✗')} ${name}: not measured: ${figure.message}`]
    out.write(`${lines.join('\n')}\n`)
    return measured ? figure : undefined
  }
  for (const measurement of measurements) await print(measurement)
  const gradings = options.determinism ?? (quick ? 40 : 100)
  const same = await print(['determinism', () => determinism(course, suites, openLinks, gradings)])
  return same?.held === false ? 1 : exitCode
}
