// The seams of thirty lessons (starter/kit), put together in seams/: they type-check, and what can run is run.
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Access } from '#kit/access'
import type { DraftOf, ObjectOf, Pod, StoredKind, VirtualKind } from '#kit/api/kinds'
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import type { FailedAttempt } from '#kit/preemption'
import type { Random } from '#kit/random'
import type { StoreEvent, Watch } from '#kit/store'
import type { Stream } from '#kit/stream'
import { Store } from '#rooms/store'
import { replica } from './seams/api-sketch.ts'
import { DurableStore, MemoryDisk } from './seams/durable-store.ts'
import { evictTheLowest, priorities } from './seams/lesson-sketches.ts'
import * as standIn from './seams/stand-ins.ts'

describe('the types of the seams', () => {
  it('tell what is stored from what is answered', () => {
    expectTypeOf<'Pod' | 'Lease'>().toExtend<StoredKind>()
    expectTypeOf<'Pod/binding' | 'Deployment/scale' | 'TokenReview'>().toExtend<VirtualKind>()
    expectTypeOf<ObjectOf<'Pod'>['metadata']['uid']>().toEqualTypeOf<string>()
    expectTypeOf<ObjectOf<'Deployment'>>().toExtend<DraftOf<'Deployment'>>()
  })

  it('refuse to list what is not stored', () => {
    const listed = (client: Client) => {
      // @ts-expect-error a binding is answered, not stored
      return client.list('Pod/binding')
    }
    expectTypeOf(listed).toBeFunction()
  })

  it('make a watch of the store a stream', () => {
    expectTypeOf<Watch<object>>().toExtend<Stream<StoreEvent<object>>>()
  })
})

describe('two replicas of the API on one store', () => {
  const surroundings = { clock: {} as Clock, random: {} as Random }

  it('see the same objects, and access reads its roles through the API it guards', async () => {
    const asked: string[] = []
    const plug = (client: Client) => ({
      access: {
        ...standIn.access,
        async authorize({ user, verb, resource }: Parameters<Access['authorize']>[0]) {
          asked.push(`${user.name} ${verb} ${resource}`)
          if (user.groups.includes('system:masters')) return { allowed: true, reason: '' }
          const roles = await client.list('ConfigMap')
          return { allowed: roles.items.some(({ data }) => data?.user === user.name), reason: 'no role' }
        },
      },
      admission: [priorities(client)],
      virtual: {},
    })
    const store = new Store<object>()
    const one = replica({ ...surroundings, store }, plug)
    const two = replica({ ...surroundings, store }, plug)
    const jane = { name: 'jane', groups: [] }
    const role = { metadata: { namespace: 'default', name: 'jane' }, data: { user: 'jane' } }

    await expect(two.get('ConfigMap', role.metadata, { user: jane })).rejects.toThrow('no role')
    await one.create('ConfigMap', role)
    expect(await two.get('ConfigMap', role.metadata, { user: jane })).toEqual(role)
    expect(asked.slice(-2)).toEqual(['jane get ConfigMap', 'system:apiserver list ConfigMap'])
  })
})

describe('admission', () => {
  it('changes what is stored, and hears how it ended', async () => {
    const ended: boolean[] = []
    const plug = (client: Client) => ({
      access: standIn.access,
      admission: [
        { ...priorities(client), finish: async (_: unknown, stored: boolean) => void ended.push(stored) },
      ],
      virtual: {},
    })
    const api = replica({ clock: {} as Clock, random: {} as Random, store: new Store<object>() }, plug)
    await api.create('PriorityClass', { metadata: { name: 'high' }, value: 1000 })
    const metadata = { namespace: 'default', name: 'web' }
    const pod = { metadata, spec: { priorityClassName: 'high', containers: [] } }

    expect((await api.create('Pod', pod)).spec.priority).toBe(1000)
    await expect(api.create('Pod', pod)).rejects.toThrow('expected revision 0')
    expect(ended).toEqual([true, true, false])
  })
})

describe('a store on a disk', () => {
  it('has every write and every revision again after a loss of power', async () => {
    const disk = new MemoryDisk()
    const before = await DurableStore.open<string>(disk, (snapshot) => new Store(snapshot))
    await before.put('/a', 'one')
    const { modRevision } = await before.put('/a', 'two')
    await expect(before.put('/a', 'three', { ifRevision: 0 })).rejects.toThrow('expected revision 0')
    await before.snapshot()
    await before.put('/b', 'one')
    const state = await before.list('')

    disk.losePower()
    const after = await DurableStore.open<string>(disk, (snapshot) => new Store(snapshot))
    expect(await after.list('')).toEqual(state)
    await expect(after.put('/a', 'four', { ifRevision: modRevision })).resolves.toMatchObject({
      value: 'four',
    })
  })
})

describe('preemption', () => {
  it('finds the fewest victims by asking the filters again', async () => {
    const podOf = (name: string, priority: number) =>
      ({ metadata: { namespace: 'default', name }, spec: { containers: [], priority } }) as unknown as Pod
    const [small, large] = [podOf('small', 0), podOf('large', 0)]
    const node = { metadata: { name: 'node-1' } } as FailedAttempt['nodes'][number]['node']
    const deleted: string[] = []
    const client = {
      delete: async (_kind: string, { name }: { name: string }) => deleted.push(name),
    } as unknown as Client

    const nomination = await evictTheLowest(client).postFilter({
      pod: podOf('urgent', 1000),
      nodes: [{ node, pods: [small, large, podOf('equal', 1000)] }],
      rejections: { 'node-1': { code: 'Unschedulable', reasons: ['Insufficient cpu'] } },
      fits: async (_nodeName, without) => without.includes(large),
    })
    expect(nomination.nominatedNodeName).toBe('node-1')
    expect(deleted).toEqual(['large'])
  })
})
