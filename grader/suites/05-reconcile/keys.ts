// RC-12: from changes to keys.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Call } from '../../src/subject/subject.ts'
import { answered, stillWaits } from './informer-bench.ts'
import { ScriptedApi } from './scripted-api.ts'
import type * as Fixture from './source.fixture.ts'

// RC-12: sources

check('RC-12.1', 'turns the changes of an informer into keys', async (subject) => {
  const api = new ScriptedApi()
  const item = (...keys: string[]) =>
    api.make('a', { data: Object.fromEntries(keys.map((key) => [key, ''])) })
  const rig = subject.room<typeof Fixture>('fixture/source').construct('SourceRig', item('there'))
  const start = rig.start.patient()
  const looks: [string, Call<{ keys: string[] }>, string[]][] = []
  const look = (what: string, keys: string[]) => looks.push([what, rig.look(), keys])
  await subject.clock.advance(0)
  const { informer, keys } = await rig.look()
  expect(informer, 'what the informer was asked for by start()').toEqual(['addHandler', 'start'])
  expect(keys, 'the keys that are added for an object that was there before start()').toEqual(['there'])
  await stillWaits(subject, start, 'start() before the informer has started')
  rig.added(item('web', 'api'))
  look('added, and concerns api and web', ['api', 'web'])
  rig.updated(item('web', 'old'), item('web', 'new'))
  look('updated, and concerned web and old, and now concerns web and new', ['new', 'old', 'web'])
  rig.deleted(item('web', 'api'))
  look('deleted, and concerned api and web', ['api', 'web'])
  rig.added(item())
  look('added, and concerns nobody', [])
  for (const [what, call, keys] of looks)
    expect((await call).keys, `the keys that are added for an object that was ${what}`).toEqual(keys)
  rig.end()
  await answered(subject, start, 'start() when the informer has started')
  const stop = rig.stop.patient()
  const asked = rig.look()
  await stillWaits(subject, stop, 'stop() before the informer has stopped')
  expect((await asked).informer, 'what the informer was asked for by stop()').toEqual(['stop'])
  rig.end()
  await answered(subject, stop, 'stop() when the informer has stopped')
})

check('RC-12.2', 'knows the key of an object itself', async (subject) => {
  const { call } = subject.room<typeof Fixture>('fixture/source')
  const api = new ScriptedApi()
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: 'web',
    uid: 'uid of web',
    controller: true,
  }
  const calls = [
    call('keysOfItself', { ...api.make('web-1').metadata, ownerReferences: [owner] }),
    call('keysOfItself', api.make('node-1', { namespace: undefined }).metadata),
  ]
  expect(await calls[0], 'the keys of default/web-1, which default/web owns').toEqual(['default/web-1'])
  expect(await calls[1], 'the keys of node-1, which is in no namespace').toEqual(['node-1'])
})

check('RC-12.3', 'knows the key of the owner that controls an object', async (subject) => {
  const { call } = subject.room<typeof Fixture>('fixture/source')
  const { metadata } = new ScriptedApi().make('web-1')
  const owner = (name: string, more: object = {}) => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name,
    uid: `uid of ${name}`,
    controller: true,
    ...more,
  })
  const cases: [string, object[] | undefined, string[]][] = [
    ['its controller', [owner('web')], ['default/web']],
    ['no owner', undefined, []],
    ['an empty list of owners', [], []],
    ['an owner that does not control it', [owner('web', { controller: false })], []],
    ['an owner that does not say', [owner('web', { controller: undefined })], []],
    ['a second owner that controls it', [owner('a', { controller: false }), owner('b')], ['default/b']],
    [
      'a controller whose deletion waits for nobody',
      [owner('web', { blockOwnerDeletion: false })],
      ['default/web'],
    ],
    ['a controller of another kind', [owner('web', { kind: 'StatefulSet' })], []],
    ['a controller of another version', [owner('web', { apiVersion: 'apps/v1beta2' })], ['default/web']],
    ['a controller of another group', [owner('web', { apiVersion: 'example.org/v1' })], []],
    ['a controller of a group with a longer name', [owner('web', { apiVersion: 'apps.example.org/v1' })], []],
    ['a controller of a group that ends alike', [owner('web', { apiVersion: 'example.apps/v1' })], []],
    ['a controller of the core group', [owner('web', { apiVersion: 'v1' })], []],
  ]
  const objects = cases.map(([, ownerReferences]) => ({
    ...metadata,
    ...(ownerReferences && { ownerReferences: ownerReferences as never }),
  }))
  const core = ['v1', 'v1beta1'].map((apiVersion) => ({
    ...metadata,
    ownerReferences: [owner('web', { apiVersion })] as never,
  }))
  const ofNode = {
    ...metadata,
    ownerReferences: [owner('node-1', { apiVersion: 'v1', kind: 'Node' })] as never,
  }
  const clusterWide = { ...objects[0], namespace: undefined }
  const calls = [
    call('keysOfController', 'apps/v1', 'ReplicaSet', objects),
    call('keysOfController', 'v1', 'ReplicaSet', [...core, objects[0] as never]),
    call('keysOfController', 'apps/v1', 'ReplicaSet', [clusterWide as never]),
    call('keysOfController', 'v1', 'Node', [ofNode]),
  ] as const
  const keys = await calls[0]
  for (const [i, [what, , expected]] of cases.entries())
    expect(keys[i], `controllerOf('apps/v1', 'ReplicaSet') of an object with ${what}`).toEqual(expected)
  expect(await calls[1], `controllerOf('v1', …) of owners of v1, v1beta1, apps/v1`).toEqual([
    ['default/web'],
    ['default/web'],
    [],
  ])
  expect(await calls[2], `controllerOf of an object in no namespace`).toEqual([['web']])
  expect(await calls[3], `controllerOf('v1', 'Node') of an object in default`).toEqual([['default/node-1']])
})
