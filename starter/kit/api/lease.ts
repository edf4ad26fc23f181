import type { StatusCause } from 'kubernetes-types/meta/v1'
import { ageColumn, nameColumn, textColumn } from '#kit/api/columns'
import { invalidValue, nonNegative } from '#kit/api/field-cause'
import type { KindRow } from '#kit/api/kind-table'
import { metadataShape, validateMetadata } from '#kit/api/object-meta'
import { plainKind, shaped } from '#kit/api/plain-kind'
import { dnsSubdomainProblems } from '#kit/names'

/** Leases: who holds something, and since when. */
export const lease: KindRow<'Lease'> = shaped(
  {
    apiVersion: 'string',
    kind: 'string',
    metadata: metadataShape,
    spec: {
      holderIdentity: 'string',
      leaseDurationSeconds: 'integer',
      acquireTime: 'string',
      renewTime: 'string',
      leaseTransitions: 'integer',
    },
  },
  {
    ...plainKind,
    kind: 'Lease',
    group: 'coordination.k8s.io',
    version: 'v1',
    resource: 'leases',
    singular: 'lease',
    unconditionalUpdate: false,
    columns: [
      nameColumn,
      textColumn('Holder', 'Who holds it.', ({ spec }) => spec.holderIdentity ?? ''),
      ageColumn,
    ],
    defaults: (draft) => ({ ...draft, spec: draft.spec ?? {} }),
    validate: ({ metadata, spec }) => [
      ...validateMetadata(metadata, { namespaced: true, nameProblems: dnsSubdomainProblems }),
      ...validateDuration(spec?.leaseDurationSeconds),
      ...validateMoment(spec?.acquireTime, 'spec.acquireTime'),
      ...validateMoment(spec?.renewTime, 'spec.renewTime'),
      ...nonNegative('spec.leaseTransitions', spec?.leaseTransitions),
    ],
  },
)

function validateDuration(seconds: number | undefined): StatusCause[] {
  if (seconds === undefined || seconds > 0) return []
  return [invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]
}

function validateMoment(moment: string | undefined, field: string): StatusCause[] {
  if (moment === undefined || !Number.isNaN(Date.parse(moment))) return []
  return [invalidValue(field, moment, 'must be a moment as in RFC 3339')]
}
