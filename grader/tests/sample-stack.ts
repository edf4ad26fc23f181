import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lesson } from '../src/course/lesson.ts'
import { repositoryRoot } from '../src/paths.ts'
import type { Check, CheckContext } from '../src/runner/check.ts'
import { expect as see } from '../src/runner/expect.ts'
import { changed, folderWith, rightLesson } from './sample-lesson.ts'

/** The rooms of {@link stackFolder}, right, as their learner would have written them. */
export const rightRooms = {
  store: `export const add = (a: number, b: number): number => a + b\n`,
  queue: `import { add } from '#rooms/store'\n\nexport const take = (): number => add(3, 4)\n`,
  names: `export const name = (key: number): string => 'key ' + key\n`,
  shelf: `import { name } from '#rooms/names'
import { take } from '#rooms/queue'

export const shelve = (): string => name(take()) + ' is on the shelf'
`,
}

/** A room's reference with its region, and the stub that is made of it. */
function written(folder: string, signature: string, body: string, imports = ''): [string, string] {
  const reference = `${imports}export function ${signature} {
  // #region ${folder}
  ${body}
  // #endregion
}
`
  const stub = `import { NotYet } from '#kit/not-yet'\n${imports || '\n'}export function ${signature} {
  throw new NotYet('${folder}')
}
`
  return [reference, stub]
}

const store = written('01-store', 'add(a: number, b: number): number', 'return a + b')
const queue = written(
  '02-queue',
  'take(): number',
  'return add(3, 4)',
  `import { add } from '#rooms/store'\n\n`,
)
const names = written('02-queue', 'name(key: number): string', "return 'key ' + key")
const shelf = written(
  '03-shelf',
  'shelve(): string',
  "return name(take()) + ' is on the shelf'",
  `import { name } from '#rooms/names'\nimport { take } from '#rooms/queue'\n\n`,
)

/** The reference and the stub of the room `store`. */
export const [storeReference, storeStub] = store

function lesson(prefix: string, name: string, rooms: string[], needs: string[]): string {
  return [
    ['title: The store', `title: The ${name}`],
    ['rooms: [store]', `rooms: [${rooms.join(', ')}]`],
    ['needs: []', `needs: ${JSON.stringify(needs)}`],
    ['\n# The store', `\n# The ${name}`],
  ]
    .reduce((text, [part = '', by = '']) => changed(text, part, by), rightLesson)
    .replaceAll('ST-', `${prefix}-`)
}

/**
 * A repository of three lessons that stand on each other, 01 with the room `store`, 02 with `queue` and `names`, 03 with
 * `shelf`, in a new folder that is removed when the test is over.
 *
 * @param files more files, or others
 */
export function stackFolder(files: Record<string, string> = {}): string {
  const root = repositoryRoot()
  const rooms = { store, queue, names, shelf }
  return folderWith({
    'lessons/01-store/README.md': rightLesson,
    'lessons/02-queue/README.md': lesson('QU', 'queue', ['queue', 'names'], ['01']),
    'lessons/03-shelf/README.md': lesson('SH', 'shelf', ['shelf'], ['02']),
    ...Object.fromEntries(
      Object.entries(rooms).flatMap(([room, [reference, stub]]) => [
        [`solutions/${room}.ts`, reference],
        [`starter/src/${room}.ts`, stub],
      ]),
    ),
    'starter/kit/not-yet.ts': readFileSync(join(root, 'starter/kit/not-yet.ts'), 'utf8'),
    'starter/kit/status-error.ts': readFileSync(join(root, 'starter/kit/status-error.ts'), 'utf8'),
    'starter/kit/globals.d.ts': readFileSync(join(root, 'starter/kit/globals.d.ts'), 'utf8'),
    'tsconfig.json': readFileSync(join(root, 'tsconfig.json'), 'utf8'),
    ...files,
  })
}

const reads = (
  id: string,
  title: string,
  subject: string,
  read: (context: CheckContext) => PromiseLike<unknown>,
  right: unknown,
): Check => ({
  id,
  title,
  body: async (context) => see(await read(context), subject).toEqual(right),
})

interface Rooms {
  add(a: number, b: number): number
  take(): number
  name(key: number): string
  shelve(): string
}

const suites: Record<string, Check[]> = {
  '01-store': [
    reads('ST-1.1', 'adds', 'the sum', ({ room }) => room<Rooms>('store').call('add', 1, 2), 3),
    reads(
      'ST-2.1',
      'adds what is larger',
      'the sum',
      ({ room }) => room<Rooms>('store').call('add', 4, 1),
      5,
    ),
  ],
  '02-queue': [
    reads('QU-1.1', 'takes', 'the key', ({ room }) => room<Rooms>('queue').call('take'), 7),
    reads('QU-2.1', 'names', 'the name', ({ room }) => room<Rooms>('names').call('name', 1), 'key 1'),
  ],
  '03-shelf': [
    reads(
      'SH-1.1',
      'puts the key on the shelf',
      'the shelf',
      async ({ room }) => (await room<Rooms>('shelf').call('shelve')).slice(0, 5),
      'key 7',
    ),
    reads(
      'SH-2.1',
      'says where it is',
      'the place',
      async ({ room }) => (await room<Rooms>('shelf').call('shelve')).slice(6),
      'is on the shelf',
    ),
  ],
}

/** The hidden suites of {@link stackFolder}. */
export function stackSuites({ folder }: Pick<Lesson, 'folder'>): Check[] {
  return suites[folder] ?? []
}
