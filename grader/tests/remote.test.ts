import { describe, expect, it } from 'vitest'
import type { Numbered, Report, Request } from '../src/sandbox/protocol.ts'
import type { Link } from '../src/subject/link.ts'
import { RemoteSubject } from '../src/subject/remote.ts'
import { NeverSettles } from '../src/subject/subject.ts'

type Room = { give: () => number }

/** A subject whose other side says, to each request, what `answer` adds to an empty report. */
async function subjectWith(answer: (request: Request, number: number) => Partial<Report>) {
  const link: Link = {
    async request(line) {
      const [number, slot, request] = JSON.parse(line) as Numbered
      const empty: Report = {
        slot,
        answers: number,
        settled: [],
        timers: [],
        cancelled: [],
        asked: [],
        touches: false,
        stubs: [],
        entered: [],
        uncaught: [],
      }
      return JSON.stringify({ ...empty, ...answer(request, number) })
    },
    onLog: () => undefined,
    stop: () => undefined,
  }
  const subject = new RemoteSubject(link, 1)
  subject.begin()
  await subject.idle()
  return { subject, link, give: () => subject.room<Room>('room').call('give') }
}

const resolved = (call: number, value: unknown) => ({ call, op: 0, status: 'resolved', value }) as const

/** The numbers of the calls in a request. */
const callsIn = (request: Request): number[] =>
  request[0] === 'run' ? request[2].flatMap((op) => (op[0] === 'function' ? [op[1]] : [])) : []

describe('the subject of a check', () => {
  it('takes the answer to a call that it has sent', async () => {
    const { give } = await subjectWith((request) => ({
      settled: callsIn(request).map((id) => resolved(id, 7)),
    }))
    expect(await give()).toBe(7)
  })

  it('takes no timer under the number of another', async () => {
    const { subject, give } = await subjectWith(() => ({
      timers: [
        [7, 1],
        [7, 1],
      ],
    }))
    await expect(give().settled()).rejects.toThrow('a timer has the number of another')
    await subject.idle()
  })

  it('takes no answer to a call that it has not sent yet', async () => {
    const { subject, give } = await subjectWith((request) => ({
      settled: callsIn(request).flatMap((id) => [resolved(id, 7), resolved(id + 1, 8)]),
    }))
    const first = give()
    // On its way: what is called now is sent afterwards.
    await new Promise((resolve) => setImmediate(resolve))
    const second = give()
    await expect(second.settled()).rejects.toThrow('an answer came that nobody waits for')
    await subject.idle()
    expect(subject.problem?.message).toBe('an answer came that nobody waits for')
    await Promise.resolve(first).catch(() => undefined)
  })

  it('tells of calls in the order in which it happened', async () => {
    const { give } = await subjectWith((request) => {
      const [waiting = 0, ...others] = callsIn(request)
      const at = (op: number, call: number) => ({ ...resolved(call, op), op })
      // The first one is answered in the course of the second.
      return { settled: waiting ? [at(1, waiting), ...others.map((id, i) => at(i + 1, id))] : [] }
    })
    const told: string[] = []
    const calls = [give(), give(), give()]
    for (const [i, call] of calls.entries()) {
      call.then(() => told.push(`${i} is answered`))
      void call.settled().then(({ status }) => told.push(`${i} was ${status}`))
    }
    await Promise.all(calls)
    expect(told).toEqual([
      '0 was pending',
      '0 is answered',
      '1 is answered',
      '1 was resolved',
      '2 is answered',
      '2 was resolved',
    ])
  })

  it('tells a call by what it was made with, whatever that is', async () => {
    const { subject } = await subjectWith((request) => ({
      settled: callsIn(request).map((call) => {
        const error = { name: 'Error', message: 'no', fields: 'a text', stack: '' }
        return { call, op: 0, status: 'rejected', error } as const
      }),
    }))
    const call = subject
      .room<{ take(...args: unknown[]): void }>('room')
      .call('take', 5n, { of: 6n }, undefined)
    await expect(call).rejects.toMatchObject({ call: 'take("5n", {"of":"6n"}, undefined)', fields: {} })
  })

  it('gives up a call that was made with a large whole number', async () => {
    const { subject } = await subjectWith(() => ({}))
    const call = subject.room<{ take(arg: unknown): void }>('room').call('take', 5n)
    await subject.idle()
    subject.giveUp()
    await expect(call).rejects.toThrow(NeverSettles)
  })

  it('takes no second answer to a call', async () => {
    const { subject, give } = await subjectWith((request) => ({
      settled: callsIn(request).flatMap((id) => [resolved(id, 7), resolved(id, 8)]),
    }))
    give()
    await subject.idle()
    expect(subject.problem?.message).toBe('an answer came that nobody waits for')
  })

  it('takes no answer to another request, not even to one of the check before on the same link', async () => {
    let late = false
    const { subject, link, give } = await subjectWith((_, number) => (late ? { answers: number - 1 } : {}))
    give()
    await subject.idle()
    expect(subject.problem).toBeUndefined()
    late = true
    const next = new RemoteSubject(link, 1)
    next.begin()
    await next.idle()
    expect(next.problem).toMatchObject({ outcome: 'crashed' })
  })

  it('tells rooms that do not get through their own loading from those that fail in a call', async () => {
    const { link, subject } = await subjectWith(() => ({ answers: 0 }))
    expect(subject.began).toBe(true)
    const fresh = new RemoteSubject(link, 1, { given: '', rooms: 'the script' })
    fresh.begin()
    await fresh.idle()
    expect(fresh.began).toBe(false)
  })

  it('forgives an answer to a call that it has given up', async () => {
    let asked: number[] = []
    const { subject, give } = await subjectWith((request) => {
      const earlier = asked
      asked = callsIn(request)
      return { settled: earlier.map((id) => resolved(id, 7)) }
    })
    const first = give()
    await subject.idle()
    subject.giveUp()
    await expect(Promise.resolve(first)).rejects.toThrow(NeverSettles)
    give()
    await subject.idle()
    expect(subject.problem).toBeUndefined()
  })

  it('keeps no more of what it is told than it needs', async () => {
    const error = {
      name: 'x'.repeat(1_000),
      message: 'x'.repeat(3_000),
      fields: {},
      stack: 'x'.repeat(5_000),
    }
    let reports = 0
    const { subject, give } = await subjectWith(() => ({
      stubs: Array.from({ length: 200 }, (_, at) => `${reports++} ${at} ${'x'.repeat(1_000)}`),
      uncaught: Array.from({ length: 200 }, () => error),
    }))
    for (let times = 0; times < 3; times++) {
      give()
      await subject.idle()
    }
    expect(subject.problem).toBeUndefined()
    expect(JSON.stringify([...subject.stubs]).length).toBeLessThan(20_000)
    expect(subject.uncaught.length).toBeLessThan(20)
    expect(subject.uncaught[0]?.message.length).toBeLessThan(3_000)
  })

  it('takes no more than so much in one check', async () => {
    const { subject, give } = await subjectWith(() => ({ stubs: ['x'.repeat(4_000_000)] }))
    for (let times = 0; times < 30; times++) {
      give()
      await subject.idle()
    }
    expect(subject.problem?.message).toContain('MiB')
  })
})
