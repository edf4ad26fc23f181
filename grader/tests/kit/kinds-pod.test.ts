import type { Container, PodSpec } from 'kubernetes-types/core/v1'
import { describe, expect, it } from 'vitest'
import type { DraftOf, ObjectOf, Pod } from '#kit/api/kinds'
import { pod as row } from '#kit/api/pod'
import { replicaSet } from '#kit/api/replica-set'

const container: Container = { name: 'c', image: 'nginx:1' }

function draft(spec: Partial<PodSpec> = {}): DraftOf<'Pod'> {
  return { metadata: { name: 'a', namespace: 'default' }, spec: { containers: [container], ...spec } }
}

function stored(spec: Partial<PodSpec> = {}, status: Pod['status'] = { phase: 'Pending' }): Pod {
  const object = row.defaults(draft(spec), 'CREATE')
  const metadata = {
    name: 'a',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-11-20T10:12:40Z',
  }
  return { ...object, apiVersion: 'v1', kind: 'Pod', metadata, status } as ObjectOf<'Pod'>
}

const causesOf = (spec: Partial<PodSpec>) =>
  row.validate(row.defaults(draft(spec), 'CREATE')).map(({ field, message }) => `${field}: ${message}`)

const causesOfContainer = (part: Partial<Container>) => causesOf({ containers: [{ ...container, ...part }] })

describe('the defaults of a pod', () => {
  it('are those of Kubernetes', () => {
    const { spec, status } = row.defaults(draft(), 'CREATE')
    expect(status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' })
    expect(spec).toEqual({
      containers: [
        {
          ...container,
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: [
        {
          key: 'node.kubernetes.io/not-ready',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 300,
        },
        {
          key: 'node.kubernetes.io/unreachable',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 300,
        },
      ],
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    })
  })

  it.each([
    ['x', 'Always'],
    ['x:latest', 'Always'],
    ['registry:5000/x', 'Always'],
    ['registry:5000/x:1', 'IfNotPresent'],
    ['x@sha256:00', 'IfNotPresent'],
  ])('pull the image %s %s', (image, policy) => {
    const { spec } = row.defaults(draft({ containers: [{ name: 'c', image }] }), 'CREATE')
    expect(spec?.containers[0]?.imagePullPolicy).toBe(policy)
  })

  it('add no toleration to one that is there', () => {
    const all = { operator: 'Exists' }
    expect(row.defaults(draft({ tolerations: [all] }), 'CREATE').spec?.tolerations).toEqual([all])
    const mine = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }
    expect(row.defaults(draft({ tolerations: [mine] }), 'CREATE').spec?.tolerations).toEqual([
      mine,
      {
        key: 'node.kubernetes.io/unreachable',
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      },
    ])
  })

  it('take requests from limits, and write amounts as Kubernetes does', () => {
    const resources = { limits: { cpu: '1000m', memory: '1024Mi' }, requests: { cpu: '0.5' } }
    const { spec } = row.defaults(draft({ containers: [{ ...container, resources }] }), 'CREATE')
    expect(spec?.containers[0]?.resources).toEqual({
      limits: { cpu: '1', memory: '1Gi' },
      requests: { cpu: '500m', memory: '1Gi' },
    })
  })

  it('ignore the status that comes with a new pod, and keep the one of an old pod', () => {
    const sent = { ...draft(), status: { phase: 'Running' } }
    expect(row.defaults(sent, 'CREATE').status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' })
    expect(row.defaults(sent, 'UPDATE').status).toEqual({ phase: 'Running' })
  })

  it.each([
    ['BestEffort', {}],
    ['BestEffort', { limits: { 'example.com/gpu': '1' } }],
    ['Burstable', { requests: { cpu: '1' } }],
    ['Burstable', { limits: { cpu: '1' } }],
    ['Burstable', { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } }],
    ['Guaranteed', { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m' } }],
  ])('say %s of %j', (qosClass, resources) => {
    const { status } = row.defaults(draft({ containers: [{ ...container, resources }] }), 'CREATE')
    expect(status?.qosClass).toBe(qosClass)
  })
})

describe('the validation of a pod', () => {
  it.each<[Partial<PodSpec>, string]>([
    [{ containers: [] }, 'spec.containers: Required value'],
    [
      { restartPolicy: 'Sometimes' },
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"',
    ],
    [
      { dnsPolicy: 'x' },
      'spec.dnsPolicy: Unsupported value: "x": supported values: "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"',
    ],
    [
      { activeDeadlineSeconds: 0 },
      'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
    ],
    [{ containers: [container, container] }, 'spec.containers[1].name: Duplicate value: "c"'],
    [{ initContainers: [container] }, 'spec.initContainers[0].name: Duplicate value: "c"'],
    [
      { initContainers: [{ name: 'i', image: 'x', livenessProbe: { exec: { command: ['true'] } } }] },
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers',
    ],
    [{ volumes: [{ name: 'v', secret: {} }] }, 'spec.volumes[0].secret.secretName: Required value'],
    [
      { volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/' } }] },
      'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
    ],
    [
      { tolerations: [{ operator: 'Exists' }, { key: 'k', operator: 'Gt' }] },
      'spec.tolerations[1].operator: Unsupported value: "Gt": supported values: "Equal", "Exists"',
    ],
    [
      { tolerations: [{ operator: 'Exists' }, { key: 'k', effect: 'NoSchedule', tolerationSeconds: 1 }] },
      'spec.tolerations[1].effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set',
    ],
  ])('refuses %j', (spec, message) => {
    expect(causesOf(spec)).toEqual([message])
  })

  it.each<[Partial<Container>, string]>([
    [{ name: '' }, 'spec.containers[0].name: Required value'],
    [{ image: '' }, 'spec.containers[0].image: Required value'],
    [
      { imagePullPolicy: 'x' },
      'spec.containers[0].imagePullPolicy: Unsupported value: "x": supported values: "Always", "IfNotPresent", "Never"',
    ],
    [
      { ports: [{ containerPort: 65536 }] },
      'spec.containers[0].ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive',
    ],
    [
      { ports: [{ containerPort: 80, protocol: 'HTTP' }] },
      'spec.containers[0].ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
    ],
    [
      { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
      'spec.containers[0].volumeMounts[0].name: Not found: "v"',
    ],
    [
      { env: [{ name: 'A', valueFrom: {} }] },
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
    ],
    [
      { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } },
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
    [
      { resources: { requests: { cpu: '-1' } } },
      'spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ],
    [
      { resources: { requests: { cpu: 'much' } } },
      'spec.containers[0].resources.requests[cpu]: Invalid value: "much": quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'',
    ],
    [{ livenessProbe: {} }, 'spec.containers[0].livenessProbe: Required value: must specify a handler type'],
    [
      { livenessProbe: { exec: { command: ['x'] }, successThreshold: 2 } },
      'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
    ],
    [
      { readinessProbe: { exec: { command: ['x'] }, periodSeconds: -1 } },
      'spec.containers[0].readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0',
    ],
  ])('refuses a container with %j', (part, message) => {
    expect(causesOfContainer(part)).toEqual([message])
  })

  it('names a bad container name with the rule', () => {
    const [cause, ...rest] = causesOfContainer({ name: 'C' })
    expect(rest).toEqual([])
    expect(cause).toContain('spec.containers[0].name: Invalid value: "C": a lowercase RFC 1123 label must')
  })
})

describe('a change of a pod', () => {
  const change = (spec: Partial<PodSpec>, old = stored(), subresource?: 'binding' | 'status') =>
    row.validateUpdate(row.defaults({ ...old, spec: { ...old.spec, ...spec } }, 'UPDATE'), old, subresource)

  it('may give containers another image', () => {
    expect(
      change({ containers: [{ ...container, image: 'nginx:2', imagePullPolicy: 'IfNotPresent' }] }),
    ).toEqual([])
  })

  it('may add tolerations, and change for how long one tolerates', () => {
    const added = { key: 'k', operator: 'Exists' }
    const [first, second] = stored().spec.tolerations ?? []
    expect(change({ tolerations: [added, { ...first, tolerationSeconds: 5 }, { ...second }] })).toEqual([])
    expect(change({ tolerations: [{ ...first, operator: 'Equal' }, { ...second }] })).toEqual([
      {
        reason: 'FieldValueForbidden',
        message: 'Forbidden: existing toleration can not be modified except its tolerationSeconds',
        field: 'spec.tolerations',
      },
    ])
  })

  it('may change nothing else of the spec', () => {
    const message =
      'Forbidden: pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds`, `spec.tolerations` (only additions to existing tolerations) or `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'
    const cause = { reason: 'FieldValueForbidden', message, field: 'spec' }
    expect(change({ nodeName: 'n1' })).toEqual([cause])
    expect(change({ terminationGracePeriodSeconds: 1 })).toEqual([cause])
    expect(
      change({ terminationGracePeriodSeconds: 1 }, stored({ terminationGracePeriodSeconds: -1 })),
    ).toEqual([])
    expect(change({ containers: [{ ...container, command: ['sh'] }] })).toEqual([cause])
    expect(change({ containers: [container, { ...container, name: 'd' }] })).toMatchObject([
      { field: 'spec.containers', message: 'Forbidden: pod updates may not add or remove containers' },
    ])
  })

  it('may only shorten a deadline', () => {
    expect(change({ activeDeadlineSeconds: 5 })).toEqual([])
    expect(change({ activeDeadlineSeconds: 4 }, stored({ activeDeadlineSeconds: 5 }))).toEqual([])
    expect(change({ activeDeadlineSeconds: 6 }, stored({ activeDeadlineSeconds: 5 }))).toMatchObject([
      { message: 'Invalid value: 6: must be less than or equal to previous value' },
    ])
  })

  it('binds a pod once, and changes nothing else then', () => {
    expect(change({ nodeName: 'n1' }, stored(), 'binding')).toEqual([])
    expect(change({ nodeName: 'n1', hostname: 'h' }, stored(), 'binding')).toMatchObject([{ field: 'spec' }])
    expect(change({ nodeName: 'n2' }, stored({ nodeName: 'n1' }), 'binding')).toMatchObject([
      { field: 'spec.nodeName', message: 'Forbidden: pod a is already assigned to node "n1"' },
    ])
    const leaving = stored()
    leaving.metadata.deletionTimestamp = '2026-11-20T10:12:40Z'
    expect(change({ nodeName: 'n1' }, leaving, 'binding')).toMatchObject([
      { message: 'Forbidden: pod a is being deleted, cannot be assigned to a host' },
    ])
  })

  it('does not let a container that is done run again, unless the pod restarts it', () => {
    const base = { name: 'c', image: '', imageID: '', ready: false, restartCount: 0 }
    const done = { containerStatuses: [{ ...base, state: { terminated: { exitCode: 0 } } }] }
    const again = { containerStatuses: [{ ...base, state: { running: {} } }] }
    const causes = (restartPolicy: string) => {
      const old = stored({ restartPolicy }, done)
      return row.validateUpdate({ ...old, status: again }, old, 'status')
    }
    expect(causes('Always')).toEqual([])
    expect(causes('Never')).toMatchObject([
      {
        field: 'status.containerStatuses[0].state',
        message: 'Forbidden: may not be transitioned to non-terminated state',
      },
    ])
  })
})

it('gives a pod that runs its grace period, and none to one that nobody runs', () => {
  const bound = { nodeName: 'n1' }
  expect(row.gracePeriodSeconds(stored(bound), undefined)).toBe(30)
  expect(row.gracePeriodSeconds(stored(bound), 5)).toBe(5)
  expect(row.gracePeriodSeconds(stored(bound), 0)).toBe(0)
  expect(row.gracePeriodSeconds(stored({ ...bound, terminationGracePeriodSeconds: 7 }), undefined)).toBe(7)
  expect(row.gracePeriodSeconds(stored(), 5)).toBe(0)
  expect(row.gracePeriodSeconds(stored(bound, { phase: 'Succeeded' }), 5)).toBe(0)
})

describe('what pods are selected by', () => {
  it('is whether they are on the host’s network; their addresses may be asked for, and match nothing', () => {
    const selected = (spec: Partial<Pod['spec']>, field: string) =>
      row.selectableFields[field]?.(stored(spec, { podIPs: [{ ip: '10.0.0.1' }] }))
    expect(selected({ hostNetwork: true }, 'spec.hostNetwork')).toBe('true')
    expect(selected({}, 'spec.hostNetwork')).toBe('false')
    expect(selected({}, 'status.podIPs')).toBe('')
  })
})

describe('what kubectl shows of a pod', () => {
  const now = Date.UTC(2026, 10, 20, 10, 13, 0)
  const shown = (object: Pod) =>
    Object.fromEntries(row.columns.map(({ name, value }) => [name, value(object, now)]))
  const status = { name: 'c', image: '', imageID: '', ready: false, restartCount: 0 }
  const running = { ...status, ready: true, state: { running: {} } }
  const waiting = (reason: string) => ({ ...status, state: { waiting: { reason } } })
  const ended = (exitCode: number, reason?: string) => ({
    ...status,
    state: { terminated: { exitCode, ...(reason && { reason }) } },
  })

  it('is one line with an age', () => {
    const object = stored(
      { nodeName: 'n1' },
      { phase: 'Running', podIP: '10.244.0.5', containerStatuses: [running] },
    )
    expect(shown(object)).toEqual({
      Name: 'a',
      Ready: '1/1',
      Status: 'Running',
      Restarts: '0',
      Age: '20s',
      IP: '10.244.0.5',
      Node: 'n1',
      'Nominated Node': '<none>',
      'Readiness Gates': '<none>',
    })
  })

  it.each<[string, Pod['status']]>([
    ['Pending', { phase: 'Pending' }],
    ['Evicted', { phase: 'Failed', reason: 'Evicted' }],
    ['CrashLoopBackOff', { phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff')] }],
    ['Completed', { phase: 'Succeeded', containerStatuses: [ended(0, 'Completed')] }],
    ['Error', { phase: 'Failed', containerStatuses: [ended(1, 'Error')] }],
    ['ExitCode:3', { phase: 'Failed', containerStatuses: [ended(3)] }],
    ['NotReady', { phase: 'Running', containerStatuses: [ended(0, 'Completed'), running] }],
    ['Init:0/1', { phase: 'Pending', initContainerStatuses: [{ ...status, state: { running: {} } }] }],
    ['Init:Error', { phase: 'Pending', initContainerStatuses: [ended(1, 'Error')] }],
    ['Init:CrashLoopBackOff', { phase: 'Pending', initContainerStatuses: [waiting('CrashLoopBackOff')] }],
    [
      'PodInitializing',
      {
        phase: 'Pending',
        initContainerStatuses: [ended(0, 'Completed')],
        containerStatuses: [waiting('PodInitializing')],
      },
    ],
  ])('says %s', (expected, is) => {
    const object = stored({ initContainers: [{ name: 'i', image: 'x' }] }, is)
    expect(shown(object).Status).toBe(expected)
    object.metadata.deletionTimestamp = '2026-11-20T10:12:50Z'
    expect(shown(object).Status).toBe('Terminating')
  })

  it('counts sidecars, which hold nobody up once they have started', () => {
    const initContainers = [
      { name: 'side', image: 'x', restartPolicy: 'Always' as const },
      { name: 'once', image: 'x' },
    ]
    const row = (is: Pod['status']) => {
      const { Ready, Status, Restarts } = shown(stored({ initContainers }, is))
      return [Ready, Status, Restarts]
    }
    const side = { ...running, name: 'side', started: true, restartCount: 2 }
    const once = { ...ended(0), name: 'once', restartCount: 4 }
    const starting = { ...side, ready: false, started: false }
    const phase = 'Pending'
    expect(row({ phase, initContainerStatuses: [starting] })).toEqual(['0/2', 'Init:0/2', '2'])
    const running1 = { ...once, state: { running: {} } }
    expect(row({ phase, initContainerStatuses: [side, running1] })).toEqual(['1/2', 'Init:1/2', '6'])
    const up = { phase: 'Running', containerStatuses: [running] }
    expect(row({ ...up, initContainerStatuses: [side, once] })).toEqual(['2/2', 'Running', '2'])
    const unready = { ...side, ready: false }
    expect(row({ ...up, initContainerStatuses: [unready, once] })).toEqual(['1/2', 'Running', '2'])
  })

  it('says what ails a sidecar of a pod that was initialized', () => {
    const initContainers = [{ name: 'side', image: 'x', restartPolicy: 'Always' as const }]
    const side = { ...waiting('CrashLoopBackOff'), name: 'side', started: false, restartCount: 3 }
    const is = {
      phase: 'Running',
      conditions: [{ type: 'Initialized', status: 'True' }],
      initContainerStatuses: [side],
      containerStatuses: [running],
    }
    const { Ready, Status, Restarts } = shown(stored({ initContainers }, is))
    expect([Ready, Status, Restarts]).toEqual(['1/2', 'Init:CrashLoopBackOff', '3'])
  })

  it('says how often containers were restarted, and when last', () => {
    const restarted = {
      ...running,
      restartCount: 3,
      lastState: { terminated: { exitCode: 1, finishedAt: '2026-11-20T10:12:55Z' } },
    }
    expect(shown(stored({}, { phase: 'Running', containerStatuses: [restarted] })).Restarts).toBe(
      '3 (5s ago)',
    )
  })
})

describe('a ReplicaSet', () => {
  const spec = {
    selector: { matchLabels: { app: 'w' } },
    template: { metadata: { labels: { app: 'w' } }, spec: { containers: [container] } },
  }
  const metadata = { name: 'r', namespace: 'default' }
  const causes = (part: object) =>
    replicaSet
      .validate(replicaSet.defaults({ metadata, spec: { ...spec, ...part } }, 'CREATE'))
      .map(({ field, message }) => `${field}: ${message}`)

  it('has the defaults of Kubernetes', () => {
    const object = replicaSet.defaults({ metadata, spec }, 'CREATE')
    expect(object.status).toEqual({ replicas: 0 })
    expect(object.spec).toEqual({
      replicas: 1,
      selector: spec.selector,
      template: {
        metadata: { creationTimestamp: null, labels: { app: 'w' } },
        spec: {
          containers: [
            {
              ...container,
              resources: {},
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              imagePullPolicy: 'IfNotPresent',
            },
          ],
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          securityContext: {},
          schedulerName: 'default-scheduler',
        },
      },
    })
  })

  it.each([
    [{ replicas: -1 }, 'spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    [{ selector: undefined }, 'spec.selector: Required value'],
    [
      { selector: { matchLabels: { app: 'x' } } },
      'spec.template.metadata.labels: Invalid value: map[string]string{"app":"w"}: `selector` does not match template `labels`',
    ],
    [
      { selector: { matchExpressions: [{ key: 'app', operator: 'In' }] } },
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
    [
      { template: { ...spec.template, spec: { containers: [container], restartPolicy: 'Never' } } },
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ],
  ])('is refused with %j', (part, message) => {
    expect(causes(part)).toEqual([message])
  })

  it('keeps its selector', () => {
    const old = replicaSet.defaults({ metadata, spec }, 'CREATE') as ObjectOf<'ReplicaSet'>
    const selector = { matchLabels: { app: 'q' } }
    expect(replicaSet.validateUpdate(old, old, undefined)).toEqual([])
    expect(replicaSet.validateUpdate({ ...old, spec: { ...old.spec, selector } }, old, undefined)).toEqual([
      {
        reason: 'FieldValueInvalid',
        message:
          'Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"q"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable',
        field: 'spec.selector',
      },
    ])
  })

  it('has no more ready pods than pods', () => {
    const old = replicaSet.defaults({ metadata, spec }, 'CREATE') as ObjectOf<'ReplicaSet'>
    const status = { replicas: 1, readyReplicas: 2 }
    expect(replicaSet.validateUpdate({ ...old, status }, old, 'status')).toMatchObject([
      { field: 'status.readyReplicas', message: 'Invalid value: 2: cannot be greater than status.replicas' },
    ])
  })
})
