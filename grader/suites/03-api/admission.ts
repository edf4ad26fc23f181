// API-29: which plugins are asked, and when.

import type { Call } from '../../src/subject/subject.ts'
import { check } from './bench.ts'
import { held } from './deleted.ts'
import { a, KEY } from './known-config.ts'
import { at, BEGIN, badRequest, config, dataOf, isPod, pod, wrongShape } from './objects.ts'
import type { Told } from './told.fixture.ts'

/** Where other objects of these checks are in the store. */
const B = '/registry/configmaps/default/b'
const F = '/registry/configmaps/default/f'
const POD = '/registry/pods/default/p'

const two = ['first', 'second']
const three = [...two, 'third']

/** The same of each of these plugins. */
function each(names: string[], what: string): string[] {
  return names.map((name) => `${name} ${what}`)
}

/** What two plugins are asked about a write that comes to its end, and about one that is refused before that. */
function asked(operation: string, stored: boolean): string[] {
  return [
    ...each(two, `mutate ${operation}`),
    ...each(two, `validate ${operation}`),
    ...each(two, `finish ${stored}`),
  ]
}
function mutated(operation: string): string[] {
  return [...each(two, `mutate ${operation}`), ...each(two, 'finish false')]
}

/** What plugins were asked, in words: `first mutate CREATE`, `first finish true`. */
function calls(told: Told[]): string[] {
  return told
    .filter(({ from }) => three.includes(from))
    .map(({ from, call, operation = '', stored = operation }) => `${from} ${call} ${stored}`.trimEnd())
}

/** The same. Which of several plugins hears first of the outcome is nobody's business: they come in their order. */
function phases(told: Told[]): string[] {
  const isFinish = (call: string) => call.includes(' finish ')
  return calls(told).sort((one, other) => (isFinish(one) && isFinish(other) ? (one < other ? -1 : 1) : 0))
}

check(
  'API-29.1',
  'asks the plugins in order before each write, and tells them what came of it',
  (api, look) => {
    const during = (call: Call<unknown>, what: string, expected: string[]) => {
      look.begin(async () => void (await call.settled()))
      look.asked(api, `the calls of the plugins during ${what}`, expected, phases)
    }
    const dry = { dryRun: true }
    during(api.create('ConfigMap', config('a')), 'create', asked('CREATE', true))
    during(api.update('ConfigMap', config('a', { data: { k: 'v' } })), 'update', asked('UPDATE', true))
    during(api.merge('a', { data: { k: 'w' } }), 'patch', asked('UPDATE', true))
    during(api.merge('a', { data: { k: 'w' } }), 'a patch that changes nothing', asked('UPDATE', false))
    during(api.merge('a', { data: { k: 'x' } }, dry), 'a dry run of a patch', asked('UPDATE', false))
    during(api.create('ConfigMap', config('b'), dry), 'a dry run of create', asked('CREATE', false))
    during(api.create('ConfigMap', config('a')), 'create of what is there', asked('CREATE', false))
    const old = { metadata: { resourceVersion: '1' } }
    during(api.create('ConfigMap', config('b', old)), 'create with a resourceVersion', asked('CREATE', false))
    const blank = { metadata: { labels: { a: ' ' } } }
    during(api.create('ConfigMap', config('b', blank)), 'create of what is invalid', mutated('CREATE'))
    during(api.merge('a', blank), 'a patch that is invalid', mutated('UPDATE'))
    during(api.update('ConfigMap', config('a', blank)), 'update that is invalid', mutated('UPDATE'))
    during(api.merge('a', old), 'a patch of an old version', mutated('UPDATE'))
    during(api.update('ConfigMap', config('a', old)), 'update of an old version', mutated('UPDATE'))
    during(api.get('ConfigMap', at('a')), 'get', [])
    during(api.update('ConfigMap', config('nope')), 'update of nothing', [])
    const other = config('a', { metadata: { uid: 'another' } })
    during(api.update('ConfigMap', other), 'update with another uid', [])
    during(api.merge('a', { metadata: { name: 'b' } }), 'a patch to another name', [])
    during(
      api.create('ConfigMap', { metadata: { name: 'a', namespace: 'ghost' } }),
      'create in no namespace',
      [],
    )
    const deleted = each(two, 'validate DELETE')
    during(api.delete('ConfigMap', at('a'), dry), 'a dry run of delete', deleted)
    during(api.delete('ConfigMap', at('a'), { preconditions: { uid: 'x' } }), 'delete of another one', [])
    api.create('ConfigMap', config('b', held))
    api.create('ConfigMap', config('c'))
    api.asked()
    during(api.delete('ConfigMap', at('b')), 'delete of what has a finalizer', deleted)
    during(api.delete('ConfigMap', at('b')), 'a second delete of it', deleted)
    api.deleteCollection('ConfigMap')
    const thrice = deleted.flatMap((line) => [line, line, line])
    look.asked(api, 'the calls of the plugins during deleteCollection of three', thrice, (told) =>
      calls(told).sort(),
    )
  },
  { plugins: [{ name: 'first' }, { name: 'second' }] },
)

check(
  'API-29.2',
  'refuses what a plugin refuses in mutate, and asks no other',
  (api, look) => {
    api.put(KEY, a)
    const expected = (operation: string) => [...each(two, `mutate ${operation}`), 'first finish false']
    const during = (call: Call<unknown>, what: string, operation: string) => {
      look.refused(call, what, badRequest('second'))
      const told = api.told()
      look.of(told, `the calls of the plugins during ${what}`, expected(operation), phases)
      look.of(told, `the data that finish was given after ${what}`, [{ plugin: 'was here' }], (told) =>
        told.filter(({ call }) => call === 'finish').map(({ object }) => dataOf(object as object)),
      )
    }
    during(api.create('ConfigMap', config('b')), 'create', 'CREATE')
    during(api.merge('a', { metadata: { labels: { x: '1' } } }), 'patch', 'UPDATE')
    look.revision(api, 'afterwards', 3)
  },
  {
    plugins: [
      { name: 'first', adds: { data: { plugin: 'was here' } } },
      { name: 'second', refuses: 'mutate' },
      { name: 'third' },
    ],
  },
)

check(
  'API-29.3',
  'refuses what a plugin refuses in validate, and asks no other',
  (api, look) => {
    api.put(KEY, a)
    const expected = (operation: string) => [
      ...each(three, `mutate ${operation}`),
      ...each(two, `validate ${operation}`),
      ...each(three, 'finish false'),
    ]
    look.refused(api.create('ConfigMap', config('b')), 'create', badRequest('second'))
    look.asked(api, 'the calls of the plugins during create', expected('CREATE'), phases)
    look.refused(api.merge('a', { data: { k: 'v' } }), 'patch', badRequest('second'))
    look.asked(api, 'the calls of the plugins during patch', expected('UPDATE'), phases)
    look.refused(api.delete('ConfigMap', at('a')), 'delete', badRequest('second'))
    look.asked(api, 'the calls of the plugins during delete', each(two, 'validate DELETE'), phases)
    look.revision(api, 'afterwards', 3)
  },
  { plugins: [{ name: 'first' }, { name: 'second', refuses: 'validate' }, { name: 'third' }] },
)

check(
  'API-29.4',
  'refuses what a plugin makes that has not the shape of an object',
  (api, look) => {
    api.put(KEY, a)
    const created = api.create('ConfigMap', config('b'))
    look.refused(created, 'create, where the second plugin makes the labels a text', wrongShape)
    look.asked(api, 'the calls of the plugins during that create', mutated('CREATE'), phases)
    const patched = api.merge('a', { data: { k: 'v' } })
    look.refused(patched, 'a patch, where the second plugin makes the labels a text', wrongShape)
    look.asked(api, 'the calls of the plugins during that patch', mutated('UPDATE'), phases)
    look.revision(api, 'afterwards', 3)
  },
  {
    plugins: [{ name: 'first' }, { name: 'second', adds: { metadata: { labels: 'x' } } }, { name: 'third' }],
  },
)

/** The data of object and oldObject in each call of `mutate` and `finish`. */
function dataGiven(told: Told[]): unknown {
  return told
    .filter(({ call }) => call === 'mutate' || call === 'finish')
    .map(({ call, object, oldObject }) => [call, dataOf(object as object), dataOf(oldObject as object)])
}

check(
  'API-29.5',
  'asks again when the request starts again, and says of each race that it was lost',
  async (api, look, { clock }) => {
    api.put(KEY, a)
    const once = ['first mutate UPDATE', 'first validate UPDATE']
    api.update('ConfigMap', config('a', { data: { k: 'v' } }))
    await clock.advance(2)
    const updated = api.told()
    look.of(
      updated,
      'the calls of the plugin, whose finish takes a while, during an update, where somebody else wrote meanwhile',
      [...once, 'first finish false', 'first finished', ...once, 'first finish true', 'first finished'],
      calls,
    )
    const made = { k: 'v', plugin: 'was here' }
    const rival = { rival: 'was here' }
    look.of(
      updated,
      'the data of object and oldObject in mutate and finish during that update, where the plugin adds some',
      [
        ['mutate', { k: 'v' }, undefined],
        ['finish', made, undefined],
        ['mutate', { k: 'v' }, rival],
        ['finish', made, rival],
      ],
      dataGiven,
    )
    const going = { ...a.metadata, ...held.metadata, name: 'f', deletionTimestamp: BEGIN }
    api.put(F, { ...a, metadata: going, data: { plugin: 'was here' } })
    api.merge('f', { metadata: { finalizers: null } })
    await clock.advance(1)
    const end = [...once, 'first finish false', 'first finished']
    look.asked(api, 'the calls of the plugin during a patch that takes the last finalizer away', end, calls)
    api.put(B, { ...a, ...config('b', { metadata: { ...a.metadata, name: 'b' } }) })
    api.delete('ConfigMap', at('b'))
    const twice = ['first validate DELETE', 'first validate DELETE']
    look.asked(
      api,
      'the calls of the plugin during a delete, where somebody else wrote meanwhile',
      twice,
      calls,
    )
  },
  {
    plugins: [{ name: 'first', adds: { data: { plugin: 'was here' } }, lingers: true }],
    rivals: [
      { when: 'before a write', key: KEY, does: { data: { rival: 'was here' } } },
      { when: 'before a write', key: B, does: { data: { rival: 'was here' } } },
    ],
  },
)

check(
  'API-29.11',
  'asks again about a subresource, and a plugin twice that stands twice in the list',
  (api, look) => {
    api.put(POD, isPod('p', 0))
    api.update('Pod', { ...pod('p'), status: { message: 'mine' } }, { subresource: 'status' })
    const told = api.told()
    const during = 'during an update of the status, where somebody else wrote into the status meanwhile'
    const twice = ['first', 'first']
    const once = [...each(twice, 'mutate UPDATE'), ...each(twice, 'validate UPDATE')]
    const expected = [...once, ...each(twice, 'finish false'), ...once, ...each(twice, 'finish true')]
    look.of(told, `the calls of the plugin ${during}`, expected, calls)
    look.of(
      told,
      `the reason in the status of the oldObject that mutate was given ${during}`,
      [undefined, undefined, 'Rival', 'Rival'],
      (told) =>
        told
          .filter(({ call }) => call === 'mutate')
          .map(({ oldObject }) => (oldObject as { status: { reason?: string } }).status.reason),
    )
  },
  {
    plugins: [{ name: 'first', twice: true }],
    rivals: [{ when: 'before a write', key: POD, does: { status: { reason: 'Rival' } } }],
  },
)
