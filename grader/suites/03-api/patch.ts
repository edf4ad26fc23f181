// API-20: patching.
import fc from 'fast-check'
import { expect } from '../../src/runner/expect.ts'
import { answerOf, check, forExamples, newApi, together } from './bench.ts'
import { KEY, known, putA } from './known-config.ts'
import {
  at,
  badRequest,
  config,
  dataOf,
  invalid,
  isConfig,
  isNamespace,
  isPod,
  nameMissing,
  namespaceMissing,
  notFound,
  otherUid,
  pod,
  refusal,
  set,
  stale,
  unknownResource,
  wrongShape,
} from './objects.ts'

const nothing = { type: 'merge', patch: {} } as const

check('API-20.1', 'applies each kind of patch to the object as it is', (api, look) => {
  api.create('Pod', pod('a'))
  const merge = { type: 'merge', patch: { metadata: { labels: { x: '1' } } } } as const
  const patched = isPod('a', 4, { metadata: { labels: { x: '1' } } })
  look.answer(api.patch('Pod', at('a'), merge), 'a merge patch', patched)
  const add = { op: 'add', path: '/metadata/labels/y', value: '2' }
  const json = api.patch('Pod', at('a'), { type: 'json', operations: [add] })
  look.answer(json, 'a JSON patch', isPod('a', 5, { metadata: { labels: { x: '1', y: '2' } } }))
  const containers = [{ name: 'c', image: 'nginx:2' }]
  const strategic = api.patch('Pod', at('a'), { type: 'strategic', patch: { spec: { containers } } })
  look.of(
    strategic,
    'the image and the pull policy after a strategic patch',
    ['nginx:2', 'IfNotPresent'],
    (answer) => {
      const { image, imagePullPolicy } =
        ('spec' in answer && 'containers' in answer.spec && answer.spec.containers[0]) || {}
      return [image, imagePullPolicy]
    },
  )
  look.of(api.get('Pod', at('a')), 'the version afterwards', '6', ({ metadata }) => metadata?.resourceVersion)
})

check(
  'API-20.2',
  'refuses a patch that cannot be applied, and one of nothing',
  (api, look) => {
    api.create('ConfigMap', config('a'))
    const test = { op: 'test', path: '/metadata/name', value: 'q' }
    const failed = refusal(
      422,
      'Invalid',
      'the server rejected our request due to an error in our request',
      {},
    )
    look.refused(
      api.patch('ConfigMap', at('a'), { type: 'json', operations: [test] }),
      'a JSON patch whose test fails',
      failed,
    )
    look.refused(api.merge('b', {}), 'a patch of nothing', notFound('b'))
    const kind = 'Widget' as 'ConfigMap'
    look.refused(api.patch(kind, at('a'), nothing), 'a patch of an unknown kind', unknownResource)
    look.refused(api.patch('ConfigMap', at(''), nothing), 'a patch without a name', nameMissing)
    look.refused(
      api.patch('ConfigMap', { name: 'a' }, nothing),
      'a patch without a namespace',
      namespaceMissing,
    )
    look.refused(
      api.merge('a', {}, { subresource: 'status' }),
      'a patch of a subresource that the row does not have',
      unknownResource,
    )
    look.refused(
      api.merge('a', { metadata: { labels: 'x' } }),
      'a patch that makes the labels a text',
      wrongShape,
    )
    const message = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`
    look.refused(
      api.merge('a', { metadata: { labels: { a: 'b c' } } }),
      'a patch that makes a bad label',
      invalid('ConfigMap', 'a', ['FieldValueInvalid', 'metadata.labels', `Invalid value: "b c": ${message}`]),
    )
  },
  { tag: 'api' },
)

check(
  'API-20.3',
  'applies it again where somebody else wrote meanwhile',
  (api, look) => {
    putA(api)
    const data = { k: 'v', mine: 'too', rival: 'was here' }
    api.merge('a', { data: { mine: 'too' } })
    look.parts(
      api.get('ConfigMap', at('a')),
      'the object after a patch, where somebody else wrote sixty times after the API had read',
      { 'metadata.resourceVersion': '64', data },
    )
    api.put('/registry/pods/default/p', isPod('p', 0))
    const mine = { type: 'merge', patch: { status: { message: 'mine' } } } as const
    api.patch('Pod', at('p'), mine, { subresource: 'status' })
    look.parts(
      api.get('Pod', at('p')),
      'the Pod after a patch of its status, where somebody else wrote into the status after the API had read',
      { 'status.message': 'mine', 'status.reason': 'Rival' },
    )
  },
  {
    rivals: [
      { when: 'before a write', key: KEY, does: { data: { rival: 'was here' } }, times: 60 },
      { when: 'before a write', key: '/registry/pods/default/p', does: { status: { reason: 'Rival' } } },
    ],
  },
)

check('API-20.4', 'loses none of several patches that race', async (api, look, subject) => {
  api.create('ConfigMap', config('a'))
  const keys = [1, 2, 3, 4].map((writer) => `of-${writer}`)
  const patches = together(subject, () => keys.map((key) => api.merge('a', { data: { [key]: 'v' } })))
  for (const [i, patch] of patches.entries())
    look.of(
      patch,
      'what one of four patches at once has written, in its answer',
      'v',
      (answer) => (dataOf(answer) as Record<string, string>)[keys[i] ?? ''],
    )
  await look.end()
  look.of(
    api.get('ConfigMap', at('a')),
    'how many data there are after four patches, each of which adds one',
    4,
    (found) => Object.keys(dataOf(found) as object).length,
  )
  look.revision(api, 'after four patches', 7)
})

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
    for (const options of [{}, { dryRun: true }])
      look.refused(
        api.merge('a', { metadata: { name: 'z' } }, options),
        `a patch to another name, with ${JSON.stringify(options)}`,
        badRequest(name),
      )
    const namespace = 'the namespace of the provided object does not match the namespace sent on the request'
    look.refused(
      api.merge('a', { metadata: { namespace: 'z' } }),
      'a patch to another namespace',
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
    const place = { metadata: { namespace: 'default', labels: { x: '1' } } }
    const named = 'kubernetes.io/metadata.name'
    const labels = { [named]: 'default', x: '1' }
    const placed = (options: object) =>
      api.patch('Namespace', { name: 'default' }, { type: 'merge', patch: place }, options)
    look.answer(
      placed({}),
      'a patch that adds a namespace to a Namespace',
      isNamespace('default', 7, { metadata: { uid: 'of-default', labels } }),
    )
    look.parts(placed({ subresource: 'status' }), 'the same patch, with the subresource status', {
      'metadata.name': 'default',
      'metadata.namespace': undefined,
    })
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

check('API-20.8', 'does what the rules of merge patches say, whatever is patched', async (_, __, subject) => {
  const key = fc.constantFrom('a', 'b', 'c')
  const value = fc.constantFrom('1', '2', null)
  const data = fc.option(fc.dictionary(key, value, { maxKeys: 3 }), { freq: 5 })
  const patches = fc.array(fc.record({ data, labels: data }), { minLength: 2, maxLength: 6 })
  const merged = (
    target: Record<string, string> | undefined,
    patch: Record<string, string | null> | null,
  ) => {
    if (patch === null) return undefined
    const left = Object.entries({ ...target, ...patch }).filter(([, set]) => set !== null)
    return Object.fromEntries(left) as Record<string, string>
  }
  await forExamples(
    subject,
    patches,
    async (examples) => {
      const api = newApi(subject)
      api.create('ConfigMap', config('x'))
      let expected: { data: Record<string, string> | undefined; labels: Record<string, string> | undefined } =
        { data: undefined, labels: undefined }
      for (const { data, labels } of examples) {
        api.merge('x', { data, metadata: { labels } })
        expected = { data: merged(expected.data, data), labels: merged(expected.labels, labels) }
      }
      const found = await answerOf(api.get('ConfigMap', at('x')), 'the object', expected)
      const seen = { data: dataOf(found), labels: found.metadata?.labels }
      expect<unknown>(seen, 'data and labels after all patches').toEqual(expected)
    },
    2,
  )
})
