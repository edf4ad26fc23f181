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
async function gradeOne(memory: Memory, marked: MarkedScript) {
  ran = []
  const { results } = await runChecks({
    lesson: '01-room',
    checks,
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
    const marked = markFunctions(typeof text === 'string' ? { given: '', rooms: text } : text)
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

  it('is run again where a function within one is changed that it entered', async () => {
    const [, second] = await grade(ROOM, ROOM.replace(`'later'`, `'sooner'`))
    expect(second).toEqual({ ran: ['RM-3.1'], outcomes: ['passed', 'passed', 'failed'] })
  })

  it.each([
    ['something that stands in no function', ROOM.replace('zero = 0', 'zero = 1')],
    ['what a function is called with', ROOM.replace('less(a, b)', 'less(b, a)')],
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

describe('marking', () => {
  it('moves no line, and leaves what is strict strict', () => {
    const marked = markFunctions({ given: '', rooms: ROOM })
    const lines = marked?.script.rooms.split('\n') ?? []
    expect(lines).toHaveLength(ROOM.split('\n').length)
    expect(lines[0]).toContain('{ "use strict";')
    expect(lines[6]).toMatch(/^ {4}return a - b$/)
  })

  it('takes a name that the rooms do not have', () => {
    const rooms = `() => { const entered = 1, entered_ = 2; return { rooms: {}, enteredStubs: () => [] } }`
    expect(markFunctions({ given: '', rooms })?.script.rooms).toContain('entered__(0)')
  })

  it.each([
    ['what is no script', '() => { class }'],
    ['what is too deep', `() => ${'['.repeat(200_000)}`],
    ['what is too long', `() => ${' '.repeat(2 ** 20)}0`],
  ])('leaves alone %s', (_, rooms) => {
    expect(markFunctions({ given: '', rooms })).toBeUndefined()
  })
})
