// API-4: reading.
import { check, together } from './bench.ts'
import {
  at,
  config,
  dataOf,
  isConfig,
  nameMissing,
  namespaceMissing,
  notFound,
  pod,
  refusal,
  unknownResource,
} from './objects.ts'

check('API-4.1', 'reads one object, and refuses what it cannot find', (api, look) => {
  api.create('Pod', pod('a'))
  look.of(api.get('Pod', at('a')), 'the name of what get reads', 'a', ({ metadata }) => metadata?.name)
  const nope = refusal(404, 'NotFound', 'replicasets.apps "nope" not found', {
    name: 'nope',
    group: 'apps',
    kind: 'replicasets',
  })
  look.refused(api.get('ReplicaSet', at('nope')), 'get of what is not there', nope)
  const elsewhere = { namespace: 'kube-system', name: 'a' }
  look.refused(api.get('Pod', elsewhere), 'get of the same name in another namespace', notFound('a', 'pods'))
  look.refused(api.get('Pod', { name: 'a' }), 'get without a namespace', namespaceMissing)
  look.refused(api.get('Pod', at('')), 'get without a name', nameMissing)
  look.refused(api.get('Pod', { name: '' }), 'get with neither name nor namespace', nameMissing)
  const here = api.get('Namespace', { name: 'default', namespace: 'ghost' })
  const what = 'the name of a namespace that was asked for in a namespace'
  look.of(here, what, 'default', ({ metadata }) => metadata?.name)
  const kind = 'Widget' as 'ConfigMap'
  look.refused(api.get(kind, at('a')), 'get of a kind that the table does not have', unknownResource)
  look.refused(api.create(kind, config('a')), 'create of such a kind', unknownResource)
})

check('API-4.2', 'shares no object with its callers, neither in create nor in get', (api, look, subject) => {
  const stored = isConfig('a', 3, { data: { k: 'v' } })
  const sent = subject.hold(config('a', { data: { k: 'v' } }))
  const created = together(subject, () => {
    const answer = api.create.hold('ConfigMap', sent)
    subject.assign(sent, ['data', 'k'], 'changed while it is being created')
    return answer
  })
  subject.assign(sent, ['data', 'k'], 'changed after it was created')
  subject.assign(created, ['data', 'k'], 'changed as it was answered')
  const read = api.get.hold('ConfigMap', at('a'))
  look.answer(
    subject.read(read),
    'the object, after the draft and the answer of create were changed by the caller',
    stored,
  )
  subject.assign(read, ['data', 'k'], 'changed as it was read')
  look.answer(
    api.get('ConfigMap', at('a')),
    'the object, after the answer of get was changed by the caller',
    stored,
  )
})

check(
  'API-4.3',
  'keeps what update and patch are sent, whatever becomes of it after that',
  (api, look, subject) => {
    api.create('ConfigMap', config('a'))
    const labels = { x: '1' }
    const draft = subject.hold(config('a', { metadata: { labels }, data: { k: 'v' } }))
    const updated = together(subject, () => {
      const answer = api.update.hold('ConfigMap', draft)
      subject.assign(draft, ['data', 'k'], 'changed while it is being updated')
      subject.assign(draft, ['metadata', 'labels', 'x'], 'changed, too')
      return answer
    })
    subject.assign(updated, ['data', 'k'], 'changed as it was answered')
    look.parts(
      api.get('ConfigMap', at('a')),
      'the object after an update whose draft and answer were changed by the caller',
      { 'metadata.labels': labels, data: { k: 'v' } },
    )
    const patch = subject.hold({ type: 'merge' as const, patch: { data: { k: 'w' } } })
    together(subject, () => {
      api.patch('ConfigMap', at('a'), patch)
      subject.assign(patch, ['patch', 'data', 'k'], 'changed while it is being patched')
    })
    look.of(
      api.get('ConfigMap', at('a')),
      'the data after a patch that its sender changed while the call was under way',
      { k: 'w' },
      dataOf,
    )
  },
)
