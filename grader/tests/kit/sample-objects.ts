/** An object of each kind that uses all that the kit reads of it, as a client may send it. */
const template = {
  metadata: { labels: { app: 'web' } },
  spec: {
    initContainers: [{ name: 'first', image: 'busybox', command: ['true'] }],
    containers: [
      {
        name: 'c',
        image: 'nginx:1',
        ports: [{ name: 'http', containerPort: 80, hostPort: 8080 }],
        env: [
          { name: 'A', value: '1' },
          { name: 'B', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          { name: 'C', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
        ],
        envFrom: [{ prefix: 'X_', configMapRef: { name: 'conf' } }],
        resources: { requests: { cpu: '1000m' }, limits: { cpu: '2', memory: '1Gi' } },
        volumeMounts: [{ name: 'data', mountPath: '/data', subPath: 'a/b' }],
        livenessProbe: { httpGet: { port: 80 } },
        readinessProbe: { tcpSocket: { port: 'http' } },
        startupProbe: { exec: { command: ['true'] } },
        lifecycle: { preStop: { exec: { command: ['true'] } } },
      },
    ],
    volumes: [
      { name: 'data' },
      { name: 'conf', configMap: { name: 'conf', items: [{ key: 'k', path: 'p' }] } },
      { name: 'token', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
      { name: 'host', hostPath: { path: '/tmp' } },
    ],
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }],
        },
      },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 1,
            podAffinityTerm: { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'web' } } },
          },
        ],
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
    ],
    readinessGates: [{ conditionType: 'example.com/gate' }],
    serviceAccountName: 'robot',
    hostname: 'h',
    subdomain: 's',
    overhead: { cpu: '1m' },
  },
}

const metadata = {
  name: 'a',
  namespace: 'default',
  labels: { app: 'web' },
  annotations: { note: 'any text' },
  finalizers: ['example.com/hold'],
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'u', controller: true }],
}
const { namespace: _, ...clusterMetadata } = metadata

const ended = { terminated: { exitCode: 1, finishedAt: '2026-11-20T10:12:40Z' } }
const containerStatus = {
  name: 'c',
  ready: true,
  restartCount: 1,
  image: '',
  imageID: '',
  state: { running: { startedAt: '2026-11-20T10:12:40Z' } },
  lastState: ended,
}

/** By kind; each passes validation once its defaults are filled in. */
export const sampleObjects = {
  ConfigMap: { metadata, data: { a: '1' }, binaryData: { b: 'AAE=' }, immutable: true },
  Event: {
    metadata,
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'a', uid: 'u' },
    reason: 'Started',
    message: 'Started container c ',
    type: 'Normal',
    firstTimestamp: '2026-11-20T10:12:40Z',
    count: 2,
    source: { component: 'kubelet', host: 'n1' },
  },
  Lease: {
    metadata,
    spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '2026-11-20T10:12:40.000001Z' },
  },
  Namespace: { metadata: clusterMetadata, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
  Node: {
    metadata: { ...clusterMetadata, labels: { 'node-role.kubernetes.io/worker': '' } },
    spec: {
      unschedulable: true,
      taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }],
      podCIDRs: ['10.0.0.0/24'],
    },
    status: {
      capacity: { cpu: '4', memory: '8Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True' }],
      addresses: [{ type: 'InternalIP', address: '10.1.0.1' }],
      nodeInfo: { kubeletVersion: 'v1' },
    },
  },
  Pod: {
    metadata,
    spec: { ...template.spec, nodeName: 'n1' },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      initContainerStatuses: [{ ...containerStatus, name: 'first', state: { terminated: { exitCode: 0 } } }],
      containerStatuses: [containerStatus],
      podIPs: [{ ip: '10.244.0.1' }],
    },
  },
  ReplicaSet: {
    metadata,
    spec: {
      replicas: 2,
      selector: {
        matchLabels: { app: 'web' },
        matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'www'] }],
      },
      template,
    },
    status: { replicas: 2, readyReplicas: 1, availableReplicas: 1 },
  },
  Secret: { metadata, type: 'Opaque', data: { a: 'AAE=' }, stringData: { b: 'é' } },
}

/** The kinds that there is an object of. */
export type SampleKind = keyof typeof sampleObjects
