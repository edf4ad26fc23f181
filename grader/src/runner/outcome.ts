/** How a check can end. Only `passed` earns anything. */
export type Outcome =
  | 'passed'
  /** What was seen is not what the requirement asks for. */
  | 'failed'
  /** A part that is not written yet was entered, or the room is not there. */
  | 'not-started'
  /** An error that the check does not ask for, or the end of the process. */
  | 'crashed'
  /** It ran, or waited, for ever. */
  | 'timed-out'
  /** It used more of something than it may; the message says of what. */
  | 'over-limit'
  /** It was not run at all; the message says why. */
  | 'refused'
  /** The grader's own fault: never the learner's. */
  | 'grader-error'

/** One check of one submission. The same submission, suite and seed give the same, byte for byte. */
export interface CheckVerdict {
  /** `ST-4.2` */
  id: string
  /** `ST-4` */
  requirement: string
  title: string
  outcome: Outcome
  /** What was looked at, or what went wrong, as a sentence; empty if the check passed. */
  message: string
  /** What the requirement asks for and what was seen, as text; where the two were compared. */
  expected?: string
  seen?: string
  /** The steps that led there, where the check made them up from its seed. */
  steps?: string
  /** What happened in the check's world, step by step; where it has one and failed. */
  trace?: string[]
  /** `store.ts:12`, where it is known. */
  place?: string
}

/** The requirement that a check belongs to: `ST-4` for `ST-4.2`. */
export function requirementOf(checkId: string): string {
  return checkId.replace(/\.\d+$/, '')
}

/** How a check went of which nothing more is known. */
export function endedAs(
  { id, title }: Pick<CheckVerdict, 'id' | 'title'>,
  { outcome, message }: Pick<CheckVerdict, 'outcome' | 'message'>,
): CheckVerdict {
  return { id, requirement: requirementOf(id), title, outcome, message }
}
