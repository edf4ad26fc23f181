import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NothingToGrade, takeIn } from '../src/intake/intake.ts'

const known = ['store', 'work-queue', 'controllers/replicaset']
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-intake-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (path: string, text: string) => {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

describe('the intake', () => {
  it('takes the rooms that it knows, and names the rest', () => {
    put('store.ts', 'a')
    put('controllers/replicaset.ts', 'b')
    put('controllers/other.ts', 'c')
    put('package.json', '{}')
    put('node_modules/x/index.js', '')
    const submission = takeIn('kim', folder, known)
    expect([...submission.rooms]).toEqual([
      ['controllers/replicaset', 'b'],
      ['store', 'a'],
    ])
    expect(submission.ignored).toEqual(['controllers/other.ts', 'node_modules', 'package.json'])
  })

  it('takes the rooms in src/ where there are none beside it', () => {
    put('src/work-queue.ts', 'a')
    expect([...takeIn('kim', folder, known).rooms.keys()]).toEqual(['work-queue'])
  })

  it('follows no src/ that is a link, and names nothing of what is there', () => {
    put('neighbour/store.ts', 'a')
    put('neighbour/marks.csv', 'b')
    mkdirSync(join(folder, 'kim'))
    symlinkSync('../neighbour', join(folder, 'kim/src'))
    const { rooms, refused, ignored } = takeIn('kim', join(folder, 'kim'), known)
    expect([rooms.size, ignored]).toEqual([0, []])
    expect(refused.get('store')).toBe('src is a link; a room is a regular file')
  })

  it('finds nothing where links lead in a ring', () => {
    symlinkSync('src', join(folder, 'src'))
    expect(() => takeIn('kim', folder, known)).toThrow(NothingToGrade)
    symlinkSync('ring', join(folder, 'ring'))
    expect(() => takeIn('kim', join(folder, 'ring'), known)).toThrow(NothingToGrade)
  })

  it('has the same hash for the same rooms, wherever they are, and another one for others', () => {
    put('store.ts', 'a')
    put('notes.txt', 'x')
    const { hash } = takeIn('kim', folder, known)
    put('notes.txt', 'y')
    expect(takeIn('lee', folder, known).hash).toBe(hash)
    put('store.ts', 'b')
    expect(takeIn('kim', folder, known).hash).not.toBe(hash)
  })

  it.each([
    [
      'a link',
      () => symlinkSync('/etc/passwd', join(folder, 'store.ts')),
      'store.ts is a link; a room is a regular file',
    ],
    ['a folder', () => mkdirSync(join(folder, 'store.ts')), 'store.ts is a folder; a room is a regular file'],
    [
      'no text',
      () => writeFileSync(join(folder, 'store.ts'), Buffer.from([0xff, 0xfe])),
      'store.ts is no UTF-8 text',
    ],
    [
      'huge',
      () => {
        put('store.ts', '')
        truncateSync(join(folder, 'store.ts'), 300_000_000)
      },
      'store.ts is larger than 256 KiB',
    ],
  ])('refuses a room that is %s, and takes the others', (_, make, why) => {
    put('work-queue.ts', 'a')
    make()
    const submission = takeIn('kim', folder, known)
    expect(submission.refused).toEqual(new Map([['store', why]]))
    expect([...submission.rooms.keys()]).toEqual(['work-queue'])
  })

  it.skipIf(process.platform === 'win32')('refuses a room that is a pipe, without waiting for it', () => {
    execFileSync('mkfifo', [join(folder, 'store.ts')])
    expect(takeIn('kim', folder, known).refused.get('store')).toBe(
      'store.ts is a device; a room is a regular file',
    )
  })

  it('refuses rooms in a folder that is a link', () => {
    put('store.ts', 'a')
    put('elsewhere/replicaset.ts', 'b')
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'controllers'))
    expect(takeIn('kim', folder, known).refused.get('controllers/replicaset')).toBe(
      'controllers is a link; a room is a regular file',
    )
  })

  it.each([
    ['is missing', 'nowhere', 'there is nothing of that name'],
    ['is a file', 'notes.txt', 'this is a file'],
    ['has no room', '.', 'it has none'],
  ])('says what it expected of a folder that %s', (_, path, came) => {
    put('notes.txt', '')
    expect(() => takeIn(path, join(folder, path), known)).toThrow(NothingToGrade)
    expect(() => takeIn(path, join(folder, path), known)).toThrow(
      new RegExp(`^${path}: expected a folder with rooms, such as store.ts or work-queue.ts.*${came}$`),
    )
  })
})
