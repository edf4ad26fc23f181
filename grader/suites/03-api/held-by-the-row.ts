// API-25: what the row holds, and what it looks like meanwhile.
import type { JsonObject } from '#kit/merge-patch'
import { check } from './bench.ts'
import { BEGIN, isNamespace, notFound } from './objects.ts'

check(
  'API-25.1',
  'keeps a Namespace, which is Terminating, until its finalizers are empty',
  (api, look) => {
    api.create('Namespace', { metadata: { name: 'team', finalizers: ['example.com/hold'] } })
    const status = { phase: 'Terminating' }
    const waits = {
      'metadata.deletionTimestamp': BEGIN,
      'metadata.deletionGracePeriodSeconds': undefined,
      status,
    }
    const first = api.delete('Namespace', { name: 'team' }, { gracePeriodSeconds: 5 })
    look.parts(first, 'the answer of delete with 5 seconds, where the row has no grace period', waits)
    const now = api.delete('Namespace', { name: 'team' }, { gracePeriodSeconds: 0 })
    look.parts(now, 'the answer of a second delete, with 0 seconds', waits)
    const unfinished = api.update('Namespace', { metadata: { name: 'team' }, status })
    const emptied = 'an update that empties metadata.finalizers'
    look.parts(api.get('Namespace', { name: 'team' }), `the Namespace after ${emptied}`, waits)
    look.parts(unfinished, `the answer of ${emptied}`, waits)
    const empty = { metadata: { name: 'team' }, spec: { finalizers: [] }, status }
    const finalize = api.update('Namespace', empty, { subresource: 'finalize' })
    const finalized = 'an update that empties spec.finalizers as well'
    const after = api.get('Namespace', { name: 'team' })
    look.refused(after, `the Namespace after ${finalized}`, notFound('team', 'namespaces'))
    look.parts(finalize, `the answer of ${finalized}`, { ...waits, 'spec.finalizers': [] })
    const other = { name: 'other' }
    api.create('Namespace', { metadata: { ...other, finalizers: ['example.com/hold'] } })
    api.delete('Namespace', other)
    const patch = (patch: JsonObject, options: object = {}) =>
      api.patch('Namespace', other, { type: 'merge', patch }, options)
    patch({ metadata: { finalizers: [] } })
    const patched = 'the Namespace after a patch that empties metadata.finalizers'
    look.parts(api.get('Namespace', other), patched, { ...waits, 'metadata.finalizers': [] })
    patch({ metadata: { finalizers: null } })
    patch({ spec: { finalizers: [] } }, { subresource: 'finalize' })
    const both = 'the Namespace after a patch that empties spec.finalizers as well'
    look.refused(api.get('Namespace', other), both, notFound('other', 'namespaces'))
  },
  { rows: { Namespace: { returnsDeleted: false } } },
)

check('API-25.2', 'asks the row only for what is being deleted, and at the first delete', (api, look) => {
  const none = { metadata: { name: 'team' }, spec: { finalizers: [] } }
  api.create('Namespace', { metadata: { name: 'team', finalizers: ['example.com/hold'] } })
  api.update('Namespace', none, { subresource: 'finalize' })
  const alive = 'a Namespace that nobody has deleted, after an update that empties all its finalizers'
  look.parts(api.get('Namespace', { name: 'team' }), alive, { 'metadata.name': 'team' })
  const going = { metadata: { uid: 'of-old', deletionTimestamp: BEGIN } }
  api.put('/registry/namespaces/old', isNamespace('old', 0, going))
  look.parts(
    api.delete('Namespace', { name: 'old' }),
    'a second delete of a Namespace that somebody else has made Active again',
    { 'status.phase': 'Active' },
  )
})

check(
  'API-25.3',
  'takes from the row what a Namespace looks like, whatever its grace period is',
  (api, look) => {
    api.create('Namespace', { metadata: { name: 'team' } })
    const deleted = api.delete('Namespace', { name: 'team' })
    const waits = {
      'metadata.deletionTimestamp': BEGIN,
      'metadata.deletionGracePeriodSeconds': 0,
      'spec.finalizers': ['kubernetes'],
      status: undefined,
    }
    const what = 'a delete, where the row says 0 seconds and makes a Namespace without a status'
    look.parts(api.get('Namespace', { name: 'team' }), `the Namespace after ${what}`, waits)
    look.parts(deleted, `the answer of ${what}`, waits)
  },
  { namespaceSeconds: 0 },
)
