import { join } from 'node:path'
import { generateStarter, writeOrCompare } from '../course/generate.ts'
import { LessonError } from '../course/lesson-error.ts'
import { hasReference } from '../course/tree.ts'

/**
 * Makes `starter/src` and the code that lessons quote anew from `solutions/` and the kit, and prints what
 * changed. Where a lesson or a region is malformed it says so and writes nothing.
 *
 * @param root the root of the repository
 * @param print takes one line
 * @returns the exit code: 0 if all is now as its sources make it, 1 if a source is malformed, 2 where there
 *   is no reference to make it from
 */
export async function starter(root: string, print: (line: string) => void): Promise<number> {
  if (!hasReference(root)) {
    print(
      `expected the reference in ${join(root, 'solutions')}: the starter is made from it, so run this where it is`,
    )
    return 2
  }
  try {
    const differences = writeOrCompare(root, generateStarter(root), 'write')
    for (const { file, change } of differences) print(`${change.padEnd(7)} ${file}`)
    if (differences.length === 0) print('starter/src and the quoted code are up to date')
    return 0
  } catch (error) {
    if (!(error instanceof LessonError)) throw error
    for (const line of error.message.split('\n')) print(line)
    return 1
  }
}
