import { BANK } from '../bank/bank.ts'
import { hasBlame } from '../bank/complete.ts'
import type { Problem } from '../course/lesson-error.ts'
import { count, type Part } from './part.ts'

const DIFFERENT = 2
const HOSTILE = 3

/** The bank is written down as it must be, and holds what each lesson asks for. */
export const bankHolds: Part = {
  name: 'the bank',
  async run({ course, lessons, bank }) {
    const { entries, problems: found } = bank
    const isPart = lessons !== course.lessons
    const problems: Problem[] = [...found]
    for (const { folder, file, misconceptions, at } of lessons) {
      const own = entries.filter(({ lesson, kind }) => lesson.folder === folder && kind !== 'hostile')
      // What is wrong in an earlier room is no misconception of this lesson.
      const wrong = own.filter((entry) => entry.kind === 'wrong' && !hasBlame(entry))
      const written = (name: string) =>
        found.some((problem) => problem.file.startsWith(`${BANK}/${folder}/wrong/${name}/`))
      for (const { name, line } of misconceptions) {
        const place = `${BANK}/${folder}/wrong/${name}`
        if (!wrong.some((entry) => entry.name === name) && !written(name))
          problems.push({
            file,
            line,
            message: `${name} has no submission: write the rooms of who goes wrong so in ${place}/`,
          })
      }
      for (const entry of wrong) {
        if (!misconceptions.some(({ name }) => name === entry.name))
          problems.push({
            file: entry.file,
            line: 1,
            message: `${file} says nothing of ${entry.name}: add it under "Where people go wrong"`,
          })
      }
      const different = own.filter(({ kind }) => kind === 'different').length
      if (different < DIFFERENT)
        problems.push({
          file,
          line: at.title,
          message: `expected at least ${DIFFERENT} right-but-different submissions in ${BANK}/${folder}/different/, came ${different}`,
        })
    }
    const hostile = entries.filter((entry) => entry.kind === 'hostile')
    const classes = [...new Set(hostile.map((entry) => entry.class))]
    // Of a part of the lessons, a class may have few.
    for (const name of isPart ? [] : classes) {
      const there = hostile.filter((entry) => entry.class === name).length
      if (there < HOSTILE)
        problems.push({
          file: `${BANK}/hostile/${name}`,
          line: 1,
          message: `expected at least ${HOSTILE} of each class, came ${there}`,
        })
    }
    const kinds = (['wrong', 'different', 'hostile'] as const).map(
      (kind) => `${entries.filter((entry) => entry.kind === kind).length} ${kind}`,
    )
    return {
      counted: `${count(entries.length, 'submission')}: ${kinds.join(', ')}`,
      checked: entries.length,
      problems,
      skipped: [],
    }
  },
}
