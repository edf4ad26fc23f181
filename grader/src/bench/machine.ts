import { spawnSync } from 'node:child_process'
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os'
import { spreadOf } from './figure.ts'

/** How often node is started to tell how fast the machine is. */
const STARTS = 9

/**
 * What the figures were measured on, in one line: the machine, how fast it starts and ends a node with nothing to do, and how busy
 * it was with something else, where it tells.
 */
export function machine(): string {
  const processors = cpus()
  const model = processors[0]?.model.trim().replace(/\s+/g, ' ') || 'unknown processor'
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`
  const [load = 0] = loadavg()
  const busy = load > 0 ? `, load ${load.toFixed(1)} at the start` : ''
  // Node reads and parses all of them before anything else, each time: in twice the time, with the certificates of a whole system.
  const certificates = process.env.NODE_EXTRA_CA_CERTS ? ' (as long as NODE_EXTRA_CA_CERTS is set)' : ''
  return `${model} (${arch()}), ${processors.length} cores, ${memory}, ${type()} ${release()}, Node ${process.versions.node}, which it starts and ends in ${nodeMs().toFixed(0)} ms${certificates}${busy}`
}

function nodeMs(): number {
  const times = Array.from({ length: STARTS }, () => {
    const started = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    return performance.now() - started
  })
  return spreadOf(times).median
}
