// Lets vitest run the hidden suites, in this process, against the tree that DRYDOCK_ROOMS names.
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { bundle } from '../src/bundle/bundle.ts'
import { placesIn } from '../src/bundle/place.ts'
import { findLesson, loadCourse } from '../src/course/course.ts'
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
    const rooms = findLesson(loadCourse(root), folder)?.rooms ?? []
    const { script, map } = await bundle(root, rooms, roomText)
    const link = inProcess(await agentScript(root))
    try {
      const verdict = await runCheck(
        check,
        new RemoteSubject(link, 1, script),
        1,
        folder,
        placesIn(map, rooms),
      )
      expect(verdict).toMatchObject({ outcome: 'passed' })
    } finally {
      link.stop()
    }
  })
})

function roomText(room: string): string | undefined {
  const file = join(tree, `${room}.ts`)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
