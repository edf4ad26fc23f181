import { describe, expect, it } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { type MarkedScript, markFunctions } from '../src/bundle/marks.ts'
import { repositoryRoot } from '../src/paths.ts'
import type { Check } from '../src/runner/check.ts'
import { Unmet } from '../src/runner/expect.ts'
import { Memory } from '../src/runner/memory.ts'
import { runChecks } from '../src/runner/run-checks.ts'
import type { Script } from '../src/sandbox/protocol.ts'
import { inProcess } from '../src/subject/in-process.ts'
import type { Room } from '../src/subject/subject.ts'

interface Adder {
  add(a: number, b: number): number
  less(a: number, b: number): number
  later(): string
}

/** A room of three functions, one of which says what a word within another one is. */
const ROOM = `() => { "use strict";
// room:room
  const zero = 0
  function add(a, b) {
    return zero + a + b
  }
  function less(a, b) {
    return a - b
  }
  class Waiter {
    later = (clock) => {
      const word = () => {
        return 'later'
      }
      return word()
    }
  }
  const room = { add, less, later: () => new Waiter().later() }
// entry
  return { rooms: { room }, enteredStubs: () => [] }
}`

const agent = await agentScript(repositoryRoot())

/** The ids of the checks that are run, in their order. */
let ran: string[] = []

function check(id: string, wanted: unknown, ask: (room: Room<Adder>) => PromiseLike<unknown>): Check {
  const body: Check['body'] = async ({ room }) => {
    ran.push(id)
    const seen = await ask(room<Adder>('room'))
    if (seen !== wanted) throw new Unmet('the answer', wanted, seen)
  }
  return { id, title: 'answers', body }
}

const checks = [
  check('RM-1.1', 3, (room) => room.call('add', 1, 2)),
  check('RM-2.1', 1, (room) => room.call('less', 3, 2)),
  check('RM-3.1', 'later', (room) => room.call('later')),
]
const all = checks.map(({ id }) => id)

/** Grades a script. Returns which checks ran, and how all went. */
async function gradeOne(memory: Memory, marked: MarkedScript, some: readonly Check[] = checks) {
  ran = []
  const { results } = await runChecks({
    lesson: '01-room',
    checks: some,
    seed: 1,
    placesOf: () => [],
    openLink: () => inProcess(agent),
    script: marked.script,
    recall: memory.for(marked),
  })
  return { ran: ran.toSorted(), outcomes: results.map(({ outcome }) => outcome) }
}

/** Grades rooms, one text after the other, with one memory. */
async function grade(...texts: (string | Script)[]) {
  const memory = new Memory()
  const rounds: Awaited<ReturnType<typeof gradeOne>>[] = []
  for (const text of texts) {
    const marked = markFunctions(typeof text === 'string' ? { given: '', rooms: text } : text, ['room'])
    if (!marked) throw new Error('expected that it can be marked')
    rounds.push(await gradeOne(memory, marked))
  }
  return rounds
}

const passed = ['passed', 'passed', 'passed']

describe('a check that passed', () => {
  it('is not run again while what it entered stands as it did', async () => {
    const [, again] = await grade(ROOM, ROOM)
    expect(again).toEqual({ ran: [], outcomes: passed })
  })

  it('is run again where a function is changed that it entered, and no other is', async () => {
    const [first, second] = await grade(ROOM, ROOM.replace('a - b', 'b - a'))
    expect(first).toEqual({ ran: all, outcomes: passed })
    expect(second).toEqual({ ran: ['RM-2.1'], outcomes: ['passed', 'failed', 'passed'] })
  })

  it.each([
    [
      'comments',
      (text: string) =>
        text.replace('return a - b', '// the second from the first\n    return a /* minus */ - b'),
    ],
    ['white space', (text: string) => text.replace('return a - b', '\n\n      return a -\n b')],
  ])('is not run again where only this is changed: %s', async (_, change) => {
    const [, second] = await grade(ROOM, change(ROOM))
    expect(second).toEqual({ ran: [], outcomes: passed })
  })

  it('is run again where a function within one is changed that it entered', async () => {
    const [, second] = await grade(ROOM, ROOM.replace(`'later'`, `'sooner'`))
    expect(second).toEqual({ ran: ['RM-3.1'], outcomes: ['passed', 'passed', 'failed'] })
  })

  it.each([
    ['something that stands in no function', ROOM.replace('zero = 0', 'zero = 1')],
    ['what a function is called with', ROOM.replace('less(a, b)', 'less(b, a)')],
    ['what stands in no room', ROOM.replace('return { rooms', 'const more = 1\n  return { rooms')],
    ['what is given', { given: 'var more', rooms: ROOM }],
    ['how many functions there are', ROOM.replace('class Waiter', 'function more() {}\n  class Waiter')],
  ])('is run again where this is changed: %s', async (_, changed) => {
    const [, second] = await grade(ROOM, changed)
    expect(second?.ran).toEqual(all)
  })

  it('is run again where two functions have changed places', async () => {
    const swapped = ROOM.replace('zero + a + b', '…').replace('a - b', 'zero + a + b').replace('…', 'a - b')
    const [, second] = await grade(ROOM, swapped)
    expect(second).toEqual({ ran: ['RM-1.1', 'RM-2.1'], outcomes: ['failed', 'failed', 'passed'] })
  })

  it('is remembered as it last passed, whatever came in between', async () => {
    const broken = ROOM.replace('a - b', 'b - a')
    const rounds = await grade(ROOM, broken, broken, ROOM)
    expect(rounds.map((round) => round.ran)).toEqual([all, ['RM-2.1'], ['RM-2.1'], []])
    expect(rounds[3]?.outcomes).toEqual(passed)
  })

  it('is run again where the rooms tell of functions that there are not', async () => {
    const script: Script = { given: '', rooms: `() => ({ ...(${ROOM})(), entered: () => [10_000] })` }
    const memory = new Memory()
    for (let round = 1; round <= 2; round++)
      expect(await gradeOne(memory, { script, places: [], texts: new Map() })).toEqual({
        ran: all,
        outcomes: passed,
      })
  })
})

describe('a room that is marked', () => {
  it('is heard of when what a check holds of it outlives a crash', async () => {
    const waiter = `() => {
// room:room
      class Waiter {
        word() {
          return 'later'
        }
      }
// entry
      return { rooms: { room: { Waiter } }, enteredStubs: () => [] }
    }`
    const body: Check['body'] = async ({ room, boot }) => {
      const held = room<{ Waiter: new () => { word(): string } }>('room').construct('Waiter')
      await boot().crash()
      const seen = await held.word()
      if (seen !== 'later') throw new Unmet('the word', 'later', seen)
    }
    const memory = new Memory()
    const rounds: string[] = []
    for (const rooms of [waiter, waiter.replace('later', 'sooner')]) {
      const marked = markFunctions({ given: '', rooms }, ['room'])
      if (!marked) throw new Error('expected that it can be marked')
      const { outcomes } = await gradeOne(memory, marked, [{ id: 'RM-4.1', title: 'waits', body }])
      rounds.push(...outcomes)
    }
    expect(rounds).toEqual(['passed', 'failed'])
  })

  it.each(['seen', 'fresh', 'entered', 'mark', 'number', 'makeRooms'])(
    'finds no %s of ours',
    async (name) => {
      const careless = ROOM.replace('return a - b', `return typeof ${name} === 'undefined' ? a - b : 'found'`)
      expect(await grade(careless)).toEqual([{ ran: all, outcomes: passed }])
    },
  )
})

describe('marking', () => {
  it('moves no line, and leaves what is strict strict', () => {
    const marked = markFunctions({ given: '', rooms: ROOM }, ['room'])
    const lines = marked?.script.rooms.split('\n') ?? []
    expect(lines[0]).toContain('{ "use strict";')
    expect(lines[7]).toMatch(/^ {4}return a - b$/)
    expect(lines[19]).toMatch(/^ {2}return \{ rooms/)
  })

  it('takes a name that the rooms do not have', () => {
    const rooms = `() => {\n// room:room\n  const entered = 1, entered_ = () => {}\n// entry\n}`
    expect(markFunctions({ given: '', rooms }, ['room'])?.script.rooms).toContain('entered__(0)')
  })

  it.each([
    ['what is no script', '// room:room\nclass { }'],
    ['what is too deep', `// room:room\n${'['.repeat(200_000)}`],
    ['what is too long', `() => ${' '.repeat(2 ** 18)}0`],
  ])('leaves alone %s', (_, rooms) => {
    expect(markFunctions({ given: '', rooms }, ['room'])).toBeUndefined()
  })

  it('is not held up by a name of many letters', () => {
    const rooms = `// room:room\n() => { entered${'_'.repeat(250_000)} }`
    expect(markFunctions({ given: '', rooms }, ['room'])?.places).toEqual(['/1/0'])
  })

  it('leaves it to the compiler to look for names that are declared twice, which takes long', () => {
    const rooms = '// room:room\n() => { let twice, twice }'
    expect(markFunctions({ given: '', rooms }, ['room'])?.places).toEqual(['/1/0'])
  })
})
