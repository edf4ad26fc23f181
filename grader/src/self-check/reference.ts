import type { Problem } from '../course/lesson-error.ts'
import { inParallel } from '../runner/in-parallel.ts'
import { count, type Part } from './part.ts'
import { placeOfCheck } from './suites.ts'
import { NO_TREES, treeOf } from './trees.ts'

const SEEDS = 20

/** The reference passes every check under twenty seeds. */
export const reference: Part = {
  name: 'the reference',
  async run({ root, course, lessons, grading }) {
    const tree = treeOf(course, Number.POSITIVE_INFINITY)
    if (!tree) return { counted: 'nothing', checked: 0, problems: [], skipped: [NO_TREES] }
    const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1)
    const runs = lessons.flatMap((lesson) => seeds.map((seed) => ({ lesson, seed })))
    let checked = 0
    const problems = await inParallel(runs, async ({ lesson, seed }) => {
      const results = await grading.gradeTree(tree, lesson, await grading.suiteOf(lesson), seed)
      checked += results.length
      return results
        .filter(({ outcome }) => outcome !== 'passed')
        .map(
          ({ id, outcome, message }): Problem => ({
            ...placeOfCheck(root, lesson, id),
            message: `expected the reference to pass ${id} with seed ${seed}, came ${outcome}: ${message}`,
          }),
        )
    })
    const counted = `${count(checked, 'check')}, ${SEEDS} seeds`
    return { counted, checked, problems: problems.flat(), skipped: [] }
  },
}
