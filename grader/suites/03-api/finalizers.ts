// API-22: what finalizers hold.
import type { Call } from '../../src/subject/subject.ts'
import { check } from './bench.ts'
import { going, held } from './deleted.ts'
import { a, KEY, known } from './known-config.ts'
import {
  at,
  BEGIN,
  cause,
  config,
  deletedAtOnce,
  gone,
  invalid,
  isConfig,
  notFound,
  notMeant,
  set,
} from './objects.ts'

const B = '/registry/configmaps/default/b'

check('API-22.1', 'only marks an object that finalizers hold', async (api, look, { clock }) => {
  api.create('ConfigMap', config('f', { ...held, data: { k: 'v' } }))
  const marked = isConfig('f', 4, going({ ...held, data: { k: 'v' } }))
  look.answer(api.delete('ConfigMap', at('f')), 'the answer of delete, of what has a finalizer', marked)
  look.answer(api.get('ConfigMap', at('f')), 'the object after the delete', marked)
  await clock.advance(5000)
  look.answer(api.delete('ConfigMap', at('f')), 'the answer of a second delete, five seconds later', marked)
  const old = { resourceVersion: '3' }
  look.refused(
    api.delete('ConfigMap', at('f'), { preconditions: old }),
    'a third delete, of version 3',
    notMeant('f', old, '4'),
  )
  look.revision(api, 'after these deletes', 4)
  const orphaned = (call: Call<object>, what: string) =>
    look.parts(call, what, {
      'metadata.finalizers': ['example.com/hold', 'orphan'],
      'metadata.resourceVersion': '5',
    })
  const orphan = () => api.delete('ConfigMap', at('f'), { propagationPolicy: 'Orphan' })
  orphaned(orphan(), 'the answer of a delete with Orphan, which changes the finalizers')
  orphaned(orphan(), 'the answer of another delete with Orphan, which changes nothing')
  look.revision(api, 'after these', 5)
})

check('API-22.2', 'removes the object with the write that takes the last finalizer away', (api, look) => {
  const finalizers = ['example.com/hold', 'example.com/too']
  api.create('ConfigMap', config('f', { metadata: { finalizers }, data: { k: 'v' } }))
  api.delete('ConfigMap', at('f'))
  const patched = api.merge('f', held)
  // What became of the object says more than what was answered.
  const waits = { 'metadata.finalizers': held.metadata.finalizers, 'metadata.deletionTimestamp': BEGIN }
  look.parts(api.get('ConfigMap', at('f')), 'the object after a patch that leaves one finalizer', waits)
  look.parts(patched, 'the answer of a patch that leaves one finalizer', waits)
  const none = {
    'metadata.finalizers': undefined,
    'metadata.deletionTimestamp': BEGIN,
    'metadata.resourceVersion': '5',
    data: { k: 'w' },
  }
  const last = api.update('ConfigMap', config('f', { data: { k: 'w' } }))
  const taken = 'an update that takes the last finalizer away'
  look.refused(api.get('ConfigMap', at('f')), `the object after ${taken}`, notFound('f'))
  look.revision(api, `after ${taken}`, 6)
  look.parts(last, `the answer of ${taken}`, none)
  api.create('ConfigMap', config('f', held))
  api.merge('f', { metadata: { finalizers: [] } })
  const alive = 'the object after a patch that takes the last finalizer of what is not being deleted'
  look.parts(api.get('ConfigMap', at('f')), alive, { 'metadata.finalizers': [] })
  const left = { ...known, ...deletedAtOnce }
  api.put(KEY, { ...a, metadata: { ...a.metadata, ...left } })
  const same = api.merge('a', {})
  look.answer(
    same,
    'a patch that changes nothing, of what is being deleted and held by nothing any more',
    isConfig('a', 9, { metadata: left }),
  )
  look.refused(api.get('ConfigMap', at('a')), 'that object after the patch', notFound('a'))
  api.put(KEY, { ...a, metadata: { ...a.metadata, ...left } })
  api.delete('ConfigMap', at('a'))
  const again = 'such an object after a second delete'
  look.refused(api.get('ConfigMap', at('a')), again, notFound('a'))
  api.create('ConfigMap', config('e', { metadata: { finalizers: [] } }))
  look.answer(api.delete('ConfigMap', at('e')), 'a delete of what has an empty list of finalizers', gone('e'))
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
    api.update('ConfigMap', config('f', { metadata: { finalizers } }), { dryRun: true }),
    'a dry run of an update that adds a finalizer',
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
    // Its grace period holds it: it has no finalizers yet.
    const going = { deletionTimestamp: BEGIN, deletionGracePeriodSeconds: 30 }
    api.put(KEY, { ...a, metadata: { ...a.metadata, ...going } })
    const { reason = '', message = '' } = cause('')
    const added =
      'Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/new"}'
    const finalizers = ['example.com/new']
    look.refused(
      api.merge('a', { metadata: { finalizers } }),
      'a patch that adds a first finalizer, where the row finds causes as well',
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
    const update = api.update('ConfigMap', config('a', { data: { k: 'v' } }))
    const what = 'an update that takes the last finalizer away, where somebody else wrote meanwhile'
    look.refused(api.get('ConfigMap', at('a')), `the object after ${what}`, notFound('a'))
    look.parts(update, `the answer of ${what}`, { 'metadata.resourceVersion': '4', data: { k: 'v' } })
    api.put(B, { ...a, metadata: { ...known, ...at('b') } })
    const kept = 'a delete, where somebody else added a finalizer after the API had read'
    look.parts(api.delete('ConfigMap', at('b')), kept, {
      'metadata.finalizers': ['example.com/rival'],
      'metadata.deletionTimestamp': BEGIN,
    })
  },
  {
    rivals: [
      { when: 'before a write', key: KEY, does: { data: { rival: 'was here' } } },
      { when: 'before a write', key: B, does: { metadata: { finalizers: ['example.com/rival'] } } },
    ],
  },
)

check('API-22.6', 'holds, lets go and refuses in an update of a subresource, too', (api, look) => {
  const status = { subresource: 'status' } as const
  api.create('ReplicaSet', set('r', held))
  api.delete('ReplicaSet', at('r'))
  const more = { metadata: { finalizers: ['example.com/hold', 'example.com/new'] } }
  look.code(
    api.update('ReplicaSet', set('r', more), status),
    'an update of the status that adds a finalizer',
    422,
  )
  const blank = { metadata: { labels: { a: ' ' }, finalizers: null } }
  look.code(
    api.patch('ReplicaSet', at('r'), { type: 'merge', patch: blank }, status),
    "a patch of the status that takes the last finalizer, with the label a: ' '",
    422,
  )
  const none = { type: 'merge', patch: { metadata: { finalizers: null } } } as const
  api.patch('ReplicaSet', at('r'), none, status)
  const what = 'the object after a patch of the status that takes the last finalizer away'
  look.code(api.get('ReplicaSet', at('r')), `get of ${what}`, 404)
  look.revision(api, 'after that patch, which is one write', 5)
})

check(
  'API-22.7',
  'counts the finalizers that plugins leave',
  (api, look) => {
    const metadata = { ...a.metadata, ...deletedAtOnce, ...held.metadata }
    for (const name of ['a', 'b'])
      api.put(`/registry/configmaps/default/${name}`, { ...a, metadata: { ...metadata, name } })
    const data = { k: 'v' }
    look.code(
      api.merge('a', { data }),
      'a patch, where a plugin adds a finalizer to what is being deleted',
      422,
    )
    api.merge('b', { data })
    const taken =
      'the object after a patch, where a plugin takes away the last finalizer of what is being deleted'
    look.refused(api.get('ConfigMap', at('b')), taken, notFound('b'))
  },
  {
    plugins: [
      {
        name: 'first',
        only: 'a',
        adds: { metadata: { finalizers: ['example.com/hold', 'example.com/new'] } },
      },
      { name: 'second', only: 'b', adds: { metadata: { finalizers: null } } },
    ],
  },
)
