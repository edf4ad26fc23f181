import { exchange, loading } from '../subject/exchange.ts'
import { Lane } from '../subject/lane.ts'
import type { Line } from '../subject/link.ts'
import { RemoteSubject } from '../subject/remote.ts'
import type { Check } from './check.ts'
import type { CheckVerdict } from './outcome.ts'
import { collectPrinted } from './printed.ts'
import { runCheck } from './run-check.ts'
import type { ScriptJob } from './run-checks.ts'
import type { Tally } from './tally.ts'

/** While the rooms are busy with the checks of one group, the grader is with those of the other. */
const GROUPS = 2
/** So many that the time goes into the checks, and not into the way between the two processes. */
const LANES_A_GROUP = 8
/** What the checks under way may have been answered, in characters. */
const ANSWERS_LIMIT = 16 * 2 ** 20

/** A check under way, by the slot of its lane. */
interface UnderWay {
  index: number
  check: Check
  subject: RemoteSubject
  logs: string[]
  /** Once it is through: how it went, or what went wrong on our side. */
  end?: { verdict: CheckVerdict } | { fault: unknown }
}

/**
 * Runs checks side by side in one process. Their lanes stand in groups, which take turns: when all checks of a group have asked
 * for something or are through, all that they ask is sent at once. So the order in which the rooms are asked depends on nothing
 * but the checks, their order, and the rooms.
 *
 * It ends early where a check is at fault with the process, or where its rooms leave something that other rooms would find; and
 * nothing is entered of it and of those that are not through.
 *
 * @returns how much time the process has taken, in ms
 */
export async function abreast(job: ScriptJob, tally: Tally): Promise<number> {
  if (tally.isOver) return 0
  const link = job.openLink(job.script.given)
  const underWay = new Map<number, UnderWay>()
  const waiting = tally.unknown()

  collectPrinted(link, (slot) => underWay.get(slot)?.logs)

  /** Whether what they have been answered, all together, is no more than there should be at a time. */
  function isLittle(): boolean {
    return [...underWay.values()].reduce((sum, { subject }) => sum + subject.answered, 0) <= ANSWERS_LIMIT
  }

  /** Enters those that are through. @returns whether they can go on side by side */
  function enter(group: readonly Lane[]): boolean {
    let isSound = true
    for (const { slot } of group) {
      const run = underWay.get(slot)
      if (!run) continue
      isSound &&= !run.subject.problem
      if (!run.end) continue
      if ('fault' in run.end) throw run.end.fault
      underWay.delete(slot)
      if (run.subject.problem) continue
      const entry = { verdict: run.end.verdict, logs: run.logs }
      job.recall?.keep(run.check, entry, run.subject.entered)
      tally.enter(run.index, entry)
    }
    return isSound
  }

  /** Starts the next checks in the lanes that are free. @returns whether there were any */
  function start(group: readonly Lane[]): boolean {
    let isAny = false
    for (const lane of group) {
      if (underWay.has(lane.slot)) continue
      const next = waiting.next()
      if (next.done) break
      isAny = true
      begin(lane, ...next.value)
    }
    return isAny
  }

  function begin(lane: Lane, index: number, check: Check): void {
    const run: UnderWay = { index, check, subject: new RemoteSubject(lane, job.seed), logs: [] }
    underWay.set(lane.slot, run)
    lane.use(async () => {
      run.end = await runCheck(job, check, run.subject).then(
        (verdict) => ({ verdict }),
        (fault: unknown) => ({ fault }),
      )
    })
  }

  const ours: Line = { slot: GROUPS * LANES_A_GROUP, request: (line) => link.request(line) }
  /** Whether rooms leave something that other rooms find; where the process does not survive it, there is nothing to know. */
  const looks = () =>
    exchange(ours, ['look']).then(
      ({ touches }) => touches,
      () => true,
    )

  // Nobody waits for it. Where the process ends over it, so does what each check asks.
  exchange(ours, loading(link, job.script)).catch(() => undefined)
  const groups = Array.from({ length: GROUPS }, (_, group) => ({
    lanes: lanesOf(link, group),
    touches: Promise.resolve(false),
  }))
  try {
    do {
      for (const group of groups) {
        do {
          await Promise.all(group.lanes.map((lane) => lane.atRest))
          const isApart = !(await group.touches)
          if (!isApart || !enter(group.lanes) || !isLittle() || tally.isOver) return link.takenMs ?? 0
        } while (start(group.lanes))
        const sent = group.lanes.filter((lane) => lane.send())
        if (sent.length > 0) group.touches = looks()
      }
    } while (underWay.size > 0)
    return link.takenMs ?? 0
  } finally {
    link.stop()
  }
}

function lanesOf(line: Line, group: number): Lane[] {
  return Array.from({ length: LANES_A_GROUP }, (_, at) => new Lane(line, group * LANES_A_GROUP + at))
}
