import { arch, cpus, loadavg, release, totalmem, type } from 'node:os'

/** What the figures were measured on, in one line; and how busy it was with something else, where it tells. */
export function machine(): string {
  const processors = cpus()
  const model = processors[0]?.model.trim().replace(/\s+/g, ' ') || 'unknown processor'
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`
  const [load = 0] = loadavg()
  const busy = load > 0 ? `, load ${load.toFixed(1)} at the start` : ''
  return `${model} (${arch()}), ${processors.length} cores, ${memory}, ${type()} ${release()}, Node ${process.versions.node}${busy}`
}
