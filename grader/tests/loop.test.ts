import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { loadCourse } from '../src/course/course.ts'
import type { Lesson } from '../src/course/lesson.ts'
import { plain } from '../src/learn/colours.ts'
import { currentLesson } from '../src/learn/course-standing.ts'
import { type Frame, type LoopOptions, startLoop } from '../src/learn/loop.ts'
import { readProgress } from '../src/learn/progress.ts'
import type { Terminal } from '../src/learn/terminal.ts'
import { addMissingRooms } from '../src/learn/work-tree.ts'
import { repositoryRoot } from '../src/paths.ts'
import type { Check } from '../src/runner/check.ts'
import { expect as expectSeen } from '../src/runner/expect.ts'
import { inProcess } from '../src/subject/in-process.ts'
import type { Link } from '../src/subject/link.ts'
import { courseFolder, rightStore, storeStub } from './sample-course.ts'
import { rightRooms, stackFolder, stackSuites } from './sample-stack.ts'

interface StoreRoom {
  add(a: number, b: number): number
}

const storeChecks: Check[] = [
  {
    id: 'ST-1.1',
    title: 'adds one and two',
    body: async ({ room }) => {
      expectSeen(await room<StoreRoom>('store').call('add', 1, 2), 'add(1, 2)').toEqual(3)
    },
  },
  {
    id: 'ST-2.1',
    title: 'adds nothing',
    body: async ({ room }) => {
      expectSeen(await room<StoreRoom>('store').call('add', 1, 0), 'add(1, 0)').toEqual(1)
    },
  },
]

const queueChecks: Check[] = [
  {
    id: 'QU-1.1',
    title: 'takes',
    body: async ({ room }) => {
      expectSeen(await room<{ take(): string }>('queue').call('take'), 'take()').toEqual('a')
    },
  },
]

const wrongStore = rightStore.replace('a + b', 'a - b')

/** A loop in a temporary repository, with a terminal that remembers the last frame. */
async function openLoop(options: Partial<LoopOptions> = {}, root = courseFolder()) {
  addMissingRooms(root)
  const course = loadCourse(root)
  const agent = await agentScript(repositoryRoot())
  const { progress } = readProgress(root)
  let press: (key: string) => void = () => undefined
  let screen: string[] = []
  const screens: string[] = []
  let isClosed = false
  const frames: Frame[] = []
  const waiting = new Set<() => void>()
  const terminal: Terminal = {
    size: () => ({ columns: 120, rows: 50 }),
    draw(lines, written) {
      screen = [...lines]
      screens.push(screen.join('\n'))
      written?.()
      for (const look of [...waiting]) look()
    },
    onKey(listener) {
      press = listener
    },
    onResize: () => undefined,
    suspend: () => undefined,
    close() {
      isClosed = true
    },
  }
  const loop = startLoop({
    course,
    lesson: currentLesson(course, progress),
    progress,
    terminal,
    colours: plain,
    openLink: () => inProcess(agent),
    isolation: 'bubblewrap',
    loadChecks: async ({ number }) => (number === '01' ? storeChecks : queueChecks),
    examplesOnly: () => false,
    seed: 1,
    notes: [],
    openDocument: () => undefined,
    onFrame: (frame) => frames.push(frame),
    ...options,
  })
  onTestFinished(() => loop.quit(0))
  return {
    root,
    loop,
    frames,
    /** What each frame showed. */
    screens,
    get isClosed() {
      return isClosed
    },
    get text() {
      return screen.join('\n')
    },
    press: (...keys: string[]) => {
      for (const key of keys) press(key)
    },
    save: (text: string) => writeFileSync(join(root, 'work/store.ts'), text),
    /** Waits until the screen shows this. */
    shows(what: string | RegExp): Promise<void> {
      return new Promise((resolve) => {
        const look = () => {
          const text = screen.join('\n')
          if (typeof what === 'string' ? !text.includes(what) : !what.test(text)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      })
    },
  }
}

/** A process that never answers. */
function stuckLink() {
  let ask: () => void = () => undefined
  const isAsked = new Promise<void>((resolve) => {
    ask = resolve
  })
  const stuck = {
    isAsked,
    stops: 0,
    link: {
      request() {
        ask()
        return new Promise<string>(() => undefined)
      },
      onLog: () => undefined,
      stop() {
        stuck.stops++
      },
    } satisfies Link,
  }
  return stuck
}

describe('the loop', () => {
  it('grades the rooms as they are at the start', async () => {
    const { shows } = await openLoop()
    await shows('ST-1.1 not started: adds one and two')
  })

  it('grades at each save', async () => {
    const { shows, save } = await openLoop()
    await shows('not started')
    save(wrongStore)
    await shows(/Expected +3\n +Seen +-1/)
    save(rightStore)
    await shows('Lesson 01 passed.')
  })

  it('sees a save that puts another file in the place of the room', async () => {
    const { root, shows } = await openLoop()
    await shows('not started')
    writeFileSync(join(root, 'work/store.ts.new'), rightStore)
    renameSync(join(root, 'work/store.ts.new'), join(root, 'work/store.ts'))
    await shows('Lesson 01 passed.')
  })

  it('sees that a room is gone, and that it is there again', async () => {
    const { root, shows, save } = await openLoop()
    await shows('not started')
    renameSync(join(root, 'work/store.ts'), join(root, 'store.ts'))
    await shows('store.ts is not there')
    save(rightStore)
    await shows('Lesson 01 passed.')
  })

  it('shows the first failure before the verdict, and tells whoever measures of both', async () => {
    const { frames, shows, save } = await openLoop()
    await shows('not started')
    save(wrongStore)
    await shows(/Seen +-1/)
    await shows('1 of 3 points')
    const kinds = frames.filter(({ grading }) => grading === frames.at(-1)?.grading).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind !== 'other')).toEqual(['failure', 'verdict'])
  })

  it('explains the failure on the screen again before it looks at the others', async () => {
    const addsNothing = rightStore.replace('a + b', 'b === 0 ? 7 : a + b')
    const { frames, shows, save, screens } = await openLoop()
    await shows('not started')
    save(addsNothing)
    await shows(/Seen +7/)
    await shows('2 of 3 points')
    save(addsNothing.replace('7', '8'))
    await shows(/Seen +8/)
    await shows('2 of 3 points')
    const failures = frames.flatMap(({ kind }, at) => (kind === 'failure' ? [screens[at]] : []))
    expect(failures).toHaveLength(2)
    expect(failures[0]).toContain('grading, 2 of 2 checks')
    expect(failures[1]).toContain('grading, 1 of 2 checks')
  })

  it('gives a grading up when something newer is saved', async () => {
    const agent = await agentScript(repositoryRoot())
    const stuck = stuckLink()
    const links = [stuck.link]
    const { shows, save } = await openLoop({ openLink: () => links.shift() ?? inProcess(agent) })
    await stuck.isAsked
    save(rightStore)
    await shows('Lesson 01 passed.')
    expect(stuck.stops).toBe(1)
  })

  it('keeps what was reached', async () => {
    const root = courseFolder({ 'work/store.ts': rightStore })
    const { shows, press } = await openLoop({}, root)
    await shows('Lesson 01 passed.')
    press('n')
    await shows('QU-1.1 not started')
    await shows('1 of 2 lessons passed')
    press('q')
    const { progress } = readProgress(root)
    expect(progress.passed).toEqual(new Set(['01-store']))
    expect(currentLesson(loadCourse(root), progress).folder).toBe('02-queue')
  })

  it('shows one hint more with each h', async () => {
    const { root, shows, press } = await openLoop()
    await shows('not started')
    press('h')
    await shows('Hint 1 of 2 for ST-1')
    press('h')
    await shows('Hint 2 of 2 for ST-1')
    press('h')
    await shows('These are all 2 hints for ST-1.')
    expect(readProgress(root).progress.hints.get('ST-1')).toBe(2)
  })

  it('goes to the lesson whose number is typed in the list', async () => {
    const { shows, press } = await openLoop()
    await shows('not started')
    press('l', '0', '2')
    await shows('Lesson 02_')
    press('enter')
    await shows('QU-1.1 not started')
    press('p')
    await shows('ST-1.1 not started')
  })

  it('runs all lessons, and says which did not pass', async () => {
    const view = await openLoop({}, courseFolder({ 'work/store.ts': rightStore }))
    await view.shows('Lesson 01 passed.')
    view.press('a')
    await view.shows('Not everything passes in lesson 02.')
    expect(view.text).toMatch(/✓ 01 {2}The store +3 of 3 points/)
    view.press('escape')
    await view.shows('Lesson 01 passed.')
  })

  it('shows the reference once the lesson has passed, not before', async () => {
    const { shows, press, save } = await openLoop()
    await shows('not started')
    press('s')
    await shows('The reference can be seen once the lesson passes.')
    save(rightStore.replace('a + b', 'b + a'))
    await shows('Lesson 01 passed.')
    press('s')
    await shows(/- +return b \+ a +│ +3 \+ +return a \+ b/)
    press('escape')
    await shows('Lesson 01 passed.')
  })

  it('resets a room when asked twice, and keeps the old one', async () => {
    const { root, shows, press } = await openLoop({}, courseFolder({ 'work/store.ts': rightStore }))
    await shows('Lesson 01 passed.')
    press('r')
    await shows('Make work/store.ts the stub again?')
    press('n')
    await shows('Nothing was reset.')
    expect(readFileSync(join(root, 'work/store.ts'), 'utf8')).toBe(rightStore)
    press('r', 'y')
    await shows('kept as work/.drydock/kept/store.1.ts')
    await shows('ST-1.1 not started')
    expect(readFileSync(join(root, 'work/store.ts'), 'utf8')).toBe(storeStub)
    expect(readFileSync(join(root, 'work/.drydock/kept/store.1.ts'), 'utf8')).toBe(rightStore)
  })

  it('prints where the lesson is, and opens it', async () => {
    const opened: string[] = []
    const openDocument = (file: string) => {
      opened.push(file)
      return 'editor'
    }
    const { root, shows, press } = await openLoop({ openDocument })
    press('o')
    await shows('The lesson is in lessons/01-store/README.md; opened with editor.')
    expect(opened).toEqual([join(root, 'lessons/01-store/README.md')])
  })

  it('says whose room was saved when it is another lesson’s', async () => {
    const { root, shows, loop } = await openLoop()
    await loop.watching
    writeFileSync(join(root, 'work/queue.ts'), 'export const a = 1\n')
    await shows('You saved a room of lesson 02')
  })

  it('shows a fault of the grader’s own, and goes on', async () => {
    const agent = await agentScript(repositoryRoot())
    let isBroken = true
    const openLink = () => {
      if (isBroken) throw new Error('no process to be had')
      return inProcess(agent)
    }
    const { shows, save } = await openLoop({ openLink })
    await shows('no process to be had')
    isBroken = false
    save(rightStore)
    await shows('Lesson 01 passed.')
  })

  it.each(['q', 'ctrl-c', 'ctrl-d'])('ends with %s, and gives the terminal back', async (key) => {
    const view = await openLoop()
    await view.shows('not started')
    view.press(key)
    expect(await view.loop.done).toBe(0)
    expect(view.isClosed).toBe(true)
  })

  it('ends with the code of whoever ends it', async () => {
    const { loop } = await openLoop()
    loop.quit(143)
    expect(await loop.done).toBe(143)
  })

  it('stops the process of a grading that is under way when it ends', async () => {
    const stuck = stuckLink()
    const { loop } = await openLoop({ openLink: () => stuck.link })
    await stuck.isAsked
    loop.quit(0)
    expect(stuck.stops).toBe(1)
  })

  it('shows type errors when they come, after the verdict', async () => {
    const typeChecker = {
      check: async () => [{ room: 'store', line: 2, column: 3, message: 'Type A is not type B.' }],
      close: () => undefined,
    }
    const { shows, frames } = await openLoop({ typeChecker })
    await shows('store.ts:2:3  Type A is not type B.')
    expect(frames.at(-1)?.kind).toBe('other')
  })
})

describe('the own stack in the loop', () => {
  const checks = { loadChecks: async (lesson: Lesson) => stackSuites(lesson) }

  async function openShelf(rooms: Partial<typeof rightRooms>, options: Partial<LoopOptions> = {}) {
    const files = Object.entries({ ...rightRooms, ...rooms }).map(([room, text]) => [`work/${room}.ts`, text])
    const root = stackFolder(Object.fromEntries(files))
    const [, , shelf] = loadCourse(root).lessons
    if (!shelf) throw new Error('the course has a third lesson')
    return openLoop({ ...checks, lesson: shelf, ...options }, root)
  }

  it('is told of after the verdict that counts', async () => {
    const { shows, frames } = await openShelf({ store: 'export const add = () => 0\n' })
    await shows('your store (lesson 01, ST-1: A write gets the next revision:)')
    const kinds = frames.map(({ kind }) => kind).filter((kind) => kind === 'verdict' || kind === 'own')
    expect(kinds).toEqual(['verdict', 'own'])
  })

  it('is graded anew when one of its rooms is saved', async () => {
    const { shows, root, loop } = await openShelf({ store: 'export const add = () => 0\n' })
    await Promise.all([shows('your store (lesson 01'), loop.watching])
    writeFileSync(join(root, 'work/store.ts'), rightRooms.store)
    await shows('With your own store, queue and names, all of it passes, too.')
  })

  it('is given up when something newer is to be graded', async () => {
    const agent = await agentScript(repositoryRoot())
    const stuck = stuckLink()
    let opened = 0
    // The first is for what counts, the second for the own stack.
    const openLink = () => (++opened === 2 ? stuck.link : inProcess(agent))
    const { shows, press } = await openShelf({}, { openLink })
    await stuck.isAsked
    press('enter')
    await shows('all of it passes, too')
    expect(stuck.stops).toBe(1)
  })
})
