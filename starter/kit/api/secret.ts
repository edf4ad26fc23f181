import type { Secret } from 'kubernetes-types/core/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import { base64Bytes, encodeBase64 } from '#kit/api/base64'
import { ageColumn, countColumn, nameColumn, textColumn } from '#kit/api/columns'
import { mostBytes, validateBytes, validateKeys, validateUnchanged } from '#kit/api/config-map'
import { invalidValue, required, tooLong } from '#kit/api/field-cause'
import type { KindRow } from '#kit/api/kind-table'
import { metadataShape, validateMetadata } from '#kit/api/object-meta'
import { plainKind, shaped } from '#kit/api/plain-kind'
import { dnsSubdomainProblems } from '#kit/names'

/** The keys that a Secret of some types has to have. */
const keysOfType = new Map([
  ['kubernetes.io/tls', ['tls.crt', 'tls.key']],
  ['kubernetes.io/ssh-auth', ['ssh-privatekey']],
  ['kubernetes.io/dockerconfigjson', ['.dockerconfigjson']],
  ['kubernetes.io/dockercfg', ['.dockercfg']],
])

/** Secrets. What is written as `stringData` is read as `data`. */
export const secret: KindRow<'Secret'> = shaped(
  {
    apiVersion: 'string',
    kind: 'string',
    metadata: metadataShape,
    type: 'string',
    data: { '*': 'string' },
    stringData: { '*': 'string' },
    immutable: 'boolean',
  },
  {
    ...plainKind,
    kind: 'Secret',
    group: '',
    version: 'v1',
    resource: 'secrets',
    singular: 'secret',
    selectableFields: { type: ({ type }) => type ?? '' },
    columns: [
      nameColumn,
      textColumn('Type', 'What it is for.', ({ type }) => type ?? ''),
      countColumn('Data', 'How many keys it has.', ({ data }) => Object.keys(data ?? {}).length),
      ageColumn,
    ],
    defaults({ stringData, ...draft }) {
      const entries = Object.entries(stringData ?? {}).map(([key, text]) => [key, encodeBase64(text)])
      return {
        ...draft,
        ...(stringData && { data: { ...draft.data, ...Object.fromEntries(entries) } }),
        type: draft.type || 'Opaque',
      }
    },
    validate: ({ metadata, type, data = {} }) => [
      ...validateMetadata(metadata, { namespaced: true, nameProblems: dnsSubdomainProblems }),
      ...validateKeys(data, 'data'),
      ...validateBytes(data, 'data'),
      ...validateSize(data),
      ...validateType(type ?? '', data, metadata),
    ],
    validateUpdate: (object, old) => [
      ...(object.type === old.type ? [] : [invalidValue('type', object.type ?? '', 'field is immutable')]),
      ...validateUnchanged<Secret>(object, old, ['data']),
    ],
  },
)

function validateSize(data: NonNullable<Secret['data']>): StatusCause[] {
  const bytes = Object.values(data).reduce((sum, text) => sum + (base64Bytes(text) ?? 0), 0)
  return bytes > mostBytes ? [tooLong('data', mostBytes)] : []
}

function validateType(
  type: string,
  data: NonNullable<Secret['data']>,
  metadata: Secret['metadata'],
): StatusCause[] {
  const account = 'kubernetes.io/service-account.name'
  if (type === 'kubernetes.io/service-account-token' && !metadata?.annotations?.[account]) {
    return [required(`metadata.annotations[${account}]`)]
  }
  if (type === 'kubernetes.io/basic-auth' && !('username' in data) && !('password' in data)) {
    return [required('data[username]'), required('data[password]')]
  }
  return (keysOfType.get(type) ?? [])
    .filter((key) => !Object.hasOwn(data, key))
    .map((key) => required(`data[${key}]`))
}
