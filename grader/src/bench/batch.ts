import { join } from 'node:path'
import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { inTemporaryFolder } from '../temporary-folder.ts'
import type { Figure } from './figure.ts'
import { referenceOf, writeRooms, wrongOnes } from './lesson-rooms.ts'
import { timeCommand } from './run-command.ts'

const WANTED_A_MINUTE = 450

/** Measures a batch of submissions of one lesson, no two of them the same, from start to end of the command. */
export function batch(course: Course, lesson: Lesson, submissions: number): Promise<Figure> {
  return inTemporaryFolder('bench', async (folder) => {
    const good = referenceOf(course, lesson)
    const wrong = wrongOnes(course, lesson)
    const folders = Array.from({ length: submissions }, (_, index) => {
      const submission = join(folder, String(index))
      const rooms = (index % 2 === 1 && wrong[(index >> 1) % wrong.length]) || good
      writeRooms(submission, rooms, index)
      return submission
    })
    const json = join(folder, 'verdicts.json')
    const { ms, exitCode } = await timeCommand(course.root, [
      'grade',
      ...folders,
      '--lesson',
      lesson.number,
      '--json',
      json,
      '--unverified',
    ])
    if (exitCode !== 0 && exitCode !== 1) throw new Error(`the batch ended with exit code ${exitCode}`)
    const aMinute = (submissions * 60_000) / ms
    return {
      what: `batch, lesson ${lesson.number}`,
      value: `${aMinute.toFixed(0)} submissions a minute`,
      wanted: `≥ ${WANTED_A_MINUTE} on two cores`,
      held: aMinute >= WANTED_A_MINUTE,
      details: [
        `${submissions} submissions with ${submissions} hashes in ${(ms / 1000).toFixed(1)} s, start of the command included; nothing cached`,
        `the reference and ${wrong.length} wrong submissions of the bank, alternately`,
      ],
    }
  })
}
