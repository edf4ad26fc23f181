import type { ChildProcess } from 'node:child_process'

/** Ends a child when this process ends: whoever is told to stop leaves nobody behind. */
export function endTogether(child: ChildProcess): void {
  const end = () => void child.kill()
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
}
