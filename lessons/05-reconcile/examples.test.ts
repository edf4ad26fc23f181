import { expect, test } from 'vitest'
import type { ObjectOf } from '#kit/api/kinds'
import type { Client, WatchEvent } from '#kit/client'
import type { Source } from '#kit/controller'
import { ManualClock } from '#kit/manual-clock'
import { seeded } from '#kit/random'
import type { Stream } from '#kit/stream'
import { Controller } from '#rooms/controller'
import { Informer } from '#rooms/informer'
import { WorkQueue } from '#rooms/work-queue'

type ConfigMap = ObjectOf<'ConfigMap'>

function configMap(name: string, resourceVersion: string): ConfigMap {
  const metadata = { namespace: 'default', name, uid: name, creationTimestamp: '2026-01-01T00:00:00Z' }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, resourceVersion } }
}

/** A client whose lists are given, one after the other, and whose watch says what the test says. */
function scriptedClient(...lists: { version: string; items: ConfigMap[] }[]) {
  const waiting: ((next: IteratorResult<WatchEvent<'ConfigMap'>, undefined>) => void)[] = []
  const watchedFrom: (string | undefined)[] = []
  const end = async () => {
    for (const resolve of waiting.splice(0)) resolve({ done: true, value: undefined })
    return { done: true, value: undefined } as const
  }
  const stream: Stream<WatchEvent<'ConfigMap'>> = {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    return: end,
    [Symbol.asyncIterator]: () => stream,
  }
  const client = {
    async list() {
      const { version, items } = lists.shift() ?? { version: '99', items: [] }
      return { metadata: { resourceVersion: version }, items }
    },
    watch(_kind: string, options: { resourceVersion?: string }) {
      watchedFrom.push(options.resourceVersion)
      return stream
    },
  }
  return {
    client: client as unknown as Client,
    watchedFrom,
    /** The watch says that something happened. */
    async happens(event: WatchEvent<'ConfigMap'>) {
      waiting.shift()?.({ done: false, value: event })
      await everyTurn()
    },
    /** The watch ends. */
    async ends() {
      await end()
      await everyTurn()
    },
  }
}

/** Lets everything run that waits for nothing but its turn. */
async function everyTurn() {
  for (let turn = 0; turn < 50; turn++) await undefined
}

test('RC-1: lists, fills the cache, and watches from the version of the list', async () => {
  const api = scriptedClient({ version: '9', items: [configMap('a', '5'), configMap('b', '7')] })
  const informer = new Informer('ConfigMap', {
    client: api.client,
    clock: new ManualClock(),
    random: seeded(1),
  })
  const added: string[] = []
  informer.addHandler({ added: ({ metadata }) => added.push(metadata.name) })

  await informer.start()
  await everyTurn()

  expect(added).toEqual(['a', 'b'])
  expect(informer.get({ namespace: 'default', name: 'b' })?.metadata.resourceVersion).toBe('7')
  expect(api.watchedFrom).toEqual(['9'])
})

test('RC-2: an event changes the cache, and the handlers are told', async () => {
  const api = scriptedClient({ version: '5', items: [configMap('a', '5')] })
  const informer = new Informer('ConfigMap', {
    client: api.client,
    clock: new ManualClock(),
    random: seeded(1),
  })
  const told: string[] = []
  informer.addHandler({
    updated: (old, object) =>
      told.push(`${old.metadata.resourceVersion} → ${object.metadata.resourceVersion}`),
    deleted: ({ metadata }) => told.push(`${metadata.name} is gone`),
  })
  await informer.start()
  await everyTurn()

  await api.happens({ type: 'MODIFIED', object: configMap('a', '6') })
  await api.happens({ type: 'DELETED', object: configMap('a', '7') })

  expect(told).toEqual(['5 → 6', 'a is gone'])
  expect(informer.list()).toEqual([])
})

test('RC-5: a watch that ends is followed by another', async () => {
  const api = scriptedClient({ version: '5', items: [configMap('a', '5')] })
  const clock = new ManualClock()
  const informer = new Informer('ConfigMap', { client: api.client, clock, random: seeded(1) })
  await informer.start()
  await everyTurn()

  clock.advance(60_000) // nothing happens for a minute
  await api.ends()

  expect(api.watchedFrom).toEqual(['5', '5'])
  expect(informer.list()).toHaveLength(1)
})

/** A source that names these keys and is filled. */
function sourceOf(...keys: string[]): Source {
  return {
    async start(add) {
      for (const key of keys) add(key)
    },
    async stop() {},
  }
}

test('RC-13: reconciles every key that a source names', async () => {
  const seen: string[] = []
  const controller = new Controller({
    sources: [sourceOf('default/a'), sourceOf('default/b')],
    queue: new WorkQueue(new ManualClock()),
    async reconcile(key) {
      seen.push(key)
    },
  })

  await controller.start()
  await everyTurn()

  expect(seen).toEqual(['default/a', 'default/b'])
})

test('RC-14: after requeueAfterMs a key is reconciled again', async () => {
  const clock = new ManualClock()
  let rounds = 0
  const controller = new Controller({
    sources: [sourceOf('default/a')],
    queue: new WorkQueue(clock),
    async reconcile() {
      rounds++
      return { requeueAfterMs: 1000 }
    },
  })
  await controller.start()
  await everyTurn()

  clock.advance(999)
  await everyTurn()
  expect(rounds).toBe(1)

  clock.advance(1)
  await everyTurn()
  expect(rounds).toBe(2)
})
