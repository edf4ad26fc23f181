// API-30: what is not stored.

import type { Status } from 'kubernetes-types/meta/v1'
import type { Call } from '../../src/subject/subject.ts'
import type { Answers, Told } from '../03-api.fixture.ts'
import { given, jane, loopback, merge } from './asker.ts'
import { check } from './bench.ts'
import { at, badRequest, notAllowed, refusal, unknownResource } from './objects.ts'

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
    look.refused(
      api.patch('ReplicaSet/scale', at('r'), { type: 'merge', patch: { spec: { replicas: 4 } } }),
      'a patch that the virtual kind refuses, which is no conflict and is not tried again',
      badRequest('ReplicaSet/scale refuses'),
    )
  },
  {
    plugins: [{ name: 'first' }],
    virtual: {
      'ReplicaSet/scale': {
        ...reads,
        update: [scale(3), scale(3), 'BadRequest', 'Conflict', 'BadRequest', scale(4)],
      },
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
