import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readBank } from '../bank/bank.ts'
import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { referenceAt } from '../course/reference.ts'
import { readText } from '../course/tree.ts'

/** The texts of a lesson's rooms, by their files: `store.ts`. */
export type RoomFiles = ReadonlyMap<string, string>

/** The reference's rooms of a lesson, as a learner would have written them. */
export function referenceOf({ root, lessons }: Course, lesson: Lesson): RoomFiles {
  return new Map(
    lesson.rooms.map((room) => [`${room}.ts`, referenceAt(root, lessons, room, Number.POSITIVE_INFINITY)]),
  )
}

/**
 * The rooms of each wrong submission of a lesson.
 *
 * @throws {Error} if the bank has none
 */
export function wrongOnes(course: Course, lesson: Lesson): RoomFiles[] {
  const { root } = course
  const wrong = readBank(root, course).entries.filter(
    (entry) => entry.kind === 'wrong' && !entry.blame && entry.lesson.folder === lesson.folder,
  )
  if (wrong.length === 0) throw new Error(`the bank has no wrong submission of ${lesson.folder}`)
  return wrong.map(
    ({ folder }) =>
      new Map(lesson.rooms.map((room) => [`${room}.ts`, readText(join(root, folder, `${room}.ts`))])),
  )
}

/** Writes rooms, each with a comment that tells this version of them from any other. */
export function writeRooms(folder: string, rooms: RoomFiles, version: number): void {
  for (const [file, text] of rooms) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${text}// ${version}\n`)
  }
}
