import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes a file so that whoever reads it sees the old text or the new one, never a part. */
export function writeAtomically(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  const making = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(making, text)
    renameSync(making, file)
  } catch (error) {
    rmSync(making, { force: true })
    throw error
  }
}
