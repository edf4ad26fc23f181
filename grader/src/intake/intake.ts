import { createHash } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs'
import { join } from 'node:path'

/** The largest file that is taken for a room, in bytes. */
const ROOM_LIMIT_BYTES = 256 * 1024
/** How many files that are no rooms are named. */
const IGNORED_LIMIT = 20

/** What somebody handed in, read once: nothing that happens to the folder afterwards changes it. */
export interface Submission {
  /** The folder, as it was named. */
  path: string
  /** SHA-256 of the rooms, as hexadecimal digits. */
  hash: string
  /** The text of each room that is there, by its name: `store`. */
  rooms: Map<string, string>
  /** Why a room was not taken, as a sentence. */
  refused: Map<string, string>
  /** Files beside the rooms, which nobody reads; at most twenty are named. */
  ignored: string[]
}

/** There is nothing to be graded: the message says what was expected, and where. */
export class NothingToGrade extends Error {}

/**
 * Reads a submission: the known rooms in the folder, or in its `src/`, and nothing else.
 *
 * @param path the folder as it is to be named in the verdict
 * @param folder the same, absolute
 * @param known the names of the course's rooms
 * @throws {NothingToGrade} if it is no folder, may not be read, or has none of the rooms
 */
export function takeIn(path: string, folder: string, known: string[]): Submission {
  const base = baseOf(path, folder, known)
  const rooms = new Map<string, string>()
  const refused = new Map<string, string>()
  const hash = createHash('sha256')
  // It could lead into somebody else's folder. The folder itself is named by whoever grades.
  const elsewhere = base !== folder && kindOf(base)?.isSymbolicLink() === true
  for (const room of [...known].sort()) {
    const taken = elsewhere ? 'src is a link; a room is a regular file' : takeRoom(base, room)
    if (taken === undefined) continue
    if (typeof taken === 'string') {
      refused.set(room, taken)
      hash.update(`refused ${room}\0${taken}\0`)
    } else {
      rooms.set(room, taken.text)
      hash.update(`${room}\0${taken.bytes.length}\0`).update(taken.bytes)
    }
  }
  return { path, hash: hash.digest('hex'), rooms, refused, ignored: elsewhere ? [] : ignoredIn(base, known) }
}

function baseOf(path: string, folder: string, known: string[]): string {
  const kind = kindOf(folder, statSync)
  const expected = `expected a folder with rooms, such as ${known
    .slice(0, 2)
    .map((room) => `${room}.ts`)
    .join(' or ')}`
  if (!kind) throw new NothingToGrade(`${path}: ${expected}; there is nothing of that name`)
  if (!kind.isDirectory()) throw new NothingToGrade(`${path}: ${expected}; this is a file`)
  for (const base of [folder, join(folder, 'src')]) {
    if (known.some((room) => kindOf(join(base, `${room}.ts`)))) return base
    if (isClosed(base))
      throw new NothingToGrade(
        `${path}: ${expected}; you may not read ${base === folder ? 'it' : 'its src/'}`,
      )
  }
  throw new NothingToGrade(`${path}: ${expected}, in it or in its src/; it has none`)
}

/** @returns the room; why it is refused; or `undefined` if there is no such file */
function takeRoom(base: string, room: string): { text: string; bytes: Buffer } | string | undefined {
  const file = `${room}.ts`
  const folders = file
    .split('/')
    .slice(0, -1)
    .map((_, depth, all) => all.slice(0, depth + 1).join('/'))
  for (const folder of folders) {
    if (kindOf(join(base, folder))?.isSymbolicLink()) return `${folder} is a link; a room is a regular file`
  }
  const kind = kindOf(join(base, file))
  if (!kind) return undefined
  if (kind.isSymbolicLink()) return `${file} is a link; a room is a regular file`
  if (!kind.isFile())
    return `${file} is a ${kind.isDirectory() ? 'folder' : 'device'}; a room is a regular file`
  const bytes = readOnce(join(base, file))
  if (bytes === undefined) return `${file} cannot be read as a regular file`
  if (bytes.length > ROOM_LIMIT_BYTES) return `${file} is larger than ${ROOM_LIMIT_BYTES / 1024} KiB`
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), bytes }
  } catch {
    return `${file} is no UTF-8 text`
  }
}

/** Opens without following links or waiting for a pipe, and trusts only what is open: names may change meanwhile. */
function readOnce(file: string): Buffer | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openSync(
      file,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    )
    if (!fstatSync(descriptor).isFile()) return undefined
    const buffer = Buffer.alloc(ROOM_LIMIT_BYTES + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null)
    }
    return buffer.subarray(0, length)
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function ignoredIn(base: string, known: string[]): string[] {
  const rooms = new Set(known.map((room) => `${room}.ts`))
  const folders = new Set(
    known.filter((room) => room.includes('/')).map((room) => room.slice(0, room.lastIndexOf('/'))),
  )
  const ignored: string[] = []
  const look = (folder: string) => {
    for (const name of namesIn(join(base, folder))) {
      const path = folder ? `${folder}/${name}` : name
      if (folders.has(path) && kindOf(join(base, path))?.isDirectory()) look(path)
      else if (!rooms.has(path) && name !== '.drydock' && ignored.length < IGNORED_LIMIT) ignored.push(path)
    }
  }
  look('')
  return ignored
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    // It may be read by nobody, or be gone: nobody has to know what else is in there.
    return []
  }
}

/** Whether it is a folder into which this user may not look. */
function isClosed(folder: string): boolean {
  if (!kindOf(folder)?.isDirectory()) return false
  try {
    accessSync(folder, constants.R_OK | constants.X_OK)
    return false
  } catch {
    return true
  }
}

/** What is there, a link being a link; `undefined` if it is nothing that can be looked at: no such file, a ring of links. */
function kindOf(path: string, look: typeof lstatSync = lstatSync): Stats | undefined {
  try {
    return look(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
