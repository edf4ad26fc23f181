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

/** The init containers that go on beside the others. */
function sidecars({ spec: { initContainers = [] } }: Pod): string[] {
  return initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name)
}

function summary(pod: Pod): Summary {
  const { conditions = [], reason } = pod.status
  const isInitialized = conditions.some(({ type, status }) => type === 'Initialized' && status === 'True')
  const initial = initSummary(pod)
  const result = initial.status === '' || isInitialized ? runningSummary(pod, initial) : initial
  if (!pod.metadata.deletionTimestamp) return result
  return { ...result, status: reason === 'NodeLost' ? 'Unknown' : 'Terminating' }
}

interface InitSummary extends Summary {
  /** Those that have begun, as far as they go on. */
  going: readonly ContainerStatus[]
}

/** The pod while its init containers run, or after one has failed; the status is `''` once all are done. */
function initSummary(pod: Pod): InitSummary {
  const statuses = pod.status.initContainerStatuses ?? []
  const beside = sidecars(pod)
  const isUp = ({ name, started }: ContainerStatus) => beside.includes(name) && started === true
  const index = statuses.findIndex((one) => one.state?.terminated?.exitCode !== 0 && !isUp(one))
  const begun = index < 0 ? statuses : statuses.slice(0, index + 1)
  const current = statuses[index]
  return {
    ready: begun.filter((one) => isUp(one) && one.ready).length,
    restarts: restarts(begun),
    status: current ? `Init:${holdUp(current, `${index}/${pod.spec.initContainers?.length ?? 0}`)}` : '',
    lastRestart: lastEnd(begun),
    going: begun.filter(({ name }) => beside.includes(name)),
  }
}

function holdUp({ state: { terminated, waiting } = {} }: ContainerStatus, progress: string): string {
  if (terminated) return endOf(terminated)
  return waiting?.reason && waiting.reason !== 'PodInitializing' ? waiting.reason : progress
}

function runningSummary(
  { status: { phase, reason, conditions = [], containerStatuses = [] } }: Pod,
  initial: InitSummary,
): Summary {
  let status = reason || phase || 'Unknown'
  if (conditions.some((one) => one.type === 'PodScheduled' && one.reason === 'SchedulingGated')) {
    status = 'SchedulingGated'
  }
  if (initial.status) status = initial.status
  let running = 0
  // Backwards, so that the first container has the last word.
  for (const container of containerStatuses.toReversed()) {
    const { waiting, terminated, running: isRunning } = container.state ?? {}
    if (waiting?.reason) status = waiting.reason
    else if (terminated) status = endOf(terminated)
    else if (container.ready && isRunning) running++
  }
  if (status === 'Completed' && running > 0) {
    const isReady = conditions.some((one) => one.type === 'Ready' && one.status === 'True')
    status = isReady ? 'Running' : 'NotReady'
  }
  const all = [...initial.going, ...containerStatuses]
  return { ready: initial.ready + running, restarts: restarts(all), status, lastRestart: lastEnd(all) }
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
    return `${summary(pod).ready}/${pod.spec.containers.length + sidecars(pod).length}`
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
