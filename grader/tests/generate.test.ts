import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { starter } from '../src/commands/starter.ts'
import { declarationOf } from '../src/course/declaration.ts'
import { generateStarter, writeOrCompare } from '../src/course/generate.ts'
import { changed, folderWith, lessonFile, lineIn, rightLesson } from './sample-lesson.ts'

const kit = `/** The contract of the store. */

/** One key. */
export interface KeyValue<V> {
  /** Its value. */
  value: V
}

export interface Other {}
`

const reference = `/** The store. */

/** Stores. */
export class Store {
  /** Counts. */
  revision(): number {
    // #region 01-store
    return 1
    // #endregion
  }
}
`

const stub = `/** The store. */

import { NotYet } from '#kit/not-yet'

/** Stores. */
export class Store {
  /** Counts. */
  revision(): number {
    throw new NotYet('01-store')
  }
}
`

const quoted = changed(
  rightLesson,
  '\nold\n',
  '\n/** One key. */\nexport interface KeyValue<V> {\n  /** Its value. */\n  value: V\n}\n',
)

const sources = {
  [lessonFile]: rightLesson,
  'starter/kit/store.ts': kit,
  'solutions/store.ts': reference,
  'solutions/tsconfig.json': '{}',
}

const read = (root: string, file: string) => readFileSync(join(root, file), 'utf8')

describe('what is generated', () => {
  it('is the starter, without what configures the reference, and the lessons with fresh quotes', () => {
    expect([...generateStarter(folderWith(sources))]).toEqual([
      ['starter/src/store.ts', stub],
      [lessonFile, quoted],
    ])
  })

  it('is the same when it is generated from its own result', () => {
    const root = folderWith(sources)
    const generated = generateStarter(root)
    writeOrCompare(root, generated, 'write')
    expect([...generateStarter(root)]).toEqual([...generated])
  })

  it('quotes the starter as it is generated now', () => {
    const lesson = changed(rightLesson, 'starter/kit/store.ts#KeyValue', 'starter/src/store.ts#Store')
    const root = folderWith({
      ...sources,
      [lessonFile]: lesson,
      'starter/src/store.ts': 'export class Store {}\n',
    })
    expect(generateStarter(root).get(lessonFile)).toContain(
      `#Store\n${stub.slice(stub.indexOf('/** Stores'), -1)}\n\`\`\`\n`,
    )
  })

  it('keeps every quote of a lesson in step', () => {
    const twice = changed(
      rightLesson,
      'A number goes up.',
      'A number goes up.\n\n```ts source=starter/kit/store.ts#Other\n```',
    )
    const lesson = generateStarter(folderWith({ ...sources, [lessonFile]: twice })).get(lessonFile)
    expect(lesson).toBe(
      changed(
        quoted,
        'A number goes up.',
        'A number goes up.\n\n```ts source=starter/kit/store.ts#Other\nexport interface Other {}\n```',
      ),
    )
  })

  it.each([
    [
      'a file that is not there',
      'kit/store.ts#KeyValue',
      'kit/sotre.ts#KeyValue',
      'expected the quoted file starter/kit/sotre.ts, came no such file',
    ],
    [
      'what a file does not export',
      '#KeyValue',
      '#KeyValues',
      'starter/kit/store.ts exports no KeyValues: did you mean KeyValue?',
    ],
  ])('is refused where a lesson quotes %s', (_, part, by, message) => {
    const root = folderWith({ ...sources, [lessonFile]: changed(rightLesson, part, by) })
    const place = `${lessonFile}:${lineIn(rightLesson, 'source=')}: `
    expect(() => generateStarter(root)).toThrow(place + message)
  })

  it('is refused where a room that is not the lesson’s has its region', () => {
    const root = folderWith({ ...sources, 'solutions/api.ts': reference })
    expect(() => generateStarter(root)).toThrow(
      'solutions/api.ts:7: a region of 01-store, whose rooms are store: add api to them',
    )
  })
})

describe('the derived files', () => {
  const out = { ...sources, 'starter/src/gone.ts': 'old\n', 'starter/src/sub/gone.ts': 'old\n' }
  const differences = [
    { file: lessonFile, change: 'changed' },
    { file: 'starter/src/gone.ts', change: 'removed' },
    { file: 'starter/src/store.ts', change: 'added' },
    { file: 'starter/src/sub/gone.ts', change: 'removed' },
  ]

  it('are compared without touching them', () => {
    const root = folderWith(out)
    expect(writeOrCompare(root, generateStarter(root), 'compare')).toEqual(differences)
    expect(existsSync(join(root, 'starter/src/store.ts'))).toBe(false)
    expect(read(root, 'starter/src/gone.ts')).toBe('old\n')
    expect(read(root, lessonFile)).toBe(rightLesson)
  })

  it('are written where they differ, and removed where they have no source', () => {
    const root = folderWith(out)
    expect(writeOrCompare(root, generateStarter(root), 'write')).toEqual(differences)
    expect(read(root, 'starter/src/store.ts')).toBe(stub)
    expect(read(root, lessonFile)).toBe(quoted)
    expect(existsSync(join(root, 'starter/src/gone.ts'))).toBe(false)
    expect(writeOrCompare(root, generateStarter(root), 'compare')).toEqual([])
  })

  it('do not differ for the line ends of a checkout', () => {
    const root = folderWith({ ...sources, 'starter/src/store.ts': stub.replaceAll('\n', '\r\n') })
    expect(writeOrCompare(root, generateStarter(root), 'compare').map(({ file }) => file)).toEqual([
      lessonFile,
    ])
  })
})

describe('starter', () => {
  const run = async (root: string) => {
    const lines: string[] = []
    const code = await starter(root, (line) => lines.push(line))
    return { code, lines }
  }

  it('prints what it changed, and then that nothing is left to change', async () => {
    const root = folderWith(sources)
    expect(await run(root)).toEqual({
      code: 0,
      lines: [`changed ${lessonFile}`, 'added   starter/src/store.ts'],
    })
    expect(await run(root)).toEqual({ code: 0, lines: ['starter/src and the quoted code are up to date'] })
  })

  it('prints every problem and writes nothing where a source is malformed', async () => {
    const root = folderWith(sources)
    writeFileSync(join(root, 'solutions/store.ts'), reference.replace('    // #endregion\n', ''))
    expect(await run(root)).toEqual({
      code: 1,
      lines: ['solutions/store.ts:7: the region 01-store is not closed: add `// #endregion`'],
    })
    expect(existsSync(join(root, 'starter/src'))).toBe(false)
  })

  it('says so where there is no reference', async () => {
    const root = folderWith({ [lessonFile]: rightLesson })
    expect(await run(root)).toEqual({
      code: 2,
      lines: [expect.stringContaining('expected the reference in')],
    })
  })
})

describe('a declaration', () => {
  const code = `/** The header. */

export interface First {}

// Not this.
/** Two forms. */
export function two(a: string): void
export function two(a: number): void
export function two(a: unknown): void {}

/** A value. */
export const value = 1
/** A type. */
export type Kind = 'a' | 'b'
class Hidden {}
`
  it.each([
    ['First', 'export interface First {}'],
    [
      'two',
      '/** Two forms. */\nexport function two(a: string): void\nexport function two(a: number): void\nexport function two(a: unknown): void {}',
    ],
    ['value', '/** A value. */\nexport const value = 1'],
    ['Kind', "/** A type. */\nexport type Kind = 'a' | 'b'"],
    ['Hidden', undefined],
    ['Absent', undefined],
  ])('named %s is quoted with its TSDoc', (name, expected) => {
    expect(declarationOf(code, name)).toBe(expected)
  })
})
