import { findLesson, unknownLesson } from '../course/course.ts'
import { bestPoints, courseStanding } from './course-standing.ts'
import { type ListState, listPage, selectedLine } from './list-screen.ts'
import type { Size } from './page.ts'
import type { View, ViewHost } from './view.ts'

/** The list of lessons: one is chosen, or all are graded. */
export class ListView implements View {
  readonly #host: ViewHost
  #selected: string
  #typed = ''
  #grading: string | undefined
  #message: string | undefined

  constructor(host: ViewHost) {
    this.#host = host
    this.#selected = host.session.lesson.folder
  }

  onKey(key: string): void {
    const { course, session } = this.#host
    const { lessons } = course
    const at = lessons.findIndex(({ folder }) => folder === this.#selected)
    this.#message = undefined
    if (/^\d$/.test(key)) this.#type(this.#typed + key)
    else if (key === 'backspace') this.#type(this.#typed.slice(0, -1))
    else if (key === 'up') this.#select(at - 1)
    else if (key === 'down') this.#select(at + 1)
    else if (key === 'home') this.#select(0)
    else if (key === 'end') this.#select(lessons.length - 1)
    else if (key === 'a') void this.runAll()
    else if (key === 'enter') this.#choose()
    else if (key === 'escape' || key === 'l' || key === 'q') {
      this.#host.leave()
      session.resume()
    }
  }

  show(size: Size) {
    const { colours } = this.#host
    const state = this.#state()
    const page = listPage(state, size, colours)
    const middle = Math.floor((size.rows - page.head.length - page.foot.length) / 2)
    return { page, scroll: selectedLine(state) - middle }
  }

  /** Grades every lesson, one after the other. */
  async runAll(): Promise<void> {
    const { session } = this.#host
    const failing = await session.gradeAll(({ folder }) => {
      this.#grading = folder
      this.#host.redraw()
    })
    // Something else came in between, and has the screen.
    if (!failing) return
    this.#grading = undefined
    const numbers = failing.map(({ number }) => number).join(', ')
    this.#message =
      failing.length === 0 ? 'Every lesson passes.' : `Not everything passes in lesson ${numbers}.`
    this.#host.redraw()
  }

  #type(digits: string): void {
    this.#typed = digits.slice(-2)
    this.#selected = findLesson(this.#host.course, this.#typed)?.folder ?? this.#selected
  }

  #select(index: number): void {
    const { lessons } = this.#host.course
    const lesson = lessons[Math.min(lessons.length - 1, Math.max(0, index))]
    this.#selected = lesson?.folder ?? this.#selected
    this.#typed = ''
  }

  #choose(): void {
    const { course, session } = this.#host
    const name = this.#typed === '' ? this.#selected : this.#typed
    const lesson = findLesson(course, name)
    this.#typed = ''
    if (!lesson) {
      this.#message = unknownLesson(course, name)
      return
    }
    this.#host.leave()
    session.goTo(lesson)
  }

  #state(): ListState {
    const { course, session } = this.#host
    const { progress, lesson } = session
    return {
      course: courseStanding(course, progress),
      lessons: course.lessons.map((listed) => ({
        lesson: listed,
        best: bestPoints(listed, progress),
        passed: progress.passed.has(listed.folder),
      })),
      current: lesson.folder,
      selected: this.#selected,
      typed: this.#typed,
      grading: this.#grading,
      message: this.#message,
    }
  }
}
