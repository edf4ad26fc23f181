import { describe, expect, it } from 'vitest'
import { configMap } from '#kit/api/config-map'
import { event } from '#kit/api/event'
import type { KindRow } from '#kit/api/kind-table'
import type { ObjectOf, StoredKind } from '#kit/api/kinds'
import { lease } from '#kit/api/lease'
import { namespace } from '#kit/api/namespace'
import { node } from '#kit/api/node'
import { secret } from '#kit/api/secret'

const now = Date.UTC(2026, 10, 20, 10, 13, 0)
const metadata = { name: 'a', namespace: 'default' }
const storedMetadata = {
  name: 'a',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '2026-11-20T10:12:40Z',
}

const active: ObjectOf<'Namespace'> = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: storedMetadata,
  spec: {},
  status: { phase: 'Active' },
}

function shown<K extends StoredKind>(row: KindRow<K>, object: unknown): Record<string, unknown> {
  const columns = row.columns.filter(({ priority }) => priority === 0)
  return Object.fromEntries(
    columns.map(({ name, value }) => [
      name,
      value({ ...(object as ObjectOf<K>), metadata: storedMetadata }, now),
    ]),
  )
}

const said = (causes: { field?: string; message?: string }[]) =>
  causes.map(({ field, message }) => `${field}: ${message}`)

describe('a namespace', () => {
  it('begins active, with its name as a label and a finalizer', () => {
    expect(namespace.defaults({ metadata: { name: 'team', labels: { a: 'b' } } }, 'CREATE')).toEqual({
      metadata: { name: 'team', labels: { a: 'b', 'kubernetes.io/metadata.name': 'team' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
  })

  it('does not get its finalizer back', () => {
    const { spec } = namespace.defaults({ metadata: { name: 'team' }, spec: { finalizers: [] } }, 'UPDATE')
    expect(spec).toEqual({ finalizers: [] })
  })

  it('is held by the finalizers of its spec, and says that it is on its way out', () => {
    expect(namespace.held(active)).toBe(false)
    expect(namespace.held({ ...active, spec: { finalizers: ['kubernetes'] } })).toBe(true)
    expect(namespace.terminating(active)).toEqual({ ...active, status: { phase: 'Terminating' } })
    expect(namespace.gracePeriodSeconds(active, 5)).toBeUndefined()
  })

  it('has a name without dots', () => {
    expect(namespace.validate({ metadata: { name: 'a.b' } })).toHaveLength(1)
  })

  it('is Terminating when it is being deleted, and not before', () => {
    const change = { ...active, status: { phase: 'Terminating' } }
    expect(said(namespace.validateUpdate(change, active, 'status'))).toEqual([
      'status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
    ])
    const leaving = { ...active, metadata: { ...storedMetadata, deletionTimestamp: '2026-11-20T10:12:50Z' } }
    expect(namespace.validateUpdate(change, leaving, 'status')).toEqual([])
  })

  it('is shown with its phase', () => {
    expect(shown(namespace, { status: { phase: 'Active' } })).toEqual({
      Name: 'a',
      Status: 'Active',
      Age: '20s',
    })
  })
})

describe('a ConfigMap', () => {
  const old = (part: object) =>
    ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: storedMetadata, ...part }) as ObjectOf<'ConfigMap'>

  it('has keys that can be file names, each once', () => {
    const causes = configMap.validate({ metadata, data: { 'a/b': '', c: '' }, binaryData: { c: 'AA==' } })
    expect(said(causes)).toEqual([
      expect.stringContaining('data[a/b]: Invalid value: "a/b": a valid config key must consist of'),
      'data[c]: Invalid value: "c": duplicate of key present in binaryData',
    ])
  })

  it('has at most 1 MiB', () => {
    expect(configMap.validate({ metadata, data: { a: 'x'.repeat(1024 * 1024) } })).toEqual([])
    expect(said(configMap.validate({ metadata, data: { a: 'x'.repeat(1024 * 1024), b: 'é' } }))).toEqual([
      '[]: Too long: must have at most 1048576 bytes',
    ])
  })

  it('does not change any more once it is immutable', () => {
    const fixed = old({ data: { a: '1' }, immutable: true })
    expect(configMap.validateUpdate(fixed, fixed, undefined)).toEqual([])
    const change = old({ data: { a: '2' } })
    expect(said(configMap.validateUpdate(change, fixed, undefined))).toEqual([
      'immutable: Forbidden: field is immutable when `immutable` is set',
      'data: Forbidden: field is immutable when `immutable` is set',
    ])
    expect(configMap.validateUpdate(fixed, change, undefined)).toEqual([])
  })

  it('is shown with the number of its keys', () => {
    expect(shown(configMap, { data: { a: '' }, binaryData: { b: '' } })).toEqual({
      Name: 'a',
      Data: 2,
      Age: '20s',
    })
  })
})

describe('a Secret', () => {
  it('is Opaque, and keeps its text in base64', () => {
    const sent = { metadata, data: { a: 'AA==', b: 'AA==' }, stringData: { b: 'hunter2' } }
    expect(secret.defaults(sent, 'CREATE')).toEqual({
      metadata,
      type: 'Opaque',
      data: { a: 'AA==', b: 'aHVudGVyMg==' },
    })
  })

  it('has what its type asks for', () => {
    expect(said(secret.validate({ metadata, type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }))).toEqual([
      'data[tls.key]: Required value',
    ])
  })

  it('has values in base64', () => {
    expect(secret.validate({ metadata, data: { a: 'hunter2' } })).toMatchObject([{ field: 'data[a]' }])
  })

  it('keeps its type', () => {
    const old = { apiVersion: 'v1', kind: 'Secret', metadata: storedMetadata, type: 'Opaque' }
    expect(
      said(secret.validateUpdate({ ...metadata, type: 'other' }, old as ObjectOf<'Secret'>, undefined)),
    ).toEqual(['type: Invalid value: "other": field is immutable'])
  })
})

describe('a node', () => {
  it('brings its status with it, and can hand out what it has unless it says otherwise', () => {
    expect(
      node.defaults({ metadata: { name: 'n' }, status: { capacity: { cpu: '4000m' } } }, 'CREATE'),
    ).toEqual({
      metadata: { name: 'n' },
      spec: {},
      status: { capacity: { cpu: '4' }, allocatable: { cpu: '4' } },
    })
  })

  it('has no taint twice, and each with an effect', () => {
    const taint = { key: 'k', value: 'v', effect: 'NoSchedule' }
    const causes = (...taints: { key: string; effect: string }[]) =>
      said(node.validate({ metadata: { name: 'n' }, spec: { taints } }))
    expect(causes(taint, { ...taint, effect: 'NoExecute' })).toEqual([])
    expect(causes(taint, taint)).toEqual([
      'spec.taints[1]: Duplicate value: core.Taint{Key:"k", Value:"v", Effect:"NoSchedule", TimeAdded:<nil>}: taints must be unique by key and effect pair',
    ])
    expect(causes({ key: 'k', effect: '' })).toEqual(['spec.taints[0].effect: Required value'])
    expect(causes({ key: 'k', effect: 'x' })).toEqual([
      'spec.taints[0].effect: Unsupported value: "x": supported values: "NoExecute", "NoSchedule", "PreferNoSchedule"',
    ])
  })

  it.each([
    ['Unknown', {}, []],
    ['Ready', {}, [{ type: 'Ready', status: 'True' }]],
    ['NotReady', {}, [{ type: 'Ready', status: 'Unknown' }]],
    ['Ready,SchedulingDisabled', { unschedulable: true }, [{ type: 'Ready', status: 'True' }]],
  ])('is shown as %s', (status, spec, conditions) => {
    expect(shown(node, { spec, status: { conditions } })).toEqual({
      Name: 'a',
      Status: status,
      Roles: '<none>',
      Age: '20s',
      Version: '',
    })
  })
})

describe('an event', () => {
  it('is in the namespace of what it is about', () => {
    const about = (own: string, other?: string) =>
      said(
        event.validate({
          metadata: { name: 'a', namespace: own },
          involvedObject: { kind: 'Pod', ...(other && { namespace: other }) },
        }),
      )
    expect(about('a', 'a')).toEqual([])
    expect(about('default')).toEqual([])
    expect(about('a', 'b')).toEqual([
      'involvedObject.namespace: Invalid value: "b": does not match event.namespace',
    ])
    expect(about('a')).toEqual([
      'involvedObject.namespace: Invalid value: "": does not match event.namespace',
    ])
  })

  it('is shown with what happened, and when it last did', () => {
    const object = {
      involvedObject: { kind: 'Deployment', name: 'web' },
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: 'Scaled up replica set web-1 to 2\n',
      firstTimestamp: '2026-11-20T10:12:00Z',
      lastTimestamp: '2026-11-20T10:12:56Z',
    }
    expect(shown(event, object)).toEqual({
      'Last Seen': '4s',
      Type: 'Normal',
      Reason: 'ScalingReplicaSet',
      Object: 'deployment/web',
      Message: 'Scaled up replica set web-1 to 2',
    })
    expect(shown(event, { involvedObject: {} })['Last Seen']).toBe('<unknown>')
  })
})

describe('a lease', () => {
  it('lasts, counts up, and says when it was renewed', () => {
    const causes = (spec: object) => said(lease.validate({ metadata, spec }))
    expect(causes({ leaseDurationSeconds: 15, renewTime: '2026-11-20T10:12:40.123456Z' })).toEqual([])
    expect(causes({ leaseDurationSeconds: 0, leaseTransitions: -1 })).toEqual([
      'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
      'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
    ])
    expect(causes({ renewTime: 'soon' })).toHaveLength(1)
  })

  it('is shown with its holder', () => {
    expect(shown(lease, { spec: { holderIdentity: 'me' } })).toEqual({ Name: 'a', Holder: 'me', Age: '20s' })
  })
})
