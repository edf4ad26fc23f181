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
import { type RoomFiles, referenceOf, writeRooms, wrongOnes } from './lesson-rooms.ts'

const WANTED_MS = 150
/** Between a verdict and the next save, in ms: nobody types faster, and what the loop does after a verdict is over. */
const PAUSE_MS = 700
/** How long a verdict may take before nobody waits for it any longer, in ms. */
const LOST_MS = 20_000

/**
 * Measures the loop of one lesson: from writing a file to the last byte of the verdict.
 *
 * @param suites the folder of the compiled suites
 */
export function saveToVerdict(
  course: Course,
  lesson: Lesson,
  suites: string,
  edits: number,
): Promise<Figure> {
  const { root } = course
  return inTemporaryFolder('bench', async (folder) => {
    linkRepository(root, folder)
    const work = join(folder, 'work')
    mkdirSync(work)
    const good = referenceOf(course, lesson)
    const wrong = wrongOnes(course, lesson)
    writeRooms(work, good, 0)
    const script = join(dirname(suites), 'src/commands/learn.process.js')
    const loop = openLoop(script, [root, folder, suites, lesson.number])
    try {
      await loop.verdict()
      const times: Record<'good' | 'bad' | 'failure' | 'again', number[]> = {
        good: [],
        bad: [],
        failure: [],
        again: [],
      }
      let writes = 0
      const save = async (rooms: RoomFiles) => {
        await sleep(PAUSE_MS)
        const verdict = loop.verdict()
        const started = performance.now()
        writeRooms(work, rooms, ++writes)
        const { passed, failureAt } = await verdict
        const ms = performance.now() - started
        const kind = rooms === good ? 'good' : 'bad'
        if (passed !== (kind === 'good'))
          fail(`save ${writes} of ${lesson.folder} was ${kind}, and was not judged so`)
        return { ms, failureMs: failureAt === undefined ? [] : [failureAt - started] }
      }
      for (let edit = 1; edit <= edits; edit++) {
        const bad = edit % 2 === 1 ? wrong[(edit >> 1) % wrong.length] : undefined
        const { ms, failureMs } = await save(bad ?? good)
        times[bad ? 'bad' : 'good'].push(ms)
        times.failure.push(...failureMs)
        // As by somebody whose change has not helped.
        if (bad) times.again.push(...(await save(bad)).failureMs)
      }
      const spread = spreadOf([...times.good, ...times.bad])
      return {
        what: `from a save to the last byte of the verdict in the loop, lesson ${lesson.number}`,
        value: inMs(spread),
        wanted: `≤ ${WANTED_MS} ms`,
        held: spread.median <= WANTED_MS,
        details: [
          `median of ${edits} edits, alternately good ${inMs(spreadOf(times.good))} and bad ${inMs(spreadOf(times.bad))}`,
          `the first failure of a bad one is explained after ${inMs(spreadOf(times.failure))}, saved again after ${inMs(spreadOf(times.again))}`,
          'the loop of npm start in a process of its own, its terminal a pipe; timed by another process, which writes the file',
        ],
      }
    } finally {
      await loop.close()
    }
  })
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
