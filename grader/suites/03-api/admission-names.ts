// API-29: names that the API makes while plugins are asked, and what plugins may choose.

import type { ObjectMeta } from 'kubernetes-types/meta/v1'
import { type Api, check, newApi } from './bench.ts'
import { a, KEY } from './known-config.ts'
import { at, config, isConfig, taken, versionOnCreate } from './objects.ts'

check(
  'API-29.9',
  'makes a name after mutate, and asks validate alone for another one',
  (api, look) => {
    const created = api.create('Namespace', { metadata: { generateName: 'gen-' } })
    const what = 'the name in its request, and whether the object has the same'
    look.told(
      api,
      `each call of the plugin, which makes the generateName team-: ${what}`,
      [
        ['mutate', undefined, undefined],
        ['validate', 'team-', true],
        ['validate', 'team-', true],
        ['finish', undefined, true, 'team-'],
      ],
      (told) =>
        told
          .filter(({ from }) => from === 'first')
          .map(({ call, name, stored, object }) => {
            const { metadata } = object as { metadata: { name?: string } }
            return call === 'finish'
              ? [call, name, stored, metadata.name?.slice(0, 5)]
              : [call, name && `${name}`.slice(0, 5), name && name === metadata.name]
          }),
    )
    look.of(
      created,
      'whether the second name is in the label that a Namespace has by default',
      true,
      ({ metadata }) => metadata?.labels?.['kubernetes.io/metadata.name'] === metadata?.name,
    )
  },
  {
    plugins: [{ name: 'first', adds: { metadata: { generateName: 'team-' } } }],
    rivals: [{ when: 'before a write', does: {} }],
  },
)

/** Who an object is: what only the API sets. */
function identityOf({ metadata = {} }: { metadata?: ObjectMeta }): unknown {
  const { name, namespace, uid, creationTimestamp, generation, deletionTimestamp } = metadata
  const { deletionGracePeriodSeconds } = metadata
  return {
    name,
    namespace,
    uid,
    creationTimestamp,
    generation,
    deletionTimestamp,
    deletionGracePeriodSeconds,
  }
}

check(
  'API-29.10',
  'lets a plugin choose the name of a new object, and nothing else that only the API sets',
  (api, look, subject) => {
    const chosen = identityOf(isConfig('chosen', 0))
    const created = api.create('ConfigMap', config('a'))
    look.of(created, 'create, where a plugin sets what only the API sets', chosen, identityOf)
    look.asked(
      api,
      'the name in the request of each call of that plugin',
      [
        ['mutate', 'a'],
        ['validate', 'chosen'],
        ['finish', 'a'],
      ],
      (told) => told.filter(({ from }) => from === 'first').map(({ call, name }) => [call, name]),
    )
    look.of(api.get('ConfigMap', at('chosen')), 'get of the name that the plugin chose', chosen, identityOf)
    const again = 'create, where the name that a plugin chooses is there already'
    look.refused(api.create('ConfigMap', config('b')), again, taken('chosen'))
    api.remove('/registry/configmaps/default/chosen')
    const nameless = api.create('ConfigMap', { metadata: { namespace: 'default', generateName: 'gen-' } })
    look.of(nameless, 'create with a generateName, where a plugin sets the name', chosen, identityOf)
    api.put(KEY, a)
    api.asked()
    look.of(
      api.update('ConfigMap', config('a', { data: { k: 'v' } })),
      'update, where a plugin sets what only the API sets',
      identityOf(a),
      identityOf,
    )
    look.told(api, 'who the object is that validate of that plugin was given', [identityOf(a)], (told) =>
      told.filter(({ call }) => call === 'validate').map(({ object }) => identityOf(object as typeof a)),
    )
    const other = newApi(subject, {
      plugins: [{ name: 'first', adds: { metadata: { resourceVersion: '7' } } }],
    })
    const what = 'create, where a plugin adds a resourceVersion'
    look.refused(other.create('ConfigMap', config('a')), what, versionOnCreate)
    other.put(KEY, a)
    const versionOf = (call: ReturnType<Api['update']>, what: string, expected: string) =>
      look.of(
        call,
        `the version of ${what}, where a plugin sets another one`,
        expected,
        ({ metadata }) => metadata?.resourceVersion,
      )
    const data = { k: 'v' }
    versionOf(
      other.update('ConfigMap', config('a', { metadata: { resourceVersion: '3' }, data })),
      'an update from version 3',
      '4',
    )
    versionOf(other.update('ConfigMap', config('a', { data })), 'an update that changes nothing', '4')
  },
  {
    plugins: [
      {
        name: 'first',
        adds: {
          metadata: {
            name: 'chosen',
            namespace: 'elsewhere',
            uid: 'its-own',
            resourceVersion: '',
            creationTimestamp: '2001-01-01T00:00:00Z',
            generation: 7,
            deletionTimestamp: '2001-01-01T00:00:00Z',
            deletionGracePeriodSeconds: 5,
          },
        },
      },
    ],
  },
)

check(
  'API-29.12',
  'tells a plugin of the outcome where every name was taken',
  (api, look) => {
    const call = api.create('ConfigMap', { metadata: { generateName: 'gen-', namespace: 'default' } })
    look.begin(async () => void (await call.settled()))
    look.asked(
      api,
      'the calls of the plugin during a create, all of whose names are taken',
      ['mutate CREATE', ...Array<string>(8).fill('validate CREATE'), 'finish false'],
      (told) =>
        told
          .filter(({ from }) => from === 'first')
          .map(({ call, operation, stored = operation }) => `${call} ${stored}`),
    )
  },
  { plugins: [{ name: 'first' }], rivals: [{ when: 'before a write', does: {}, times: 8 }] },
)
