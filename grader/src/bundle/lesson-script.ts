import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Course, OWN_API } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { roomsUpTo, type Standing, spokenRooms } from '../course/needs.ts'
import { filesIn } from '../course/tree.ts'
import { type Beside, type Bundle, bundle, type RoomSource } from './bundle.ts'
import { type PlacesOf, placesIn } from './place.ts'
import type { Stock } from './stack.ts'

/** The script of a lesson, with its way back to the learner's files. */
export interface LessonScript extends Bundle {
  placesOf: PlacesOf
}

/** What is asked of a course to make a script of one of its lessons. */
export interface ScriptCourse extends Pick<Course, 'root'> {
  lessons: readonly Standing[]
}

/**
 * Bundles what a lesson's checks speak to: its rooms, the suite's fixtures, and in an own stack its API; with all that these
 * stand on.
 *
 * @throws {BundleRefused}
 */
export async function lessonScript(
  { root, lessons }: ScriptCourse,
  lesson: Pick<Lesson, 'folder'> & Standing,
  { source, learners, stack }: Stock,
  beside?: Beside,
): Promise<LessonScript> {
  const rooms = spokenRooms(lessons, lesson)
  const hasApi = stack === 'own' && roomsUpTo(lessons, lesson).includes('api') && source('api') !== undefined
  const fixtures = fixturesOf(root, lesson, hasApi)
  const sourceOf: RoomSource = (room) =>
    learners.includes(room) ? source(room) : locked(fixtures.get(room) ?? source(room))
  const made = await bundle(root, [...rooms, ...fixtures.keys()], sourceOf, beside)
  return { ...made, placesOf: placesIn(made.map, learners) }
}

/**
 * A room or a fixture of ours: no room of a learner's can change its classes, which what stands beside uses, too. After its last
 * line, so that no line moves.
 */
function locked(text: string | undefined): string | undefined {
  const classes = Array.from(text?.matchAll(/^(?:export )?class (\w+)/gm) ?? [], ([, name]) => name)
  if (text === undefined || classes.length === 0) return text
  return `${text}\nfor (const one of [${classes.join(', ')}]) { Object.freeze(one); Object.freeze(one.prototype) }\n`
}

/** What stands beside the rooms, as text, by its name: `NAME.fixture.ts` in the suite's folder is `fixture/NAME`. */
function fixturesOf(root: string, { folder }: Pick<Lesson, 'folder'>, hasApi: boolean): Map<string, string> {
  const suite = join(root, 'grader/suites', folder)
  const files = filesIn(suite).flatMap((file): [name: string, file: string][] => {
    const [, name] = /^([^/]+)\.fixture\.ts$/.exec(file) ?? []
    return name === undefined ? [] : [[`fixture/${name}`, join(suite, file)]]
  })
  if (hasApi) files.push([OWN_API, join(root, 'grader/src/world/own-api.fixture.ts')])
  return new Map(files.map(([name, file]) => [name, readFileSync(file, 'utf8')]))
}
