/**
 * The learner's own rooms, `work/`. What stands there is the learner's: nothing here changes a room that was
 * touched, but `resetRoom`, which keeps the old one.
 */

import { createHash } from 'node:crypto'
import { copyFileSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { referenceAt } from '../course/reference.ts'
import type { RegionLesson } from '../course/regions.ts'
import { hasReference, readText, readTree } from '../course/tree.ts'
import { writeAtomically } from './write-atomically.ts'

/** What `addMissingRooms` found and did. Rooms by name, such as `store`. */
export interface Additions {
  added: string[]
  /** Rooms whose stub is not the one any more that was handed out. */
  changed: string[]
}

/** What `startFrom` did. Rooms by name. */
export interface CatchUp {
  /** Rooms that now are the reference's. */
  filled: string[]
  /** Rooms of earlier lessons that the learner had begun: they are as they were. */
  kept: string[]
}

/** The folder of the learner's rooms. */
export function workFolder(root: string): string {
  return join(root, 'work')
}

/** The folder, inside `work/`, of what is remembered from one day to the next. */
export function memoryFolder(root: string): string {
  return join(root, 'work/.drydock')
}

/** Adds the rooms that are missing, as stubs from `starter/src`. */
export function addMissingRooms(root: string): Additions {
  const additions: Additions = { added: [], changed: [] }
  const handedOut = readHandedOut(root)
  let news = false
  for (const [room, stub] of stubs(root)) {
    const hash = hashOf(stub)
    const file = fileOf(root, room)
    if (!isThere(file)) {
      mkdirSync(dirname(file), { recursive: true })
      // `wx`: should somebody have written it in the meantime, theirs stays.
      writeFileSync(file, stub, { flag: 'wx' })
      additions.added.push(room)
      handedOut.set(room, hash)
      news = true
    } else if (!handedOut.has(room)) {
      handedOut.set(room, hash)
      news = true
    } else if (handedOut.get(room) !== hash) additions.changed.push(room)
  }
  if (news) writeHandedOut(root, handedOut)
  return additions
}

/** Whether a room is as it was handed out, or as its stub is now. */
export function isUntouched(root: string, room: string): boolean {
  const file = fileOf(root, room)
  if (!isThere(file)) return false
  const text = readText(file)
  const stub = stubs(root).get(room)
  return text === stub || hashOf(text) === readHandedOut(root).get(room)
}

/**
 * Makes a room the stub again.
 *
 * @returns where the old one is kept, from the root: `work/.drydock/kept/store.1.ts`; `undefined` if there was
 *   none, or it was the stub already
 * @throws {Error} if the starter has no such room
 */
export function resetRoom(root: string, room: string): string | undefined {
  const stub = stubs(root).get(room)
  if (stub === undefined) throw new Error(`expected starter/src/${room}.ts, to reset work/${room}.ts to`)
  const file = fileOf(root, room)
  let kept: string | undefined
  if (isThere(file) && readText(file) !== stub) {
    let n = 1
    do kept = `work/.drydock/kept/${room}.${n++}.ts`
    while (isThere(join(root, kept)))
    mkdirSync(dirname(join(root, kept)), { recursive: true })
    copyFileSync(file, join(root, kept))
  }
  writeAtomically(file, stub)
  const handedOut = readHandedOut(root)
  handedOut.set(room, hashOf(stub))
  writeHandedOut(root, handedOut)
  return kept
}

/**
 * Fills the rooms of the lessons before lesson `n` from the reference, where the learner has not begun them.
 *
 * @throws {Error} where there is no reference
 */
export function startFrom(
  root: string,
  lessons: readonly (RegionLesson & { rooms: readonly string[] })[],
  n: number,
): CatchUp {
  if (!hasReference(root)) {
    throw new Error('to start further on, the reference is needed, and this edition has no solutions/')
  }
  const catchUp: CatchUp = { filled: [], kept: [] }
  for (const { rooms } of lessons.filter(({ number }) => Number(number) < n)) {
    for (const room of rooms) {
      const file = fileOf(root, room)
      const text = referenceAt(root, lessons, room, n)
      if (!isThere(file) || isUntouched(root, room)) {
        writeAtomically(file, text)
        catchUp.filled.push(room)
      } else if (readText(file) !== text) catchUp.kept.push(room)
    }
  }
  return catchUp
}

/** The stubs by room. */
function stubs(root: string): Map<string, string> {
  const files = [...readTree(join(root, 'starter/src'))].filter(([path]) => path.endsWith('.ts'))
  return new Map(files.map(([path, text]) => [path.replace(/\.ts$/, ''), text]))
}

function fileOf(root: string, room: string): string {
  return join(workFolder(root), `${room}.ts`)
}

/** Also a link that leads nowhere is something of the learner's. */
function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function handedOutFile(root: string): string {
  return join(memoryFolder(root), 'stubs.json')
}

/** The hash of the stub that each room began as. What cannot be read is forgotten: it is remembered anew. */
function readHandedOut(root: string): Map<string, string> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(handedOutFile(root), 'utf8'))
    const entries = Object.entries(Object(parsed)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    )
    return new Map(entries)
  } catch {
    return new Map()
  }
}

function writeHandedOut(root: string, handedOut: Map<string, string>): void {
  const inOrder = Object.fromEntries([...handedOut].sort(([a], [b]) => (a < b ? -1 : 1)))
  writeAtomically(handedOutFile(root), `${JSON.stringify(inOrder, null, 2)}\n`)
}
