/**
 * The rules for requests and limits.
 *
 * Mirrors: `ValidateResourceRequirements` of kubernetes/pkg/apis/core/validation
 */
import type { ResourceRequirements } from 'kubernetes-types/core/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import { invalidValue, invalidValues, required } from '#kit/api/field-cause'
import { qualifiedNameProblems } from '#kit/names'
import { compareQuantities, formatQuantity, parseQuantity, type Quantity, QuantityError } from '#kit/quantity'

const standard = ['cpu', 'memory', 'ephemeral-storage']

/** What is wrong with what a container asks for. */
export function validateResources(
  { requests = {}, limits = {} }: ResourceRequirements,
  field: string,
): StatusCause[] {
  const causes: StatusCause[] = []
  const mostOf = new Map<string, Quantity>()
  for (const [name, text] of Object.entries(limits)) {
    const at = `${field}.limits[${name}]`
    const limit = readAmount(text, at, causes)
    causes.push(...validateResourceName(name, at))
    if (!limit) continue
    mostOf.set(name, limit)
    causes.push(...validateAmount(name, limit, at))
  }
  for (const [name, text] of Object.entries(requests)) {
    const at = `${field}.requests[${name}]`
    const request = readAmount(text, at, causes)
    causes.push(...validateResourceName(name, at))
    if (!request) continue
    causes.push(...validateAmount(name, request, at))
    const limit = mostOf.get(name)
    const shown = formatQuantity(request)
    const most = limit && `${name} limit of ${formatQuantity(limit)}`
    if (!limit) {
      if (!mayBeOvercommitted(name)) {
        causes.push(required(`${field}.limits`, 'Limit must be set for non overcommitable resources'))
      }
    } else if (!mayBeOvercommitted(name) && compareQuantities(request, limit) !== 0) {
      causes.push(invalidValue(`${field}.requests`, shown, `must be equal to ${most}`))
    } else if (compareQuantities(request, limit) > 0) {
      causes.push(invalidValue(`${field}.requests`, shown, `must be less than or equal to ${most}`))
    }
  }
  return causes
}

/** What is wrong with a list of amounts, such as what a node has. */
export function validateResourceList(
  list: Readonly<Record<string, string>> | undefined,
  field: string,
): StatusCause[] {
  const causes: StatusCause[] = []
  for (const [name, text] of Object.entries(list ?? {})) {
    const at = `${field}[${name}]`
    const amount = readAmount(text, at, causes)
    causes.push(...invalidValues(at, name, qualifiedNameProblems(name)))
    if (amount) causes.push(...validateAmount(name, amount, at))
  }
  return causes
}

function readAmount(text: string, field: string, causes: StatusCause[]): Quantity | undefined {
  try {
    return parseQuantity(text)
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error
    causes.push(invalidValue(field, text, error.message))
    return undefined
  }
}

function validateResourceName(name: string, field: string): StatusCause[] {
  const problems = qualifiedNameProblems(name)
  if (problems.length > 0) return invalidValues(field, name, problems)
  if (name.includes('/') || standard.includes(name) || name.startsWith('hugepages-')) return []
  return [
    invalidValue(field, name, 'must be a standard resource type or fully qualified'),
    invalidValue(field, name, 'must be a standard resource for containers'),
  ]
}

function validateAmount(name: string, amount: Quantity, field: string): StatusCause[] {
  if (amount.nano < 0n) {
    return [invalidValue(field, formatQuantity(amount), 'must be greater than or equal to 0')]
  }
  const whole = amount.nano % 1_000_000_000n === 0n
  const counted = name === 'pods' || !mayBeOvercommitted(name)
  return whole || !counted ? [] : [invalidValue(field, formatQuantity(amount), 'must be an integer')]
}

/** Devices and huge pages are handed out whole. */
function mayBeOvercommitted(name: string): boolean {
  return (!name.includes('/') || name.includes('kubernetes.io/')) && !name.startsWith('hugepages-')
}
