import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Check, collectChecks } from './check.ts'

const loaded = new Map<string, Promise<Check[]>>()
let tail: Promise<unknown> = Promise.resolve()

/**
 * Whether there is a hidden suite of a lesson: in a student edition there may be none.
 *
 * @param folder where the suites stand, compiled or not
 * @param lesson the lesson's folder name
 */
export function hasSuite(folder: string, lesson: string): boolean {
  return suiteFile(folder, lesson) !== undefined
}

/**
 * The checks of a lesson's hidden suite, in their order: the manifest of every run.
 *
 * @param folder where the suites stand, compiled or not
 * @param lesson the lesson's folder name
 * @returns `undefined` if there is no suite
 */
export function loadSuite(folder: string, lesson: string): Promise<Check[]> | undefined {
  const file = suiteFile(folder, lesson)
  if (!file) return undefined
  const known = loaded.get(file)
  if (known) return known
  // One at a time: a suite declares its checks while it is imported.
  const checks = tail.then(async () => {
    const collected: Check[] = []
    collectChecks((check) => collected.push(check))
    await import(/* @vite-ignore */ pathToFileURL(file).href)
    const twice = collected.find(({ id }, index) => collected.findIndex((other) => other.id === id) !== index)
    if (twice) throw new Error(`${file}: two checks are called ${twice.id}`)
    return collected
  })
  tail = checks.catch(() => undefined)
  loaded.set(file, checks)
  return checks
}

function suiteFile(folder: string, lesson: string): string | undefined {
  return ['js', 'ts'].map((ending) => join(folder, `${lesson}.test.${ending}`)).find(existsSync)
}
