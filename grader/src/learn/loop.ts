/** The learner's loop: a session, the screen that shows it, and the keys. */

import type { Lesson } from '../course/lesson.ts'
import type { Verdict } from '../runner/verdict.ts'
import type { Colours } from './colours.ts'
import type { LessonResult } from './lesson-result.ts'
import { type LessonHost, LessonView } from './lesson-view.ts'
import { ListView } from './list-view.ts'
import { pageLines } from './page.ts'
import { type News, Session, type SessionListener, type SessionOptions } from './session.ts'
import { SolutionView } from './solution-view.ts'
import type { Terminal } from './terminal.ts'
import type { View } from './view.ts'

/** What was drawn, for whoever measures. */
export interface Frame {
  kind: News
  /** The lesson's folder. */
  lesson: string
  /** How many gradings have begun so far. */
  grading: number
}

/** What the loop stands on. */
export interface LoopOptions extends SessionOptions {
  terminal: Terminal
  colours: Colours
  isolation: Verdict['isolation']
  /** Whether a lesson's checks are the visible examples alone. */
  examplesOnly: (lesson: Lesson) => boolean
  /** Sentences that stand under everything else. */
  notes: readonly string[]
  /** Opens a file, and returns what it was opened with. */
  openDocument: (file: string) => string | undefined
  /** Told when the last byte of a frame was handed to the terminal. */
  onFrame?: (frame: Frame) => void
}

/** A loop that runs. */
export interface Loop {
  /** Resolves with the exit code when the loop is over; the terminal is as it was then. */
  readonly done: Promise<number>
  /** Resolves when every save from then on is seen; those before it are seen by then. */
  readonly watching: Promise<void>
  /** The last grading of the lesson that is being worked on. */
  readonly last: { lesson: Lesson; result: LessonResult | undefined }
  quit(code: number): void
}

/** Starts the loop; it goes on until somebody quits. */
export function startLoop(options: LoopOptions): Loop {
  const { course, terminal, colours, isolation, notes, examplesOnly, openDocument, onFrame } = options
  let finish: (code: number) => void = () => undefined
  const done = new Promise<number>((resolve) => {
    finish = resolve
  })
  let over = false

  const draw = (kind: News) => {
    if (over) return
    const size = terminal.size()
    const { page, scroll } = view.show(size)
    const frame = { kind, lesson: session.lesson.folder, grading: session.gradings }
    terminal.draw(pageLines(page, size, scroll, colours), () => onFrame?.(frame))
  }
  const quit = (code: number) => {
    if (over) return
    over = true
    terminal.close()
    session.close()
    finish(code)
  }

  const listener: SessionListener = {
    onNews: draw,
    onSave() {
      lessonView.renew()
      view = lessonView
    },
    onOtherSave({ number }) {
      lessonView.say(`You saved a room of lesson ${number}: l, ${number}, Enter goes there.`)
      draw('other')
    },
  }
  const session = new Session(options, listener)
  const host: LessonHost = {
    course,
    session,
    colours,
    facts: { isolation, notes },
    examplesOnly,
    openDocument,
    size: () => terminal.size(),
    redraw: () => draw('other'),
    quit: () => quit(0),
    leave() {
      lessonView.renew()
      view = lessonView
    },
    showList(runAll) {
      const list = new ListView(host)
      view = list
      if (runAll) void list.runAll()
    },
    showSolution() {
      view = new SolutionView(host)
    },
  }
  const lessonView = new LessonView(host)
  let view: View = lessonView

  terminal.onKey((key) => {
    if (over) return
    if (key === 'ctrl-c' || key === 'ctrl-d') quit(0)
    else if (key === 'ctrl-z') terminal.suspend()
    else view.onKey(key)
    draw('other')
  })
  terminal.onResize(() => draw('other'))
  draw('other')
  session.start()

  return {
    done,
    watching: session.watching,
    quit,
    get last() {
      return { lesson: session.lesson, result: session.result }
    },
  }
}
