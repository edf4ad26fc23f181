/**
 * Which lists of which kinds a strategic merge patch merges, and how it tells their elements apart. Every other
 * list is replaced as a whole: tolerations, taints, command, args, envFrom.
 *
 * Mirrors: the struct tags `patchStrategy` and `patchMergeKey` of k8s.io/api
 */
import type { KindName } from '#kit/api/kinds'

/** How one field is merged, if it is not as any other: objects are merged, everything else is replaced. */
export type MergeRule =
  /** An object that has fields with rules. */
  | { type: 'object'; fields: MergeFields }
  /** A list of objects: those with the same value under `key` are the same element. */
  | { type: 'list'; key: string; fields: MergeFields }
  /** A list of strings or numbers, each there once. */
  | { type: 'set' }

/** The fields of an object that have rules. */
export type MergeFields = Readonly<Record<string, MergeRule>>

function object(fields: MergeFields): MergeRule {
  return { type: 'object', fields }
}

function list(key: string, fields: MergeFields = {}): MergeRule {
  return { type: 'list', key, fields }
}

const set: MergeRule = { type: 'set' }

const metadata = object({ finalizers: set, ownerReferences: list('uid') })

const withConditions = object({ conditions: list('type') })

const containers = list('name', {
  env: list('name'),
  ports: list('containerPort'),
  volumeDevices: list('devicePath'),
  volumeMounts: list('mountPath'),
})

const podSpec = object({
  containers,
  ephemeralContainers: containers,
  hostAliases: list('ip'),
  imagePullSecrets: list('name'),
  initContainers: containers,
  resourceClaims: list('name'),
  schedulingGates: list('name'),
  topologySpreadConstraints: list('topologyKey'),
  volumes: list('name'),
})

const workload: MergeFields = {
  metadata,
  spec: object({ template: object({ metadata, spec: podSpec }) }),
  status: withConditions,
}

const kinds: { readonly [K in KindName]?: MergeFields } = {
  Deployment: workload,
  Namespace: { metadata, status: withConditions },
  Node: {
    metadata,
    spec: object({ podCIDRs: set }),
    status: object({ addresses: list('type'), conditions: list('type') }),
  },
  PersistentVolumeClaim: { metadata, status: withConditions },
  Pod: {
    metadata,
    spec: podSpec,
    status: object({ conditions: list('type'), hostIPs: list('ip'), podIPs: list('ip') }),
  },
  ReplicaSet: workload,
  Service: { metadata, spec: object({ ports: list('port') }), status: withConditions },
  ServiceAccount: { metadata, secrets: list('name') },
}

/** The fields of a kind that are not merged as any other. A kind without a row has those of its metadata. */
export function mergeFields(kind: KindName): MergeFields {
  return kinds[kind] ?? { metadata }
}
