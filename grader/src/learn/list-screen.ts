import type { Lesson } from '../course/lesson.ts'
import type { Points } from '../runner/verdict.ts'
import type { Colours } from './colours.ts'
import { keyLines, type Page, type Size, usableWidth } from './page.ts'
import { type CourseStanding, courseLine } from './screen.ts'
import { cut, padded, widthOf } from './text-layout.ts'

/** How one lesson of the list stands. */
export interface ListedLesson {
  lesson: Lesson
  /** The most that was ever reached. */
  best: Points
  passed: boolean
}

/** All that the list of lessons shows. */
export interface ListState {
  course: CourseStanding
  lessons: readonly ListedLesson[]
  /** The lesson that is being worked on, by its folder. */
  current: string
  /** The one that Enter goes to, by its folder. */
  selected: string
  /** Digits that were typed so far. */
  typed: string
  /** The lesson that is being graded, while all are run, by its folder. */
  grading: string | undefined
  message: string | undefined
}

/** The list of lessons, to choose one. */
export function listPage(state: ListState, size: Size, colours: Colours): Page {
  const width = usableWidth(size)
  const { bold, dim, cyan } = colours
  const keys = keyLines(
    [
      ['number or ↑ ↓', 'choose'],
      ['Enter', 'go there'],
      ['a', 'run all'],
      ['Esc', 'back'],
    ],
    width,
    colours,
  )
  const asked = state.typed === '' ? '' : ` Lesson ${state.typed}_`
  const said = state.message ?? ''
  return {
    head: [` ${bold('Lessons')}`, courseLine(state.course, width, colours), ''],
    body: state.lessons.flatMap((listed, index) => {
      const before = state.lessons[index - 1]?.lesson.part
      const { part } = listed.lesson
      const heading = part === before ? [] : [...(index > 0 ? [''] : []), ` ${dim(cut(part, width - 1))}`]
      return [...heading, lessonLine(state, listed, width, colours)]
    }),
    foot: ['', asked ? cyan(cut(asked, width)) : ` ${cut(said, width - 1)}`, ...keys],
  }
}

/** The line of the body on which the selected lesson stands, from 0. */
export function selectedLine({ lessons, selected }: ListState): number {
  let line = -1
  for (const [index, { lesson }] of lessons.entries()) {
    const before = lessons[index - 1]?.lesson.part
    line += lesson.part === before ? 1 : index > 0 ? 3 : 2
    if (lesson.folder === selected) break
  }
  return line
}

function lessonLine(
  state: ListState,
  { lesson, best, passed }: ListedLesson,
  width: number,
  colours: Colours,
): string {
  const { green, dim, cyan, yellow } = colours
  const isSelected = state.selected === lesson.folder
  const mark = passed ? green('✓') : best.earned > 0 ? yellow('◐') : dim('·')
  const standing = state.grading === lesson.folder ? 'grading …' : `${best.earned} of ${best.possible} points`
  const here = state.current === lesson.folder ? '  you are here' : ''
  const right = padded(standing, 18)
  const title = padded(
    `${lesson.number}  ${lesson.title}`,
    Math.max(1, Math.min(48, width - 6 - 18 - widthOf(here))),
  )
  return ` ${isSelected ? cyan('›') : ' '} ${mark} ${isSelected ? cyan(title) : title}${dim(right)}${here}`
}
