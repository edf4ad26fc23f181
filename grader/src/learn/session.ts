/**
 * The work on one lesson at a time: grades it at the start and at each save, and remembers what was reached.
 *
 * From a save to its verdict nothing happens that could happen later: progress is written, types are checked,
 * the files are looked at again and the own stack is tried once the verdict is on the screen.
 */

import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { roomsUpTo } from '../course/needs.ts'
import type { Submission } from '../intake/intake.ts'
import type { Check } from '../runner/check.ts'
import { Memory } from '../runner/memory.ts'
import type { Link } from '../subject/link.ts'
import type { TypeChecker } from '../types/type-check.ts'
import type { TypeProblem } from '../types/type-problem.ts'
import { beginGrading, type LessonGrading } from './lesson-grader.ts'
import { firstFailure, isPassed, type LessonResult } from './lesson-result.ts'
import { type Progress, recordResult, updateProgress } from './progress.ts'
import { readRooms } from './read-rooms.ts'
import { type RoomWatch, watchRooms } from './watch-rooms.ts'
import { workFolder } from './work-tree.ts'

/** A grading that takes longer than this, in ms, shows how far it is; and again after as long. */
const PROGRESS_MS = 200
/** After this time, in ms, files are looked at once more: an editor may write in several steps. */
const LOOK_AGAIN_MS = 150

/**
 * Something is to be shown: the first `failure` of a grading that goes on, the `verdict`, what comes of the `own` stack
 * after that, or anything else.
 */
export type News = 'failure' | 'verdict' | 'own' | 'other'

/** What a session stands on. */
export interface SessionOptions {
  course: Course
  /** The lesson to begin with. */
  lesson: Lesson
  progress: Progress
  openLink: () => Link
  loadChecks: (lesson: Lesson) => Promise<Check[]>
  typeChecker?: TypeChecker
  seed: number
}

/** Who is told of what. */
export interface SessionListener {
  onNews(news: News): void
  /** A room was saved that the lesson stands on: it is being graded. */
  onSave(): void
  /** A room was saved that belongs to another lesson. */
  onOtherSave(owner: Lesson): void
}

/** The work on one lesson at a time. */
export class Session {
  /** Resolves when every save from then on is seen. */
  readonly watching: Promise<void>
  readonly #options: SessionOptions
  readonly #listener: SessionListener
  #lesson: Lesson
  #progress: Progress
  #result: LessonResult | undefined
  #running: { through: number; of: number } | undefined
  #typeProblems: readonly TypeProblem[] | undefined = []
  #problems: string[] = []
  #watch: RoomWatch | undefined
  #isWatching: () => void = () => undefined
  #grading: LessonGrading | undefined
  #ownGrading: LessonGrading | undefined
  #gradings = 0
  readonly #memories = new Map<string, Memory>()
  #graded: Submission | undefined
  #progressTimer: NodeJS.Timeout | undefined
  #lookAgainTimer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: SessionOptions, listener: SessionListener) {
    this.#options = options
    this.#listener = listener
    this.#lesson = options.lesson
    this.#progress = options.progress
    this.watching = new Promise((resolve) => {
      this.#isWatching = resolve
    })
  }

  get lesson(): Lesson {
    return this.#lesson
  }

  get progress(): Progress {
    return this.#progress
  }

  /** The last grading of the lesson, or as much as is known of the one that goes on. */
  get result(): LessonResult | undefined {
    return this.#result
  }

  /** How far the grading is that goes on; `undefined` if none does, or it is not worth telling yet. */
  get running(): { through: number; of: number } | undefined {
    return this.#running
  }

  /** Type errors of the lesson's rooms, as far as they are known; `undefined` if the compiler did not get through. */
  get typeProblems(): readonly TypeProblem[] | undefined {
    return this.#typeProblems
  }

  /** What does not work on this machine, as sentences. */
  get problems(): readonly string[] {
    return this.#problems
  }

  /** How many gradings have begun. */
  get gradings(): number {
    return this.#gradings
  }

  /** Grades the lesson, and watches the rooms from now on. */
  start(): void {
    this.grade()
    this.#watch = watchRooms(workFolder(this.#options.course.root), {
      onSave: (rooms) => this.#saved(rooms),
      onReady: () => {
        this.#lookAgain()
        this.#isWatching()
      },
      onProblem: (sentence) => {
        this.#problems = [`${sentence}: saves are not seen any more; start again with npm start.`]
        this.#listener.onNews('other')
      },
    })
  }

  /** Ends all that goes on. */
  close(): void {
    this.#closed = true
    this.#stopGrading()
    clearTimeout(this.#lookAgainTimer)
    void this.#watch?.close()
  }

  /** Works on another lesson. */
  goTo(lesson: Lesson): void {
    if (lesson !== this.#lesson) {
      this.#lesson = lesson
      this.#result = undefined
      this.#typeProblems = []
    }
    this.grade()
  }

  /** Grades the lesson as the rooms are now; a grading that goes on is given up. */
  grade(): void {
    this.#stopGrading()
    const number = this.#gradings
    const lesson = this.#lesson
    let soFar: LessonResult | undefined
    let failureShown = false
    const show = (news: News) => {
      if (!soFar || !this.#isCurrent(number)) return
      this.#result = soFar
      this.#running = { through: soFar.checks.length, of: soFar.manifest.length }
      this.#listener.onNews(news)
    }
    const grading = this.#begin(lesson, (result) => {
      soFar = result
      const failure = firstFailure(result)
      if (failureShown || !failure || failure.outcome === 'not-started') return
      failureShown = true
      show('failure')
    })
    if (!grading) return
    this.#progressTimer = setInterval(() => show('other'), PROGRESS_MS)
    void grading.result.then((result) => {
      if (!result || !this.#isCurrent(number)) return
      clearInterval(this.#progressTimer)
      this.#grading = undefined
      this.#running = undefined
      this.#result = result
      recordResult(this.#progress, lesson, result)
      this.#listener.onNews('verdict')
      setImmediate(() => this.#afterVerdict(lesson, result, grading, number))
    })
  }

  /**
   * Grades every lesson, one after the other.
   *
   * @param onLesson told of each before it is graded
   * @returns the lessons that did not pass; `undefined` if something else came in between
   */
  async gradeAll(onLesson: (lesson: Lesson) => void): Promise<Lesson[] | undefined> {
    this.#stopGrading()
    const number = this.#gradings
    const failing: Lesson[] = []
    for (const lesson of this.#options.course.lessons) {
      onLesson(lesson)
      const result = await this.#begin(lesson, () => undefined)?.result
      if (!result || !this.#isCurrent(number)) return undefined
      this.remember((progress) => recordResult(progress, lesson, result))
      if (!isPassed(result)) failing.push(lesson)
      if (lesson === this.#lesson) this.#result = result
    }
    this.#grading = undefined
    return failing
  }

  /** Grades the lesson again if anything else was being graded. */
  resume(): void {
    if (this.#grading || !this.#result) this.grade()
  }

  /** Changes what is kept from one day to the next. */
  remember(change: (progress: Progress) => void): void {
    try {
      this.#progress = updateProgress(this.#options.course.root, change)
    } catch (error) {
      change(this.#progress)
      const reason = error instanceof Error ? error.message : String(error)
      this.#problems = [`Progress cannot be kept: ${reason}.`]
      this.#listener.onNews('other')
    }
  }

  #isCurrent(number: number): boolean {
    return number === this.#gradings && !this.#closed
  }

  #stopGrading(): void {
    this.#gradings++
    clearInterval(this.#progressTimer)
    this.#running = undefined
    this.#grading?.cancel()
    this.#grading = undefined
    this.#ownGrading?.cancel()
    this.#ownGrading = undefined
  }

  #begin(lesson: Lesson, onCheck: (soFar: LessonResult) => void): LessonGrading | undefined {
    const { course, openLink, loadChecks, seed } = this.#options
    try {
      this.#graded = readRooms(course)
    } catch (error) {
      const fault = `work/ cannot be read: ${error instanceof Error ? error.message : String(error)}`
      this.#result = { manifest: [], checks: [], console: {}, stoppedAt: {}, fault }
      this.#listener.onNews('verdict')
      return undefined
    }
    const submission = this.#graded
    // Whoever works on what the screen explains waits for that, and not for what is before it.
    const first = this.#result && firstFailure(this.#result)?.id
    const memory = this.#memoryOf(lesson)
    const shared = { course, lesson, submission, seed, openLink, loadChecks }
    this.#grading = beginGrading({ ...shared, memory, first, onCheck })
    return this.#grading
  }

  #memoryOf({ folder }: Lesson): Memory {
    const memory = this.#memories.get(folder) ?? new Memory()
    this.#memories.set(folder, memory)
    return memory
  }

  #afterVerdict(lesson: Lesson, result: LessonResult, grading: LessonGrading, number: number): void {
    if (this.#closed) return
    this.remember((progress) => {
      progress.lesson = this.#lesson.folder
      recordResult(progress, lesson, result)
    })
    this.#lookAgain()
    void this.#checkTypes(lesson, number)
    void this.#tryOwnStack(grading, number)
  }

  async #tryOwnStack(grading: LessonGrading, number: number): Promise<void> {
    if (!this.#isCurrent(number)) return
    this.#ownGrading = grading
    const own = await grading.ownStack()
    if (!own || !this.#result || !this.#isCurrent(number)) return
    this.#result = { ...this.#result, own }
    this.#listener.onNews('own')
  }

  async #checkTypes(lesson: Lesson, number: number): Promise<void> {
    const { typeChecker } = this.#options
    if (!typeChecker || !this.#graded || !this.#isCurrent(number)) return
    const problems = await typeChecker.check(this.#graded.rooms, lesson.rooms)
    if (!this.#isCurrent(number)) return
    const before = this.#typeProblems
    this.#typeProblems = problems
    if (before?.length !== 0 || problems?.length !== 0) this.#listener.onNews('other')
  }

  #saved(rooms: string[]): void {
    if (this.#closed) return
    if (rooms.some((room) => this.#matters(room))) {
      this.#listener.onSave()
      this.grade()
      clearTimeout(this.#lookAgainTimer)
      this.#lookAgainTimer = setTimeout(() => this.#lookAgain(), LOOK_AGAIN_MS)
      return
    }
    const { lessons } = this.#options.course
    const owner = lessons.find((lesson) => lesson.rooms.some((room) => rooms.includes(room)))
    if (owner) this.#listener.onOtherSave(owner)
  }

  /** Whether a room is one of the lesson's, or of a lesson that it stands on. */
  #matters(room: string): boolean {
    const { lessons } = this.#options.course
    return roomsUpTo(lessons, this.#lesson).includes(room)
  }

  /** Grades again if the rooms are not what was graded: an event may be missed, a write may come in parts. */
  #lookAgain(): void {
    if (this.#closed || !this.#graded) return
    const before = this.#graded.rooms
    let now: ReadonlyMap<string, string>
    try {
      now = readRooms(this.#options.course).rooms
    } catch {
      return
    }
    const names = new Set([...before.keys(), ...now.keys()])
    const changed = [...names].filter((room) => before.get(room) !== now.get(room))
    if (changed.some((room) => this.#matters(room))) this.grade()
  }
}
