// API-27: dry runs. Each is held against the same request made for good: what that answers is for other requirements.
import type { Status } from 'kubernetes-types/meta/v1'
import { expect } from '../../src/runner/expect.ts'
import type { Call, Settlement } from '../../src/subject/subject.ts'
import { type Api, answerOf, check, type Looks, withoutUids } from './bench.ts'
import { held } from './deleted.ts'
import { at, config, pod, set } from './objects.ts'

const dryRun = { dryRun: true } as const
const takesFinalizers = { type: 'merge', patch: { metadata: { finalizers: null } } } as const

/** What is answered: an object, or the Status of a deletion. */
interface Answer {
  metadata?: { resourceVersion?: string }
}

/** What a request comes to. */
type Outcome = 'answered' | 'refused'

/** A request, which is made in a dry run and then for good. */
type Ask = (options: Partial<typeof dryRun>) => Call<object>

check(
  'API-27.1',
  'answers what would have been, at the version from before, and leaves nothing',
  (api, look) => {
    const dry = (what: string, version: string | undefined, ask: Ask) =>
      look.of(
        alike(api, look, 'answered', what, ask),
        `the resourceVersion that a dry run of ${what} answers`,
        version,
        ({ metadata }: Answer) => metadata?.resourceVersion,
      )
    const own = {
      generation: 7,
      creationTimestamp: '2001-01-01T00:00:00Z',
      deletionTimestamp: '2001-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 5,
    }
    const made = config('a', { metadata: { ...own, uid: 'mine' } })
    dry('create', undefined, (options) => api.create('ConfigMap', made, options))
    const draft = config('a', { metadata: own, data: { k: 'v' } })
    dry('update', '3', (options) => api.update('ConfigMap', draft, options))
    dry('patch of a subresource', '4', (options) =>
      api.merge('a', { data: { l: 'x' } }, { ...options, subresource: 'status' }),
    )
    alike(api, look, 'answered', 'delete', (options) => api.delete('ConfigMap', at('a'), options))
    api.create('ReplicaSet', set('r', held))
    const more = { ...set('r', { ...held, spec: { replicas: 3 } }), status: { replicas: 9 } }
    dry('update of a spec', '7', (options) => api.update('ReplicaSet', more, options))
    dry('delete with Orphan, of what has a finalizer', '8', (options) =>
      api.delete('ReplicaSet', at('r'), { ...options, propagationPolicy: 'Orphan' }),
    )
    api.create('ReplicaSet', set('p', held))
    api.create('ReplicaSet', set('q'))
    alike(api, look, 'answered', 'deleteCollection of three, two of which have a finalizer', (options) =>
      api.deleteCollection('ReplicaSet', options),
    )
    alike(api, look, 'answered', 'a patch that takes the last finalizer away', (options) =>
      api.patch('ReplicaSet', at('r'), takesFinalizers, options),
    )
    api.create('Pod', pod('p', { spec: { nodeName: 'n1' } }))
    alike(api, look, 'answered', 'delete of a Pod with 0 seconds', (options) =>
      api.delete('Pod', at('p'), { ...options, gracePeriodSeconds: 0 }),
    )
    api.create('Namespace', { metadata: { name: 'team' } })
    alike(api, look, 'answered', 'delete of a Namespace', (options) =>
      api.delete('Namespace', { name: 'team' }, options),
    )
  },
  { rows: { ConfigMap: { subresources: { status: ['data'] } } } },
)

check('API-27.2', 'refuses what it would refuse otherwise', (api, look) => {
  api.create('ConfigMap', config('a'))
  const refused = (what: string, ask: Ask) => alike(api, look, 'refused', what, ask)
  const draft = (name: string, metadata: object) => config(name, { metadata })
  refused('create of what is there', (options) => api.create('ConfigMap', config('a'), options))
  refused('create in a namespace that does not exist', (options) =>
    api.create('ConfigMap', draft('b', { namespace: 'ghost' }), options),
  )
  refused('create of a Pod without containers', (options) =>
    api.create('Pod', pod('b', { spec: { containers: [] } }), options),
  )
  refused('create with a resourceVersion', (options) =>
    api.create('ConfigMap', draft('b', { resourceVersion: '3' }), options),
  )
  refused('update from an old version', (options) =>
    api.update('ConfigMap', draft('a', { resourceVersion: '1' }), options),
  )
  refused('update with another uid', (options) =>
    api.update('ConfigMap', draft('a', { uid: 'another' }), options),
  )
  refused("update with the label a: ' '", (options) =>
    api.update('ConfigMap', draft('a', { labels: { a: ' ' } }), options),
  )
  refused('patch to another name', (options) => api.merge('a', { metadata: { name: 'b' } }, options))
  refused('patch of a subresource that the row does not have', (options) =>
    api.merge('a', {}, { ...options, subresource: 'status' }),
  )
  refused('delete of nothing', (options) => api.delete('ConfigMap', at('nope'), options))
  refused('delete of another uid', (options) =>
    api.delete('ConfigMap', at('a'), { ...options, preconditions: { uid: 'another' } }),
  )
})

/**
 * Makes a request twice, first in a dry run: that must come to the same, but for the version, and change nothing.
 * Where the request itself does not come to what it should, there is nothing to hold the dry run against.
 *
 * @returns the dry run
 */
function alike(api: Api, look: Looks, should: Outcome, what: string, ask: Ask): Call<object> {
  const before = api.revision()
  const dry = ask(dryRun)
  const after = api.revision()
  const real = ask({})
  look.begin(async () => {
    const expected = outcomeOf(await real.settled())
    if (should in expected) expect(outcomeOf(await dry.settled()), `a dry run of ${what}`).toEqual(expected)
    expect(await after, `the store's revision after a dry run of ${what}`).toEqual(await before)
  })
  return dry
}

/** What came of a request, uids and version aside. What is no refusal is the room's own error. */
function outcomeOf(outcome: Settlement<object>): { [O in Outcome]?: unknown } {
  if (outcome.status === 'pending') return {}
  if (outcome.status === 'resolved') return { answered: withoutVersion(outcome.value) }
  if (outcome.error.thrown !== 'StatusError') throw outcome.error
  const { code, reason, message, details } = outcome.error.fields.status as Status
  return { refused: withoutUids({ code, reason, message, details }) }
}

function withoutVersion(answer: Answer): unknown {
  return withoutUids({ ...answer, metadata: { ...answer.metadata, resourceVersion: undefined } })
}

const nameless = { metadata: { generateName: 'gen-', namespace: 'default' } }

check(
  'API-27.3',
  'makes names, and says when all that it makes are taken',
  (api, look) => {
    const ask: Ask = (options) => api.create('ConfigMap', nameless, options)
    look.of(
      api.create('ConfigMap', nameless, dryRun),
      'the beginning of the name that a dry run of create makes',
      'gen-',
      ({ metadata }) => metadata?.name?.slice(0, 4),
    )
    ask({})
    alike(api, look, 'refused', 'create, where every name that is made is taken', ask)
  },
  { sameRandom: true },
)

check(
  'API-27.4',
  'makes another name where the first one is taken',
  (api, look) => {
    const made = api.create('ConfigMap', nameless)
    const dry = api.create('ConfigMap', nameless, dryRun)
    look.begin(async () => {
      const { metadata } = await answerOf(made, 'create with a generateName', 'a ConfigMap')
      const what = `whether a dry run of create makes another name than ${metadata?.name}, which is taken`
      const answer = await answerOf(dry, what, true)
      expect(answer.metadata?.name !== metadata?.name, what).toEqual(true)
    })
  },
  { sameFirstName: true },
)
