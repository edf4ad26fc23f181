import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadCourse } from '../src/course/course.ts'
import { addMissingRooms, isUntouched, resetRoom, startFrom } from '../src/learn/work-tree.ts'
import { courseFolder, queueStub, rightStore, storeStub } from './sample-course.ts'

const read = (root: string, path: string) => readFileSync(join(root, path), 'utf8')
const write = (root: string, path: string, text: string) => writeFileSync(join(root, path), text)

describe('the work tree', () => {
  it('gets every room that is missing, as its stub', () => {
    const root = courseFolder()
    expect(addMissingRooms(root)).toEqual({ added: ['queue', 'store'], changed: [] })
    expect(read(root, 'work/store.ts')).toBe(storeStub)
    expect(read(root, 'work/queue.ts')).toBe(queueStub)
  })

  it('never touches a room that is there', () => {
    const root = courseFolder({ 'work/store.ts': 'mine' })
    expect(addMissingRooms(root)).toEqual({ added: ['queue'], changed: [] })
    expect(read(root, 'work/store.ts')).toBe('mine')
  })

  it('leaves a link alone, even one that leads nowhere', () => {
    const root = courseFolder({ 'work/queue.ts': 'mine' })
    symlinkSync(join(root, 'elsewhere.ts'), join(root, 'work/store.ts'))
    expect(addMissingRooms(root).added).toEqual([])
    expect(existsSync(join(root, 'elsewhere.ts'))).toBe(false)
  })

  it('says when a stub is not the one that was handed out', () => {
    const root = courseFolder()
    addMissingRooms(root)
    write(root, 'work/store.ts', rightStore)
    write(root, 'starter/src/store.ts', `${storeStub}// new\n`)
    expect(addMissingRooms(root).changed).toEqual(['store'])
    expect(read(root, 'work/store.ts')).toBe(rightStore)
  })

  it('knows a room that nobody touched, even after its stub has changed', () => {
    const root = courseFolder()
    addMissingRooms(root)
    write(root, 'starter/src/store.ts', `${storeStub}// new\n`)
    expect(isUntouched(root, 'store')).toBe(true)
    write(root, 'work/store.ts', rightStore)
    expect(isUntouched(root, 'store')).toBe(false)
  })

  it('forgets what it cannot read of the stubs that were handed out', () => {
    const root = courseFolder({ 'work/.drydock/stubs.json': '{"store": 1, ' })
    expect(addMissingRooms(root)).toEqual({ added: ['queue', 'store'], changed: [] })
  })

  it('keeps the old room at every reset', () => {
    const root = courseFolder()
    addMissingRooms(root)
    write(root, 'work/store.ts', 'first')
    expect(resetRoom(root, 'store')).toBe('work/.drydock/kept/store.1.ts')
    expect(read(root, 'work/store.ts')).toBe(storeStub)
    write(root, 'work/store.ts', 'second')
    expect(resetRoom(root, 'store')).toBe('work/.drydock/kept/store.2.ts')
    expect(read(root, 'work/.drydock/kept/store.1.ts')).toBe('first')
    expect(read(root, 'work/.drydock/kept/store.2.ts')).toBe('second')
  })

  it('takes the new stub at a reset, and does not speak of it again', () => {
    const root = courseFolder()
    addMissingRooms(root)
    const stub = `${storeStub}// new\n`
    write(root, 'starter/src/store.ts', stub)
    resetRoom(root, 'store')
    expect(read(root, 'work/store.ts')).toBe(stub)
    expect(addMissingRooms(root).changed).toEqual([])
  })

  it('keeps nothing when a stub is reset to itself', () => {
    const root = courseFolder()
    addMissingRooms(root)
    expect(resetRoom(root, 'store')).toBeUndefined()
  })
})

describe('the catch-up', () => {
  it('makes the rooms of earlier lessons the reference, where nobody has begun them', () => {
    const root = courseFolder()
    addMissingRooms(root)
    const { lessons } = loadCourse(root)
    expect(startFrom(root, lessons, 2)).toEqual({ filled: ['store'], kept: [] })
    expect(read(root, 'work/store.ts')).toBe(rightStore)
    expect(read(root, 'work/queue.ts')).toBe(queueStub)
  })

  it('leaves a room that was begun', () => {
    const root = courseFolder()
    addMissingRooms(root)
    write(root, 'work/store.ts', 'mine')
    expect(startFrom(root, loadCourse(root).lessons, 2)).toEqual({ filled: [], kept: ['store'] })
    expect(read(root, 'work/store.ts')).toBe('mine')
  })

  it('is the same when it is asked for twice', () => {
    const root = courseFolder()
    addMissingRooms(root)
    const { lessons } = loadCourse(root)
    startFrom(root, lessons, 2)
    expect(startFrom(root, lessons, 2)).toEqual({ filled: [], kept: [] })
  })

  it('needs the reference', () => {
    const root = courseFolder()
    const { lessons } = loadCourse(root)
    rmSync(join(root, 'solutions'), { recursive: true })
    expect(() => startFrom(root, lessons, 2)).toThrow(/this edition has no solutions\//)
  })
})
