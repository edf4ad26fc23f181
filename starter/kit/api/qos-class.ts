import type { Container, PodSpec } from 'kubernetes-types/core/v1'
import { addQuantities, compareQuantities, parseQuantity, type Quantity, QuantityError } from '#kit/quantity'

const counted = ['cpu', 'memory']

/**
 * How well a pod has said what it needs; a node that runs out of memory takes the others first.
 *
 * Mirrors: `GetPodQOS` of kubernetes/pkg/apis/core/v1/helper/qos
 */
export function qosClass({ containers = [], initContainers = [] }: PodSpec): string {
  const all = [...containers, ...initContainers]
  const requests = total(all, 'requests')
  const limits = total(all, 'limits')
  if (requests.size === 0 && limits.size === 0) return 'BestEffort'
  const limited = all.every(({ resources }) =>
    counted.every((name) => (amount(resources?.limits, name)?.nano ?? 0n) > 0n),
  )
  const equal = [...requests].every(([name, request]) => {
    const limit = limits.get(name)
    return limit !== undefined && compareQuantities(limit, request) === 0
  })
  return limited && equal && requests.size === limits.size ? 'Guaranteed' : 'Burstable'
}

function total(containers: readonly Container[], part: 'requests' | 'limits'): Map<string, Quantity> {
  const sums = new Map<string, Quantity>()
  for (const { resources } of containers) {
    for (const name of counted) {
      const one = amount(resources?.[part], name)
      if (!one || one.nano <= 0n) continue
      const sum = sums.get(name)
      sums.set(name, sum ? addQuantities(sum, one) : one)
    }
  }
  return sums
}

/** What cannot be read counts as nothing; validation refuses it. */
function amount(list: Readonly<Record<string, string>> | undefined, name: string): Quantity | undefined {
  const text = list?.[name]
  if (text === undefined) return undefined
  try {
    return parseQuantity(text)
  } catch (error) {
    if (error instanceof QuantityError) return undefined
    throw error
  }
}
