// How a selector is refused: Kubernetes' messages.
import type { LabelSelectorRequirement } from '#kit/labels'
import { labelValueProblems, qualifiedNameProblems } from '#kit/names'

/** That a call must throw a SelectorError: a class, so that nothing a room returns is mistaken for it. */
export class Refusal {
  /** Any one of them will do; none: any message will. */
  readonly messages: readonly string[]

  constructor(...messages: string[]) {
    this.messages = messages
  }
}

/** The error with this message, or with one of these. */
export function refusal(...messages: [string, ...string[]]): Refusal {
  return new Refusal(...messages)
}

/** The error of a slip inside a requirement of a text. */
export function inRequirement(message: string): Refusal {
  return refusal(`unable to parse requirement: ${message}`)
}

/** What is wrong with a key in an object. */
export function invalidKey(key: string): string {
  return invalid('key', key, qualifiedNameProblems(key))
}

/** What is wrong with a key in a text. */
export function nilKey(key: string): Refusal {
  return inRequirement(invalid('<nil>', key, qualifiedNameProblems(key)))
}

/**
 * What is wrong with a value.
 *
 * @param index its place in the ordered values
 */
export function invalidValue(key: string, index: number, value: string): string {
  return invalid(`values[${index}][${key}]`, value, labelValueProblems(value))
}

function invalid(field: string, value: string, problems: readonly string[]): string {
  return `${field}: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`
}

/** That values are missing. */
export const NO_VALUES =
  "values: Invalid value: []string(nil): for 'in', 'notin' operators, values set can't be empty"

/**
 * That there are values where none may be.
 *
 * @param list them, in quotes
 */
export function tooMany(list: string): string {
  return `values: Invalid value: []string{${list}}: values set must be empty for exists and does not exist`
}

/** All that is wrong with a requirement of an object, in the order in which it is said; none: nothing is. */
export function problemsOf({ key, operator, values = [] }: LabelSelectorRequirement): string[] {
  const takesValues = operator === 'In' || operator === 'NotIn'
  const ordered = [...new Set(values)].sort()
  const list = ordered.map((value) => JSON.stringify(value)).join(', ')
  return [
    ...(qualifiedNameProblems(key).length > 0 ? [invalidKey(key)] : []),
    ...(takesValues && ordered.length === 0 ? [NO_VALUES] : []),
    ...(!takesValues && ordered.length > 0 ? [tooMany(list)] : []),
    ...invalidValues(key, ordered),
  ]
}

/** What is wrong with values that stand in order. */
export function invalidValues(key: string, ordered: readonly string[]): string[] {
  return ordered.flatMap((value, i) =>
    labelValueProblems(value).length > 0 ? [invalidValue(key, i, value)] : [],
  )
}

/** Several problems as one message. */
export function together(problems: readonly string[]): string {
  const said = problems.join(', ')
  return problems.length > 1 ? `[${said}]` : said
}
