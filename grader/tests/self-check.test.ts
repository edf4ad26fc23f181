import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readBank } from '../src/bank/bank.ts'
import { agentScript } from '../src/bundle/agent-script.ts'
import { selfCheck } from '../src/commands/check.ts'
import type { CommandContext } from '../src/commands/context.ts'
import { repositoryRoot } from '../src/paths.ts'
import type { Check } from '../src/runner/check.ts'
import { expect as expectRoom } from '../src/runner/expect.ts'
import { bankHolds } from '../src/self-check/bank-holds.ts'
import { catchUp } from '../src/self-check/catch-up.ts'
import { differentOnes } from '../src/self-check/different.ts'
import { emptyRooms } from '../src/self-check/empty-rooms.ts'
import { examples } from '../src/self-check/examples.ts'
import { openGrading } from '../src/self-check/grading.ts'
import { hostileOnes, SECRET_VARIABLE } from '../src/self-check/hostile.ts'
import { readLessons } from '../src/self-check/lessons.ts'
import { mistakes } from '../src/self-check/mistakes.ts'
import type { Kit, Part } from '../src/self-check/part.ts'
import { reference } from '../src/self-check/reference.ts'
import { starter } from '../src/self-check/starter.ts'
import { strayFiles } from '../src/self-check/stray-files.ts'
import { suites } from '../src/self-check/suites.ts'
import { types } from '../src/self-check/types.ts'
import { wrongOnes } from '../src/self-check/wrong.ts'
import { inProcess } from '../src/subject/in-process.ts'
import { openRoomService } from '../src/types/room-service.ts'
import { courseFolder, rightStore } from './sample-course.ts'
import { changed, lineIn, rightLesson } from './sample-lesson.ts'

interface Adder {
  add(a: number, b: number): number
}
interface Queue {
  take(): string
}

const suiteFile = 'grader/suites/01-store.test.ts'
const suiteText = `check('ST-1.1', 'adds', () => {})

check('ST-2.1', 'adds to itself', () => {})
`
const bank = 'grader/submissions/01-store'

const adds: Check = {
  id: 'ST-1.1',
  title: 'adds',
  body: async ({ room }) => expectRoom(await room<Adder>('store').call('add', 1, 2), 'the sum').toEqual(3),
}
const doubles: Check = {
  id: 'ST-2.1',
  title: 'adds to itself',
  body: async ({ room }) => expectRoom(await room<Adder>('store').call('add', 2, 2), 'the sum').toEqual(4),
}
const takes = ['QU-1.1', 'QU-2.1'].map(
  (id): Check => ({
    id,
    title: 'takes',
    body: async ({ room }) => expectRoom(await room<Queue>('queue').call('take'), 'the key').toEqual('a'),
  }),
)

/** Everything that is needed to prove a small course, whose suites are these. */
async function kitOf(
  files: Record<string, string> = {},
  checks: Record<string, Check[]> = { '01-store': [adds, doubles], '02-queue': takes },
): Promise<Kit> {
  const root = courseFolder({ [suiteFile]: suiteText, ...files })
  const { course, whole } = readLessons(root)
  const agent = await agentScript(repositoryRoot())
  const openLinks = async () =>
    ({ openLink: () => inProcess(agent), isolation: 'unverified', close: () => undefined }) as const
  const grading = await openGrading(course, async () => [], openLinks)
  const suite = async ({ folder }: { folder: string }) => checks[folder] ?? []
  return {
    root,
    course,
    lessons: course.lessons,
    whole,
    bank: readBank(root, course),
    types: openRoomService(root),
    grading: { ...grading, suiteOf: suite, loadSuite: suite },
  }
}

async function problemsOf(part: Part, kit: Kit): Promise<string[]> {
  const { problems } = await part.run(kit)
  return problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)
}

describe('lessons', () => {
  it('that cannot be read do not hide those that can', () => {
    const root = courseFolder({ 'lessons/01-store/README.md': changed(rightLesson, 'ST-2** (1)', 'ST-2**') })
    const { course, whole, finding } = readLessons(root)

    expect(course.lessons.map(({ folder }) => folder)).toEqual(['02-queue'])
    expect(whole).toBe(false)
    expect(finding.problems).toEqual([
      {
        file: 'lessons/01-store/README.md',
        line: lineIn(rightLesson, '- **ST-2**'),
        message: expect.stringContaining('ST-2 needs points'),
      },
    ])
  })
})

describe('requirements and checks', () => {
  it('agree', async () => {
    expect(await problemsOf(suites, await kitOf())).toEqual([])
  })

  it('are named where one has no other, or no suite', async () => {
    const foreign = { ...doubles, id: 'ST-3.1' }
    const text = suiteText.replace('ST-2.1', 'ST-3.1')
    const kit = await kitOf({ [suiteFile]: text }, { '01-store': [adds, foreign] })

    expect(await problemsOf(suites, kit)).toEqual([
      `${suiteFile}:3: unknown requirement ST-3: did you mean ST-1?`,
      `lessons/01-store/README.md:${lineIn(rightLesson, '- **ST-2**')}: ST-2 has no check: write ST-2.1 in ${suiteFile}`,
      'grader/suites/02-queue.test.ts:1: expected the hidden suite of the lesson, came no check',
    ])
  })

  it('are named where two checks have one id', async () => {
    const text = suiteText.replace('ST-2.1', 'ST-1.1')
    const kit = await kitOf({ [suiteFile]: text })
    const loadSuite = () => Promise.reject(new Error('two checks are called ST-1.1'))

    expect((await problemsOf(suites, { ...kit, grading: { ...kit.grading, loadSuite } }))[0]).toBe(
      `${suiteFile}:3: the id ST-1.1 is taken: choose another`,
    )
  })
})

describe('starter and quoted code', () => {
  const store = { 'starter/kit/store.ts': 'export type KeyValue = string\n' }
  const quoting = rightLesson.replace('\nold\n', '\nexport type KeyValue = string\n')
  const files = {
    ...store,
    'lessons/01-store/README.md': quoting,
    'lessons/02-queue/README.md': quoting
      .replaceAll('ST-', 'QU-')
      .replace('rooms: [store]', 'rooms: [queue]'),
  }

  it('are up to date', async () => {
    expect(await problemsOf(starter, await kitOf(files))).toEqual([])
  })

  it('are named where they are not', async () => {
    const kit = await kitOf({
      ...files,
      'starter/src/store.ts': 'old\n',
      'starter/src/gone.ts': '',
      'lessons/01-store/README.md': rightLesson,
    })
    expect(await problemsOf(starter, kit)).toEqual([
      `lessons/01-store/README.md:${lineIn(rightLesson, 'old')}: is not as its source makes it: run npm run starter`,
      'starter/src/gone.ts:1: has no source: run npm run starter',
      'starter/src/store.ts:1: is not as its source makes it: run npm run starter',
    ])
  })
})

it('a stray file is named, wherever it lies', async () => {
  const strays = [
    'grader/submissions/01-store/different/mine/notes.txt',
    'grader/submissions/01-store/worng/mine/store.ts',
    'grader/suites/01-store/two.ts',
    'grader/suites/03-other.test.ts',
    'lessons/01-store/store.ts',
    'solutions/old.ts',
  ]
  const kit = await kitOf({
    ...Object.fromEntries(strays.map((file) => [file, ''])),
    'solutions/tsconfig.json': '{}',
    'grader/suites/01-store.equivalent.yaml': '',
    'grader/suites/01-store/sums.fixture.ts': '',
    'grader/suites/01-store.test.ts': "import { sum } from './01-store.sums.ts'\nimport './01-store/adds.ts'",
    'grader/suites/01-store.sums.ts': '',
    'grader/suites/01-store/adds.ts':
      "import {\n  one,\n} from './one.ts'\nimport type * as Fixture from './sums.fixture.ts'",
    'grader/suites/01-store/one.ts': '',
    'grader/submissions/hostile/reading/a/package.json': '{}',
    [`${bank}/wrong/a/verdict.yaml`]: '',
    [`${bank}/wrong/a/store.ts`]: '',
  })
  const problems = await problemsOf(strayFiles, kit)
  expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual(strays)
})

describe('trees', () => {
  it('type-check, and are named where they do not', async () => {
    expect(await problemsOf(types, await kitOf())).toEqual([])

    const text = 'export function take(): string {\n  // #region 02-queue\n  return 1\n  // #endregion\n}\n'
    expect(await problemsOf(types, await kitOf({ 'solutions/queue.ts': text }))).toEqual([
      "solutions/queue.ts:2: in the reference, at that line: Type 'number' is not assignable to type 'string'.",
    ])
  })

  it('are what who begins a lesson has, and are named where they are not', async () => {
    expect(await problemsOf(catchUp, await kitOf())).toEqual([])

    const vacuous: Check = { id: 'ST-2.1', title: 'adds to itself', body: async () => undefined }
    const kit = await kitOf({}, { '01-store': [adds, vacuous], '02-queue': takes })
    expect(await problemsOf(catchUp, kit)).toEqual([
      `${suiteFile}:3: expected ST-2.1 to be not-started in the starter, came passed`,
    ])
  })
})

it('a requirement is named that rooms meet which do nothing', async () => {
  expect(await problemsOf(emptyRooms, await kitOf())).toEqual([])

  const easy: Check = {
    ...doubles,
    body: async ({ room }) =>
      expectRoom(await room<Adder>('store').call('add', 2, 2), 'the sum').toSatisfy('not 5', (n) => n !== 5),
  }
  const problems = await problemsOf(
    emptyRooms,
    await kitOf({}, { '01-store': [adds, easy], '02-queue': takes }),
  )
  expect(problems[0]).toBe(
    `${suiteFile}:3: expected ST-2 not to be met where every body is \`return undefined as never\``,
  )
  // All of them but the one that throws, and the one that never answers.
  expect(problems).toHaveLength(8)
})

it('rooms that do nothing have to be tried', async () => {
  const text =
    "import 'nowhere'\nexport function take(): string {\n  // #region 02-queue\n  return 'a'\n  // #endregion\n}\n"
  const problems = await problemsOf(emptyRooms, await kitOf({ 'solutions/queue.ts': text }))
  expect(problems[0]).toContain(
    'expected QU-1.1 to be tried where every body is `return undefined as never`, came refused',
  )
  expect(problems).toHaveLength(10)
})

it('the reference is named where it fails a check, with the seed', async () => {
  expect(await problemsOf(reference, await kitOf())).toEqual([])

  const unlucky: Check = {
    ...doubles,
    body: async ({ seed }) => expectRoom(seed, 'the seed').toSatisfy('not 7', (n) => n !== 7),
  }
  expect(await problemsOf(reference, await kitOf({}, { '01-store': [adds, unlucky] }))).toEqual([
    `${suiteFile}:3: expected the reference to pass ST-2.1 with seed 7, came failed: the seed`,
  ])
})

it('examples are named where the reference fails them, or where there are too few', async () => {
  const text = `import { expect, test } from 'vitest'
import { add } from '#rooms/store'

test('ST-1: adds', () => {
  expect(add(1, 2)).toBe(4)
})
`
  const kit = await kitOf({ 'lessons/01-store/examples.test.ts': text })
  expect(await problemsOf(examples, kit)).toEqual([
    'lessons/01-store/examples.test.ts:1: expected 3 to 6 examples, came 1',
    'lessons/01-store/examples.test.ts:4: expected the reference to pass, came failed: expected 3 to be 4',
    expect.stringContaining('lessons/02-queue/examples.test.ts:1: expected the visible examples'),
  ])
})

describe('the bank', () => {
  const verdict = 'lesson: 01-store\nfails: [ST-1]\noutcome: failed\n'
  const example = `import { expect, test } from 'vitest'
import { add } from '#rooms/store'

test('ST-2: adds to itself', () => {
  expect(add(2, 2)).toBe(4)
})
`
  const wrongRoom = rightStore.replace('return a + b', 'return a === 1 ? 0 : a + b')

  it('is named where a misconception has no submission, or a submission no misconception', async () => {
    const kit = await kitOf({ [`${bank}/wrong/other/verdict.yaml`]: verdict })
    const problems = await problemsOf(bankHolds, kit)
    const line = lineIn(rightLesson, '`counts-reads`')
    expect(problems).toContainEqual(
      expect.stringContaining(`lessons/01-store/README.md:${line}: counts-reads has no submission`),
    )
    expect(problems).toContainEqual(
      expect.stringContaining(
        `${bank}/wrong/other/verdict.yaml:1: lessons/01-store/README.md says nothing of other`,
      ),
    )
    expect(problems).toContainEqual(
      expect.stringContaining('expected at least 2 right-but-different submissions'),
    )
  })

  it('has wrong submissions that get their verdict', async () => {
    const kit = await kitOf({
      'lessons/01-store/examples.test.ts': example,
      [`${bank}/wrong/counts-reads/verdict.yaml`]: verdict,
      [`${bank}/wrong/counts-reads/store.ts`]: wrongRoom,
    })
    expect(await problemsOf(wrongOnes, kit)).toEqual([])
  })

  it('is named where one does not type-check, fails an example, or gets another verdict', async () => {
    const kit = await kitOf({
      'lessons/01-store/examples.test.ts': example,
      [`${bank}/wrong/counts-reads/verdict.yaml`]: verdict,
      [`${bank}/wrong/counts-reads/store.ts`]: rightStore.replace('a + b', "a === 2 ? 'four' : a + b"),
    })
    const file = `${bank}/wrong/counts-reads/verdict.yaml`
    expect(await problemsOf(wrongOnes, kit)).toEqual([
      expect.stringContaining(`${bank}/wrong/counts-reads/store.ts:3: Type 'string'`),
      `${file}:2: expected ST-1 to fail, it passed`,
      `${file}:2: expected ST-2 to pass, it did not: failed in ST-2.1 (the sum)`,
      expect.stringContaining(
        `${file}:1: expected it to pass the visible examples, came failed in "ST-2: adds to itself"`,
      ),
    ])
  })

  it('is named where what should be different is the reference again', async () => {
    const kit = await kitOf({
      [`${bank}/different/copied/verdict.yaml`]: 'lesson: 01-store\nfails: []\n',
      [`${bank}/different/copied/store.ts`]: rightStore,
    })
    expect(await problemsOf(differentOnes, kit)).toEqual([
      expect.stringContaining('expected at most 70 % in common with the reference, came 100 %'),
    ])
    expect((await differentOnes.run(kit)).counted).toBe(
      '1 submission; like the reference: 01-store/copied 100 %',
    )
  })
})

describe('mistakes in right submissions', () => {
  const right = {
    [`${bank}/different/other/verdict.yaml`]: 'lesson: 01-store\nfails: []\n',
    [`${bank}/different/other/store.ts`]: rightStore,
  }
  const file = `${bank}/different/other/mistakes.yaml`
  const subtracts = { does: 'subtracts', fails: 'ST-1', room: 'store', find: 'a + b', put: 'a - b' }

  it('cost the requirement that they break', async () => {
    const kit = await kitOf({ ...right, [file]: JSON.stringify([subtracts]) })
    expect(await mistakes.run(kit)).toEqual({
      counted: '1 mistake',
      checked: 1,
      problems: [],
      skipped: [],
    })
  })

  it('are named where nobody notices them, or another requirement does', async () => {
    const doubled = { does: 'doubles wrongly', fails: 'ST-1', room: 'store' }
    const unnoticed = { ...doubled, find: 'a + b', put: "a === 2 ? Number('5') : a + b" }
    const kit = await kitOf({ ...right, [file]: JSON.stringify([subtracts, unnoticed], null, 0) })
    expect(await problemsOf(mistakes, kit)).toEqual([
      `${file}:1: expected ST-1 to fail where the room doubles wrongly, it passed`,
    ])
  })

  it('are named where they leave nothing that could be graded', async () => {
    const kit = await kitOf({ ...right, [file]: JSON.stringify([{ ...subtracts, put: 'a +' }]) })
    expect((await problemsOf(mistakes, kit))[0]).toContain(
      `${file}:1: expected a room that can be graded where it subtracts, came refused`,
    )
  })

  it.each([
    ['- does: [', ':1: this is not YAML'],
    ['does: nothing', ':1: expected a list of mistakes, each with does, fails, room, find, put'],
    [JSON.stringify([{ ...subtracts, put: undefined }]), ':1: expected a mistake with the texts'],
    [JSON.stringify([{ ...subtracts, fails: 'ST-9' }]), ':1: unknown requirement ST-9'],
    [JSON.stringify([{ ...subtracts, room: 'stor' }]), ':1: unknown room stor: did you mean store?'],
    [
      JSON.stringify([{ ...subtracts, find: 'a * b' }]),
      ':1: expected `find` to stand in store.ts once, it stands there 0 times',
    ],
  ])('are named where they are not written as they must be: %s', async (text, expected) => {
    const problems = await problemsOf(mistakes, await kitOf({ ...right, [file]: text }))
    expect(problems[0]).toContain(file + expected)
  })
})

describe('hostile submissions', () => {
  const hostile = 'grader/submissions/hostile/reading'

  it.skipIf(process.platform === 'win32')(
    'that are refused are judged everywhere, others where there is a sandbox',
    async () => {
      const kit = await kitOf({
        [`${hostile}/link/verdict.yaml`]:
          'lesson: 01-store\nattack: follows a link\nfails: all\noutcome: refused\nsetup: [{ link: store.ts, to: ../secret.txt }]\n',
        [`${hostile}/loop/verdict.yaml`]:
          'lesson: 01-store\nattack: never ends\nfails: all\noutcome: timed-out\n',
        [`${hostile}/loop/store.ts`]: 'for (;;) {}',
      })
      const before = process.env[SECRET_VARIABLE]

      const { problems, skipped, counted } = await hostileOnes.run(kit)

      expect(problems).toEqual([])
      expect(skipped).toEqual([`${hostile}/loop: it needs bubblewrap, which this machine does not have`])
      expect(counted).toBe('2 submissions, 2 reading')
      expect(process.env[SECRET_VARIABLE]).toBe(before)
    },
  )

  it('are named where a secret gets out, or the next verdict is another', async () => {
    const kit = await kitOf({
      [`${hostile}/talks/verdict.yaml`]: 'lesson: 01-store\nattack: talks\nfails: all\noutcome: refused\n',
      [`${hostile}/talks/store.ts`]: `import 'node:fs'`,
    })
    let graded = 0
    // A grader that lets out what it knows, and that another verdict comes out of after the attack.
    const gradeSubmission: Kit['grading']['gradeSubmission'] = async (...args) => {
      const verdict = await kit.grading.gradeSubmission(...args)
      const leaking = {
        ...verdict,
        submission: { ...verdict.submission, path: process.env[SECRET_VARIABLE] ?? '' },
      }
      const worse = leaking.lessons.map((lesson) => ({
        ...lesson,
        checks: lesson.checks.map((check) => ({ ...check, outcome: 'crashed' as const })),
      }))
      return ++graded > 3 ? { ...leaking, lessons: worse } : leaking
    }
    expect(await problemsOf(hostileOnes, { ...kit, grading: { ...kit.grading, gradeSubmission } })).toEqual([
      `${hostile}/talks/verdict.yaml:3: expected the planted secret in no report, it is in one`,
      expect.stringContaining(
        `${hostile}/talks/verdict.yaml:3: expected the next submission to get the same verdict as before, it got {"lessons":[{"lesson":"01-store"`,
      ),
    ])
  })
})

describe('the command', () => {
  async function checked(root: string, ...lessons: string[]) {
    const out = new PassThrough()
    onTestFinished(() => void out.destroy())
    const agent = await agentScript(repositoryRoot())
    const links = {
      openLink: () => inProcess(agent),
      isolation: 'unverified',
      close: () => undefined,
    } as const
    const context = { root, suites: join(root, 'grader/suites'), out, openLinks: async () => links }
    const tally = await selfCheck(context as unknown as CommandContext, lessons)
    return { tally, text: String(out.read()) }
  }

  it('prints a line for each part, with what is wrong, and counts', async () => {
    const root = courseFolder()
    const { tally, text } = await checked(root)
    expect(text).toContain('✓ lessons: 2 lessons, 4 requirements')
    expect(text).toContain('✗ requirements and checks: 0 checks')
    expect(text).toContain(
      '    grader/suites/01-store.test.ts:1: expected the hidden suite of the lesson, came no check',
    )
    expect(text).toContain('✓ types of every tree: 3 trees, 6 rooms')
    expect(text.split('\n').filter((line) => /^[✓✗]/.test(line))).toHaveLength(14)
    expect(tally.failed).toBeGreaterThan(0)
    expect(tally.passed).toBeGreaterThan(0)
    expect(readFileSync(join(root, 'solutions/store.ts'), 'utf8')).toContain('#region')
  })
  it('looks at some lessons only, whatever is wrong with the others', async () => {
    const root = courseFolder({
      'lessons/02-queue/README.md': 'half a lesson',
      'solutions/queue.ts': '// #region 02-queue\n',
      'solutions/old.ts': '',
      'lessons/01-store/notes.txt': '',
      'lessons/02-queue/notes.txt': '',
      'grader/submissions/02-queue/wrong/a/store.ts': '',
    })
    const { text } = await checked(root, 'store')
    expect(text).toContain('✓ lessons: 01-store\n')
    expect(text).toContain('grader/suites/01-store.test.ts:1: expected the hidden suite')
    expect(text).toContain('lessons/01-store/notes.txt:1: nothing reads this file')
    expect(text).toContain('✓ types of every tree: 2 trees, 2 rooms')
    expect(text).not.toMatch(/queue|old\.ts/)
  })

  it('names an unknown lesson, and tells of one that cannot be read', async () => {
    const root = courseFolder({ 'lessons/02-queue/README.md': 'half a lesson' })
    await expect(checked(root, '03')).rejects.toThrow('unknown lesson 03: expected one of 01')
    expect((await checked(root, '02')).text).toContain('✗ lessons: 02-queue')
  })
})
