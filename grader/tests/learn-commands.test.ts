import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import type { CommandContext } from '../src/commands/context.ts'
import { hint } from '../src/commands/hint.ts'
import { learn } from '../src/commands/learn.ts'
import { solution } from '../src/commands/solution.ts'
import { status } from '../src/commands/status.ts'
import { readProgress, updateProgress } from '../src/learn/progress.ts'
import { repositoryRoot } from '../src/paths.ts'
import type { Check } from '../src/runner/check.ts'
import { inProcess } from '../src/subject/in-process.ts'
import { courseFolder, rightStore, storeStub } from './sample-course.ts'
import { changed } from './sample-lesson.ts'

/** A command's context without a terminal, and what was printed. */
function plainContext(root: string) {
  const printed = { out: '', err: '', closed: 0 }
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk: Buffer, _, done) {
        printed[name] += chunk.toString()
        done()
      },
    }) as unknown as NodeJS.WriteStream
  const context: CommandContext = {
    root,
    suites: join(root, 'suites'),
    cwd: root,
    openLinks: async () => {
      const agent = await agentScript(repositoryRoot())
      return { openLink: () => inProcess(agent), isolation: 'unverified', close: () => void printed.closed++ }
    },
    out: stream('out'),
    err: stream('err'),
    in: process.stdin,
  }
  return { context, printed }
}

/** A text wherever its lines are broken. */
const words = (text: string) => text.replaceAll(/\s+/g, ' ')

const add = { add: (_a: number, _b: number): number => 0 }
const loadExamples = async (): Promise<Check[]> => [
  {
    id: 'ST-1.1',
    title: 'adds',
    body: async ({ room }) => void (await room<typeof add>('store').call('add', 1, 2)),
  },
]

describe('npm start without a terminal', () => {
  it('makes the rooms, prints the state once, and ends well', async () => {
    const root = courseFolder()
    const { context, printed } = plainContext(root)
    expect(await learn(context, { loadExamples })).toBe(0)
    expect(readFileSync(join(root, 'work/store.ts'), 'utf8')).toBe(storeStub)
    expect(printed.out).toContain(' · ST-1  not started')
    expect(printed.out).toContain('npm run hint -- ST-1 shows the first of 2')
    expect(printed.out).toContain('Run over the visible examples')
    expect(printed.out).toContain('Unverified')
    expect(printed.out).not.toContain('\u001b')
    expect(printed.closed).toBe(1)
  })

  it('begins at the lesson that is named, with the reference where nothing is begun', async () => {
    const root = courseFolder()
    const { context, printed } = plainContext(root)
    expect(await learn(context, { lesson: '2', loadExamples: async () => [] })).toBe(0)
    expect(printed.out).toContain('Lesson 02 · The queue')
    expect(printed.out).toContain('work/store.ts')
    expect(readFileSync(join(root, 'work/store.ts'), 'utf8')).toBe(rightStore)
    expect(readProgress(root).progress.lesson).toBe('02-queue')
  })

  it('goes to the lesson without a reference, too', async () => {
    const root = courseFolder()
    rmSync(join(root, 'solutions'), { recursive: true })
    const { context, printed } = plainContext(root)
    expect(await learn(context, { lesson: '02', loadExamples: async () => [] })).toBe(0)
    expect(printed.out).toContain('Lesson 02 · The queue')
    expect(readFileSync(join(root, 'work/store.ts'), 'utf8')).toBe(storeStub)
  })

  it('knows the lessons that there are', async () => {
    const { context } = plainContext(courseFolder())
    await expect(learn(context, { lesson: '7', loadExamples })).rejects.toThrow(
      'unknown lesson 7: expected one of 01, 02',
    )
  })

  it('says when a stub has changed, and when progress could not be read', async () => {
    const root = courseFolder({ 'work/.drydock/progress.json': 'no' })
    const { context, printed } = plainContext(root)
    await learn(context, { loadExamples })
    expect(words(printed.out)).toContain('so progress begins anew')
    writeFileSync(join(root, 'starter/src/store.ts'), `${storeStub}// new\n`)
    await learn(context, { loadExamples })
    expect(words(printed.out)).toContain('The stub of work/store.ts has changed since you got it')
  })
})

describe('npm run hint', () => {
  it('goes one step further each time, and says how many there are', async () => {
    const root = courseFolder()
    const { context, printed } = plainContext(root)
    await hint(context, 'st-1')
    expect(printed.out).toContain('ST-1, 2 points, of lesson 01, The store')
    expect(printed.out).toContain('Hint 1 of 2\n  Count.')
    expect(printed.out).not.toContain('Hint 2 of 2')
    printed.out = ''
    await hint(context, 'ST-1.4')
    expect(printed.out).toContain('Hint 2 of 2\n  Count writes:')
    expect(printed.out).toContain('This was the last.')
    printed.out = ''
    await hint(context, 'ST-1')
    expect(printed.out).toContain('These are all there are.')
    expect(readProgress(root).progress.hints.get('ST-1')).toBe(2)
  })

  it('knows the requirements that there are', async () => {
    const { context } = plainContext(courseFolder())
    await expect(hint(context, 'SR-1')).rejects.toThrow('unknown requirement SR-1: did you mean ST-1?')
  })
})

describe('npm run status', () => {
  it('prints the points of each lesson, and what is next', async () => {
    const root = courseFolder({ 'suites/02-queue.test.ts': '' })
    updateProgress(root, ({ best, passed }) => {
      best.set('ST-1', 2).set('ST-2', 1).set('QU-2', 1)
      passed.add('01-store')
    })
    const { context, printed } = plainContext(root)
    expect(await status(context)).toBe(0)
    expect(printed.out).toMatch(/ ✓ 01 {2}The store +3 of 3 points/)
    expect(printed.out).toMatch(/ ◐ 02 {2}The queue +1 of 3 points/)
    expect(printed.out).toContain('Next: QU-1 of lesson 02, The queue.')
  })

  it('sends nobody to what is not looked at, where there are examples alone', async () => {
    const examples = "test('QU-2: takes', () => {})\n"
    const root = courseFolder({ 'lessons/02-queue/examples.test.ts': examples })
    const { context, printed } = plainContext(root)
    updateProgress(root, ({ passed }) => passed.add('01-store'))
    expect(await status(context)).toBe(0)
    expect(printed.out).toContain('Next: QU-2 of lesson 02, The queue.')
    updateProgress(root, ({ best }) => best.set('QU-2', 1))
    expect(await status(context)).toBe(0)
    expect(words(printed.out)).toContain('Every example of lesson 02 passes. npm start, then n, goes on.')
    expect(words(printed.out)).toContain('the hidden suite is not in this edition')
  })
})

describe('npm run solution', () => {
  it('waits until the lesson has passed', async () => {
    const root = courseFolder({ 'work/store.ts': changed(rightStore, 'a + b', 'b + a') })
    const { context, printed } = plainContext(root)
    expect(await solution(context, '01', {})).toBe(1)
    expect(printed.err).toContain('--spoil')
    expect(printed.out).toBe('')
    updateProgress(root, ({ passed }) => passed.add('01-store'))
    expect(await solution(context, '01', {})).toBe(0)
    expect(printed.out).toContain(' -   return b + a\n +   return a + b\n')
  })

  it('shows it before that to whoever insists', async () => {
    const { context, printed } = plainContext(courseFolder({ 'work/store.ts': storeStub }))
    expect(await solution(context, '1', { spoil: true })).toBe(0)
    expect(printed.out).toContain(' +   return a + b')
  })

  it('says so where there is no reference', async () => {
    const root = courseFolder()
    rmSync(join(root, 'solutions'), { recursive: true })
    const { context, printed } = plainContext(root)
    expect(await solution(context, '01', { spoil: true })).toBe(2)
    expect(printed.err).toContain('This edition has no reference')
  })
})
