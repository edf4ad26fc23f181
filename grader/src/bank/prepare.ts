import { execFileSync } from 'node:child_process'
import { closeSync, cpSync, ftruncateSync, mkdirSync, openSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { HostileEntry, SetupStep } from './entry.ts'

/**
 * Makes a copy of a hostile submission, with what git cannot hold.
 *
 * @param root the repository
 * @param into a folder that is there
 * @returns the folder of the copy
 */
export function prepare(root: string, entry: HostileEntry, into: string): string {
  const named = entry.setup.find((step) => step.do === 'named')
  const folder = join(into, named?.name ?? entry.name)
  cpSync(join(root, entry.folder), folder, { recursive: true, verbatimSymlinks: true })
  rmSync(join(folder, 'verdict.yaml'))
  for (const step of entry.setup) carryOut(step, folder)
  return folder
}

/** Why a submission cannot be prepared on this machine, as a sentence; `undefined` if it can. */
export function cannotPrepare(entry: HostileEntry): string | undefined {
  const special = entry.setup.find((step) => step.do === 'link' || step.do === 'fifo')
  return special && process.platform === 'win32' ? `there is no ${special.do} on Windows` : undefined
}

function carryOut(step: SetupStep, folder: string): void {
  if (step.do === 'named') return
  const path = join(folder, step.path)
  mkdirSync(dirname(path), { recursive: true })
  rmSync(path, { recursive: true, force: true })
  if (step.do === 'link') symlinkSync(step.to, path)
  if (step.do === 'fifo') execFileSync('mkfifo', [path])
  if (step.do === 'bytes') {
    const descriptor = openSync(path, 'w')
    ftruncateSync(descriptor, step.size)
    closeSync(descriptor)
  }
}
