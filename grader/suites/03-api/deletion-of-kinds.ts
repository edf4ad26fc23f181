// API-23 to API-25: grace periods, propagation, and what the row holds.
import type { Call } from '../../src/subject/subject.ts'
import { check } from './bench.ts'
import { held } from './deleted.ts'
import {
  at,
  BEGIN,
  config,
  deletedAtOnce,
  gone,
  isNamespace,
  isPod,
  isSet,
  notFound,
  pod,
  set,
} from './objects.ts'

const bound = { spec: { nodeName: 'n1' } }

// API-23: grace periods

check('API-23.1', 'gives an object its grace period, and lets it stay', async (api, look, { clock }) => {
  await clock.advance(1500)
  const created = { creationTimestamp: '2026-01-01T00:00:01Z' }
  api.create('Pod', pod('a', bound))
  api.create('Pod', pod('b', { spec: { ...bound.spec, terminationGracePeriodSeconds: 7 } }))
  const a = { ...created, deletionTimestamp: '2026-01-01T00:00:31Z', deletionGracePeriodSeconds: 30 }
  const deleted = api.delete('Pod', at('a'))
  const waiting = isPod('a', 5, { metadata: a, ...bound })
  look.answer(api.get('Pod', at('a')), 'the Pod that runs, after the delete', waiting)
  look.answer(deleted, 'the answer of delete for a Pod that runs', waiting)
  const own = { ...created, deletionTimestamp: '2026-01-01T00:00:08Z', deletionGracePeriodSeconds: 7 }
  const spec = { ...bound.spec, terminationGracePeriodSeconds: 7 }
  look.answer(
    api.delete('Pod', at('b')),
    'the answer of delete for a Pod with terminationGracePeriodSeconds 7',
    isPod('b', 6, { metadata: own, spec }),
  )
  await clock.advance(60_000)
  look.answer(
    api.get('Pod', at('b')),
    'that Pod, a minute after the delete',
    isPod('b', 6, { metadata: own, spec }),
  )
})

check(
  'API-23.2',
  'asks the row how long the grace period is, with the seconds that were asked for',
  (api, look) => {
    for (const name of ['a', 'b']) api.create('Pod', pod(name, bound))
    const watch = api.watch.hold('Pod', { resourceVersion: '4' })
    const metadata = { deletionTimestamp: '2026-01-01T00:00:05Z', deletionGracePeriodSeconds: 5 }
    const five = api.delete('Pod', at('a'), { gracePeriodSeconds: 5 })
    const waiting = isPod('a', 5, { metadata, ...bound })
    look.answer(api.get('Pod', at('a')), 'the Pod after a delete with 5 seconds', waiting)
    look.answer(five, 'the answer of delete with 5 seconds', waiting)
    const now = isPod('b', 4, { metadata: deletedAtOnce, ...bound })
    const zero = api.delete('Pod', at('b'), { gracePeriodSeconds: 0 })
    look.refused(api.get('Pod', at('b')), 'the Pod after a delete with 0 seconds', notFound('b', 'pods'))
    look.answer(zero, 'the answer of delete with 0 seconds', now)
    for (const type of ['MODIFIED', 'DELETED'])
      look.of(watch.next(), 'the type of the event that a watch saw', type, ({ value }) => value?.type)
  },
)

check(
  'API-23.3',
  'shortens the time that is left, and never makes it longer',
  async (api, look, { clock }) => {
    api.create('Pod', pod('a', bound))
    const left = (seconds: number) => ({
      deletionTimestamp: `2026-01-01T00:00:${seconds}Z`,
      deletionGracePeriodSeconds: seconds,
    })
    api.delete('Pod', at('a'))
    await clock.advance(3000)
    const again = (options: object, what: string, version: number, seconds: number) =>
      look.answer(
        api.delete('Pod', at('a'), options),
        what,
        isPod('a', version, { metadata: left(seconds), ...bound }),
      )
    again({}, 'a second delete, three seconds later', 4, 30)
    again({ gracePeriodSeconds: 40 }, 'a delete with 40 seconds', 4, 30)
    again({ gracePeriodSeconds: 30 }, 'a delete with 30 seconds', 4, 30)
    again({ gracePeriodSeconds: 10 }, 'a delete with 10 seconds', 5, 10)
    again({ gracePeriodSeconds: 20 }, 'a delete with 20 seconds', 5, 10)
    look.revision(api, 'after all these deletes', 5)
    const metadata = deletedAtOnce
    const zero = api.delete('Pod', at('a'), { gracePeriodSeconds: 0 })
    look.refused(api.get('Pod', at('a')), 'the Pod after a delete with 0 seconds', notFound('a', 'pods'))
    look.answer(zero, 'a delete with 0 seconds', isPod('a', 5, { metadata, ...bound }))

    api.create('Pod', pod('b', bound))
    api.delete('Pod', at('b'))
    const status = { phase: 'Succeeded' }
    api.patch('Pod', at('b'), { type: 'merge', patch: { status } }, { subresource: 'status' })
    for (const [gracePeriodSeconds, version, stays] of [
      [10, 10, 10],
      [-5, 11, 1],
    ] as const) {
      const metadata = {
        creationTimestamp: '2026-01-01T00:00:03Z',
        deletionTimestamp: `2026-01-01T00:00:${stays === 10 ? '13' : '04'}Z`,
        deletionGracePeriodSeconds: stays,
      }
      look.answer(
        api.delete('Pod', at('b'), { gracePeriodSeconds }),
        `a delete with ${gracePeriodSeconds} seconds, of a Pod that has succeeded since the first one`,
        isPod('b', version, { metadata, ...bound, status }),
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
    const waiting = {
      ...held.metadata,
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
    }
    const zero = api.delete('Pod', at('a'), { gracePeriodSeconds: 0 })
    look.answer(
      zero,
      'the answer of a second delete, with 0 seconds, of a Pod that has a finalizer',
      isPod('a', 5, { metadata: { ...waiting, ...deletedAtOnce }, ...bound }),
    )
    const last = { type: 'merge', patch: { metadata: { finalizers: null } } } as const
    api.create('Pod', pod('b', { ...held, ...bound }))
    api.delete('Pod', at('b'))
    const { finalizers: _, ...still } = waiting
    const patch = api.patch('Pod', at('b'), last)
    const left = isPod('b', 8, { metadata: still, ...bound })
    look.answer(
      api.get('Pod', at('b')),
      'the Pod after a patch that takes the last finalizer, in the grace period',
      left,
    )
    look.answer(
      patch,
      'the answer of a patch that takes the last finalizer, in the grace period of a Pod',
      left,
    )
  },
)

check('API-23.5', 'counts the begin of a deletion as a change, and nothing else of it', (api, look) => {
  api.create('ReplicaSet', set('r', held))
  const marked = { ...held.metadata, ...deletedAtOnce, generation: 2 }
  look.answer(
    api.delete('ReplicaSet', at('r')),
    'the answer of the first delete',
    isSet('r', 4, { metadata: marked }),
  )
  const orphan = { ...marked, finalizers: ['example.com/hold', 'orphan'] }
  const again = api.delete('ReplicaSet', at('r'), { propagationPolicy: 'Orphan' })
  look.answer(again, 'a second delete, which adds a finalizer', isSet('r', 5, { metadata: orphan }))
})

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
    else look.answer(none, `the answer of ${what}, of what had none`, gone(name))
  }
  api.create('Pod', pod('p', { metadata: { finalizers: ['orphan'] }, ...bound }))
  const alone = api.delete('Pod', at('p'), { propagationPolicy: 'Background' })
  finalizersOf(alone, 'a delete with Background, of a bound Pod that had orphan only', undefined)
})

// API-25: what the row holds

check('API-25.1', 'keeps a Namespace, which is Terminating, until its finalizers are empty', (api, look) => {
  api.create('Namespace', { metadata: { name: 'team', finalizers: ['example.com/hold'] } })
  const metadata = { deletionTimestamp: BEGIN, finalizers: ['example.com/hold'] }
  const status = { phase: 'Terminating' }
  const there = isNamespace('team', 4, { metadata, status })
  look.answer(api.delete('Namespace', { name: 'team' }), 'the answer of delete', there)
  look.answer(api.delete('Namespace', { name: 'team' }), 'the answer of a second delete', there)
  const now = api.delete('Namespace', { name: 'team' }, { gracePeriodSeconds: 0 })
  look.answer(now, 'the answer of a delete with 0 seconds', there)
  const unfinished = api.update('Namespace', { metadata: { name: 'team' }, status })
  const row = isNamespace('team', 5, { metadata: { deletionTimestamp: BEGIN }, status })
  const emptied = 'an update that empties metadata.finalizers'
  look.answer(api.get('Namespace', { name: 'team' }), `the Namespace after ${emptied}`, row)
  look.answer(unfinished, `the answer of ${emptied}`, row)
  const empty = { metadata: { name: 'team' }, spec: { finalizers: [] }, status }
  const finalize = api.update('Namespace', empty, { subresource: 'finalize' })
  const finalized = 'an update that empties spec.finalizers as well'
  const after = api.get('Namespace', { name: 'team' })
  look.refused(after, `the Namespace after ${finalized}`, notFound('team', 'namespaces'))
  look.answer(finalize, `the answer of ${finalized}`, { ...row, spec: { finalizers: [] } })
  look.revision(api, 'afterwards', 6)
})
