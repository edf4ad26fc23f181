/** The rules for probes and for the hooks of a container's lifecycle. */
import type { LifecycleHandler, Probe } from 'kubernetes-types/core/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import {
  forbiddenField,
  invalidValue,
  invalidValues,
  nonNegative,
  notSupported,
  required,
} from '#kit/api/field-cause'
import { portNameProblems } from '#kit/names'

/** What is wrong with a probe; none is none. */
export function validateProbe(probe: Probe | undefined, field: string): StatusCause[] {
  if (!probe) return []
  const { terminationGracePeriodSeconds: grace } = probe
  return [
    ...validateHandler(probe, field),
    ...nonNegative(`${field}.initialDelaySeconds`, probe.initialDelaySeconds),
    ...nonNegative(`${field}.timeoutSeconds`, probe.timeoutSeconds),
    ...nonNegative(`${field}.periodSeconds`, probe.periodSeconds),
    ...nonNegative(`${field}.successThreshold`, probe.successThreshold),
    ...nonNegative(`${field}.failureThreshold`, probe.failureThreshold),
    ...(grace !== undefined && grace <= 0
      ? [invalidValue(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than 0')]
      : []),
  ]
}

/** What is wrong with a probe that may not ask for more than one success. */
export function validateRestartingProbe(probe: Probe | undefined, field: string): StatusCause[] {
  const causes = validateProbe(probe, field)
  const successes = probe?.successThreshold ?? 1
  if (successes !== 1) causes.push(invalidValue(`${field}.successThreshold`, successes, 'must be 1'))
  return causes
}

/** What is wrong with what a probe or a hook does: it does one thing. */
export function validateHandler(
  { exec, httpGet, tcpSocket, grpc }: LifecycleHandler & Pick<Probe, 'grpc'>,
  field: string,
): StatusCause[] {
  const causes: StatusCause[] = []
  let found = 0
  const another = (part: string) => {
    if (found++ === 0) return true
    causes.push(forbiddenField(`${field}.${part}`, 'may not specify more than 1 handler type'))
    return false
  }
  if (exec && another('exec') && !exec.command?.length) causes.push(required(`${field}.exec.command`))
  if (httpGet && another('httpGet')) {
    if (!httpGet.path) causes.push(required(`${field}.httpGet.path`))
    causes.push(...validatePortOrName(httpGet.port, `${field}.httpGet.port`))
    const { scheme = '' } = httpGet
    if (scheme !== 'HTTP' && scheme !== 'HTTPS') {
      causes.push(notSupported(`${field}.httpGet.scheme`, scheme, ['HTTP', 'HTTPS']))
    }
  }
  if (tcpSocket && another('tcpSocket')) {
    causes.push(...validatePortOrName(tcpSocket.port, `${field}.tcpSocket.port`))
  }
  if (grpc && another('grpc')) causes.push(...validatePort(grpc.port, `${field}.grpc.port`))
  if (found === 0) causes.push(required(field, 'must specify a handler type'))
  return causes
}

/** What is wrong with a port number. */
export function validatePort(port: number | undefined, field: string): StatusCause[] {
  if (port !== undefined && port >= 1 && port <= 65535) return []
  return [invalidValue(field, port ?? 0, 'must be between 1 and 65535, inclusive')]
}

function validatePortOrName(port: string | number | undefined, field: string): StatusCause[] {
  if (typeof port !== 'string') return validatePort(port, field)
  return invalidValues(field, port, portNameProblems(port))
}
