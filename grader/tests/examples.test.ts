import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { findLesson, loadCourse } from '../src/course/course.ts'
import type { Lesson } from '../src/course/lesson.ts'
import { LessonError } from '../src/course/lesson-error.ts'
import { exampleChecks } from '../src/examples/example-checks.ts'
import { readExamples } from '../src/examples/titles.ts'
import { repositoryRoot } from '../src/paths.ts'
import { gradeLesson } from '../src/runner/grade-lesson.ts'
import type { CheckVerdict } from '../src/runner/outcome.ts'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import type { Link } from '../src/subject/link.ts'
import { courseFolder, rightStore, storeStub } from './sample-course.ts'

const file = 'lessons/01-store/examples.test.ts'

const examples = `import { expect, test } from 'vitest'
import { NotYet } from '#kit/not-yet'
import { add } from '#rooms/store'

test('ST-1: adds', () => {
  expect(add(1, 2)).toBe(3)
})

test('ST-1: adds what is below nothing', async () => {
  expect({ sum: await add(-1, -2) }).toEqual({ sum: expect.any(Number) })
})

test('ST-2: refuses words', async () => {
  await expect(async () => add('a' as never, 1)).rejects.toThrow(new NotYet('words'))
})
`

let agent = ''
const links: Link[] = []
beforeAll(async () => {
  agent = await agentScript(repositoryRoot())
})
afterAll(() => {
  for (const link of links) link.stop()
})

/** In a process of its own, so that what hangs can be ended. */
function openLink(): Link {
  const boot = join(repositoryRoot(), 'grader/src/sandbox/boot.cjs')
  const link = startSandbox({ agent, boot, isolation: 'process' })
  links.push(link)
  return link
}

function lessonIn(root: string): Lesson {
  const lesson = findLesson(loadCourse(root), '01')
  if (!lesson) throw new Error('expected lesson 01')
  return lesson
}

async function run(store: string, text = examples) {
  const root = courseFolder({ [file]: text })
  const lesson = lessonIn(root)
  const submission = {
    path: '',
    hash: '',
    rooms: new Map([['store', store]]),
    refused: new Map(),
    ignored: [],
  }
  const checks = await exampleChecks(root, lesson)
  return gradeLesson({ course: { root, lessons: [lesson] }, lesson, checks, submission, seed: 1, openLink })
}

const short = ({ id, outcome, message }: CheckVerdict) => `${id} ${outcome} ${message}`.trim()

describe('the titles of examples', () => {
  const titlesOf = (text: string) => {
    const root = courseFolder({ [file]: text })
    try {
      return readExamples(root, lessonIn(root))
    } catch (error) {
      if (error instanceof LessonError) return error.message.split('\n')
      throw error
    }
  }

  it('give each a number among those of its requirement', () => {
    expect(titlesOf(examples)).toEqual([
      { id: 'ST-1.1', name: 'ST-1: adds', title: 'adds', line: 5 },
      {
        id: 'ST-1.2',
        name: 'ST-1: adds what is below nothing',
        title: 'adds what is below nothing',
        line: 9,
      },
      { id: 'ST-2.1', name: 'ST-2: refuses words', title: 'refuses words', line: 13 },
    ])
  })

  it.each([
    [examples.replace('ST-2: refuses', 'refuses'), ':13: expected an example, written as'],
    [examples.replace('ST-2: refuses', 'ST-5: refuses'), ':13: unknown requirement ST-5'],
    [examples.replace('adds what is below nothing', 'adds'), ':9: "ST-1: adds" stands twice'],
    [`${examples}describe('more', () => {})\n`, ':16: expected an example'],
    ['', ':1: expected examples, each written as'],
  ])('are named with file and line where they are not right', (text, problem) => {
    expect(titlesOf(text)).toEqual([expect.stringContaining(`${file}${problem}`)])
  })
})

describe('examples beside a submission', () => {
  it('pass where the room is right, with classes of the kit that are the same for both', async () => {
    const right = `import { NotYet } from '#kit/not-yet'
export function add(a: number, b: number): number {
  if (typeof a === 'string') {
    const error = new NotYet('words')
    throw error
  }
  return a + b
}`
    const { results } = await run(right)
    expect(results.slice(0, 2).map(short)).toEqual(['ST-1.1 passed', 'ST-1.2 passed'])
    expect(results[2]?.outcome).toBe('passed')
  })

  it('fail with what was expected and seen', async () => {
    const { results } = await run(rightStore.replace('a + b', 'a + b + 1'))
    expect(results[0]).toEqual({
      id: 'ST-1.1',
      requirement: 'ST-1',
      title: 'adds',
      outcome: 'failed',
      message: 'expected 4 to be 3',
      expected: '3',
      seen: '4',
    })
    expect(results[1]?.outcome).toBe('passed')
  })

  it('fail in words where the matcher compares nothing', async () => {
    const { results } = await run(rightStore)
    expect(results[2]).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('instead of rejecting'),
    })
  })

  it('are not started where the stub is entered', async () => {
    const { results } = await run(storeStub)
    expect(results.map(({ outcome }) => outcome)).toEqual(['not-started', 'not-started', 'not-started'])
  })

  it('say where a room crashed, and where it hung', async () => {
    const { results } = await run(
      rightStore.replace('return', 'return (undefined as never as number[])[0] ??'),
    )
    expect(results[0]).toMatchObject({ outcome: 'crashed', place: 'store.ts:3' })

    const hung = await run(rightStore.replace('return', 'for (;;) {}\n  return'))
    expect(hung.results[0]?.outcome).toBe('timed-out')
  })

  it('say so where the room never answers', async () => {
    const { results } = await run(`export const add = () => new Promise(() => {})`)
    expect(short(results[1] as CheckVerdict)).toBe(
      'ST-1.2 timed-out the example is never answered: nothing in the room runs any more, and no timer is set',
    )
  })

  it('name what the room should export', async () => {
    const { results } = await run('export const ad = 1')
    expect(short(results[0] as CheckVerdict)).toBe('ST-1.1 failed store.ts must export add; it exports ad')
  })

  it('are refused like any other check where the room cannot be bundled', async () => {
    const { results } = await run("import 'node:fs'")
    expect(results[0]).toMatchObject({ outcome: 'refused', message: expect.stringContaining('store.ts:1') })
  })
})

it('examples that do not parse are named with file and line', async () => {
  await expect(run(rightStore, `${examples}}`)).rejects.toThrow(`${file}:16: `)
})
