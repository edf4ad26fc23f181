// API-29: what plugins are given, and what becomes of what they make.

import type { ReplicaSet } from 'kubernetes-types/apps/v1'
import { given, jane, loopback } from './asker.ts'
import { check, withoutUids } from './bench.ts'
import { held } from './deleted.ts'
import { at, config, isConfig, isSet, set, taken } from './objects.ts'
import type { Told } from './told.fixture.ts'

const status = { subresource: 'status' } as const
const dryRun = { dryRun: true }

/** What one plugin was asked in one method, uids aside and without what is not given. */
function questions(told: Told[], call: string): unknown {
  return withoutUids(told.filter((entry) => entry.from === 'first' && entry.call === call).map(given))
}

check(
  'API-29.6',
  'tells a plugin what is asked, of whom, and with which objects',
  (api, look) => {
    const about = { from: 'first', kind: 'ConfigMap', namespace: 'default', name: 'a', dryRun: false }
    const asked = (call: string, expected: object[]) => ({
      call,
      expected: expected.map((one) => ({ ...about, call, user: loopback, ...one })),
    })
    const told = (what: string, ...parts: ReturnType<typeof asked>[]) =>
      look.told(
        api,
        `what the plugin was given during ${what}`,
        parts.map(({ expected }) => expected),
        (told) => parts.map(({ call }) => questions(told, call)),
      )
    api.create('ConfigMap', config('a', { data: { k: 'v' } }), { user: jane })
    const created = { user: jane, operation: 'CREATE' }
    told(
      'a create',
      asked('mutate', [{ ...created, object: config('a', { data: { k: 'v' } }) }]),
      asked('validate', [{ ...created, object: isConfig('a', 0, { data: { k: 'v' } }) }]),
      asked('finish', [{ ...created, stored: true, object: isConfig('a', 3, { data: { k: 'v' } }) }]),
    )
    const second = config('a', { data: { k: 'x' } })
    look.refused(api.create('ConfigMap', second, dryRun), 'a dry run of create of what is there', taken('a'))
    const untold = { operation: 'CREATE', stored: false, dryRun: true, object: second }
    told('a dry run of create that was refused', asked('finish', [untold]))
    const unsaid = { resourceVersion: null, uid: null }
    api.merge('a', { data: { k: 'w' }, metadata: unsaid }, { ...dryRun, user: jane })
    const oldObject = isConfig('a', 3, { data: { k: 'v' } })
    const changed = isConfig('a', 3, { data: { k: 'w' } })
    const patched = { operation: 'UPDATE', dryRun: true, user: jane, object: changed, oldObject }
    told('a patch', asked('validate', [patched]), asked('finish', [{ ...patched, stored: false }]))
    api.delete('ConfigMap', at('a'))
    told(
      'a delete',
      asked('mutate', []),
      asked('finish', []),
      asked('validate', [{ operation: 'DELETE', oldObject }]),
    )
    api.create('ConfigMap', config('f', held))
    const deletes = ['Orphan', 'Foreground'] as const
    for (const propagationPolicy of deletes) api.delete('ConfigMap', at('f'), { propagationPolicy })
    look.told(
      api,
      'the finalizers of what the plugin was given during two deletes, each of which changes them',
      [['example.com/hold'], ['example.com/hold', 'orphan']],
      (told) =>
        told
          .filter(({ operation }) => operation === 'DELETE')
          .map(({ oldObject }) => (oldObject as ReplicaSet).metadata?.finalizers),
    )
    api.create('Namespace', { metadata: { name: 'team' } })
    look.asked(
      api,
      'name and namespace that mutate was given during create of a Namespace',
      [['team', undefined]],
      (told) => told.filter(({ call }) => call === 'mutate').map(({ name, namespace }) => [name, namespace]),
    )
    api.create('ReplicaSet', set('r'))
    api.patch('ReplicaSet', at('r'), { type: 'merge', patch: { status: { replicas: 2 } } }, status)
    look.told(
      api,
      'the subresource and the apiVersion that validate was given during create, and patch of the status',
      [
        [undefined, 'apps/v1'],
        ['status', 'apps/v1'],
      ],
      (told) =>
        told
          .filter(({ call }) => call === 'validate')
          .map(({ subresource, object }) => [subresource, (object as { apiVersion?: string }).apiVersion]),
    )
  },
  { plugins: [{ name: 'first' }] },
)

check(
  'API-29.7',
  'tells plugins of every request who makes it, how, and for which object',
  (api, look) => {
    api.create('ReplicaSet', set('r'))
    api.asked()
    const updated = api.update(
      'ReplicaSet',
      { ...set('r'), status: { replicas: 2 } },
      { ...status, ...dryRun, user: jane },
    )
    look.parts(
      updated,
      'a dry run of an update of the status, which a plugin takes away, and which has a default',
      {
        status: { replicas: 0 },
      },
    )
    look.told(
      api,
      'subresource, namespace, user, dryRun, and replicas of the status, that the plugin was given during a dry run of an update of the status',
      [
        ['mutate', 2],
        ['validate', 0],
        ['finish', 0],
      ].map(([call, replicas]) => [call, 'status', 'default', 'jane', true, replicas]),
      (told) =>
        told
          .filter(({ from }) => from === 'first')
          .map(({ call, subresource, namespace, user, dryRun, object }) => [
            call,
            subresource,
            namespace,
            (user as typeof jane).name,
            dryRun,
            (object as ReturnType<typeof isSet>).status.replicas,
          ]),
    )
    api.delete('ReplicaSet', at('r'), { user: jane, ...dryRun })
    api.deleteCollection('ReplicaSet', { user: jane })
    look.asked(
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
  },
  { plugins: [{ name: 'first', adds: { status: null } }] },
)

function labelsOf(object: unknown): unknown {
  return (object as ReplicaSet).metadata?.labels
}

/** Each plugin, with what matters of the ReplicaSet that its `mutate` was given. */
function shown(told: Told[]): unknown {
  return told
    .filter(({ call }) => call === 'mutate')
    .map(({ from, object }) => {
      const { metadata, spec } = object as ReturnType<typeof isSet>
      const labels = 'labels' in metadata ? metadata.labels : undefined
      return [from, labels, spec.replicas, spec.template.spec.containers[0]?.imagePullPolicy]
    })
}

check(
  'API-29.8',
  'hands what one plugin made to the next, with defaults for all of it',
  (api, look) => {
    const one = { 'example.com/first': 'yes' }
    const labels = { ...one, 'example.com/second': 'yes' }
    const answer = api.create('ReplicaSet', set('r', { spec: { replicas: undefined } }))
    const created = isSet('r', 3, { metadata: { labels } })
    const [container] = created.spec.template.spec.containers
    const containers = [{ ...container, image: 'added:1' }]
    const template = { ...created.spec.template, spec: { ...created.spec.template.spec, containers } }
    look.answer(
      answer,
      'the answer of create, where one plugin adds a label and a container, and another one a label',
      {
        ...created,
        spec: { ...created.spec, template },
      },
    )
    look.told(
      api,
      'each plugin, with the labels, the replicas and the imagePullPolicy that its mutate was given',
      [
        ['first', undefined, 1, 'IfNotPresent'],
        ['second', one, 1, undefined],
        ['third', labels, 1, undefined],
      ],
      shown,
    )
    const updated = api.update('ReplicaSet', set('r', { metadata: { labels: { a: 'b' } } }))
    const all = { a: 'b', ...labels }
    look.told(
      api,
      'each plugin, with the labels, the replicas and the imagePullPolicy that its mutate was given during an update',
      [
        ['first', { a: 'b' }, 1, 'IfNotPresent'],
        ['second', { a: 'b', ...one }, 1, undefined],
        ['third', all, 1, undefined],
      ],
      shown,
    )
    look.of(
      updated,
      'the imagePullPolicy of what a plugin added to an update',
      'IfNotPresent',
      (answer) => (answer as ReturnType<typeof isSet>).spec.template.spec.containers[0]?.imagePullPolicy,
    )
    look.of(
      api.get('ReplicaSet', at('r')),
      'the labels after an update',
      all,
      ({ metadata }) => metadata?.labels,
    )
    api.asked()
    api.create('ReplicaSet', set('r'))
    look.told(
      api,
      'each plugin, with the labels that its finish was given after a create that was refused',
      ['first', 'second', 'third'].map((name) => [name, labels]),
      (told) =>
        told
          .filter(({ call }) => call === 'finish')
          .map(({ from, object }): [string, unknown] => [from, labelsOf(object)])
          .sort(([one], [other]) => (one < other ? -1 : 1)),
    )
  },
  {
    plugins: [
      {
        name: 'first',
        adds: {
          metadata: { labels: { 'example.com/first': 'yes' } },
          status: { replicas: 5 },
          spec: { template: { spec: { containers: [{ name: 'c', image: 'added:1' }] } } },
        },
      },
      { name: 'second', adds: { metadata: { labels: { 'example.com/second': 'yes' } } } },
      { name: 'third' },
    ],
  },
)
