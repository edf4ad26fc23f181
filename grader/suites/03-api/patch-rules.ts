// API-20: what a patch cannot change, and when it is refused.
import { check } from './bench.ts'
import { KEY, known, putA } from './known-config.ts'
import {
  at,
  badRequest,
  invalid,
  isConfig,
  isNamespace,
  isPod,
  otherUid,
  pod,
  set,
  stale,
} from './objects.ts'

check(
  'API-20.5',
  'refuses a patch that sets another version than the object has',
  (api, look) => {
    putA(api)
    const versioned = (resourceVersion: string) => ({
      metadata: { resourceVersion },
      data: { k: resourceVersion },
    })
    look.refused(
      api.merge('a', versioned('1')),
      'a patch that sets version 1, of what is at version 3',
      stale('a'),
    )
    look.refused(
      api.merge('a', versioned('3')),
      'a patch that sets version 3, where somebody else wrote after the API had read',
      stale('a'),
    )
    api.merge('a', versioned('4'))
    look.parts(
      api.get('ConfigMap', at('a')),
      'the object after a patch that sets version 4, of what is at version 4',
      { 'metadata.resourceVersion': '5' },
    )
    const test = { op: 'replace', path: '/metadata/resourceVersion', value: '4' }
    look.refused(
      api.patch('ConfigMap', at('a'), { type: 'json', operations: [test] }),
      'a JSON patch that sets version 4, of what is at version 5',
      stale('a'),
    )
  },
  { rivals: [{ when: 'before a write', key: KEY, does: { data: { rival: 'was here' } } }] },
)

check(
  'API-20.6',
  'changes neither the identity of the object nor what a plain update leaves alone',
  (api, look) => {
    putA(api)
    const name = 'the name of the object (z) does not match the name on the URL (a)'
    const place = { name: 'z', namespace: 'z' }
    const asked: [metadata: object, options: { dryRun?: boolean }][] = [
      [place, {}],
      [{ ...place, uid: 'z' }, { dryRun: true }],
    ]
    for (const [metadata, options] of asked)
      look.refused(
        api.merge('a', { metadata }, options),
        `a patch of the metadata to ${JSON.stringify(metadata)}, with ${JSON.stringify(options)}`,
        badRequest(name),
      )
    const namespace = 'the namespace of the provided object does not match the namespace sent on the request'
    look.refused(
      api.merge('a', { metadata: { namespace: 'z', uid: 'z' } }),
      'a patch to another namespace and uid',
      badRequest(namespace),
    )
    look.refused(
      api.merge('a', { metadata: { uid: 'z' } }),
      'a patch to another uid',
      otherUid('a', 'z', 'of-a'),
    )
    const other = {
      creationTimestamp: '2001-01-01T00:00:00Z',
      deletionTimestamp: '2001-01-01T00:00:00Z',
      generation: 4,
    }
    const labelled = isConfig('a', 4, { metadata: { ...known, labels: { x: '1' } }, data: { k: 'v' } })
    const patch = { metadata: { ...other, labels: { x: '1' } }, kind: 'Widget' }
    const is = () => api.get('ConfigMap', at('a'))
    api.merge('a', patch)
    look.answer(
      is(),
      'the object after a patch of the rest of what only the API sets, and of labels',
      labelled,
    )
    const unsaid = { name: null, namespace: '', uid: null, resourceVersion: '' }
    const said = { name: '', namespace: null, uid: '', resourceVersion: null }
    const without = {
      ...labelled,
      metadata: { ...labelled.metadata, resourceVersion: '5' },
      data: { k: 'w' },
    }
    api.merge('a', { metadata: unsaid, data: { k: 'w' } })
    look.answer(is(), `the object after a patch of the metadata to ${JSON.stringify(unsaid)}`, without)
    api.merge('a', { metadata: said, data: { k: 'x' } })
    look.answer(is(), `the object after a patch of the metadata to ${JSON.stringify(said)}`, {
      ...without,
      metadata: { ...without.metadata, resourceVersion: '6' },
      data: { k: 'x' },
    })
    const adds = { metadata: { namespace: 'default', labels: { x: '1' } } }
    const named = 'kubernetes.io/metadata.name'
    const labels = { [named]: 'default', x: '1' }
    const placed = (options: object) =>
      api.patch('Namespace', { name: 'default' }, { type: 'merge', patch: adds }, options)
    look.answer(
      placed({}),
      'a patch that adds a namespace to a Namespace',
      isNamespace('default', 7, { metadata: { uid: 'of-default', labels } }),
    )
    look.parts(placed({ subresource: 'status' }), 'the same patch, with the subresource status', {
      'metadata.name': 'default',
      'metadata.namespace': undefined,
    })
    look.code(
      api.patch('Namespace', { name: 'default' }, { type: 'merge', patch: { metadata: { name: 'z' } } }),
      'a patch of a Namespace to another name',
      400,
    )
    api.create('Pod', pod('p'))
    const running = api.patch('Pod', at('p'), { type: 'merge', patch: { status: { phase: 'Running' } } })
    look.of(
      running,
      'the status after a patch of the status that does not name the subresource',
      isPod('p', 8).status,
      (answer) => ('status' in answer ? answer.status : undefined),
    )
  },
)

check('API-20.7', 'patches a subresource, and refuses what its kind does not allow', (api, look) => {
  api.create('Pod', pod('p'))
  const status = { subresource: 'status' } as const
  const spec = { activeDeadlineSeconds: 60 }
  const patch = { spec, status: { phase: 'Running' }, metadata: { labels: { a: 'b' } } }
  const answer = api.patch('Pod', at('p'), { type: 'merge', patch }, status)
  const after = isPod('p', 0, { status: { phase: 'Running' } })
  look.parts(answer, 'a patch of spec, status and labels, with the subresource status', {
    'metadata.labels': { a: 'b' },
    spec: after.spec,
    status: after.status,
  })
  const late = { metadata: { resourceVersion: '3' }, status: { phase: 'Failed' } }
  look.refused(
    api.patch('Pod', at('p'), { type: 'merge', patch: late }, status),
    'a patch of the status that sets version 3, of what is at version 4',
    stale('p', 'pods'),
  )
  look.refused(
    api.patch('Pod', at('p'), { type: 'merge', patch: { metadata: { name: 'z' } } }, status),
    'a patch of the status to another name',
    badRequest('the name of the object (z) does not match the name on the URL (p)'),
  )
  api.create('ReplicaSet', set('r'))
  const app = { app: 'q' }
  const other = { spec: { selector: { matchLabels: app }, template: { metadata: { labels: app } } } }
  const raw =
    'v1.LabelSelector{MatchLabels:map[string]string{"app":"q"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}'
  look.refused(
    api.patch('ReplicaSet', at('r'), { type: 'merge', patch: other }),
    'a patch of the selector, which must not change',
    invalid('ReplicaSet.apps', 'r', [
      'FieldValueInvalid',
      'spec.selector',
      `Invalid value: ${raw}: field is immutable`,
    ]),
  )
})

check('API-20.9', 'wants a version only if it removes the one that is there', (api, look) => {
  api.create('Lease', { metadata: at('l'), spec: { holderIdentity: 'me' } })
  const holds = (metadata: object) =>
    api.patch('Lease', at('l'), { type: 'merge', patch: { metadata, spec: { holderIdentity: 'you' } } })
  for (const resourceVersion of [null, '']) {
    const wanted = 'Invalid value: 0x0: must be specified for an update'
    look.refused(
      holds({ resourceVersion }),
      `a patch of a Lease with resourceVersion ${JSON.stringify(resourceVersion)}`,
      invalid('Lease.coordination.k8s.io', 'l', ['FieldValueInvalid', 'metadata.resourceVersion', wanted]),
    )
  }
  look.of(
    holds({}),
    'the holder after a patch of a Lease that says no version',
    'you',
    (lease) => (lease as { spec?: { holderIdentity?: string } }).spec?.holderIdentity,
  )
})
