// API-28 to API-30: whom the API asks, and what is not stored.
import type { ConfigMap } from 'kubernetes-types/core/v1'
import type { Status } from 'kubernetes-types/meta/v1'
import type { Call } from '../../src/subject/subject.ts'
import type { Answers, Told } from '../03-api.fixture.ts'
import { check, newApi, withoutUids } from './bench.ts'
import {
  at,
  BEGIN,
  badRequest,
  config,
  isConfig,
  isSet,
  notAllowed,
  refusal,
  set,
  taken,
  unknownResource,
  versionOnCreate,
  wrongShape,
} from './objects.ts'

const jane = { name: 'jane', groups: ['dev'] }
const loopback = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] }
const merge = { type: 'merge', patch: { metadata: { labels: { x: '1' } } } } as const
const KEY = '/registry/configmaps/default/a'
const a = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  ...config('a', { metadata: { uid: 'of-a', creationTimestamp: BEGIN } }),
}

// API-28: access

/** Without what is not given. */
function given(told: object): object {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}

check('API-28.1', 'asks access once for each request, before the store, with what applies', (api, look) => {
  api.put(KEY, a)
  const asked = (call: Call<unknown>, what: string, attributes: object) => {
    look.begin(async () => void (await call.settled()))
    const question = { user: loopback, apiGroup: '', resource: 'configmaps', ...attributes }
    const told = api.told()
    look.of(told, `each question to access during ${what}`, [question], (told) =>
      told
        .filter(({ from }) => from === 'access')
        .map(({ from: _from, call: _call, ...asked }) => given(asked)),
    )
    look.of(
      told,
      `who was asked first during ${what}, access or the store`,
      'access',
      ([first]) => first?.from,
    )
  }
  const here = { namespace: 'default' }
  const named = { ...here, name: 'a' }
  asked(api.create('ConfigMap', config('b')), 'create', { verb: 'create', ...here })
  asked(api.get('ConfigMap', at('a')), 'get', { verb: 'get', ...named })
  asked(api.update('ConfigMap', config('a')), 'update', { verb: 'update', ...named })
  asked(api.patch('ConfigMap', at('a'), merge, { user: jane }), 'a patch by jane', {
    verb: 'patch',
    ...named,
    user: jane,
  })
  asked(api.list('ConfigMap'), 'list', { verb: 'list' })
  asked(api.list('ConfigMap', { ...here, user: jane }), 'a list by jane', {
    verb: 'list',
    ...here,
    user: jane,
  })
  asked(api.watch.hold('ConfigMap', { ...here, resourceVersion: '3' }).next(), 'watch', {
    verb: 'watch',
    ...here,
  })
  asked(api.delete('ConfigMap', at('b')), 'delete', { verb: 'delete', ...named, name: 'b' })
  asked(api.deleteCollection('ConfigMap', here), 'deleteCollection', { verb: 'deletecollection', ...here })
  const apps = { apiGroup: 'apps', resource: 'replicasets', subresource: 'status', ...named }
  asked(api.update('ReplicaSet', set('a'), { subresource: 'status' }), 'a status', {
    verb: 'update',
    ...apps,
  })
  const shapeless = config('a', { metadata: { labels: 'x' } })
  look.refused(api.create('ConfigMap', shapeless), 'create with labels that are a text', wrongShape)
  look.refused(api.update('ConfigMap', shapeless), 'update with labels that are a text', wrongShape)
  const nameless = config('', { metadata: { labels: 'x' } })
  look.refused(
    api.update('ConfigMap', nameless),
    'update with labels that are a text, without a name',
    wrongShape,
  )
  const nowhere = { metadata: { name: 'b', labels: 'x' } } as object as ConfigMap
  look.refused(
    api.create('ConfigMap', nowhere),
    'create with labels that are a text, in no namespace',
    wrongShape,
  )
  look.told(api, 'what anybody was asked during these four', [], (told) => told)
  const namespaces = { verb: 'get', resource: 'namespaces', name: 'default' }
  asked(api.get('Namespace', { name: 'default', namespace: 'x' }), 'a Namespace', namespaces)
})

check(
  'API-28.2',
  'refuses what access does not allow, whatever is there, and leaves the store alone',
  (api, look) => {
    api.put(KEY, a)
    const refused = (call: Call<unknown>, what: string, verb: string, name = '', resource = 'configmaps') => {
      const where = resource === 'namespaces' ? 'at the cluster scope' : 'in the namespace "default"'
      const sentence = `User "jane" cannot ${verb} resource "${resource}" in API group "" ${where}: too late`
      const subject = name ? `${resource.split('/')[0]} "${name}"` : resource
      const details = { ...(name && { name }), kind: resource.split('/')[0] }
      look.refused(call, what, refusal(403, 'Forbidden', `${subject} is forbidden: ${sentence}`, details))
    }
    const user = { user: jane }
    refused(api.create('ConfigMap', config('a'), user), 'create', 'create')
    refused(api.get('ConfigMap', at('nope'), user), 'get of what is not there', 'get', 'nope')
    refused(api.update('ConfigMap', config('nope'), user), 'update of what is not there', 'update', 'nope')
    refused(api.patch('ConfigMap', at('a'), merge, user), 'patch', 'patch', 'a')
    const wrong = { ...user, namespace: 'default', labelSelector: 'a in (' }
    refused(api.list('ConfigMap', wrong), 'a list with a bad selector', 'list')
    const watch = api.watch.hold('ConfigMap', wrong)
    refused(watch.next(), 'the first next() of a watch', 'watch')
    look.over(watch.next(), 'next() after that')
    refused(api.delete('ConfigMap', at('a'), user), 'delete', 'delete', 'a')
    refused(
      api.deleteCollection('ConfigMap', { ...user, namespace: 'default' }),
      'deleteCollection',
      'deletecollection',
    )
    refused(api.get('Namespace', { name: 'x' }, user), 'get of a Namespace', 'get', 'x', 'namespaces')
    const status = { ...user, subresource: 'status' } as const
    refused(
      api.update('ConfigMap', config('a'), status),
      'a subresource that there is not',
      'update',
      'a',
      'configmaps/status',
    )
    look.told(api, 'what the store was asked during these requests, all of them refused', [], (told) =>
      told.filter(({ from }) => from === 'store'),
    )
  },
  { denied: 'too late' },
)

// API-29: admission

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
    asked(api.deleteCollection('ConfigMap'), 'deleteCollection of three', [
      ...deleted,
      ...deleted,
      ...deleted,
    ])
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

// API-30: what is not stored

const binding = { metadata: at('p'), target: { kind: 'Node', name: 'n1' } }
const answered = { ...binding, metadata: { ...at('p'), uid: 'of-p' } }
const scale = (replicas: number) => ({ metadata: { ...at('r'), resourceVersion: '7' }, spec: { replicas } })
const review = { spec: { user: 'jane', resourceAttributes: { verb: 'get', resource: 'pods' } } }

/** What each `finish` was told: whether the object was stored. */
function finishes(told: Told[]): unknown[] {
  return told.filter(({ call }) => call === 'finish').map(({ stored }) => stored)
}

/** What was asked of access, plugins and the virtual kinds, as pairs. */
function steps(told: Told[]): string[] {
  return told.filter(({ from }) => from !== 'store').map(({ from, call }) => `${from} ${call}`)
}

check(
  'API-30.1',
  'creates what is not stored through its virtual kind, after access and admission',
  (api, look) => {
    look.answer(
      api.create('Pod/binding', binding, { user: jane, dryRun: true }),
      'a dry run of create of a Pod/binding',
      answered,
    )
    const asked = {
      from: 'access',
      call: 'authorize',
      user: jane,
      verb: 'create',
      apiGroup: '',
      resource: 'pods',
      subresource: 'binding',
      ...at('p'),
    }
    const all = ['access authorize', 'first mutate', 'first validate', 'Pod/binding create', 'first finish']
    const told = api.told()
    look.of(told, 'who was asked during that create, in this order', all, steps)
    look.of(told, 'what access was asked', [asked], (told) =>
      told.filter(({ from }) => from === 'access').map(given),
    )
    look.of(
      told,
      'what mutate and validate of the plugin were given: operation, subresource and object',
      ['mutate', 'validate'].map((call) => [call, 'CREATE', undefined, binding]),
      (told) =>
        told
          .filter(({ from, call }) => from === 'first' && call !== 'finish')
          .map(({ call, operation, subresource, object }) => [call, operation, subresource, object]),
    )
    look.of(told, 'what finish of the plugin was told of a dry run', [false], finishes)
    look.of(
      told,
      'what create of the virtual kind was given',
      [{ from: 'Pod/binding', call: 'create', given: binding, user: jane, dryRun: true }],
      (told) => told.filter(({ from }) => from === 'Pod/binding'),
    )
    look.revision(api, 'afterwards', 2)
    const ghost = api.create('Pod/binding', { ...binding, metadata: { name: 'p', namespace: 'ghost' } })
    look.answer(ghost, 'create of a Pod/binding in a namespace that does not exist', answered)
    look.told(api, 'what finish of the plugin was told of that create', [true], finishes)
    look.answer(
      api.create('SubjectAccessReview', review),
      'create of a SubjectAccessReview, which is in no namespace',
      {
        status: { allowed: true },
      },
    )
    look.told(
      api,
      'what access was asked for it',
      [
        {
          from: 'access',
          call: 'authorize',
          user: loopback,
          verb: 'create',
          apiGroup: 'authorization.k8s.io',
          resource: 'subjectaccessreviews',
        },
      ],
      (told) => told.filter(({ from }) => from === 'access').map(given),
    )
  },
  {
    plugins: [{ name: 'first' }],
    virtual: {
      'Pod/binding': { create: [answered] },
      SubjectAccessReview: { create: [{ status: { allowed: true } }] },
    },
  },
)

const reads = { get: [scale(1)] }
const modified = 'the object has been modified; please apply your changes to the latest version and try again'

check(
  'API-30.2',
  'reads and updates what is not stored through its virtual kind',
  (api, look) => {
    look.answer(api.get('ReplicaSet/scale', at('r'), { user: jane }), 'get of a ReplicaSet/scale', scale(1))
    const call = { user: jane, dryRun: false }
    look.told(
      api,
      'what get of the virtual kind was given',
      [{ from: 'ReplicaSet/scale', call: 'get', given: at('r'), ...call }],
      (told) => told.filter(({ from }) => from === 'ReplicaSet/scale'),
    )
    look.answer(
      api.update('ReplicaSet/scale', scale(3), { user: jane }),
      'update of a ReplicaSet/scale',
      scale(3),
    )
    const all = [
      'access authorize',
      'ReplicaSet/scale get',
      'first mutate',
      'first validate',
      'ReplicaSet/scale update',
      'first finish',
    ]
    const told = api.told()
    look.of(told, 'who was asked during that update, in this order', all, steps)
    look.of(
      told,
      'what mutate and validate of the plugin were given: object and oldObject',
      ['mutate', 'validate'].map((call) => [call, scale(3), scale(1)]),
      (told) =>
        told
          .filter(({ call }) => call === 'mutate' || call === 'validate')
          .map(({ call, object, oldObject }) => [call, object, oldObject]),
    )
    look.of(told, 'what update of the virtual kind was given', [[scale(3), jane, false]], (told) =>
      told.filter(({ call }) => call === 'update').map(({ given, user, dryRun }) => [given, user, dryRun]),
    )
    look.of(told, 'what finish of the plugin was told of that update', [true], finishes)
    look.answer(
      api.update('ReplicaSet/scale', scale(3), { dryRun: true }),
      'a dry run of update of a ReplicaSet/scale',
      scale(3),
    )
    look.told(api, 'what finish of the plugin was told of the dry run', [false], finishes)
    look.refused(
      api.update('ReplicaSet/scale', scale(4)),
      'an update that the virtual kind refuses',
      badRequest('ReplicaSet/scale refuses'),
    )
    look.told(api, 'what finish of the plugin was told of the update that was refused', [false], finishes)
    const message = 'Operation cannot be fulfilled on ReplicaSet/scale "update": '
    look.refused(
      api.update('ReplicaSet/scale', scale(4)),
      'an update that is a conflict for the virtual kind, and is not tried again',
      refusal(409, 'Conflict', `${message}${modified}`, { name: 'update', kind: 'ReplicaSet/scale' }),
    )
  },
  {
    plugins: [{ name: 'first' }],
    virtual: {
      'ReplicaSet/scale': { ...reads, update: [scale(3), scale(3), 'BadRequest', 'Conflict', scale(4)] },
    },
  },
)

const conflicts = (times: number): Answers => [...Array<'Conflict'>(times).fill('Conflict'), scale(5)]

for (const [i, times] of [4, 5].entries()) {
  check(
    `API-30.${i + 3}`,
    times === 4
      ? 'patches what the virtual kind reads, again after a conflict'
      : 'patches five times, and no more',
    (api, look) => {
      const patch = { type: 'merge', patch: { spec: { replicas: 5 } } } as const
      const call = api.patch('ReplicaSet/scale', at('r'), patch)
      const message = 'Operation cannot be fulfilled on ReplicaSet/scale "update": '
      const details = { name: 'update', kind: 'ReplicaSet/scale' }
      const status: Status = refusal(409, 'Conflict', `${message}${modified}`, details)
      if (times === 4)
        look.answer(call, 'a patch, where the first four updates of the virtual kind are conflicts', scale(5))
      else look.refused(call, 'a patch, where each update of the virtual kind is a conflict', status)
      const attempt = ['get', 'update']
      const told = api.told()
      const asked = (told: Told[]) => told.filter(({ from }) => from === 'ReplicaSet/scale')
      const attempts = Array.from({ length: 5 }, () => attempt).flat()
      look.of(told, 'the calls of the virtual kind', attempts, (told) => asked(told).map(({ call }) => call))
      look.of(told, 'what its last update was given', scale(5), (told) => asked(told).at(-1)?.given)
    },
    { virtual: { 'ReplicaSet/scale': { ...reads, update: conflicts(times) } } },
  )
}

check(
  'API-30.5',
  'does not allow what the virtual kind cannot do, and says so between access and admission',
  (api, look) => {
    const missing = (call: Call<unknown>, what: string) => {
      look.refused(call, what, notAllowed)
      look.told(api, `who was asked during ${what}`, ['access authorize'], steps)
    }
    missing(api.get('Pod/binding', at('p')), 'get')
    missing(api.update('Pod/binding', binding), 'update')
    missing(api.patch('Pod/binding', at('p'), merge), 'patch')
    missing(api.create('ReplicaSet/scale', scale(1)), 'create')
    missing(api.update('ReplicaSet/scale', scale(1)), 'update of what can only be read')
    missing(api.create('SubjectAccessReview', review), 'create of what nobody answers for')
    const kind = 'Pod/binding' as 'Pod'
    missing(api.list(kind), 'list')
    missing(api.delete(kind, at('p')), 'delete')
    missing(api.deleteCollection(kind), 'deleteCollection')
    missing(api.watch.hold(kind).next(), 'the first next() of a watch')
    look.refused(
      api.create('Pod/binding', binding, { subresource: 'status' }),
      'create of a Pod/binding with a subresource',
      unknownResource,
    )
  },
  {
    plugins: [{ name: 'first' }],
    virtual: { 'Pod/binding': { create: [answered] }, 'ReplicaSet/scale': reads },
  },
)

check(
  'API-30.6',
  'asks access and wants a name, as for every other kind',
  (api, look) => {
    look.refused(
      api.get('ReplicaSet/scale', at('')),
      'get without a name',
      badRequest('resource name may not be empty'),
    )
    const sentence =
      'User "system:apiserver" cannot create resource "pods/binding" in API group "" in the namespace "default"'
    const status = refusal(403, 'Forbidden', `pods "p" is forbidden: ${sentence}: no`, {
      name: 'p',
      kind: 'pods',
    })
    look.refused(api.create('Pod/binding', binding), 'create of a Pod/binding', status)
    look.told(api, 'who was asked during get without a name and create', ['access authorize'], steps)
  },
  { denied: 'no', plugins: [{ name: 'first' }], virtual: { 'Pod/binding': { create: [answered] } } },
)
