import type { Problem } from '../course/lesson-error.ts'
import { inParallel } from '../runner/in-parallel.ts'
import { count, type Part } from './part.ts'
import { placeOfCheck } from './suites.ts'
import { NO_TREES, treeOf } from './trees.ts'

/** What stands in every body. */
const BODIES = [
  ...['undefined', 'null', 'true', '0', "''", '[]', '{}', 'arguments[0]', 'new Promise(() => {})'].map(
    (answer) => `return ${answer} as never`,
  ),
  "throw new Error('no')",
]
const UNWRITTEN = /throw new NotYet\([^)]*\)/g

/** Rooms that do nothing meet no requirement: one that they meet has no check that asks for anything. */
export const emptyRooms: Part = {
  name: 'rooms that do nothing',
  async run({ root, course, lessons, grading }) {
    const runs = lessons.flatMap((lesson) => BODIES.map((body) => ({ lesson, body })))
    const problems = await inParallel(runs, async ({ lesson, body }): Promise<Problem[] | undefined> => {
      const begun = treeOf(course, Number(lesson.number))
      if (!begun) return undefined
      const entries = Array.from(begun, ([path, text]): [string, string] => [
        path,
        text.replace(UNWRITTEN, () => body),
      ])
      const suite = await grading.suiteOf(lesson)
      const results = await grading.gradeTree(new Map(entries), lesson, suite, 1)
      // What is not written in another way than is looked for here, or does not compile, would earn nothing for that.
      const untried = results.find(({ outcome }) => outcome === 'not-started' || outcome === 'refused')
      if (untried)
        return [
          {
            ...placeOfCheck(root, lesson, untried.id),
            message: `expected ${untried.id} to be tried where every body is \`${body}\`, came ${untried.outcome}`,
          },
        ]
      const missed = new Set(
        results.filter(({ outcome }) => outcome !== 'passed').map(({ requirement }) => requirement),
      )
      const met = new Map(results.map(({ requirement, id }) => [requirement, id]))
      for (const requirement of missed) met.delete(requirement)
      return Array.from(met, ([requirement, id]) => ({
        ...placeOfCheck(root, lesson, id),
        message: `expected ${requirement} not to be met where every body is \`${body}\``,
      }))
    })
    const known = problems.filter((found) => found !== undefined)
    const skipped = known.length < problems.length ? [NO_TREES] : []
    return { counted: count(known.length, 'room'), checked: known.length, problems: known.flat(), skipped }
  },
}
