import { ageColumn, nameColumn, textColumn } from '#kit/api/columns'
import { invalidValue } from '#kit/api/field-cause'
import type { KindRow } from '#kit/api/kind-table'
import { metadataShape, validateFinalizer, validateMetadata } from '#kit/api/object-meta'
import { plainKind, shaped } from '#kit/api/plain-kind'
import { dnsLabelProblems } from '#kit/names'

const nameLabel = 'kubernetes.io/metadata.name'

/** Namespaces. Its finalizers keep one that is being deleted until it is empty. */
export const namespace: KindRow<'Namespace'> = shaped(
  {
    apiVersion: 'string',
    kind: 'string',
    metadata: metadataShape,
    spec: { finalizers: ['string'] },
    status: { phase: 'string' },
  },
  {
    ...plainKind,
    kind: 'Namespace',
    group: '',
    version: 'v1',
    resource: 'namespaces',
    singular: 'namespace',
    shortNames: ['ns'],
    namespaced: false,
    readOnly: ['spec', 'status'],
    subresources: { status: ['status'], finalize: ['spec'] },
    returnsDeleted: true,
    selectableFields: { 'status.phase': ({ status }) => status.phase ?? '' },
    columns: [
      nameColumn,
      textColumn('Status', 'Whether it is in use or on its way out.', ({ status }) => status.phase ?? ''),
      ageColumn,
    ],
    defaults(draft, operation) {
      const { metadata } = draft
      const name = metadata?.name
      const labelled = {
        ...draft,
        ...(name && { metadata: { ...metadata, labels: { ...metadata?.labels, [nameLabel]: name } } }),
      }
      if (operation === 'UPDATE') {
        return { ...labelled, spec: draft.spec ?? {}, status: draft.status ?? {} }
      }
      const finalizers = draft.spec?.finalizers ?? []
      return {
        ...labelled,
        spec: {
          ...draft.spec,
          finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'],
        },
        status: { phase: 'Active' },
      }
    },
    validate: ({ metadata, spec }) => [
      ...validateMetadata(metadata, { namespaced: false, nameProblems: dnsLabelProblems }),
      ...(spec?.finalizers ?? []).flatMap((name, index) =>
        validateFinalizer(name, `spec.finalizers[${index}]`),
      ),
    ],
    validateUpdate({ status }, old, subresource) {
      if (subresource !== 'status') return []
      const deleted = old.metadata.deletionTimestamp !== undefined
      const [only, is] = deleted ? ['Terminating', 'is not'] : ['Active', 'is']
      if (status?.phase === only) return []
      const detail = `may only be '${only}' if \`deletionTimestamp\` ${is} empty`
      return [invalidValue('status.Phase', status?.phase ?? '', detail)]
    },
    gracePeriodSeconds: () => undefined,
    held: ({ spec }) => (spec.finalizers ?? []).length > 0,
    terminating: (object) => ({ ...object, status: { ...object.status, phase: 'Terminating' } }),
  },
)
