// API-30: what is not stored.

import type { Call } from '../../src/subject/subject.ts'
import { given, jane, loopback, merge } from './asker.ts'
import { check } from './bench.ts'
import { at, badRequest, namespaceMissing, notAllowed, refusal, unknownResource } from './objects.ts'
import { finishes, scale, steps } from './virtual-asked.ts'

const binding = { metadata: at('p'), target: { kind: 'Node', name: 'n1' } }
const answered = { ...binding, metadata: { ...at('p'), uid: 'of-p' } }
/** The namespace says nothing: it is in none. */
const review = {
  metadata: { name: 'r', namespace: 'default' },
  spec: { user: 'jane', resourceAttributes: { verb: 'get', resource: 'pods' } },
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
      'what the plugin was given',
      ['mutate', 'validate', 'finish'].map((call) => ({
        call,
        operation: 'CREATE',
        kind: 'Pod/binding',
        ...at('p'),
        user: jane,
        dryRun: true,
        object: call === 'finish' ? answered : binding,
      })),
      (told) =>
        told.filter(({ from }) => from === 'first').map(({ from: _, stored: __, ...asked }) => given(asked)),
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
    look.asked(api, 'what finish of the plugin was told of that create', [true], finishes)
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
    look.of(reviewed, 'name and namespace that mutate was given for it', [['r', undefined]], (told) =>
      told.filter(({ call }) => call === 'mutate').map(({ name, namespace }) => [name, namespace]),
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

check(
  'API-30.5',
  'does not allow what the virtual kind cannot do, and says so between access and admission',
  (api, look) => {
    const missing = (call: Call<unknown>, what: string) => {
      look.refused(call, what, notAllowed)
      look.asked(api, `who was asked during ${what}`, ['access authorize'], steps)
    }
    missing(api.get('Pod/binding', at('p')), 'get')
    missing(api.update('Pod/binding', binding), 'update of what cannot be read')
    missing(api.patch('Pod/binding', at('p'), merge), 'patch of what cannot be read')
    missing(api.create('ReplicaSet/scale', scale(1)), 'create')
    missing(api.update('ReplicaSet/scale', scale(1)), 'update of what can only be read')
    missing(api.patch('ReplicaSet/scale', at('r'), merge), 'patch of what can only be read')
    missing(api.create('SubjectAccessReview', review), 'create of what nobody answers for')
    const kind = 'Pod/binding' as 'Pod'
    const wrong = { labelSelector: 'a in (' }
    missing(api.list(kind, { resourceVersionMatch: 'Exact' }), 'a list whose options do not go together')
    missing(api.delete(kind, at('p')), 'delete')
    missing(api.deleteCollection(kind, wrong), 'deleteCollection with a bad selector')
    missing(api.watch.hold(kind, wrong).next(), 'the first next() of a watch with a bad selector')
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
    look.refused(api.get('ReplicaSet/scale', { name: 'r' }), 'get without a namespace', namespaceMissing)
    const sentence =
      'User "system:apiserver" cannot create resource "pods/binding" in API group "" in the namespace "default"'
    const status = refusal(403, 'Forbidden', `pods "p" is forbidden: ${sentence}: no`, {
      name: 'p',
      kind: 'pods',
    })
    look.refused(api.create('Pod/binding', binding), 'create of a Pod/binding', status)
    look.asked(api, 'who was asked during get without a name and create', ['access authorize'], steps)
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
