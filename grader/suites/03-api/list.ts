// API-11 and API-12: listing.
import { type Api, check } from './bench.ts'
import { createAll, namesOf, placesOf } from './listed.ts'
import { badRequest, config, isConfig, isNamespace, pod, unknownResource } from './objects.ts'

// API-11: what is listed

check('API-11.1', 'lists the objects of a kind as of now, each at its own version', (api, look, subject) => {
  for (const name of ['b', 'a']) api.create('ConfigMap', config(name))
  const b = isConfig('b', 5, { data: { k: 'v' } })
  api.put('/registry/configmaps/default/b', b)
  api.put('/registry/configmapsets/default/x', config('x'))
  const items = [isConfig('a', 4), b]
  const version = { 'metadata.resourceVersion': '6' }
  const list = api.list.hold('ConfigMap')
  look.parts(subject.read(list), 'the list of ConfigMaps', { ...version, items })
  subject.assign(list, ['items', 1, 'data', 'k'], 'changed as it was listed')
  const again = 'the list, after the answer of the first one was changed by the caller'
  look.parts(api.list('ConfigMap'), again, { items })
  const none = { ...version, items: [] }
  look.parts(api.list('Pod'), 'the list of a kind of which there is nothing', none)
  const ghost = api.list('ConfigMap', { namespace: 'ghost' })
  look.parts(ghost, 'the list of a namespace that does not exist', none)
  const namespaces = [isNamespace('default', 2, { metadata: { uid: 'of-default', labels: undefined } })]
  const all = api.list('Namespace', { namespace: 'ghost' })
  look.parts(all, 'the list of Namespaces, with a namespace', { ...version, items: namespaces })
  look.refused(
    api.list('Widget' as 'Pod'),
    'the list of a kind that the table does not have',
    unknownResource,
  )
})

check(
  'API-11.2',
  'lists one namespace or all, in the order of the keys',
  (api, look) => {
    for (const namespace of ['team', 'team-a', 'default'])
      for (const name of ['a-b', 'a.b', 'a']) api.create('ConfigMap', { metadata: { name, namespace } })
    const named = (namespace: string) => ['a', 'a-b', 'a.b'].map((name) => `${namespace}/${name}`)
    const all = ['default', 'team-a', 'team'].flatMap(named)
    look.of(api.list('ConfigMap'), 'all namespaces', all, placesOf)
    look.of(api.list('ConfigMap', { namespace: '' }), "the namespace ''", all, placesOf)
    look.of(api.list('ConfigMap', { namespace: 'team' }), 'the namespace team', named('team'), placesOf)
    look.of(api.list('ConfigMap', { namespace: 'tea' }), 'the namespace tea', [], placesOf)
  },
  { namespaces: ['team', 'team-a'] },
)

// API-12: selectors

check('API-12.1', 'selects by labels and by fields', (api, look) => {
  createAll(api, ['a', 'b', 'c'])
  api.create('ConfigMap', config('d'))
  const versions = { a: '3', b: '4', c: '5', d: '6' } as const
  const chosen = (options: Parameters<Api['list']>[1], names: (keyof typeof versions)[]) =>
    look.of(
      api.list('ConfigMap', options),
      `name and version of each object in a list with ${JSON.stringify(options)}`,
      names.map((name) => [name, versions[name]]),
      ({ items }) => items.map(({ metadata }) => [metadata?.name, metadata?.resourceVersion]),
    )
  chosen({ labelSelector: 'app in (b,c)' }, ['b', 'c'])
  chosen({ labelSelector: '!app' }, ['d'])
  chosen({ fieldSelector: 'metadata.name!=b' }, ['a', 'c', 'd'])
  chosen({ labelSelector: 'app!=a', fieldSelector: 'metadata.name!=b' }, ['c', 'd'])
  chosen({ labelSelector: '', fieldSelector: '' }, ['a', 'b', 'c', 'd'])
  chosen({ labelSelector: 'app=e' }, [])
  api.create('Pod', pod('p'))
  api.create('Pod', pod('q', { spec: { nodeName: 'n1' } }))
  look.of(api.list('Pod', { fieldSelector: 'spec.nodeName=n1' }), 'the Pods on n1', 'q', namesOf)
})

check(
  'API-12.2',
  'refuses selectors that cannot be read',
  (api, look) => {
    const label = "unable to parse requirement: found '', expected: ',', ')' or identifier"
    look.refused(
      api.list('Pod', { labelSelector: 'a in (' }),
      'a list with a label selector that cannot be read',
      badRequest(label),
    )
    look.refused(
      api.list('Pod', { labelSelector: 'a in (', fieldSelector: 'metadata.name=a' }),
      'the same with a field selector that can be read',
      badRequest(label),
    )
    const field = api.list('Pod', { fieldSelector: 'spec.foo=x' })
    look.refused(
      field,
      'a list with a field selector that the kind does not have',
      badRequest('field label not supported: spec.foo'),
    )
  },
  { tag: 'api' },
)
