import { setTimeout as sleep } from 'node:timers/promises'
import { agentScript } from '../bundle/agent-script.ts'
import { lessonScript } from '../bundle/lesson-script.ts'
import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { referenceRoom } from '../course/reference.ts'
import type { Check } from '../runner/check.ts'
import { runChecks } from '../runner/run-checks.ts'
import { inProcess } from '../subject/in-process.ts'
import type { Link } from '../subject/link.ts'
import type { OpenLinks } from '../subject/open-links.ts'
import { type Figure, inMs, spreadOf } from './figure.ts'

const WANTED = 2
/** Between two runs, in ms: the next sandbox is started ahead in this time. */
const PAUSE_MS = 250

/** Measures a lesson's suite over the reference: in a sandbox that was started ahead, and in this process. */
export async function isolationPrice(
  course: Course,
  lesson: Lesson,
  checks: readonly Check[],
  openLinks: OpenLinks,
  runs: number,
): Promise<Figure> {
  const source = (room: string) => referenceRoom(course.root, room)
  const { script, placesOf } = await lessonScript(course, lesson, {
    source,
    learners: lesson.rooms,
    stack: 'alone',
  })
  const agent = await agentScript(course.root)
  const links = await openLinks(1)
  const time = async (openLink: () => Link) => {
    await sleep(PAUSE_MS)
    const started = performance.now()
    const { results } = await runChecks({
      lesson: lesson.folder,
      script,
      placesOf,
      checks,
      seed: 1,
      openLink,
    })
    const ms = performance.now() - started
    const failed = results.find(({ outcome }) => outcome !== 'passed')
    if (failed) throw new Error(`the reference ends ${failed.id} as ${failed.outcome}`)
    return ms
  }
  try {
    const sandboxed: number[] = []
    const here: number[] = []
    // The first of each warms up what both use.
    for (let run = -1; run < runs; run++) {
      const pair = [await time(links.openLink), await time(() => inProcess(agent))] as const
      if (run < 0) continue
      sandboxed.push(pair[0])
      here.push(pair[1])
    }
    const [inside, outside] = [spreadOf(sandboxed), spreadOf(here)]
    const ratio = inside.median / outside.median
    return {
      what: `price of isolation, lesson ${lesson.number}`,
      value: `${ratio.toFixed(2)} ×`,
      wanted: `≤ ${WANTED} ×`,
      held: ratio <= WANTED,
      details: [
        `${checks.length} checks of the reference: sandboxed (${links.isolation}, started ahead) ${inMs(inside)}, in process ${inMs(outside)}`,
        `medians of ${runs} runs each, by turns; without bundling, which is the same for both`,
      ],
    }
  } finally {
    links.close()
  }
}
