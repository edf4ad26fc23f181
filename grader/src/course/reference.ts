import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LessonError } from './lesson-error.ts'
import { type RegionLesson, roomAt } from './regions.ts'
import { readText } from './tree.ts'

/** A room of the reference as it stands there, regions and all; `undefined` where there is none. */
export function referenceRoom(root: string, room: string): string | undefined {
  return textOf(join(root, 'solutions', `${room}.ts`))
}

/**
 * A room of the reference as it is for somebody who has done the lessons before lesson `n`; `Infinity` for all of them.
 *
 * @throws {Error} if there is no such room
 */
export function referenceAt(root: string, lessons: readonly RegionLesson[], room: string, n: number): string {
  const file = `solutions/${room}.ts`
  return roomAt(file, readText(join(root, file)), lessons, n)
}

/** Whether a text is the reference's room, with its regions or as somebody is given it who begins further on. */
export function isReference(
  root: string,
  lessons: readonly RegionLesson[],
  room: string,
  text: string,
): boolean {
  const reference = referenceRoom(root, room)
  if (reference === undefined) return false
  const mine = text.replaceAll('\r\n', '\n')
  if (mine === reference) return true
  try {
    return mine === referenceAt(root, lessons, room, Number.POSITIVE_INFINITY)
  } catch (error) {
    // Malformed regions are told elsewhere.
    if (error instanceof LessonError) return false
    throw error
  }
}

/** A room as it is handed out, with nothing written yet; `undefined` where there is none. */
export function stubRoom(root: string, room: string): string | undefined {
  return textOf(join(root, 'starter/src', `${room}.ts`))
}

/** Whether a text is the room as it was handed out. */
export function isStub(root: string, room: string, text: string): boolean {
  return text.replaceAll('\r\n', '\n') === stubRoom(root, room)
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readText(path) : undefined
}
