import { LIMITS, type Limit } from './limits.ts'
import type { Usage } from './process-tree.ts'

/** The limit, if any, that is hit by what a process uses now, whatever it is asked to do. */
export function overused({ residentBytes, pids, cpuMs }: Usage): Limit | undefined {
  if (residentBytes > LIMITS.memoryBytes) return 'memory'
  if (pids.length > LIMITS.processes) return 'processes'
  if (cpuMs > LIMITS.totalCpuMs) return 'totalCpu'
  return undefined
}

/** The time that one request may take. */
export class RequestTime {
  #waitedMs = 0
  #cpuMsBefore: number | undefined

  /**
   * Counts on.
   *
   * @param usage `undefined` where this machine does not tell
   * @param passedMs since the last call, in ms
   * @returns the limit that is hit now, if any
   */
  spent(usage: Usage | undefined, passedMs: number): Limit | undefined {
    this.#waitedMs += passedMs
    if (!usage) return this.#waitedMs > LIMITS.unmeasuredWallMs ? 'unmeasuredWall' : undefined
    // What was used before the first look is the submission's gain: a look at each request would cost more.
    this.#cpuMsBefore ??= usage.cpuMs
    if (usage.cpuMs - this.#cpuMsBefore > LIMITS.requestCpuMs) return 'requestCpu'
    return this.#waitedMs > LIMITS.requestWallMs ? 'requestWall' : undefined
  }
}
