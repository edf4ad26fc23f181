import type { Lesson } from '../course/lesson.ts'
import { causeText, ownFailures, ownRooms } from '../reports/own-stack.ts'
import type { OwnCheckVerdict } from '../runner/blame.ts'
import type { OwnStackRun } from '../runner/own-stack.ts'
import type { Colours } from './colours.ts'
import { findingLines, headingLines, partsOf } from './failure.ts'
import { paragraph } from './page.ts'
import { wrap } from './text-layout.ts'

/** What is told of the own stack. */
export interface OwnStackState {
  run: OwnStackRun
  /** The lessons below. */
  below: readonly Lesson[]
  /** Whether everything that counts passes: before that, the own stack is not what matters. */
  passed: boolean
  interactive: boolean
}

/** How the lesson goes with the learner's own rooms below it, and which of them to look at. */
export function ownLines(state: OwnStackState, width: number, colours: Colours): string[] {
  const { verdict, output } = state.run
  const failures = ownFailures(verdict)
  const rooms = ownRooms(verdict)
  const [first] = failures
  if (!first) {
    return state.passed ? paragraph(`With ${rooms}, all of it passes, too.`, width, colours.green) : []
  }
  const many =
    failures.length === 1 ? 'one check fails that passes' : `${failures.length} checks fail that pass`
  const said = `With ${rooms}, ${many} with the reference’s. It costs no points.`
  const { room, part } = partsOf(width, colours)
  const requirements = state.below.flatMap((lesson) => lesson.requirements)
  const cause = causeText(first, (id) => requirements.find((requirement) => requirement.id === id)?.text)
  return [
    ...paragraph(said, width, colours.yellow),
    ...headingLines(first, width, (text) => colours.bold(colours.yellow(text))),
    ...(state.passed ? findingLines(first, output, width, colours) : []),
    ...(cause === undefined ? [] : part('Cause', wrap(cause, room))),
    ...(state.passed ? part('Then', wrap(advice(first, state), room).map(colours.cyan)) : []),
  ]
}

function advice({ blame }: OwnCheckVerdict, { interactive }: OwnStackState): string {
  if (blame === undefined || blame === 'undetermined') return 'look at what your rooms ask of each other'
  const number = blame.lesson.slice(0, 2)
  return interactive
    ? `l, ${number}, Enter goes to lesson ${number}`
    : `npm start -- --lesson ${number} goes to lesson ${number}`
}
