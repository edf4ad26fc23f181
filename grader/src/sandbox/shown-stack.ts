/** How the compiler heads what it puts into the script: a room by its name, a fixture by a path. */
const HEADING = /^\/\/ (?:(?:room|ours):(\S+)|entry)$/

/**
 * From now on, the stack of an error has the lines of rooms only: the names of what stands beside them would tell a room which
 * check it is in. To be called before anything can be thrown there, and before `Error` is locked.
 *
 * @returns what is to be told the script of the rooms, once it is known
 */
export function showRoomsOnly(): (rooms: string) => void {
  let beside = new Set<number>()
  Error.prepareStackTrace = (_, [site]) => Object.getPrototypeOf(site)
  // A room could ask, with sites of its own making, which lines are no room's.
  const ofSites: unknown = new Error().stack
  Error.prepareStackTrace = (error, sites) => {
    const shown = sites.filter((site) => {
      if (Object.getPrototypeOf(site) !== ofSites) return false
      return site.getFileName() === 'rooms.js' && !beside.has(site.getLineNumber() ?? 0)
    })
    return [inWords(error), ...shown.map((site) => `    at ${site}`)].join('\n')
  }
  return (rooms) => {
    beside = linesBeside(rooms)
  }
}

/** The lines of a script, from 1 on, that are no room's. */
function linesBeside(script: string): Set<number> {
  const beside = new Set<number>()
  let isBeside = true
  for (const [index, line] of script.split('\n').entries()) {
    const heading = HEADING.exec(line)
    if (heading) isBeside = heading[1]?.includes('/') ?? true
    if (isBeside) beside.add(index + 1)
  }
  return beside
}

function inWords(error: unknown): string {
  try {
    return String(error)
  } catch {
    return 'Error'
  }
}
