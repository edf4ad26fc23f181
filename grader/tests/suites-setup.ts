// Lets vitest run the hidden suites, in this process, against the tree that DRYDOCK_ROOMS names.
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { lessonScript } from '../src/bundle/lesson-script.ts'
import { aloneStock } from '../src/bundle/stack.ts'
import { findLesson, loadCourse } from '../src/course/course.ts'
import type { Lesson } from '../src/course/lesson.ts'
import { repositoryRoot } from '../src/paths.ts'
import { collectChecks } from '../src/runner/check.ts'
import { runCheck } from '../src/runner/run-check.ts'
import { inProcess } from '../src/subject/in-process.ts'
import { RemoteSubject } from '../src/subject/remote.ts'

const root = repositoryRoot()
const tree = join(root, process.env.DRYDOCK_ROOMS ?? 'solutions')

collectChecks((check) => {
  test(`${check.id} ${check.title}`, async () => {
    const folder = basename(expect.getState().testPath ?? '', '.test.ts')
    const course = loadCourse(root)
    const lesson = findLesson(course, folder)
    if (!lesson) throw new Error(`expected a suite of a lesson, came ${folder}`)
    const { script, placesOf } = await lessonScript(
      course,
      lesson,
      aloneStock(course, lesson, roomsOf(lesson)),
    )
    const link = inProcess(await agentScript(root))
    try {
      const subject = new RemoteSubject(link, 1, script)
      const verdict = await runCheck({ lesson: folder, seed: 1, placesOf }, check, subject)
      expect(verdict).toMatchObject({ outcome: 'passed' })
    } finally {
      link.stop()
    }
  })
})

function roomsOf({ rooms }: Lesson): Map<string, string> {
  return new Map(
    rooms.flatMap((room) => {
      const file = join(tree, `${room}.ts`)
      return existsSync(file) ? [[room, readFileSync(file, 'utf8')]] : []
    }),
  )
}
