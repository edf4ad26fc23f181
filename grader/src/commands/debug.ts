import inspector from 'node:inspector'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { agentScript } from '../bundle/agent-script.ts'
import { lessonScript } from '../bundle/lesson-script.ts'
import { aloneStock, ownStock } from '../bundle/stack.ts'
import { loadCourse } from '../course/course.ts'
import { exampleChecks } from '../examples/example-checks.ts'
import { readRooms } from '../learn/read-rooms.ts'
import { workFolder } from '../learn/work-tree.ts'
import { checkLines } from '../reports/terminal.ts'
import { runCheck } from '../runner/run-check.ts'
import { parsePrinted } from '../sandbox/protocol.ts'
import { inProcess } from '../subject/in-process.ts'
import { RemoteSubject } from '../subject/remote.ts'
import { type CommandContext, UsageError } from './context.ts'
import { select } from './select.ts'

/** What `npm run debug` can be asked. */
export interface DebugOptions {
  seed: number
  /** The inspector's port on this machine. */
  port: number
  /** Over your own rooms of the lessons below, too. */
  own?: boolean
}

/**
 * Runs one check on the rooms in `work/`, in this process, once a debugger is attached.
 *
 * @returns the exit code: 0 if it passed, 1 if not
 * @throws {UsageError} if there is no such check or room, or the port cannot be had
 */
export async function debug(
  context: CommandContext,
  id: string,
  { seed, port, own }: DebugOptions,
): Promise<number> {
  const { root, suites, out, err } = context
  const course = loadCourse(root)
  const selection = await select(course, suites, [], [id], (lesson) => exampleChecks(root, lesson))
  const [part] = selection
  const [check] = part?.checks ?? []
  if (!part || !check || part.checks.length !== 1) {
    throw new UsageError(`${id} has several checks: name one, such as ${check?.id}`)
  }
  const work = readRooms(course)
  const missing = part.lesson.rooms.find((room) => !work.rooms.has(room))
  if (missing !== undefined)
    throw new UsageError(work.refused.get(missing) ?? `work/${missing}.ts is not there: npm start adds it`)
  const folder = workFolder(root)
  const fileOf = (room: string) => {
    const isLearners = stock.learners.includes(room)
    return join(isLearners ? folder : join(root, 'solutions'), `${room}.ts`)
  }
  const stock = (own ? ownStock : aloneStock)(course, part.lesson, work.rooms)
  const { script, map, placesOf } = await lessonScript(course, part.lesson, stock, check.beside)

  inspector.open(port, '127.0.0.1')
  if (inspector.url() === undefined)
    throw new UsageError(`the port ${port} cannot be had: choose another with --port`)
  err.write(
    `Waiting for a debugger on 127.0.0.1:${port}: chrome://inspect, or "Attach to Node Process" in your editor.\nBreakpoints in ${folder} hold.\n`,
  )
  inspector.waitForDebugger()
  const link = inProcess(await agentScript(root))
  link.onLog((line) => out.write(`${parsePrinted(line)?.[1] ?? ''}\n`))
  try {
    const rooms = `${script.rooms}\n${inlineMap(map, fileOf)}`
    const subject = new RemoteSubject(link, seed, { ...script, rooms })
    const { stack } = stock
    const verdict = await runCheck({ lesson: part.lesson.folder, seed, placesOf, stack }, check, subject)
    out.write(`${checkLines(verdict, { console: {}, stoppedAt: {} }).join('\n')}\n`)
    return verdict.outcome === 'passed' ? 0 : 1
  } finally {
    link.stop()
    inspector.close()
  }
}

/** The map as a debugger wants it: beside the script, with the rooms as files. */
function inlineMap(map: string, fileOf: (room: string) => string): string {
  const parsed = JSON.parse(map) as { sources: string[] }
  parsed.sources = parsed.sources.map((source) =>
    source.replace(/^room:(.*)$/, (_, room: string) => pathToFileURL(fileOf(room)).href),
  )
  return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(parsed)).toString('base64')}`
}
