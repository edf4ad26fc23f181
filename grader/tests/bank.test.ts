import { lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readBank } from '../src/bank/bank.ts'
import { complete } from '../src/bank/complete.ts'
import type { Entry, HostileEntry } from '../src/bank/entry.ts'
import { judge } from '../src/bank/judge.ts'
import { prepare } from '../src/bank/prepare.ts'
import { loadCourse } from '../src/course/course.ts'
import { takeIn } from '../src/intake/intake.ts'
import type { OwnCheckVerdict } from '../src/runner/blame.ts'
import type { Outcome } from '../src/runner/outcome.ts'
import type { Verdict } from '../src/runner/verdict.ts'
import { courseFolder } from './sample-course.ts'
import { stackFolder } from './sample-stack.ts'

const wrong = 'grader/submissions/01-store/wrong/counts-reads/verdict.yaml'
const different = 'grader/submissions/01-store/different/with-a-log/verdict.yaml'
const hostile = 'grader/submissions/hostile/reading/follows-a-link/verdict.yaml'

const rightWrong = 'lesson: 01-store\nfails: [ST-1]\noutcome: failed\n'
const rightHostile = `lesson: 01-store
attack: reads what a link leads to
fails: all
outcome: refused
setup:
  - { link: store.ts, to: /etc/passwd }
  - { fifo: deep/pipe }
  - { bytes: big, size: 300000000 }
`

function bankOf(files: Record<string, string>) {
  const root = courseFolder(files)
  return readBank(root, loadCourse(root))
}

function problemsOf(file: string, text: string): string[] {
  return bankOf({ [file]: text }).problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)
}

describe('a bank', () => {
  it('has submissions of three kinds, with the verdict that each must get', () => {
    const { entries, problems } = bankOf({
      [wrong]: 'lesson: 01-store\nfails: [ST-1, ST-2]\noutcome: [failed, timed-out]\n',
      [different]: 'lesson: 01-store\nfails: []\n',
      [hostile]: rightHostile,
    })

    expect(problems).toEqual([])
    expect(entries).toMatchObject([
      {
        kind: 'wrong',
        name: 'counts-reads',
        folder: 'grader/submissions/01-store/wrong/counts-reads',
        lesson: { folder: '01-store' },
        fails: ['ST-1', 'ST-2'],
        outcomes: ['failed', 'timed-out'],
        at: { lesson: 1, fails: 2, outcome: 3 },
      },
      { kind: 'different', name: 'with-a-log', fails: [], outcomes: [] },
      {
        kind: 'hostile',
        class: 'reading',
        attack: 'reads what a link leads to',
        fails: 'all',
        outcomes: ['refused'],
        only: [],
        setup: [
          { do: 'link', path: 'store.ts', to: '/etc/passwd' },
          { do: 'fifo', path: 'deep/pipe' },
          { do: 'bytes', path: 'big', size: 300_000_000 },
        ],
        run: {},
      },
    ])
  })

  it.each([
    ['lesson: 01-store\nfails: [ST-9]\noutcome: failed', ':2: unknown requirement ST-9'],
    [
      'lesson: 01-stroe\nfails: [ST-1]\noutcome: failed',
      ':1: unknown lesson 01-stroe: did you mean 01-store?',
    ],
    ['fails: [ST-1]\noutcome: failed', ':1: expected lesson with the name of its folder'],
    ['lesson: 02-queue\nfails: [QU-1]\noutcome: failed', ':1: expected 01-store, in whose folder it stands'],
    ['lesson: 01-store\nfails: []', ':2: expected one requirement, or two'],
    ['lesson: 01-store\nfails: all\noutcome: failed', ':2: expected fails with a list of requirements'],
    ['lesson: 01-store\nfails: [ST-1]', ':1: expected outcome with one of failed'],
    ['lesson: 01-store\nfails: [ST-1]\noutcome: fialed', ':3: unknown outcome fialed: did you mean failed?'],
    ['lesson: 01-store\nfails: [ST-1]\n\noutcom: failed', ':4: unknown key outcom: did you mean outcome?'],
    ['lesson: [', ':1: this is not YAML'],
    ['hello', ':1: expected lesson, fails, outcome, over, blame, each on its line, came "hello"'],
  ])('names the file and the line of what is wrong in %j', (text, problem) => {
    expect(problemsOf(wrong, text).join('\n')).toContain(`${wrong}${problem}`)
  })

  it.each([
    [rightHostile.replace('link: store.ts', 'link: ../store.ts'), ':5: expected { link: PATH, to: TARGET }'],
    [
      rightHostile.replace('attack: reads what a link leads to', 'attack: ""'),
      ':2: expected attack with one sentence',
    ],
    [`${rightHostile}run: { stopedAt: store.ts }`, ':9: expected run with console and stoppedAt'],
    [`${rightHostile}only: [ST-7]`, ':9: unknown requirement ST-7'],
  ])('names the file and the line of what is wrong in the hostile %j', (text, problem) => {
    expect(problemsOf(hostile, text).join('\n')).toContain(`${hostile}${problem}`)
  })

  it('names what is right but different and expected to fail', () => {
    expect(problemsOf(different, 'lesson: 01-store\nfails: [ST-1]')[0]).toContain(':2: expected `fails: []`')
  })

  it('names a submission without a verdict, and a class that is none', () => {
    const folder = 'grader/submissions/hostile/readin'
    const { problems } = bankOf({
      'grader/submissions/01-store/wrong/counts-reads/store.ts': '',
      [`${folder}/a/verdict.yaml`]: rightHostile,
    })
    expect(problems).toEqual([
      { file: folder, line: 1, message: 'unknown class of attack readin: did you mean reading?' },
      { file: wrong, line: 1, message: expect.stringContaining('came no such file') },
    ])
  })
})

describe('a submission whose fault is in an earlier room', () => {
  const file = 'grader/submissions/02-queue/wrong/adds-nothing/verdict.yaml'
  const written = (blame: string, fails = '[]') => {
    const root = stackFolder({ [file]: `lesson: 02-queue\nfails: ${fails}\nblame: ${blame}\n` })
    return readBank(root, loadCourse(root))
  }

  it('says where it is', () => {
    const blame = { lesson: '01-store', requirement: 'ST-2', room: 'store' }
    expect(written('{ lesson: 01-store, requirement: ST-2, room: store }')).toMatchObject({
      entries: [{ kind: 'wrong', name: 'adds-nothing', fails: [], outcomes: [], blame }],
      problems: [],
    })
    expect(written('{ lesson: 01-store, room: store }').entries).toMatchObject([
      { blame: { lesson: '01-store', room: 'store' } },
    ])
  })

  it.each([
    ['{ lesson: 03-shelf, room: shelf }', '[]', ':3: expected blame such as'],
    ['{ lesson: 01-store, requirement: ST-1 }', '[]', ':3: expected blame such as'],
    ['01-store', '[]', ':3: expected blame such as'],
    ['{ lesson: 01-store, room: stroe }', '[]', ':3: unknown room stroe: did you mean store?'],
    ['{ lesson: 01-store, room: store, requirement: ST-9 }', '[]', ':3: unknown requirement ST-9'],
    [
      '{ lesson: 01-store, room: store }',
      '[QU-1]',
      ':2: expected `fails: []`: with a fault in an earlier room',
    ],
  ])('names the file and the line of what is wrong in %s', (blame, fails, problem) => {
    const problems = written(blame, fails).problems.map(({ line, message }) => `:${line}: ${message}`)
    expect(problems.join('\n')).toContain(problem)
  })

  describe('and stands there already', () => {
    const lower = 'grader/submissions/01-store/wrong/adds-wrong'
    const store = 'export const add = (): number => 0\n'
    const over = (
      value: string,
      blame = 'blame: { lesson: 01-store, room: store }\n',
      lesson = '02-queue',
    ) => {
      const root = stackFolder({
        [`${lower}/store.ts`]: store,
        [`${lower}/verdict.yaml`]: rightWrong,
        [`grader/submissions/${lesson}/wrong/adds-nothing/verdict.yaml`]: `lesson: ${lesson}\nfails: []\nover: ${value}\n${blame}`,
      })
      return { root, ...readBank(root, loadCourse(root)) }
    }

    it.each(['02-queue', '03-shelf'])('takes that room, under the reference of %s', (lesson) => {
      const { root, entries, problems } = over('01-store/wrong/adds-wrong', undefined, lesson)
      expect(problems).toEqual([])
      const entry = entries.find(({ name }) => name === 'adds-nothing')
      if (!entry) throw new Error('expected the entry')
      const file = `grader/submissions/${lesson}/wrong/adds-nothing/verdict.yaml`
      expect(entry).toMatchObject({ folder: lower, file, blame: { lesson: '01-store', room: 'store' } })

      const taken = takeIn(entry.folder, join(root, entry.folder), ['store', ...entry.lesson.rooms])
      const { rooms } = complete({ root }, entry, taken)
      expect(rooms.get('store')).toBe(store)
      expect([...rooms.keys()].sort()).toEqual(['store', ...entry.lesson.rooms].sort())
    })

    const expected =
      ':3: expected over with a wrong submission of a lesson below, such as 01-store/wrong/adds-wrong'
    it.each([
      ['01-store/wrong/adds-wrnog', `${expected}, came "01-store/wrong/adds-wrnog"`],
      ['01-store/different/adds-wrong', `${expected}, came "01-store/different/adds-wrong"`],
      ['02-queue/wrong/adds-nothing', `${expected}, came "02-queue/wrong/adds-nothing"`],
      ['../01-store/wrong/adds-wrong', `${expected}, came "../01-store/wrong/adds-wrong"`],
      ['01-store/wrong/../wrong/adds-wrong', `${expected}, came "01-store/wrong/../wrong/adds-wrong"`],
      ['/etc', `${expected}, came "/etc"`],
      ['[01-store/wrong/adds-wrong]', `${expected}, came ["01-store/wrong/adds-wrong"]`],
      ['', `${expected}, came null`],
    ])('names the line of over: %s, and what was expected', (value, problem) => {
      const { entries, problems } = over(value)
      expect(problems.map(({ line, message }) => `:${line}: ${message}`)).toEqual([problem])
      expect(entries.map(({ name }) => name)).toEqual(['adds-wrong'])
    })

    it('names one that is not below, also where it is an earlier one', () => {
      const file = 'grader/submissions/02-queue/wrong/adds-nothing/verdict.yaml'
      const { problems } = bankOf({
        [`${lower}/verdict.yaml`]: rightWrong,
        [file]:
          'lesson: 02-queue\nfails: []\nover: 01-store/wrong/adds-wrong\nblame: { lesson: 01-store, room: store }\n',
      })
      expect(problems[0]).toEqual({
        file,
        line: 3,
        message:
          'expected over with a wrong submission of a lesson below, of which there is none, came "01-store/wrong/adds-wrong"',
      })
    })

    it('must say what is to be blamed', () => {
      const { problems } = over('01-store/wrong/adds-wrong', '')
      expect(problems.map(({ message }) => message)).toEqual([
        'expected blame such as { lesson: 01-store, requirement: ST-6, room: store }, its lesson one of 01-store, came nothing',
      ])
    })
  })

  it('is judged by what fails over the own stack', () => {
    const [entry] = written('{ lesson: 01-store, room: store }').entries
    if (!entry) throw new Error('expected an entry')
    const judged = (own: OwnCheckVerdict['blame'][]) => {
      const verdict = verdictOf({ 'QU-1.1': 'passed' })
      const [lesson] = verdict.lessons
      const checks = own.map((blame, at) => {
        const check = { id: `QU-1.${at}`, requirement: 'QU-1', title: '', message: 'because' }
        return { ...check, outcome: 'failed' as const, ...(blame ? { blame } : {}) }
      })
      if (lesson) Object.assign(lesson, { lesson: '02-queue', own: { rooms: ['store'], checks } })
      return judge(entry, verdict)
    }
    expect(judged([{ lesson: '01-store', room: 'store' }, undefined])).toEqual([])
    expect(judged([])).toEqual(['expected a check to fail with the own stack, none did'])
    expect(judged(['undetermined'])).toEqual([
      'expected blame {"lesson":"01-store","room":"store"}, came "undetermined" for failed in QU-1.0 (because)',
    ])
  })
})

describe('a hostile submission', () => {
  it.skipIf(process.platform === 'win32')('is copied and gets what git cannot hold', () => {
    const root = courseFolder({
      [hostile]: `${rightHostile}  - { named: '::error::x' }\n`,
      [hostile.replace('verdict.yaml', 'store.ts')]: 'export {}',
    })
    const [entry] = readBank(root, loadCourse(root)).entries as HostileEntry[]
    if (!entry) throw new Error('expected the entry')

    const folder = prepare(root, entry, root)

    expect(folder).toBe(join(root, '::error::x'))
    expect(readdirSync(folder).sort()).toEqual(['big', 'deep', 'store.ts'])
    expect(readlinkSync(join(folder, 'store.ts'))).toBe('/etc/passwd')
    expect(lstatSync(join(folder, 'deep/pipe')).isFIFO()).toBe(true)
    expect(lstatSync(join(folder, 'big')).size).toBe(300_000_000)
  })
})

describe('the judge of a verdict', () => {
  const of = (kind: Entry['kind']) => {
    const files = { [wrong]: rightWrong, [hostile]: `${rightHostile}run: { stoppedAt: store.ts:3 }\n` }
    const entry = bankOf(files).entries.find((one) => one.kind === kind)
    if (!entry) throw new Error(`expected a ${kind} entry`)
    return entry
  }

  it('finds nothing where all is as it must be', () => {
    expect(
      judge(of('wrong'), verdictOf({ 'ST-1.1': 'failed', 'ST-1.2': 'passed', 'ST-2.1': 'passed' })),
    ).toEqual([])
    const hanging = verdictOf({ 'ST-1.1': 'refused', 'ST-2.1': 'refused' }, ['store.ts:3 in get'])
    expect(judge(of('hostile'), hanging)).toEqual([])
  })

  it('says what passed, what failed, and how', () => {
    expect(judge(of('wrong'), verdictOf({ 'ST-1.1': 'passed', 'ST-2.1': 'crashed' }))).toEqual([
      'expected ST-1 to fail, it passed',
      'expected ST-2 to pass, it did not: crashed in ST-2.1 (because)',
    ])
    expect(judge(of('wrong'), verdictOf({ 'ST-1.1': 'crashed', 'ST-2.1': 'passed' }))).toEqual([
      'expected outcome failed, came crashed in ST-1.1 (because)',
      'expected outcome failed, came none of it: only crashed',
    ])
  })

  it('says that a place was not found, and that nothing was graded', () => {
    expect(judge(of('hostile'), verdictOf({ 'ST-1.1': 'refused', 'ST-2.1': 'refused' }))).toEqual([
      'expected "store.ts:3" in run.stoppedAt, came nothing',
    ])
    expect(judge(of('hostile'), verdictOf({}))).toEqual(['expected 01-store to be graded, it was not'])
  })
})

function verdictOf(outcomes: Record<string, Outcome>, stoppedAt: string[] = []): Verdict {
  const checks = Object.entries(outcomes).map(([id, outcome]) => ({
    id,
    requirement: id.replace(/\.\d+$/, ''),
    title: 'a title',
    outcome,
    message: outcome === 'passed' ? '' : 'because',
  }))
  const requirements = [...new Set(checks.map(({ requirement }) => requirement))].map((id) => {
    const passed = checks.every(({ requirement, outcome }) => requirement !== id || outcome === 'passed')
    return { id, points: 2, earned: passed ? 2 : 0, text: '' }
  })
  return {
    version: 2,
    submission: { path: '', hash: '', ignored: [] },
    suite: { hash: '' },
    kit: { hash: '' },
    isolation: 'unverified',
    seed: 1,
    points: { earned: 0, possible: 0 },
    lessons: [{ lesson: '01-store', points: { earned: 0, possible: 0 }, requirements, checks }],
    run: {
      durationMs: 0,
      alone: { console: {}, stoppedAt: { 'ST-1.1': stoppedAt } },
      own: { console: {}, stoppedAt: {} },
    },
  }
}
