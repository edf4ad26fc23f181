/**
 * What is filled in where a pod's spec leaves something out.
 *
 * Mirrors: kubernetes/pkg/apis/core/v1/defaults.go
 */
import type { Container, PodSpec, PodTemplateSpec, Probe, Toleration, Volume } from 'kubernetes-types/core/v1'
import { formatQuantity, parseQuantity, QuantityError } from '#kit/quantity'

/** The defaults of a pod's spec, in a pod and in a template. */
export function withPodSpecDefaults(spec: PodSpec): PodSpec {
  const { containers, initContainers, volumes, serviceAccountName, serviceAccount } = spec
  const host = spec.hostNetwork === true
  const account = serviceAccountName ?? serviceAccount
  return {
    ...spec,
    ...(volumes && { volumes: volumes.map(volumeDefaults) }),
    ...(initContainers && { initContainers: initContainers.map((each) => containerDefaults(each, host)) }),
    // Left out, it stays so: validation asks for it.
    ...(containers && { containers: containers.map((each) => containerDefaults(each, host)) }),
    restartPolicy: spec.restartPolicy || 'Always',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: spec.dnsPolicy || 'ClusterFirst',
    ...(account && { serviceAccountName: account, serviceAccount: account }),
    securityContext: spec.securityContext ?? {},
    schedulerName: spec.schedulerName || 'default-scheduler',
  }
}

/** The defaults of a template, from which pods are made. */
export function withTemplateDefaults({ metadata, spec, ...rest }: Partial<PodTemplateSpec>): PodTemplateSpec {
  // Go writes a moment that was never set as null; a hash of the template depends on it.
  const unset: { creationTimestamp: null } = { creationTimestamp: null }
  return {
    ...rest,
    metadata: { ...unset, ...metadata } as NonNullable<PodTemplateSpec['metadata']>,
    // A template without a spec gets an empty one, which validation refuses.
    spec: withPodSpecDefaults(spec ?? ({} as PodSpec)),
  }
}

/** What a pod gets besides, but not a template. */
export function withPodOnlyDefaults(spec: PodSpec): PodSpec {
  return {
    ...spec,
    ...(spec.initContainers && { initContainers: spec.initContainers.map(requestsFromLimits) }),
    ...(spec.containers && { containers: spec.containers.map(requestsFromLimits) }),
    enableServiceLinks: spec.enableServiceLinks ?? true,
  }
}

/**
 * What admission plugins that are always on give to a pod in Kubernetes: DefaultTolerationSeconds keeps it on
 * a node that fails for five minutes, Priority gives it one.
 */
export function withAdmissionDefaults(spec: PodSpec): PodSpec {
  const tolerations = [...(spec.tolerations ?? [])]
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    if (tolerations.some((toleration) => toleratesNoExecute(toleration, key))) continue
    tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })
  }
  const { priorityClassName, priority, preemptionPolicy } = spec
  return {
    ...spec,
    tolerations,
    // A class is looked up by the plugin of lesson 26.
    ...(!priorityClassName && {
      priority: priority ?? 0,
      preemptionPolicy: preemptionPolicy ?? 'PreemptLowerPriority',
    }),
  }
}

function toleratesNoExecute({ key, effect }: Toleration, taint: string): boolean {
  return (!key || key === taint) && (!effect || effect === 'NoExecute')
}

function requestsFromLimits(container: Container): Container {
  const { limits, requests } = container.resources ?? {}
  if (!limits) return container
  return { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } }
}

function containerDefaults(container: Container, hostNetwork: boolean): Container {
  const { ports, env, lifecycle, livenessProbe, readinessProbe, startupProbe } = container
  return {
    ...container,
    ...(ports && {
      ports: ports.map((port) => ({
        ...port,
        ...(hostNetwork && { hostPort: port.hostPort || port.containerPort }),
        protocol: port.protocol || 'TCP',
      })),
    }),
    ...(env && { env: env.map(variableDefaults) }),
    resources: resourcesDefaults(container.resources ?? {}),
    ...(livenessProbe && { livenessProbe: probeDefaults(livenessProbe) }),
    ...(readinessProbe && { readinessProbe: probeDefaults(readinessProbe) }),
    ...(startupProbe && { startupProbe: probeDefaults(startupProbe) }),
    ...(lifecycle && {
      lifecycle: {
        ...lifecycle,
        ...(lifecycle.postStart && { postStart: handlerDefaults(lifecycle.postStart) }),
        ...(lifecycle.preStop && { preStop: handlerDefaults(lifecycle.preStop) }),
      },
    }),
    terminationMessagePath: container.terminationMessagePath || '/dev/termination-log',
    terminationMessagePolicy: container.terminationMessagePolicy || 'File',
    imagePullPolicy:
      container.imagePullPolicy || (isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent'),
  }
}

/** Whether an image names no fixed version: neither a tag but `latest`, nor a digest. */
function isLatest(image: string): boolean {
  if (image.includes('@')) return false
  const tag = image.slice(image.lastIndexOf('/') + 1).split(':')[1]
  return tag === undefined || tag === 'latest'
}

function variableDefaults<T extends NonNullable<Container['env']>[number]>(variable: T): T {
  const { valueFrom } = variable
  if (!valueFrom?.fieldRef) return variable
  const fieldRef = { ...valueFrom.fieldRef, apiVersion: valueFrom.fieldRef.apiVersion || 'v1' }
  return { ...variable, valueFrom: { ...valueFrom, fieldRef } }
}

type Resources = NonNullable<Container['resources']>

/** Amounts in the form that Kubernetes stores them in: `1000m` is `1`. */
function resourcesDefaults({ limits, requests, ...rest }: Resources): Resources {
  return {
    ...rest,
    ...(limits && { limits: canonical(limits) }),
    ...(requests && { requests: canonical(requests) }),
  }
}

/** A resource list as Kubernetes stores it; what is no amount stays, and is refused. */
export function canonical(list: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(list).map(([name, text]) => [name, canonicalAmount(text)]))
}

function canonicalAmount(text: string): string {
  try {
    return formatQuantity(parseQuantity(text))
  } catch (error) {
    if (error instanceof QuantityError) return text
    throw error
  }
}

interface Handler {
  httpGet?: { path?: string; port: string | number; scheme?: string }
}

function handlerDefaults<T extends Handler>(handler: T): T {
  const { httpGet } = handler
  if (!httpGet) return handler
  return { ...handler, httpGet: { ...httpGet, path: httpGet.path || '/', scheme: httpGet.scheme || 'HTTP' } }
}

function probeDefaults(probe: Probe): Probe {
  return {
    ...handlerDefaults(probe),
    timeoutSeconds: probe.timeoutSeconds || 1,
    periodSeconds: probe.periodSeconds || 10,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
  }
}

// rw-r--r--
const fileMode = 0o644

function volumeDefaults(volume: Volume): Volume {
  const { name: _, configMap, secret, downwardAPI, projected, hostPath, ...others } = volume
  const known = configMap ?? secret ?? downwardAPI ?? projected ?? hostPath
  if (!known) return Object.keys(others).length > 0 ? volume : { ...volume, emptyDir: {} }
  return {
    ...volume,
    ...(configMap && { configMap: { ...configMap, defaultMode: configMap.defaultMode ?? fileMode } }),
    ...(secret && { secret: { ...secret, defaultMode: secret.defaultMode ?? fileMode } }),
    ...(downwardAPI && { downwardAPI: { ...downwardAPI, defaultMode: downwardAPI.defaultMode ?? fileMode } }),
    ...(projected && { projected: { ...projected, defaultMode: projected.defaultMode ?? fileMode } }),
    ...(hostPath && { hostPath: { ...hostPath, type: hostPath.type ?? '' } }),
  }
}
