import { join } from 'node:path'
import { generateStarter, writeOrCompare } from '../course/generate.ts'
import type { Lesson } from '../course/lesson.ts'
import { LessonError } from '../course/lesson-error.ts'
import { readText } from '../course/tree.ts'
import { count, type Part } from './part.ts'

const SAY = { added: 'is missing', changed: 'is not as its source makes it', removed: 'has no source' }

/** `starter/src` and the code that lessons quote are as the reference and the kit make them. */
export const starter: Part = {
  name: 'starter and quoted code',
  async run({ root, course, lessons, whole }) {
    const isPart = lessons !== course.lessons
    const isOurs = ({ file }: { file: string }) => !isPart || filesOf(lessons).includes(file)
    if (!whole && !isPart) {
      const skipped = ['starter and quoted code: they are made from lessons that cannot be read']
      return { counted: 'nothing', checked: 0, problems: [], skipped }
    }
    try {
      const files = generateStarter(root)
      const problems = writeOrCompare(root, files, 'compare')
        .filter(isOurs)
        .map(({ file, change }) => ({
          file,
          line: change === 'changed' ? firstDifference(readText(join(root, file)), files.get(file) ?? '') : 1,
          message: `${SAY[change]}: run npm run starter`,
        }))
      return { counted: count(files.size, 'file'), checked: files.size, problems, skipped: [] }
    } catch (error) {
      if (!(error instanceof LessonError)) throw error
      const problems = error.problems.filter(isOurs)
      // Of another lesson.
      const skipped = problems.length === 0 ? [`starter and quoted code: ${error.problems[0]?.message}`] : []
      return { counted: 'nothing', checked: 1, problems, skipped }
    }
  },
}

function filesOf(lessons: readonly Lesson[]): string[] {
  return lessons.flatMap(({ file, rooms }) => [
    file,
    ...rooms.flatMap((room) => [`starter/src/${room}.ts`, `solutions/${room}.ts`]),
  ])
}

/** The first line, from 1, in which two texts differ. */
function firstDifference(one: string, other: string): number {
  const others = other.split('\n')
  const at = one.split('\n').findIndex((line, index) => line !== others[index])
  return at === -1 ? one.split('\n').length : at + 1
}
