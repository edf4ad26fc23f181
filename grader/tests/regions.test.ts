import { describe, expect, it } from 'vitest'
import { regionsIn, roomAt, treeAt } from '../src/course/regions.ts'

const lessons = [
  { folder: '01-store', number: '01' },
  { folder: '04-work-queue', number: '04' },
]

const room = `/**
 * The store.
 */

// #region 01-store
import { compare } from '#kit/compare'
// #else
// #endregion
import type { KeyValue } from '#kit/store'

/** Stores. */
export class Store {
  // #region 01-store
  #revision = 0
  // #else
  // #endregion

  /** Counts. */
  get revision(): number {
    // #region 01-store
    return this.#revision

    // #endregion
  }

  /** Waits for lesson 04. */
  async wait(): Promise<void> {
    // #region 04-work-queue
    await undefined
    // #else
    // // Nothing is there to wait for.
    // if (!this) {
    //   return
    // }
    //
    // return
    // #endregion
  }

  // #region 01-store

  #next(): number {
    return compare(this.#revision, 1)
  }
  // #else
  // #endregion
}

// #region 01-store
function last(kv: KeyValue): void {}
// #else
// #endregion
`

const at = (text: string, n: number) => roomAt('solutions/store.ts', text, lessons, n)

describe('a room', () => {
  it('is at lesson 1 a stub that imports NotYet', () => {
    expect(at(room, 1)).toBe(`/**
 * The store.
 */

import { NotYet } from '#kit/not-yet'
import type { KeyValue } from '#kit/store'

/** Stores. */
export class Store {
  /** Counts. */
  get revision(): number {
    throw new NotYet('01-store')
  }

  /** Waits for lesson 04. */
  async wait(): Promise<void> {
    // Nothing is there to wait for.
    if (!this) {
      return
    }

    return
  }
}
`)
  })

  it('is at infinity the reference without markers', () => {
    expect(at(room, Number.POSITIVE_INFINITY)).toBe(`/**
 * The store.
 */

import { compare } from '#kit/compare'
import type { KeyValue } from '#kit/store'

/** Stores. */
export class Store {
  #revision = 0

  /** Counts. */
  get revision(): number {
    return this.#revision
  }

  /** Waits for lesson 04. */
  async wait(): Promise<void> {
    await undefined
  }

  #next(): number {
    return compare(this.#revision, 1)
  }
}

function last(kv: KeyValue): void {}
`)
  })

  it('holds the reference of the lessons before, and the stubs of the others', () => {
    for (const n of [2, 4]) {
      expect(at(room, n), `at lesson ${n}`).toContain('return this.#revision\n')
      expect(at(room, n), `at lesson ${n}`).toContain('// Nothing is there to wait for.')
      expect(at(room, n), `at lesson ${n}`).not.toContain('NotYet')
    }
    expect(at(room, 5)).toBe(at(room, Number.POSITIVE_INFINITY))
  })

  it('without regions is the same at every lesson', () => {
    const plain = 'export const one = {\n  a: 1,\n}\n'
    expect(at(plain, 1)).toBe(plain)
    expect(at(plain, 9)).toBe(plain)
  })

  it('keeps a block that becomes empty on one line', () => {
    const text =
      'class A {\n  constructor() {\n    // #region 01-store\n    go()\n    // #else\n    // #endregion\n  }\n}\n'
    expect(at(text, 1)).toBe('class A {\n  constructor() {}\n}\n')
  })

  const body = '// #region 01-store\n  return 1\n  // #endregion\n'

  it('imports NotYet before the first import, or after its header, or at its top', () => {
    const place = "import { NotYet } from '#kit/not-yet'\n"
    const stub = "  throw new NotYet('01-store')\n}\n"
    const f = `function f() {\n  ${body}}\n`
    expect(at(`// A room.\n// Of one.\n\n${f}`, 1)).toBe(
      `// A room.\n// Of one.\n\n${place}\nfunction f() {\n${stub}`,
    )
    expect(at(`/** A room. */\n\n${f}`, 1)).toBe(`/** A room. */\n\n${place}\nfunction f() {\n${stub}`)
    expect(at(`/**\n * A room.\n *\n * Of one.\n */\n\n${f}`, 1)).toContain(` */\n\n${place}\nfunction f`)
    expect(at(`/** Does f. */\n${f}`, 1)).toBe(`${place}\n/** Does f. */\nfunction f() {\n${stub}`)
    expect(at(f, 1)).toBe(`${place}\nfunction f() {\n${stub}`)
    expect(at(`import { a } from 'a'\n\n${f}`, 1)).toBe(
      `${place}import { a } from 'a'\n\nfunction f() {\n${stub}`,
    )
  })

  it('imports NotYet once', () => {
    const text = `import { NotYet } from '#kit/not-yet'\n\nfunction f() {\n  ${body}}\n`
    expect(at(text, 1).match(/import/g)).toHaveLength(1)
  })

  it('tells its regions', () => {
    expect(regionsIn('solutions/store.ts', room, lessons).map(({ folder, line }) => [folder, line])).toEqual([
      ['01-store', 5],
      ['01-store', 13],
      ['01-store', 20],
      ['04-work-queue', 28],
      ['01-store', 40],
      ['01-store', 49],
    ])
  })
})

describe('a tree', () => {
  it('has every room', () => {
    const files = new Map([
      ['store.ts', room],
      ['controllers/replicaset.ts', 'export {}\n'],
    ])
    expect([...treeAt(files, lessons, 1)]).toEqual([
      ['store.ts', at(room, 1)],
      ['controllers/replicaset.ts', 'export {}\n'],
    ])
  })

  it('is told of every problem of every room', () => {
    const files = new Map([
      ['b.ts', '// #endregion\n'],
      ['a.ts', '\n// #else\n// #endregion\n'],
    ])
    expect(() => treeAt(files, lessons, 1)).toThrow(
      expect.objectContaining({
        problems: [
          { file: 'solutions/a.ts', line: 2, message: expect.stringContaining('#else without a region') },
          {
            file: 'solutions/a.ts',
            line: 3,
            message: expect.stringContaining('#endregion without a region'),
          },
          {
            file: 'solutions/b.ts',
            line: 1,
            message: expect.stringContaining('#endregion without a region'),
          },
        ],
      }),
    )
  })
})

describe('a malformed region', () => {
  it.each([
    [
      'is not closed',
      '\n  // #region 01-store\n',
      2,
      'the region 01-store is not closed: add `// #endregion`',
    ],
    [
      'stands in another',
      '  // #region 01-store\n\n  // #region 04-work-queue\n  // #endregion\n',
      3,
      'a region inside the one of line 1: regions are flat, so close that first',
    ],
    [
      'is of an unknown lesson',
      '  // #region 01-stroe\n  // #endregion\n',
      1,
      'unknown lesson 01-stroe: did you mean 01-store?',
    ],
    ['ends without having begun', 'f()\n  // #endregion\n', 2, '#endregion without a region before it'],
    ['has an else without having begun', 'f()\n  // #else\n', 2, '#else without a region before it'],
    [
      'has two elses',
      '  // #region 01-store\n  // #else\n  // #else\n  // #endregion\n',
      3,
      'a second #else in the region of line 1',
    ],
    [
      'has code after its else',
      '  // #region 01-store\n  // #else\n  f()\n  // #endregion\n',
      3,
      'expected a comment that begins `// ` after #else, came code: comment it out',
    ],
    [
      'throws outside a body',
      '// #region 01-store\nf()\n// #endregion\n',
      1,
      'a region outside a body needs `// #else`: add it',
    ],
    ['has no lesson', '  // #region\n  // #endregion\n', 1, 'alone on its line: write it so'],
    [
      'ends with a name',
      '  // #region 01-store\n  // #endregion 01-store\n',
      2,
      'alone on its line: write it so',
    ],
    ['begins behind code', 'f() // #region 01-store\n', 1, 'alone on its line: write it so'],
    ['lacks its blank', '  //#region 01-store\n', 1, 'alone on its line: write it so'],
  ])('that %s is named with its line', (_, text, line, message) => {
    const problem = { file: 'solutions/store.ts', line, message: expect.stringContaining(message) }
    expect(() => at(text, 1)).toThrow(
      expect.objectContaining({ name: 'LessonError', problems: expect.arrayContaining([problem]) }),
    )
  })
})
