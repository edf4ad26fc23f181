import type { Lesson } from '../course/lesson.ts'
import type { Problem } from '../course/lesson-error.ts'
import { inParallel } from '../runner/in-parallel.ts'
import { count, type Part } from './part.ts'
import { placeOfCheck } from './suites.ts'
import { NO_TREES, treeName, treeOf } from './trees.ts'

interface Stage {
  n: number
  lesson: Lesson
  /** Somebody who begins lesson `n` has not begun it, and has done all before it. */
  expected: 'not-started' | 'passed'
}

/** Who begins a lesson passes all suites before it, and every check of its own is not started. */
export const catchUp: Part = {
  name: 'catch-up',
  async run({ root, course, lessons, grading }) {
    const stages: Stage[] = lessons.flatMap((begun) => {
      const n = Number(begun.number)
      const earlier = course.lessons.filter(({ number }) => Number(number) < n)
      const done = earlier.map((lesson): Stage => ({ n, lesson, expected: 'passed' }))
      return [...done, { n, lesson: begun, expected: 'not-started' }]
    })
    const problems = await inParallel(stages, async ({ n, lesson, expected }) => {
      const tree = treeOf(course, n)
      if (!tree) return undefined
      const results = await grading.gradeTree(tree, lesson, await grading.suiteOf(lesson), 1)
      return results
        .filter(({ outcome }) => outcome !== expected)
        .map(
          ({ id, outcome, message }): Problem => ({
            ...placeOfCheck(root, lesson, id),
            message: `expected ${id} to be ${expected} in ${treeName(n)}, came ${outcome}${message && `: ${message}`}`,
          }),
        )
    })
    const known = problems.filter((found) => found !== undefined)
    const skipped = known.length < problems.length ? [NO_TREES] : []
    return {
      counted: count(stages.length, 'suite'),
      checked: known.length,
      problems: known.flat(),
      skipped,
    }
  },
}
