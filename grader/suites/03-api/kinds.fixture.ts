// Runs beside the rooms of a submission: the kinds that an API knows, some of them changed.
import type { StatusCause } from 'kubernetes-types/meta/v1'
import type { KindTable } from '#kit/api/kind-table'
import { kindTable } from '#kit/api/served-kinds'
import type { JsonObject } from '#kit/merge-patch'
import type { Tell } from './told.fixture.ts'

// Kinds that later lessons serve.
const scale = {
  kind: 'Scale',
  group: 'apps',
  version: 'v1',
  resource: 'replicasets',
  subresource: 'scale',
  singular: 'scale',
  shortNames: [],
  categories: [],
  namespaced: true,
}
const review = {
  kind: 'SubjectAccessReview',
  group: 'authorization.k8s.io',
  version: 'v1',
  resource: 'subjectaccessreviews',
  subresource: undefined,
  singular: 'subjectaccessreview',
  shortNames: [],
  categories: [],
  namespaced: false,
}

/** Which of them are changed. */
export interface KindSetup {
  /** By kind, what its row says instead; null: there is none. */
  rows?: Record<string, JsonObject | null>
  /** Finds these in every ConfigMap, and writes down what the row is asked. */
  causes?: { validate: StatusCause[]; validateUpdate: StatusCause[] }
  /**
   * Every Namespace gets this grace period, in seconds, and has no status once its deletion begins. What the row is
   * asked about the former is written down.
   */
  namespaceSeconds?: number
}

/** The table of those that are served, and of some that later lessons serve. */
export function kindsOf({ rows = {}, causes, namespaceSeconds }: KindSetup, tell: Tell): KindTable {
  const table: Record<string, object> = {
    ...kindTable,
    'ReplicaSet/scale': scale,
    SubjectAccessReview: review,
  }
  for (const [kind, change] of Object.entries(rows)) {
    if (change) table[kind] = { ...table[kind], ...change }
    else delete table[kind]
  }
  const row = kindTable.ConfigMap
  if (causes && row) {
    table.ConfigMap = {
      ...table.ConfigMap,
      validate(object: object) {
        tell({ from: 'row', call: 'validate', object })
        return causes.validate
      },
      validateUpdate(object: object, old: object, subresource: string | undefined) {
        tell({ from: 'row', call: 'validateUpdate', object, old, subresource })
        return causes.validateUpdate
      },
    }
  }
  if (namespaceSeconds !== undefined)
    table.Namespace = {
      ...table.Namespace,
      gracePeriodSeconds(object: object, asked: number | undefined) {
        tell({ from: 'row', call: 'gracePeriodSeconds', object, asked })
        return namespaceSeconds
      },
      terminating: ({ status: _status, ...object }: { status?: object }) => object,
    }
  // Rows for kinds that are no lesson's yet are of no known type.
  return table as KindTable
}
