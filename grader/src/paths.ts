import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The repository that this code stands in: the nearest folder above it that has lessons and a starter.
 *
 * @throws {Error} if there is none
 */
export function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'lessons')) || !existsSync(join(folder, 'starter/kit'))) {
    const above = dirname(folder)
    if (above === folder)
      throw new Error(
        'this is not inside a Drydock repository: no folder above has lessons/ and starter/kit/',
      )
    folder = above
  }
  return folder
}
