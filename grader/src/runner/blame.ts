import type { Lesson } from '../course/lesson.ts'
import type { Check } from './check.ts'
import type { CheckVerdict } from './outcome.ts'
import type { LessonRun } from './run-checks.ts'

/** What makes a check fail that passes over the reference's rooms. */
export interface Blame {
  /** The folder of an earlier lesson: with its rooms replaced by the reference's, the check passes. */
  lesson: string
  /** The first requirement of that lesson that does not hold; left out where its own suite finds nothing. */
  requirement?: string
  /** The room of that lesson; left out where it has several that go together only. */
  room?: string
}

/** A check over the own stack. */
export interface OwnCheckVerdict extends CheckVerdict {
  /**
   * Of the first few checks that fail, each in its own way: what makes it so. `undetermined`: no replacement made it right,
   * or one did not go together with the submission's other rooms.
   */
  blame?: Blame | 'undetermined'
}

/** What is to be found out. */
export interface BlameJob {
  /** The verdicts over the own stack. */
  results: readonly CheckVerdict[]
  checks: readonly Check[]
  /** The rooms that may be to blame, in the order in which they are replaced. */
  below: readonly { lesson: Lesson; rooms: readonly string[] }[]
  /** Runs checks with some rooms replaced by the reference's. */
  run: (checks: readonly Check[], replaced: ReadonlySet<string>) => Promise<LessonRun>
  /** The first requirement of a lesson that the submission does not meet. */
  firstUnmet: (lesson: Lesson) => Promise<string | undefined>
}

/** How many failures of a lesson are looked into. */
const LOOKED_INTO = 5

/**
 * Looks into failures: replaces the rooms below, one after the other and cumulatively, until a check passes. The last one
 * that was replaced is to blame.
 */
export async function blame(job: BlameJob): Promise<OwnCheckVerdict[]> {
  const asked = failuresOf(job.results)
  const causes = new Map<string, Blame | 'undetermined'>(asked.map((id) => [id, 'undetermined']))
  const replaced = new Set<string>()
  let open = job.checks.filter(({ id }) => causes.has(id))
  for (const { lesson, rooms } of job.below) {
    let goTogether = true
    for (const room of rooms) {
      if (open.length === 0) break
      replaced.add(room)
      const { results } = await job.run(open, replaced)
      // Ours, or nobody waits for it any more: it proves nothing.
      if (results.some(({ outcome }) => outcome === 'grader-error')) open = []
      if (results.some(({ outcome }) => outcome === 'refused')) {
        goTogether = false
        continue
      }
      const right = new Set(results.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id))
      for (const id of right) {
        const requirement = await job.firstUnmet(lesson)
        causes.set(id, {
          lesson: lesson.folder,
          ...(requirement === undefined ? {} : { requirement }),
          ...(goTogether ? { room } : {}),
        })
      }
      open = open.filter(({ id }) => !right.has(id))
      if (room === rooms.at(-1)) goTogether = true
    }
    // With a room that does not fit the others, whatever would become right later is no proof.
    if (!goTogether) break
  }
  return job.results.map((result) => {
    const cause = causes.get(result.id)
    return cause === undefined ? result : { ...result, blame: cause }
  })
}

/** The first checks that fail, each in another way than those before: what stops every check is asked about once. */
function failuresOf(results: readonly CheckVerdict[]): string[] {
  const ways = new Map<string, string>()
  for (const { id, outcome, message } of results) {
    if (outcome === 'passed' || outcome === 'grader-error') continue
    const way = `${outcome}\0${message}`
    if (!ways.has(way)) ways.set(way, id)
  }
  return [...ways.values()].slice(0, LOOKED_INTO)
}
