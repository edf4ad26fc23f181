/**
 * The rules for containers.
 *
 * Mirrors: `validateContainers` of kubernetes/pkg/apis/core/validation
 */
import type { Container, ContainerPort, EnvVar, EnvVarSource, VolumeMount } from 'kubernetes-types/core/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import {
  duplicate,
  forbiddenField,
  invalidValue,
  invalidValues,
  notFoundValue,
  notSupported,
  oneOf,
  required,
} from '#kit/api/field-cause'
import {
  validateHandler,
  validatePort,
  validateProbe,
  validateRestartingProbe,
} from '#kit/api/probe-validation'
import { validateResources } from '#kit/api/resource-requirements'
import {
  configKeyProblems,
  dnsLabelProblems,
  dnsSubdomainProblems,
  environmentNameProblems,
  portNameProblems,
} from '#kit/names'

/** What containers are checked against. */
export interface ContainersPlace {
  /** Such as `spec.containers`. */
  field: string
  /** The names of the pod's volumes. */
  volumes: ReadonlySet<string>
  /** The names that other containers of the pod have already; those of these are added. */
  names: Set<string>
  /** They run to completion before the others: no probes, no hooks. */
  init: boolean
}

/** What is wrong with a list of containers. */
export function validateContainers(containers: readonly Container[], place: ContainersPlace): StatusCause[] {
  const hostPorts = new Set<string>()
  return containers.flatMap((container, index) => {
    const at = `${place.field}[${index}]`
    return [
      ...validateContainer(container, at, place),
      ...(place.init ? validateInit(container, at) : validateHooks(container, at)),
      ...(container.ports ?? []).flatMap((port, number) => {
        // Init containers run one after the other, so that only theirs may be the same.
        if (!port.hostPort || place.init) return []
        const taken = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`
        if (hostPorts.has(taken)) return [duplicate(`${at}.ports[${number}].hostPort`, taken)]
        hostPorts.add(taken)
        return []
      }),
    ]
  })
}

function validateContainer(
  container: Container,
  at: string,
  { volumes, names }: ContainersPlace,
): StatusCause[] {
  const { name, image } = container
  const causes: StatusCause[] = []
  if (!name) causes.push(required(`${at}.name`))
  else {
    causes.push(...invalidValues(`${at}.name`, name, dnsLabelProblems(name)))
    if (names.has(name)) causes.push(duplicate(`${at}.name`, name))
    names.add(name)
  }
  if (!image) causes.push(required(`${at}.image`))
  else if (image.trim() !== image) {
    causes.push(invalidValue(`${at}.image`, image, 'must not have leading or trailing whitespace'))
  }
  return [
    ...causes,
    ...oneOf(`${at}.terminationMessagePolicy`, container.terminationMessagePolicy, [
      'File',
      'FallbackToLogsOnError',
    ]),
    ...validatePorts(container.ports ?? [], `${at}.ports`),
    ...(container.env ?? []).flatMap((variable, index) => validateVariable(variable, `${at}.env[${index}]`)),
    ...validateEnvFrom(container.envFrom ?? [], `${at}.envFrom`),
    ...validateMounts(container.volumeMounts ?? [], volumes, `${at}.volumeMounts`),
    ...oneOf(`${at}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']),
    ...validateResources(container.resources ?? {}, `${at}.resources`),
  ]
}

function validateHooks(container: Container, at: string): StatusCause[] {
  const { postStart, preStop } = container.lifecycle ?? {}
  return [
    ...(postStart ? validateHandler(postStart, `${at}.lifecycle.postStart`) : []),
    ...(preStop ? validateHandler(preStop, `${at}.lifecycle.preStop`) : []),
    ...validateRestartingProbe(container.livenessProbe, `${at}.livenessProbe`),
    ...validateProbe(container.readinessProbe, `${at}.readinessProbe`),
    ...validateRestartingProbe(container.startupProbe, `${at}.startupProbe`),
  ]
}

function validateInit(container: Container, at: string): StatusCause[] {
  const parts = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const
  return parts
    .filter((part) => container[part])
    .map((part) => forbiddenField(`${at}.${part}`, 'may not be set for init containers'))
}

function validatePorts(ports: readonly ContainerPort[], field: string): StatusCause[] {
  const names = new Set<string>()
  return ports.flatMap(({ name, containerPort, hostPort, protocol }, index) => {
    const at = `${field}[${index}]`
    const causes: StatusCause[] = []
    if (name) {
      const problems = portNameProblems(name)
      if (problems.length === 0 && names.has(name)) causes.push(duplicate(`${at}.name`, name))
      causes.push(...invalidValues(`${at}.name`, name, problems))
      names.add(name)
    }
    if (!containerPort) causes.push(required(`${at}.containerPort`))
    else causes.push(...validatePort(containerPort, `${at}.containerPort`))
    if (hostPort) causes.push(...validatePort(hostPort, `${at}.hostPort`))
    return [...causes, ...oneOf(`${at}.protocol`, protocol, ['TCP', 'UDP', 'SCTP'])]
  })
}

function validateVariable({ name, value, valueFrom }: EnvVar, at: string): StatusCause[] {
  const named = name
    ? invalidValues(`${at}.name`, name, environmentNameProblems(name))
    : [required(`${at}.name`)]
  return valueFrom ? [...named, ...validateSource(valueFrom, value, `${at}.valueFrom`)] : named
}

function validateSource(source: EnvVarSource, value: string | undefined, at: string): StatusCause[] {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source
  const causes: StatusCause[] = []
  if (fieldRef) causes.push(...validateFieldPath(fieldRef.fieldPath, `${at}.fieldRef.fieldPath`))
  if (resourceFieldRef && !resourceFieldRef.resource) {
    causes.push(required(`${at}.resourceFieldRef.resource`))
  }
  if (configMapKeyRef) causes.push(...validateKeyRef(configMapKeyRef, `${at}.configMapKeyRef`))
  if (secretKeyRef) causes.push(...validateKeyRef(secretKeyRef, `${at}.secretKeyRef`))
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef].filter(Boolean).length
  if (sources === 0) {
    const one = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'
    causes.push(invalidValue(at, '', one))
  } else if (value) {
    causes.push(invalidValue(at, '', 'may not be specified when `value` is not empty'))
  }
  if (sources > 1) causes.push(invalidValue(at, '', 'may not have more than one field specified at a time'))
  return causes
}

function validateKeyRef({ name, key }: { name?: string; key: string }, at: string): StatusCause[] {
  return [
    ...(name ? [] : [required(`${at}.name`)]),
    ...(key ? invalidValues(`${at}.key`, key, configKeyProblems(key)) : [required(`${at}.key`)]),
  ]
}

const fieldPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.podIP',
  'status.podIPs',
]

function validateFieldPath(path: string | undefined, at: string): StatusCause[] {
  if (!path) return [required(at)]
  if (/^metadata\.(labels|annotations)\['.+'\]$/.test(path)) return []
  return fieldPaths.includes(path) ? [] : [notSupported(at, path, fieldPaths)]
}

function validateEnvFrom(sources: NonNullable<Container['envFrom']>, field: string): StatusCause[] {
  return sources.flatMap(({ prefix, configMapRef, secretRef }, index) => {
    const at = `${field}[${index}]`
    const causes: StatusCause[] = []
    if (prefix) causes.push(...invalidValues(`${at}.prefix`, prefix, environmentNameProblems(prefix)))
    if (!configMapRef && !secretRef) {
      causes.push(invalidValue(at, '', 'must specify one of: `configMapRef` or `secretRef`'))
    } else if (configMapRef && secretRef) {
      causes.push(invalidValue(at, '', 'may not have more than one field specified at a time'))
    }
    for (const [part, ref] of Object.entries({ configMapRef, secretRef })) {
      if (!ref) continue
      if (!ref.name) causes.push(required(`${at}.${part}.name`))
      else causes.push(...invalidValues(`${at}.${part}.name`, ref.name, dnsSubdomainProblems(ref.name)))
    }
    return causes
  })
}

function validateMounts(
  mounts: readonly VolumeMount[],
  volumes: ReadonlySet<string>,
  field: string,
): StatusCause[] {
  const paths = new Set<string>()
  return mounts.flatMap(({ name, mountPath, subPath }, index) => {
    const at = `${field}[${index}]`
    const causes: StatusCause[] = []
    if (!name) causes.push(required(`${at}.name`))
    if (!volumes.has(name ?? '')) causes.push(notFoundValue(`${at}.name`, name ?? ''))
    if (!mountPath) causes.push(required(`${at}.mountPath`))
    if (paths.has(mountPath)) causes.push(invalidValue(`${at}.mountPath`, mountPath, 'must be unique'))
    paths.add(mountPath)
    if (subPath) causes.push(...validateRelativePath(subPath, `${at}.subPath`))
    return causes
  })
}

/** What is wrong with a path that is to stay inside a volume. */
export function validateRelativePath(path: string, field: string): StatusCause[] {
  if (path.startsWith('/')) return [invalidValue(field, path, 'must be a relative path')]
  return path.split('/').includes('..') ? [invalidValue(field, path, "must not contain '..'")] : []
}
