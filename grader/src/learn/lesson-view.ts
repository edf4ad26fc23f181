import { join } from 'node:path'
import type { Lesson } from '../course/lesson.ts'
import { lessonsBelow } from '../course/needs.ts'
import { hasReference } from '../course/tree.ts'
import { courseStanding } from './course-standing.ts'
import { firstFailure } from './lesson-result.ts'
import { type Size, scrollRange } from './page.ts'
import { type LessonState, lessonPage } from './screen.ts'
import { scrolled, type View, type ViewHost } from './view.ts'
import { isUntouched, resetRoom } from './work-tree.ts'

/** What the lesson's screen stands on, beside what every view does. */
export interface LessonHost extends ViewHost {
  /** What does not change while the loop runs. */
  readonly facts: Pick<LessonState, 'isolation' | 'notes'>
  /** Whether a lesson's checks are the visible examples alone. */
  examplesOnly(lesson: Lesson): boolean
  /** Opens a file, and returns what it was opened with. */
  openDocument(file: string): string | undefined
  quit(): void
  showList(runAll: boolean): void
  showSolution(): void
}

/** A question that y or n answers. */
interface Question {
  yes: () => void
  no: () => void
}

/** The lesson that is being worked on, with its keys. */
export class LessonView implements View {
  readonly #host: LessonHost
  #hintsOf: string | undefined
  #message: string | undefined
  #question: Question | undefined
  #scroll = 0

  constructor(host: LessonHost) {
    this.#host = host
  }

  /** Something else is on the screen now: what was said and asked is over. */
  renew(): void {
    this.#message = undefined
    this.#question = undefined
    this.#scroll = 0
  }

  say(message: string): void {
    this.#message = message
  }

  onKey(key: string): void {
    if (this.#question) {
      this.#answer(this.#question, key)
      return
    }
    const host = this.#host
    const actions: Record<string, () => void> = {
      q: () => host.quit(),
      h: () => this.#showHint(),
      n: () => this.#goBeside(1),
      p: () => this.#goBeside(-1),
      l: () => host.showList(false),
      a: () => host.showList(true),
      o: () => this.#openLesson(),
      s: () => this.#showSolution(),
      r: () => this.#askToReset(),
      enter: () => host.session.grade(),
    }
    const action = actions[key]
    this.#message = undefined
    if (action) action()
    else this.#scroll = scrolled(key, this.#scroll, host.size())
  }

  show(size: Size) {
    const page = lessonPage(this.#state(), size, this.#host.colours)
    this.#scroll = Math.min(this.#scroll, scrollRange(page, size))
    return { page, scroll: this.#scroll }
  }

  #showHint(): void {
    const { session } = this.#host
    const { lesson } = session
    const failing = this.#failing()
    if (failing === undefined) {
      this.#message = 'Everything passes here: there is nothing to hint at.'
      return
    }
    const all = lesson.hints.get(failing)?.length ?? 0
    const shown = session.progress.hints.get(failing) ?? 0
    if (shown >= all) this.#message = `These are all ${all} hints for ${failing}.`
    this.#hintsOf = failing
    session.remember(({ hints }) => hints.set(failing, Math.min(all, (hints.get(failing) ?? 0) + 1)))
    // The newest hint stands at the end.
    this.#scroll = Number.POSITIVE_INFINITY
  }

  /** The requirement that is explained on the screen. */
  #failing(): string | undefined {
    const { lesson, result } = this.#host.session
    if (!result) return lesson.requirements[0]?.id
    return firstFailure(result)?.requirement
  }

  #goBeside(step: 1 | -1): void {
    const { course, session } = this.#host
    const lesson = course.lessons[course.lessons.indexOf(session.lesson) + step]
    if (lesson) {
      this.renew()
      session.goTo(lesson)
    } else this.#message = step > 0 ? 'This is the last lesson.' : 'This is the first lesson.'
  }

  #openLesson(): void {
    const { course, session } = this.#host
    const { file } = session.lesson
    const opened = this.#host.openDocument(join(course.root, file))
    this.#message = `The lesson is in ${file}${opened === undefined ? '' : `; opened with ${opened}`}.`
  }

  #showSolution(): void {
    const { course, session } = this.#host
    const { number } = session.lesson
    if (!hasReference(course.root)) this.#message = 'This edition has no reference to look at.'
    else if (this.#mayLook()) this.#host.showSolution()
    else {
      this.#message = `The reference can be seen once the lesson passes. npm run solution -- ${number} --spoil shows it now.`
    }
  }

  #mayLook(): boolean {
    const { course, session } = this.#host
    return session.progress.passed.has(session.lesson.folder) && hasReference(course.root)
  }

  /** One room after the other: a lesson may have several, and only one may be to be begun anew. */
  #askToReset(): void {
    const { course, session } = this.#host
    const begun = session.lesson.rooms.filter((room) => !isUntouched(course.root, room))
    const kept: string[] = []
    const ask = (index: number) => {
      const room = begun[index]
      if (room === undefined) {
        this.#question = undefined
        this.#message =
          kept.length > 0 ? `Reset. The old one is kept as ${kept.join(', ')}.` : 'Nothing was reset.'
        if (kept.length > 0) session.grade()
        return
      }
      const yes = () => {
        const old = resetRoom(course.root, room)
        if (old !== undefined) kept.push(old)
        ask(index + 1)
      }
      this.#question = { yes, no: () => ask(index + 1) }
      this.#message = `Make work/${room}.ts the stub again? Yours is kept in work/.drydock/kept.  y yes  n no`
    }
    if (begun.length === 0) this.#message = 'There is nothing to reset: this lesson has not been begun.'
    else ask(0)
  }

  #answer({ yes, no }: Question, key: string): void {
    if (key === 'y') yes()
    else if (key === 'n' || key === 'escape' || key === 'q') no()
  }

  #state(): LessonState {
    const { course, session, facts } = this.#host
    const { lesson, progress, result, running, typeProblems, problems } = session
    return {
      course: courseStanding(course, progress),
      lesson,
      below: lessonsBelow(course.lessons, lesson),
      next: course.lessons[course.lessons.indexOf(lesson) + 1],
      passedOnce: this.#mayLook(),
      result,
      running,
      examplesOnly: this.#host.examplesOnly(lesson),
      hintsShown: progress.hints,
      // Hints for what is not the matter any more would be in the way.
      hintsOf: this.#hintsOf === this.#failing() ? this.#hintsOf : undefined,
      typeProblems,
      isolation: facts.isolation,
      notes: [...problems, ...facts.notes],
      message: this.#message,
      interactive: true,
    }
  }
}
