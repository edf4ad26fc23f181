import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { roomAt } from '../course/regions.ts'
import { referenceRooms } from '../course/tree.ts'
import { beginGrading } from '../learn/lesson-grader.ts'
import { isPassed } from '../learn/lesson-result.ts'
import { instrument, type Mutant, mistaken, roomsToMutate } from '../mutation/instrument.ts'
import type { Check } from '../runner/check.ts'
import type { OpenLinks } from '../subject/open-links.ts'
import type { RoomFiles } from './lesson-rooms.ts'

/** How long a mistake may take to be noticed in every check, in ms: what runs for ever takes as long as the limits say. */
const NOTICED_MS = 3_000

/**
 * The reference's rooms of a lesson with one mistake each: mutants, spread evenly over what the learner writes. None of them
 * passes, and none runs for ever.
 *
 * @throws {Error} if there are not so many
 */
export async function badEdits(
  course: Course,
  lesson: Lesson,
  checks: Check[],
  openLinks: OpenLinks,
  count: number,
): Promise<RoomFiles[]> {
  const { root, lessons } = course
  const files = roomsToMutate(lesson, referenceRooms(root))
  const { mutants } = await instrument(files, lesson.folder, lessons)
  const { openLink, close } = await openLinks(1)

  /** The rooms with a mistake in them. */
  function roomsWith(mutant: Mutant): RoomFiles {
    const texts = [...files].map(([file, text]): [string, string] => {
      const changed = file === mutant.file ? mistaken(text, mutant) : text
      return [file.slice('solutions/'.length), roomAt(file, changed, lessons, Number.POSITIVE_INFINITY)]
    })
    return new Map(texts)
  }

  async function isNoticed(files: RoomFiles): Promise<boolean> {
    const rooms = new Map([...files].map(([file, text]) => [file.slice(0, -'.ts'.length), text]))
    const submission = { path: 'bench', hash: '', rooms, refused: new Map(), ignored: [] }
    const loadChecks = async () => checks
    const grading = beginGrading({
      course,
      lesson,
      submission,
      seed: 1,
      openLink,
      loadChecks,
      onCheck: () => undefined,
    })
    const timer = setTimeout(() => grading.cancel(), NOTICED_MS)
    const result = await grading.result
    clearTimeout(timer)
    return result !== undefined && !isPassed(result)
  }

  /** The first of some that is noticed. */
  async function firstNoticed(some: readonly Mutant[]): Promise<RoomFiles> {
    for (const mutant of some) {
      const rooms = roomsWith(mutant)
      if (await isNoticed(rooms)) return rooms
    }
    throw new Error(`expected a mistake that is noticed soon, came ${some.length} that are not`)
  }

  try {
    const edits: RoomFiles[] = []
    const at = (edit: number) => Math.floor((edit * mutants.length) / count)
    for (let edit = 0; edit < count; edit++)
      edits.push(await firstNoticed(mutants.slice(at(edit), at(edit + 1))))
    return edits
  } finally {
    close()
  }
}
