// Lets vitest run the hidden suites, against the reference, in this process.
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { bundle } from '../src/bundle/bundle.ts'
import { placesIn } from '../src/bundle/place.ts'
import { repositoryRoot } from '../src/paths.ts'
import { collectChecks } from '../src/runner/check.ts'
import { runCheck } from '../src/runner/run-check.ts'
import { inProcess } from '../src/subject/in-process.ts'
import { RemoteSubject } from '../src/subject/remote.ts'

const root = repositoryRoot()
const rooms = process.env.DRYDOCK_ROOMS_FOLDER ?? join(root, 'solutions')

function source(room: string): string | undefined {
  const file = join(rooms, `${room}.ts`)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function roomsOf(folder: string): string[] {
  const [, list = ''] =
    /^rooms:\s*\[?([^\]\n]*)\]?$/m.exec(readFileSync(join(root, 'lessons', folder, 'README.md'), 'utf8')) ??
    []
  return list.split(',').map((room) => room.trim())
}

collectChecks((check) => {
  test(`${check.id} ${check.title}`, async () => {
    const folder = basename(expect.getState().testPath ?? '', '.test.ts')
    const { script, map } = await bundle(root, roomsOf(folder), source)
    const link = inProcess(await agentScript(root))
    try {
      await link.request(JSON.stringify(['load', script]))
      const verdict = await runCheck(
        check,
        new RemoteSubject(link, 1),
        1,
        folder,
        placesIn(map, roomsOf(folder)),
      )
      expect(verdict).toMatchObject({ outcome: 'passed' })
    } finally {
      link.stop()
    }
  })
})
