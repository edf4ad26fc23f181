import type { Check } from './check.ts'
import type { CheckVerdict } from './outcome.ts'
import type { LessonRun, ScriptJob } from './run-checks.ts'

/** What is known of one check. */
export interface Entry {
  verdict: CheckVerdict
  logs?: readonly string[]
  stoppedAt?: readonly string[]
}

/** Which checks there are, and who is told of them. */
type TallyJob = Pick<ScriptJob, 'checks' | 'first' | 'onCheck' | 'stopAfter'>

/** Takes down how the checks go, and tells of them in their order. */
export class Tally {
  readonly run: LessonRun = { results: [], console: {}, stoppedAt: {} }
  readonly #job: TallyJob
  readonly #entries = new Map<number, Entry>()
  #isOver = false

  constructor(job: TallyJob) {
    this.#job = job
  }

  /** Whether nobody wants to know more. */
  get isOver(): boolean {
    return this.#isOver || this.run.results.length === this.#job.checks.length
  }

  /** The checks of which nothing is known at this moment, each with its place: the one that goes first, the others in their order. */
  unknown(): IterableIterator<[index: number, check: Check]> {
    const { checks, first } = this.#job
    const known = this.run.results.length
    const entries = [...checks.entries()].filter(([index]) => index >= known && !this.#entries.has(index))
    const goesFirst = ([, { id }]: [number, Check]) => Number(id === first?.id)
    return entries.sort((a, b) => goesFirst(b) - goesFirst(a)).values()
  }

  /** Takes down how a check went. */
  enter(index: number, entry: Entry): void {
    this.#entries.set(index, entry)
    const { first } = this.#job
    if (entry.verdict.id === first?.id) first.onVerdict(entry.verdict)
    for (;;) {
      const next = this.#entries.get(this.run.results.length)
      if (!next || this.isOver) return
      this.#entries.delete(this.run.results.length)
      this.#tell(next)
    }
  }

  #tell({ verdict, logs = [], stoppedAt = [] }: Entry): void {
    const { results, console, stoppedAt: places } = this.run
    results.push(verdict)
    if (logs.length > 0) console[verdict.id] = [...logs]
    if (stoppedAt.length > 0) places[verdict.id] = [...stoppedAt]
    this.#job.onCheck?.(verdict)
    this.#isOver = this.#job.stopAfter?.(verdict) ?? false
  }
}
