import type { Problem } from '../course/lesson-error.ts'
import { count, type Part } from './part.ts'
import { NO_TREES, treeName, treeOf } from './trees.ts'

/** The starter, every catch-up and the reference type-check, as a learner's editor sees them. */
export const types: Part = {
  name: 'types of every tree',
  async run({ course, lessons, types }) {
    const problems: Problem[] = []
    const stages = [...lessons.map(({ number }) => Number(number)), Number.POSITIVE_INFINITY]
    let rooms = 0
    for (const n of stages) {
      const tree = treeOf(course, n)
      if (!tree) return { counted: 'nothing', checked: 0, problems, skipped: [NO_TREES] }
      const texts = new Map([...tree].map(([path, text]) => [path.replace(/\.ts$/, ''), text]))
      rooms += texts.size
      for (const { room, line, message } of types.problems(texts, [...texts.keys()]))
        problems.push({
          file: `solutions/${room}.ts`,
          line,
          message: `in ${treeName(n)}, at that line: ${message}`,
        })
    }
    const counted = `${count(stages.length, 'tree')}, ${count(rooms, 'room')}`
    return { counted, checked: rooms, problems, skipped: [] }
  },
}
