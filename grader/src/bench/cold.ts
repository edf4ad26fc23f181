import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { inTemporaryFolder } from '../temporary-folder.ts'
import { type Figure, inMs, spreadOf } from './figure.ts'
import { referenceOf, writeRooms } from './lesson-rooms.ts'
import { timeCommand, timeNpmScript } from './run-command.ts'

const WANTED_MS = 1_000

/** Measures the grading of one lesson from the command line, with nothing running beforehand. */
export function cold(course: Course, lesson: Lesson, runs: number): Promise<Figure> {
  return inTemporaryFolder('bench', async (folder) => {
    writeRooms(folder, referenceOf(course, lesson), 0)
    const args = ['grade', folder, '--lesson', lesson.number]
    const direct: number[] = []
    const throughNpm: number[] = []
    for (let run = 0; run < runs; run++) {
      for (const [times, command] of [
        [direct, timeCommand],
        [throughNpm, timeNpmScript],
      ] as const) {
        const { ms, exitCode } = await command(course.root, args)
        if (exitCode !== 0) throw new Error(`grading the reference ended with exit code ${exitCode}`)
        times.push(ms)
      }
    }
    const spread = spreadOf(direct)
    const npm = spreadOf(throughNpm)
    return {
      what: `lesson ${lesson.number} graded cold`,
      value: inMs(spread),
      wanted: `≤ ${WANTED_MS} ms`,
      held: spread.median <= WANTED_MS,
      details: [
        `node bin/drydock.mjs grade DIR --lesson ${lesson.number}, the reference, median of ${runs}`,
        `through npm run: ${inMs(npm)}, so npm's own start-up is ${(npm.median - spread.median).toFixed(0)} ms`,
      ],
    }
  })
}
