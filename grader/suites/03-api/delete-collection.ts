// API-26: collections.
import { check } from './bench.ts'
import { a, going, held } from './deleted.ts'
import { badRequest, config, conflict, isConfig, unknownResource } from './objects.ts'

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
