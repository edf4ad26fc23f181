// What is sent to the API and what it answers, as a real API server does.
import type { Status, StatusCause } from 'kubernetes-types/meta/v1'
import { UID } from './bench.ts'

/** The clock's time when a check begins. */
export const BEGIN = '2026-01-01T00:00:00Z'

/** Parts of an object; `metadata` is added to what it has anyway. */
export type More = { metadata?: object; [part: string]: unknown }

/** Where an object of the namespace `default` is. */
export function at(name: string) {
  return { namespace: 'default', name }
}

/** What is sent for a ConfigMap. */
export function config(name: string, { metadata, ...parts }: More = {}) {
  return { metadata: { ...at(name), ...metadata }, ...parts }
}

/** A ConfigMap as it is answered. */
export function isConfig(name: string, version: number, { metadata, ...parts }: More = {}) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: answered(name, version, { namespace: 'default', ...metadata }),
    ...parts,
  }
}

/** Metadata as it is answered; with version 0, of what was not stored. */
export function answered(name: string, version: number, more: object = {}) {
  const resourceVersion = version > 0 ? { resourceVersion: `${version}` } : {}
  return { name, uid: UID, ...resourceVersion, creationTimestamp: BEGIN, ...more }
}

/** What a deletion without a grace period sets when a check begins. */
export const deletedAtOnce = { deletionTimestamp: BEGIN, deletionGracePeriodSeconds: 0 }

/** What is sent for a Pod; `spec` is added to what it has anyway. */
export function pod(name: string, { metadata, spec }: { metadata?: object; spec?: object } = {}) {
  return {
    metadata: { ...at(name), ...metadata },
    spec: { containers: [{ name: 'c', image: 'nginx:1' }], ...spec },
  }
}

const container = {
  name: 'c',
  image: 'nginx:1',
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
}

const templateSpec = {
  containers: [container],
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
}

const tolerations = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}))

/** A Pod as it is answered. */
export function isPod(name: string, version: number, { metadata, spec, status }: Parts = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: answered(name, version, { namespace: 'default', ...metadata }),
    spec: {
      ...templateSpec,
      tolerations,
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
      ...spec,
    },
    status: { phase: 'Pending', qosClass: 'BestEffort', ...status },
  }
}

interface Parts {
  metadata?: object
  spec?: object
  status?: object
}

/** What is sent for a ReplicaSet. */
export function set(name: string, { metadata, spec }: { metadata?: object; spec?: object } = {}) {
  return {
    metadata: { ...at(name), ...metadata },
    spec: {
      selector: { matchLabels: { app: 'w' } },
      template: {
        metadata: { labels: { app: 'w' } },
        spec: { containers: [{ name: 'c', image: 'nginx:1' }] },
      },
      ...spec,
    },
  }
}

/** A ReplicaSet as it is answered. */
export function isSet(name: string, version: number, { metadata, spec, status }: Parts = {}) {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: answered(name, version, { namespace: 'default', generation: 1, ...metadata }),
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'w' } },
      template: { metadata: { creationTimestamp: null, labels: { app: 'w' } }, spec: templateSpec },
      ...spec,
    },
    status: { replicas: 0, ...status },
  }
}

/** A Namespace as it is answered. */
export function isNamespace(name: string, version: number, { metadata, ...parts }: More = {}) {
  const labels = { 'kubernetes.io/metadata.name': name }
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: answered(name, version, { labels, ...metadata }),
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
    ...parts,
  }
}

/** A Status with which a request is refused. */
export function refusal(code: number, reason: string, message: string, details?: object): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason && { reason }),
    ...(details && { details }),
    code,
  }
}

/** 400 */
export function badRequest(message: string): Status {
  return refusal(400, 'BadRequest', message)
}

/** 400: which object is not said, or not where. */
export const nameMissing = badRequest('resource name may not be empty')
export const namespaceMissing = badRequest(
  'an empty namespace may not be set when a resource name is provided',
)

/** 500: a new object cannot have a version. */
export const versionOnCreate = refusal(500, '', 'resourceVersion should not be set on objects to be created')

/** 400: a ConfigMap whose labels are a text. */
export const wrongShape = badRequest(
  'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal string into Go struct field ObjectMeta.metadata.labels of type map[string]string',
)

/** 404: no such object. */
export function notFound(name: string, resource = 'configmaps'): Status {
  return refusal(404, 'NotFound', `${resource} "${name}" not found`, { name, kind: resource })
}

/** 404: nothing is served there. */
export const unknownResource = refusal(
  404,
  'NotFound',
  'the server could not find the requested resource',
  {},
)

/** 405 */
export const notAllowed = refusal(
  405,
  'MethodNotAllowed',
  'the server does not allow this method on the requested resource',
  {},
)

/** 409: there is one already. */
export function taken(name: string): Status {
  const details = { name, kind: 'configmaps' }
  return refusal(409, 'AlreadyExists', `configmaps "${name}" already exists`, details)
}

/** 409: somebody else was there before. */
export function stale(name: string, resource = 'configmaps'): Status {
  const why = 'the object has been modified; please apply your changes to the latest version and try again'
  return conflict(resource, name, why)
}

/** 409 */
export function conflict(resource: string, name: string, why: string): Status {
  const message = `Operation cannot be fulfilled on ${resource} "${name}": ${why}`
  return refusal(409, 'Conflict', message, { name, kind: resource })
}

/** 409: the ConfigMap of that name is another one by now. */
export function otherUid(name: string, asked: string, is: string): Status {
  const key = `/registry/configmaps/default/${name}`
  const uids = `Precondition failed: UID in precondition: ${asked}, UID in object meta: ${is}`
  const why = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${uids}`
  return conflict('configmaps', name, why)
}

/** 409: a delete has said in `preconditions` which ConfigMap it means, and this is not the one. */
export function notMeant(
  name: string,
  said: { uid: string } | { resourceVersion: string },
  is: string,
): Status {
  const [what, asked, why] =
    'uid' in said
      ? ['UID', said.uid, 'deleted and then recreated']
      : ['ResourceVersion', said.resourceVersion, 'modified']
  const record = `the ${what} in the precondition (${asked}) does not match the ${what} in record (${is})`
  return {
    ...conflict('ConfigMap', name, `${record}. The object might have been ${why}`),
    details: { name, kind: 'ConfigMap' },
  }
}

/** 422 with its causes: `[reason, field, message]`; one that comes twice is said once. */
export function invalid(
  kind: string,
  name: string,
  ...causes: [reason: string, field: string, message: string][]
): Status {
  const [plain = ''] = kind.split('.')
  const group = kind.slice(plain.length + 1)
  const said = [...new Set(causes.map(([, field, message]) => `${field}: ${message}`))]
  const list = said.length > 1 ? `[${said.join(', ')}]` : said.join()
  return refusal(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
    ...(name && { name }),
    ...(group && { group }),
    kind: plain,
    causes: causes.map(([reason, field, message]) => ({ reason, message, field })),
  })
}

/** A cause of the check's own. */
export function cause(field: string): StatusCause {
  return { reason: 'FieldValueInvalid', message: `the check dislikes ${field}`, field }
}

/** What a deletion answers once the object is gone. */
export function gone(name: string) {
  const details = { name, kind: 'configmaps', uid: UID }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}

/** The data of what was answered. */
export function dataOf(object: object): unknown {
  return 'data' in object ? object.data : undefined
}
