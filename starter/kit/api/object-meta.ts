/**
 * The rules for metadata that hold for every kind.
 *
 * Mirrors: `ValidateObjectMeta` of k8s.io/apimachinery/pkg/api/validation
 */
import type { ObjectMeta, OwnerReference, StatusCause } from 'kubernetes-types/meta/v1'
import {
  forbiddenField,
  invalidValue,
  invalidValues,
  nonNegative,
  required,
  tooLong,
} from '#kit/api/field-cause'
import type { Shape } from '#kit/api/shape'
import { dnsLabelProblems, labelValueProblems, qualifiedNameProblems } from '#kit/names'

/** What metadata looks like. */
export const metadataShape: Shape = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  uid: 'string',
  resourceVersion: 'string',
  generation: 'integer',
  creationTimestamp: 'string',
  deletionTimestamp: 'string',
  deletionGracePeriodSeconds: 'integer',
  labels: { '*': 'string' },
  annotations: { '*': 'string' },
  finalizers: ['string'],
  ownerReferences: [
    {
      apiVersion: 'string',
      kind: 'string',
      name: 'string',
      uid: 'string',
      controller: 'boolean',
      blockOwnerDeletion: 'boolean',
    },
  ],
}

/** What a kind asks of its metadata. */
export interface MetadataRules {
  namespaced: boolean
  /** Such as `dnsSubdomainProblems`. */
  nameProblems(name: string): string[]
}

const annotationBytes = 256 * 1024

/** What is wrong with the metadata of a new object. */
export function validateMetadata(
  metadata: ObjectMeta | undefined,
  { namespaced, nameProblems }: MetadataRules,
): StatusCause[] {
  const { name, generateName, namespace, generation } = metadata ?? {}
  const causes: StatusCause[] = []
  if (generateName) {
    // What is to follow the prefix is a letter or a digit, so the prefix may end with a dash.
    const masked = generateName.length > 1 ? generateName.replace(/.-$/, 'a') : generateName
    causes.push(...invalidValues('metadata.generateName', generateName, nameProblems(masked)))
  }
  if (!name) causes.push(required('metadata.name', 'name or generateName is required'))
  else causes.push(...invalidValues('metadata.name', name, nameProblems(name)))
  if (!namespaced) {
    if (namespace) causes.push(forbiddenField('metadata.namespace', 'not allowed on this type'))
  } else if (!namespace) causes.push(required('metadata.namespace'))
  else causes.push(...invalidValues('metadata.namespace', namespace, dnsLabelProblems(namespace)))
  return [
    ...causes,
    ...nonNegative('metadata.generation', generation),
    ...validateLabels(metadata?.labels, 'metadata.labels'),
    ...validateAnnotations(metadata?.annotations, 'metadata.annotations'),
    ...validateOwners(metadata?.ownerReferences ?? []),
    ...validateFinalizers(metadata?.finalizers ?? []),
  ]
}

/** What is wrong with labels, or with anything that has their form, such as a node selector. */
export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  field: string,
): StatusCause[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...invalidValues(field, key, qualifiedNameProblems(key)),
    ...invalidValues(field, value, labelValueProblems(value)),
  ])
}

/** What is wrong with annotations: keys like those of labels, any values, 256 KiB together. */
export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  field: string,
): StatusCause[] {
  const causes: StatusCause[] = []
  let size = 0
  for (const [key, value] of Object.entries(annotations ?? {})) {
    causes.push(...invalidValues(field, key, qualifiedNameProblems(key.toLowerCase())))
    size += utf8Length(key) + utf8Length(value)
  }
  if (size > annotationBytes) causes.push(tooLong(field, annotationBytes))
  return causes
}

/** How many bytes a text has in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}

function validateOwners(owners: readonly OwnerReference[]): StatusCause[] {
  const field = 'metadata.ownerReferences'
  const causes: StatusCause[] = []
  let controller: string | undefined
  for (const owner of owners) {
    for (const part of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (owner[part]) continue
      const what = part === 'apiVersion' ? 'version' : part
      causes.push(invalidValue(`${field}.${part}`, owner[part] ?? '', `${what} must not be empty`))
    }
    const { apiVersion, kind, name } = owner
    if (apiVersion === 'v1' && kind === 'Event') {
      causes.push(invalidValue(field, { raw: name }, '/v1, Kind=Event is disallowed from being an owner'))
    }
    if (!owner.controller) continue
    const current = `${kind}/${name}`
    if (controller) {
      const found = `Found "true" in references for ${controller} and ${current}`
      const detail = `Only one reference can have Controller set to true. ${found}`
      causes.push(invalidValue(field, { raw: '[]v1.OwnerReference{…}' }, detail))
    }
    controller ??= current
  }
  return causes
}

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion']

function validateFinalizers(finalizers: readonly string[]): StatusCause[] {
  const field = 'metadata.finalizers'
  const causes = finalizers.flatMap((name) => invalidValues(field, name, qualifiedNameProblems(name)))
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const detail = 'finalizer orphan and foregroundDeletion cannot be both set'
    causes.push(invalidValue(field, { raw: JSON.stringify(finalizers) }, detail))
  }
  for (const [index, name] of finalizers.entries()) causes.push(...unqualified(`${field}[${index}]`, name))
  return causes
}

/** What is wrong with one finalizer of a namespace's spec. */
export function validateFinalizer(name: string, field: string): StatusCause[] {
  return [...invalidValues(field, name, qualifiedNameProblems(name)), ...unqualified(field, name)]
}

function unqualified(field: string, name: string): StatusCause[] {
  if (name.includes('/') || standardFinalizers.includes(name)) return []
  return [invalidValue(field, name, 'name is neither a standard finalizer name nor is it fully qualified')]
}
