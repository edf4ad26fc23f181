/** A type error in a learner's room. */
export interface TypeProblem {
  /** The room's name: `store`. */
  room: string
  /** From 1. */
  line: number
  /** From 1. */
  column: number
  /** The compiler's sentence; what leads to it on further lines. */
  message: string
}
