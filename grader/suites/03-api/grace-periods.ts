import type { Call } from '../../src/subject/subject.ts'
import { check } from './bench.ts'
import { held } from './deleted.ts'
import { at, config, isSet, notFound, pod, set } from './objects.ts'

const bound = { spec: { nodeName: 'n1' } }

/** What is left of the grace period, by the parts of the object that say it; `sinceBegin` is in seconds, too. */
function left(seconds: number, sinceBegin = 0) {
  const end = `${seconds + sinceBegin}`.padStart(2, '0')
  return {
    'metadata.deletionTimestamp': `2026-01-01T00:00:${end}Z`,
    'metadata.deletionGracePeriodSeconds': seconds,
  }
}

// API-23: grace periods

check('API-23.1', 'gives an object its grace period, and lets it stay', async (api, look, { clock }) => {
  await clock.advance(1500)
  api.create('Pod', pod('a', bound))
  api.create('Pod', pod('b', { spec: { ...bound.spec, terminationGracePeriodSeconds: 7 } }))
  const deleted = api.delete('Pod', at('a'))
  look.parts(api.get('Pod', at('a')), 'the Pod that runs, after the delete', left(30, 1))
  look.parts(deleted, 'the answer of delete for a Pod that runs', left(30, 1))
  const own = api.delete('Pod', at('b'))
  look.parts(own, 'the answer of delete for a Pod with terminationGracePeriodSeconds 7', left(7, 1))
  await clock.advance(60_000)
  look.parts(api.get('Pod', at('b')), 'that Pod, a minute after the delete', left(7, 1))
})

check(
  'API-23.2',
  'asks the row how long the grace period is, with the seconds that were asked for',
  (api, look) => {
    for (const name of ['a', 'b']) api.create('Pod', pod(name, bound))
    const five = api.delete('Pod', at('a'), { gracePeriodSeconds: 5 })
    look.parts(api.get('Pod', at('a')), 'the Pod after a delete with 5 seconds', left(5))
    look.parts(five, 'the answer of delete with 5 seconds', left(5))
    const zero = api.delete('Pod', at('b'), { gracePeriodSeconds: 0 })
    look.refused(api.get('Pod', at('b')), 'the Pod after a delete with 0 seconds', notFound('b', 'pods'))
    look.parts(zero, 'the answer of delete with 0 seconds', left(0))
    api.create('Pod', pod('c'))
    const none = api.delete('Pod', at('c'), { gracePeriodSeconds: 30 })
    const unbound = 'a delete with 30 seconds of a Pod without a node, whose row says 0'
    look.refused(api.get('Pod', at('c')), `the Pod after ${unbound}`, notFound('c', 'pods'))
    look.parts(none, `the answer of ${unbound}`, left(0))
  },
)

check(
  'API-23.3',
  'shortens the time that is left, and never makes it longer',
  async (api, look, { clock }) => {
    api.create('Pod', pod('a', bound))
    api.delete('Pod', at('a'))
    await clock.advance(3000)
    const again = (options: object, what: string, seconds: number) =>
      look.parts(api.delete('Pod', at('a'), options), what, left(seconds))
    again({}, 'a second delete, three seconds later', 30)
    again({ gracePeriodSeconds: 40 }, 'a delete with 40 seconds', 30)
    again({ gracePeriodSeconds: 30 }, 'a delete with 30 seconds', 30)
    again({ gracePeriodSeconds: 10 }, 'a delete with 10 seconds', 10)
    again({ gracePeriodSeconds: 20 }, 'a delete with 20 seconds', 10)
    const zero = api.delete('Pod', at('a'), { gracePeriodSeconds: 0 })
    look.refused(api.get('Pod', at('a')), 'the Pod after a delete with 0 seconds', notFound('a', 'pods'))
    look.parts(zero, 'a delete with 0 seconds', left(0))

    api.create('Pod', pod('b', bound))
    api.delete('Pod', at('b'), { gracePeriodSeconds: 50 })
    look.parts(
      api.delete('Pod', at('b')),
      'a delete without a number, after one with 50 seconds, of a Pod whose row says 30',
      left(50, 3),
    )
    const status = { phase: 'Succeeded' }
    api.patch('Pod', at('b'), { type: 'merge', patch: { status } }, { subresource: 'status' })
    for (const [gracePeriodSeconds, stays] of [
      [10, 10],
      [-5, 1],
    ] as const) {
      api.delete('Pod', at('b'), { gracePeriodSeconds })
      look.parts(
        api.get('Pod', at('b')),
        `a Pod that has succeeded since the first delete, after one with ${gracePeriodSeconds} seconds`,
        left(stays, 3),
      )
    }
  },
)

check(
  'API-23.4',
  'removes an object only when both its grace period and its finalizers let it go',
  (api, look) => {
    api.create('Pod', pod('a', { ...held, ...bound }))
    api.delete('Pod', at('a'))
    const zero = 'the Pod, which has a finalizer, after a second delete, with 0 seconds'
    api.delete('Pod', at('a'), { gracePeriodSeconds: 0 })
    look.parts(api.get('Pod', at('a')), zero, left(0))
    const last = { type: 'merge', patch: { metadata: { finalizers: null } } } as const
    api.create('Pod', pod('b', { ...held, ...bound }))
    api.delete('Pod', at('b'))
    const patch = api.patch('Pod', at('b'), last)
    const still = { 'metadata.finalizers': undefined, ...left(30) }
    const taken = 'a patch that takes the last finalizer, in the grace period'
    look.parts(api.get('Pod', at('b')), `the Pod after ${taken}`, still)
    look.parts(patch, `the answer of ${taken} of a Pod`, still)
  },
)

check(
  'API-23.5',
  'counts the begin of a deletion as a change, and nothing else of it',
  (api, look) => {
    const generation = (call: Call<object>, what: string, expected: number | undefined) =>
      look.of(call, `the generation after ${what}`, expected, (answer) => {
        const { metadata } = answer as { metadata?: { generation?: number } }
        return metadata?.generation
      })
    api.create('ReplicaSet', set('r', held))
    generation(api.delete('ReplicaSet', at('r')), 'the first delete of a ReplicaSet', 2)
    const orphan = api.delete('ReplicaSet', at('r'), { propagationPolicy: 'Orphan' })
    generation(orphan, 'a second delete, which adds a finalizer', 2)
    api.create('Pod', pod('p', bound))
    generation(api.delete('Pod', at('p')), 'the first delete of a Pod, where these are counted', 2)
    const sooner = api.delete('Pod', at('p'), { gracePeriodSeconds: 5 })
    generation(sooner, 'a second delete, which shortens its grace period', 2)
    const old = isSet('old', 0, { metadata: { uid: 'of-old', generation: undefined, ...held.metadata } })
    api.put('/registry/replicasets/default/old', old)
    const uncounted = api.delete('ReplicaSet', at('old'))
    generation(uncounted, 'the first delete of a ReplicaSet that was stored without one', undefined)
  },
  { rows: { Pod: { counted: true } } },
)

check(
  'API-23.6',
  'lets an object stay for its grace period, whatever the time is',
  async (api, look, { clock }) => {
    api.create('Pod', pod('a', bound))
    api.delete('Pod', at('a'))
    await clock.advance(60_000)
    api.delete('Pod', at('a'))
    const again = 'a Pod that was deleted again after the end of its grace period'
    look.parts(api.get('Pod', at('a')), again, left(30))
    api.patch('Pod', at('a'), { type: 'merge', patch: { metadata: { labels: { a: 'b' } } } })
    look.of(
      api.get('Pod', at('a')),
      'the labels of a Pod that was patched after the end of its grace period',
      { a: 'b' },
      ({ metadata }) => metadata?.labels,
    )
  },
)

check(
  'API-23.7',
  'asks the row at the first delete alone, about the object as it is',
  (api, look) => {
    const team = { name: 'team' }
    const asked = (what: string, expected: unknown[]) =>
      look.told(
        api,
        `status and seconds of each question to the row about its grace period, ${what}`,
        expected,
        (told) =>
          told
            .filter(({ call }) => call === 'gracePeriodSeconds')
            // How often does not matter.
            .slice(0, 1)
            .map(({ object, asked }) => [(object as { status?: unknown }).status, asked]),
      )
    api.create('Namespace', { metadata: team })
    api.delete('Namespace', team, { gracePeriodSeconds: -7 })
    asked('during a delete with -7 seconds', [[{ phase: 'Active' }, 1]])
    api.delete('Namespace', team, { gracePeriodSeconds: 5 })
    asked('during a second delete', [])
  },
  { namespaceSeconds: 9 },
)

// API-24: propagation

check('API-24.1', 'leaves the finalizer of the policy that is named, and no other', (api, look) => {
  const finalizersOf = (call: Call<object>, what: string, expected: string[] | undefined) =>
    look.of(call, `the finalizers after ${what}`, expected, (answer) => {
      const { metadata } = answer as { metadata?: { finalizers?: string[] } }
      return metadata?.finalizers
    })
  const hold = 'example.com/hold'
  for (const [policy, left] of [
    ['Orphan', ['orphan']],
    ['Foreground', ['foregroundDeletion']],
    ['Background', []],
    [undefined, undefined],
  ] as const) {
    const options = policy ? { propagationPolicy: policy } : {}
    const what = policy ? `a delete with ${policy}` : 'a delete without a policy'
    const name = (policy ?? 'none').toLowerCase()
    for (const before of ['orphan', 'foregroundDeletion']) {
      const had = `${name}-${before.toLowerCase()}`
      api.create('ConfigMap', config(had, { metadata: { finalizers: [before, hold] } }))
      const after = left ? [hold, ...left] : [before, hold]
      finalizersOf(api.delete('ConfigMap', at(had), options), `${what}, of what had ${before}`, after)
    }
    api.create('ConfigMap', config(name))
    const none = api.delete('ConfigMap', at(name), options)
    if (left && left.length > 0) finalizersOf(none, `${what}, of what had none`, [...left])
    else look.refused(api.get('ConfigMap', at(name)), `get after ${what}, of what had none`, notFound(name))
  }
  api.create('Pod', pod('p', { metadata: { finalizers: ['orphan'] }, ...bound }))
  const alone = api.delete('Pod', at('p'), { propagationPolicy: 'Background' })
  finalizersOf(alone, 'a delete with Background, of a bound Pod that had orphan only', undefined)
  api.create('Pod', pod('q', { metadata: { finalizers: [] }, ...bound }))
  const empty = 'a delete without a policy, of a bound Pod that had an empty list of them'
  finalizersOf(api.delete('Pod', at('q')), empty, [])
  api.create('ConfigMap', config('twice', { metadata: { finalizers: ['orphan', hold, hold, 'orphan'] } }))
  const twice = api.delete('ConfigMap', at('twice'), { propagationPolicy: 'Orphan' })
  finalizersOf(twice, 'a delete with Orphan, of what had everything twice', [hold, hold, 'orphan'])
})
