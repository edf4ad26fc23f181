import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Reads a text file; its lines end in `\n` whatever the checkout made of them. */
export function readText(path: string): string {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
}

/**
 * Reads every file under a folder, those below folders too; empty if there is no such folder.
 *
 * @returns texts under paths from that folder, with `/`, in the order of the paths
 */
export function readTree(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map()
  const paths: string[] = []
  const visit = (below: string) => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) visit(path)
      else if (entry.isFile()) paths.push(path)
    }
  }
  visit('')
  return new Map(paths.sort().map((path) => [path, readText(join(folder, path))]))
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
