// API-5 and API-6: updating.
import { expect } from '../../src/runner/expect.ts'
import { check, together } from './bench.ts'
import { isA, KEY, known, putA, withDatum } from './known-config.ts'
import {
  at,
  config,
  dataOf,
  deletedAtOnce,
  invalid,
  isConfig,
  isPod,
  isSet,
  nameMissing,
  namespaceMissing,
  notFound,
  otherUid,
  pod,
  set,
  stale,
  unknownResource,
} from './objects.ts'

/** Its version and data, for {@link Looks.parts}. */
function isAt(version: string, data: object) {
  return { 'metadata.resourceVersion': version, data }
}

/** What an update says of the version. */
function resourceVersionText({ resourceVersion }: { resourceVersion?: string }): string {
  return resourceVersion === undefined ? 'no resourceVersion' : `resourceVersion ${resourceVersion}`
}

const B = '/registry/configmaps/default/b'
const C = '/registry/configmaps/default/c'
const D = '/registry/configmaps/default/d'

// API-5: no update is lost

check('API-5.1', 'replaces the object that is at the version of the draft, if it has one', (api, look) => {
  putA(api)
  const first = api.update('ConfigMap', withDatum('w', { resourceVersion: '3' }))
  look.parts(first, 'the answer of an update from version 3', isAt('4', { k: 'w' }))
  const late = api.update('ConfigMap', withDatum('x', { resourceVersion: '3' }))
  look.refused(late, 'a second update from version 3', stale('a'))
  const twice = withDatum('x', { resourceVersion: '3', labels: { a: ' ' } })
  look.refused(
    api.update('ConfigMap', twice),
    'a third update from version 3, whose draft is invalid as well',
    stale('a'),
  )
  look.parts(api.get('ConfigMap', at('a')), 'the object after all three', isAt('4', { k: 'w' }))
  const empty = api.update('ConfigMap', withDatum('x', { resourceVersion: '' }))
  look.parts(empty, "an update with resourceVersion ''", isAt('5', { k: 'x' }))
  api.update('ConfigMap', withDatum('y'))
  const without = 'the object after an update without a version'
  look.parts(api.get('ConfigMap', at('a')), without, isAt('6', { k: 'y' }))
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
  'goes through over what others write meanwhile, if it says no version and it is still the same object',
  (api, look) => {
    putA(api)
    look.parts(
      api.update('ConfigMap', withDatum('w')),
      'an update without a version, over which others wrote sixty times meanwhile',
      isAt('64', { k: 'w' }),
    )
    api.put(B, { ...isA(0), metadata: { ...isA(0).metadata, name: 'b' } })
    const last = api.update('ConfigMap', config('b', { data: { k: 'w' } }))
    look.refused(last, 'an update of what somebody deleted meanwhile', notFound('b'))
    look.revision(api, 'afterwards', 66)
    api.put(C, { ...isA(0), metadata: { ...isA(0).metadata, name: 'c' }, data: { k: 'v' } })
    const late = api.update('ConfigMap', config('c', { metadata: { resourceVersion: '67' }, data: {} }))
    look.refused(late, 'an update from version 67, over which somebody wrote meanwhile', stale('c'))
    look.of(
      api.get('ConfigMap', at('c')),
      'the data of that object afterwards',
      { k: 'v', rival: 'was here' },
      dataOf,
    )
    api.put(D, { ...isA(0), metadata: { ...isA(0).metadata, name: 'd' } })
    look.refused(
      api.update('ConfigMap', config('d', { metadata: { uid: 'of-a' }, data: { k: 'w' } })),
      'an update with the right uid, where somebody made the object again meanwhile',
      otherUid('d', 'of-a', 'of-another'),
    )
  },
  {
    rivals: [
      { when: 'before a write', key: KEY, does: { data: { rival: 'was here' } }, times: 60 },
      { when: 'before a write', key: B, does: null },
      { when: 'before a write', key: C, does: { data: { rival: 'was here' } } },
      { when: 'before a write', key: D, does: { metadata: { uid: 'of-another' } } },
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

check(
  'API-5.5',
  'compares versions as texts, and wants one of a subresource as of the object',
  (api, look) => {
    api.create('ReplicaSet', set('r'))
    const from = (resourceVersion: string) => ({
      ...set('r', { metadata: { resourceVersion } }),
      status: { replicas: 2 },
    })
    for (const version of ['0', '03', '2'])
      look.code(api.update('ReplicaSet', from(version)), `an update from version '${version}'`, 409)
    const ofStatus = (version: string) => api.update('ReplicaSet', from(version), { subresource: 'status' })
    look.code(ofStatus('2'), "an update of the status from version '2'", 409)
    look.code(ofStatus(''), 'an update of the status without a version, where the row wants one', 422)
    look.revision(api, 'after all of them', 3)
  },
  { rows: { ReplicaSet: { unconditionalUpdate: false } } },
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
  const going = isConfig('b', 7, { metadata: { ...known, ...deletedAtOnce, finalizers, labels: { a: 'b' } } })
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
  look.revision(api, 'afterwards', 8)
})

check('API-6.2', 'keeps the parts that only a subresource writes, also if there are none', (api, look) => {
  api.create('Pod', pod('a'))
  const changed = { ...pod('a', { metadata: { labels: { a: 'b' } } }), status: { phase: 'Running' } }
  const labelled = isPod('a', 4, { metadata: { labels: { a: 'b' } } })
  api.update('Pod', changed)
  const other = 'a Pod after an update whose draft has another status'
  look.answer(api.get('Pod', at('a')), other, labelled)
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
  api.update('ConfigMap', withDatum('v', { labels: { c: 'e' } }))
  look.answer(
    api.get('ConfigMap', at('a')),
    'a ConfigMap after an update that leaves out what it had',
    isA(4, { metadata: { labels: { c: 'e' } }, data: { k: 'v' } }),
  )
  api.create('ReplicaSet', set('r', { spec: { replicas: 3 } }))
  const labels = { a: 'b' }
  const fewer = api.update('ReplicaSet', set('r', { metadata: { labels } }))
  look.parts(fewer, 'an update that leaves out the replicas of a ReplicaSet, which have a default', {
    'metadata.labels': labels,
    spec: isSet('r', 0).spec,
  })
})
