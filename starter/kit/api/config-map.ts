import type { ConfigMap } from 'kubernetes-types/core/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import { base64Bytes } from '#kit/api/base64'
import { ageColumn, countColumn, nameColumn } from '#kit/api/columns'
import { forbiddenField, invalidValue, invalidValues, tooLong } from '#kit/api/field-cause'
import type { KindRow } from '#kit/api/kind-table'
import { metadataShape, utf8Length, validateMetadata } from '#kit/api/object-meta'
import { plainKind, shaped } from '#kit/api/plain-kind'
import { sameValue } from '#kit/api/same-value'
import { configKeyProblems, dnsSubdomainProblems } from '#kit/names'

/** How many bytes a ConfigMap or a Secret may hold. */
export const mostBytes = 1024 * 1024

/** ConfigMaps. */
export const configMap: KindRow<'ConfigMap'> = shaped(
  {
    apiVersion: 'string',
    kind: 'string',
    metadata: metadataShape,
    data: { '*': 'string' },
    binaryData: { '*': 'string' },
    immutable: 'boolean',
  },
  {
    ...plainKind,
    kind: 'ConfigMap',
    group: '',
    version: 'v1',
    resource: 'configmaps',
    singular: 'configmap',
    shortNames: ['cm'],
    columns: [
      nameColumn,
      countColumn(
        'Data',
        'How many keys it has.',
        ({ data, binaryData }) => Object.keys({ ...data, ...binaryData }).length,
      ),
      ageColumn,
    ],
    defaults: (draft) => draft,
    validate: ({ metadata, data = {}, binaryData = {} }) => [
      ...validateMetadata(metadata, { namespaced: true, nameProblems: dnsSubdomainProblems }),
      ...validateKeys(data, 'data'),
      ...Object.keys(data)
        .filter((key) => Object.hasOwn(binaryData, key))
        .map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')),
      ...validateKeys(binaryData, 'binaryData'),
      ...validateBytes(binaryData, 'binaryData'),
      ...validateSize(data, binaryData, '[]'),
    ],
    validateUpdate: (object, old) => validateUnchanged(object, old, ['data', 'binaryData']),
  },
)

/** What is wrong with the keys, which become file names. */
export function validateKeys(data: Readonly<Record<string, unknown>>, field: string): StatusCause[] {
  return Object.keys(data).flatMap((key) => invalidValues(`${field}[${key}]`, key, configKeyProblems(key)))
}

/** What is wrong with values that are bytes in base64. */
export function validateBytes(data: Readonly<Record<string, string>>, field: string): StatusCause[] {
  return Object.entries(data)
    .filter(([, text]) => base64Bytes(text) === undefined)
    .map(([key]) => invalidValue(`${field}[${key}]`, { raw: '"…"' }, 'illegal base64 data'))
}

function validateSize(
  data: ConfigMap['data'],
  binary: ConfigMap['binaryData'],
  field: string,
): StatusCause[] {
  let bytes = 0
  for (const text of Object.values(data ?? {})) bytes += utf8Length(text)
  for (const text of Object.values(binary ?? {})) bytes += base64Bytes(text) ?? 0
  return bytes > mostBytes ? [tooLong(field, mostBytes)] : []
}

/** What is wrong with a change of what has been declared immutable. */
export function validateUnchanged<T extends { immutable?: boolean }>(
  object: T,
  old: T,
  parts: readonly (string & keyof T)[],
): StatusCause[] {
  if (!old.immutable) return []
  const detail = 'field is immutable when `immutable` is set'
  const changed = parts.filter((part) => !sameValue(object[part] ?? {}, old[part] ?? {}))
  const fields = object.immutable ? changed : ['immutable', ...changed]
  return fields.map((field) => forbiddenField(field, detail))
}
