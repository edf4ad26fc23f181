import { join } from 'node:path'
import { generateStarter, writeOrCompare } from '../course/generate.ts'
import { LessonError } from '../course/lesson-error.ts'
import { readText } from '../course/tree.ts'
import { count, type Part } from './part.ts'

const SAY = { added: 'is missing', changed: 'is not as its source makes it', removed: 'has no source' }

/** `starter/src` and the code that lessons quote are as the reference and the kit make them. */
export const starter: Part = {
  name: 'starter and quoted code',
  async run({ root, whole }) {
    if (!whole) {
      const skipped = ['starter and quoted code: they are made from lessons that cannot be read']
      return { counted: 'nothing', checked: 0, problems: [], skipped }
    }
    try {
      const files = generateStarter(root)
      const problems = writeOrCompare(root, files, 'compare').map(({ file, change }) => ({
        file,
        line: change === 'changed' ? firstDifference(readText(join(root, file)), files.get(file) ?? '') : 1,
        message: `${SAY[change]}: run npm run starter`,
      }))
      return { counted: count(files.size, 'file'), checked: files.size, problems, skipped: [] }
    } catch (error) {
      if (!(error instanceof LessonError)) throw error
      return { counted: 'nothing', checked: 1, problems: [...error.problems], skipped: [] }
    }
  },
}

/** The first line, from 1, in which two texts differ. */
function firstDifference(one: string, other: string): number {
  const others = other.split('\n')
  const at = one.split('\n').findIndex((line, index) => line !== others[index])
  return at === -1 ? one.split('\n').length : at + 1
}
