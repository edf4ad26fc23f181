// API-27: dry runs.
import { check } from './bench.ts'
import { going, held } from './deleted.ts'
import {
  at,
  config,
  dataOf,
  deletedAtOnce,
  gone,
  invalid,
  isConfig,
  isSet,
  notFound,
  pod,
  refusal,
  set,
  stale,
  taken,
  unknownResource,
  versionOnCreate,
} from './objects.ts'

const dryRun = { dryRun: true }

check('API-27.1', 'answers what would have been, and leaves nothing', (api, look) => {
  look.answer(api.create('ConfigMap', config('dry'), dryRun), 'a dry run of create', isConfig('dry', 0))
  look.refused(api.get('ConfigMap', at('dry')), 'get after a dry run of create', notFound('dry'))
  api.create('ConfigMap', config('a', { data: { k: 'v' } }))
  const updated = api.update('ConfigMap', config('a', { data: { k: 'w' } }), dryRun)
  look.answer(updated, 'a dry run of update', isConfig('a', 3, { data: { k: 'w' } }))
  look.answer(
    api.merge('a', { data: { l: 'x' } }, dryRun),
    'a dry run of patch',
    isConfig('a', 3, { data: { k: 'v', l: 'x' } }),
  )
  look.answer(api.delete('ConfigMap', at('a'), dryRun), 'a dry run of delete', gone('a'))
  look.answer(
    api.get('ConfigMap', at('a')),
    'the object after these dry runs',
    isConfig('a', 3, { data: { k: 'v' } }),
  )
  api.create('ReplicaSet', set('r', held))
  const marked = isSet('r', 4, { metadata: { ...held.metadata, ...deletedAtOnce, generation: 2 } })
  look.answer(
    api.delete('ReplicaSet', at('r'), dryRun),
    'a dry run of delete, of what has a finalizer',
    marked,
  )
  api.create('ConfigMap', config('f', held))
  api.delete('ConfigMap', at('f'))
  const last = api.merge('f', { metadata: { finalizers: null } }, dryRun)
  look.answer(last, 'a dry run of a patch that takes the last finalizer away', isConfig('f', 6, going({})))
  look.revision(api, 'after all dry runs', 6)
})

check('API-27.2', 'refuses what it would refuse otherwise', (api, look) => {
  api.create('ConfigMap', config('a'))
  look.refused(
    api.create('ConfigMap', config('a'), dryRun),
    'a dry run of create, of what is there',
    taken('a'),
  )
  const ghost = api.create('ConfigMap', { metadata: { name: 'b', namespace: 'ghost' } }, dryRun)
  look.refused(
    ghost,
    'a dry run of create in a namespace that does not exist',
    notFound('ghost', 'namespaces'),
  )
  const none = api.create('Pod', pod('b', { spec: { containers: [] } }), dryRun)
  const required: [string, string, string] = ['FieldValueRequired', 'spec.containers', 'Required value']
  look.refused(none, 'a dry run of create, of a Pod without containers', invalid('Pod', 'b', required))
  const version = api.create('ConfigMap', config('b', { metadata: { resourceVersion: '3' } }), dryRun)
  look.refused(version, 'a dry run of create with a resourceVersion', versionOnCreate)
  const old = config('a', { metadata: { resourceVersion: '1' } })
  look.refused(api.update('ConfigMap', old, dryRun), 'a dry run of update from an old version', stale('a'))
  look.refused(
    api.merge('a', {}, { ...dryRun, subresource: 'status' }),
    'a dry run of patch of a subresource that the row does not have',
    unknownResource,
  )
  look.refused(api.delete('ConfigMap', at('b'), dryRun), 'a dry run of delete of nothing', notFound('b'))
  look.of(api.get('ConfigMap', at('a')), 'the data after these dry runs', undefined, dataOf)
})

check(
  'API-27.3',
  'makes names in dry runs, too, and none that is taken',
  (api, look) => {
    const draft = { metadata: { generateName: 'gen-', namespace: 'default' } }
    const dry = api.create('ConfigMap', draft, dryRun)
    const what = `the beginning of the name that create with ${JSON.stringify(dryRun)} makes`
    look.of(dry, what, 'gen-', ({ metadata }) => metadata?.name?.slice(0, 4))
    const made = api.create('ConfigMap', draft)
    look.begin(async () => {
      const { metadata } = await made
      const name = metadata?.name ?? ''
      const why = 'already exists, the server was not able to generate a unique name for the object'
      const details = { name, kind: 'configmaps', retryAfterSeconds: 1 }
      const status = refusal(409, 'AlreadyExists', `configmaps "${name}" ${why}`, details)
      for (const options of [dryRun, {}])
        look.refused(
          api.create('ConfigMap', draft, options),
          `create with ${JSON.stringify(options)}, where every name that is made is taken`,
          status,
        )
    })
  },
  { sameRandom: true },
)
