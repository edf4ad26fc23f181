// API-21 to API-27: deleting, and dry runs.
import type { Call } from '../../src/subject/subject.ts'
import { check, UID } from './bench.ts'
import {
  at,
  BEGIN,
  badRequest,
  cause,
  config,
  conflict,
  dataOf,
  deletedAtOnce,
  gone,
  invalid,
  isConfig,
  isNamespace,
  isPod,
  isSet,
  type More,
  nameMissing,
  namespaceMissing,
  notFound,
  pod,
  refusal,
  set,
  stale,
  taken,
  unknownResource,
  versionOnCreate,
} from './objects.ts'

const KEY = '/registry/configmaps/default/a'
const known = { uid: 'of-a', creationTimestamp: BEGIN }
const a = { apiVersion: 'v1', kind: 'ConfigMap', ...config('a', { metadata: known }) }
const held = { metadata: { finalizers: ['example.com/hold'] } }
const bound = { spec: { nodeName: 'n1' } }

/** An object whose deletion has begun when the check did. */
function going({ metadata, ...parts }: More): More {
  return { metadata: { ...metadata, ...deletedAtOnce }, ...parts }
}

// API-21: nothing holds it

check(
  'API-21.1',
  'removes an object that nothing holds, in one write, and answers as the row says',
  (api, look) => {
    api.create('ConfigMap', config('a'))
    const watch = api.watch.hold('ConfigMap', { resourceVersion: '3' })
    look.answer(api.delete('ConfigMap', at('a')), 'the answer of delete', gone('a'))
    look.revision(api, 'after the delete', 4)
    look.refused(api.get('ConfigMap', at('a')), 'get after the delete', notFound('a'))
    look.refused(api.delete('ConfigMap', at('a')), 'a second delete', notFound('a'))
    look.of(watch.next(), 'the type of the event that a watch saw', 'DELETED', ({ value }) => value?.type)
    api.create('Lease', { metadata: at('l'), spec: {} })
    const details = { name: 'l', group: 'coordination.k8s.io', kind: 'leases', uid: UID }
    look.answer(api.delete('Lease', at('l')), 'the answer of delete for a Lease', { ...gone('l'), details })
    api.create('Pod', pod('p', { metadata: { labels: { x: '1' } } }))
    const metadata = { labels: { x: '1' }, ...deletedAtOnce }
    look.answer(
      api.delete('Pod', at('p')),
      'the answer of delete for a Pod, whose row says that the object is answered',
      isPod('p', 7, { metadata }),
    )
    look.refused(api.get('Pod', at('p')), 'get after the delete of the Pod', notFound('p', 'pods'))
    api.create('ReplicaSet', set('r'))
    const second = isSet('r', 9, { metadata: { ...deletedAtOnce, generation: 2 } })
    const counted = api.delete('ReplicaSet', at('r'))
    look.answer(
      counted,
      'the answer of delete for a ReplicaSet, where the row says that the object is answered',
      second,
    )
    const there = isNamespace('team', 0, { metadata: { uid: 'of-team', labels: undefined }, spec: {} })
    api.put('/registry/namespaces/team', there)
    const team = api.delete('Namespace', { name: 'team' })
    const going = { ...there.metadata, resourceVersion: '11', deletionTimestamp: BEGIN }
    const terminating = { ...there, metadata: going, status: { phase: 'Terminating' } }
    look.answer(team, 'the answer of delete for a Namespace without spec.finalizers', terminating)
    look.refused(api.delete('Widget' as 'Pod', at('a')), 'delete of an unknown kind', unknownResource)
    look.refused(api.delete('Pod', at('')), 'delete without a name', nameMissing)
    look.refused(api.delete('Pod', { name: 'a' }), 'delete without a namespace', namespaceMissing)
    look.revision(api, 'after all that', 12)
  },
  { rows: { ReplicaSet: { returnsDeleted: true } } },
)

check('API-21.2', 'deletes nothing but the object that is meant', (api, look) => {
  api.put(KEY, a)
  const meant = (preconditions: object) => api.delete('ConfigMap', at('a'), { preconditions })
  const other = '00000000-0000-0000-0000-000000000000'
  const uid = `the UID in the precondition (${other}) does not match the UID in record (of-a). The object might have been deleted and then recreated`
  const about = (why: string) => ({
    ...conflict('ConfigMap', 'a', why),
    details: { name: 'a', kind: 'ConfigMap' },
  })
  look.refused(meant({ uid: other }), 'a delete of another uid', about(uid))
  const version =
    'the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (3). The object might have been modified'
  look.refused(meant({ resourceVersion: '1' }), 'a delete of another version', about(version))
  look.refused(
    meant({ uid: 'of-a', resourceVersion: '1' }),
    'a delete of the right uid and another version',
    about(version),
  )
  look.refused(
    meant({ uid: other, resourceVersion: '3' }),
    'a delete of another uid and the right version',
    about(uid),
  )
  look.revision(api, 'after all of them', 3)
  const answer = { ...gone('a'), details: { ...gone('a').details, uid: 'of-a' } }
  look.answer(meant({ uid: 'of-a', resourceVersion: '3' }), 'a delete of the right uid and version', answer)
})

check(
  'API-21.3',
  'starts again where somebody else wrote meanwhile',
  (api, look) => {
    api.put(KEY, a)
    const version =
      'the ResourceVersion in the precondition (3) does not match the ResourceVersion in record (4). The object might have been modified'
    look.refused(
      api.delete('ConfigMap', at('a'), { preconditions: { resourceVersion: '3' } }),
      'a delete of version 3, where somebody else wrote after the API had read',
      {
        ...conflict('ConfigMap', 'a', version),
        details: { name: 'a', kind: 'ConfigMap' },
      },
    )
    const kept = {
      metadata: { ...known, finalizers: ['example.com/rival'], ...deletedAtOnce },
      data: { rival: 'was here' },
    }
    look.answer(
      api.delete('ConfigMap', at('a')),
      'a delete, where somebody else added a finalizer after the API had read',
      isConfig('a', 6, kept),
    )
  },
  {
    rivals: [
      { when: 'before a write', key: KEY, does: { data: { rival: 'was here' } } },
      { when: 'before a write', key: KEY, does: { metadata: { finalizers: ['example.com/rival'] } } },
    ],
  },
)

check('API-21.4', 'deletes once, of several that delete at once', async (api, look, subject) => {
  api.create('ConfigMap', config('a'))
  const calls = subject.together(() => [1, 2, 3].map(() => api.delete('ConfigMap', at('a'))))
  const outcomes = await Promise.all(calls.map((call) => call.settled()))
  for (const [i, call] of calls.entries())
    if (outcomes[i]?.status === 'resolved')
      look.answer(call, 'the answer of the delete that came first', gone('a'))
    else look.refused(call, 'a delete that came too late', notFound('a'))
  look.revision(api, 'afterwards', 4)
})

// API-22: finalizers

check('API-22.1', 'only marks an object that finalizers hold', async (api, look, { clock }) => {
  api.create('ConfigMap', config('f', { ...held, data: { k: 'v' } }))
  const marked = isConfig('f', 4, going({ ...held, data: { k: 'v' } }))
  look.answer(api.delete('ConfigMap', at('f')), 'the answer of delete, of what has a finalizer', marked)
  look.answer(api.get('ConfigMap', at('f')), 'the object after the delete', marked)
  await clock.advance(5000)
  look.answer(api.delete('ConfigMap', at('f')), 'the answer of a second delete, five seconds later', marked)
  look.revision(api, 'after both deletes', 4)
  look.refused(api.create('ConfigMap', config('f')), 'create of what is being deleted', taken('f'))
})

check('API-22.2', 'removes the object with the write that takes the last finalizer away', (api, look) => {
  const finalizers = ['example.com/hold', 'example.com/too']
  api.create('ConfigMap', config('f', { metadata: { finalizers }, data: { k: 'v' } }))
  api.delete('ConfigMap', at('f'))
  const one = going({ ...held, data: { k: 'v' } })
  const patched = api.merge('f', held)
  // What became of the object says more than what was answered.
  const waits = isConfig('f', 5, one)
  look.answer(api.get('ConfigMap', at('f')), 'the object after a patch that leaves one finalizer', waits)
  look.answer(patched, 'the answer of a patch that leaves one finalizer', waits)
  const watch = api.watch.hold('ConfigMap', { resourceVersion: '5' })
  const none = isConfig('f', 5, going({ data: { k: 'w' } }))
  const last = api.update('ConfigMap', config('f', { data: { k: 'w' } }))
  const taken = 'an update that takes the last finalizer away'
  look.refused(api.get('ConfigMap', at('f')), `the object after ${taken}`, notFound('f'))
  look.revision(api, `after ${taken}`, 6)
  look.answer(last, `the answer of ${taken}`, none)
  look.of(watch.next(), 'the type of the event that a watch saw', 'DELETED', ({ value }) => value?.type)
  api.create('ConfigMap', config('f', held))
  const alive = isConfig('f', 8, { metadata: { finalizers: [] } })
  look.answer(
    api.merge('f', { metadata: { finalizers: [] } }),
    'a patch that takes the last finalizer of what is not being deleted',
    alive,
  )
  const left = { ...known, ...deletedAtOnce }
  api.put(KEY, { ...a, metadata: { ...a.metadata, ...left } })
  const same = api.merge('a', {})
  look.answer(
    same,
    'a patch that changes nothing, of what is being deleted and held by nothing any more',
    isConfig('a', 9, { metadata: left }),
  )
  look.refused(api.get('ConfigMap', at('a')), 'that object after the patch', notFound('a'))
})

check('API-22.3', 'lets nobody add a finalizer while the object is being deleted', (api, look) => {
  api.create('ConfigMap', config('f', held))
  api.merge('f', { metadata: { finalizers: ['example.com/hold', 'example.com/old'] } })
  api.delete('ConfigMap', at('f'))
  const rule = 'no new finalizers can be added if the object is being deleted'
  const message = `Forbidden: ${rule}, found new finalizers []string{"example.com/new"}`
  const added: [string, string, string] = ['FieldValueForbidden', 'metadata.finalizers', message]
  // Kubernetes lists it twice.
  const status = invalid('ConfigMap', 'f', added, added)
  const finalizers = ['example.com/hold', 'example.com/new']
  look.refused(api.merge('f', { metadata: { finalizers } }), 'a patch that adds a finalizer', status)
  look.refused(
    api.update('ConfigMap', config('f', { metadata: { finalizers } })),
    'an update that adds a finalizer',
    status,
  )
  look.of(
    api.get('ConfigMap', at('f')),
    'the finalizers afterwards',
    ['example.com/hold', 'example.com/old'],
    ({ metadata }) => metadata?.finalizers,
  )
})

check(
  'API-22.4',
  'names a new finalizer after the causes of validate, and before those of validateUpdate',
  (api, look) => {
    api.put(KEY, {
      ...a,
      metadata: { ...a.metadata, deletionTimestamp: BEGIN, finalizers: ['example.com/hold'] },
    })
    const { reason = '', message = '' } = cause('')
    const added =
      'Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/new"}'
    const finalizers = ['example.com/new']
    look.refused(
      api.merge('a', { metadata: { finalizers } }),
      'a patch that adds a finalizer, where the row finds causes as well',
      invalid(
        'ConfigMap',
        'a',
        [reason, 'object', `${message}object`],
        ['FieldValueForbidden', 'metadata.finalizers', added],
        ['FieldValueForbidden', 'metadata.finalizers', added],
        [reason, 'change', `${message}change`],
      ),
    )
  },
  { causes: { validate: [cause('object')], validateUpdate: [cause('change')] } },
)

check(
  'API-22.5',
  'looks again whether it can go, where somebody else wrote meanwhile',
  (api, look) => {
    api.put(KEY, { ...a, metadata: { ...a.metadata, ...deletedAtOnce, ...held.metadata } })
    const none = isConfig('a', 4, { metadata: { ...known, ...deletedAtOnce }, data: { k: 'v' } })
    const update = api.update('ConfigMap', config('a', { data: { k: 'v' } }))
    const what = 'an update that takes the last finalizer away, where somebody else wrote meanwhile'
    look.refused(api.get('ConfigMap', at('a')), `the object after ${what}`, notFound('a'))
    look.answer(update, `the answer of ${what}`, none)
  },
  { rivals: [{ when: 'before a write', key: KEY, does: { data: { rival: 'was here' } } }] },
)

// API-23: grace periods

check('API-23.1', 'gives an object its grace period, and lets it stay', async (api, look, { clock }) => {
  await clock.advance(1500)
  const created = { creationTimestamp: '2026-01-01T00:00:01Z' }
  api.create('Pod', pod('a', bound))
  api.create('Pod', pod('b', { spec: { ...bound.spec, terminationGracePeriodSeconds: 7 } }))
  const a = { ...created, deletionTimestamp: '2026-01-01T00:00:31Z', deletionGracePeriodSeconds: 30 }
  look.answer(
    api.delete('Pod', at('a')),
    'the answer of delete for a Pod that runs',
    isPod('a', 5, { metadata: a, ...bound }),
  )
  look.answer(api.get('Pod', at('a')), 'the Pod after the delete', isPod('a', 5, { metadata: a, ...bound }))
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
    look.answer(
      api.delete('Pod', at('a'), { gracePeriodSeconds: 5 }),
      'the answer of delete with 5 seconds',
      isPod('a', 5, { metadata, ...bound }),
    )
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
    look.answer(
      patch,
      'the answer of a patch that takes the last finalizer, in the grace period of a Pod',
      isPod('b', 8, { metadata: still, ...bound }),
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

// API-26: collections

check('API-26.1', 'deletes what is selected, each for itself', (api, look) => {
  for (const [name, app] of [
    ['a', 'web'],
    ['b', 'db'],
    ['c', 'web'],
  ])
    api.create('ConfigMap', config(`${name}`, { metadata: { labels: { app } } }))
  api.create('ConfigMap', config('d', { metadata: { ...held.metadata, labels: { app: 'web' } } }))
  const web = { metadata: { labels: { app: 'web' } } }
  const d = { metadata: { ...web.metadata, ...held.metadata } }
  const items = [isConfig('a', 3, web), isConfig('c', 5, web), isConfig('d', 6, d)]
  const answer = api.deleteCollection('ConfigMap', { namespace: 'default', labelSelector: 'app=web' })
  look.answer(answer, 'the answer of deleteCollection', { metadata: { resourceVersion: '6' }, items })
  const left = [isConfig('b', 4, { metadata: { labels: { app: 'db' } } }), isConfig('d', 9, going(d))]
  look.of(api.list('ConfigMap'), 'the objects that are left', left, (list) => list.items)
  api.deleteCollection('ConfigMap', { namespace: 'ghost' })
  look.of(
    api.deleteCollection('ConfigMap', { dryRun: true }),
    'how many a dry run has found',
    2,
    (list) => list.items.length,
  )
  look.revision(api, 'after a dry run of deleteCollection', 9)
  api.deleteCollection('ConfigMap', { propagationPolicy: 'Orphan' })
  look.of(
    api.list('ConfigMap'),
    'name and finalizers of each object after a deleteCollection with Orphan',
    [
      ['b', ['orphan']],
      ['d', ['example.com/hold', 'orphan']],
    ],
    (list) => list.items.map(({ metadata }) => [metadata?.name, metadata?.finalizers]),
  )
})

check(
  'API-26.2',
  'does not mind what is gone already, and deletes what was made again',
  (api, look) => {
    for (const name of ['a', 'b', 'c']) api.create('ConfigMap', config(name))
    look.of(
      api.deleteCollection('ConfigMap'),
      'the names in the answer of deleteCollection, where somebody deleted one after the list',
      ['a', 'b', 'c'],
      (list) => list.items.map(({ metadata }) => metadata?.name),
    )
    for (const name of ['a', 'b']) api.create('ConfigMap', config(name))
    look.of(
      api.deleteCollection('ConfigMap'),
      'the names in the answer, where somebody made one again after the list',
      ['a', 'b'],
      (list) => list.items.map(({ metadata }) => metadata?.name),
    )
    const left = 'the objects that are left, where somebody made one again after the list'
    look.of(api.list('ConfigMap'), left, [], (list) => list.items)
    look.refused(
      api.deleteCollection('Widget' as 'Pod'),
      'deleteCollection of an unknown kind',
      unknownResource,
    )
    const label = "unable to parse requirement: found '', expected: ',', ')' or identifier"
    const unread = api.deleteCollection('Pod', { labelSelector: 'a in (' })
    look.refused(unread, 'deleteCollection with a bad selector', badRequest(label))
  },
  {
    rivals: [
      { when: 'after a list', key: '/registry/configmaps/default/b', does: null },
      {
        when: 'after a list',
        key: '/registry/configmaps/default/b',
        does: { metadata: { uid: 'of-another' } },
      },
    ],
  },
)

check('API-26.3', 'deletes the others where one is refused, and then says the first refusal', (api, look) => {
  for (const name of ['a', 'b', 'c'])
    api.put(`/registry/configmaps/default/${name}`, {
      ...a,
      metadata: { ...a.metadata, name, uid: `of-${name}` },
    })
  const uid =
    'the UID in the precondition (of-b) does not match the UID in record (of-a). The object might have been deleted and then recreated'
  const refused = api.deleteCollection('ConfigMap', { preconditions: { uid: 'of-b' } })
  look.refused(refused, 'deleteCollection with the uid of b as a precondition', {
    ...conflict('ConfigMap', 'a', uid),
    details: { name: 'a', kind: 'ConfigMap' },
  })
  look.of(api.list('ConfigMap'), 'the names that are left', ['a', 'c'], (list) =>
    list.items.map(({ metadata }) => metadata?.name),
  )
})

// API-27: dry runs

const dryRun = { dryRun: true }

check('API-27.1', 'answers what would have been, and leaves nothing', (api, look) => {
  look.answer(api.create('ConfigMap', config('dry'), dryRun), 'a dry run of create', isConfig('dry', 0))
  look.refused(api.get('ConfigMap', at('dry')), 'get after a dry run of create', notFound('dry'))
  api.create('ConfigMap', config('a', { data: { k: 'v' } }))
  const updated = api.update('ConfigMap', config('a', { data: { k: 'w' } }), dryRun)
  look.answer(updated, 'a dry run of update', isConfig('a', 3, { data: { k: 'w' } }))
  look.answer(
    api.merge('a', { data: { l: 'x' } }, dryRun),
    'a dry run of patch',
    isConfig('a', 3, { data: { k: 'v', l: 'x' } }),
  )
  look.answer(api.delete('ConfigMap', at('a'), dryRun), 'a dry run of delete', gone('a'))
  look.answer(
    api.get('ConfigMap', at('a')),
    'the object after these dry runs',
    isConfig('a', 3, { data: { k: 'v' } }),
  )
  api.create('ReplicaSet', set('r', held))
  const marked = isSet('r', 4, { metadata: { ...held.metadata, ...deletedAtOnce, generation: 2 } })
  look.answer(
    api.delete('ReplicaSet', at('r'), dryRun),
    'a dry run of delete, of what has a finalizer',
    marked,
  )
  api.create('ConfigMap', config('f', held))
  api.delete('ConfigMap', at('f'))
  const last = api.merge('f', { metadata: { finalizers: null } }, dryRun)
  look.answer(last, 'a dry run of a patch that takes the last finalizer away', isConfig('f', 6, going({})))
  look.revision(api, 'after all dry runs', 6)
})

check('API-27.2', 'refuses what it would refuse otherwise', (api, look) => {
  api.create('ConfigMap', config('a'))
  look.refused(
    api.create('ConfigMap', config('a'), dryRun),
    'a dry run of create, of what is there',
    taken('a'),
  )
  const ghost = api.create('ConfigMap', { metadata: { name: 'b', namespace: 'ghost' } }, dryRun)
  look.refused(
    ghost,
    'a dry run of create in a namespace that does not exist',
    notFound('ghost', 'namespaces'),
  )
  const none = api.create('Pod', pod('b', { spec: { containers: [] } }), dryRun)
  const required: [string, string, string] = ['FieldValueRequired', 'spec.containers', 'Required value']
  look.refused(none, 'a dry run of create, of a Pod without containers', invalid('Pod', 'b', required))
  const version = api.create('ConfigMap', config('b', { metadata: { resourceVersion: '3' } }), dryRun)
  look.refused(version, 'a dry run of create with a resourceVersion', versionOnCreate)
  const old = config('a', { metadata: { resourceVersion: '1' } })
  look.refused(api.update('ConfigMap', old, dryRun), 'a dry run of update from an old version', stale('a'))
  look.refused(
    api.merge('a', {}, { ...dryRun, subresource: 'status' }),
    'a dry run of patch of a subresource that the row does not have',
    unknownResource,
  )
  look.refused(api.delete('ConfigMap', at('b'), dryRun), 'a dry run of delete of nothing', notFound('b'))
  look.of(api.get('ConfigMap', at('a')), 'the data after these dry runs', undefined, dataOf)
})

check(
  'API-27.3',
  'makes names in dry runs, too, and none that is taken',
  (api, look) => {
    const draft = { metadata: { generateName: 'gen-', namespace: 'default' } }
    const dry = api.create('ConfigMap', draft, dryRun)
    const what = `the beginning of the name that create with ${JSON.stringify(dryRun)} makes`
    look.of(dry, what, 'gen-', ({ metadata }) => metadata?.name?.slice(0, 4))
    const made = api.create('ConfigMap', draft)
    look.begin(async () => {
      const { metadata } = await made
      const name = metadata?.name ?? ''
      const why = 'already exists, the server was not able to generate a unique name for the object'
      const details = { name, kind: 'configmaps', retryAfterSeconds: 1 }
      const status = refusal(409, 'AlreadyExists', `configmaps "${name}" ${why}`, details)
      for (const options of [dryRun, {}])
        look.refused(
          api.create('ConfigMap', draft, options),
          `create with ${JSON.stringify(options)}, where every name that is made is taken`,
          status,
        )
    })
  },
  { sameRandom: true },
)
