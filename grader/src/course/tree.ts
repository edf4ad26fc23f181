import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Reads a text file; its lines end in `\n` whatever the checkout made of them. */
export function readText(path: string): string {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
}

/**
 * All that is no folder under a folder, below folders too, links included; none if there is no such folder.
 *
 * @returns paths from that folder, with `/`, in order
 */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const paths: string[] = []
  const visit = (below: string) => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) visit(path)
      else paths.push(path)
    }
  }
  visit('')
  return paths.sort()
}

/**
 * The folders in a folder; none if there is no such folder.
 *
 * @returns their names, in order
 */
export function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort()
}

/**
 * Reads every file under a folder, those below folders too; empty if there is no such folder.
 *
 * @returns texts under paths from that folder, with `/`, in the order of the paths
 */
export function readTree(folder: string): Map<string, string> {
  const files = filesIn(folder).filter((path) => lstatSync(join(folder, path)).isFile())
  return new Map(files.map((path) => [path, readText(join(folder, path))]))
}

/** Whether there is a reference, as there is in no student edition. */
export function hasReference(root: string): boolean {
  return existsSync(join(root, 'solutions'))
}

/**
 * The reference rooms with their regions, under their paths from `solutions/`; what configures an editor
 * there is no room.
 */
export function referenceRooms(root: string): Map<string, string> {
  const files = readTree(join(root, 'solutions'))
  files.delete('tsconfig.json')
  return files
}
