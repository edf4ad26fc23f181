import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { repositoryRoot } from '../src/paths.ts'
import { openRoomService } from '../src/types/room-service.ts'
import { openTypeChecker } from '../src/types/type-check.ts'
import { courseFolder, rightStore, storeStub } from './sample-course.ts'
import { folderWith } from './sample-lesson.ts'

const root = repositoryRoot()
const wrong = rightStore.replace('return a + b', 'return String(a) + b')

function problemsOf(text: string, more: Record<string, string> = {}) {
  const rooms = new Map(Object.entries({ store: text, ...more }))
  return openRoomService(courseFolder()).problems(rooms, ['store'])
}

describe('the types of a room', () => {
  it('are right in the stub and in a right room', () => {
    expect(problemsOf(storeStub)).toEqual([])
    expect(problemsOf(rightStore)).toEqual([])
  })

  it('are told with their place and the compiler’s sentence', () => {
    expect(problemsOf(wrong)).toEqual([
      { room: 'store', line: 3, column: 3, message: "Type 'string' is not assignable to type 'number'." },
    ])
  })

  it('follow the room from text to text', () => {
    const service = openRoomService(courseFolder())
    const counts = [wrong, rightStore, wrong].map(
      (text) => service.problems(new Map([['store', text]]), ['store']).length,
    )
    expect(counts).toEqual([1, 0, 1])
  })

  it('reach other rooms and the kit, and name no folder of this machine', () => {
    const text = `import { take } from '#rooms/queue'
import { NotYet } from '#kit/not-yet'
export const a: number = take
export const b: number = new NotYet('x')
`
    const messages = problemsOf(text, { queue: 'export class Key {}\nexport const take = new Key()\n' })
    expect(messages.map(({ message }) => message)).toEqual([
      "Type 'Key' is not assignable to type 'number'.",
      "Type 'NotYet' is not assignable to type 'number'.",
    ])
  })

  it('know the language and what the kit declares, and nothing of this machine', () => {
    const text = 'export const a = [structuredClone(1), console, process, setTimeout]\n'
    expect(problemsOf(text).map(({ message }) => message.slice(0, 25))).toEqual([
      "Cannot find name 'process",
      "Cannot find name 'setTime",
    ])
  })

  it('read no file but the kit', () => {
    const outside = folderWith({ 'secret.ts': 'export const secret = 1\nSECRET SECRET\n' })
    const file = join(outside, 'secret')
    const text = `/// <reference path="${file}.ts" />\nimport { secret } from '${file}'\nexport { secret }\n`
    const messages = problemsOf(text).map(({ message }) => message)
    expect(messages).toEqual([
      expect.stringMatching(/^File '.*' not found\.$/),
      expect.stringMatching(/^Cannot find module /),
    ])
  })

  it('are not asked for where the room does not parse', () => {
    const problems = problemsOf('export const a: number = "x"\nexport const = 1\n')
    expect(new Set(problems.map(({ line }) => line))).toEqual(new Set([2]))
  })

  it('are told a bounded number of times', () => {
    expect(problemsOf(`${'missing()\n'.repeat(500)}export {}\n`)).toHaveLength(50)
  })
})

describe('the process that checks types', () => {
  let compiled = ''
  beforeAll(async () => {
    compiled = join(root, 'node_modules/.cache/drydock-tests/type-check.process.mjs')
    await build({
      entryPoints: [join(root, 'grader/src/types/type-check.process.ts')],
      outfile: compiled,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    })
  })

  function open(processFile = compiled) {
    const checker = openTypeChecker(courseFolder(), processFile)
    onTestFinished(() => checker.close())
    return checker
  }

  it('answers one question after the other', async () => {
    const checker = open()
    const counts = await Promise.all(
      [wrong, rightStore].map(
        async (text) => (await checker.check(new Map([['store', text]]), ['store']))?.length,
      ),
    )
    expect(counts).toEqual([1, 0])
  })

  it('finds nothing out where there is no such process', async () => {
    const checker = open('/nowhere/type-check.process.js')
    expect(await checker.check(new Map([['store', wrong]]), ['store'])).toBe(undefined)
  })

  it('is started anew after it has died', async () => {
    const dying = join(folderWith({}), 'dying.mjs')
    const marker = JSON.stringify(`${dying}.once`)
    writeFileSync(
      dying,
      `import { existsSync, writeFileSync } from 'node:fs'
       console.log('ready')
       process.stdin.on('data', () => {
         if (!existsSync(${marker})) { writeFileSync(${marker}, ''); process.exit(1) }
         console.log('[{"room":"store","line":1,"column":1,"message":"again"}]')
       })`,
    )
    const checker = open(dying)
    expect(await checker.check(new Map(), [])).toBe(undefined)
    expect(await checker.check(new Map(), [])).toHaveLength(1)
  })

  it('is given up when it takes too long, and started anew', async () => {
    const silent = join(folderWith({}), 'silent.mjs')
    writeFileSync(silent, `console.log('ready')\nprocess.stdin.resume()\n`)
    const checker = openTypeChecker(courseFolder(), silent, 50)
    onTestFinished(() => checker.close())
    expect(await checker.check(new Map(), [])).toBe(undefined)
    expect(await checker.check(new Map(), [])).toBe(undefined)
  })

  it('answers nothing once it is closed', async () => {
    const checker = open()
    const answer = checker.check(new Map([['store', wrong]]), ['store'])
    checker.close()
    expect(await answer).toBe(undefined)
    expect(await checker.check(new Map([['store', wrong]]), ['store'])).toBe(undefined)
  })
})
