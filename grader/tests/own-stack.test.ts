import { describe, expect, it } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { loadCourse } from '../src/course/course.ts'
import type { Lesson } from '../src/course/lesson.ts'
import { repositoryRoot } from '../src/paths.ts'
import { batchLine, terminalReport } from '../src/reports/terminal.ts'
import type { Check } from '../src/runner/check.ts'
import { grade } from '../src/runner/grade.ts'
import type { Verdict } from '../src/runner/verdict.ts'
import { inProcess } from '../src/subject/in-process.ts'
import { rightRooms, stackFolder, stackSuites, storeStub } from './sample-stack.ts'

const agent = await agentScript(repositoryRoot())

async function verdictOf(rooms: Record<string, string>, suiteOf = stackSuites): Promise<Verdict> {
  const course = loadCourse(stackFolder())
  const lessons = course.lessons.map((lesson) => ({ lesson, checks: suiteOf(lesson) }))
  return grade({
    course,
    submission: {
      path: 'kim',
      hash: '',
      rooms: new Map(Object.entries(rooms)),
      refused: new Map(),
      ignored: [],
    },
    lessons,
    seed: 1,
    isolation: 'unverified',
    openLink: () => inProcess(agent),
    suiteOf: async (lesson) => suiteOf(lesson),
  })
}

/** Of the third lesson's own stack, in short. */
async function ownOf(rooms: Record<string, string>, suiteOf?: (lesson: Pick<Lesson, 'folder'>) => Check[]) {
  const own = (await verdictOf(rooms, suiteOf)).lessons[2]?.own
  return (
    own && { rooms: own.rooms, checks: own.checks.map(({ id, outcome, blame }) => ({ id, outcome, blame })) }
  )
}

/** Right for what lesson 01 looks at first. */
const badStore = `export const add = (a: number, b: number): number => (a === 4 ? 0 : a + b)\n`
const badQueue = `import { add } from '#rooms/store'\n\nexport const take = (): number => add(3, 5)\n`
const badNames = `export const name = (key: number): string => 'kee ' + key\n`

describe('an own stack', () => {
  it('passes where all rooms are right, and has no part in the points', async () => {
    const { lessons, points } = await verdictOf(rightRooms)
    expect(lessons.map(({ own }) => own?.rooms)).toEqual([undefined, ['store'], ['store', 'queue', 'names']])
    expect(lessons[2]?.own?.checks.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['SH-1.1', 'passed'],
      ['SH-2.1', 'passed'],
    ])
    expect(points).toEqual({ earned: 9, possible: 9 })
  })

  it('is not looked at where nothing below is the submission’s own, or nothing passes', async () => {
    const { shelf, queue } = rightRooms
    expect(await ownOf({ shelf })).toBeUndefined()
    expect(await ownOf({ shelf, store: storeStub })).toBeUndefined()
    expect(await ownOf({ queue, shelf: 'export const shelve = () => 1' })).toBeUndefined()
  })

  it('runs what passes alone', async () => {
    const shelf = rightRooms.shelf.replace("' is on the shelf'", "' is there'")
    expect((await ownOf({ ...rightRooms, shelf }))?.checks.map(({ id }) => id)).toEqual(['SH-1.1'])
  })
})

describe('the blame for what fails with the own stack alone', () => {
  it.each([
    [
      'store',
      { ...rightRooms, store: `export const add = () => 0` },
      { lesson: '01-store', requirement: 'ST-1', room: 'store' },
    ],
    ['queue', { ...rightRooms, queue: badQueue }, { lesson: '02-queue', requirement: 'QU-1', room: 'queue' }],
    ['names', { ...rightRooms, names: badNames }, { lesson: '02-queue', requirement: 'QU-2', room: 'names' }],
    [
      'names alone',
      { shelf: rightRooms.shelf, names: badNames },
      { lesson: '02-queue', requirement: 'QU-1', room: 'names' },
    ],
  ])('falls on the room that is wrong: %s', async (_, rooms, blame) => {
    const own = await ownOf(rooms)
    expect(own?.checks[0]).toEqual({ id: 'SH-1.1', outcome: 'failed', blame })
  })

  it('falls on a room that has not got so far, and on one that does not compile', async () => {
    const begun = storeStub.replace('throw', '// mine\n  throw')
    const blame = { lesson: '01-store', requirement: 'ST-1', room: 'store' }
    expect((await ownOf({ ...rightRooms, store: begun }))?.checks[0]).toEqual({
      id: 'SH-1.1',
      outcome: 'failed',
      blame,
    })
    expect((await ownOf({ ...rightRooms, store: 'export const' }))?.checks).toEqual([
      { id: 'SH-1.1', outcome: 'refused', blame },
      // For the same reason.
      { id: 'SH-2.1', outcome: 'refused', blame: undefined },
    ])
  })

  it('names no requirement where the suite of the lesson finds nothing', async () => {
    const blind = (lesson: Pick<Lesson, 'folder'>) =>
      lesson.folder === '01-store' ? stackSuites(lesson).slice(0, 1) : stackSuites(lesson)
    const own = await ownOf(
      { ...rightRooms, store: `export const add = (a: number, b: number) => a === 3 ? 0 : a + b` },
      blind,
    )
    expect(own?.checks[0]?.blame).toEqual({ lesson: '01-store', room: 'store' })
  })

  it('is undetermined where rooms do not go together', async () => {
    const store = `${rightRooms.store}export const more = 1\n`
    const queue = `import { add, more } from '#rooms/store'\n\nexport const take = (): number => add(3, 4) + more\n`
    const own = await ownOf({ ...rightRooms, store, queue })
    expect(own?.checks[0]).toEqual({ id: 'SH-1.1', outcome: 'failed', blame: 'undetermined' })
  })

  it('names no room where two of a lesson go together only', async () => {
    const names = `${badNames}export const more = 1\n`
    const queue = `import { more } from '#rooms/names'\nexport const take = (): number => 6 + more\n`
    const own = await ownOf({ ...rightRooms, queue, names, store: badStore })
    expect(own?.checks[0]?.blame).toEqual({ lesson: '02-queue', requirement: 'QU-2', room: 'names' })
    const tied = `import { more } from '#rooms/queue'\nexport const name = (key: number): string => 'kee ' + key + more\n`
    const other = await ownOf({
      ...rightRooms,
      queue: `${rightRooms.queue}export const more = ''\n`,
      names: tied,
    })
    expect(other?.checks[0]?.blame).toEqual({ lesson: '02-queue', requirement: 'QU-2' })
  })

  it('is looked for five times at most', async () => {
    const many = (lesson: Pick<Lesson, 'folder'>) =>
      lesson.folder === '03-shelf' ? Array.from({ length: 8 }, (_, n) => numbered(n)) : stackSuites(lesson)
    const own = await ownOf({ ...rightRooms, queue: badQueue }, many)
    expect(own?.checks.map(({ blame }) => blame !== undefined)).toEqual([
      ...Array.from({ length: 5 }, () => true),
      ...Array.from({ length: 3 }, () => false),
    ])
  })

  it('is the same each time, byte for byte', async () => {
    const texts = await Promise.all(
      [0, 1].map(async () => {
        const { run, suite, kit, ...comparable } = await verdictOf({
          ...rightRooms,
          store: badStore,
          names: badNames,
        })
        return JSON.stringify(comparable)
      }),
    )
    expect(texts[0]).toBe(texts[1])
  })
})

/** A check that says its own number where it fails. */
function numbered(n: number): Check {
  return {
    id: `SH-1.${n}`,
    title: 'puts the key on the shelf',
    body: async ({ room }) => {
      const seen = await room<{ shelve(): string }>('shelf').call('shelve')
      if (!seen.startsWith('key 7')) throw new TypeError(`number ${n}`)
    },
  }
}

describe('the reports', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the report's own colours
  const unpainted = (lines: string[]) => lines.map((line) => line.replace(/\u001b\[\d+m/g, ''))

  it('say which room makes a check fail', async () => {
    const verdict = await verdictOf({ ...rightRooms, queue: badQueue })
    const lines = unpainted(terminalReport(verdict))
    const at = lines.indexOf('  ✗ With your own store, queue and names: 1 of 2 checks pass  it costs nothing')
    expect(lines.slice(at + 1, at + 6)).toEqual([
      '      SH-1.1 puts the key on the shelf: failed',
      '        the shelf',
      '        expected  "key 7"',
      '        seen      "key 8"',
      '        cause     your queue (lesson 02, QU-1: A write gets the next revision:)',
    ])
    expect(unpainted([batchLine(verdict)])[0]).toMatch(/own stack fails in 03$/)
  })

  it('take one line for a lesson that passed, where there are many', async () => {
    const lines = unpainted(terminalReport(await verdictOf(rightRooms)))
    expect(lines.slice(1, 6)).toEqual([
      '',
      '✓ 01-store  3 of 3',
      '✓ 02-queue  3 of 3',
      '✓ 03-shelf  3 of 3',
      '',
    ])
  })
})
