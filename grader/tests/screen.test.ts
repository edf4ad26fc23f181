import { describe, expect, it } from 'vitest'
import { parseLesson } from '../src/course/lesson.ts'
import { plain } from '../src/learn/colours.ts'
import { type LessonResult, pointsOf, standingOf } from '../src/learn/lesson-result.ts'
import { listPage, selectedLine } from '../src/learn/list-screen.ts'
import { type Page, pageLines } from '../src/learn/page.ts'
import { type LessonState, lessonPage } from '../src/learn/screen.ts'
import { widthOf } from '../src/learn/text-layout.ts'
import type { OwnCheckVerdict } from '../src/runner/blame.ts'
import type { CheckVerdict, Outcome } from '../src/runner/outcome.ts'
import { requirementOf } from '../src/runner/outcome.ts'
import { lessonFile, rightLesson } from './sample-lesson.ts'

const lesson = parseLesson(lessonFile, rightLesson)
const size = { columns: 80, rows: 24 }

function verdict(id: string, outcome: Outcome, more: Partial<CheckVerdict> = {}): CheckVerdict {
  return { id, requirement: requirementOf(id), title: `the title of ${id}`, outcome, message: '', ...more }
}

function result(checks: CheckVerdict[], more: Partial<LessonResult> = {}): LessonResult {
  return { manifest: ['ST-1.1', 'ST-1.2', 'ST-2.1'], checks, console: {}, stoppedAt: {}, ...more }
}

const failing = result([
  verdict('ST-1.1', 'passed'),
  verdict('ST-1.2', 'failed', {
    message: 'the revision of the second put',
    expected: '3',
    seen: '2',
    place: 'store.ts:12',
  }),
  verdict('ST-2.1', 'not-started'),
])
const passing = result([
  verdict('ST-1.1', 'passed'),
  verdict('ST-1.2', 'passed'),
  verdict('ST-2.1', 'passed'),
])

function state(more: Partial<LessonState> = {}): LessonState {
  return {
    course: { points: { earned: 6, possible: 12 }, lessons: 2, passed: 1 },
    lesson,
    below: [lesson],
    next: { ...lesson, number: '02', title: 'The queue' },
    passedOnce: false,
    result: failing,
    running: undefined,
    examplesOnly: false,
    hintsShown: new Map(),
    hintsOf: undefined,
    typeProblems: [],
    isolation: 'bubblewrap',
    notes: [],
    message: undefined,
    interactive: true,
    ...more,
  }
}

function lines(more: Partial<LessonState> = {}): string[] {
  const { head, body, foot } = lessonPage(state(more), { columns: 100, rows: 100 }, plain)
  return [...head, ...body, ...foot]
}

const text = (more: Partial<LessonState> = {}) => lines(more).join('\n')

describe('the screen of a lesson', () => {
  it('says where the learner is in the lesson and in the course', () => {
    const [lessonLine, courseLine] = lines()
    expect(lessonLine).toMatch(/^ Lesson 01 · The store +0 of 3 points$/)
    expect(courseLine).toBe(` ${'━'.repeat(15)}${'╌'.repeat(15)}  6 of 12 points · 1 of 2 lessons passed`)
  })

  it('shows each requirement with its outcome and points', () => {
    expect(lines()).toContainEqual(expect.stringMatching(/^ ✗ ST-1 {2}failed +0\/2 {4}A write gets the next/))
    expect(lines()).toContainEqual(expect.stringMatching(/^ · ST-2 {2}not started +0\/1 {4}A failed write/))
  })

  it('says what was expected and seen, where, and which hint to ask for', () => {
    expect(text()).toContain(
      [
        ' ST-1.2 failed: the title of ST-1.2',
        '   Looked at    the revision of the second put',
        '   Expected     3',
        '   Seen         2',
        '   Place        store.ts:12',
        '   Hints        h shows the first of 2 for ST-1',
        '   ST-1         A write gets the next revision:',
      ].join('\n'),
    )
  })

  it('explains what went wrong before what is not written yet', () => {
    const checks = [verdict('ST-1.1', 'not-started'), verdict('ST-2.1', 'crashed', { message: 'it fell' })]
    expect(text({ result: result(checks) })).toContain(' ST-2.1 crashed: the title of ST-2.1')
  })

  it('names the room to write where nothing is written yet', () => {
    const checks = [verdict('ST-1.1', 'not-started')]
    expect(text({ result: result(checks) })).toContain('To write     work/store.ts')
  })

  it('says where it hung and what it printed, at most a few lines', () => {
    const hung = result([verdict('ST-1.1', 'timed-out', { message: 'it ran for ever' })], {
      stoppedAt: { 'ST-1.1': ['store.ts:9 in drain', 'store.ts:6 in put'] },
      console: { 'ST-1.1': Array.from({ length: 30 }, (_, n) => `line ${n}`) },
    })
    const shown = text({ result: hung })
    expect(shown).toContain('   It was in    store.ts:9 in drain\n                store.ts:6 in put')
    expect(shown).toContain('   It printed   line 0')
    expect(shown).toContain('… and 22 more')
    expect(shown).not.toContain('line 8')
  })

  describe('of the own stack', () => {
    const fails = verdict('ST-2.1', 'failed', { message: 'the sum', expected: '3', seen: '2' })
    const blame = { lesson: '01-store', requirement: 'ST-1', room: 'controllers/work-queue' }
    const ownOf = (checks: OwnCheckVerdict[]) => ({
      verdict: { rooms: ['store', 'labels', 'controllers/work-queue'], checks },
      output: { console: {}, stoppedAt: {} },
    })

    it('says that all passes there, too', () => {
      const own = ownOf([...passing.checks])
      expect(text({ result: { ...passing, own } })).toContain(
        ' With your own store, labels and work queue, all of it passes, too.',
      )
    })

    it('says what fails there, which room makes it so, and where to go', () => {
      const own = ownOf([verdict('ST-1.1', 'passed'), { ...fails, blame }])
      expect(text({ result: { ...passing, own } })).toContain(
        [
          ' With your own store, labels and work queue, one check fails that passes with the reference’s. It',
          ' costs no points.',
          ' ST-2.1 failed: the title of ST-2.1',
          '   Looked at    the sum',
          '   Expected     3',
          '   Seen         2',
          '   Cause        your work queue (lesson 01, ST-1: A write gets the next revision:)',
          '   Then         l, 01, Enter goes to lesson 01',
        ].join('\n'),
      )
    })

    it('says it in short where something that counts does not pass', () => {
      const own = ownOf([{ ...fails, blame: 'undetermined' }, fails])
      const shown = text({ result: { ...failing, own } })
      expect(shown).toContain('2 checks fail that pass with the reference’s.')
      expect(shown).toContain('   Cause        no earlier room makes the difference by itself')
      expect(shown).not.toContain('the sum')
    })
  })

  it('shows nothing of a room that would act upon the terminal', () => {
    const evil = '\u001b]0;owned\u0007\u202e\r\u009b2J'
    const checks = [
      verdict('ST-1.1', 'failed', { message: evil, expected: evil, seen: evil, place: evil, steps: evil }),
    ]
    const hostile = result(checks, {
      stoppedAt: { 'ST-1.1': [evil] },
      console: { 'ST-1.1': [evil] },
    })
    const typeProblems = [{ room: 'store', line: 1, column: 1, message: evil }]
    for (const line of lines({ result: hostile, typeProblems, notes: [evil], message: evil })) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
    }
  })

  it('says once, without a hint, why a whole lesson was refused', () => {
    const checks = ['ST-1.1', 'ST-1.2', 'ST-2.1'].map((id) =>
      verdict(id, 'refused', { message: 'store.ts:3: Expected ";"' }),
    )
    const shown = text({ result: result(checks) })
    expect(shown).toContain(' Refused, so nothing was run:\n   store.ts:3: Expected ";"')
    expect(shown).toMatch(/ ✗ ST-1 to ST-2 {2}refused/)
    expect(shown).not.toContain('Hints')
  })

  it('says that the lesson passed, and what comes next', () => {
    const shown = text({ result: passing, passedOnce: true })
    expect(shown).toContain(' Lesson 01 passed.')
    expect(shown).toContain('Your cluster remembers: what was written is read with get.')
    expect(shown).toContain('n goes on to lesson 02, The queue.')
    expect(shown).toContain('s puts your room beside the reference.')
  })

  it('names commands in place of keys where there are none', () => {
    expect(text({ interactive: false })).toContain('npm run hint -- ST-1 shows the first of 2 for ST-1')
    expect(text({ interactive: false, result: passing, passedOnce: true })).toContain(
      'npm run solution -- 01',
    )
  })

  it('shows the hints that were asked for, and how many there are', () => {
    const shown = text({ hintsOf: 'ST-1', hintsShown: new Map([['ST-1', 1]]) })
    expect(shown).toContain(' Hint 1 of 2 for ST-1\n   Count.')
    expect(shown).not.toContain('Hint 2 of 2')
    expect(shown).toContain('h shows number 2 of 2 for ST-1')
  })

  it('shows type errors, which cost nothing, when they have come', () => {
    expect(text({ typeProblems: undefined })).toContain('Type errors were not found out')
    const typeProblems = [{ room: 'store', line: 3, column: 7, message: 'Type A is not type B.' }]
    expect(text({ typeProblems })).toContain(
      ' One type error, which cost no points:\n   store.ts:3:7  Type A is not type B.',
    )
  })

  it('says what stands behind the verdict where that is less than it could be', () => {
    expect(text({ isolation: 'unverified' })).toContain('Unverified:')
    expect(text({ examplesOnly: true })).toContain('visible examples')
  })

  it('says how far a grading is that goes on', () => {
    const soFar = result([verdict('ST-1.1', 'passed')])
    const shown = text({ result: soFar, running: { through: 1, of: 3 } })
    expect(shown).toContain('grading, 1 of 3 checks')
    expect(shown).toContain('ST-1.2 is running …')
  })

  it('calls a fault of the grader one', () => {
    expect(text({ result: result([], { fault: 'no disk' }) })).toContain(
      'that is a fault of Drydock, not of yours',
    )
  })

  it('offers the reference only once it may be seen', () => {
    expect(text()).not.toContain('s solution')
    expect(text({ passedOnce: true })).toContain('s solution')
  })
})

describe('the terminal', () => {
  it.each([
    [80, 24],
    [120, 40],
    [40, 10],
    [20, 5],
  ])('is filled exactly, at %i by %i', (columns, rows) => {
    for (const more of [
      {},
      { result: passing },
      { notes: ['word '.repeat(200)], message: 'x'.repeat(300) },
    ]) {
      const page = lessonPage(state(more), { columns, rows }, plain)
      const shown = pageLines(page, { columns, rows }, 0, plain)
      expect(shown).toHaveLength(rows)
      for (const line of shown) expect(widthOf(line)).toBeLessThanOrEqual(columns)
    }
  })

  it('folds requirements that are alike where all of them do not fit', () => {
    const many = {
      ...lesson,
      requirements: Array.from({ length: 30 }, (_, n) => ({
        id: `ST-${n + 1}`,
        points: 1,
        text: 'x',
        line: 1,
      })),
    }
    const manifest = many.requirements.map(({ id }) => `${id}.1`)
    const checks = manifest.map((id, n) => verdict(id, n === 9 ? 'failed' : 'passed'))
    const { body } = lessonPage(state({ lesson: many, result: result(checks, { manifest }) }), size, plain)
    expect(body.slice(0, 3)).toEqual([
      expect.stringMatching(/^ ✓ ST-1 to ST-9 {4}passed +9\/9/),
      expect.stringMatching(/^ ✗ ST-10 {11}failed +0\/1/),
      expect.stringMatching(/^ ✓ ST-11 to ST-30 {2}passed +20\/20/),
    ])
  })

  it('says how much is above and below what is seen', () => {
    const page: Page = { head: ['head'], body: Array.from({ length: 20 }, (_, n) => `${n}`), foot: ['foot'] }
    const shown = pageLines(page, { columns: 40, rows: 7 }, 5, plain)
    expect(shown).toEqual(['head', ' ↑ 6 more lines', '6', '7', '8', ' ↓ 11 more lines', 'foot'])
    expect(pageLines(page, { columns: 40, rows: 7 }, Number.POSITIVE_INFINITY, plain).at(-2)).toBe('19')
  })
})

describe('a requirement', () => {
  const [first, second] = lesson.requirements
  it('stands as its first check that did not pass', () => {
    expect(first && standingOf(first, failing)).toBe('failed')
    expect(second && standingOf(second, failing)).toBe('not-started')
  })

  it('waits while one of its checks has not been run', () => {
    expect(first && standingOf(first, result([verdict('ST-1.1', 'passed')]))).toBe('waiting')
  })

  it('counts for nothing where nothing checks it', () => {
    const some = result([verdict('ST-2.1', 'passed')], { manifest: ['ST-2.1'] })
    expect(first && standingOf(first, some)).toBe('unchecked')
    expect(pointsOf(lesson, some)).toEqual({ earned: 1, possible: 1 })
  })
})

describe('the list of lessons', () => {
  const listed = {
    course: { points: { earned: 3, possible: 6 }, lessons: 2, passed: 1 },
    lessons: [
      { lesson, best: { earned: 3, possible: 3 }, passed: true },
      {
        lesson: { ...lesson, folder: '06-pods', number: '06', title: 'Pods', part: 'II. Pods on machines' },
        best: { earned: 0, possible: 3 },
        passed: false,
      },
    ],
    current: '01-store',
    selected: '06-pods',
    typed: '',
    grading: undefined,
    message: undefined,
  }

  it('shows each lesson under its part, with its points', () => {
    const { body } = listPage(listed, size, plain)
    expect(body).toEqual([
      ' I. The store of record',
      expect.stringMatching(/^ {3}✓ 01 {2}The store +3 of 3 points +you are here$/),
      '',
      ' II. Pods on machines',
      expect.stringMatching(/^ › · 06 {2}Pods +0 of 3 points/),
    ])
    expect(body[selectedLine(listed)]).toContain('› · 06')
  })

  it('shows the number that is being typed', () => {
    expect(listPage({ ...listed, typed: '0' }, size, plain).foot).toContain(' Lesson 0_')
  })
})
