import { configMap } from '#kit/api/config-map'
import { event } from '#kit/api/event'
import type { KindTable } from '#kit/api/kind-table'
import { lease } from '#kit/api/lease'
import { namespace } from '#kit/api/namespace'
import { node } from '#kit/api/node'
import { pod, podBinding } from '#kit/api/pod'
import { replicaSet } from '#kit/api/replica-set'
import { secret } from '#kit/api/secret'

/** Every kind that the API serves. A lesson that brings a kind adds a row. */
export const kindTable: KindTable = {
  ConfigMap: configMap,
  Event: event,
  Lease: lease,
  Namespace: namespace,
  Node: node,
  Pod: pod,
  ReplicaSet: replicaSet,
  Secret: secret,
  'Pod/binding': podBinding,
}
