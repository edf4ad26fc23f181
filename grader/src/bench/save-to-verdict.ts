import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { endTogether } from '../end-together.ts'
import type { Frame } from '../learn/loop.ts'
import { inTemporaryFolder } from '../temporary-folder.ts'
import { type Figure, inMs, spreadOf } from './figure.ts'
import { type RoomFiles, referenceOf, writeRooms } from './lesson-rooms.ts'

const WANTED_MS = 150
/** Between a verdict and the next save, in ms: nobody types faster, and what the loop does after a verdict is over. */
const PAUSE_MS = 700
/** How long a verdict may take before nobody waits for it any longer, in ms. */
const LOST_MS = 20_000

/**
 * Measures the loop of one lesson: from writing a file to the last byte of the verdict.
 *
 * @param suites the folder of the compiled suites
 * @param bad rooms with one mistake each, at least one
 */
export function saveToVerdict(
  course: Course,
  lesson: Lesson,
  suites: string,
  bad: readonly RoomFiles[],
): Promise<Figure> {
  const { root } = course
  return inTemporaryFolder('bench', async (folder) => {
    linkRepository(root, folder)
    const work = join(folder, 'work')
    mkdirSync(work)
    const good = referenceOf(course, lesson)
    writeRooms(work, good, 0)
    const script = join(dirname(suites), 'src/commands/learn.process.js')
    const loop = openLoop(script, [root, folder, suites, lesson.number])
    try {
      await loop.verdict()
      const times: Record<'good' | 'bad' | 'failure' | 'again' | 'all', number[]> = {
        good: [],
        bad: [],
        failure: [],
        again: [],
        all: [],
      }
      let writes = 0
      const save = async (rooms: RoomFiles, isGood: boolean) => {
        await sleep(PAUSE_MS)
        const verdict = loop.verdict()
        const started = performance.now()
        writeRooms(work, rooms, ++writes)
        const { passed, failureAt } = await verdict
        const ms = performance.now() - started
        if (passed !== isGood)
          fail(`save ${writes} of ${lesson.folder} was ${isGood ? 'good' : 'bad'}, and was not judged so`)
        return { ms, failureMs: failureAt === undefined ? [] : [failureAt - started] }
      }
      for (const rooms of bad) {
        const { ms, failureMs } = await save(rooms, false)
        times.bad.push(ms)
        times.failure.push(...failureMs)
        // As by somebody whose change has not helped.
        times.again.push(...(await save(rooms, false)).failureMs)
        times.good.push((await save(good, true)).ms)
      }
      for (let edit = 0; edit < bad.length; edit++)
        times.all.push((await save(concerningAll(good, edit), true)).ms)
      const spread = spreadOf([...times.good, ...times.bad])
      return {
        what: `from a save to the last byte of the verdict in the loop, lesson ${lesson.number}`,
        value: inMs(spread),
        wanted: `≤ ${WANTED_MS} ms`,
        held: spread.median <= WANTED_MS,
        details: [
          `median of ${2 * bad.length} edits: mistakes all over the rooms ${inMs(spreadOf(times.bad))}, and each put right ${inMs(spreadOf(times.good))}`,
          `an edit that stands in no function, so that every check is run again: ${inMs(spreadOf(times.all))}`,
          `the first failure of a bad one is explained after ${inMs(spreadOf(times.failure))}, saved again after ${inMs(spreadOf(times.again))}`,
          'the loop of npm start in a process of its own, its terminal a pipe; timed by another process, which writes the file',
        ],
      }
    } finally {
      await loop.close()
    }
  })
}

/** Right rooms, in which nothing is certain to be what it was. */
function concerningAll(rooms: RoomFiles, edit: number): RoomFiles {
  return new Map([...rooms].map(([file, text]) => [file, `${text}export const edit = ${edit}\n`]))
}

/** Makes `folder` look like the repository, by links to all that is in it but for what a learner has written. */
function linkRepository(root: string, folder: string): void {
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.name === 'work' || entry.name.startsWith('.')) continue
    // Of the two kinds, the one that needs no rights on Windows.
    symlinkSync(join(root, entry.name), join(folder, entry.name), entry.isDirectory() ? 'junction' : 'file')
  }
}

/** Starts the loop's process, and tells when a verdict is on its screen. */
function openLoop(script: string, args: string[]) {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, TERM: 'xterm' },
  })
  endTogether(child)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // What nobody reads would fill the pipe.
  child.stdout?.resume()
  let gradings = 0
  /** The last grading in which something failed, and when that was on the screen. */
  let failing = { grading: 0, at: 0 }
  let onVerdict: ((grading: number) => void) | undefined
  child.on('message', (message) => {
    const { kind, grading } = message as Frame
    gradings = Math.max(gradings, grading)
    if (kind === 'failure') failing = { grading, at: performance.now() }
    if (kind === 'verdict') onVerdict?.(grading)
  })
  /** Of a grading that begins from now on: whether the lesson has passed, and if not, when the first failure was shown. */
  const nextVerdict = () =>
    new Promise<{ passed: boolean; failureAt?: number }>((resolve, reject) => {
      const before = gradings
      const timer = setTimeout(
        () => reject(new Error(`the loop showed no verdict within ${LOST_MS / 1000} s`)),
        LOST_MS,
      )
      onVerdict = (grading) => {
        if (grading <= before) return
        clearTimeout(timer)
        resolve(failing.grading === grading ? { passed: false, failureAt: failing.at } : { passed: true })
      }
    })
  return {
    verdict: () => Promise.race([nextVerdict(), ended.then(() => fail('the loop has ended'))]),
    async close() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 2_000)
      await ended
      clearTimeout(timer)
    },
  }
}

function fail(message: string): never {
  throw new Error(message)
}
