// API-7 to API-10: what an update writes, and when it is refused, counted, or nothing at all.
import { type Api, check } from './bench.ts'
import { isA, putA, withDatum } from './known-config.ts'
import {
  at,
  BEGIN,
  cause,
  config,
  deletedAtOnce,
  invalid,
  isSet,
  notAllowed,
  pod,
  set,
  unknownResource,
} from './objects.ts'

// API-7: subresources

check('API-7.1', 'writes of a subresource its own parts and the metadata, and no others', (api, look) => {
  api.create('ReplicaSet', set('r', { metadata: { labels: { a: 'b' }, finalizers: ['example.com/hold'] } }))
  const status = { replicas: 1, observedGeneration: 1 }
  const written = {
    labels: { c: 'd' },
    annotations: { e: 'f' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }],
  }
  const draft = { ...set('r', { metadata: { ...written, generation: 9 }, spec: { replicas: 9 } }), status }
  const is = (
    call: ReturnType<Api['get']>,
    what: string,
    metadata: Partial<typeof written>,
    status: object,
  ) =>
    look.parts(call, what, {
      'metadata.labels': metadata.labels,
      'metadata.annotations': metadata.annotations,
      'metadata.ownerReferences': metadata.ownerReferences,
      'metadata.finalizers': undefined,
      spec: isSet('r', 0).spec,
      status,
    })
  const update = api.update('ReplicaSet', draft, { subresource: 'status' })
  is(update, 'an update of the status of a ReplicaSet', written, status)
  look.of(
    update,
    'whether it counts the spec of its draft',
    false,
    ({ metadata }) => metadata?.generation === 2,
  )
  is(api.get('ReplicaSet', at('r')), 'the ReplicaSet afterwards', written, status)
  const without = api.update('ReplicaSet', { metadata: at('r') }, { subresource: 'status' })
  const neither = 'an update of the status whose draft has neither status nor labels'
  is(without, neither, {}, { replicas: 0 })
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
  const ghost = api.create('Pod', pod('b', { metadata: { namespace: 'ghost' } }), part)
  look.refused(ghost, 'such a create, in a namespace that does not exist', notAllowed)
  look.revision(api, 'afterwards', 6)
  const old = isSet('old', 0, { metadata: { uid: 'of-old' }, spec: { replicas: undefined } })
  api.put('/registry/replicasets/default/old', old)
  look.parts(
    api.update('ReplicaSet', { ...set('old'), status }, part),
    'an update of the status of a ReplicaSet that was stored without replicas, which have a default',
    { spec: old.spec, status },
  )
})

check(
  'API-7.2',
  'takes from the row which parts a subresource writes',
  (api, look) => {
    putA(api, { binaryData: { b: 'aGk=' } })
    const draft = { ...withDatum('w', { generation: 5, labels: { a: 'b' } }), immutable: true }
    const finalize = api.update('ConfigMap', draft, { subresource: 'finalize' })
    look.parts(finalize, 'an update of a subresource to which the row gives data and binaryData', {
      'metadata.labels': { a: 'b' },
      data: { k: 'w' },
      binaryData: undefined,
      immutable: undefined,
    })
    const plain = api.update('ConfigMap', { ...withDatum('x'), binaryData: { b: 'aGk=' }, immutable: true })
    look.parts(plain, 'a plain update, where the row says that data and binaryData are read-only', {
      'metadata.labels': undefined,
      data: { k: 'w' },
      binaryData: undefined,
      immutable: true,
    })
    const none = api.update('ConfigMap', withDatum('x', { labels: { c: 'd' } }), { subresource: 'status' })
    look.parts(none, 'an update of a subresource to which the row gives no parts', {
      'metadata.labels': { c: 'd' },
      data: { k: 'w' },
      immutable: true,
    })
  },
  {
    rows: {
      ConfigMap: {
        subresources: { finalize: ['data', 'binaryData'], status: [] },
        readOnly: ['data', 'binaryData'],
      },
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
    const draft = withDatum('w', { labels: { a: 'b' }, uid: 'of-a', creationTimestamp: BEGIN })
    const status = invalid('ConfigMap', 'a', ...causes)
    look.refused(api.update('ConfigMap', draft), 'an update in which the row finds three causes', status)
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
    look.refused(dryRun, 'a dry run of an update in which the row finds three causes', status)
    const datum = api.update('ConfigMap', withDatum('w'))
    look.refused(datum, 'an update of the data alone, in which the row finds three causes', status)
    const same = api.update('ConfigMap', withDatum('v'))
    look.refused(same, 'an update that changes nothing, in which the row finds three causes', status)
    look.revision(api, 'afterwards', 3)
  },
  { causes: { validate: [cause('a'), cause('b')], validateUpdate: [cause('c')] } },
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
  },
)

// API-9: generation

check('API-9.1', 'counts the changes of the spec, and no others', (api, look) => {
  api.create('ReplicaSet', set('r'))
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
  update({}, 'a spec with replicas left out', 5)
  update({ replicas: 1 }, 'a spec with the default of replicas', 5)
  const image = { template: { ...template, spec: { containers: [{ name: 'c', image: 'nginx:2' }] } } }
  update(image, 'another image in the template', 6)
  const finalizers = ['example.com/hold']
  const going = isSet('r', 0, { metadata: { uid: 'of-r', generation: 7, ...deletedAtOnce, finalizers } })
  api.put('/registry/replicasets/default/r', going)
  update(two, 'another spec of what is being deleted', 8, { finalizers })
  api.create('Pod', pod('a'))
  generation(api.update('Pod', pod('a', { spec: image.template.spec })), 'another spec of a Pod', undefined)
})

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
  api.put('/registry/replicasets/default/r', there)
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

check('API-10.2', 'writes the smallest change', (api, look) => {
  putA(api)
  const changes: [what: string, metadata: object][] = [
    ['a generateName', { generateName: 'a-' }],
    ['empty labels', { labels: {} }],
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
})
