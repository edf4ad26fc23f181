import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { BundleRefused } from '../src/bundle/bundle.ts'
import { lessonScript } from '../src/bundle/lesson-script.ts'
import { aloneStock, ownBelow, ownStock } from '../src/bundle/stack.ts'
import { loadCourse } from '../src/course/course.ts'
import { lessonsBelow, roomsUpTo, spokenRooms } from '../src/course/needs.ts'
import { repositoryRoot } from '../src/paths.ts'
import { runCheck } from '../src/runner/run-check.ts'
import type { Script } from '../src/sandbox/protocol.ts'
import { inProcess } from '../src/subject/in-process.ts'
import { RemoteSubject } from '../src/subject/remote.ts'
import { rightRooms, stackFolder, storeReference, storeStub } from './sample-stack.ts'

interface Fixture {
  total(): string
}

const rooms = new Map([
  ['store', `export const add = () => 'my store'`],
  ['queue', `import { add } from '#rooms/store'\nexport const take = () => 'my queue on ' + add(3, 4)`],
  ['names', ''],
])
const fixture = {
  'grader/suites/02-queue/total.fixture.ts': `import { take } from '#rooms/queue'\nimport { of } from './words.fixture.ts'\nexport const total = (): string => of + take()`,
  'grader/suites/02-queue/words.fixture.ts': `export const of = 'of '`,
}

function stackCourse(files: Record<string, string> = {}) {
  const course = loadCourse(stackFolder(files))
  const queue = course.lessons[1]
  if (!queue) throw new Error('the course has a second lesson')
  return { course, queue }
}

/** What the fixture's `total` answers. */
async function total(script: Script): Promise<string> {
  const link = inProcess(await agentScript(repositoryRoot()))
  let answer = ''
  const body = async ({ room }: { room: RemoteSubject['room'] }) => {
    answer = await room<Fixture>('fixture/total').call('total')
  }
  const id = 'QU-1.1'
  try {
    const subject = new RemoteSubject(link, 1, script)
    const check = { id, title: 'answers', body }
    const job = { lesson: '02-queue', seed: 1, placesOf: () => [] }
    const { outcome, message } = await runCheck(job, check, subject)
    return outcome === 'passed' ? answer : message
  } finally {
    link.stop()
  }
}

describe('the lessons below a lesson', () => {
  const lesson = (number: string, needs: string[]) => ({ number, needs, rooms: [`room-${number}`] })
  const course = [lesson('01', []), lesson('02', []), lesson('03', ['01', '02']), lesson('05', ['03'])]

  it('are those that it needs, and those that these need', () => {
    const numbers = course.map((one) => lessonsBelow(course, one).map(({ number }) => number))
    expect(numbers).toEqual([[], [], ['01', '02'], ['01', '02', '03']])
  })

  it('lend it their rooms', () => {
    expect(roomsUpTo(course, lesson('05', ['02']))).toEqual(['room-02', 'room-05'])
  })

  it('are spoken to where it has no room of its own', () => {
    expect(spokenRooms(course, lesson('05', ['02']))).toEqual(['room-05'])
    expect(spokenRooms(course, { ...lesson('05', ['03']), rooms: [] })).toEqual([
      'room-01',
      'room-02',
      'room-03',
    ])
  })
})

describe('the script of a lesson', () => {
  it('holds the reference’s rooms of other lessons where it is alone, and the learner’s in the own stack', async () => {
    const { course, queue } = stackCourse(fixture)
    const alone = await lessonScript(course, queue, aloneStock(course, queue, rooms))
    const own = await lessonScript(course, queue, ownStock(course, queue, rooms))
    const replaced = await lessonScript(course, queue, ownStock(course, queue, rooms, new Set(['store'])))

    expect(await total(alone.script)).toBe('of my queue on 7')
    expect(await total(own.script)).toBe('of my queue on my store')
    expect(await total(replaced.script)).toBe('of my queue on 7')
  })

  it('names what a fixture stands on and a room does not export', async () => {
    const { course, queue } = stackCourse(fixture)
    const script = lessonScript(
      course,
      queue,
      aloneStock(
        course,
        queue,
        new Map([
          ['queue', ''],
          ['names', ''],
        ]),
      ),
    )
    await expect(script).rejects.toEqual(new BundleRefused('queue.ts must export take; it does not'))
  })

  it.each([
    ['#rooms/fixture/total', 'there is no room fixture/total.ts'],
    ['./total.fixture.ts', 'a room may import #rooms/… and #kit/…, nothing else'],
  ])('keeps the fixture from a room that imports %s', async (path, why) => {
    const { course, queue } = stackCourse(fixture)
    const curious = new Map([
      ['queue', `export * from '${path}'\nexport const take = 1`],
      ['names', ''],
    ])
    const script = lessonScript(course, queue, aloneStock(course, queue, curious))
    await expect(script).rejects.toThrow(`queue.ts:1: import of "${path}": ${why}`)
  })

  it.each([
    [
      'a class of the reference’s',
      `import { Sum } from '#rooms/store'\nSum.prototype.add = () => 0\nexport const take = 1`,
    ],
    ['the kit', `kit = {}\nexport const take = 1`],
    [
      'a class of the kit',
      `import { StatusError } from '#kit/status-error'\nStatusError.prototype.name = ''\nexport const take = 1`,
    ],
  ])('lets no room change %s', async (_what, text) => {
    const { course, queue } = stackCourse({
      ...fixture,
      'solutions/store.ts': `export class Sum { add() {} }\n${storeReference}`,
    })
    const room = new Map([
      ['queue', text],
      ['names', ''],
    ])
    const { script } = await lessonScript(course, queue, aloneStock(course, queue, room))
    expect(await total(script)).toMatch(/TypeError: Cannot (assign to read only|add|define) property/)
  })

  it('tells a room by no stack that its fixture calls it', async () => {
    const { course, queue } = stackCourse(fixture)
    const text = `const stack = () => new Error('who').stack\nexport function take() { return stack() }`
    const room = new Map([
      ['queue', text],
      ['names', ''],
    ])
    const { script } = await lessonScript(course, queue, aloneStock(course, queue, room))
    const [head, ...frames] = (await total(script)).split('\n')
    expect(head).toBe('of Error: who')
    expect(frames.map((frame) => frame.replace(/ \(rooms\.js:.*/, ''))).toEqual([
      '    at stack',
      '    at take',
    ])
  })

  it('has packages that the kit imports, and none that a room imports', async () => {
    const { course, queue } = stackCourse({
      'package.json': '{ "dependencies": { "seven": "1.0.0" } }',
      'node_modules/seven/package.json': '{ "name": "seven", "main": "main.js" }',
      'node_modules/seven/main.js': 'exports.seven = require("./value").value',
      'node_modules/seven/value.js': 'exports.value = 7',
      'starter/kit/seven.ts': `export { seven } from 'seven'`,
    })
    const make = (text: string) =>
      lessonScript(
        course,
        queue,
        aloneStock(
          course,
          queue,
          new Map([
            ['queue', text],
            ['names', ''],
          ]),
        ),
      )

    expect((await make(`export * from '#kit/seven'`)).script.given).toContain('exports.value=7')
    await expect(make(`export * from 'seven'`)).rejects.toThrow(
      'queue.ts:1: import of "seven": a room may import',
    )
  })
})

describe('what counts', () => {
  const learners = (root: string, own: string[]) => {
    const course = loadCourse(root)
    const [, queue] = course.lessons
    if (!queue) throw new Error('the course has a second lesson')
    return aloneStock(course, { ...queue, rooms: own }, rooms).learners
  }

  it('is the lesson’s rooms', () => {
    expect(learners(stackFolder(), ['queue', 'names'])).toEqual(['queue', 'names'])
  })

  it('is all rooms of a lesson that has none, and of an edition without a reference', () => {
    expect(learners(stackFolder(), [])).toEqual(['store', 'queue', 'names'])
    const edition = stackFolder()
    rmSync(join(edition, 'solutions'), { recursive: true })
    expect(learners(edition, ['queue', 'names'])).toEqual(['store', 'queue', 'names'])
  })
})

describe('an own stack', () => {
  const own = (store: string | undefined) => {
    const { course, queue } = stackCourse()
    const submitted = new Map([['queue', 'x'], ...(store === undefined ? [] : [['store', store] as const])])
    return ownBelow(course, queue, submitted).map(({ lesson, rooms }) => [lesson.number, ...rooms])
  }

  it('is another where a room below is the learner’s', () => {
    expect(own(rightRooms.store)).toEqual([['01', 'store']])
  })

  it.each([
    ['is not there', undefined],
    ['is as it was handed out', storeStub],
    ['is the reference’s, with its regions', storeReference],
    ['is the reference’s, without them', storeReference.replace(/ +\/\/ .*\n/g, '').replaceAll('\n', '\r\n')],
  ])('is none where the room below %s', (_, store) => {
    expect(own(store)).toEqual([])
  })
})
