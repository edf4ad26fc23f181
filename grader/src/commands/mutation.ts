import { findLesson, loadCourse, unknownLesson } from '../course/course.ts'
import { referenceRooms } from '../course/tree.ts'
import { readEquivalents } from '../mutation/equivalents.ts'
import { gradeMutants, placeOf, ReferenceFails } from '../mutation/grade-mutants.ts'
import { mutationReport, scoreOf, summarize, WANTED } from '../mutation/report.ts'
import { AT_A_TIME } from '../runner/in-parallel.ts'
import { loadSuite } from '../runner/suites.ts'
import { type CommandContext, UsageError } from './context.ts'
import { progressBar } from './progress-bar.ts'

const SEED = 1

/**
 * Grades every mutant of a lesson's reference by its hidden suite, and prints the score and the survivors.
 *
 * @returns the exit code: 0 if at least 95 % are noticed, 1 if not
 * @throws {UsageError} if there is no such lesson, suite or reference, or the reference fails
 */
export async function mutation(context: CommandContext, lessonName: string): Promise<number> {
  const { root, suites, out, err } = context
  const course = loadCourse(root)
  const lesson = findLesson(course, lessonName)
  if (!lesson) throw new UsageError(unknownLesson(course, lessonName))
  const checks = await loadSuite(suites, lesson.folder)
  const reference = referenceRooms(root)
  if (!checks || lesson.rooms.some((room) => !reference.has(`${room}.ts`)))
    throw new UsageError(`${lesson.folder} has no hidden suite or no reference here, and both are needed`)

  const equivalents = readEquivalents(root, lesson.folder)
  const links = await context.openLinks(AT_A_TIME)
  let bar: ReturnType<typeof progressBar> | undefined
  try {
    const results = await gradeMutants({
      root,
      lessons: course.lessons,
      lesson,
      checks,
      reference,
      seed: SEED,
      openLink: links.openLink,
      onMutants(count) {
        bar = progressBar(err, count)
      },
      onMutant: ({ mutant }) => bar?.step(placeOf(mutant)),
    })
    bar?.end()
    const summary = summarize(results, equivalents, reference)
    out.write(`${mutationReport(lesson.folder, summary).join('\n')}\n`)
    return scoreOf(summary) >= WANTED ? 0 : 1
  } catch (error) {
    bar?.end()
    throw error instanceof ReferenceFails ? new UsageError(error.message) : error
  } finally {
    links.close()
  }
}
