/**
 * Amounts of a resource, such as `500m` of a CPU or `1.5Gi` of memory. Exact: counted in nano-units, the
 * smallest that Kubernetes knows.
 *
 * Mirrors: k8s.io/apimachinery/pkg/api/resource
 * Simplified: what has a decimal exponent over 30 becomes 2^63-1; Kubernetes does so with other amounts, too.
 */

/** How an amount is written: `500M`, `500Mi` or `5e8`. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

/** An amount, and how it is written. */
export interface Quantity {
  /** In thousand-millionths. */
  readonly nano: bigint
  readonly format: QuantityFormat
}

/** A text that is no amount; the message is Kubernetes'. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError'
}

const nanosOfOne = 1_000_000_000n
const greatest = (2n ** 63n - 1n) * nanosOfOne
const greatestExponent = 30

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/**
 * Reads an amount. What is finer than a nano-unit is rounded away from zero.
 *
 * @param text a JSON number will do as well
 * @throws {QuantityError} if it is no amount
 */
export function parseQuantity(text: string | number): Quantity {
  const parts = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/.exec(String(text))
  const [, sign = '', whole = '', fraction = '', suffix = ''] = parts ?? []
  if (!parts || text === '') {
    throw new QuantityError(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    )
  }
  const digits = whole + fraction
  if (digits === '') throw new QuantityError('unable to parse numeric part of quantity')
  const { base, exponent, format } = readSuffix(suffix)
  const amount = scaled(BigInt(digits), base, exponent, fraction.length)
  return { nano: sign === '-' ? -amount : amount, format }
}

function readSuffix(suffix: string): { base: 2 | 10; exponent: number; format: QuantityFormat } {
  const decimal = decimalSuffixes.indexOf(suffix)
  if (decimal >= 0) return { base: 10, exponent: 3 * (decimal - 3), format: 'DecimalSI' }
  const binary = binarySuffixes.indexOf(suffix)
  if (binary >= 0) return { base: 2, exponent: 10 * binary, format: 'BinarySI' }
  if (/^[eE][-+]?[0-9]+$/.test(suffix)) {
    return { base: 10, exponent: Number(suffix.slice(1)), format: 'DecimalExponent' }
  }
  throw new QuantityError("unable to parse quantity's suffix")
}

/** `digits` × `base`^`exponent` / 10^`places`, in nano-units. */
function scaled(digits: bigint, base: 2 | 10, exponent: number, places: number): bigint {
  if (digits === 0n) return 0n
  // Powers that no one could mean, and that would take for ever to work out.
  if (exponent > greatestExponent && base === 10) return greatest
  if (exponent < -places - 1000) return 1n
  const up = nanosOfOne * BigInt(base) ** BigInt(Math.max(exponent, 0))
  const down = 10n ** BigInt(places + Math.max(-exponent, 0))
  return (digits * up + down - 1n) / down
}

/** Writes an amount as Kubernetes does: the largest suffix that needs no fraction. */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0'
  const size = nano < 0n ? -nano : nano
  if (format === 'BinarySI' && size >= 1024n * nanosOfOne && nano % nanosOfOne === 0n) {
    let [number, power] = [nano / nanosOfOne, 0]
    for (; number % 1024n === 0n && power < 6; power++) number /= 1024n
    return `${number}${binarySuffixes[power]}`
  }
  let [number, power] = [nano, 0]
  const most = format === 'DecimalExponent' ? Number.POSITIVE_INFINITY : decimalSuffixes.length - 1
  for (; number % 1000n === 0n && power < most; power++) number /= 1000n
  if (format !== 'DecimalExponent') return `${number}${decimalSuffixes[power]}`
  return power === 3 ? `${number}` : `${number}e${3 * (power - 3)}`
}

/** Less than 0: `a` is the smaller one; 0: they are the same amount, however written. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0
}

/** The sum, written as the first is written, unless that is zero. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format }
}

/** The difference, written as the first is written, unless that is zero. */
export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return addQuantities(a, { nano: -b.nano, format: b.format })
}

/** How many whole units, rounded up: bytes, pods. */
export function quantityValue({ nano }: Quantity): number {
  return roundedUp(nano, nanosOfOne)
}

/** How many thousandths, rounded up: what is counted of a CPU. */
export function milliQuantityValue({ nano }: Quantity): number {
  return roundedUp(nano, 1_000_000n)
}

function roundedUp(nano: bigint, unit: bigint): number {
  // Division of bigints cuts towards zero, which is up for what is negative.
  const whole = nano / unit
  return Number(nano > 0n && nano % unit !== 0n ? whole + 1n : whole)
}
