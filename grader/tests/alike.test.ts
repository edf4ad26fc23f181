import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findAlike } from '../src/alike/alike.ts'
import { runsOf, similarity } from '../src/alike/similarity.ts'
import type { Submission } from '../src/intake/intake.ts'
import { repositoryRoot } from '../src/paths.ts'

const root = repositoryRoot()
const reference = readFileSync(join(root, 'solutions/work-queue.ts'), 'utf8')
const stub = readFileSync(join(root, 'starter/src/work-queue.ts'), 'utf8')
const bank = 'grader/submissions/04-work-queue/different'
const [one, other] = ['sorted-delays', 'a-timer-for-each-key'].map((name) =>
  readFileSync(join(root, bank, name, 'work-queue.ts'), 'utf8'),
) as [string, string]

describe('similarity', () => {
  const similarityOf = (a: string, b: string) => similarity(runsOf(a), runsOf(b))
  const program = 'export function add(a: number, b: number): number { return sum([a, 1, b], "of two") }'

  it('sees through comments, layout, names, texts and numbers', () => {
    const disguised = `${program.replace('{', '{\n  // adds\n').replaceAll('a', 'one')}`
      .replace('1', '20')
      .replace('of two', '')
    expect(similarityOf(program, disguised)).toBe(1)
  })

  it('does not count what is added', () => {
    expect(similarityOf(program, `${program}\n${one}`)).toBe(1)
    expect(similarityOf(`${program}\n${one}`, program)).toBe(1)
  })

  it('is low for other programs, and 0 where there is none', () => {
    expect(similarityOf(one, other)).toBeLessThan(0.5)
    expect(similarityOf('', '')).toBe(0)
  })

  it('leaves out what was given', () => {
    expect(runsOf(stub, stub)).toEqual(new Set())
    expect(runsOf(reference, stub).size).toBeLessThan(runsOf(reference).size)
  })
})

describe('what is like what', () => {
  const rooms = ['work-queue']

  it('is a copy of the reference, whatever its names', () => {
    const renamed = reference.replaceAll('#dirty', '#asleep').replaceAll('key', 'thing')
    expect(findAlike(root, [submission('kim', renamed)], rooms)).toEqual([
      [{ room: 'work-queue', like: null, share: 1 }],
    ])
  })

  it('is a copy of another submission: of the most alike one', () => {
    const half = one.slice(0, Math.floor(one.length * 0.85))
    const found = findAlike(
      root,
      [submission('a', one), submission('b', other), submission('c', half), submission('d', `${one}\n`)],
      rooms,
    )
    expect(found.map((alike) => alike.map(({ like }) => like))).toEqual([['c'], [], ['a'], ['a']])
  })

  it('is nothing of what right rooms have in common, nor of a stub, nor of a few lines', () => {
    const few = 'const double = (n: number) => n * 2\nexport const four = double(double(1))\n'
    const all = [submission('a', one), submission('b', other), submission('c', stub), submission('d', stub)]
    const short = [submission('e', few), submission('f', few), submission('g', undefined)]
    expect(findAlike(root, [...all, ...short], rooms).flat()).toEqual([])
  })
})

function submission(path: string, text: string | undefined): Submission {
  const rooms = new Map(text === undefined ? [] : [['work-queue', text]])
  return { path, hash: path, rooms, refused: new Map(), ignored: [] }
}
