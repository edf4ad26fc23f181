// API-30: reading and changing what is not stored.

import { jane } from './asker.ts'
import { check } from './bench.ts'
import { at, badRequest, stale } from './objects.ts'
import type { Told } from './told.fixture.ts'
import type { Answers } from './virtual.fixture.ts'
import { finishes, scale, steps } from './virtual-asked.ts'

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
    const got = api.asked()
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
    const dry = api.asked()
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
    look.asked(api, 'what finish of the plugin was told of the update that was refused', [false], finishes)
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
    api.asked()
    const labelled = { type: 'merge', patch: { metadata: { labels: 'x' } } } as const
    look.code(api.patch('ReplicaSet/scale', at('r'), labelled), 'a patch that makes the labels a text', 400)
    const before = ['access authorize', 'ReplicaSet/scale get']
    look.asked(api, 'who was asked during that patch, in this order', before, steps)
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
    look.of(
      told,
      'what each finish of the plugin was told of that patch',
      [false, false, false, false, true],
      finishes,
    )
    const dry = api.patch('ReplicaSet/scale', at('r'), fiveReplicas, { user: jane, dryRun: true })
    look.answer(dry, 'a dry run of a patch, where the first update is a conflict', scale(5))
    const dryTold = api.told()
    look.of(dryTold, 'the calls of the virtual kind during that dry run', twice, attempts)
    look.of(
      dryTold,
      'user and dryRun that the virtual kind was given in each of them',
      twice.map(() => [jane, true]),
      (told) =>
        told.filter(({ from }) => from === 'ReplicaSet/scale').map(({ user, dryRun }) => [user, dryRun]),
    )
    look.of(dryTold, 'what each finish of the plugin was told of that dry run', [false, false], finishes)
    const round = ['mutate', 'validate', 'finish'].map((call) => [call, scale(5), scale(1)])
    look.of(
      dryTold,
      'what the plugin was given during that dry run: object and oldObject',
      [...round, ...round],
      (told) =>
        told
          .filter(({ from }) => from === 'first')
          .map(({ call, object, oldObject }) => [call, object, oldObject]),
    )
    const lost = api.patch('ReplicaSet/scale', at('r'), fiveReplicas)
    look.refused(lost, 'a patch, where the first five updates are conflicts', conflicted)
    look.asked(api, 'the calls of the virtual kind during that patch', fiveTimes, attempts)
  },
  {
    plugins: [{ name: 'first' }],
    virtual: { 'ReplicaSet/scale': { get: [scale(1, '6'), scale(1)], update: updates } },
  },
)
