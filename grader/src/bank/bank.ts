import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Course } from '../course/course.ts'
import type { Problem } from '../course/lesson-error.ts'
import { unknownName } from '../course/nearest.ts'
import { foldersIn, readText } from '../course/tree.ts'
import { ATTACK_CLASSES, type AttackClass, type Entry } from './entry.ts'
import { parseVerdictFile } from './verdict-file.ts'

/** Where the bank stands, from the root of the repository. */
export const BANK = 'grader/submissions'

/** The submissions with the verdicts that they must get, and what is wrong with how they are written down. */
export interface Bank {
  entries: Entry[]
  problems: Problem[]
}

/** A folder of the bank that holds a submission. */
interface Place {
  kind: Entry['kind']
  /** From the root, with `/`. */
  folder: string
  name: string
  /** The folder above its kind: the lesson of a wrong or different one. */
  lesson?: string
  class?: AttackClass
}

/**
 * Reads the bank: `NN-name/wrong/NAME/`, `NN-name/different/NAME/` and `hostile/CLASS/NAME/`, each with its rooms and
 * a `verdict.yaml`, or with only that, where it says whose rooms it takes. Folders of another kind hold no submission, and are
 * not looked at.
 *
 * @param root the repository
 */
export function readBank(root: string, course: Course): Bank {
  const bank: Bank = { entries: [], problems: [] }
  for (const place of places(root, bank.problems)) {
    const file = `${place.folder}/verdict.yaml`
    const report = (line: number, message: string) => bank.problems.push({ file, line, message })
    if (!existsSync(join(root, file))) {
      report(1, 'expected the verdict that this submission must get, came no such file: write it')
      continue
    }
    const expected = parseVerdictFile(readText(join(root, file)), place.kind, course, bank.entries, report)
    if (!expected) continue
    const { lesson, fails, outcomes, at, over, blame, attack, only, setup, run } = expected
    if (place.lesson !== undefined && lesson.folder !== place.lesson) {
      report(at.lesson ?? 1, `expected ${place.lesson}, in whose folder it stands, came ${lesson.folder}`)
      continue
    }
    const { folder } = over ?? place
    const common = { name: place.name, folder, file, lesson, fails, outcomes, at }
    if (place.kind === 'hostile' && place.class)
      bank.entries.push({ ...common, kind: 'hostile', class: place.class, attack, only, setup, run })
    else if (place.kind === 'wrong')
      bank.entries.push({ ...common, kind: 'wrong', ...(blame ? { blame } : {}) })
    else if (place.kind === 'different') bank.entries.push({ ...common, kind: 'different' })
  }
  return bank
}

function places(root: string, problems: Problem[]): Place[] {
  const found: Place[] = []
  for (const top of foldersIn(join(root, BANK))) {
    if (top === 'hostile') {
      for (const name of foldersIn(join(root, BANK, top))) {
        const known = ATTACK_CLASSES.find((one) => one === name)
        const folder = `${BANK}/${top}/${name}`
        if (!known) {
          problems.push({
            file: folder,
            line: 1,
            message: unknownName('class of attack', name, ATTACK_CLASSES),
          })
          continue
        }
        for (const entry of foldersIn(join(root, folder)))
          found.push({ kind: 'hostile', class: known, name: entry, folder: `${folder}/${entry}` })
      }
      continue
    }
    for (const kind of ['wrong', 'different'] as const) {
      const folder = `${BANK}/${top}/${kind}`
      for (const name of foldersIn(join(root, folder)))
        found.push({ kind, name, lesson: top, folder: `${folder}/${name}` })
    }
  }
  return found
}
