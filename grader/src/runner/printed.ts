import { PRINTED, parsePrinted } from '../sandbox/protocol.ts'
import type { Link } from '../subject/link.ts'

/**
 * Collects what is printed from now on, at most {@link PRINTED} lines of a check; what is nobody's is dropped.
 *
 * @param logsOf the lines of whoever has that slot; `undefined` if nobody has
 */
export function collectPrinted(link: Link, logsOf: (slot: number) => string[] | undefined): void {
  link.onLog((line) => {
    const printed = parsePrinted(line)
    if (!printed) return
    const [slot, text] = printed
    const logs = logsOf(slot)
    if (logs && logs.length < PRINTED.lines) logs.push(text)
  })
}
