// What every check of the controller stands on: a controller whose parts do what the check says.
import type { CheckContext } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Call, Remote } from '../../src/subject/subject.ts'
import type * as Fixture from './controller.fixture.ts'
import { comesToRest } from './informer-bench.ts'

/** A controller whose parts do what the check says. */
export class Work {
  readonly rig: Remote<Fixture.ControllerRig>
  readonly #subject: CheckContext
  readonly #who: string
  #stopped = false

  /** @param who what stands in the trace for it */
  constructor(subject: CheckContext, setup: Fixture.ControllerSetup = {}, who = 'the controller') {
    this.#subject = subject
    this.#who = who
    const diary = { add: async (what: string) => void subject.trace.add(who, what) }
    const { construct } = subject.room<typeof Fixture>('fixture/controller')
    this.rig = construct('ControllerRig', subject.clock, setup, subject.lend<Fixture.Diary>(diary))
  }

  start(): Call<void> {
    this.#subject.trace.add(this.#who, 'is started')
    return this.rig.start.patient()
  }

  /** Resolves with what `onError` has got by then. */
  stop(): Call<string[]> {
    this.#subject.trace.add(this.#who, 'is stopped')
    this.#stopped = true
    return this.rig.stop.patient()
  }

  /** Names keys, as a source. */
  add(keys: string[], source = 0): void {
    this.#subject.trace.add(
      this.#who,
      `gets ${keys.map((key) => key || 'an empty key').join(', ')} from source ${source + 1}`,
    )
    this.rig.add(keys, source)
  }

  /** Fills or stops a source, whichever it is waiting for. */
  end(source = 0): void {
    const how = this.#stopped ? 'stop' : 'filled'
    this.#subject.trace.add(this.#who, `sees source ${source + 1} ${how}`)
    this.rig.end(source)
  }

  pass(ms = 0): Promise<void> {
    return this.#subject.clock.advance(ms)
  }

  /** Looks at the keys for which `reconcile` was called since the last time, and what was reported. */
  async look(when: string, begun: string[], errors?: string[]): Promise<void> {
    const seen = await this.rig.look()
    comesToRest(seen.begun.length, when)
    expect(seen.begun, `keys for which reconcile was called ${when}`).toEqual(begun)
    if (errors) expect(seen.errors, `what onError got ${when}`).toEqual(errors)
  }

  async timers(when: string, expected: number[]): Promise<void> {
    const { clock } = this.#subject
    await this.pass()
    const dueInMs = (await clock.pending()).map((dueMs) => dueMs - clock.now())
    expect(dueInMs, `timers that are set ${when} (in how many ms each is due)`).toEqual(expected)
  }
}

/** A controller whose only source is filled, and has named these keys then. */
export function working(
  subject: CheckContext,
  keys: string[],
  setup: Fixture.ControllerSetup = {},
  who?: string,
): Work {
  const work = new Work(subject, setup, who)
  work.start()
  work.end()
  work.add(keys)
  return work
}

/** A controller whose methods can be taken apart. */
export function controllerParts(work: Work) {
  return {
    rig: work.rig,
    start: work.start.bind(work),
    stop: work.stop.bind(work),
    add: work.add.bind(work),
    end: work.end.bind(work),
    pass: work.pass.bind(work),
    look: work.look.bind(work),
    timers: work.timers.bind(work),
  }
}
