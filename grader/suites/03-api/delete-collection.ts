// API-26: collections.
import { type Api, answerOf, check, withoutUids } from './bench.ts'
import { held } from './deleted.ts'
import { a } from './known-config.ts'
import { at, BEGIN, badRequest, config, isConfig, notMeant, pod, unknownResource } from './objects.ts'

function namesOf({ items }: Awaited<ReturnType<Api['list']>>) {
  return items.map(({ metadata }) => metadata?.name)
}

check('API-26.1', 'deletes what is selected, each for itself', (api, look) => {
  for (const [name, app] of [
    ['a', 'web'],
    ['b', 'db'],
    ['c', 'web'],
  ])
    api.create('ConfigMap', config(`${name}`, { metadata: { labels: { app } } }))
  api.create('ConfigMap', config('d', { metadata: { ...held.metadata, labels: { app: 'web' } } }))
  const selected = api.list('ConfigMap', { labelSelector: 'app=web' })
  const answer = api.deleteCollection('ConfigMap', { namespace: 'default', labelSelector: 'app=web' })
  look.begin(async () => {
    const { metadata, items } = await answerOf(selected, 'the list of app=web', {})
    const before = { 'metadata.resourceVersion': metadata.resourceVersion, items: items.map(withoutUids) }
    look.parts(answer, 'the answer of deleteCollection, beside a list before it', before)
  })
  look.of(
    api.list('ConfigMap'),
    'name and deletionTimestamp of each object that is left',
    [
      ['b', undefined],
      ['d', BEGIN],
    ],
    ({ items }) => items.map(({ metadata }) => [metadata?.name, metadata?.deletionTimestamp]),
  )
  api.deleteCollection('ConfigMap', { namespace: 'ghost' })
  look.of(
    api.deleteCollection('ConfigMap', { dryRun: true }),
    'how many a dry run has found',
    2,
    (list) => list.items.length,
  )
  look.of(api.list('ConfigMap'), 'the names after a dry run of deleteCollection', ['b', 'd'], namesOf)
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
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      api.put(`/registry/configmaps/default/${name}`, isConfig(name, 0))
    // Who lists a second time does not see b any more.
    look.of(
      api.deleteCollection('ConfigMap'),
      'the names in the answer but for b, where somebody deleted b after the list, and c and e when their turn came',
      ['a', 'c', 'd', 'e'],
      (list) => namesOf(list).filter((name) => name !== 'b'),
    )
    look.of(
      api.list('ConfigMap'),
      'name and finalizers of what is left, where somebody added a finalizer to d when its turn came',
      [['d', held.metadata.finalizers]],
      ({ items }) => items.map(({ metadata }) => [metadata?.name, metadata?.finalizers]),
    )
    for (const name of ['a', 'b'])
      api.create('Lease', { metadata: { ...at(name), labels: { app: 'web' } }, spec: {} })
    const again = 'where somebody made one again, without its labels, after the list'
    look.of(
      api.deleteCollection('Lease', { labelSelector: 'app=web' }),
      `the names in the answer, ${again}`,
      ['a', 'b'],
      namesOf,
    )
    look.of(api.list('Lease'), `the names that are left, ${again}`, [], namesOf)
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
      { when: 'before a write', key: '/registry/configmaps/default/c', does: null },
      { when: 'before a write', key: '/registry/configmaps/default/d', does: held },
      { when: 'before a read', key: '/registry/configmaps/default/e', does: null },
      {
        when: 'after a list',
        key: '/registry/leases/default/b',
        does: { metadata: { uid: 'of-another', labels: null } },
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
  const left = (what: string, expected: string[]) =>
    look.of(api.list('ConfigMap'), `the names that are left after ${what}`, expected, namesOf)
  const c = { uid: 'of-c' }
  const uid = 'deleteCollection with the uid of c as a precondition'
  look.refused(api.deleteCollection('ConfigMap', { preconditions: c }), uid, notMeant('a', c, 'of-a'))
  left(uid, ['a', 'b'])
  const fourth = { resourceVersion: '4' }
  const version = 'deleteCollection with the version of b as a precondition'
  look.refused(
    api.deleteCollection('ConfigMap', { preconditions: fourth }),
    version,
    notMeant('a', fourth, '3'),
  )
  left(version, ['a'])
})

check('API-26.4', 'selects by fields, and deletes with the options of the call', (api, look) => {
  for (const name of ['a', 'b', 'c']) api.create('Pod', pod(name, { spec: { nodeName: 'n1' } }))
  api.deleteCollection('Pod', { fieldSelector: 'metadata.name!=b', gracePeriodSeconds: 5 })
  look.of(
    api.list('Pod'),
    'name and grace period of each Pod after a deleteCollection of metadata.name!=b with 5 seconds',
    [
      ['a', 5],
      ['b', undefined],
      ['c', 5],
    ],
    ({ items }) => items.map(({ metadata }) => [metadata?.name, metadata?.deletionGracePeriodSeconds]),
  )
})
