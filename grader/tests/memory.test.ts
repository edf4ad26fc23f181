import { runInThisContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { bundle } from '../src/bundle/bundle.ts'
import { type MarkedScript, markPieces } from '../src/bundle/marks.ts'
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

interface Loaded {
  rooms: { room: { run(): unknown } }
}

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

/** Marks a script that can be marked. */
function mark(script: string | Script, rooms: readonly string[] = ['room']): MarkedScript {
  const marked = markPieces(typeof script === 'string' ? { given: '', rooms: script } : script, rooms)
  if (!marked) throw new Error('expected that it can be marked')
  return marked
}

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
    rounds.push(await gradeOne(memory, mark(text)))
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

  it('is not run again once a function that it entered is what it was', async () => {
    const other = ROOM.replace('a + b', 'b + a')
    const rounds = await grade(ROOM, other, ROOM, other)
    expect(rounds.map(({ ran }) => ran)).toEqual([all, ['RM-1.1'], [], []])
  })

  it('is run again where it failed, however often it passed elsewhere', async () => {
    const wrong = ROOM.replace('a - b', 'b - a')
    const rounds = await grade(wrong, ROOM, wrong, ROOM)
    const failed = { ran: ['RM-2.1'], outcomes: ['passed', 'failed', 'passed'] }
    const [first, right, ...again] = rounds
    expect(first).toEqual({ ...failed, ran: all })
    expect(right).toEqual({ ran: ['RM-2.1'], outcomes: passed })
    expect(again).toEqual([failed, { ran: [], outcomes: passed }])
  })

  it('is run again where what it entered was so ten versions ago, and so is no other', async () => {
    const others = Array.from({ length: 10 }, (_, index) =>
      ROOM.replace('a - b', `a - b - ${index} + ${index}`),
    )
    const rounds = await grade(ROOM, ...others, ROOM, ROOM)
    expect(rounds.map(({ ran }) => ran)).toEqual([all, ...others.map(() => ['RM-2.1']), ['RM-2.1'], []])
  })

  it.each([
    ['a comment in a line of its own', '// why\n  '],
    ['a comment over several lines', '/**\n   * Why.\n   */\n  '],
    ['a comment within', '/* why */ '],
    ['white space', '\n\n      '],
  ])('is not run again where only this is changed: %s', async (_, more) => {
    const before = `export const add = (a, b) => a + b
export function less(a, b) {
  const less = a - b
  if (less < 0) return less
  return less
}
export class Waiter { wait() { return 'later' } }
export const later = () => new Waiter().wait()`
    const after = before.replace(/(?=const less|if|return|wait\(\)|export function)/g, more)
    const memory = new Memory()
    const rounds: unknown[] = []
    for (const text of [before, after]) {
      const { script } = await bundle(repositoryRoot(), ['room'], () => text)
      rounds.push(await gradeOne(memory, mark(script)))
    }
    expect(rounds).toEqual([
      { ran: all, outcomes: passed },
      { ran: [], outcomes: passed },
    ])
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

  it('is run again where a function has moved from one room to the next', async () => {
    const one = 'export const x = () => { return 0 }\n'
    const g = 'export const g = () => { return 1 }\n'
    const room = `import { x, g } from '#rooms/one'
import { h } from '#rooms/two'
export const add = () => h() + 2
export const less = () => g() + x()
export const later = () => 'later'`
    const texts = [
      { one: one + g, two: 'export const h = () => { return 1 }\n', room },
      {
        one,
        two: `${g}export const h = () => { return 2 }\n`,
        room: room.replace('{ x, g }', '{ x }').replace('{ h }', '{ g, h }'),
      },
    ]
    const memory = new Memory()
    const outcomes: string[][] = []
    for (const rooms of texts) {
      const source = (room: string) => rooms[room as keyof typeof rooms]
      const { script } = await bundle(repositoryRoot(), ['room'], source)
      const marked = mark(script, ['one', 'two', 'room'])
      outcomes.push((await gradeOne(memory, marked)).outcomes)
    }
    expect(outcomes).toEqual([passed, ['failed', 'passed', 'passed']])
  })

  it('is run again where two functions have changed places', async () => {
    const swapped = ROOM.replace('zero + a + b', '…').replace('a - b', 'zero + a + b').replace('…', 'a - b')
    const [, second] = await grade(ROOM, swapped)
    expect(second).toEqual({ ran: ['RM-1.1', 'RM-2.1'], outcomes: ['failed', 'failed', 'passed'] })
  })

  describe('in a function of many branches', () => {
    const SORTER = `() => { "use strict";
// room:room
  const word = 'none'
  function sort(n) {
    if (n > 9) {
      return 'large'
    } else if (n < 0) return 'negative'
    for (let at = 0; at < n; at++) {
      try {
        if (n === 3) throw new Error('three')
      } catch {
        return 'caught'
      }
    }
    const names = n > 5 ? [] : [n]
    return names.map((name) => 'some ' + name).join() || word
  }
  const room = { sort }
// entry
  return { rooms: { room }, enteredStubs: () => [] }
}`
    const all = ['-1', '0', '1', '20', '3', '6']
    const wanted = { 20: 'large', [-1]: 'negative', 3: 'caught', 1: 'some 1', 0: 'some 0', 6: 'none' }
    const sorts = Object.entries(wanted).map(([n, word]) => ({
      id: `RM-1.${n}`,
      title: 'sorts',
      body: (async ({ room }) => {
        ran.push(n)
        const seen = await room<{ sort(n: number): string }>('room').call('sort', Number(n))
        if (seen !== word) throw new Unmet('the word', word, seen)
      }) satisfies Check['body'],
    }))

    it.each([
      ['a branch', `'large'`, `'vast'`, ['20']],
      ['a branch without braces', `'negative'`, `'small'`, ['-1']],
      ['a loop', 'n === 3', 'n === 1', ['1', '3', '6']],
      ['what catches', `'caught'`, `'found'`, ['3']],
      ['a function that is an expression', 'some ', 'any ', ['0', '1']],
      ['what is always there', 'n > 5', 'n > 7', all],
      ['what stands in no function', `'none'`, `'nothing'`, all],
    ])('is run again where it entered what is changed: %s', async (_, before, after, again) => {
      const memory = new Memory()
      for (const [rooms, expected] of [
        [SORTER, all],
        [SORTER, []],
        [SORTER.replace(before, after), again],
      ] as const) {
        expect((await gradeOne(memory, mark(rooms), sorts)).ran).toEqual(expected)
      }
    })

    it('is run again where a branch that it did not enter declares a variable of all of it', async () => {
      const memory = new Memory()
      const hoisted = SORTER.replace(`return 'large'`, `var word = 'large'; return word`)
      const rounds: { ran: string[]; outcomes: string[] }[] = []
      for (const rooms of [SORTER, hoisted]) {
        rounds.push(await gradeOne(memory, mark(rooms), sorts))
      }
      expect(rounds[1]?.ran).toEqual(rounds[0]?.ran)
      expect(rounds[1]?.outcomes.filter((outcome) => outcome === 'failed')).toHaveLength(1)
    })
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
      const { outcomes } = await gradeOne(memory, mark(rooms), [{ id: 'RM-4.1', title: 'waits', body }])
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
    const marked = markPieces({ given: '', rooms: ROOM }, ['room'])
    const lines = marked?.script.rooms.split('\n') ?? []
    expect(lines[0]).toContain('{ "use strict";')
    expect(lines[7]).toMatch(/^ {4}return a - b$/)
    expect(lines[19]).toMatch(/^ {2}return \{ rooms/)
  })

  it.each([
    'let n = 0; for (const x of [1, 2]) n += x; return n',
    'let n = 0; for (const x in { a: 1 }) n += x; return n',
    'let n = 3; while (n) n--; do n++; while (n < 4); return n',
    'let n = 0; for (;;) if (n++ > 3) break; else continue; return n',
    'if (1) if (0) return 1; else return 2; return 3',
    'if (1) { if (0) return 1 } else return 2; return 3',
    'outer: for (const a of [1, 2]) for (const b of [1, 2]) if (b === 2) continue outer; else if (a === 2) return [a, b]',
    'const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); return fs.map((f) => f())',
    'return ((a) => (b) => ({ a, b }))(1)(2)',
    'return ((a, b = () => a) => (a, b()))(1)',
    'return [1].map((x) => [x, ...(x ? [2] : [])])',
    'return (function () { "use strict"; return typeof this })()',
    'class A { x = () => this.y; y = 1; static { A.z = 2; for (var q of [3]) A.q = q } get v() { return 4 } } return [new A().x(), A.z, A.q, new A().v]',
    'class A { constructor(n) { this.n = n } } class B extends A { constructor() { super(1) } } return new B().n',
    'function* g() { for (const x of [1, 2]) yield x; if (1) yield* [3] } return [...g()]',
    'if (1) { var n = 1 } else var m = 2; return [n, m]',
    'switch (2) { case 1: return 1; case 2: { const x = 5; if (x) return x } default: return 0 }',
    'try { throw { e: 1 } } catch ({ e }) { return e } finally { if (0) return 2 }',
    'const f = () => {}; const g = () => function () {}; return [f.name, g().name]',
    'return ((a) => a in { b: 1 })("b")',
  ])('changes nothing of what a function does: %s', (body) => {
    const rooms = `() => { "use strict";\n// room:room\nfunction run() { ${body} }\n// entry\n  return { rooms: { room: { run } } } }`
    const load = runInThisContext(mark(rooms).script.rooms) as () => Loaded
    const plain = runInThisContext(rooms) as () => Loaded
    expect(load().rooms.room.run()).toEqual(plain().rooms.room.run())
    expect(load().rooms.room.run()).toBeDefined()
  })

  it('takes a name that the rooms do not have', () => {
    const rooms = `() => {\n// room:room\n  const entered = 1, entered_ = () => {}\n// entry\n}`
    expect(markPieces({ given: '', rooms }, ['room'])?.script.rooms).toContain('entered__(0)')
  })

  it.each([
    ['what is no script', '// room:room\nclass { }'],
    ['what is too deep', `// room:room\n${'['.repeat(200_000)}`],
    ['a regular expression that Node does not know', '// room:room\n() => { /(?<y>a)|(?<y>b)/ }'],
    [
      'a regular expression that takes long to read',
      `// room:room\n() => { /${'(?:(?<a>x)|'.repeat(6_000)}${')'.repeat(6_000)}/ }`,
    ],
    ['what is too long', `() => ${' '.repeat(2 ** 18)}0`],
  ])('leaves alone %s', (_, rooms) => {
    expect(markPieces({ given: '', rooms }, ['room'])).toBeUndefined()
  })

  it('is not held up by a name of many letters', () => {
    const rooms = `// room:room\n() => { entered${'_'.repeat(250_000)} }`
    expect(markPieces({ given: '', rooms }, ['room'])?.places).toEqual(['/1/0'])
  })

  it('leaves it to the compiler to look for names that are declared twice, which takes long', () => {
    const rooms = '// room:room\n() => { let twice, twice }'
    expect(markPieces({ given: '', rooms }, ['room'])?.places).toEqual(['/1/0'])
  })
})
