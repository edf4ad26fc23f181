import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Does work in a new folder, which is removed afterwards, also if Ctrl-C comes first. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const onInterrupt = () => {
    remove()
    process.exit(130)
  }
  process.once('SIGINT', onInterrupt)
  try {
    return await work(folder)
  } finally {
    process.off('SIGINT', onInterrupt)
    remove()
  }
}

/** Makes `folder` look like the repository, by links to all that is in it but for what a learner has written. */
export function linkRepository(root: string, folder: string): void {
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.name === 'work' || entry.name.startsWith('.')) continue
    // Of the two kinds, the one that needs no rights on Windows.
    symlinkSync(join(root, entry.name), join(folder, entry.name), entry.isDirectory() ? 'junction' : 'file')
  }
}

/**
 * Writes rooms, each with a comment that tells this version of them from any other.
 *
 * @param rooms by their files
 */
export function writeRooms(folder: string, rooms: ReadonlyMap<string, string>, version: number): void {
  for (const [file, text] of rooms) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${text}// ${version}\n`)
  }
}
