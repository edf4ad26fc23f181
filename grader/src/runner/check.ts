import type { Beside } from '../bundle/bundle.ts'
import type { Subject } from '../subject/subject.ts'

/** What a check's body is given. */
export interface CheckContext extends Subject {
  /** The seed of the run: all chance in a check comes from it. */
  readonly seed: number
}

/** One check: of a hidden suite, unless it is said. */
export interface Check {
  /** `ST-4.2`: the second check of requirement ST-4. */
  id: string
  /** What the room does when it is right, as a statement: "hands out a key once". */
  title: string
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
 */
export function check(id: string, title: string, body: Check['body']): void {
  collect({ id, title, body })
}
