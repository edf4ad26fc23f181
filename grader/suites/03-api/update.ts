// API-5 to API-10: updating.
import { expect } from '../../src/runner/expect.ts'
import { type Api, check, together } from './bench.ts'
import {
  at,
  BEGIN,
  cause,
  config,
  conflict,
  dataOf,
  deletedAtOnce,
  invalid,
  isConfig,
  isNamespace,
  isPod,
  isSet,
  type More,
  nameMissing,
  namespaceMissing,
  notAllowed,
  notFound,
  pod,
  set,
  stale,
  unknownResource,
} from './objects.ts'

/** The key and the metadata of the ConfigMap `a` of these checks, whose uid is known. */
const KEY = '/registry/configmaps/default/a'
const known = { uid: 'of-a', creationTimestamp: BEGIN }

/** Puts it into the store, past the API and its rivals: it is at version 3. */
function putA(api: Api, { metadata, ...parts }: More = {}): void {
  api.put(KEY, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...config('a', { metadata: { ...known, ...metadata }, data: { k: 'v' }, ...parts }),
  })
}

/** It, as it is answered. */
function isA(version: number, { metadata, ...parts }: More = {}) {
  return isConfig('a', version, { metadata: { ...known, ...metadata }, ...parts })
}

/** What an update says of the version. */
function resourceVersionText({ resourceVersion }: { resourceVersion?: string }): string {
  return resourceVersion === undefined ? 'no resourceVersion' : `resourceVersion ${resourceVersion}`
}

/** A draft of it with one datum. */
function withDatum(datum: string, metadata: object = {}) {
  return config('a', { metadata, data: { k: datum } })
}

const C = '/registry/configmaps/default/c'

// API-5: no update is lost

check('API-5.1', 'replaces the object that is at the version of the draft, if it has one', (api, look) => {
  putA(api)
  const first = api.update('ConfigMap', withDatum('w', { resourceVersion: '3' }))
  look.answer(first, 'the answer of an update from version 3', isA(4, { data: { k: 'w' } }))
  const late = api.update('ConfigMap', withDatum('x', { resourceVersion: '3' }))
  look.refused(late, 'a second update from version 3', stale('a'))
  const twice = withDatum('x', { resourceVersion: '3', labels: { a: ' ' } })
  look.refused(
    api.update('ConfigMap', twice),
    'a third update from version 3, whose draft is invalid as well',
    stale('a'),
  )
  look.answer(api.get('ConfigMap', at('a')), 'the object after all three', isA(4, { data: { k: 'w' } }))
  const empty = api.update('ConfigMap', withDatum('x', { resourceVersion: '' }))
  look.answer(empty, "an update with resourceVersion ''", isA(5, { data: { k: 'x' } }))
  api.update('ConfigMap', withDatum('y'))
  const without = isA(6, { data: { k: 'y' } })
  look.answer(api.get('ConfigMap', at('a')), 'the object after an update without a version', without)
})

check(
  'API-5.2',
  'wants a version where the row does not allow to leave it out, and an object to replace',
  (api, look) => {
    api.create('Lease', { metadata: at('l'), spec: { holderIdentity: 'me' } })
    const wanted = invalid('Lease.coordination.k8s.io', 'l', [
      'FieldValueInvalid',
      'metadata.resourceVersion',
      'Invalid value: 0x0: must be specified for an update',
    ])
    for (const metadata of [at('l'), { ...at('l'), resourceVersion: '' }])
      look.refused(api.update('Lease', { metadata, spec: {} }), 'an update without a version', wanted)
    look.refused(api.update('Pod', pod('nope')), 'an update of nothing', notFound('nope', 'pods'))
    look.refused(api.update('Widget' as 'Pod', pod('a')), 'an update of an unknown kind', unknownResource)
    look.refused(api.update('Pod', pod('')), 'an update without a name', nameMissing)
    const nowhere = api.update('Pod', pod('a', { metadata: { namespace: '' } }))
    look.refused(nowhere, 'an update without a namespace', namespaceMissing)
  },
  { tag: 'api' },
)

check(
  'API-5.3',
  'goes through over what others write meanwhile, unless it says a version, or the object is gone',
  (api, look) => {
    putA(api)
    look.answer(
      api.update('ConfigMap', withDatum('w')),
      'an update without a version, over which others wrote seven times meanwhile',
      isA(11, { data: { k: 'w' } }),
    )
    const b = '/registry/configmaps/default/b'
    api.put(b, { ...isA(0), metadata: { ...isA(0).metadata, name: 'b' } })
    const last = api.update('ConfigMap', config('b', { data: { k: 'w' } }))
    look.refused(last, 'an update of what somebody deleted meanwhile', notFound('b'))
    look.revision(api, 'afterwards', 13)
    api.put(C, { ...isA(0), metadata: { ...isA(0).metadata, name: 'c' }, data: { k: 'v' } })
    const late = api.update('ConfigMap', config('c', { metadata: { resourceVersion: '14' }, data: {} }))
    look.refused(late, 'an update from version 14, over which somebody wrote meanwhile', stale('c'))
    look.of(
      api.get('ConfigMap', at('c')),
      'the data of that object afterwards',
      { k: 'v', rival: 'was here' },
      dataOf,
    )
  },
  {
    rivals: [
      ...[1, 2, 3, 4, 5, 6, 7].map((round) => ({
        when: 'before a write' as const,
        key: KEY,
        does: { data: { rival: `was here in round ${round}` } },
      })),
      { when: 'before a write', key: '/registry/configmaps/default/b', does: null },
      { when: 'before a write', key: C, does: { data: { rival: 'was here' } } },
    ],
  },
)

check(
  'API-5.4',
  'lets one of several updates through from one version, and all without',
  async (api, look, subject) => {
    putA(api)
    const data = ['w', 'x', 'y', 'z']
    const race = (round: number, metadata: object) =>
      together(subject, () =>
        data.map((datum) => api.update('ConfigMap', withDatum(datum + round, metadata))),
      )
    const calls = race(1, { resourceVersion: '3' })
    const seen = api.get('ConfigMap', at('a'))
    const others = race(2, {})
    const outcomes = await Promise.all(calls.map((call) => call.settled()))
    const winners = outcomes.filter(({ status }) => status === 'resolved')
    expect(winners.length, 'how many of four updates from one version went through').toEqual(1)
    for (const [i, { status }] of outcomes.entries())
      if (status === 'rejected' && calls[i])
        look.refused(calls[i], 'an update from the version that another one has replaced', stale('a'))
    const [winner] = winners
    const won = winner?.status === 'resolved' ? winner.value : undefined
    look.of(seen, 'the object after the race', won, (found) => found)
    const versions: string[] = []
    for (const [i, call] of others.entries())
      look.of(call, `the data of update ${i + 1} without a version`, { k: `${data[i]}2` }, (answer) => {
        versions.push(answer.metadata?.resourceVersion ?? '')
        return dataOf(answer)
      })
    await look.end()
    expect(versions.sort(), 'the versions of four updates without a version').toEqual(['5', '6', '7', '8'])
  },
)

// API-6: who an object is

check('API-6.1', 'keeps who the object is, whatever the draft says or leaves out', (api, look) => {
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
  look.answer(
    api.update('ConfigMap', says),
    'an update whose draft says otherwise who the object is',
    isA(4, kept),
  )
  const same = withDatum('w', { ...known, resourceVersion: '4' })
  look.answer(
    api.update('ConfigMap', same),
    'an update whose draft says it right',
    isA(5, { data: { k: 'w' } }),
  )
  const finalizers = ['example.com/hold']
  api.put(
    '/registry/configmaps/default/b',
    isConfig('b', 0, { metadata: { ...known, ...deletedAtOnce, finalizers } }),
  )
  const going = isConfig('b', 7, { metadata: { ...known, ...deletedAtOnce, finalizers, labels: { a: 'b' } } })
  const otherwise = config('b', { metadata: { ...identity, finalizers, labels: { a: 'b' } } })
  look.answer(
    api.update('ConfigMap', otherwise),
    'an update of what is being deleted, whose draft says otherwise',
    going,
  )
  const silent = api.update('ConfigMap', config('b', { metadata: { finalizers } }))
  const { labels: _, ...metadata } = going.metadata as typeof going.metadata & { labels: unknown }
  look.answer(silent, 'an update of what is being deleted, whose draft says nothing of it', {
    ...going,
    metadata: { ...metadata, resourceVersion: '8' },
  })
  const other = '00000000-0000-0000-0000-000000000000'
  const uids = `UID in precondition: ${other}, UID in object meta: of-a`
  const why = `StorageError: invalid object, Code: 4, Key: ${KEY}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${uids}`
  const status = conflict('configmaps', 'a', why)
  for (const metadata of [{}, { resourceVersion: '5' }, { resourceVersion: '1' }])
    look.refused(
      api.update('ConfigMap', withDatum('w', { ...metadata, uid: other })),
      `an update with another uid and ${resourceVersionText(metadata)}`,
      status,
    )
  look.revision(api, 'afterwards', 8)
})

check('API-6.2', 'keeps the parts that only a subresource writes, also if there are none', (api, look) => {
  api.create('Pod', pod('a'))
  const changed = { ...pod('a', { metadata: { labels: { a: 'b' } } }), status: { phase: 'Running' } }
  const labelled = isPod('a', 4, { metadata: { labels: { a: 'b' } } })
  look.answer(api.update('Pod', changed), 'an update of a Pod whose draft has another status', labelled)
  api.put('/registry/pods/default/b', { ...isPod('b', 0, { metadata: { uid: 'of-b' } }), status: undefined })
  const bare = api.update('Pod', { ...changed, metadata: { ...at('b'), labels: { a: 'b' } } })
  look.of(
    bare,
    'the parts of a Pod without a status, after an update whose draft has one',
    ['apiVersion', 'kind', 'metadata', 'spec'],
    (seen) => Object.keys(seen).sort(),
  )
})

check('API-6.3', 'takes all else from the draft, and what that leaves out from the row', (api, look) => {
  const more = { labels: { a: 'b', c: 'd' }, annotations: { e: 'f' }, finalizers: ['example.com/hold'] }
  putA(api, { metadata: more, binaryData: { b: 'aGk=' }, immutable: false })
  const update = api.update('ConfigMap', withDatum('v', { labels: { c: 'e' } }))
  look.answer(
    update,
    'an update that leaves out what the ConfigMap had',
    isA(4, { metadata: { labels: { c: 'e' } }, data: { k: 'v' } }),
  )
  api.create('ReplicaSet', set('r', { spec: { replicas: 3 } }))
  const metadata = { generation: 2, labels: { a: 'b' } }
  const fewer = api.update('ReplicaSet', set('r', { metadata: { labels: { a: 'b' } } }))
  look.answer(
    fewer,
    'an update that leaves out the replicas of a ReplicaSet, which have a default',
    isSet('r', 6, { metadata }),
  )
})

// API-7: subresources

check('API-7.1', 'writes of a subresource its own parts and the metadata, and no others', (api, look) => {
  api.create('ReplicaSet', set('r', { metadata: { labels: { a: 'b' }, finalizers: ['example.com/hold'] } }))
  const draft = {
    ...set('r', { metadata: { labels: { c: 'd' }, generation: 9 }, spec: { replicas: 9 } }),
    status: { replicas: 1, observedGeneration: 1 },
  }
  const status = { replicas: 1, observedGeneration: 1 }
  const after = isSet('r', 4, { metadata: { labels: { c: 'd' } }, status })
  look.answer(
    api.update('ReplicaSet', draft, { subresource: 'status' }),
    'an update of the status of a ReplicaSet',
    after,
  )
  look.answer(api.get('ReplicaSet', at('r')), 'the ReplicaSet afterwards', after)
  const without = api.update('ReplicaSet', { metadata: at('r') }, { subresource: 'status' })
  look.answer(without, 'an update of the status whose draft has neither status nor labels', isSet('r', 5))
  putA(api)
  const part = { subresource: 'status' } as const
  look.refused(
    api.update('ConfigMap', withDatum('w'), part),
    'an update of a subresource that the row does not have',
    unknownResource,
  )
  look.refused(
    api.create('ConfigMap', config('b'), part),
    'create with a subresource that the row does not have',
    unknownResource,
  )
  look.refused(api.create('Pod', pod('b'), part), 'create with a subresource that the row has', notAllowed)
  look.revision(api, 'afterwards', 6)
})

check(
  'API-7.2',
  'takes from the row which parts a subresource writes',
  (api, look) => {
    putA(api, { binaryData: { b: 'aGk=' } })
    const draft = { ...withDatum('w', { generation: 5, labels: { a: 'b' } }), immutable: true }
    const labelled = { metadata: { labels: { a: 'b' } }, data: { k: 'w' } }
    const finalize = api.update('ConfigMap', draft, { subresource: 'finalize' })
    look.answer(
      finalize,
      'an update of a subresource to which the row gives data and binaryData',
      isA(4, labelled),
    )
    const plain = api.update('ConfigMap', { ...withDatum('x'), binaryData: { b: 'aGk=' }, immutable: true })
    look.answer(
      plain,
      'a plain update, where the row says that data and binaryData are read-only',
      isA(5, { data: { k: 'w' }, immutable: true }),
    )
  },
  {
    rows: {
      ConfigMap: { subresources: { finalize: ['data', 'binaryData'] }, readOnly: ['data', 'binaryData'] },
    },
  },
)

// API-8: validation

check(
  'API-8.1',
  'refuses what breaks rules, those for every object before those for changes',
  (api, look) => {
    putA(api)
    const causes = ['a', 'b', 'c'].map((field) => {
      const { reason = '', message = '' } = cause(field)
      return [reason, field, message] as [string, string, string]
    })
    const draft = withDatum('w', { labels: { a: 'b' }, generation: 5 })
    look.refused(
      api.update('ConfigMap', draft),
      'an update in which the row finds three causes',
      invalid('ConfigMap', 'a', ...causes),
    )
    const object = isA(3, { metadata: { labels: { a: 'b' } }, data: { k: 'w' } })
    const old = isA(3, { data: { k: 'v' } })
    look.told(
      api,
      'what validate() and validateUpdate() of the row were given, but for the resourceVersion',
      [
        { call: 'validate', object },
        { call: 'validateUpdate', object, old, subresource: undefined },
      ],
      (told) =>
        told
          .filter(({ from }) => from === 'row')
          .map(({ from: _, ...asked }) => {
            const { metadata, ...parts } = asked.object as ReturnType<typeof isConfig>
            return { ...asked, object: { ...parts, metadata: { ...metadata, resourceVersion: '3' } } }
          }),
    )
    look.revision(api, 'afterwards', 3)
  },
  { causes: { validate: [cause('a'), cause('b')], validateUpdate: [cause('c')] } },
)

check(
  'API-8.2',
  'says to the row which subresource is updated, and refuses a change that its kind does not allow',
  (api, look) => {
    putA(api)
    api.update('ConfigMap', withDatum('w'), { subresource: 'status' })
    look.told(api, 'the subresource that validateUpdate() of the row was given', ['status'], (told) =>
      told.filter(({ call }) => call === 'validateUpdate').map(({ subresource }) => subresource),
    )
    api.create('ReplicaSet', set('r'))
    const labels = { app: 'q' }
    const template = { ...set('r').spec.template, metadata: { labels } }
    const other = set('r', { spec: { selector: { matchLabels: labels }, template } })
    const raw =
      'v1.LabelSelector{MatchLabels:map[string]string{"app":"q"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}'
    const message = `Invalid value: ${raw}: field is immutable`
    look.refused(
      api.update('ReplicaSet', other),
      'an update to another selector',
      invalid('ReplicaSet.apps', 'r', ['FieldValueInvalid', 'spec.selector', message]),
    )
  },
  {
    causes: { validate: [], validateUpdate: [] },
    rows: { ConfigMap: { subresources: { status: ['data'] } } },
  },
)

// API-9: generation

check('API-9.1', 'counts the changes of the spec, and no others', (api, look) => {
  api.create('ReplicaSet', set('r'))
  const generation = (call: ReturnType<Api['update']>, what: string, expected: number | undefined) =>
    look.of(call, `the generation after ${what}`, expected, ({ metadata }) => metadata?.generation)
  const spec = { replicas: 2 }
  generation(api.update('ReplicaSet', set('r', { spec })), 'another spec', 2)
  generation(
    api.update('ReplicaSet', set('r', { spec, metadata: { labels: { a: 'b' }, generation: 9 } })),
    'other labels',
    2,
  )
  const status = { ...set('r', { spec }), status: { replicas: 1 } }
  generation(api.update('ReplicaSet', status, { subresource: 'status' }), 'another status', 2)
  const { selector, template } = set('r').spec
  const turned = { metadata: at('r'), spec: { template, selector, minReadySeconds: undefined, ...spec } }
  generation(api.update('ReplicaSet', turned as never), 'the same spec, in another order', 2)
  generation(api.update('ReplicaSet', set('r')), 'a spec with replicas left out', 3)
  generation(
    api.update('ReplicaSet', set('r', { spec: { replicas: 1 } })),
    'a spec with the default of replicas',
    3,
  )
  api.create('Pod', pod('a'))
  const image = pod('a', { spec: { containers: [{ name: 'c', image: 'nginx:2' }] } })
  generation(api.update('Pod', image), 'another spec of a Pod', undefined)
})

check(
  'API-9.2',
  'counts whoever writes the spec, where the row says that it is counted',
  (api, look) => {
    api.create('Namespace', { metadata: { name: 'team' } })
    const spec = { finalizers: ['example.com/hold'] }
    const draft = { metadata: { name: 'team', labels: {} }, spec, status: { phase: 'Active' } }
    const finalize = api.update('Namespace', draft, { subresource: 'finalize' })
    const after = isNamespace('team', 4, { metadata: { generation: 2 }, spec: draft.spec })
    look.answer(finalize, 'an update of the finalizers in the spec of a Namespace', after)
  },
  { rows: { Namespace: { counted: true } } },
)

// API-10: no change, no write

check('API-10.1', 'writes nothing where nothing changes', (api, look) => {
  api.create('ReplicaSet', set('r', { metadata: { labels: { a: 'b', c: 'd' } } }))
  const same = isSet('r', 3, { metadata: { labels: { a: 'b', c: 'd' } } })
  const turned = set('r', { metadata: { labels: { c: 'd', a: 'b' } } })
  look.answer(
    api.update('ReplicaSet', turned),
    'an update to the same, which leaves out what has a default',
    same,
  )
  const { uid: _, ...metadata } = same.metadata
  const all: object = { ...same, metadata }
  look.answer(api.update('ReplicaSet', all), 'an update to exactly what was read', same)
  look.revision(api, 'afterwards', 3)
})
