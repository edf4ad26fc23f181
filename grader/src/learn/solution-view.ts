import { type Key, keyLines, type Size, scrollRange, usableWidth } from './page.ts'
import { solutionLines } from './solution-lines.ts'
import { scrolled, type View, type ViewHost } from './view.ts'

const KEYS: Key[] = [
  ['↑ ↓', 'scroll'],
  ['Esc', 'back'],
]

/** The learner's rooms of a lesson beside the reference's. */
export class SolutionView implements View {
  readonly #host: ViewHost
  #scroll = 0

  constructor(host: ViewHost) {
    this.#host = host
  }

  onKey(key: string): void {
    if (key === 's' || key === 'q' || key === 'escape') this.#host.leave()
    else this.#scroll = scrolled(key, this.#scroll, this.#host.size())
  }

  show(size: Size) {
    const { course, session, colours } = this.#host
    const width = usableWidth(size)
    const body = solutionLines(course, session.lesson, width, colours)
    const page = { head: [], body, foot: ['', ...keyLines(KEYS, width, colours)] }
    this.#scroll = Math.min(this.#scroll, scrollRange(page, size))
    return { page, scroll: this.#scroll }
  }
}
