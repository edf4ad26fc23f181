import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../src/paths.ts'
import { changed, folderWith, rightLesson } from './sample-lesson.ts'

/** The stub of the one function that the room `store` of {@link courseFolder} has. */
export const storeStub = `import { NotYet } from '#kit/not-yet'

/** Adds two numbers. */
export function add(a: number, b: number): number {
  throw new NotYet('01-store')
}
`

/** A right room `store`. */
export const rightStore = `/** Adds two numbers. */
export function add(a: number, b: number): number {
  return a + b
}
`

const reference = `/** Adds two numbers. */
export function add(a: number, b: number): number {
  // #region 01-store
  return a + b
  // #endregion
}
`

const queueReference = `export function take(): string {
  // #region 02-queue
  return 'a'
  // #endregion
}
`

/** The stub of the room `queue`, of lesson 02. */
export const queueStub = `import { NotYet } from '#kit/not-yet'

export function take(): string {
  throw new NotYet('02-queue')
}
`

/**
 * A repository with two small lessons, 01 with the room `store` and 02 with the room `queue`, in a new folder
 * that is removed when the test is over.
 *
 * @param files more files, or others
 */
export function courseFolder(files: Record<string, string> = {}): string {
  const root = repositoryRoot()
  const queueLesson = [
    ['title: The store', 'title: The queue'],
    ['rooms: [store]', 'rooms: [queue]'],
    ['\n# The store', '\n# The queue'],
  ].reduce((text, [part = '', by = '']) => changed(text, part, by), rightLesson)
  return folderWith({
    'lessons/01-store/README.md': rightLesson,
    'lessons/02-queue/README.md': queueLesson.replaceAll('ST-', 'QU-'),
    'solutions/store.ts': reference,
    'solutions/queue.ts': queueReference,
    'starter/src/store.ts': storeStub,
    'starter/src/queue.ts': queueStub,
    'starter/kit/not-yet.ts': readFileSync(join(root, 'starter/kit/not-yet.ts'), 'utf8'),
    'starter/kit/status-error.ts': readFileSync(join(root, 'starter/kit/status-error.ts'), 'utf8'),
    'starter/kit/globals.d.ts': readFileSync(join(root, 'starter/kit/globals.d.ts'), 'utf8'),
    'tsconfig.json': readFileSync(join(root, 'tsconfig.json'), 'utf8'),
    ...files,
  })
}
