import { bold, dim, green, red } from 'kleur/colors'

/** One figure, as it is printed. */
export interface Figure {
  what: string
  value: string
  /** What it is to be, such as `≤ 150 ms`; and whether it is. */
  wanted: string
  held: boolean
  /** What was measured, and how. */
  details: string[]
}

/** Values of repeated runs, put in order. */
export interface Spread {
  median: number
  min: number
  max: number
  count: number
}

/** @param values at least one */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const [lower, upper] = [(sorted.length - 1) >> 1, sorted.length >> 1].map((index) => sorted[index])
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (lower === undefined || upper === undefined || min === undefined || max === undefined)
    throw new Error('a spread of no values')
  return { median: (lower + upper) / 2, min, max, count: values.length }
}

/** A spread of ms: `118 ms (101..160)`. */
export function inMs({ median, min, max }: Spread): string {
  const digits = median < 20 ? 1 : 0
  return `${median.toFixed(digits)} ms (${min.toFixed(digits)}..${max.toFixed(digits)})`
}

/** The figure as lines. */
export function figureLines({ what, value, wanted, held, details }: Figure): string[] {
  const mark = held ? green('✓') : red('✗')
  return [
    `${mark} ${what}: ${bold(value)}, wanted ${wanted}`,
    ...details.map((detail) => dim(`    ${detail}`)),
  ]
}
