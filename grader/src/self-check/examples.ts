import { LessonError, type Problem } from '../course/lesson-error.ts'
import { examplesFile, readExamples } from '../examples/titles.ts'
import { count, type Part } from './part.ts'
import { treeOf } from './trees.ts'

const FEWEST = 3
const MOST = 6

/** Each lesson has three to six visible examples of its requirements, and the reference passes them. */
export const examples: Part = {
  name: 'examples',
  async run({ root, course, lessons, grading }) {
    const problems: Problem[] = []
    let checked = 0
    for (const lesson of lessons) {
      try {
        const written = readExamples(root, lesson)
        const file = examplesFile(lesson)
        checked += written.length
        if (written.length < FEWEST || written.length > MOST)
          problems.push({
            file,
            line: 1,
            message: `expected ${FEWEST} to ${MOST} examples, came ${written.length}`,
          })
        const tree = treeOf(course, Number.POSITIVE_INFINITY)
        if (!tree) continue
        for (const { id, outcome, message } of await grading.gradeTree(
          tree,
          lesson,
          await grading.examplesOf(lesson),
          1,
        )) {
          const line = written.find((example) => example.id === id)?.line ?? 1
          if (outcome !== 'passed')
            problems.push({
              file,
              line,
              message: `expected the reference to pass, came ${outcome}: ${message}`,
            })
        }
      } catch (error) {
        if (!(error instanceof LessonError)) throw error
        problems.push(...error.problems)
      }
    }
    return { counted: count(checked, 'example'), checked, problems, skipped: [] }
  },
}
