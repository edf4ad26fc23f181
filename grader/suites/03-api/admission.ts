// API-29: admission.

import type { ReplicaSet } from 'kubernetes-types/apps/v1'
import type { Call } from '../../src/subject/subject.ts'
import type { Told } from '../03-api.fixture.ts'
import { a, given, jane, KEY, loopback } from './asker.ts'
import { check, newApi, withoutUids } from './bench.ts'
import { at, BEGIN, badRequest, config, isConfig, isSet, set, taken, versionOnCreate } from './objects.ts'

/** What plugins were asked, in words: `first mutate CREATE a`, and the objects in it by `part`. */
function plugins(told: Told[]): string[] {
  return told
    .filter(({ from }) => from === 'first' || from === 'second')
    .map(({ from, call, operation, stored }) => `${from} ${call} ${call === 'finish' ? stored : operation}`)
}

const two = { plugins: [{ name: 'first' }, { name: 'second' }] }
const all = (operation: string, stored: boolean) => [
  ...['mutate', 'validate'].flatMap((call) =>
    ['first', 'second'].map((name) => `${name} ${call} ${operation}`),
  ),
  ...['first', 'second'].map((name) => `${name} finish ${stored}`),
]

/** What one plugin was asked in one method, uids aside and without what is not given. */
function questions(told: Told[], call: string): unknown {
  return withoutUids(told.filter((entry) => entry.from === 'first' && entry.call === call).map(given))
}

check(
  'API-29.1',
  'asks the plugins in order before each write, and tells them what came of it',
  (api, look) => {
    const asked = (call: Call<unknown>, what: string, expected: string[]) => {
      look.begin(async () => void (await call.settled()))
      look.told(api, `the calls of the plugins during ${what}`, expected, (told) =>
        plugins(told).sort(inPhases),
      )
    }
    const dry = { dryRun: true }
    asked(api.create('ConfigMap', config('a')), 'create', all('CREATE', true))
    asked(api.update('ConfigMap', config('a', { data: { k: 'v' } })), 'update', all('UPDATE', true))
    asked(api.merge('a', { data: { k: 'v' } }), 'a patch that changes nothing', all('UPDATE', false))
    asked(api.merge('a', { data: { k: 'w' } }, dry), 'a dry run of a patch', all('UPDATE', false))
    asked(api.create('ConfigMap', config('b'), dry), 'a dry run of create', all('CREATE', false))
    asked(api.create('ConfigMap', config('a')), 'create of what is there', all('CREATE', false))
    const old = config('a', { metadata: { resourceVersion: '1' } })
    const mutated = all('UPDATE', false).filter((line) => !line.includes('validate'))
    asked(api.update('ConfigMap', old), 'update of an old version', mutated)
    asked(api.merge('a', { metadata: { labels: { a: ' ' } } }), 'a patch that is invalid', mutated)
    asked(api.get('ConfigMap', at('a')), 'get', [])
    asked(api.update('ConfigMap', config('nope')), 'update of nothing', [])
    const other = config('a', { metadata: { uid: 'another' } })
    asked(api.update('ConfigMap', other), 'update with another uid', [])
    asked(
      api.create('ConfigMap', { metadata: { name: 'a', namespace: 'ghost' } }),
      'create in no namespace',
      [],
    )
    const deleted = ['first validate DELETE', 'second validate DELETE']
    asked(api.delete('ConfigMap', at('a'), dry), 'a dry run of delete', deleted)
    asked(api.delete('ConfigMap', at('a'), { preconditions: { uid: 'x' } }), 'delete of another one', [])
    for (const name of ['b', 'c']) api.create('ConfigMap', config(name))
    look.told(api, '', undefined, () => undefined)
    look.begin(async () => void (await api.deleteCollection('ConfigMap').settled()))
    const thrice = deleted.flatMap((line) => [line, line, line])
    look.told(api, 'the calls of the plugins during deleteCollection of three', thrice, (told) =>
      plugins(told).sort(),
    )
  },
  two,
)

/** Which of two plugins hears first of the outcome is nobody's business; all else stays in its order. */
function inPhases(one: string, other: string): number {
  return one.includes('finish') && other.includes('finish') ? (one < other ? -1 : 1) : 0
}

check(
  'API-29.2',
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
    look.refused(api.create('ConfigMap', second), 'a create of what is there', taken('a'))
    const untold = { operation: 'CREATE', stored: false, object: second }
    told('a create that was refused', asked('finish', [untold]))
    api.merge('a', { data: { k: 'w' }, metadata: { resourceVersion: null, uid: null } }, { dryRun: true })
    const oldObject = isConfig('a', 3, { data: { k: 'v' } })
    const changed = isConfig('a', 3, { data: { k: 'w' } })
    const patched = { operation: 'UPDATE', dryRun: true, object: changed, oldObject }
    told('a patch', asked('validate', [patched]), asked('finish', [{ ...patched, stored: false }]))
    api.delete('ConfigMap', at('a'))
    told(
      'a delete',
      asked('mutate', []),
      asked('finish', []),
      asked('validate', [{ operation: 'DELETE', oldObject }]),
    )
    api.create('Namespace', { metadata: { name: 'team' } })
    look.told(
      api,
      'name and namespace that mutate was given during create of a Namespace',
      [['team', undefined]],
      (told) => told.filter(({ call }) => call === 'mutate').map(({ name, namespace }) => [name, namespace]),
    )
    api.create('ReplicaSet', set('r'))
    api.update('ReplicaSet', { ...set('r'), status: { replicas: 2 } }, { subresource: 'status' })
    look.told(
      api,
      'the subresource that mutate was given during create, and update of the status',
      [undefined, 'status'],
      (told) => told.filter(({ call }) => call === 'mutate').map(({ subresource }) => subresource),
    )
  },
  { plugins: [{ name: 'first' }] },
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
  'API-29.3',
  'hands what one plugin made to the next, with defaults for all of it',
  (api, look) => {
    const labels = { 'example.com/first': 'yes' }
    const answer = api.create('ReplicaSet', set('r', { spec: { replicas: undefined } }))
    const created = isSet('r', 3, { metadata: { labels } })
    const [container] = created.spec.template.spec.containers
    const containers = [{ ...container, image: 'added:1' }]
    const template = { ...created.spec.template, spec: { ...created.spec.template.spec, containers } }
    look.answer(answer, 'the answer of create, where one plugin adds labels and a container', {
      ...created,
      spec: { ...created.spec, template },
    })
    look.told(
      api,
      'each plugin, with the labels, the replicas and the imagePullPolicy that its mutate was given',
      [
        ['first', undefined, 1, 'IfNotPresent'],
        ['second', labels, 1, undefined],
      ],
      shown,
    )
    const updated = api.update('ReplicaSet', set('r', { metadata: { labels: { a: 'b' } } }))
    const both = { a: 'b', ...labels }
    look.told(
      api,
      'each plugin, with the labels, the replicas and the imagePullPolicy that its mutate was given during an update',
      [
        ['first', { a: 'b' }, 1, 'IfNotPresent'],
        ['second', both, 1, undefined],
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
      both,
      ({ metadata }) => metadata?.labels,
    )
    look.told(api, '', undefined, () => undefined)
    look.begin(async () => void (await api.create('ReplicaSet', set('r')).settled()))
    look.told(
      api,
      'each plugin, with the labels that its finish was given after a create that was refused',
      [
        ['first', labels],
        ['second', labels],
      ],
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
      { name: 'second' },
    ],
  },
)

for (const [i, call] of (['mutate', 'validate'] as const).entries()) {
  check(
    `API-29.${i + 4}`,
    `refuses what a plugin refuses in ${call}, and asks no other`,
    (api, look) => {
      api.put(KEY, a)
      const status = badRequest('second')
      look.refused(api.create('ConfigMap', config('b')), 'create', status)
      const before = call === 'mutate' ? [] : ['third mutate']
      const validated = call === 'mutate' ? [] : ['first validate', 'second validate']
      const finished = call === 'mutate' ? ['first'] : ['first', 'second', 'third']
      const lines = [
        'first mutate',
        'second mutate',
        ...before,
        ...validated,
        ...finished.map((name) => `${name} finish false`),
      ]
      const say = (told: Told[]) =>
        told
          .filter(({ from }) => ['first', 'second', 'third'].includes(from))
          .map(({ from, call, stored }) => `${from} ${call}${call === 'finish' ? ` ${stored}` : ''}`)
          .sort(inPhases)
      look.told(api, 'the calls of the plugins during create', lines, say)
      look.refused(api.merge('a', { data: { k: 'v' } }), 'patch', status)
      look.told(api, 'the calls of the plugins during patch', lines, say)
      if (call === 'validate') look.refused(api.delete('ConfigMap', at('a')), 'delete', status)
      if (call === 'validate') look.told(api, 'the calls of the plugins during delete', validated, say)
      look.revision(api, 'afterwards', 3)
    },
    { plugins: [{ name: 'first' }, { name: 'second', refuses: call }, { name: 'third' }] },
  )
}

check(
  'API-29.6',
  'asks again when the request starts again, and says of each race that it was lost',
  (api, look) => {
    api.put(KEY, {
      ...a,
      metadata: { ...a.metadata, finalizers: ['example.com/hold'], deletionTimestamp: BEGIN },
    })
    const held = { metadata: { finalizers: ['example.com/hold'] }, data: { k: 'v' } }
    const once = ['first mutate UPDATE', 'first validate UPDATE']
    look.begin(async () => void (await api.update('ConfigMap', config('a', held))))
    const expected = [...once, 'first finish false', ...once, 'first finish true']
    look.told(
      api,
      'the calls of the plugin during an update, where somebody else wrote meanwhile',
      expected,
      plugins,
    )
    look.begin(async () => void (await api.merge('a', { metadata: { finalizers: null } })))
    const end = [...once, 'first finish false']
    look.told(api, 'the calls of the plugin during a patch that takes the last finalizer away', end, plugins)
    api.create('ConfigMap', config('b'))
    look.told(api, '', undefined, () => undefined)
    look.begin(async () => void (await api.delete('ConfigMap', at('b'))))
    const twice = ['first validate DELETE', 'first validate DELETE']
    look.told(
      api,
      'the calls of the plugin during a delete, where somebody else wrote meanwhile',
      twice,
      plugins,
    )
  },
  {
    plugins: [{ name: 'first' }],
    rivals: [
      { when: 'before a write', key: KEY, does: { data: { rival: 'was here' } } },
      {
        when: 'before a write',
        key: '/registry/configmaps/default/b',
        does: { data: { rival: 'was here' } },
      },
      {
        when: 'before a write',
        key: '/registry/configmaps/default/b',
        does: { data: { rival: 'was here, too' } },
      },
    ],
  },
)

check(
  'API-29.7',
  'does not know a generated name in mutate, and asks validate alone for another one',
  (api, look) => {
    look.begin(
      async () =>
        void (await api.create('ConfigMap', { metadata: { generateName: 'gen-', namespace: 'default' } })),
    )
    look.told(
      api,
      'each call of the plugin: the name in its request, and whether the object has the same',
      [
        ['mutate', undefined, undefined],
        ['validate', 'gen-', true],
        ['validate', 'gen-', true],
        ['finish', undefined, true, 'gen-'],
      ],
      (told) =>
        told
          .filter(({ from }) => from === 'first')
          .map(({ call, name, stored, object }) => {
            const { metadata } = object as { metadata: { name?: string } }
            return call === 'finish'
              ? [call, name, stored, metadata.name?.slice(0, 4)]
              : [call, name && `${name}`.slice(0, 4), name && name === metadata.name]
          }),
    )
  },
  { plugins: [{ name: 'first' }], rivals: [{ when: 'before a write', does: {} }] },
)

check(
  'API-29.8',
  'lets a plugin choose the name of a new object, and nothing else that only the API sets',
  (api, look, subject) => {
    const created = api.create('ConfigMap', config('a'))
    look.answer(created, 'create, where a plugin sets name, namespace and uid', isConfig('chosen', 3))
    look.answer(
      api.get('ConfigMap', at('chosen')),
      'get of the name that the plugin chose',
      isConfig('chosen', 3),
    )
    api.put(KEY, a)
    const { uid, creationTimestamp } = a.metadata as { uid?: string; creationTimestamp?: string }
    const after = isConfig('a', 5, { metadata: { uid, creationTimestamp }, data: { k: 'v' } })
    look.answer(
      api.update('ConfigMap', config('a', { data: { k: 'v' } })),
      'update, where a plugin sets name, namespace and uid',
      after,
    )
    const versioned = { name: 'first', adds: { metadata: { resourceVersion: '7' } } }
    const other = newApi(subject, { plugins: [versioned] })
    const what = 'create, where a plugin adds a resourceVersion'
    look.refused(other.create('ConfigMap', config('a')), what, versionOnCreate)
  },
  {
    plugins: [
      { name: 'first', adds: { metadata: { name: 'chosen', namespace: 'elsewhere', uid: 'its-own' } } },
    ],
  },
)
