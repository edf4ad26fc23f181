import { readFileSync } from 'node:fs'
import * as esbuild from 'esbuild'
import { POLL_MS } from '../sandbox/limits.ts'
import { canMeasure, childrenOf, type Usage, usageOf } from '../sandbox/process-tree.ts'

/** Processor time that the compiler may take for one submission, in ms. */
const COMPILE_LIMIT_MS = 5_000
/** How long one submission may wait for it, in ms: while this process is busy, no answer is read. */
const WAIT_LIMIT_MS = canMeasure ? 60_000 : COMPILE_LIMIT_MS
/** Resident memory of the compiler, in bytes: some two hundred times what a room takes. */
const MEMORY_LIMIT_BYTES = 512 * 2 ** 20

let tail: Promise<unknown> = Promise.resolve()
/** Those who wait for the service, by what rejects their build. */
const waiting = new Set<(why: CompilerDied) => void>()

// Left to itself in the middle of a build, it would print where each of its threads was.
process.once('exit', () => void esbuild.stop())

/** The compiler did not survive what it was given, or took too much of something. */
export class CompilerDied extends Error {}

/**
 * Runs esbuild, whose one service process all builds share. A build that brings the service down must not
 * take another submission's along: builds that fail so are repeated alone, and only then blamed.
 *
 * @throws {CompilerDied} if the service does not survive this build alone
 * @throws {esbuild.BuildFailure} if there is an error in what is built
 */
export async function compile<O extends esbuild.BuildOptions>(
  options: esbuild.SameShape<esbuild.BuildOptions, O>,
): Promise<esbuild.BuildResult<O>> {
  // Alone means alone: whoever begins meanwhile could bring the service down, too.
  for (let seen: unknown; seen !== tail; await tail) seen = tail
  try {
    return await limited(esbuild.build(options))
  } catch (error) {
    if (isBuildFailure(error)) throw error
    return alone(options)
  }
}

/**
 * Turns TypeScript into JavaScript, line by line, as a part of a build: it is given up together with it.
 *
 * @throws {CompilerDied} if the service is stopped meanwhile
 * @throws {esbuild.TransformFailure} if there is an error in the text
 */
export async function transform<O extends esbuild.TransformOptions>(
  text: string,
  options: esbuild.SameShape<esbuild.TransformOptions, O>,
): Promise<esbuild.TransformResult<O>> {
  return unlessStopped(esbuild.transform(text, options))
}

async function alone<O extends esbuild.BuildOptions>(
  options: esbuild.SameShape<esbuild.BuildOptions, O>,
): Promise<esbuild.BuildResult<O>> {
  const turn = tail.then(async () => {
    await stop()
    try {
      return await limited(esbuild.build(options))
    } catch (error) {
      if (isBuildFailure(error)) throw error
      await stop()
      throw new CompilerDied('the compiler did not get through these files', { cause: error })
    }
  })
  tail = turn.catch(() => undefined)
  return turn
}

/** Ends the service, and with it the builds of whoever waits for it: esbuild leaves them without an answer. */
async function stop(): Promise<void> {
  for (const giveUp of waiting) giveUp(new CompilerDied('the compiler was stopped'))
  await esbuild.stop()
}

/** What is asked of the service; rejects when it is stopped. */
async function unlessStopped<T>(answer: Promise<T>): Promise<T> {
  let giveUp = (_why: CompilerDied): void => undefined
  const stopped = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  waiting.add(giveUp)
  try {
    return await Promise.race([answer, stopped])
  } finally {
    waiting.delete(giveUp)
  }
}

async function limited<T>(build: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let poll: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    const tooLong = () => reject(new CompilerDied('the compiler took too long'))
    timer = setTimeout(tooLong, WAIT_LIMIT_MS)
    if (!canMeasure) return
    const before = usageOfCompiler()
    poll = setInterval(() => {
      const { cpuMs, residentBytes } = usageOfCompiler()
      if (cpuMs - before.cpuMs > COMPILE_LIMIT_MS) tooLong()
      // A few kilobytes of constants that are doubled again and again fill any machine in less time than that.
      if (residentBytes > MEMORY_LIMIT_BYTES) reject(new CompilerDied('the compiler took too much memory'))
    }, POLL_MS)
  })
  try {
    return await Promise.race([unlessStopped(build), limit])
  } finally {
    clearTimeout(timer)
    clearInterval(poll)
  }
}

/** What esbuild's service uses; nothing if it does not run. One that was stopped may still be there, before it. */
function usageOfCompiler(): Pick<Usage, 'cpuMs' | 'residentBytes'> {
  const pid = childrenOf(process.pid).findLast((pid) => nameOf(pid) === 'esbuild')
  return pid === undefined ? { cpuMs: 0, residentBytes: 0 } : usageOf(pid)
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'latin1').trim()
  } catch {
    return ''
  }
}

/** Whether an error is esbuild's own word about the source, with places. */
export function isBuildFailure(error: unknown): error is esbuild.BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors) && error.errors.length > 0
}
