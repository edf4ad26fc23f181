// API-30: what is not stored.

import type { Call } from '../../src/subject/subject.ts'
import { given, jane, loopback, merge } from './asker.ts'
import { check } from './bench.ts'
import { at, badRequest, notAllowed, refusal, stale, unknownResource } from './objects.ts'
import type { Told } from './told.fixture.ts'
import type { Answers } from './virtual.fixture.ts'

const binding = { metadata: at('p'), target: { kind: 'Node', name: 'n1' } }
const answered = { ...binding, metadata: { ...at('p'), uid: 'of-p' } }
const scale = (replicas: number) => ({ metadata: { ...at('r'), resourceVersion: '7' }, spec: { replicas } })
const review = {
  metadata: { name: 'r' },
  spec: { user: 'jane', resourceAttributes: { verb: 'get', resource: 'pods' } },
}

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
      'what the plugin was given: operation, subresource, namespace, name and object',
      [
        ...['mutate', 'validate'].map((call) => [call, 'CREATE', undefined, 'default', 'p', binding]),
        ['finish', 'CREATE', undefined, 'default', 'p', answered],
      ],
      (told) =>
        told
          .filter(({ from }) => from === 'first')
          .map(({ call, operation, subresource, namespace, name, object }) => [
            call,
            operation,
            subresource,
            namespace,
            name,
            object,
          ]),
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
    const reviewed = api.told()
    const question = {
      from: 'access',
      call: 'authorize',
      user: loopback,
      verb: 'create',
      apiGroup: 'authorization.k8s.io',
      resource: 'subjectaccessreviews',
    }
    look.of(reviewed, 'what access was asked for it', [question], (told) =>
      told.filter(({ from }) => from === 'access').map(given),
    )
    look.of(reviewed, 'the name that mutate was given for it', ['r'], (told) =>
      told.filter(({ call }) => call === 'mutate').map(({ name }) => name),
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
/** What no room would answer by itself. */
const unlabelled = { ...scale(1), metadata: { ...scale(1).metadata, labels: null } }
const fiveReplicas = { type: 'merge', patch: { spec: { replicas: 5 } } } as const
/** 409, as the virtual kind of these checks says it. */
const conflicted = stale('update', 'ReplicaSet/scale')

check(
  'API-30.2',
  'reads and updates what is not stored through its virtual kind',
  (api, look) => {
    look.answer(api.get('ReplicaSet/scale', at('r'), { user: jane }), 'get of a ReplicaSet/scale', unlabelled)
    const read = { from: 'ReplicaSet/scale', call: 'get', given: at('r'), user: jane, dryRun: false }
    const calls = (told: Told[], method?: string) =>
      told.filter(({ from, call }) => from === 'ReplicaSet/scale' && call === (method ?? call))
    const got = api.told()
    look.of(got, 'what get of the virtual kind was given', [read], (told) => calls(told))
    look.of(got, 'subresource and name that access was asked for', [['scale', 'r']], (told) =>
      told.filter(({ from }) => from === 'access').map(({ subresource, name }) => [subresource, name]),
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
    look.of(told, 'what get of the virtual kind was given before that update', [read], (told) =>
      calls(told, 'get'),
    )
    look.of(
      told,
      'what update of the virtual kind was given',
      [{ ...read, call: 'update', given: scale(3) }],
      (told) => calls(told, 'update'),
    )
    look.of(told, 'what finish of the plugin was told of that update', [true], finishes)
    look.answer(
      api.update('ReplicaSet/scale', scale(3), { dryRun: true }),
      'a dry run of update of a ReplicaSet/scale',
      scale(3),
    )
    const dry = api.told()
    look.of(dry, 'what finish of the plugin was told of the dry run', [false], finishes)
    look.of(
      dry,
      'whether get and update of the virtual kind were told that it is one',
      [true, true],
      (told) => calls(told).map(({ dryRun }) => dryRun),
    )
    const other = { uid: 'another', resourceVersion: '6' }
    look.refused(
      api.update('ReplicaSet/scale', { ...scale(4), metadata: { ...other, ...at('r') } }),
      'an update with another uid and version, which nobody but the virtual kind refuses',
      badRequest('ReplicaSet/scale refuses'),
    )
    look.told(api, 'what finish of the plugin was told of the update that was refused', [false], finishes)
    look.refused(
      api.update('ReplicaSet/scale', scale(4)),
      'an update that is a conflict for the virtual kind, and is not tried again',
      conflicted,
    )
    look.refused(
      api.patch('ReplicaSet/scale', at('r'), { type: 'merge', patch: { metadata: other } }),
      'a patch to another uid and version, which nobody but the virtual kind refuses, and which is not tried again',
      badRequest('ReplicaSet/scale refuses'),
    )
    look.code(
      api.patch('ReplicaSet/scale', at('r'), fiveReplicas),
      'a patch where the virtual kind says 409 AlreadyExists, which is no Conflict',
      409,
    )
  },
  {
    plugins: [{ name: 'first' }],
    virtual: {
      'ReplicaSet/scale': {
        get: [unlabelled, scale(1)],
        update: [scale(3), scale(3), 'BadRequest', 'Conflict', 'BadRequest', 'AlreadyExists', scale(4)],
      },
    },
  },
)

const conflicts = (times: number): Answers => Array<'Conflict'>(times).fill('Conflict')
/** Two patches go through, the third does not. */
const updates = [...conflicts(4), scale(5), 'Conflict' as const, scale(5), ...conflicts(5), scale(5)]
const twice = ['get', 'update', 'get', 'update']
const fiveTimes = [...twice, ...twice, 'get', 'update']

/** The calls of the virtual kind. */
function attempts(told: Told[]): string[] {
  return told.filter(({ from }) => from === 'ReplicaSet/scale').map(({ call }) => call)
}

check(
  'API-30.3',
  'patches what the virtual kind reads, again after a conflict, five times in all',
  (api, look) => {
    const patched = api.patch('ReplicaSet/scale', at('r'), fiveReplicas)
    look.answer(patched, 'a patch, where the first four updates are conflicts', scale(5))
    const told = api.told()
    look.of(told, 'the calls of the virtual kind during that patch', fiveTimes, attempts)
    look.of(
      told,
      'what its last update was given',
      scale(5),
      (told) => told.filter(({ call }) => call === 'update').at(-1)?.given,
    )
    const dry = api.patch('ReplicaSet/scale', at('r'), fiveReplicas, { dryRun: true })
    look.answer(dry, 'a dry run of a patch, where the first update is a conflict', scale(5))
    const dryTold = api.told()
    look.of(dryTold, 'the calls of the virtual kind during that dry run', twice, attempts)
    const round = ['mutate', 'validate'].map((call) => [call, scale(5), scale(1)])
    look.of(
      dryTold,
      'what mutate and validate of the plugin were given during that dry run: object and oldObject',
      [...round, ...round],
      (told) =>
        told
          .filter(({ call }) => call === 'mutate' || call === 'validate')
          .map(({ call, object, oldObject }) => [call, object, oldObject]),
    )
    const lost = api.patch('ReplicaSet/scale', at('r'), fiveReplicas)
    look.refused(lost, 'a patch, where the first five updates are conflicts', conflicted)
    look.told(api, 'the calls of the virtual kind during that patch', fiveTimes, attempts)
  },
  {
    plugins: [{ name: 'first' }],
    virtual: { 'ReplicaSet/scale': { ...reads, update: updates } },
  },
)

check(
  'API-30.5',
  'does not allow what the virtual kind cannot do, and says so between access and admission',
  (api, look) => {
    const missing = (call: Call<unknown>, what: string) => {
      look.refused(call, what, notAllowed)
      look.told(api, `who was asked during ${what}`, ['access authorize'], steps)
    }
    missing(api.get('Pod/binding', at('p')), 'get')
    missing(api.update('Pod/binding', binding), 'update of what cannot be read')
    missing(api.patch('Pod/binding', at('p'), merge), 'patch of what cannot be read')
    missing(api.create('ReplicaSet/scale', scale(1)), 'create')
    missing(api.update('ReplicaSet/scale', scale(1)), 'update of what can only be read')
    missing(api.patch('ReplicaSet/scale', at('r'), merge), 'patch of what can only be read')
    missing(api.create('SubjectAccessReview', review), 'create of what nobody answers for')
    const kind = 'Pod/binding' as 'Pod'
    missing(api.list(kind), 'list')
    missing(api.delete(kind, at('p')), 'delete')
    missing(api.deleteCollection(kind), 'deleteCollection')
    missing(api.watch.hold(kind).next(), 'the first next() of a watch')
    const status = { subresource: 'status' } as const
    look.refused(
      api.create('Pod/binding', binding, status),
      'create of a Pod/binding with a subresource',
      unknownResource,
    )
    look.refused(
      api.update('ReplicaSet/scale', scale(1), status),
      'update, with a subresource, of what can only be read',
      unknownResource,
    )
  },
  {
    plugins: [{ name: 'first' }],
    virtual: {
      'Pod/binding': { create: [answered], update: [answered] },
      'ReplicaSet/scale': reads,
    },
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

const labels = { 'example.com/first': 'yes' }

check(
  'API-30.4',
  'hands a virtual kind what admission made, and answers what it answers',
  (api, look) => {
    look.answer(api.create('Pod/binding', binding), 'create, where a plugin adds a label', answered)
    look.answer(api.update('ReplicaSet/scale', scale(3)), 'update, where a plugin adds a label', scale(5))
    look.told(
      api,
      'the labels that validate of the plugin, and create and update of the virtual kinds, were given',
      [
        ['first validate', labels],
        ['Pod/binding create', labels],
        ['first validate', labels],
        ['ReplicaSet/scale update', labels],
      ],
      (told) =>
        told
          .filter(({ call }) => call === 'validate' || call === 'create' || call === 'update')
          .map(({ from, call, given, object = given }) => [
            `${from} ${call}`,
            (object as { metadata: { labels?: object } }).metadata.labels,
          ]),
    )
  },
  {
    plugins: [{ name: 'first', adds: { metadata: { labels } } }],
    virtual: {
      'Pod/binding': { create: [answered] },
      'ReplicaSet/scale': { get: [scale(1)], update: [scale(5)] },
    },
  },
)
