import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Lesson } from './lesson.ts'
import { LessonError, type Problem, type Report } from './lesson-error.ts'
import { nearest, unknownName } from './nearest.ts'
import { readLesson } from './read-lesson.ts'
import type { Requirement } from './requirements.ts'
import { foldersIn, hasReference } from './tree.ts'

/** Under which a check finds the API of an own stack. */
export const OWN_API = 'own-api'

/** Whether a check finds under this name what runs beside the rooms: a module of its suite (`fixture/bench`), or {@link OWN_API}. */
export function isFixture(room: string): boolean {
  return room.startsWith('fixture/') || room === OWN_API
}

/** All lessons that are there, in order. */
export interface Course {
  /** The folder of the repository or of the student edition. */
  root: string
  lessons: readonly Lesson[]
}

/**
 * Reads every lesson, and holds them against each other: ids and rooms belong to one lesson, needs name
 * earlier ones, rooms exist in `solutions/` where that is there.
 *
 * @param root the folder that holds `lessons/`
 * @throws {LessonError} that names every problem of every lesson
 */
export function loadCourse(root: string): Course {
  const problems: Problem[] = []
  const lessons: Lesson[] = []
  for (const folder of lessonFolders(root)) {
    const file = `lessons/${folder}/README.md`
    if (!existsSync(join(root, file))) {
      problems.push({
        file,
        line: 1,
        message: 'expected a lesson, came nothing: write it or remove its folder',
      })
      continue
    }
    try {
      lessons.push(readLesson(root, file))
    } catch (error) {
      if (!(error instanceof LessonError)) throw error
      problems.push(...error.problems)
    }
  }
  if (problems.length === 0 && lessons.length === 0) {
    problems.push({
      file: 'lessons',
      line: 1,
      message: `expected lessons/NN-name/README.md in ${root}, came none`,
    })
  }
  // A lesson that could not be read would be missed by the others: these come first.
  if (problems.length === 0) problems.push(...contradictions(lessons, root))
  if (problems.length > 0) throw new LessonError(problems)
  return { root, lessons }
}

/** The names of all rooms, in the order of their lessons: `store`, `controllers/replicaset`. */
export function roomsOf({ lessons }: Course): string[] {
  return lessons.flatMap(({ rooms }) => rooms)
}

/**
 * The lesson of that number or name: `01`, `1`, `01-store` or `store`.
 *
 * @returns `undefined` if there is none; {@link unknownLesson} says so
 */
export function findLesson(course: Course, name: string): Lesson | undefined {
  return course.lessons.find(({ folder }) => isNamed(folder, name))
}

/** Whether a lesson's folder, `01-store`, is what is called `01`, `1`, `01-store` or `store`. */
export function isNamed(folder: string, name: string): boolean {
  return [folder, folder.slice(0, 2), nameOf(folder)].includes(/^\d$/.test(name) ? `0${name}` : name)
}

/** The sentence for a lesson that is not there: "unknown lesson stroe: did you mean store?" */
export function unknownLesson(course: Course, name: string): string {
  const numbers = course.lessons.map(({ number }) => number)
  // No number is a slip for another one.
  if (/^\d+$/.test(name)) return `unknown lesson ${name}: expected one of ${numbers.join(', ')}`
  const folders = course.lessons.map(({ folder }) => folder)
  return unknownName('lesson', name, /^\d/.test(name) ? folders : folders.map(nameOf))
}

/** A lesson's folder without its number: `store`. */
function nameOf(folder: string): string {
  return folder.replace(/^\d\d-/, '')
}

/**
 * The requirement of that id, with its lesson; `st-3` is as good as `ST-3`.
 *
 * @returns `undefined` if there is none; {@link unknownRequirement} says so
 */
export function findRequirement(
  course: Course,
  id: string,
): { lesson: Lesson; requirement: Requirement } | undefined {
  const wanted = id.toUpperCase()
  for (const lesson of course.lessons) {
    const requirement = lesson.requirements.find((candidate) => candidate.id === wanted)
    if (requirement) return { lesson, requirement }
  }
  return undefined
}

/** The sentence for a requirement that is not there: "unknown requirement SR-3: did you mean ST-3?" */
export function unknownRequirement(course: Course, id: string): string {
  const ids = course.lessons.flatMap(({ requirements }) => requirements.map((requirement) => requirement.id))
  return unknownName('requirement', id, ids)
}

/** The folders of all lessons, those included that cannot be read. */
export function lessonFolders(root: string): string[] {
  return foldersIn(join(root, 'lessons'))
}

function contradictions(lessons: readonly Lesson[], root: string): Problem[] {
  const problems: Problem[] = []
  const numbers = new Map<string, Lesson>()
  const ids = new Map<string, string>()
  const rooms = new Map<string, string>()
  for (const lesson of lessons) {
    const report: Report = (line, message) => problems.push({ file: lesson.file, line, message })

    const twin = numbers.get(lesson.number)
    if (twin) report(1, `lesson ${lesson.number} is there twice, also as ${twin.folder}: number one anew`)

    for (const need of lesson.needs) {
      if (numbers.has(need)) continue
      const meant = nearest(need, numbers.keys())
      const advice = meant === undefined ? 'there is none before it' : `did you mean ${meant}?`
      report(lesson.at.needs, `needs names ${need}, which is no earlier lesson: ${advice}`)
    }

    for (const { id, line } of lesson.requirements) {
      const place = ids.get(id)
      if (place !== undefined) report(line, `${id} is taken, at ${place}: choose another prefix`)
      else ids.set(id, `${lesson.file}:${line}`)
    }

    for (const room of lesson.rooms) {
      const owner = rooms.get(room)
      if (owner !== undefined) {
        report(lesson.at.rooms, `the room ${room} belongs to lesson ${owner}: a room has one lesson`)
      } else rooms.set(room, lesson.folder)
      if (isFixture(room)) {
        report(lesson.at.rooms, `no room is called ${room}: that is what stands beside the rooms`)
      }
      if (hasReference(root) && !existsSync(join(root, 'solutions', `${room}.ts`))) {
        report(lesson.at.rooms, `expected the room ${room} at solutions/${room}.ts, came no such file`)
      }
    }
    if (!twin) numbers.set(lesson.number, lesson)
  }
  return problems
}
