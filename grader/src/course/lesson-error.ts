/** One thing that is wrong in what the course is written in: a lesson's README, or a region of a room. */
export interface Problem {
  /** From the root of the repository, with `/`. */
  file: string
  /** From 1. */
  line: number
  /** What was expected, what came, what to do. */
  message: string
}

/** Notes one problem of the file that is being read; `line` from 1. */
export type Report = (line: number, message: string) => void

/** All that is wrong with a lesson, or with the course. Each line of the message begins `file:line: `. */
export class LessonError extends Error {
  override readonly name = 'LessonError'
  readonly problems: readonly Problem[]

  /** @param problems at least one; told in the order of their files and lines */
  constructor(problems: readonly Problem[]) {
    const inOrder = problems.toSorted(byPlace)
    super(inOrder.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'))
    this.problems = inOrder
  }
}

function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line
}
