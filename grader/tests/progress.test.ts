import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readProgress, recordVerdict, updateProgress } from '../src/learn/progress.ts'
import { folderWith } from './sample-lesson.ts'

const file = 'work/.drydock/progress.json'

function rootWith(text: string): string {
  return folderWith({ [file]: text })
}

describe('progress', () => {
  it('is empty where there is none', () => {
    const { progress, note } = readProgress(folderWith({}))
    expect(note).toBeUndefined()
    expect(progress).toEqual({ lesson: undefined, best: new Map(), hints: new Map(), passed: new Set() })
  })

  it('is read as it was written', () => {
    const root = folderWith({})
    const written = updateProgress(root, (progress) => {
      progress.lesson = '01-store'
      progress.best.set('ST-1', 2)
      progress.hints.set('ST-2', 1)
      progress.passed.add('01-store')
    })
    expect(readProgress(root)).toEqual({ progress: written, note: undefined })
  })

  it('keeps what a second terminal wrote in the meantime', () => {
    const root = folderWith({})
    updateProgress(root, ({ hints }) => hints.set('ST-1', 1))
    updateProgress(root, ({ best }) => best.set('ST-1', 2))
    const { progress } = readProgress(root)
    expect([progress.hints.get('ST-1'), progress.best.get('ST-1')]).toEqual([1, 2])
  })

  it('leaves no other file behind', () => {
    const root = folderWith({})
    updateProgress(root, () => undefined)
    expect(readdirSync(join(root, 'work/.drydock'))).toEqual(['progress.json'])
  })

  it('never takes points away', () => {
    const { progress } = readProgress(folderWith({}))
    const verdict = (earned: number) => ({
      lesson: '01-store',
      points: { earned, possible: 2 },
      requirements: [{ id: 'ST-1', points: 2, earned, text: '' }],
      checks: [],
    })
    recordVerdict(progress, verdict(2))
    recordVerdict(progress, verdict(0))
    expect(progress.best.get('ST-1')).toBe(2)
    expect(progress.passed).toEqual(new Set(['01-store']))
  })

  it.each([
    ['no JSON', '{', 'it is no JSON'],
    ['another value', '[]', 'it is no JSON object'],
    ['another version', '{"version":2}', 'expected version 1'],
    [
      'a lesson that is a path',
      '{"version":1,"lesson":"../..","best":{},"hints":{},"passed":[]}',
      '`lesson`',
    ],
    ['a table that is none', '{"version":1,"best":[1],"hints":{},"passed":[]}', '`best`'],
    ['a name that is none', '{"version":1,"best":{"__proto__":1},"hints":{},"passed":[]}', '`best`'],
    ['a number that is none', '{"version":1,"best":{},"hints":{"ST-1":1e99},"passed":[]}', '`hints`'],
    ['text where a list belongs', '{"version":1,"best":{},"hints":{},"passed":"01-store"}', '`passed`'],
    ['a huge file', `"${'x'.repeat(2 * 1024 * 1024)}"`, 'larger than 1024 KiB'],
  ])('sets a file aside that holds %s', (_, text, reason) => {
    const root = rootWith(text)
    const { progress, note } = readProgress(root)
    expect(progress.best.size).toBe(0)
    expect(note).toContain(reason)
    expect(note).toContain('progress.broken-1.json')
    expect(existsSync(join(root, file))).toBe(false)
    expect(readFileSync(join(root, 'work/.drydock/progress.broken-1.json'), 'utf8')).toBe(text)
  })

  it('sets a folder aside that stands in its place', () => {
    const root = folderWith({})
    mkdirSync(join(root, file), { recursive: true })
    expect(readProgress(root).note).toContain('progress begins anew')
    updateProgress(root, ({ best }) => best.set('ST-1', 1))
    expect(readProgress(root).progress.best.get('ST-1')).toBe(1)
  })
})
