import { afterEach, describe, expect, it } from 'vitest'
import { PushedStream } from '#cluster/world/pushed-stream'
import { StatusError } from '#kit/status-error'
import { agentScript } from '../src/bundle/agent-script.ts'
import { repositoryRoot } from '../src/paths.ts'
import { inProcess } from '../src/subject/in-process.ts'
import type { Link } from '../src/subject/link.ts'
import { RemoteSubject } from '../src/subject/remote.ts'

/** What the rooms of these tests are made of: they hand on what they were lent. */
interface Room {
  ask(lent: object, method: string, ...args: unknown[]): Promise<unknown>
  call(lent: () => unknown): Promise<unknown>
  Reader: new (
    client: object,
  ) => {
    take(): Promise<unknown>
    stop(): Promise<unknown>
  }
  Ticker: new (clock: object, tell: (count: number) => void) => { start(everyMs: number): void }
}

const SCRIPT = `(() => {
  class StatusError extends Error { constructor(status) { super(status.message); this.status = status } }
  let loaded = 0
  const room = {
    loads: () => ++loaded,
    ask: async (lent, method, ...args) => {
      try { return await lent[method](...args) }
      catch (error) { throw Object.assign(new Error(error.message), { is: error instanceof StatusError, status: error.status }) }
    },
    call: (lent) => lent(),
    Reader: class {
      constructor(client) { this.stream = client.watch('Pod') }
      take() { return this.stream.next() }
      stop() { return this.stream.return() }
    },
    Ticker: class {
      constructor(clock, tell) { this.clock = clock; this.tell = tell; this.count = 0 }
      start(everyMs) { this.clock.setTimer(everyMs, () => { this.tell(++this.count); this.start(everyMs) }) }
    },
  }
  return { rooms: { room }, enteredStubs: () => [], StatusError }
})`

const links: Link[] = []
afterEach(() => {
  for (const link of links.splice(0)) link.stop()
})

async function subject() {
  const link = inProcess(await agentScript(repositoryRoot()))
  links.push(link)
  const remote = new RemoteSubject(link, 1, { given: '', rooms: SCRIPT })
  remote.begin()
  return { remote, room: remote.room<Room>('room') }
}

describe('what is lent', () => {
  it('is called with copies, and answers with copies', async () => {
    const { remote, room } = await subject()
    const given: unknown[] = []
    const lent = remote.lend({ add: (...args: unknown[]) => void given.push(...args) })
    expect(await room.call('ask', lent, 'add', { a: undefined }, new Date(7))).toBe(undefined)
    expect(given).toEqual([{ a: undefined }, new Date(7)])
    expect(await room.call('call', remote.lend(() => [1n]) as never)).toEqual([1n])
  })

  it('refuses with the error that the rooms know', async () => {
    const { remote, room } = await subject()
    const status = { code: 409, reason: 'Conflict', message: 'no' }
    const lent = remote.lend({
      put: () => {
        throw new StatusError(status)
      },
    })
    const outcome = await room.call('ask', lent, 'put').settled()
    // Before it is settled the answer has to cross: it stood pending when the call had been carried out.
    expect(outcome.status).toBe('pending')
    await expect(Promise.resolve(room.call('ask', lent, 'put'))).rejects.toMatchObject({
      message: 'no',
      fields: { is: true, status },
    })
  })

  it('says so where it has no such method', async () => {
    const { remote, room } = await subject()
    const lent = remote.lend(new PushedStream<number>())
    for (const method of ['constructor', 'toString', '__defineGetter__', '__proto__', 'nope', '']) {
      const asked = Promise.resolve(room.call('ask', lent, method))
      await expect(asked).rejects.toThrow(`there is no method ${method}()`)
    }
  })

  it('streams what comes, in order, until it is closed', async () => {
    const { remote, room } = await subject()
    let closed = 0
    const stream = new PushedStream<number>(() => closed++)
    stream.push(1)
    const reader = room.construct('Reader', remote.lend({ watch: () => stream }, ['watch']))
    expect(await reader.take()).toEqual({ done: false, value: 1 })
    const second = reader.take()
    expect((await second.settled()).status).toBe('pending')
    stream.push(2)
    stream.push(3)
    await remote.clock.advance(0)
    expect(await second).toEqual({ done: false, value: 2 })
    await reader.stop()
    expect(closed).toBe(1)
    expect(await reader.take()).toEqual({ done: true, value: undefined })
  })

  it('breaks a stream off once, and then it is over', async () => {
    const { remote, room } = await subject()
    const stream = new PushedStream<number>()
    const reader = room.construct('Reader', remote.lend({ watch: () => stream }, ['watch']))
    stream.fail(new Error('cut'))
    await remote.clock.advance(0)
    await expect(Promise.resolve(reader.take())).rejects.toThrow('cut')
    expect(await reader.take()).toEqual({ done: true, value: undefined })
  })
})

describe('a machine that crashes', () => {
  it('fires nothing, asks nothing and hears nothing any more', async () => {
    const { remote, room } = await subject()
    const told: number[] = []
    const machine = remote.boot()
    const ticker = room.construct(
      'Ticker',
      machine.clock,
      machine.lend((count: number) => void told.push(count)),
    )
    ticker.start(10)
    await remote.clock.advance(25)
    expect(told).toEqual([1, 2])
    await machine.crash()
    ticker.start(10)
    await remote.clock.advance(100)
    expect(told).toEqual([1, 2])
    expect(await remote.clock.pending()).toEqual([])
  })

  it('leaves nothing of what the rooms remembered, and what is held elsewhere', async () => {
    const { remote } = await subject()
    const room = remote.room<{ loads(): number }>('room')
    expect(await room.call('loads')).toBe(1)
    expect(await room.call('loads')).toBe(2)
    const held = remote.hold({ a: 1 })
    await remote.boot().crash()
    expect(await room.call('loads')).toBe(1)
    expect(await remote.read(held)).toEqual({ a: 1 })
  })
})
