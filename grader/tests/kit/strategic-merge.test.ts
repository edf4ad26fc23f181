import { describe, expect, it } from 'vitest'
import type { KindName } from '#kit/api/kinds'
import { applyPatch } from '#kit/patch'
import { StatusError } from '#kit/status-error'

/** What a patch makes of an object, without the metadata where there is none to begin with. */
function merged(kind: KindName, object: object, patch: Record<string, unknown>): object {
  const { metadata, ...rest } = applyPatch(kind, object, { type: 'strategic', patch }) as { metadata: object }
  return Object.keys(metadata).length > 0 ? { metadata, ...rest } : rest
}

/** The same for a pod's spec. */
function mergedSpec(spec: object, patch: object) {
  return (merged('Pod', { spec }, { spec: patch }) as { spec: object }).spec
}

function refusal(kind: KindName, object: object, patch: Record<string, unknown>) {
  try {
    applyPatch(kind, object, { type: 'strategic', patch })
  } catch (error) {
    if (error instanceof StatusError) return error.status
    throw error
  }
  return undefined
}

const deployment = {
  metadata: { name: 'web', annotations: { a: '1' } },
  spec: {
    replicas: 2,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          { name: 'nginx', image: 'nginx:1', env: [{ name: 'A', value: '1' }], args: ['-v'] },
          { name: 'sidecar', image: 'proxy:1', ports: [{ containerPort: 80 }] },
        ],
      },
    },
  },
}

const inTemplate = (spec: object) => ({ spec: { template: { spec } } })

describe('what kubectl sends', () => {
  it('set image changes one container, and no order', () => {
    const patch = inTemplate({
      '$setElementOrder/containers': [{ name: 'nginx' }, { name: 'sidecar' }],
      containers: [{ image: 'proxy:2', name: 'sidecar' }],
    })
    expect(merged('Deployment', deployment, patch)).toMatchObject(
      inTemplate({
        containers: [
          { name: 'nginx', image: 'nginx:1' },
          { name: 'sidecar', image: 'proxy:2', ports: [{ containerPort: 80 }] },
        ],
      }),
    )
  })

  it('apply adds, changes and removes containers, variables and annotations', () => {
    const patch = {
      metadata: { annotations: { a: null, 'kubectl.kubernetes.io/last-applied-configuration': '{}' } },
      spec: {
        replicas: null,
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'logs' }, { name: 'nginx' }],
            containers: [
              { name: 'logs', image: 'logs:1', '$setElementOrder/env': [] },
              {
                name: 'nginx',
                '$setElementOrder/env': [{ name: 'B' }, { name: 'A' }],
                env: [{ name: 'B', value: '2' }],
              },
              { $patch: 'delete', name: 'sidecar' },
            ],
          },
        },
      },
    }
    expect(merged('Deployment', deployment, patch)).toEqual({
      metadata: { name: 'web', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } },
      spec: {
        strategy: deployment.spec.strategy,
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [
              { name: 'logs', image: 'logs:1' },
              {
                name: 'nginx',
                image: 'nginx:1',
                env: [
                  { name: 'B', value: '2' },
                  { name: 'A', value: '1' },
                ],
                args: ['-v'],
              },
            ],
          },
        },
      },
    })
  })

  it('edit changes the strategy of a Deployment and drops what belongs to the other one', () => {
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate', rollingUpdate: null } } }
    expect(merged('Deployment', deployment, patch)).toMatchObject({
      spec: { strategy: { type: 'Recreate' }, replicas: 2 },
    })
    expect(merged('Deployment', deployment, patch)).not.toHaveProperty('spec.strategy.rollingUpdate')
  })

  it('edit changes a volume from one source to another', () => {
    const patch = {
      '$setElementOrder/volumes': [{ name: 'data' }],
      volumes: [{ $retainKeys: ['name', 'emptyDir'], name: 'data', emptyDir: {} }],
    }
    expect(mergedSpec({ volumes: [{ name: 'data', hostPath: { path: '/a' } }] }, patch)).toEqual({
      volumes: [{ name: 'data', emptyDir: {} }],
    })
    expect(mergedSpec({}, patch)).toEqual({ volumes: [{ name: 'data', emptyDir: {} }] })
  })

  it('rollout restart adds an annotation where there was none', () => {
    const at = 'kubectl.kubernetes.io/restartedAt'
    const patch = { spec: { template: { metadata: { annotations: { [at]: 'now' } } } } }
    expect(merged('Deployment', deployment, patch)).toMatchObject({
      spec: { replicas: 2, template: { metadata: { labels: { app: 'web' }, annotations: { [at]: 'now' } } } },
    })
  })

  it('cordon and uncordon set a flag and remove it', () => {
    const cordoned = merged('Node', { spec: { podCIDR: '10.0.0.0/24' } }, { spec: { unschedulable: true } })
    expect(cordoned).toEqual({ spec: { podCIDR: '10.0.0.0/24', unschedulable: true } })
    expect(merged('Node', cordoned, { spec: { unschedulable: null } })).toEqual({
      spec: { podCIDR: '10.0.0.0/24' },
    })
  })

  it('taint replaces all taints', () => {
    const node = { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }
    const taints = [{ key: 'b', effect: 'NoExecute' }]
    expect(merged('Node', node, { spec: { taints } })).toEqual({ spec: { taints } })
  })
})

describe('a list', () => {
  it('is merged by its key', () => {
    const lists: [KindName, string[], string][] = [
      ['Pod', ['spec', 'hostAliases'], 'ip'],
      ['Pod', ['spec', 'imagePullSecrets'], 'name'],
      ['Pod', ['spec', 'initContainers'], 'name'],
      ['Pod', ['spec', 'topologySpreadConstraints'], 'topologyKey'],
      ['Pod', ['status', 'conditions'], 'type'],
      ['Deployment', ['spec', 'template', 'spec', 'volumes'], 'name'],
      ['ReplicaSet', ['status', 'conditions'], 'type'],
      ['Service', ['spec', 'ports'], 'port'],
      ['Node', ['status', 'addresses'], 'type'],
      ['ConfigMap', ['metadata', 'ownerReferences'], 'uid'],
    ]
    for (const [kind, path, key] of lists) {
      const at = (list: object[]) =>
        path.reduceRight<unknown>((value, field) => ({ [field]: value }), list) as Record<string, unknown>
      const before = at([
        { [key]: 'one', kept: true },
        { [key]: 'two', kept: true },
      ])
      expect(merged(kind, before, at([{ [key]: 'two', changed: true }])), path.join('.')).toEqual(
        at([
          { [key]: 'one', kept: true },
          { [key]: 'two', kept: true, changed: true },
        ]),
      )
    }
  })

  it('is merged by its key inside a container', () => {
    const containers = (rest: object) => ({ containers: [{ name: 'c', ...rest }] })
    for (const [list, key] of [
      ['ports', 'containerPort'],
      ['env', 'name'],
      ['volumeMounts', 'mountPath'],
      ['volumeDevices', 'devicePath'],
    ] as const) {
      const before = containers({ [list]: [{ [key]: 1 }, { [key]: 2 }] })
      const patch = containers({ [list]: [{ [key]: 2, changed: true }] })
      expect(mergedSpec(before, patch)).toEqual(
        containers({ [list]: [{ [key]: 1 }, { [key]: 2, changed: true }] }),
      )
    }
  })

  it('is replaced where Kubernetes has no key for it', () => {
    const tolerations = [{ key: 'a', operator: 'Exists' }]
    expect(mergedSpec({ tolerations: [{ key: 'b', operator: 'Exists' }] }, { tolerations })).toEqual({
      tolerations,
    })
    const args = { containers: [{ name: 'c', args: ['-v'] }] }
    expect(mergedSpec({ containers: [{ name: 'c', args: ['-a', '-b'] }] }, args)).toEqual(args)
  })

  it('has new elements first, unless the patch says in which order they go', () => {
    const before = { containers: [{ name: 'a' }, { name: 'b' }] }
    expect(mergedSpec(before, { containers: [{ name: 'c' }] })).toEqual({
      containers: [{ name: 'c' }, { name: 'a' }, { name: 'b' }],
    })
    const order = [{ name: 'a' }, { name: 'b' }, { name: 'c' }]
    const patch = { '$setElementOrder/containers': order, containers: [{ name: 'c' }] }
    expect(mergedSpec(before, patch)).toEqual({ containers: order })
  })

  it('keeps what the order does not name where the API server has it', () => {
    const before = { containers: [{ name: 'injected' }, { name: 'a' }, { name: 'b' }, { name: 'last' }] }
    const patch = { '$setElementOrder/containers': [{ name: 'a' }, { name: 'new' }, { name: 'b' }] }
    expect(mergedSpec(before, { ...patch, containers: [{ name: 'new' }] })).toEqual({
      containers: [{ name: 'injected' }, { name: 'a' }, { name: 'new' }, { name: 'b' }, { name: 'last' }],
    })
  })

  it('is put into another order', () => {
    const before = { containers: [{ name: 'a' }, { name: 'b' }] }
    const patch = { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] }
    expect(mergedSpec(before, patch)).toEqual({ containers: [{ name: 'b' }, { name: 'a' }] })
  })

  it('is replaced as a whole by $patch: replace', () => {
    const patch = { containers: [{ name: 'b', image: null }, { $patch: 'replace' }] }
    expect(mergedSpec({ containers: [{ name: 'a' }, { name: 'b', image: 'x' }] }, patch)).toEqual({
      containers: [{ name: 'b' }],
    })
  })

  it('of names adds each once, and removes those of $deleteFromPrimitiveList', () => {
    const before = { metadata: { finalizers: ['a', 'b'] } }
    expect(merged('Pod', before, { metadata: { finalizers: ['b', 'c'] } })).toEqual({
      metadata: { finalizers: ['a', 'b', 'c'] },
    })
    const removed = {
      '$deleteFromPrimitiveList/finalizers': ['a'],
      '$setElementOrder/finalizers': ['c', 'b'],
      finalizers: ['c'],
    }
    expect(merged('Pod', before, { metadata: removed })).toEqual({ metadata: { finalizers: ['c', 'b'] } })
    expect(
      merged(
        'Pod',
        { metadata: { name: 'x' } },
        { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } },
      ),
    ).toEqual({ metadata: { name: 'x' } })
  })
})

describe('an object', () => {
  it('is replaced by $patch: replace, and emptied by $patch: delete', () => {
    const before = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } }
    const strategy = { $patch: 'replace', type: 'Recreate', rollingUpdate: null }
    expect(merged('Deployment', { spec: before }, { spec: { strategy } })).toEqual({
      spec: { strategy: { type: 'Recreate' } },
    })
    expect(merged('Deployment', { spec: before }, { spec: { strategy: { $patch: 'delete' } } })).toEqual({
      spec: { strategy: {} },
    })
  })

  it('comes in without nulls and directives where there was none', () => {
    const patch = {
      nodeSelector: { a: 'x', b: null },
      affinity: { $retainKeys: ['podAffinity'], podAffinity: {} },
    }
    expect(mergedSpec({}, patch)).toEqual({ nodeSelector: { a: 'x' }, affinity: { podAffinity: {} } })
  })
})

describe('what is refused', () => {
  const pod = { spec: { containers: [{ name: 'a', image: 'x:1' }] } }
  const spec = (patch: object) => ({ spec: patch })

  it.each<[string, Record<string, unknown>, number, string]>([
    [
      'an element without its merge key',
      spec({ containers: [{ image: 'x:2', args: ['b', 'a'] }] }),
      500,
      'map: map[args:[b a] image:x:2] does not contain declared merge key: name',
    ],
    [
      'a deletion without its merge key',
      spec({ containers: [{ $patch: 'delete' }] }),
      500,
      'map: map[$patch:delete] does not contain declared merge key: name',
    ],
    [
      'a directive that does not exist, in an object',
      spec({ $patch: 'merge', a: 1 }),
      500,
      'unknown patch type: merge in map: map[$patch:merge a:1]',
    ],
    [
      'a directive that does not exist, in a list',
      spec({ containers: [{ $patch: 'drop', name: 'a' }] }),
      500,
      'unknown patch type: drop in map: map[$patch:drop name:a]',
    ],
    [
      '$patch: merge in a list',
      spec({ containers: [{ $patch: 'merge', name: 'a' }] }),
      500,
      'merging lists cannot yet be specified in the patch',
    ],
    [
      'an element that its order does not name',
      spec({ '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'b' }] }),
      500,
      "The order in patch list:\n[map[name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n",
    ],
    [
      'elements in another order than theirs',
      spec({
        '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }],
        containers: [{ name: 'b' }, { name: 'a' }],
      }),
      500,
      "The order in patch list:\n[map[name:b] map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:a] map[name:b]]\n",
    ],
    [
      'an order of what has no merge key',
      spec({ '$setElementOrder/toString': [{ name: 'a' }] }),
      400,
      'invalid patch format of setElementOrder list',
    ],
    [
      'an order that is no list',
      spec({ '$setElementOrder/containers': {} }),
      400,
      'invalid patch format of setElementOrder list',
    ],
    [
      'names to delete that are no list',
      { metadata: { '$deleteFromPrimitiveList/finalizers': 'a' } },
      400,
      'invalid patch format of primitive list',
    ],
    [
      'names to retain that are no list',
      spec({ $retainKeys: 'containers' }),
      400,
      'invalid patch format of retainKeys',
    ],
    [
      'a member that $retainKeys forgot',
      spec({ $retainKeys: ['containers'], nodeName: 'n' }),
      422,
      'the server rejected our request due to an error in our request',
    ],
    [
      'a list in a list',
      spec({ containers: [[]] }),
      422,
      'the server rejected our request due to an error in our request',
    ],
    ['a text among objects', spec({ containers: ['a'] }), 500, 'list element types are not identical: [a]'],
  ])('%s', (_what, patch, code, message) => {
    expect(refusal('Pod', { metadata: {}, ...pod }, patch)).toMatchObject({ code, message })
  })
})
