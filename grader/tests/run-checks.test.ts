import { describe, expect, it } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { repositoryRoot } from '../src/paths.ts'
import type { Check } from '../src/runner/check.ts'
import { expectRejection, Unmet } from '../src/runner/expect.ts'
import { runChecks } from '../src/runner/run-checks.ts'
import { exceeded } from '../src/sandbox/fault.ts'
import type { Numbered } from '../src/sandbox/protocol.ts'
import { inProcess } from '../src/subject/in-process.ts'
import type { Link } from '../src/subject/link.ts'

interface Room {
  add(n: number): number
  say(text: string): void
  hang(): void
}

/** A room that remembers, and prints. */
const SCRIPT = {
  given: '',
  rooms: `() => {
    let sum = 0
    const room = { add: (n) => (sum += n), say: (text) => console.log(text), hang() {} }
    return { rooms: { room }, enteredStubs: () => [] }
  }`,
}

const agent = await agentScript(repositoryRoot())

/** Many checks, of several requests each: the nth one adds n to n, again and again. */
const many: Check[] = Array.from({ length: 40 }, (_, n) => ({
  id: `RM-1.${n}`,
  title: 'adds up',
  body: async ({ room }) => {
    const { call } = room<Room>('room')
    for (let round = 1; round <= 1 + (n % 4); round++) {
      await call('say', `${n}, round ${round}`)
      const sum = await call('add', n)
      if (sum !== n * round) throw new Unmet('the sum', n * round, sum)
    }
  },
}))

/** Holds up each answer for as many turns of the event loop as `turns` says. */
function slowly(link: Link, turns: (line: string) => number, sent: string[]): Link {
  return {
    ...link,
    async request(line) {
      sent.push(line)
      const answer = await link.request(line)
      for (let turn = turns(line); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve))
      return answer
    },
  }
}

function run(checks: readonly Check[], openLink: () => Link, more: object = {}) {
  return runChecks({
    lesson: '01-room',
    checks,
    seed: 1,
    script: SCRIPT,
    placesOf: () => [],
    openLink,
    ...more,
  })
}

/** A link whose process ends where a request says `hang`. */
function mortal(): Link {
  const link = inProcess(agent)
  let isOver = false
  return {
    ...link,
    async request(line) {
      isOver ||= line.includes('"hang"')
      if (isOver) throw exceeded('requestCpu')
      return link.request(line)
    },
  }
}

const hangs: Check = {
  id: 'RM-2.1',
  title: 'ends',
  body: async ({ room }) => void (await room<Room>('room').call('hang')),
}

describe('the checks of a lesson', () => {
  it('each have rooms of their own, though they take turns in one process', async () => {
    let opened = 0
    const openLink = () => {
      opened++
      return inProcess(agent)
    }
    const { results } = await run(many, openLink)
    expect(results.map(({ id, outcome }) => [id, outcome])).toEqual(many.map(({ id }) => [id, 'passed']))
    expect(opened).toBe(1)
  })

  it('begin before others are through', async () => {
    const sent: string[] = []
    await run(many, () => slowly(inProcess(agent), () => 0, sent))
    const slots = sent.map((line) => (JSON.parse(line) as Numbered)[1])
    // Each of them asks more than once.
    expect(slots.indexOf(1)).toBeLessThan(slots.lastIndexOf(0))
    expect(new Set(slots).size).toBeGreaterThan(8)
  })

  it('leave it to whoever runs them to say that a check is at fault', async () => {
    const broken: Check = {
      id: 'RM-3.1',
      title: 'throws what is no error',
      body: () => Promise.reject(Object.create(null)),
    }
    await expect(run([...many, broken], () => inProcess(agent))).rejects.toThrow(
      'Cannot convert object to primitive value',
    )
  })

  it('need no process where there are none', async () => {
    const { results } = await run([], () => {
      throw new Error('expected no process')
    })
    expect(results).toEqual([])
  })

  it('ask their rooms in the same order, however long the answers take', async () => {
    const orders = await Promise.all(
      [() => 0, (line: string) => line.length % 7, (line: string) => 6 - (line.length % 7)].map(
        async (turns) => {
          const sent: string[] = []
          await run(many, () => slowly(inProcess(agent), turns, sent))
          return sent
        },
      ),
    )
    expect(orders[0]?.length).toBeGreaterThan(many.length)
    expect(orders[1]).toEqual(orders[0])
    expect(orders[2]).toEqual(orders[0])
  })

  it('are told of in their order, with what each of them printed', async () => {
    const told: string[] = []
    const { console } = await run(many, () => inProcess(agent), {
      onCheck: ({ id }: { id: string }) => told.push(id),
    })
    expect(told).toEqual(many.map(({ id }) => id))
    expect(console['RM-1.7']).toEqual(['7, round 1', '7, round 2', '7, round 3', '7, round 4'])
    expect(console['RM-1.8']).toEqual(['8, round 1'])
  })

  it('wait for the one that goes first', async () => {
    const told: string[] = []
    const first = { id: 'RM-1.32', onVerdict: ({ id }: { id: string }) => told.push(`at once: ${id}`) }
    const onCheck = ({ id }: { id: string }) => told.push(id)
    const { results } = await run(many, () => inProcess(agent), { first, onCheck })
    expect(told).toEqual(['at once: RM-1.32', ...many.map(({ id }) => id)])
    expect(results.map(({ id }) => id)).toEqual(many.map(({ id }) => id))
  })

  it('do not share the fate of the one that ends their process', async () => {
    const checks = [...many.slice(0, 20), hangs, ...many.slice(20)]
    const { results } = await run(checks, mortal)
    expect(results.map(({ id }) => id)).toEqual(checks.map(({ id }) => id))
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toMatchObject([
      { id: 'RM-2.1', outcome: 'timed-out' },
    ])
  })

  it.each([
    ['a name', 'globalThis.sum'],
    ['a name that is not listed', "Object.defineProperty(globalThis, 'left', { value: 1 }); let sum"],
    ['a symbol', "globalThis[Symbol.for('left')] = 1; let sum"],
    ['another prototype', 'Object.setPrototypeOf(globalThis, {}); let sum'],
  ])('are run one by one where their rooms leave %s that others find', async (_, instead) => {
    const script = { given: '', rooms: SCRIPT.rooms.replace('let sum', instead) }
    let opened = 0
    const openLink = () => {
      opened++
      return inProcess(agent)
    }
    const { results } = await run(many, openLink, { script })
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
    expect(opened).toBe(2)
  })

  it('do not pay for what others have used up before them', async () => {
    // Each process has room for three checks, and none for checks side by side.
    let opened = 0
    const openLink = (): Link => {
      const link = inProcess(agent)
      let left = ++opened === 1 ? 0 : 3
      return {
        ...link,
        async request(line) {
          if (line.includes('"begin"') && left-- === 0) throw exceeded('memory')
          return link.request(line)
        },
      }
    }
    const { results } = await run(many, openLink)
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
  })

  it('fail for what went wrong first, but not for an error that they were right to wait for', async () => {
    const rooms = `() => {
      const room = { refuse() { throw new RangeError('too many') }, slip() { throw new TypeError('no list') } }
      return { rooms: { room }, enteredStubs: () => [] }
    }`
    const failing = (id: string, method: 'refuse' | 'slip'): Check => ({
      id,
      title: 'looks at the sum',
      body: async ({ room }) => {
        const { call } = room<Record<'refuse' | 'slip', () => void>>('room')
        if (method === 'refuse') await expectRejection(call('refuse'), 'too many', 'RangeError')
        else await call('slip').settled()
        throw new Unmet('the sum', 1, 2)
      },
    })
    const placesOf = () => [{ file: 'room.ts', line: 1, function: 'room' }]
    const checks = [failing('RM-1.1', 'refuse'), failing('RM-1.2', 'slip')]
    const { results } = await run(checks, () => inProcess(agent), { script: { given: '', rooms }, placesOf })
    expect(results.map(({ message }) => message.split('\n'))).toEqual([
      ['the sum'],
      ['slip() threw TypeError: no list', 'after that: the sum'],
    ])
  })

  it('are not told of after the one that was looked for', async () => {
    const { results } = await run(many, () => inProcess(agent), {
      stopAfter: ({ id }: { id: string }) => id === 'RM-1.9',
    })
    expect(results.map(({ id }) => id)).toEqual(many.slice(0, 10).map(({ id }) => id))
  })

  it('take no answer that was meant for another', async () => {
    const crossed = (): Link => {
      const link = inProcess(agent)
      return {
        ...link,
        async request(line) {
          const [, slot] = JSON.parse(line) as Numbered
          const answer = await link.request(line)
          return slot === 3 ? answer.replace('"slot":3', '"slot":2') : answer
        },
      }
    }
    // Side by side one of them is in slot 3; run again one by one, none is.
    let opened = 0
    const { results } = await run(many, () => (++opened === 1 ? crossed() : inProcess(agent)))
    expect(opened).toBe(2)
    expect(results.every(({ outcome }) => outcome === 'passed')).toBe(true)
  })
})
