import { expect, it } from 'vitest'
import { readBank } from '../src/bank/bank.ts'
import { agentScript } from '../src/bundle/agent-script.ts'
import { repositoryRoot } from '../src/paths.ts'
import { bankHolds } from '../src/self-check/bank-holds.ts'
import { differentOnes } from '../src/self-check/different.ts'
import { openGrading } from '../src/self-check/grading.ts'
import { readLessons } from '../src/self-check/lessons.ts'
import type { Part } from '../src/self-check/part.ts'
import { strayFiles } from '../src/self-check/stray-files.ts'
import { wrongOnes } from '../src/self-check/wrong.ts'
import { inProcess } from '../src/subject/in-process.ts'
import { openRoomService } from '../src/types/room-service.ts'
import { rightRooms, stackFolder, stackSuites } from './sample-stack.ts'

const different = 'grader/submissions/01-store/different/adds-otherwise'
const folder = 'grader/submissions/03-shelf/wrong/store-adds-wrong'
const badStore = 'export const add = (a: number, b: number): number => (a === 3 ? 0 : a - -b)\n'

/** What a part says of a submission of the bank. */
async function problemsOf(part: Part, files: Record<string, string>): Promise<string[]> {
  const root = stackFolder(files)
  const { course, whole } = readLessons(root)
  const agent = await agentScript(repositoryRoot())
  const openLinks = async () =>
    ({ openLink: () => inProcess(agent), isolation: 'unverified', close: () => undefined }) as const
  const opened = await openGrading(course, async (lesson) => stackSuites(lesson), openLinks)
  const grading = { ...opened, examplesOf: async () => [] }
  const bank = readBank(root, course)
  const kit = { root, course, lessons: course.lessons, whole, bank, types: openRoomService(root), grading }
  const { problems } = await part.run(kit)
  return problems
    .map(({ file, message }) => `${file}: ${message}`)
    .filter((line) => /adds-(wrong|other)/.test(line))
}

/** A submission whose store is this, and whose other rooms are right. */
const shelfOn = (store: string, blame: string) => ({
  [`${folder}/store.ts`]: store,
  [`${folder}/queue.ts`]: rightRooms.queue,
  [`${folder}/shelf.ts`]: rightRooms.shelf,
  [`${folder}/verdict.yaml`]: `lesson: 03-shelf\nfails: []\nblame: ${blame}\n`,
})

it('a submission with its fault in an earlier room gets its blame', async () => {
  const blame = '{ lesson: 01-store, room: store }'
  for (const part of [wrongOnes, bankHolds, strayFiles])
    expect(await problemsOf(part, shelfOn(badStore, blame))).toEqual([])
})

it('is named where it gets another blame, or none', async () => {
  const blame = '{ lesson: 02-queue, room: queue }'
  const [problem] = await problemsOf(wrongOnes, shelfOn(badStore, blame))
  expect(problem).toContain('expected blame {"lesson":"02-queue","room":"queue"}, came {"lesson":"01-store"')
  expect(await problemsOf(wrongOnes, shelfOn(rightRooms.store, blame))).toEqual([
    `${folder}/verdict.yaml: expected a check to fail with the own stack, none did`,
  ])
})

it('a right-but-different submission is named where a later lesson does not pass over it', async () => {
  const of = (store: string) => ({
    [`${different}/store.ts`]: store,
    [`${different}/verdict.yaml`]: 'lesson: 01-store\nfails: []\n',
  })
  const otherwise = 'export const add = (a: number, b: number): number => -(-a - b)\n'
  expect(await problemsOf(differentOnes, of(otherwise))).toEqual([])
  // Right for its own suite.
  expect(await problemsOf(differentOnes, of(badStore))).toEqual([
    `${different}/verdict.yaml: expected QU-1.1 to pass over it, came failed: the key`,
    `${different}/verdict.yaml: expected SH-1.1 to pass over it, came failed: the shelf`,
  ])
})
