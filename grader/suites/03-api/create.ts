// API-1 and API-2: creating.
import type { ConfigMap } from 'kubernetes-types/core/v1'
import { expect } from '../../src/runner/expect.ts'
import { answerOf, check, newApi, UID } from './bench.ts'
import {
  at,
  BEGIN,
  badRequest,
  cause,
  config,
  dataOf,
  invalid,
  isConfig,
  isNamespace,
  isPod,
  isSet,
  notFound,
  pod,
  refusal,
  set,
  taken,
  versionOnCreate,
} from './objects.ts'

/** Of which the row finds a cause each. */
const FIELDS = ['a', 'b', 'c']

check('API-1.1', 'answers with the new object, and stores it in one write', (api, look) => {
  const sent = config('a', {
    metadata: {
      labels: { app: 'web' },
      annotations: { 'example.com/note': 'kept' },
      finalizers: ['example.com/hold'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }],
      managedFields: [{ manager: 'm' }],
    },
    data: { k: 'v' },
  })
  const stored = isConfig('a', 3, sent)
  look.answer(api.create('ConfigMap', sent), 'the answer of create', stored)
  look.revision(api, 'after one object was created', 3)
  look.answer(api.get('ConfigMap', at('a')), 'what get answers afterwards', stored)
})

check(
  'API-1.2',
  'sets what the API alone sets, whatever the draft says',
  async (api, look, subject) => {
    await subject.clock.advance(83_756)
    const own = {
      uid: 'mine',
      generation: 7,
      creationTimestamp: '2001-01-01T00:00:00Z',
      deletionTimestamp: '2001-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 5,
    }
    const now = { creationTimestamp: '2026-01-01T00:01:23Z' }
    const draft: object = { apiVersion: 'example.com/v9', kind: 'Widget', ...config('a', { metadata: own }) }
    const what = 'whose draft sets what only the API sets'
    const created = api.create('ConfigMap', draft as ConfigMap)
    const stored = isConfig('a', 3, { metadata: now })
    look.answer(created, `a new ConfigMap ${what}`, stored)
    const { resourceVersion: _, ...metadata } = stored.metadata
    look.told(
      api,
      `the objects that row.validate() was given for a new ConfigMap ${what}`,
      [{ ...stored, metadata }],
      (told) => told.filter(({ call }) => call === 'validate').map(({ object }) => object),
    )
    const counted = set('b', { metadata: own })
    const isCounted = isSet('b', 4, { metadata: now })
    look.answer(api.create('ReplicaSet', counted), `a new ReplicaSet ${what}`, isCounted)
  },
  { causes: { validate: [], validateUpdate: [] } },
)

check(
  'API-1.3',
  'fills in what was left out, and stores each object under its key',
  (api, look) => {
    look.answer(api.create('Pod', pod('a')), 'a new Pod', isPod('a', 3))
    look.answer(api.create('ReplicaSet', set('r')), 'a new ReplicaSet', isSet('r', 4))
    const elsewhere = { metadata: { name: 'team', namespace: 'default' } }
    const team = isNamespace('team', 5)
    look.answer(api.create('Namespace', elsewhere), 'a new Namespace whose draft names a namespace', team)
    api.create('Pod', pod('a', { metadata: { namespace: 'team' } }))
    look.answer(
      api.create('ConfigMap', config('c')),
      'a new ConfigMap, which has no spec, where the row says that it is counted',
      isConfig('c', 7, { metadata: { generation: 1 } }),
    )
    const keys = ['namespaces/default', 'namespaces/team', 'pods/default/a', 'pods/team/a']
    look.of(
      api.store(),
      'the keys in the store',
      ['configmaps/default/c', ...keys, 'replicasets/default/r'].map((key) => `/registry/${key}`),
      (store) => store.keys,
    )
  },
  { rows: { ConfigMap: { counted: true } } },
)

check('API-1.4', 'makes each uid from the randomness that it was given', async (api, _look, subject) => {
  const uidsOf = async (from: typeof api) => {
    const calls = ['a', 'b'].map((name) => from.create('ConfigMap', config(name)))
    return Promise.all(calls.map(async (call) => (await answerOf(call, 'a new object', UID)).metadata?.uid))
  }
  const uids = await uidsOf(api)
  expect(new Set(uids).size, 'how many different uids two objects have').toEqual(2)
  expect(await uidsOf(newApi(subject)), 'the uids that come from the same random numbers').toEqual(uids)
  const others = await uidsOf(newApi(subject, {}, subject.seed + 1))
  expect(others, 'the uids that come from other random numbers').toSatisfy(
    'other uids',
    (seen) => !seen.some((uid) => uids.includes(uid)),
  )
})

check(
  'API-2.1',
  'refuses an object that is there already, and a draft that has a version',
  (api, look) => {
    api.create('ConfigMap', config('a', { data: { k: 'first' } }))
    const second = { data: { k: 'second' } }
    look.refused(api.create('ConfigMap', config('a', second)), 'a second create of the same name', taken('a'))
    for (const resourceVersion of ['5', '0']) {
      const draft = (name: string) => config(name, { metadata: { resourceVersion }, ...second })
      const what = `create with resourceVersion '${resourceVersion}'`
      look.refused(api.create('ConfigMap', draft('b')), what, versionOnCreate)
      look.refused(api.create('ConfigMap', draft('a')), `${what}, of what is there already`, versionOnCreate)
      const metadata = { namespace: 'default', generateName: 'b-', resourceVersion }
      look.refused(
        api.create('ConfigMap', { metadata }),
        `${what}, whose name is to be generated`,
        versionOnCreate,
      )
    }
    look.refused(api.get('ConfigMap', at('b')), 'get of what was refused', notFound('b'))
    look.of(api.get('ConfigMap', at('a')), 'the data of the first one, afterwards', { k: 'first' }, dataOf)
    const going = { deletionTimestamp: BEGIN, finalizers: ['example.com/hold'] }
    api.put('/registry/configmaps/default/c', isConfig('c', 0, { metadata: going }))
    look.refused(
      api.create('ConfigMap', config('c', second)),
      'create of what is there still, and is being deleted',
      taken('c'),
    )
    const empty = api.create('ConfigMap', config('b', { metadata: { resourceVersion: '' } }))
    look.of(
      empty,
      "the name in the answer of create with resourceVersion ''",
      'b',
      (made) => made.metadata?.name,
    )
  },
  { tag: 'api' },
)

check('API-2.2', 'creates nothing where no namespace is, or one that is being deleted', (api, look) => {
  const during = badRequest('an empty namespace may not be set during creation')
  for (const metadata of [{ name: 'a' }, { name: 'a', namespace: '' }, { generateName: 'a-' }])
    look.refused(
      api.create('ConfigMap', { metadata }),
      `create in no namespace, with metadata ${JSON.stringify(metadata)}`,
      during,
    )
  const ghost = api.create('Pod', pod('a', { metadata: { namespace: 'ghost' }, spec: { containers: [] } }))
  look.refused(
    ghost,
    'create in the namespace ghost, which does not exist, of a Pod that is invalid as well',
    notFound('ghost', 'namespaces'),
  )
  const going = { metadata: { uid: 'of-team', deletionTimestamp: BEGIN }, status: { phase: 'Active' } }
  api.put('/registry/namespaces/team', isNamespace('team', 0, going))
  const message = 'namespace team is being terminated'
  const why = 'unable to create new content in namespace team because it is being terminated'
  const causes = [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }]
  const late = api.create('ConfigMap', { metadata: { name: 'late', namespace: 'team' } })
  const details = { name: 'late', kind: 'configmaps', causes }
  const status = refusal(403, 'Forbidden', `configmaps "late" is forbidden: ${why}`, details)
  look.refused(late, 'create in a namespace that is being deleted', status)
  const generated = api.create('ConfigMap', { metadata: { generateName: 'late-', namespace: 'team' } })
  const nameless = refusal(403, 'Forbidden', `configmaps is forbidden: ${why}`, {
    kind: 'configmaps',
    causes,
  })
  look.refused(
    generated,
    'create in a namespace that is being deleted, with a name that is still to be generated',
    nameless,
  )
  look.revision(api, 'afterwards', 3)
  api.create('ConfigMap', config('a'))
  api.remove('/registry/namespaces/default')
  const orphan = api.create('ConfigMap', config('b'))
  look.refused(
    orphan,
    'a second create in the namespace default, after that was deleted',
    notFound('default', 'namespaces'),
  )
})

check(
  'API-2.3',
  'refuses what breaks the rules of its kind, with all causes',
  (api, look) => {
    const none = api.create('Pod', pod('b', { spec: { containers: [] } }))
    const required = ['FieldValueRequired', 'spec.containers', 'Required value'] as const
    look.refused(none, 'create of a Pod without containers', invalid('Pod', 'b', [...required]))
    const labels = api.create('Pod', pod('b', { metadata: { labels: { 'a b': 'c d' } } }))
    const rule =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
    const key = `name part ${rule}'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`
    const value = `a valid label must be an empty string or ${rule.slice(5)}'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`
    const bad = (text: string, why: string): [string, string, string] => [
      'FieldValueInvalid',
      'metadata.labels',
      `Invalid value: "${text}": ${why}`,
    ]
    look.refused(
      labels,
      'create of a Pod with a bad label',
      invalid('Pod', 'b', bad('a b', key), bad('c d', value)),
    )
    const negative = api.create('ReplicaSet', set('r', { spec: { replicas: -1 } }))
    const atLeast0 = 'Invalid value: -1: must be greater than or equal to 0'
    look.refused(
      negative,
      'create of a ReplicaSet with -1 replicas',
      invalid('ReplicaSet.apps', 'r', ['FieldValueInvalid', 'spec.replicas', atLeast0]),
    )
  },
  { tag: 'api' },
)

check(
  'API-2.4',
  'validates the object with the metadata that the API sets, before it looks at a resourceVersion',
  (api, look) => {
    const draft = config('a', { metadata: { resourceVersion: '5' } })
    const causes = FIELDS.map((name): [string, string, string] => {
      const { reason = '', field = '', message = '' } = cause(name)
      return [reason, field, message]
    })
    look.refused(
      api.create('ConfigMap', draft),
      'create of what is invalid, and has a resourceVersion as well',
      invalid('ConfigMap', 'a', ...causes),
    )
    look.told(
      api,
      'the metadata of the object that row.validate() was given',
      [{ name: 'a', namespace: 'default', uid: UID, creationTimestamp: BEGIN }],
      (told) =>
        told
          .filter(({ call }) => call === 'validate')
          .map(({ object }) => {
            const { resourceVersion: _, ...metadata } = (object as { metadata: Record<string, unknown> })
              .metadata
            return metadata
          }),
    )
    look.revision(api, 'afterwards', 2)
  },
  { causes: { validate: FIELDS.map(cause), validateUpdate: [] } },
)

check(
  'API-2.5',
  'takes every namespace for one that exists, where the table has no Namespace',
  (api, look) => {
    const created = api.create('ConfigMap', { metadata: { name: 'a', namespace: 'ghost' } })
    look.answer(
      created,
      'create in the namespace ghost',
      isConfig('a', 3, { metadata: { namespace: 'ghost' } }),
    )
  },
  { rows: { Namespace: null } },
)
