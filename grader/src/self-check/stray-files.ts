import { join } from 'node:path'
import { BANK } from '../bank/bank.ts'
import { hasBlame } from '../bank/complete.ts'
import { ATTACK_CLASSES } from '../bank/entry.ts'
import { mistakesFile } from '../bank/mistakes.ts'
import { lessonFolders, roomsOf } from '../course/course.ts'
import type { Problem } from '../course/lesson-error.ts'
import { filesIn } from '../course/tree.ts'
import { count, type Kit, type Part } from './part.ts'
import { roomsOfEntry } from './submissions.ts'
import { suiteFiles } from './suites.ts'

/** Nothing lies about in `lessons`, `solutions`, `grader/suites` and the bank that nobody looks at. */
export const strayFiles: Part = {
  name: 'no stray files',
  async run(kit) {
    const expected = expectedFiles(kit)
    const { course, lessons } = kit
    const isOurs = (file: string) =>
      lessons === course.lessons || lessons.some(({ folder }) => file.split(/[/.]/).includes(folder))
    const files = ['lessons', 'solutions', 'grader/suites', BANK].flatMap((folder) =>
      filesIn(join(kit.root, folder))
        .map((path) => `${folder}/${path}`)
        .filter(isOurs),
    )
    const problems: Problem[] = files
      .filter((file) => !expected.some((pattern) => pattern.test(file)))
      .map((file) => ({
        file,
        line: 1,
        message: 'nothing reads this file: remove it, or give it the name it should have',
      }))
    return { counted: count(files.length, 'file'), checked: files.length, problems, skipped: [] }
  },
}

function expectedFiles({ root, course, whole, bank }: Kit): RegExp[] {
  // Of a lesson that cannot be read the folder is known, and nothing else.
  const rooms = (folder: string) => {
    const lesson = course.lessons.find((one) => one.folder === folder)
    return lesson ? anyOf(lesson.rooms) : '.+'
  }
  const folders = lessonFolders(root)
  return [
    new RegExp(`^lessons/${anyOf(folders)}/(README\\.md|examples\\.test\\.ts)$`),
    /^solutions\/tsconfig\.json$/,
    new RegExp(`^solutions/${whole ? anyOf(roomsOf(course)) : '.+'}\\.ts$`),
    new RegExp(`^grader/suites/${anyOf(folders)}\\.equivalent\\.yaml$`),
    new RegExp(`^${BANK}/README\\.md$`),
    new RegExp(`^${BANK}/hostile/${anyOf(ATTACK_CLASSES)}/[^/]+/.+$`),
    ...folders.map(
      (folder) =>
        new RegExp(
          `^${BANK}/${anyOf([folder])}/(wrong|different)/[^/]+/(verdict\\.yaml|${rooms(folder)}\\.ts)$`,
        ),
    ),
    ...bank.entries
      .filter((entry) => entry.kind === 'different')
      .map((entry) => new RegExp(`^${anyOf([mistakesFile(entry)])}$`)),
    new RegExp(`^${anyOf(folders.flatMap((folder) => suiteFiles(root, { folder })))}$`),
    ...bank.entries
      .filter(hasBlame)
      .map((entry) => new RegExp(`^${anyOf([entry.folder])}/${anyOf(roomsOfEntry(course, entry))}\\.ts$`)),
  ]
}

function anyOf(names: readonly string[]): string {
  return `(?:${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`
}
