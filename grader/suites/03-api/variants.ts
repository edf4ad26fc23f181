// What holds for every request, where a subresource, a collection, a dry run or a plugin is in play.

import { jane } from './asker.ts'
import { check } from './bench.ts'
import { held } from './deleted.ts'
import { at, config, nameMissing, pod, set } from './objects.ts'

const status = { subresource: 'status' } as const
const blank = { metadata: { labels: { a: ' ' } } }
const dryRun = { dryRun: true }

check('API-5.5', 'compares versions as texts, of subresources too', (api, look) => {
  api.create('ReplicaSet', set('r'))
  const from = (resourceVersion: string) => ({
    ...set('r', { metadata: { resourceVersion } }),
    status: { replicas: 2 },
  })
  for (const version of ['0', '03', '2'])
    look.code(api.update('ReplicaSet', from(version)), `an update from version '${version}'`, 409)
  look.code(api.update('ReplicaSet', from('2'), status), "an update of the status from version '2'", 409)
  const patch = {
    type: 'merge',
    patch: { metadata: { resourceVersion: '2' }, status: { replicas: 2 } },
  } as const
  look.code(api.patch('ReplicaSet', at('r'), patch, status), 'a patch of the status that sets version 2', 409)
  look.revision(api, 'after all of them', 3)
})

check('API-8.3', 'validates updates of subresources, and those that take the last finalizer', (api, look) => {
  api.create('ReplicaSet', set('r', held))
  const update = { ...set('r', blank), status: { replicas: 1 } }
  look.code(api.update('ReplicaSet', update, status), "an update of the status with the label a: ' '", 422)
  api.delete('ReplicaSet', at('r'))
  const last = { type: 'merge', patch: { metadata: { ...blank.metadata, finalizers: null } } } as const
  look.code(
    api.patch('ReplicaSet', at('r'), last),
    "a patch that takes the last finalizer, with the label a: ' '",
    422,
  )
  look.of(
    api.get('ReplicaSet', at('r')),
    'the finalizers after both',
    held.metadata.finalizers,
    ({ metadata }) => metadata?.finalizers,
  )
})

check('API-20.9', 'patches without a version what cannot be updated without one', (api, look) => {
  api.create('Lease', { metadata: at('l'), spec: { holderIdentity: 'me' } })
  look.of(
    api.patch('Lease', at('l'), { type: 'merge', patch: { spec: { holderIdentity: 'you' } } }),
    'the holder after a patch of a Lease that says no version',
    'you',
    (lease) => (lease as { spec?: { holderIdentity?: string } }).spec?.holderIdentity,
  )
})

check(
  'API-22.6',
  'holds, lets go and refuses new finalizers in an update of a subresource, too',
  (api, look) => {
    api.create('ReplicaSet', set('r', held))
    api.delete('ReplicaSet', at('r'))
    const more = { metadata: { finalizers: ['example.com/hold', 'example.com/new'] } }
    look.code(
      api.update('ReplicaSet', set('r', more), status),
      'an update of the status that adds a finalizer',
      422,
    )
    const none = { type: 'merge', patch: { metadata: { finalizers: null } } } as const
    api.patch('ReplicaSet', at('r'), none, status)
    const what = 'the object after a patch of the status that takes the last finalizer away'
    look.code(api.get('ReplicaSet', at('r')), `get of ${what}`, 404)
  },
)

check(
  'API-23.6',
  'lets an object stay for its grace period, whatever the time is',
  async (api, look, { clock }) => {
    api.create('Pod', pod('a', { spec: { nodeName: 'n1' } }))
    api.delete('Pod', at('a'))
    await clock.advance(60_000)
    api.patch('Pod', at('a'), { type: 'merge', patch: { metadata: { labels: { a: 'b' } } } })
    look.of(
      api.get('Pod', at('a')),
      'the labels of a Pod that was patched after the end of its grace period',
      { a: 'b' },
      ({ metadata }) => metadata?.labels,
    )
  },
)

check('API-26.4', 'selects by fields, and deletes with the options of the call', (api, look) => {
  for (const name of ['a', 'b']) api.create('Pod', pod(name, { spec: { nodeName: 'n1' } }))
  api.deleteCollection('Pod', { fieldSelector: 'metadata.name=a', gracePeriodSeconds: 5 })
  look.of(
    api.list('Pod'),
    'name and grace period of each Pod after a deleteCollection of metadata.name=a with 5 seconds',
    [
      ['a', 5],
      ['b', undefined],
    ],
    ({ items }) => items.map(({ metadata }) => [metadata?.name, metadata?.deletionGracePeriodSeconds]),
  )
})

check('API-27.4', 'answers a dry run of a change as the change itself, refusals included', (api, look) => {
  api.create('ReplicaSet', set('r'))
  look.code(
    api.update('ReplicaSet', set('r', blank), dryRun),
    "a dry run of an update with the label a: ' '",
    422,
  )
  const other = set('r', { metadata: { uid: 'another' } })
  look.code(api.update('ReplicaSet', other, dryRun), 'a dry run of an update with another uid', 409)
  const meant = { ...dryRun, preconditions: { uid: 'another' } }
  look.code(api.delete('ReplicaSet', at('r'), meant), 'a dry run of a delete of another uid', 409)
  look.of(
    api.update('ReplicaSet', set('r', { spec: { replicas: 3 } }), dryRun),
    'the generation that a dry run of an update of the spec answers',
    2,
    ({ metadata }) => metadata?.generation,
  )
  look.revision(api, 'after all of them', 3)
})

check(
  'API-28.3',
  'wants a name before it asks access',
  (api, look) => {
    const nameless = [
      [api.get('ConfigMap', at('')), 'get'],
      [api.update('ConfigMap', config('')), 'update'],
      [api.patch('ConfigMap', at(''), { type: 'merge', patch: {} }), 'patch'],
      [api.delete('ConfigMap', at('')), 'delete'],
    ] as const
    for (const [call, method] of nameless) look.refused(call, `${method} without a name`, nameMissing)
    look.code(api.create('ConfigMap', config('a'), dryRun), 'a dry run of create', 403)
  },
  { denied: 'no' },
)

check(
  'API-29.9',
  'tells plugins of every request who makes it, how, and for which object',
  (api, look) => {
    api.create('ReplicaSet', set('r'))
    look.told(api, '', undefined, () => undefined)
    api.update('ReplicaSet', { ...set('r'), status: { replicas: 2 } }, { ...status, ...dryRun })
    look.told(
      api,
      'subresource and dryRun that the plugin was given during a dry run of an update of the status',
      ['mutate', 'validate', 'finish'].map((call) => [call, 'status', true]),
      (told) =>
        told
          .filter(({ from }) => from === 'first')
          .map(({ call, subresource, dryRun }) => [call, subresource, dryRun]),
    )
    api.delete('ReplicaSet', at('r'), { user: jane, ...dryRun })
    api.deleteCollection('ReplicaSet', { user: jane })
    look.told(
      api,
      'what the plugin was given during a dry run of a delete, and during a deleteCollection of all namespaces',
      [true, false].map((dry) => ['validate', 'r', 'default', 'jane', dry]),
      (told) =>
        told
          .filter(({ from }) => from === 'first')
          .map(({ call, name, namespace, user, dryRun }) => [
            call,
            name,
            namespace,
            (user as typeof jane).name,
            dryRun,
          ]),
    )
    const made = api.create('Namespace', { metadata: { generateName: 'gen-' } })
    look.of(
      made,
      'whether the name is in the label that a Namespace has by default, where the name was generated',
      true,
      ({ metadata }) => metadata?.labels?.['kubernetes.io/metadata.name'] === metadata?.name,
    )
  },
  { plugins: [{ name: 'first' }] },
)

const scale = (replicas: number) => ({ metadata: at('r'), spec: { replicas } })
const labels = { 'example.com/first': 'yes' }

check(
  'API-30.7',
  'hands a virtual kind what admission made, and answers what it answers',
  (api, look) => {
    const answer = api.update('ReplicaSet/scale', scale(3))
    look.told(
      api,
      'the labels that update of the virtual kind was given, where a plugin adds one',
      [labels],
      (told) =>
        told
          .filter(({ from, call }) => from === 'ReplicaSet/scale' && call === 'update')
          .map(({ given }) => (given as { metadata: { labels?: object } }).metadata.labels),
    )
    look.answer(answer, 'the answer, where the virtual kind answers 5 replicas', scale(5))
  },
  {
    plugins: [{ name: 'first', adds: { metadata: { labels } } }],
    virtual: { 'ReplicaSet/scale': { get: [scale(1)], update: [scale(5)] } },
  },
)
