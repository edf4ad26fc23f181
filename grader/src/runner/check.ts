import type { Trace } from '#cluster/world/trace'
import type { Beside } from '../bundle/bundle.ts'
import type { Stack } from '../bundle/stack.ts'
import type { Subject } from '../subject/subject.ts'

/** What a check's body is given. One that needs an API around its component makes a world of it: ../world/world.ts. */
export interface CheckContext extends Subject {
  /** The seed of the run: all chance in a check comes from it. */
  readonly seed: number
  readonly stack: Stack
  /** What happened; where the check fails, its last steps are told. */
  readonly trace: Trace
}

/**
 * What a check uses. `api`: only what any Kubernetes API offers, so that it also holds of a real control plane.
 * `simulated`: virtual time, faults, or a room by itself.
 */
export type Tag = 'api' | 'simulated'

/** One check: of a hidden suite, unless it is said. */
export interface Check {
  /** `ST-4.2`: the second check of requirement ST-4. */
  id: string
  /** What the room does when it is right, as a statement: "hands out a key once". */
  title: string
  /** Left out: `simulated`. */
  tag?: Tag
  body: (context: CheckContext) => Promise<void>
  /** What it needs beside the rooms, the same for all checks of a run; left out: nothing. */
  beside?: Beside
}

let collect: (check: Check) => void = () => {
  throw new Error('check() was called outside a suite: load suites through loadSuite()')
}

/** Says where the checks of the suites that are loaded from now on go. */
export function collectChecks(into: (check: Check) => void): void {
  collect = into
}

/**
 * Declares a check of the hidden suite.
 *
 * @param id the requirement and the number of the check: `ST-4.2`
 * @param title a statement in the present tense about a right room
 * @param body throws if the statement does not hold
 * @param tag default: `simulated`
 */
export function check(id: string, title: string, body: Check['body'], tag: Tag = 'simulated'): void {
  collect({ id, title, tag, body })
}
