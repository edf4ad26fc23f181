// API-8 to API-10: when an update is refused, counted, or nothing at all.
import { type Api, check } from './bench.ts'
import { isA, KEY, putA, withDatum } from './known-config.ts'
import { at, BEGIN, cause, deletedAtOnce, invalid, isSet, pod, set } from './objects.ts'

/** Where the ReplicaSet `r` is in the store. */
const SET = '/registry/replicasets/default/r'

// API-8: validation

check(
  'API-8.1',
  'refuses what breaks rules, those for every object before those for changes',
  (api, look) => {
    putA(api)
    const causes = ['a', 'b', 'c', 'd'].map((field) => {
      const { reason = '', message = '' } = cause(field)
      return [reason, field, message] as [string, string, string]
    })
    const draft = withDatum('w', { labels: { a: 'b' }, uid: 'of-a', creationTimestamp: BEGIN })
    const status = invalid('ConfigMap', 'a', ...causes)
    look.refused(api.update('ConfigMap', draft), 'an update in which the row finds four causes', status)
    const object = isA(3, { metadata: { labels: { a: 'b' } }, data: { k: 'w' } })
    const old = isA(3, { data: { k: 'v' } })
    look.told(
      api,
      'what validate() and validateUpdate() of the row were given',
      [
        { call: 'validate', object },
        { call: 'validateUpdate', object, old, subresource: undefined },
      ],
      (told) => told.filter(({ from }) => from === 'row').map(({ from: _, ...asked }) => asked),
    )
    const dryRun = api.update('ConfigMap', draft, { dryRun: true })
    look.refused(dryRun, 'a dry run of an update in which the row finds four causes', status)
    const datum = api.update('ConfigMap', withDatum('w'))
    look.refused(datum, 'an update of the data alone, in which the row finds four causes', status)
    const same = api.update('ConfigMap', withDatum('v'))
    look.refused(same, 'an update that changes nothing, in which the row finds four causes', status)
    look.revision(api, 'afterwards', 3)
  },
  { causes: { validate: [cause('a'), cause('b')], validateUpdate: [cause('c'), cause('d')] } },
)

check(
  'API-8.2',
  'says to the row which subresource is updated, and refuses what its kind does not allow',
  (api, look) => {
    putA(api, { spec: {} })
    api.update('ConfigMap', withDatum('w'), { subresource: 'status' })
    look.told(api, 'the subresource that validateUpdate() of the row was given', ['status'], (told) =>
      told.filter(({ call }) => call === 'validateUpdate').map(({ subresource }) => subresource),
    )
    api.put(SET, isSet('r', 0))
    const raw =
      'v1.LabelSelector{MatchLabels:map[string]string{"app":"w"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}'
    const message = `Invalid value: ${raw}: field is immutable`
    look.refused(
      api.update('ReplicaSet', set('r', { spec: { replicas: 2 } })),
      'an update, where somebody else wrote another selector after the API had read',
      invalid('ReplicaSet.apps', 'r', ['FieldValueInvalid', 'spec.selector', message]),
    )
    const blank = { ...set('r', { metadata: { labels: { a: ' ' } } }), status: { replicas: 1 } }
    look.code(
      api.update('ReplicaSet', blank, { subresource: 'status' }),
      "an update of the status with the label a: ' '",
      422,
    )
  },
  {
    causes: { validate: [], validateUpdate: [] },
    rows: { ConfigMap: { subresources: { status: ['data'] } } },
    rivals: [
      { when: 'before a write', key: SET, does: { spec: { selector: { matchLabels: { app: 'q' } } } } },
    ],
  },
)

// API-9: generation

check(
  'API-9.1',
  'counts the changes of the spec, and no others',
  (api, look) => {
    api.put(SET, isSet('r', 0))
    const generation = (call: ReturnType<Api['update']>, what: string, expected: number | undefined) =>
      look.of(call, `the generation after ${what}`, expected, ({ metadata }) => metadata?.generation)
    const update = (spec: object, what: string, expected: number, metadata: object = {}) =>
      generation(api.update('ReplicaSet', set('r', { spec, metadata })), what, expected)
    const two = { replicas: 2 }
    update(two, 'another spec, and a draft whose generation is 9', 2, { generation: 9 })
    const labels = { a: 'b' }
    update(two, 'other labels and annotations', 2, { labels, annotations: labels, generation: 9 })
    const { selector, template } = set('r').spec
    const turned = { metadata: at('r'), spec: { template, selector, minReadySeconds: undefined, ...two } }
    generation(api.update('ReplicaSet', turned as never), 'the same spec, in another order', 2)
    update({ ...two, minReadySeconds: 5 }, 'a spec with one part more', 3)
    update(two, 'a spec without that part', 4)
    const none = { type: 'merge', patch: { spec: { replicas: null } } } as const
    generation(api.patch('ReplicaSet', at('r'), none), 'a patch that takes the replicas away', 5)
    update({ replicas: 1 }, 'a spec with the default of replicas', 5)
    const image = { template: { ...template, spec: { containers: [{ name: 'c', image: 'nginx:2' }] } } }
    update(image, 'another image in the template', 6)
    const finalizers = ['example.com/hold']
    const going = isSet('r', 0, { metadata: { uid: 'of-r', generation: 7, ...deletedAtOnce, finalizers } })
    api.put(SET, going)
    update(two, 'another spec of what is being deleted', 8, { finalizers })
    api.create('Pod', pod('a'))
    generation(api.update('Pod', pod('a', { spec: image.template.spec })), 'another spec of a Pod', undefined)
  },
  // Over the first update: what a lost race has counted must not count again.
  { rivals: [{ when: 'before a write', key: SET, does: { metadata: { labels: { rival: 'was here' } } } }] },
)

check(
  'API-9.2',
  'counts whoever writes the spec, where the row says that it is counted',
  (api, look) => {
    api.create('Namespace', { metadata: { name: 'team' } })
    const spec = { finalizers: ['example.com/hold'] }
    const draft = { metadata: { name: 'team', labels: {} }, spec, status: { phase: 'Active' } }
    const finalize = api.update('Namespace', draft, { subresource: 'finalize' })
    const what = 'an update of the finalizers in the spec of a Namespace'
    look.parts(finalize, what, { 'metadata.generation': 2, spec })
    putA(api, { metadata: { generation: 1 } })
    const changes: [what: string, parts: object, generation: number][] = [
      ['other data', {}, 1],
      ['a spec, which it did not have', { spec: { k: 'v' } }, 2],
      ['no spec, which it had', {}, 3],
    ]
    for (const [what, parts, generation] of changes)
      look.parts(
        api.update('ConfigMap', { ...withDatum('w'), ...parts }),
        `an update of a ConfigMap to ${what}, where the row says that it is counted`,
        { 'metadata.generation': generation, ...parts },
      )
  },
  { rows: { Namespace: { counted: true }, ConfigMap: { counted: true } } },
)

// API-10: no change, no write

check('API-10.1', 'writes nothing where nothing changes', (api, look) => {
  const there = isSet('r', 0, { metadata: { labels: { a: 'b', c: 'd' } } })
  api.put(SET, there)
  const same = { ...there, metadata: { ...there.metadata, resourceVersion: '3' } }
  const turned = set('r', { metadata: { ...there.metadata, labels: { c: 'd', a: 'b' } } })
  look.answer(
    api.update('ReplicaSet', turned),
    'an update to the same, which leaves out what has a default',
    same,
  )
  const otherwise: object = {
    ...turned,
    apiVersion: 'example.com/v9',
    kind: 'Widget',
    metadata: { ...turned.metadata, resourceVersion: '' },
  }
  look.answer(
    api.update('ReplicaSet', otherwise),
    "an update to the same, whose draft has another kind, and resourceVersion ''",
    same,
  )
  const all: object = same
  look.answer(api.update('ReplicaSet', all), 'an update to exactly what was read', same)
  const status = api.update('ReplicaSet', all, { subresource: 'status' })
  look.answer(status, 'an update of the status to exactly what was read', same)
  look.revision(api, 'afterwards', 3)
})

check(
  'API-10.2',
  'writes the smallest change, if nobody else has written it meanwhile',
  (api, look) => {
    putA(api)
    const changes: [what: string, metadata: object][] = [
      ['a generateName', { generateName: 'a-' }],
      ['empty labels', { labels: {} }],
      ['an annotation', { annotations: { a: 'b' } }],
      ['an owner', { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }] }],
      ['finalizers', { finalizers: ['example.com/a', 'example.com/b'] }],
      ['the same finalizers in another order', { finalizers: ['example.com/b', 'example.com/a'] }],
    ]
    let metadata = {}
    for (const [i, [what, change]] of changes.entries()) {
      metadata = { ...metadata, ...change }
      look.answer(
        api.update('ConfigMap', withDatum('v', metadata)),
        `an update that changes nothing but this: ${what}`,
        isA(4 + i, { metadata, data: { k: 'v' } }),
      )
    }
  },
  // Over the first update: there is nothing left to write.
  { rivals: [{ when: 'before a write', key: KEY, does: { metadata: { generateName: 'a-' } } }] },
)
