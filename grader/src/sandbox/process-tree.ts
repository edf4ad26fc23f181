import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** What a process and all that it started use at this moment. */
export interface Usage {
  /** Parents before their children. */
  pids: number[]
  /** Processor time since the start, of children that have ended, too, in ms. */
  cpuMs: number
  residentBytes: number
}

/** Linux counts processor time for its readers in hundredths of a second, on every machine. */
const TICK_MS = 10
/** A tree that is larger than this is not followed to its end: nobody waits for a fork bomb to be counted. */
const MOST = 50

/** Whether {@link usageOf} can tell anything on this machine. */
export const canMeasure = existsSync(`/proc/self/task/${process.pid}/children`)

/**
 * Reads from `/proc` what the tree of processes below and with `root` uses. Those that have ended count as nothing.
 *
 * @param quick looks for what the first thread of each process has started, and not for what others have; default: `false`
 */
export function usageOf(root: number, quick = false): Usage {
  const usage: Usage = { pids: [root], cpuMs: 0, residentBytes: 0 }
  for (const pid of usage.pids) {
    usage.cpuMs += cpuMsOf(pid)
    usage.residentBytes += residentBytesOf(pid)
    if (usage.pids.length < MOST) usage.pids.push(...(quick ? startedBy(pid, pid) : childrenOf(pid)))
  }
  return usage
}

/** The processes that any thread of `pid` has started. */
export function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) => startedBy(pid, thread))
}

function startedBy(pid: number, thread: string | number): number[] {
  return read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number)
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function cpuMsOf(pid: number): number {
  // The second field is a name that the process chooses: what counts begins behind its last parenthesis.
  const stat = read(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15).map(Number)
  return (user + system + childrenUser + childrenSystem) * TICK_MS
}

function residentBytesOf(pid: number): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** Sends a signal to a process, or to a group of processes if `pid` is negative, if there still is one. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It is gone, which is what signals are for here.
  }
}
