import { configMap } from '#kit/api/config-map'
import { event } from '#kit/api/event'
import type { KindTable } from '#kit/api/kind-table'
import { lease } from '#kit/api/lease'
import { namespace } from '#kit/api/namespace'
import { node } from '#kit/api/node'
import { pod, podBinding } from '#kit/api/pod'
import { replicaSet } from '#kit/api/replica-set'
import { secret } from '#kit/api/secret'
import { frozen } from '#kit/frozen'

/** Every kind that the API serves. A lesson that brings a kind adds a row. Nothing of it can be changed. */
export const kindTable: KindTable = frozen({
  ConfigMap: configMap,
  Event: event,
  Lease: lease,
  Namespace: namespace,
  Node: node,
  Pod: pod,
  ReplicaSet: replicaSet,
  Secret: secret,
  'Pod/binding': podBinding,
})
