import { bold } from 'kleur/colors'
import { loadCourse } from '../course/course.ts'
import { exampleChecks } from '../examples/example-checks.ts'
import { readRooms } from '../learn/read-rooms.ts'
import { addMissingRooms } from '../learn/work-tree.ts'
import { checkLines, OUTCOME_WORDS } from '../reports/terminal.ts'
import { grade } from '../runner/grade.ts'
import type { CommandContext } from './context.ts'
import { inWords, type Tally } from './tally.ts'

/**
 * Runs every visible example against the rooms in `work/`. What is not begun yet is counted, and does not fail.
 *
 * @returns the exit code: 1 if an example failed
 */
export async function testExamples(context: CommandContext): Promise<number> {
  const { root, out } = context
  addMissingRooms(root)
  const course = loadCourse(root)
  const submission = readRooms(course)
  const links = await context.openLinks()
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  try {
    for (const lesson of course.lessons) {
      const lessons = [{ lesson, checks: await exampleChecks(root, lesson) }]
      const verdict = await grade({
        course,
        submission,
        lessons,
        seed: 1,
        isolation: links.isolation,
        openLink: links.openLink,
      })
      out.write(`${bold(lesson.folder)}\n`)
      for (const check of verdict.lessons.flatMap(({ checks }) => checks)) {
        if (check.outcome === 'passed') tally.passed++
        else if (check.outcome === 'not-started') tally.skipped++
        else tally.failed++
        const said = check.outcome === 'passed' || check.outcome === 'not-started'
        const lines = said
          ? [`${check.id} ${check.title}: ${OUTCOME_WORDS[check.outcome]}`]
          : checkLines(check, verdict.run.alone)
        out.write(`  ${lines.join('\n  ')}\n`)
      }
      out.write('\n')
    }
  } finally {
    links.close()
  }
  if (tally.skipped) out.write('What is not started is skipped.\n')
  out.write(`${inWords(tally)}\n`)
  return tally.failed === 0 ? 0 : 1
}
