// API-7: what an update of a subresource writes.
import { type Api, check, UID } from './bench.ts'
import { putA, withDatum } from './known-config.ts'
import { at, BEGIN, config, isSet, notAllowed, pod, set, unknownResource } from './objects.ts'

check('API-7.1', 'writes of a subresource its own parts and the metadata, and no others', (api, look) => {
  api.create('ReplicaSet', set('r', { metadata: { labels: { a: 'b' }, finalizers: ['example.com/hold'] } }))
  const status = { replicas: 1, observedGeneration: 1 }
  const written = {
    labels: { c: 'd' },
    annotations: { e: 'f' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }],
  }
  const own = {
    generation: 9,
    creationTimestamp: '2001-01-01T00:00:00Z',
    deletionTimestamp: '2001-01-01T00:00:00Z',
  }
  const draft = { ...set('r', { metadata: { ...written, ...own }, spec: { replicas: 9 } }), status }
  const is = (
    call: ReturnType<Api['get']>,
    what: string,
    metadata: Partial<typeof written>,
    status: object,
  ) =>
    look.parts(call, what, {
      'metadata.labels': metadata.labels,
      'metadata.annotations': metadata.annotations,
      'metadata.ownerReferences': metadata.ownerReferences,
      'metadata.finalizers': undefined,
      'metadata.uid': UID,
      'metadata.generation': 1,
      'metadata.creationTimestamp': BEGIN,
      'metadata.deletionTimestamp': undefined,
      spec: isSet('r', 0).spec,
      status,
    })
  const update = api.update('ReplicaSet', draft, { subresource: 'status' })
  is(update, 'an update of the status of a ReplicaSet', written, status)
  is(api.get('ReplicaSet', at('r')), 'the ReplicaSet afterwards', written, status)
  const without = api.update('ReplicaSet', { metadata: at('r') }, { subresource: 'status' })
  const neither = 'an update of the status whose draft has neither status nor labels'
  is(without, neither, {}, { replicas: 0 })
  const part = { subresource: 'status' } as const
  look.refused(
    api.update('ConfigMap', withDatum('w'), part),
    'an update of a subresource that the row does not have, of what is not there either',
    unknownResource,
  )
  look.refused(
    api.create('ConfigMap', config('b'), part),
    'create with a subresource that the row does not have',
    unknownResource,
  )
  look.refused(api.create('Pod', pod('b'), part), 'create with a subresource that the row has', notAllowed)
  const ghost = api.create('Pod', pod('b', { metadata: { namespace: 'ghost' } }), part)
  look.refused(ghost, 'such a create, in a namespace that does not exist', notAllowed)
  look.revision(api, 'afterwards', 5)
  const old = isSet('old', 0, { metadata: { uid: 'of-old' }, spec: { replicas: undefined } })
  api.put('/registry/replicasets/default/old', old)
  look.parts(
    api.update('ReplicaSet', { ...set('old'), status }, part),
    'an update of the status of a ReplicaSet that was stored without replicas, which have a default',
    { spec: old.spec, status },
  )
})

check(
  'API-7.2',
  'takes from the row which parts a subresource writes',
  (api, look) => {
    putA(api, { binaryData: { b: 'aGk=' } })
    const draft = { ...withDatum('w', { generation: 5, labels: { a: 'b' } }), immutable: true }
    const finalize = api.update('ConfigMap', draft, { subresource: 'finalize' })
    look.parts(finalize, 'an update of a subresource to which the row gives data and binaryData', {
      'metadata.labels': { a: 'b' },
      data: { k: 'w' },
      binaryData: undefined,
      immutable: undefined,
    })
    const plain = api.update('ConfigMap', { ...withDatum('x'), binaryData: { b: 'aGk=' }, immutable: true })
    look.parts(plain, 'a plain update, where the row says that data and binaryData are read-only', {
      'metadata.labels': undefined,
      data: { k: 'w' },
      binaryData: undefined,
      immutable: true,
    })
    const none = api.update('ConfigMap', withDatum('x', { labels: { c: 'd' } }), { subresource: 'status' })
    look.parts(none, 'an update of a subresource to which the row gives no parts', {
      'metadata.labels': { c: 'd' },
      data: { k: 'w' },
      immutable: true,
    })
  },
  {
    rows: {
      ConfigMap: {
        subresources: { finalize: ['data', 'binaryData'], status: [] },
        readOnly: ['data', 'binaryData'],
      },
    },
  },
)
