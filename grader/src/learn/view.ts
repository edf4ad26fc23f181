import type { Course } from '../course/course.ts'
import type { Colours } from './colours.ts'
import type { Page, Size } from './page.ts'
import type { Session } from './session.ts'

/** One of the loop's screens, while it is shown. */
export interface View {
  onKey(key: string): void
  /** @returns the page, and by how many lines it is scrolled */
  show(size: Size): { page: Page; scroll: number }
}

/** What a view stands on. */
export interface ViewHost {
  readonly course: Course
  readonly session: Session
  readonly colours: Colours
  /** The size of the terminal as it is now. */
  size(): Size
  /** Goes back to the lesson. */
  leave(): void
  /** Shows what has changed. */
  redraw(): void
}

/** By how many lines a page is scrolled after a key; any other key changes nothing. */
export function scrolled(key: string, scroll: number, { rows }: Size): number {
  const steps: Record<string, number> = {
    up: -1,
    down: 1,
    'page-up': -(rows - 6),
    'page-down': rows - 6,
    ' ': rows - 6,
    home: Number.NEGATIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
  }
  return Math.max(0, scroll + (steps[key] ?? 0))
}
