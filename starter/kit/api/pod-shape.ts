/** What a pod looks like, as far as anything in the kit or the rooms reads it. */
import { labelSelectorShape } from '#kit/api/label-selector'
import { metadataShape } from '#kit/api/object-meta'
import type { Shape } from '#kit/api/shape'

const quantities: Shape = { '*': 'integer,string' }
const keyRef: Shape = { name: 'string', key: 'string', optional: 'boolean' }
const keysToPaths: Shape = [{ key: 'string', path: 'string', mode: 'integer' }]
const fieldRef: Shape = { apiVersion: 'string', fieldPath: 'string' }
const resourceFieldRef: Shape = { containerName: 'string', resource: 'string', divisor: 'integer,string' }

const handler = {
  exec: { command: ['string'] },
  httpGet: {
    path: 'string',
    port: 'integer,string',
    host: 'string',
    scheme: 'string',
    httpHeaders: [{ name: 'string', value: 'string' }],
  },
  tcpSocket: { port: 'integer,string', host: 'string' },
} as const satisfies Shape

const probe: Shape = {
  ...handler,
  grpc: { port: 'integer', service: 'string' },
  initialDelaySeconds: 'integer',
  timeoutSeconds: 'integer',
  periodSeconds: 'integer',
  successThreshold: 'integer',
  failureThreshold: 'integer',
  terminationGracePeriodSeconds: 'integer',
}

const container: Shape = {
  name: 'string',
  image: 'string',
  command: ['string'],
  args: ['string'],
  workingDir: 'string',
  ports: [
    { name: 'string', containerPort: 'integer', hostPort: 'integer', hostIP: 'string', protocol: 'string' },
  ],
  env: [
    {
      name: 'string',
      value: 'string',
      valueFrom: { fieldRef, resourceFieldRef, configMapKeyRef: keyRef, secretKeyRef: keyRef },
    },
  ],
  envFrom: [
    {
      prefix: 'string',
      configMapRef: { name: 'string', optional: 'boolean' },
      secretRef: { name: 'string', optional: 'boolean' },
    },
  ],
  resources: { requests: quantities, limits: quantities },
  volumeMounts: [
    {
      name: 'string',
      mountPath: 'string',
      subPath: 'string',
      subPathExpr: 'string',
      readOnly: 'boolean',
    },
  ],
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle: { postStart: handler, preStop: handler },
  terminationMessagePath: 'string',
  terminationMessagePolicy: 'string',
  imagePullPolicy: 'string',
  securityContext: {},
}

const downwardItems: Shape = [{ path: 'string', mode: 'integer', fieldRef, resourceFieldRef }]

const volume: Shape = {
  name: 'string',
  emptyDir: { medium: 'string', sizeLimit: 'integer,string' },
  hostPath: { path: 'string', type: 'string' },
  configMap: { name: 'string', optional: 'boolean', defaultMode: 'integer', items: keysToPaths },
  secret: { secretName: 'string', optional: 'boolean', defaultMode: 'integer', items: keysToPaths },
  persistentVolumeClaim: { claimName: 'string', readOnly: 'boolean' },
  downwardAPI: { defaultMode: 'integer', items: downwardItems },
  projected: {
    defaultMode: 'integer',
    sources: [
      {
        configMap: { name: 'string', optional: 'boolean', items: keysToPaths },
        secret: { name: 'string', optional: 'boolean', items: keysToPaths },
        downwardAPI: { items: downwardItems },
        serviceAccountToken: { audience: 'string', expirationSeconds: 'integer', path: 'string' },
      },
    ],
  },
}

const requirements: Shape = [{ key: 'string', operator: 'string', values: ['string'] }]
const nodeTerm: Shape = { matchExpressions: requirements, matchFields: requirements }
const podTerm: Shape = {
  labelSelector: labelSelectorShape,
  namespaceSelector: labelSelectorShape,
  namespaces: ['string'],
  topologyKey: 'string',
}
const podAffinity: Shape = {
  requiredDuringSchedulingIgnoredDuringExecution: [podTerm],
  preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 'integer', podAffinityTerm: podTerm }],
}

/** What a pod's spec looks like, in a pod and in a template. */
const podSpecShape: Shape = {
  containers: [container],
  initContainers: [container],
  volumes: [volume],
  restartPolicy: 'string',
  dnsPolicy: 'string',
  nodeName: 'string',
  nodeSelector: { '*': 'string' },
  schedulerName: 'string',
  serviceAccountName: 'string',
  serviceAccount: 'string',
  automountServiceAccountToken: 'boolean',
  hostname: 'string',
  subdomain: 'string',
  hostNetwork: 'boolean',
  enableServiceLinks: 'boolean',
  terminationGracePeriodSeconds: 'integer',
  activeDeadlineSeconds: 'integer',
  priority: 'integer',
  priorityClassName: 'string',
  preemptionPolicy: 'string',
  overhead: quantities,
  securityContext: {},
  imagePullSecrets: [{ name: 'string' }],
  readinessGates: [{ conditionType: 'string' }],
  tolerations: [
    {
      key: 'string',
      operator: 'string',
      value: 'string',
      effect: 'string',
      tolerationSeconds: 'integer',
    },
  ],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [nodeTerm] },
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 'integer', preference: nodeTerm }],
    },
    podAffinity,
    podAntiAffinity: podAffinity,
  },
  topologySpreadConstraints: [
    {
      maxSkew: 'integer',
      topologyKey: 'string',
      whenUnsatisfiable: 'string',
      labelSelector: labelSelectorShape,
      minDomains: 'integer',
    },
  ],
}

const containerState: Shape = {
  waiting: { reason: 'string', message: 'string' },
  running: { startedAt: 'string' },
  terminated: {
    exitCode: 'integer',
    signal: 'integer',
    reason: 'string',
    message: 'string',
    startedAt: 'string',
    finishedAt: 'string',
  },
}

const containerStatuses: Shape = [
  {
    name: 'string',
    ready: 'boolean',
    started: 'boolean',
    restartCount: 'integer',
    state: containerState,
    lastState: containerState,
  },
]

/** What a pod looks like. */
export const podShape: Shape = {
  apiVersion: 'string',
  kind: 'string',
  metadata: metadataShape,
  spec: podSpecShape,
  status: {
    phase: 'string',
    reason: 'string',
    message: 'string',
    podIP: 'string',
    podIPs: [{ ip: 'string' }],
    hostIP: 'string',
    qosClass: 'string',
    nominatedNodeName: 'string',
    startTime: 'string',
    conditions: [{ type: 'string', status: 'string', reason: 'string', message: 'string' }],
    initContainerStatuses: containerStatuses,
    containerStatuses,
  },
}

/** What the template of a pod looks like. */
export const podTemplateShape: Shape = {
  metadata: { labels: { '*': 'string' }, annotations: { '*': 'string' } },
  spec: podSpecShape,
}
