// How a selector is refused: Kubernetes' messages.
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
