import { lessonScript } from '../bundle/lesson-script.ts'
import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { roomAt } from '../course/regions.ts'
import { referenceRooms } from '../course/tree.ts'
import { instrument, type Mutant, mistaken } from '../mutation/instrument.ts'
import type { Check } from '../runner/check.ts'
import type { CheckVerdict } from '../runner/outcome.ts'
import { runChecks } from '../runner/run-checks.ts'
import { EXCEEDED } from '../sandbox/limits.ts'
import type { OpenLinks } from '../subject/open-links.ts'
import type { RoomFiles } from './lesson-rooms.ts'

/**
 * The reference's rooms of a lesson with one mistake each: mutants, spread evenly over what the learner writes. None of them
 * passes, and none runs for ever: how long that takes is the limit's affair.
 *
 * @throws {Error} if there are not so many
 */
export async function badEdits(
  { root, lessons }: Course,
  lesson: Lesson,
  checks: readonly Check[],
  openLinks: OpenLinks,
  count: number,
): Promise<RoomFiles[]> {
  const reference = referenceRooms(root)
  const files = new Map(
    lesson.rooms.map((room) => [`solutions/${room}.ts`, reference.get(`${room}.ts`) ?? '']),
  )
  const { mutants } = await instrument(files, lesson.folder, lessons)
  const links = await openLinks(1)

  /** The rooms with a mistake in them, by their names. */
  function roomsWith(mutant: Mutant): Map<string, string> {
    const texts = [...files].map(([file, text]): [string, string] => {
      const changed = file === mutant.file ? mistaken(text, mutant) : text
      return [
        file.slice('solutions/'.length, -'.ts'.length),
        roomAt(file, changed, lessons, Number.POSITIVE_INFINITY),
      ]
    })
    return new Map(texts)
  }

  async function isBad(rooms: ReadonlyMap<string, string>): Promise<boolean> {
    const source = (room: string) => rooms.get(room) ?? reference.get(`${room}.ts`)
    const stock = { source, learners: lesson.rooms, stack: 'alone' } as const
    const { script, placesOf } = await lessonScript({ root, lessons }, lesson, stock, checks[0]?.beside)
    const { openLink } = links
    const job = { lesson: lesson.folder, checks, seed: 1, openLink, script, placesOf, stopAfter: isEndless }
    const { results } = await runChecks(job)
    return results.some(({ outcome }) => outcome !== 'passed') && !results.some(isEndless)
  }

  const found: RoomFiles[] = []
  try {
    for (let edit = 0; edit < count; edit++) {
      const from = Math.floor((edit * mutants.length) / count)
      const to = Math.floor(((edit + 1) * mutants.length) / count)
      for (const mutant of mutants.slice(from, to)) {
        const rooms = roomsWith(mutant)
        if (!(await isBad(rooms))) continue
        found.push(new Map([...rooms].map(([room, text]) => [`${room}.ts`, text])))
        break
      }
    }
  } finally {
    links.close()
  }
  if (found.length < count)
    throw new Error(`expected ${count} mistakes that are noticed, came ${found.length}`)
  return found
}

function isEndless({ message }: CheckVerdict): boolean {
  return message === EXCEEDED.requestCpu
}
