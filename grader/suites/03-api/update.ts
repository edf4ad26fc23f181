// API-5: updating.
import { expect } from '../../src/runner/expect.ts'
import { check, together } from './bench.ts'
import { isA, KEY, known, putA, withDatum } from './known-config.ts'
import {
  at,
  config,
  dataOf,
  deletedAtOnce,
  invalid,
  isNamespace,
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

const B = '/registry/configmaps/default/b'
const C = '/registry/configmaps/default/c'
const D = '/registry/configmaps/default/d'
const LEASE = '/registry/leases/default/l'
const SET = '/registry/replicasets/default/r'

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
  const finalizers = ['example.com/hold']
  const going = { uid: 'of-default', ...deletedAtOnce }
  api.put('/registry/namespaces/default', isNamespace('default', 0, { metadata: going }))
  putA(api, { metadata: { ...deletedAtOnce, finalizers } })
  const before = api.update('ConfigMap', withDatum('z', { resourceVersion: '6', finalizers }))
  look.refused(before, 'an update from the version before the deletion began', stale('a'))
  const now = api.update('ConfigMap', withDatum('z', { resourceVersion: '8', finalizers }))
  const both = 'an update of what is being deleted, and its namespace as well, from the version that it has'
  look.parts(now, both, isAt('9', { k: 'z' }))
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
    const empty = { ...at('l'), resourceVersion: '' }
    look.refused(api.update('Lease', { metadata: at('l'), spec: {} }), 'an update without a version', wanted)
    look.refused(
      api.update('Lease', { metadata: empty, spec: {} }, { dryRun: true }),
      "a dry run of an update with resourceVersion ''",
      wanted,
    )
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
      'an update without a version, over which others wrote sixty times meanwhile, also into what it leaves alone',
      {
        ...isAt('64', { k: 'w' }),
        'metadata.uid': known.uid,
        'metadata.creationTimestamp': known.creationTimestamp,
        binaryData: { rival: 'aGk=' },
      },
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
    const lease = { metadata: { ...at('l'), ...known }, spec: { holderIdentity: 'me' } }
    api.put(LEASE, lease)
    look.code(
      api.update('Lease', { metadata: { ...at('l'), resourceVersion: '71' }, spec: {} }),
      'an update of a Lease, which must name a version, over which somebody wrote meanwhile',
      409,
    )
    api.put(SET, isSet('r', 0, { metadata: { uid: 'of-r' } }))
    const seen = { ...set('r', { metadata: { resourceVersion: '73' } }), status: { replicas: 1 } }
    look.code(
      api.update('ReplicaSet', seen, { subresource: 'status' }),
      'an update of the status of a ReplicaSet from version 73, over which somebody wrote meanwhile',
      409,
    )
  },
  {
    rows: { ConfigMap: { readOnly: ['binaryData'] } },
    rivals: [
      {
        when: 'before a write',
        key: KEY,
        does: { data: { rival: 'was here' }, binaryData: { rival: 'aGk=' } },
        times: 60,
      },
      { when: 'before a write', key: B, does: null },
      { when: 'before a write', key: C, does: { data: { rival: 'was here' } } },
      { when: 'before a write', key: D, does: { metadata: { uid: 'of-another' } } },
      { when: 'before a write', key: LEASE, does: { spec: { holderIdentity: 'a rival' } } },
      { when: 'before a write', key: SET, does: { spec: { replicas: 5 } } },
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
    for (const version of ['0', '03', '4'])
      look.code(api.update('ReplicaSet', from(version)), `an update from version '${version}'`, 409)
    const ofStatus = (version: string) => api.update('ReplicaSet', from(version), { subresource: 'status' })
    look.code(ofStatus('2'), "an update of the status from version '2'", 409)
    look.code(ofStatus(''), 'an update of the status without a version, where the row wants one', 422)
    look.revision(api, 'after all of them', 3)
  },
  { rows: { ReplicaSet: { unconditionalUpdate: false } } },
)
