/** Strings and what stands between values; numbers and words are stepped over. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/gs

/** An object or a list around the place that is read. */
interface Surrounding {
  path: string
  /** The members so far. */
  names: Set<string>
  /** Where it is at: a member's name, or an element's place. */
  at: string | number
}

/** As much of a path as is told, in characters: a name may be as long as a body. */
const PATH_TOLD = 1_000

/**
 * The members that an object names twice, with their paths: `spec.containers[0].image`. Of these the last one counts.
 *
 * @param json that can be parsed
 * @param most how many are told; the rest is not looked for
 *
 * Mirrors: the duplicate fields of sigs.k8s.io/json
 */
export function duplicateFields(json: string, most: number): string[] {
  const found = new Set<string>()
  const outside: Surrounding[] = []
  let here: Surrounding = { path: '', names: new Set(), at: '' }
  let text = ''
  for (const [token] of json.matchAll(TOKEN)) {
    if (found.size === most) break
    if (token === '{' || token === '[') {
      outside.push(here)
      here = { path: pathOf(here), names: new Set(), at: token === '[' ? 0 : '' }
    } else if (token === '}' || token === ']') here = outside.pop() ?? here
    else if (token === ',') here.at = typeof here.at === 'number' ? here.at + 1 : ''
    else if (token === ':') {
      here.at = String(JSON.parse(text))
      if (here.names.has(here.at)) found.add(pathOf(here))
      here.names.add(here.at)
    } else text = token
  }
  return [...found]
}

function pathOf({ path, at }: Surrounding): string {
  const whole = typeof at === 'number' ? `${path}[${at}]` : path && at ? `${path}.${at}` : path || at
  return whole.slice(0, PATH_TOLD)
}
