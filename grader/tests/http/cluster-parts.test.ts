// What stands in for lessons to come, on the reference's API.
import { describe, expect, it } from 'vitest'
import { assembleApi } from '#cluster/assemble-api'
import { OpenApiTypes } from '#cluster/http/openapi-types'
import { NamespaceStandIn } from '#cluster/namespace-stand-in'
import { serveApi } from '#cluster/serve-api'
import { compactStore } from '#cluster/store-compaction'
import { systemClock } from '#cluster/system-clock'
import { kindTable } from '#kit/api/served-kinds'
import { ManualClock } from '#kit/manual-clock'
import { NotYet } from '#kit/not-yet'
import { seeded } from '#kit/random'
import { isConflict, isInvalid, isNotFound } from '#kit/status-error'
import { Compacted } from '#kit/store'
import { Store } from '#rooms/store'
import { send } from './served-front.ts'

async function cluster() {
  const clock = new ManualClock()
  const client = assembleApi({ store: new Store<object>(), clock, random: seeded(1) })
  for (const name of ['default', 'team']) await client.create('Namespace', { metadata: { name } })
  return { clock, client }
}

const containers = [{ name: 'c', image: 'nginx:1' }]

describe('the namespace stand-in', () => {
  it('empties a namespace that is deleted, and lets it go', async () => {
    const { clock, client } = await cluster()
    const component = new NamespaceStandIn({ client, clock, kinds: kindTable })
    await component.start()
    await client.create('ConfigMap', { metadata: { name: 'a', namespace: 'team' } })
    await client.create('Pod', { metadata: { name: 'p', namespace: 'team' }, spec: { containers } })
    await client.create('ConfigMap', { metadata: { name: 'a', namespace: 'default' } })
    const gone = seen(client, 'team')
    await client.delete('Namespace', { name: 'team' })
    await gone
    for (const kind of ['ConfigMap', 'Pod'] as const) {
      expect((await client.list(kind, { namespace: 'team' })).items).toEqual([])
    }
    expect((await client.list('ConfigMap', { namespace: 'default' })).items).toHaveLength(1)
    await component.stop()
  })

  it('waits for what is held, and looks again', async () => {
    const { clock, client } = await cluster()
    const component = new NamespaceStandIn({ client, clock, kinds: kindTable })
    await component.start()
    const held = { name: 'held', namespace: 'team' }
    await client.create('ConfigMap', { metadata: { ...held, finalizers: ['example.com/hold'] } })
    const gone = seen(client, 'team')
    await client.delete('Namespace', { name: 'team' })
    await settled()
    expect((await client.get('Namespace', { name: 'team' })).status.phase).toBe('Terminating')
    await client.patch('ConfigMap', held, { type: 'merge', patch: { metadata: { finalizers: null } } })
    clock.advance(1_000)
    await gone
    await component.stop()
  })

  it('leaves nothing running when it is stopped', async () => {
    const { clock, client } = await cluster()
    const component = new NamespaceStandIn({ client, clock, kinds: kindTable })
    await component.start()
    await component.stop()
    await client.delete('Namespace', { name: 'team' })
    await settled()
    clock.advance(10_000)
    await settled()
    expect((await client.get('Namespace', { name: 'team' })).status.phase).toBe('Terminating')
  })
})

describe('a binding', () => {
  const at = { name: 'p', namespace: 'default' }
  const bind = (name: string | undefined, more = {}) =>
    ({ metadata: { ...at, ...more }, target: { kind: 'Node', ...(name && { name }) } }) as const

  it('puts a pod on a node once', async () => {
    const { client } = await cluster()
    await client.create('Pod', { metadata: at, spec: { containers } })
    await client.create('Pod/binding', bind('n1'))
    const bound = await client.get('Pod', at)
    expect(bound.spec.nodeName).toBe('n1')
    expect(bound.status.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }])
    await expect(client.create('Pod/binding', bind('n2'))).rejects.toSatisfy(isConflict)
    expect((await client.get('Pod', at)).spec.nodeName).toBe('n1')
  })

  it('refuses a pod that is not there, is another one, or is going, and a target without a name', async () => {
    const { client } = await cluster()
    await expect(client.create('Pod/binding', bind('n1'))).rejects.toSatisfy(isNotFound)
    await client.create('Pod', {
      metadata: { ...at, finalizers: ['example.com/hold'] },
      spec: { containers },
    })
    await expect(client.create('Pod/binding', bind(undefined))).rejects.toSatisfy(isInvalid)
    await expect(client.create('Pod/binding', bind('n1', { uid: 'x' }))).rejects.toSatisfy(isConflict)
    await client.delete('Pod', at)
    await expect(client.create('Pod/binding', bind('n1'))).rejects.toThrow(
      'pod p is being deleted, cannot be assigned to a host',
    )
  })

  it('leaves nothing behind in a dry run', async () => {
    const { client } = await cluster()
    await client.create('Pod', { metadata: at, spec: { containers } })
    await client.create('Pod/binding', bind('n1'), { dryRun: true })
    expect((await client.get('Pod', at)).spec).not.toHaveProperty('nodeName')
  })
})

describe('a served API', () => {
  it('leaves nothing running when it is stopped', async () => {
    const faults: unknown[] = []
    const { port, stop } = await serveApi({ port: 0, seed: 1, onFault: (error) => faults.push(error) })
    expect((await send(port, 'GET', '/api/v1/namespaces/default')).code).toBe(200)
    await stop()
    await expect(send(port, 'GET', '/healthz')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/)
    expect(faults).toEqual([])
  })
})

describe('compaction', () => {
  const MINUTE = 60_000

  /** A store at a revision, and what was asked of it. */
  function compacting(compact: (revision: number) => Promise<void> = async () => {}) {
    const clock = new ManualClock()
    const asked: number[] = []
    const faults: unknown[] = []
    const state = { revision: 10 }
    const store = {
      list: async () => ({ revision: state.revision, items: [] }),
      compact(revision: number) {
        asked.push(revision)
        return compact(revision)
      },
    }
    const end = compactStore({ store, clock, onFault: (error) => void faults.push(error) })
    const pass = async (minutes: number) => {
      clock.advance(minutes * MINUTE)
      await settled()
    }
    return { clock, asked, faults, state, end, pass }
  }

  it('forgets what is older than five minutes, every five minutes', async () => {
    const { asked, state, end, pass } = compacting()
    await pass(5)
    expect(asked).toEqual([])
    state.revision = 30
    await pass(4)
    expect(asked).toEqual([])
    await pass(1)
    expect(asked).toEqual([10])
    await pass(5)
    expect(asked).toEqual([10, 30])
    end()
  })

  it('leaves alone what did not change', async () => {
    const { asked, end, pass } = compacting()
    for (let round = 0; round < 4; round++) await pass(5)
    expect(asked).toEqual([10])
    end()
  })

  it('tells once what the store throws, and asks no more', async () => {
    const error = new NotYet('01-store')
    const { clock, asked, faults, state, pass } = compacting(() => {
      throw error
    })
    for (let round = 0; round < 5; round++) {
      state.revision += 10
      await pass(5)
    }
    expect([asked, faults, clock.pending]).toEqual([[20], [error], 0])
  })

  it('leaves no timer when it is ended', async () => {
    const { clock, end, pass } = compacting()
    await pass(5)
    end()
    expect(clock.pending).toBe(0)
  })

  it('lets the reference forget: what was read before is expired, what is there is there', async () => {
    const clock = new ManualClock()
    const store = new Store<object>()
    const { modRevision: revision } = await store.put('/a', { x: 1 })
    const faults: unknown[] = []
    const end = compactStore({ store, clock, onFault: (error) => void faults.push(error) })
    for (let x = 2; x < 5; x++) {
      await store.put('/a', { x })
      clock.advance(5 * MINUTE)
      await settled()
    }
    await expect(store.get('/a', { revision })).rejects.toBeInstanceOf(Compacted)
    expect([(await store.get('/a'))?.value, faults]).toEqual([{ x: 4 }, []])
    end()
  })
})

describe('the namespaces that a cluster cannot be without', () => {
  it('stay, as with Kubernetes; others go', async () => {
    const { port, stop } = await serveApi({ port: 0, seed: 1, onFault: () => undefined })
    const remove = (name: string) => send(port, 'DELETE', `/api/v1/namespaces/${name}`)
    for (const name of ['default', 'kube-system', 'kube-public']) {
      const { code, body } = await remove(name)
      expect([code, body]).toMatchObject([
        403,
        {
          reason: 'Forbidden',
          message: `namespaces "${name}" is forbidden: this namespace may not be deleted`,
        },
      ])
      expect((await send(port, 'GET', `/api/v1/namespaces/${name}`)).body).toMatchObject({
        status: { phase: 'Active' },
      })
    }
    expect((await remove('kube-node-lease')).code).toBe(200)
    await stop()
  })
})

describe('the system clock', () => {
  it('fires once, later, and not when it was cancelled', async () => {
    const fired: string[] = []
    await new Promise<void>((resolve) => {
      systemClock.setTimer(0, () => fired.push('cancelled')).cancel()
      systemClock.setTimer(0, () => fired.push('fired'))
      systemClock.setTimer(1, resolve)
      expect(fired).toEqual([])
    })
    expect(fired).toEqual(['fired'])
    expect(() => systemClock.setTimer(-1, () => {})).toThrow(RangeError)
  })

  it('waits longer than Node can', async () => {
    let isFired = false
    const timer = systemClock.setTimer(2 ** 40, () => {
      isFired = true
    })
    await settled()
    timer.cancel()
    expect(isFired).toBe(false)
  })
})

describe('the declarations of kubernetes-types', () => {
  it.each([
    ['apps/v1', 'Deployment'],
    ['authentication/v1', 'TokenReview'],
    ['authorization/v1', 'SelfSubjectAccessReview'],
    ['autoscaling/v1', 'Scale'],
    ['autoscaling/v2', 'HorizontalPodAutoscaler'],
    ['batch/v1', 'CronJob'],
    ['coordination/v1', 'Lease'],
    ['core/v1', 'Service'],
    ['discovery/v1', 'EndpointSlice'],
    ['networking/v1', 'NetworkPolicy'],
    ['policy/v1', 'Eviction'],
    ['rbac/v1', 'ClusterRole'],
    ['scheduling/v1', 'PriorityClass'],
    ['storage/v1', 'StorageClass'],
  ])('%s %s and all that it refers to become schemas', (file, name) => {
    const found = new OpenApiTypes().closure(file, name)
    const schemas = [...found.values()]
    const fields = schemas.flatMap(({ properties = {} }) => Object.values(properties))
    expect(fields.length).toBeGreaterThan(10)
    expect(fields.filter(({ type, allOf }) => !type && !allOf)).toEqual([])
    // One of them has nothing to say about one of its fields.
    expect(fields.filter(({ description }) => !description).length).toBeLessThan(2)
    const references = [...JSON.stringify(schemas).matchAll(/schemas\/([\w.]+)"/g)].map(([, each]) => each)
    expect(references.filter((each) => !found.has(each ?? ''))).toEqual([])
  })
})

/** Resolves when a namespace has gone. */
async function seen(client: Awaited<ReturnType<typeof cluster>>['client'], name: string): Promise<void> {
  for await (const { type, object } of client.watch('Namespace', {
    fieldSelector: `metadata.name=${name}`,
  })) {
    if (type === 'DELETED' && object.metadata.name === name) return
  }
}

/** Whatever can run without time going on has run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}
