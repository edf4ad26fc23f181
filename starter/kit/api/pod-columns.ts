/**
 * What `kubectl get pods` shows.
 *
 * Mirrors: `printPod` of kubernetes/pkg/printers/internalversion
 */
import type { ContainerStatus } from 'kubernetes-types/core/v1'
import { ageColumn, nameColumn, since, textColumn } from '#kit/api/columns'
import type { Column } from '#kit/api/kind-table'
import type { Pod } from '#kit/api/kinds'

interface Summary {
  ready: number
  restarts: number
  /** What stands under STATUS. */
  status: string
  /** RFC 3339; `undefined` if no container was ever restarted. */
  lastRestart: string | undefined
}

function summary(pod: Pod): Summary {
  const initial = initSummary(pod)
  const result = initial ?? runningSummary(pod)
  if (!pod.metadata.deletionTimestamp) return result
  return { ...result, status: pod.status.reason === 'NodeLost' ? 'Unknown' : 'Terminating' }
}

/** The pod while its init containers run, or after one has failed; `undefined` once all are done. */
function initSummary({ spec, status }: Pod): Summary | undefined {
  const statuses = status.initContainerStatuses ?? []
  const index = statuses.findIndex(({ state }) => state?.terminated?.exitCode !== 0)
  const current = statuses[index]
  if (!current) return undefined
  const { terminated, waiting } = current.state ?? {}
  const started = statuses.slice(0, index + 1)
  let shown = `${index}/${spec.initContainers?.length ?? 0}`
  if (terminated) shown = endOf(terminated)
  else if (waiting?.reason && waiting.reason !== 'PodInitializing') shown = waiting.reason
  return { ready: 0, restarts: restarts(started), status: `Init:${shown}`, lastRestart: lastEnd(started) }
}

function runningSummary({
  status: { phase, reason, conditions = [], containerStatuses = [] },
}: Pod): Summary {
  let status = reason || phase || 'Unknown'
  if (conditions.some((one) => one.type === 'PodScheduled' && one.reason === 'SchedulingGated')) {
    status = 'SchedulingGated'
  }
  let ready = 0
  // Backwards, so that the first container has the last word.
  for (const container of containerStatuses.toReversed()) {
    const { waiting, terminated, running } = container.state ?? {}
    if (waiting?.reason) status = waiting.reason
    else if (terminated) status = endOf(terminated)
    else if (container.ready && running) ready++
  }
  if (status === 'Completed' && ready > 0) {
    const isReady = conditions.some((one) => one.type === 'Ready' && one.status === 'True')
    status = isReady ? 'Running' : 'NotReady'
  }
  return { ready, restarts: restarts(containerStatuses), status, lastRestart: lastEnd(containerStatuses) }
}

function endOf({ reason, signal, exitCode }: { reason?: string; signal?: number; exitCode: number }): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)
}

function restarts(statuses: readonly ContainerStatus[]): number {
  return statuses.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0)
}

function lastEnd(statuses: readonly ContainerStatus[]): string | undefined {
  return statuses
    .map(({ lastState }) => lastState?.terminated?.finishedAt)
    .filter((end) => end !== undefined)
    .sort()
    .at(-1)
}

function gates({ spec: { readinessGates = [] }, status: { conditions = [] } }: Pod): string {
  if (readinessGates.length === 0) return '<none>'
  const open = readinessGates.filter(({ conditionType }) =>
    conditions.some(({ type, status }) => type === conditionType && status === 'True'),
  )
  return `${open.length}/${readinessGates.length}`
}

/** The columns of pods. */
export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  textColumn('Ready', 'How many containers are ready, of how many.', (pod) => {
    return `${summary(pod).ready}/${pod.spec.containers.length}`
  }),
  textColumn('Status', 'What the pod is doing, or why it cannot.', (pod) => summary(pod).status),
  textColumn('Restarts', 'How often containers were restarted, and when last.', (pod, nowMs) => {
    const { restarts: count, lastRestart } = summary(pod)
    return lastRestart ? `${count} (${since(lastRestart, nowMs)} ago)` : `${count}`
  }),
  ageColumn,
  textColumn(
    'IP',
    "The pod's address.",
    ({ status }) => status.podIPs?.[0]?.ip || status.podIP || '<none>',
    1,
  ),
  textColumn('Node', 'Where the pod is.', ({ spec }) => spec.nodeName || '<none>', 1),
  textColumn(
    'Nominated Node',
    'Where room is being made for it.',
    ({ status }) => status.nominatedNodeName || '<none>',
    1,
  ),
  textColumn('Readiness Gates', 'How many of its further conditions hold.', gates, 1),
]
