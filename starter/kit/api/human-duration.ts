const minute = 60
const hour = 60 * minute
const day = 24 * hour
const year = 365 * day

/**
 * A duration as `kubectl` shows ages: `45s`, `4m53s`, `10m`, `3h12m`, `5d`.
 *
 * Mirrors: `HumanDuration` of k8s.io/apimachinery/pkg/util/duration
 */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000)
  if (Number.isNaN(seconds)) return '<unknown>'
  // Clocks differ a little, so that something may be younger than nothing.
  if (seconds < 0) return seconds < -1 ? '<invalid>' : '0s'
  if (seconds < 2 * minute) return `${seconds}s`
  if (seconds < 10 * minute) return both(seconds, minute, 'm', 1, 's')
  if (seconds < 3 * hour) return `${Math.floor(seconds / minute)}m`
  if (seconds < 8 * hour) return both(seconds, hour, 'h', minute, 'm')
  if (seconds < 2 * day) return `${Math.floor(seconds / hour)}h`
  if (seconds < 8 * day) return both(seconds, day, 'd', hour, 'h')
  if (seconds < 2 * year) return `${Math.floor(seconds / day)}d`
  if (seconds < 8 * year) return both(seconds, year, 'y', day, 'd')
  return `${Math.floor(seconds / year)}y`
}

function both(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small)
  return `${Math.floor(seconds / large)}${largeName}${rest > 0 ? `${rest}${smallName}` : ''}`
}
