import { check, together, UID } from './bench.ts'
import { a, KEY, known } from './known-config.ts'
import {
  at,
  BEGIN,
  config,
  deletedAtOnce,
  gone,
  isNamespace,
  isPod,
  isSet,
  nameMissing,
  namespaceMissing,
  notFound,
  notMeant,
  pod,
  set,
  unknownResource,
} from './objects.ts'

const B = '/registry/configmaps/default/b'
const C = '/registry/configmaps/default/c'

check(
  'API-21.1',
  'removes an object that nothing holds, in one write, and answers as the row says',
  (api, look) => {
    api.create('ConfigMap', config('a'))
    look.answer(api.delete('ConfigMap', at('a')), 'the answer of delete', gone('a'))
    look.revision(api, 'after the delete', 4)
    look.refused(api.get('ConfigMap', at('a')), 'get after the delete', notFound('a'))
    look.refused(api.delete('ConfigMap', at('a')), 'a second delete', notFound('a'))
    api.create('Lease', { metadata: at('l'), spec: {} })
    const details = { name: 'l', group: 'coordination.k8s.io', kind: 'leases', uid: UID }
    look.answer(api.delete('Lease', at('l')), 'the answer of delete for a Lease', { ...gone('l'), details })
    api.create('Pod', pod('p', { metadata: { labels: { x: '1' } } }))
    const metadata = { labels: { x: '1' }, ...deletedAtOnce }
    look.answer(
      api.delete('Pod', at('p')),
      'the answer of delete for a Pod, whose row says that the object is answered',
      isPod('p', 7, { metadata }),
    )
    look.refused(api.get('Pod', at('p')), 'get after the delete of the Pod', notFound('p', 'pods'))
    api.create('ReplicaSet', set('r'))
    const second = isSet('r', 9, { metadata: { ...deletedAtOnce, generation: 2 } })
    const counted = api.delete('ReplicaSet', at('r'))
    look.answer(
      counted,
      'the answer of delete for a ReplicaSet, where the row says that the object is answered',
      second,
    )
    const there = isNamespace('team', 0, { metadata: { uid: 'of-team', labels: undefined }, spec: {} })
    api.put('/registry/namespaces/team', there)
    const team = api.delete('Namespace', { name: 'team' })
    const going = { ...there.metadata, resourceVersion: '11', deletionTimestamp: BEGIN }
    const terminating = { ...there, metadata: going, status: { phase: 'Terminating' } }
    look.answer(team, 'the answer of delete for a Namespace without spec.finalizers', terminating)
    look.refused(api.delete('Widget' as 'Pod', at('a')), 'delete of an unknown kind', unknownResource)
    look.refused(api.delete('Pod', at('')), 'delete without a name', nameMissing)
    look.refused(api.delete('Pod', { name: 'a' }), 'delete without a namespace', namespaceMissing)
    look.revision(api, 'after all that', 12)
  },
  { rows: { ReplicaSet: { returnsDeleted: true } } },
)

check('API-21.2', 'deletes nothing but the object that is meant', (api, look) => {
  api.put(KEY, a)
  const meant = (preconditions: object) => api.delete('ConfigMap', at('a'), { preconditions })
  const other = '00000000-0000-0000-0000-000000000000'
  for (const uid of [other, '']) {
    const status = notMeant('a', { uid }, 'of-a')
    look.refused(meant({ uid }), `a delete of the uid '${uid}'`, status)
    const version = { resourceVersion: '3' }
    look.refused(meant({ uid, ...version }), `a delete of the uid '${uid}' and the right version`, status)
  }
  for (const resourceVersion of ['1', '03', '']) {
    const status = notMeant('a', { resourceVersion }, '3')
    look.refused(meant({ resourceVersion }), `a delete of version '${resourceVersion}'`, status)
    const uid = 'of-a'
    look.refused(
      meant({ uid, resourceVersion }),
      `a delete of the right uid and version '${resourceVersion}'`,
      status,
    )
  }
  look.revision(api, 'after all of them', 3)
  const answer = { ...gone('a'), details: { ...gone('a').details, uid: 'of-a' } }
  look.answer(meant({ uid: 'of-a', resourceVersion: '3' }), 'a delete of the right uid and version', answer)
})

check(
  'API-21.3',
  'starts again where somebody else wrote meanwhile',
  (api, look) => {
    api.put(KEY, a)
    const third = { resourceVersion: '3' }
    look.refused(
      api.delete('ConfigMap', at('a'), { preconditions: third }),
      'a delete of version 3, where somebody else wrote after the API had read',
      notMeant('a', third, '4'),
    )
    api.put(B, { ...a, metadata: { ...known, ...at('b') } })
    look.refused(
      api.delete('ConfigMap', at('b'), { preconditions: { uid: 'of-a' } }),
      'a delete of one uid, where somebody else made the object again after the API had read',
      notMeant('b', { uid: 'of-a' }, 'of-another'),
    )
    const details = { ...gone('b').details, uid: 'of-another' }
    look.answer(
      api.delete('ConfigMap', at('b')),
      'a delete, where somebody else wrote sixty times after the API had read',
      { ...gone('b'), details },
    )
    api.put(C, { ...a, metadata: { ...known, ...at('c') } })
    look.refused(
      api.delete('ConfigMap', at('c')),
      'a delete, where somebody else deleted the object after the API had read',
      notFound('c'),
    )
  },
  {
    rivals: [
      { when: 'before a write', key: C, does: null },
      { when: 'before a write', key: B, does: { metadata: { uid: 'of-another' } } },
      { when: 'before a write', key: B, does: { data: { rival: 'was here' } }, times: 60 },
      { when: 'before a write', key: KEY, does: { data: { rival: 'was here' } } },
    ],
  },
)

check('API-21.4', 'deletes once, of several that delete at once', async (api, look, subject) => {
  api.create('ConfigMap', config('a'))
  const calls = together(subject, () => [1, 2, 3].map(() => api.delete('ConfigMap', at('a'))))
  const outcomes = await Promise.all(calls.map((call) => call.settled()))
  for (const [i, call] of calls.entries())
    if (outcomes[i]?.status === 'resolved')
      look.answer(call, 'the answer of the delete that came first', gone('a'))
    else look.refused(call, 'a delete that came too late', notFound('a'))
  look.revision(api, 'afterwards', 4)
})
