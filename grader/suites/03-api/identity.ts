// API-6: who an object is, which no update changes, and what comes from the draft.
import { describeValue } from '../../src/runner/describe-value.ts'
import { check } from './bench.ts'
import { isA, known, putA, withDatum } from './known-config.ts'
import { at, config, deletedAtOnce, isConfig, isPod, isSet, otherUid, pod, set } from './objects.ts'

/** What an update says of the version. */
function resourceVersionText({ resourceVersion }: { resourceVersion?: string }): string {
  return resourceVersion === undefined ? 'no resourceVersion' : `resourceVersion ${resourceVersion}`
}

const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }

/** What a draft may say of the metadata that is its own: all of it, less of it and other, nothing in it. */
const DRAFTS = {
  full: {
    generateName: 'a-',
    labels: { a: 'b', c: 'd' },
    annotations: { a: 'b', c: 'd' },
    finalizers: ['example.com/a', 'example.com/b'],
    ownerReferences: [owner],
    managedFields: [{ manager: 'm' }],
  },
  other: {
    generateName: 'b-',
    labels: { c: 'e' },
    annotations: { c: 'e' },
    finalizers: ['example.com/b'],
    ownerReferences: [{ ...owner, uid: 'w' }],
    managedFields: [{ manager: 'n' }],
  },
  empty: { labels: {}, annotations: {} },
}

check(
  'API-6.1',
  'keeps who the object is, whatever the draft says or leaves out',
  (api, look) => {
    const identity = {
      generation: 9,
      creationTimestamp: '2001-01-01T00:00:00Z',
      deletionTimestamp: '2001-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 5,
    }
    putA(api)
    const kept = { metadata: { labels: { a: 'b' } }, data: { k: 'v' } }
    const says: object = {
      ...withDatum('v', { ...identity, labels: { a: 'b' } }),
      apiVersion: 'v9',
      kind: 'Widget',
    }
    const is = (name: string) => api.get('ConfigMap', at(name))
    api.update('ConfigMap', says)
    look.answer(is('a'), 'the object after an update whose draft says otherwise who it is', isA(4, kept))
    api.update('ConfigMap', withDatum('w', { ...known, resourceVersion: '4' }))
    const right = 'the object after an update whose draft says it right'
    look.answer(is('a'), right, isA(5, { data: { k: 'w' } }))
    const finalizers = ['example.com/hold']
    api.put(
      '/registry/configmaps/default/b',
      isConfig('b', 0, { metadata: { ...known, ...deletedAtOnce, finalizers } }),
    )
    const going = isConfig('b', 7, {
      metadata: { ...known, ...deletedAtOnce, finalizers, labels: { a: 'b' } },
    })
    const otherwise = config('b', { metadata: { ...identity, finalizers, labels: { a: 'b' } } })
    api.update('ConfigMap', otherwise)
    look.answer(is('b'), 'what is being deleted after an update whose draft says otherwise', going)
    api.update('ConfigMap', config('b', { metadata: { finalizers } }))
    const { labels: _, ...metadata } = going.metadata as typeof going.metadata & { labels: unknown }
    look.answer(is('b'), 'what is being deleted after an update whose draft says nothing of it', {
      ...going,
      metadata: { ...metadata, resourceVersion: '8' },
    })
    const other = '00000000-0000-0000-0000-000000000000'
    for (const metadata of [{}, { resourceVersion: '5' }, { resourceVersion: '1' }])
      look.refused(
        api.update('ConfigMap', withDatum('w', { ...metadata, uid: other })),
        `an update with another uid and ${resourceVersionText(metadata)}`,
        otherUid('a', other, 'of-a'),
      )
    look.refused(
      api.update('ConfigMap', withDatum('w', { uid: other }), { subresource: 'status' }),
      'an update of a subresource with another uid',
      otherUid('a', other, 'of-a'),
    )
    look.revision(api, 'afterwards', 8)
  },
  { rows: { ConfigMap: { subresources: { status: ['data'] } } } },
)

check('API-6.2', 'keeps the parts that only a subresource writes, also if there are none', (api, look) => {
  api.create('Pod', pod('a'))
  const changed = { ...pod('a', { metadata: { labels: { a: 'b' } } }), status: { phase: 'Running' } }
  const labelled = isPod('a', 4, { metadata: { labels: { a: 'b' } } })
  api.update('Pod', changed)
  const other = 'a Pod after an update whose draft has another status'
  look.answer(api.get('Pod', at('a')), other, labelled)
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n', uid: 'of-n' },
    spec: {},
    more: 'left out',
  }
  api.put('/registry/nodes/n', node)
  const bare = api.update('Node', { metadata: { name: 'n' }, status: { phase: 'Running' } })
  look.of(
    bare,
    'the parts of a Node without a status, after an update whose draft has one, and leaves out another part',
    ['apiVersion', 'kind', 'metadata', 'spec'],
    (seen) => Object.keys(seen).sort(),
  )
})

check('API-6.3', 'takes all else from the draft, and what that leaves out from the row', (api, look) => {
  putA(api, { metadata: DRAFTS.full, binaryData: { b: 'aGk=' }, immutable: false })
  const data = { k: 'v' }
  const drafts = [DRAFTS.other, DRAFTS.empty, DRAFTS.full, {}]
  for (const [i, metadata] of drafts.entries()) {
    const what = `the answer of update ${i + 1}, to the metadata ${describeValue(metadata)}`
    // Every second one says which version it has seen.
    const seen = i % 2 === 0 ? { resourceVersion: `${3 + i}` } : {}
    const draft = withDatum('v', { ...metadata, ...seen })
    look.answer(api.update('ConfigMap', draft), what, isA(4 + i, { metadata, data }))
  }
  const after = 'a ConfigMap after updates that in the end leave out what it had'
  look.answer(api.get('ConfigMap', at('a')), after, isA(7, { data }))
  api.create('ReplicaSet', set('r', { spec: { replicas: 3 } }))
  const labels = { a: 'b' }
  const fewer = api.update('ReplicaSet', set('r', { metadata: { labels } }))
  look.parts(fewer, 'an update that leaves out the replicas of a ReplicaSet, which have a default', {
    'metadata.labels': labels,
    spec: isSet('r', 0).spec,
  })
})
