import { type ChildProcess, spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import { createInterface } from 'node:readline'
import type { TypeProblem } from './type-problem.ts'

/** How long one check may take if nobody says otherwise, in ms. */
const CHECK_LIMIT_MS = 5_000
/** How long the compiler may take to be loaded, and to read the language's library and the kit, in ms. */
const START_LIMIT_MS = 60_000
const MEMORY_MIB = 768
/** Less important than the verdict. */
const NICENESS = 10

/** Finds type errors in rooms, in a process of its own. */
export interface TypeChecker {
  /**
   * Checks rooms. Type errors are shown as a help, and cost nothing.
   *
   * @param rooms the text of every room that there is, by name
   * @param wanted the rooms whose problems are asked for
   * @returns `undefined` where the check takes too long or the compiler does not survive it; never rejects
   */
  check(rooms: ReadonlyMap<string, string>, wanted: readonly string[]): Promise<TypeProblem[] | undefined>
  /** Ends the process. */
  close(): void
}

/**
 * Makes a checker; its process starts with the first check, and stays.
 *
 * @param root the repository
 * @param processFile the compiled `type-check.process.js`
 * @param limitMs how long one check may take
 */
export function openTypeChecker(
  root: string,
  processFile: string,
  limitMs: number = CHECK_LIMIT_MS,
): TypeChecker {
  let compiler: Compiler | undefined
  let closed = false
  let tail: Promise<unknown> = Promise.resolve()

  const ask = async (question: string): Promise<TypeProblem[] | undefined> => {
    if (closed) return undefined
    compiler ??= startCompiler(root, processFile)
    const line = await compiler.ask(question, limitMs)
    if (line !== undefined) return parseProblems(line)
    compiler.end()
    compiler = undefined
    return undefined
  }

  return {
    check(rooms, wanted) {
      const question = JSON.stringify({ rooms: [...rooms], wanted })
      const answer = tail.then(() => ask(question))
      tail = answer.catch(() => undefined)
      return answer.catch(() => undefined)
    },
    close() {
      closed = true
      compiler?.end()
      compiler = undefined
    },
  }
}

interface Compiler {
  /** @returns `undefined` if there was no answer in time */
  ask(question: string, limitMs: number): Promise<string | undefined>
  end(): void
}

function startCompiler(root: string, processFile: string): Compiler {
  const child: ChildProcess = spawn(
    process.execPath,
    [`--max-old-space-size=${MEMORY_MIB}`, processFile, root],
    { cwd: root, stdio: ['pipe', 'pipe', 'ignore'] },
  )
  let waiting: ((line: string | undefined) => void) | undefined
  const tell = (line: string | undefined) => {
    const listener = waiting
    waiting = undefined
    listener?.(line)
  }
  child.on('error', () => tell(undefined))
  child.on('exit', () => tell(undefined))
  child.stdin?.on('error', () => tell(undefined))
  if (child.stdout) createInterface({ input: child.stdout }).on('line', tell)
  try {
    if (child.pid !== undefined) setPriority(child.pid, NICENESS)
  } catch {
    // It is as important as everything else, then.
  }

  const next = (limitMs: number) =>
    new Promise<string | undefined>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) {
        resolve(undefined)
        return
      }
      const timer = setTimeout(() => tell(undefined), limitMs)
      waiting = (line) => {
        clearTimeout(timer)
        resolve(line)
      }
    })
  const ready = next(START_LIMIT_MS)

  return {
    async ask(question, limitMs) {
      if ((await ready) !== 'ready') return undefined
      const answer = next(limitMs)
      child.stdin?.write(`${question}\n`)
      return answer
    },
    end() {
      child.kill('SIGKILL')
      tell(undefined)
    },
  }
}

/** What the compiler found; its process runs no code of a room, but read text that a room made. */
function parseProblems(line: string): TypeProblem[] {
  const parsed: unknown = JSON.parse(line)
  return Array.isArray(parsed) ? parsed.filter(isProblem) : []
}

function isProblem(value: unknown): value is TypeProblem {
  if (typeof value !== 'object' || value === null) return false
  const { room, line, column, message } = value as Record<keyof TypeProblem, unknown>
  return (
    typeof room === 'string' &&
    typeof line === 'number' &&
    typeof column === 'number' &&
    typeof message === 'string'
  )
}
