// A world around scripted components: what a check can rely on.
import { afterEach, describe, expect, it } from 'vitest'
import { Trace } from '#cluster/world/trace'
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import { StatusError } from '#kit/status-error'
import { agentScript } from '../src/bundle/agent-script.ts'
import { repositoryRoot } from '../src/paths.ts'
import type { CheckContext } from '../src/runner/check.ts'
import { Unmet } from '../src/runner/expect.ts'
import { inProcess } from '../src/subject/in-process.ts'
import type { Link } from '../src/subject/link.ts'
import { RemoteSubject } from '../src/subject/remote.ts'
import { newWorld } from '../src/world/world.ts'

/** A component that copies every ConfigMap named `a…` to `b…`, level-triggered, and counts in the store of the world. */
interface Room {
  Copier: new (client: Client, clock: Clock) => { start(): Promise<void>; stop(): Promise<void> }
  Restless: new (client: Client, clock: Clock) => { start(): Promise<void> }
}

const SCRIPT = `(() => {
  class StatusError extends Error { constructor(status) { super(status.message); this.status = status } }
  class Copier {
    constructor(client) { this.client = client }
    async start() {
      const { metadata } = await this.client.list('ConfigMap')
      this.stream = this.client.watch('ConfigMap', { resourceVersion: metadata.resourceVersion })
      void this.run()
    }
    async run() {
      for await (const { type, object } of this.stream) {
        if (type !== 'ADDED' || !object.metadata.name.startsWith('a')) continue
        const name = 'b' + object.metadata.name.slice(1)
        await this.client.create('ConfigMap', { metadata: { namespace: 'default', name } }).catch(() => {})
      }
    }
    async stop() { await this.stream.return() }
  }
  class Restless {
    constructor(client, clock) { this.client = client; this.clock = clock; this.count = 0 }
    async start() {
      const data = { count: String(this.count++) }
      await this.client.create('ConfigMap', { metadata: { namespace: 'default', name: 'n' + this.count }, data })
      this.clock.setTimer(10_000, () => this.start())
    }
  }
  return { rooms: { room: { Copier, Restless } }, enteredStubs: () => [], StatusError }
})`

const links: Link[] = []
afterEach(() => {
  for (const link of links.splice(0)) link.stop()
})

async function world(seed = 1) {
  const link = inProcess(await agentScript(repositoryRoot()))
  links.push(link)
  const subject = new RemoteSubject(link, seed, { given: '', rooms: SCRIPT })
  subject.begin()
  const context = Object.assign(subject, { seed, stack: 'alone', trace: new Trace(subject.clock) } as const)
  return { world: await newWorld(context as CheckContext), room: subject.room<Room>('room') }
}

const named = (name: string) => ({ metadata: { namespace: 'default', name } })

describe('a world', () => {
  it('lets a component answer to what the check does, and tells what happened', async () => {
    const { world: w, room } = await world()
    const host = w.host('copier')
    const copier = room.construct('Copier', host.client, host.clock)
    await w.done(copier.start(), 'start()')
    await w.api.create('ConfigMap', named('a1'))
    await w.until('the copy is there', async () => (await w.api.list('ConfigMap')).items.length === 2)
    await w.done(copier.stop(), 'stop()')
    const told = w.trace.steps.filter(({ who }) => who === 'copier').map(({ what }) => what)
    expect(told[0]).toMatch(/^lists ConfigMap: 0 at \d+$/)
    expect(told[2]).toMatch(/^sees ADDED ConfigMap default\/a1 at \d+$/)
    expect(told[3]).toMatch(/^creates ConfigMap default\/b1 at \d+$/)
    expect(told.at(-1)).toBe('stops its watch of ConfigMap')
    expect(host.faults.openWatches).toBe(0)
  })

  it('is the same again with the same seed', async () => {
    const run = async (seed: number) => {
      const { world: w, room } = await world(seed)
      const host = w.host('copier')
      await w.done(room.construct('Copier', host.client, host.clock).start(), 'start()')
      for (const name of ['a1', 'a2', 'a3']) await w.api.create('ConfigMap', named(name))
      await w.settle()
      return JSON.stringify(w.trace.steps)
    }
    expect(await run(3)).toBe(await run(3))
    expect(await run(3)).not.toBe(await run(4))
  })

  it('says at once what can never come', async () => {
    const { world: w } = await world()
    const waited = w.until('something comes', () => false)
    await expect(waited).rejects.toMatchObject({ seen: { text: 'nothing is left that could happen' } })
    expect(w.trace.steps.at(-1)?.atMs).toBe(0)
  })

  it('names whoever keeps writing', async () => {
    const { world: w, room } = await world()
    const host = w.host('restless')
    await w.done(room.construct('Restless', host.client, host.clock).start(), 'start()')
    const error = await w.settle().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(Unmet)
    expect((error as Unmet).seen).toMatchObject({ text: expect.stringContaining('restless keeps writing') })
  })

  it('loses a component that crashes between its write and the answer', async () => {
    const { world: w, room } = await world()
    const host = w.host('copier')
    host.faults.afterWrites(1, () => void host.crash())
    await w.done(room.construct('Copier', host.client, host.clock).start(), 'start()')
    await w.api.create('ConfigMap', named('a1'))
    await w.api.create('ConfigMap', named('a2'))
    await w.settle()
    const names = (await w.api.list('ConfigMap')).items.map(({ metadata }) => metadata.name)
    expect(names).toEqual(['a1', 'a2', 'b1'])
  })

  it('says what an API says to those who come too late', async () => {
    const { world: w } = await world()
    await w.api.create('ConfigMap', named('a1'))
    const { metadata } = await w.api.create('ConfigMap', named('a2'))
    await w.compact(Number(metadata.resourceVersion))
    const late = w.api.watch('ConfigMap', { resourceVersion: '2' })
    await expect(late.next()).rejects.toThrow(StatusError)
  })
})
