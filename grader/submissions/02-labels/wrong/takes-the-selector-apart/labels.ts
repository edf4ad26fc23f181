/**
 * Label selectors: how everything in the cluster says which objects it means. A selector is read from a text or
 * from an object, and then asked of any object's labels. Nothing that is passed in is changed.
 *
 * Mirrors: k8s.io/apimachinery/pkg/labels/selector.go; `LabelSelectorAsSelector` of pkg/apis/meta/v1/helpers.go
 * Simplified: no `>` and `<`, which no selector inside an object can have. `=` and `in` with one value are one
 * operator here, and so are `!=` and `notin`: they select the same, and are written the same.
 */
import { type LabelSelector, type Labels, type Requirement, type Selector, SelectorError } from '#kit/labels'
import { labelValueProblems, qualifiedNameProblems } from '#kit/names'

type Operator = Requirement['operator']

/** What stands between a key and its values in a text. */
const OPERATORS = new Map<string, Operator>([
  ['in', 'In'],
  ['notin', 'NotIn'],
  ['=', 'In'],
  ['==', 'In'],
  ['!=', 'NotIn'],
])

/** The symbols, the longer ones first, and the words between them. White space is what is left over. */
const TOKENS = /==|!=|[=!(),<>]|[^ \t\r\n=!(),<>]+/g

/** The token behind the last one. No word is empty. */
const END = ''

/** What has not been read yet of a text. */
class Tokens {
  readonly #tokens: readonly string[]
  #next = 0

  constructor(text: string) {
    this.#tokens = text.match(TOKENS) ?? []
  }

  peek(): string {
    return this.#tokens[this.#next] ?? END
  }

  take(): string {
    const token = this.peek()
    this.#next++
    return token
  }
}

/**
 * Whether an object with these labels is selected.
 *
 * @param labels those of the object; `undefined` is an object without labels
 */
export function matches(selector: Selector, labels: Labels | undefined): boolean {
  return selector !== 'nothing' && selector.every((requirement) => holds(requirement, labels ?? {}))
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  // Every object inherits a `constructor`, but only a label is its own.
  const label = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case 'In':
      return values.some((value) => value === label)
    case 'NotIn':
      return values.every((value) => value !== label)
    case 'Exists':
      return label !== undefined
    case 'DoesNotExist':
      return label === undefined
  }
}

/**
 * Reads a selector that stands in an object, such as a ReplicaSet's `spec.selector`.
 *
 * @param labelSelector `undefined` selects nothing, `{}` everything
 * @throws {SelectorError} if an operator, a key or a value is not one
 */
export function selectorOf(labelSelector: LabelSelector | undefined): Selector {
  if (labelSelector === undefined) return 'nothing'
  const { matchLabels = {}, matchExpressions = [] } = labelSelector
  return inOrder([
    ...Object.entries(matchLabels).map(([key, value]) => checked({ key, operator: 'In', values: [value] })),
    ...matchExpressions.map(({ key, operator, values = [] }) =>
      checked({ key, operator: operatorOf(operator), values }),
    ),
  ])
}

function operatorOf(text: string): Operator {
  switch (text) {
    case 'In':
    case 'NotIn':
    case 'Exists':
    case 'DoesNotExist':
      return text
    default:
      throw new SelectorError(`${JSON.stringify(text)} is not a valid label selector operator`)
  }
}

/** Brings the values of a requirement into order, and says all that is wrong with it. */
function checked({ key, operator, values: unordered }: Requirement): Requirement {
  const values = [...new Set(unordered)].sort()
  const problems = [
    ...invalid('key', key, qualifiedNameProblems(key)),
    ...countProblems(operator, values),
    ...values.flatMap((value, i) => invalid(`values[${i}][${key}]`, value, labelValueProblems(value))),
  ]
  if (problems.length > 1) throw new SelectorError(`[${problems.join(', ')}]`)
  if (problems[0] !== undefined) throw new SelectorError(problems[0])
  return { key, operator, values }
}

function countProblems(operator: Operator, values: string[]): string[] {
  const takesValues = operator === 'In' || operator === 'NotIn'
  if (takesValues && values.length === 0) {
    return ["values: Invalid value: []string(nil): for 'in', 'notin' operators, values set can't be empty"]
  }
  if (!takesValues && values.length > 0) {
    const list = values.map((value) => JSON.stringify(value)).join(', ')
    return [
      `values: Invalid value: []string{${list}}: values set must be empty for exists and does not exist`,
    ]
  }
  return []
}

/** One line for all that is wrong with one text, if anything is. */
function invalid(field: string, value: string, problems: string[]): string[] {
  if (problems.length === 0) return []
  return [`${field}: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`]
}

/** By key; those with the same key stay as they stand. */
function inOrder(requirements: Requirement[]): Selector {
  return requirements.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
}

/**
 * Reads a selector as `kubectl get -l` takes it: `app=web,tier in (front,back),!canary`.
 *
 * @throws {SelectorError} if it is not one; the message says what was found where something else was expected
 */
export function parseSelector(text: string): Selector {
  const tokens = new Tokens(text)
  const requirements: Requirement[] = []
  if (tokens.peek() === END) return requirements
  if (!beginsRequirement(tokens.peek())) throw unexpected(tokens.peek(), "!, identifier, or 'end of string'")
  for (;;) {
    requirements.push(readRequirement(tokens))
    const separator = tokens.take()
    if (separator === END) return inOrder(requirements)
    if (separator !== ',') throw unexpected(separator, "',' or 'end of string'")
    if (!beginsRequirement(tokens.peek())) throw unexpected(tokens.peek(), "identifier after ','")
  }
}

function isWord(token: string): boolean {
  return token !== END && !/[=!(),<>]/.test(token)
}

function beginsRequirement(token: string): boolean {
  return isWord(token) || token === '!'
}

function unexpected(found: string, expected: string): SelectorError {
  return new SelectorError(`found '${found}', expected: ${expected}`)
}

function readRequirement(tokens: Tokens): Requirement {
  try {
    return requirementFrom(tokens)
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error
    throw new SelectorError(`unable to parse requirement: ${error.message}`, { cause: error })
  }
}

function requirementFrom(tokens: Tokens): Requirement {
  const isNegated = tokens.peek() === '!'
  if (isNegated) tokens.take()
  const key = wordFrom(tokens)
  const [problem] = invalid('<nil>', key, qualifiedNameProblems(key))
  if (problem !== undefined) throw new SelectorError(problem)
  if (isNegated) return { key, operator: 'DoesNotExist', values: [] }
  if (endsRequirement(tokens.peek())) return { key, operator: 'Exists', values: [] }

  const symbol = tokens.take()
  const operator = OPERATORS.get(symbol)
  if (operator === undefined) throw unexpected(symbol, [...OPERATORS.keys()].join(', '))
  return checked({ key, operator, values: isWord(symbol) ? valuesFrom(tokens) : [valueFrom(tokens)] })
}

function endsRequirement(token: string): boolean {
  return token === END || token === ','
}

function wordFrom(tokens: Tokens): string {
  const token = tokens.take()
  if (!isWord(token)) throw unexpected(token, 'identifier')
  return token
}

/** The value behind `=`. */
function valueFrom(tokens: Tokens): string {
  return endsRequirement(tokens.peek()) ? '' : wordFrom(tokens)
}

/** The values behind `in`. Where nothing stands between two commas, the empty value stands. */
function valuesFrom(tokens: Tokens): string[] {
  const open = tokens.take()
  if (open !== '(') throw new SelectorError(`found '${open}' expected: '('`)
  const values: string[] = []
  do {
    values.push(
      listedValueFrom(tokens, values.length === 0 ? "',', ')' or identifier" : "',', or identifier"),
    )
  } while (tokens.take() === ',')
  return values
}

function listedValueFrom(tokens: Tokens, expected: string): string {
  if (endsValue(tokens.peek())) return ''
  const value = tokens.take()
  if (!isWord(value)) throw unexpected(value, expected)
  if (!endsValue(tokens.peek())) throw unexpected(tokens.peek(), "',' or ')'")
  return value
}

function endsValue(token: string): boolean {
  return token === ',' || token === ')'
}

/**
 * Writes a selector as a text: {@link parseSelector} reads the same selector from it.
 *
 * @throws {SelectorError} if it selects nothing: no text says that, and the empty one says the opposite
 */
export function formatSelector(selector: Selector): string {
  if (selector === 'nothing') throw new SelectorError('no text selects nothing')
  const parts: string[] = []
  const rest = selector as Requirement[]
  while (rest.length > 0) parts.push(formatRequirement(rest.shift() as Requirement))
  return parts.join(',')
}

function formatRequirement({ key, operator, values }: Requirement): string {
  const list = values.join(',')
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${list}` : `${key} in (${list})`
    case 'NotIn':
      return values.length === 1 ? `${key}!=${list}` : `${key} notin (${list})`
    case 'Exists':
      return key
    case 'DoesNotExist':
      return `!${key}`
  }
}
