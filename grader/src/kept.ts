import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text that takes long to make, kept from one run to the next. */
export interface Kept {
  /** The text, if it was made before; `undefined` if it was not, or of something else. */
  read(): string | undefined
  /** Keeps it, where there is a place for it: `node_modules`. */
  write(text: string): void
}

/**
 * Where a text is kept. It is another place, in which nothing is yet, as soon as anything changes that it is made of. What cannot
 * be read or written is not kept.
 *
 * @param root the repository or the student edition
 * @param name what it is, in a word
 * @param parts what it is made of and by, as text
 */
export function keptText(root: string, name: string, parts: readonly string[]): Kept {
  const key = createHash('sha256')
    .update(JSON.stringify(parts))
    .update(stampOf([join(root, 'package-lock.json')]))
  const cache = join(root, 'node_modules/.cache/drydock')
  const place = join(cache, `${name}-${key.digest('hex').slice(0, 16)}`)
  return {
    read() {
      try {
        return readFileSync(place, 'utf8')
      } catch {
        return undefined
      }
    },
    write(text) {
      if (!existsSync(join(root, 'node_modules'))) return
      try {
        mkdirSync(cache, { recursive: true })
        // Whole or not at all: others may be reading.
        writeFileSync(`${place}.${process.pid}`, text)
        renameSync(`${place}.${process.pid}`, place)
      } catch {
        // It is made again the next time.
      }
    },
  }
}

/** What tells files from what they are once they have changed: their names, sizes and times. */
export function stampOf(files: readonly string[]): string {
  const stamps = files.map((file) => {
    const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 }
    return `${file}\0${mtimeMs}\0${size}\n`
  })
  return stamps.join('')
}
