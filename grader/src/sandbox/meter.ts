import { POLL_MS } from './limits.ts'
import { canMeasure, type Usage, usageOf } from './process-tree.ts'

/** A process whose use of the machine is looked at from time to time. */
export interface Metered {
  readonly pid: number
  /**
   * @param usage `undefined` where this machine does not tell
   * @param passedMs time since the last look, in ms
   */
  onUsage(usage: Usage | undefined, passedMs: number): void
}

/** One look in so many is at all threads: node has a dozen, and no room has any use for them. */
const THOROUGH = 4

const metered = new Set<Metered>()
let interval: NodeJS.Timeout | undefined
let lastLookMs = 0
let looks = 0

/** Looks at a process every {@link POLL_MS} from now on. */
export function startMetering(process: Metered): void {
  metered.add(process)
  if (interval) return
  lastLookMs = performance.now()
  interval = setInterval(look, POLL_MS)
  interval.unref()
}

/** Looks at it no more. */
export function stopMetering(process: Metered): void {
  metered.delete(process)
  if (metered.size > 0) return
  clearInterval(interval)
  interval = undefined
}

function look(): void {
  const now = performance.now()
  // Where the grader itself was held up, nobody looked, and nobody read an answer that may have come meanwhile.
  const passedMs = Math.min(now - lastLookMs, 4 * POLL_MS)
  lastLookMs = now
  const quick = ++looks % THOROUGH !== 0
  for (const process of [...metered])
    process.onUsage(canMeasure ? usageOf(process.pid, quick) : undefined, passedMs)
}
