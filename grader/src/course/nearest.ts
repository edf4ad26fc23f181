const LISTED_AT_MOST = 10

/**
 * The candidate that somebody who typed `name` most likely meant. Upper and lower case are the same here,
 * and swapped neighbours are one slip.
 *
 * @returns `undefined` if none is near: more than one slip in three characters
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const typed = name.toLowerCase()
  const allowed = Math.max(1, Math.floor(typed.length / 3))
  let best: { candidate: string; slips: number; shared: number } | undefined
  for (const candidate of candidates) {
    const known = candidate.toLowerCase()
    // Half a name, such as `queue` for `04-work-queue`, is as near as one slip.
    const slips = typed.length > 2 && known.includes(typed) ? 1 : slipsBetween(typed, known)
    if (slips > allowed) continue
    const shared = sharedStart(typed, known)
    if (!best || slips < best.slips || (slips === best.slips && shared > best.shared)) {
      best = { candidate, slips, shared }
    }
  }
  return best?.candidate
}

/**
 * The sentence for a name that is not known: "unknown lesson 02: did you mean 01?", or, where none is near,
 * the first ten that there are.
 *
 * @param kind what the name names: `lesson`, `requirement`
 */
export function unknownName(kind: string, name: string, candidates: Iterable<string>): string {
  const known = [...candidates]
  const meant = nearest(name, known)
  if (meant !== undefined) return `unknown ${kind} ${name}: did you mean ${meant}?`
  if (known.length === 0) return `unknown ${kind} ${name}: there is none`
  const listed = known.slice(0, LISTED_AT_MOST).join(', ')
  return `unknown ${kind} ${name}: expected one of ${listed}${known.length > LISTED_AT_MOST ? ', …' : ''}`
}

function sharedStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
function slipsBetween(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1]
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = current
  }
  return at(last, b.length)
}

function at(row: number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
