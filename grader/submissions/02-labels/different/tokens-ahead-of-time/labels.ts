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

/**
 * Whether an object with these labels is selected.
 *
 * @param labels those of the object; `undefined` is an object without labels
 */
export function matches(selector: Selector, labels: Labels | undefined): boolean {
  if (selector === 'nothing') return false
  return selector.every((requirement) => holds(requirement, labels ?? {}))
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
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
  const requirements: Requirement[] = []
  for (const [key, value] of Object.entries(matchLabels)) requirements.push(checked(key, 'In', [value]))
  for (const { key, operator, values } of matchExpressions) {
    if (!isOperator(operator)) {
      throw new SelectorError(`${JSON.stringify(operator)} is not a valid label selector operator`)
    }
    requirements.push(checked(key, operator, values ?? []))
  }
  return inOrder(requirements)
}

function isOperator(operator: string): operator is Requirement['operator'] {
  return ['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator)
}

/** The requirement, if nothing is wrong with it; its values in order, each once. */
function checked(
  key: string,
  operator: Requirement['operator'],
  given: readonly string[],
  keyField = 'key',
): Requirement {
  const values = [...new Set(given)].sort()
  const wrong = invalid(keyField, key, qualifiedNameProblems(key))
  const needsValues = operator === 'In' || operator === 'NotIn'
  if (needsValues && values.length === 0) {
    wrong.push(
      "values: Invalid value: []string(nil): for 'in', 'notin' operators, values set can't be empty",
    )
  }
  if (!needsValues && values.length > 0) {
    const list = values.map((value) => JSON.stringify(value)).join(', ')
    wrong.push(
      `values: Invalid value: []string{${list}}: values set must be empty for exists and does not exist`,
    )
  }
  for (const [place, value] of values.entries()) {
    wrong.push(...invalid(`values[${place}][${key}]`, value, labelValueProblems(value)))
  }
  if (wrong.length === 1) throw new SelectorError(wrong.join(''))
  if (wrong.length > 1) throw new SelectorError(`[${wrong.join(', ')}]`)
  return { key, operator, values }
}

function invalid(field: string, value: string, problems: readonly string[]): string[] {
  return problems.length === 0
    ? []
    : [`${field}: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`]
}

/** By key; those of one key stay as they were. */
function inOrder(requirements: readonly Requirement[]): Requirement[] {
  return [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

/**
 * Reads a selector as `kubectl get -l` takes it: `app=web,tier in (front,back),!canary`.
 *
 * @throws {SelectorError} if it is not one; the message says what was found where something else was expected
 */
export function parseSelector(text: string): Selector {
  const tokens = new Tokens(text)
  if (tokens.peek() === '') return []
  if (!startsRequirement(tokens.peek())) throw unexpected(tokens.peek(), "!, identifier, or 'end of string'")
  const requirements: Requirement[] = []
  for (;;) {
    requirements.push(readRequirement(tokens))
    const behind = tokens.take()
    if (behind === '') return inOrder(requirements)
    if (behind !== ',') throw unexpected(behind, "',' or 'end of string'")
    if (!startsRequirement(tokens.peek())) throw unexpected(tokens.peek(), "identifier after ','")
  }
}

/** The tokens of a text, and how far they are read. At the end the token is `''`. */
class Tokens {
  readonly #tokens: readonly string[]
  #next = 0

  constructor(text: string) {
    this.#tokens = text.match(/==|!=|[=!(),<>]|[^ \t\n\r=!(),<>]+/g) ?? []
  }

  peek(): string {
    return this.#tokens[this.#next] ?? ''
  }

  take(): string {
    const token = this.peek()
    this.#next += 1
    return token
  }
}

function isWord(token: string): boolean {
  return token !== '' && !/^[=!(),<>]/.test(token)
}

function startsRequirement(token: string): boolean {
  return token === '!' || isWord(token)
}

function unexpected(found: string, expected: string): SelectorError {
  return new SelectorError(`found '${found}', expected: ${expected}`)
}

const prefix = 'unable to parse requirement: '

function readRequirement(tokens: Tokens): Requirement {
  try {
    return requirementOf(tokens)
  } catch (error) {
    if (error instanceof SelectorError) throw new SelectorError(prefix + error.message)
    throw error
  }
}

function requirementOf(tokens: Tokens): Requirement {
  const negated = tokens.peek() === '!'
  if (negated) tokens.take()
  const key = tokens.take()
  if (!isWord(key)) throw unexpected(key, 'identifier')
  // Before what stands behind it is read.
  checked(key, 'Exists', [], '<nil>')
  if (negated) return { key, operator: 'DoesNotExist', values: [] }
  if (tokens.peek() === '' || tokens.peek() === ',') return { key, operator: 'Exists', values: [] }
  const operator = tokens.take()
  switch (operator) {
    case '=':
    case '==':
      return checked(key, 'In', [readValue(tokens)])
    case '!=':
      return checked(key, 'NotIn', [readValue(tokens)])
    case 'in':
      return checked(key, 'In', readValues(tokens))
    case 'notin':
      return checked(key, 'NotIn', readValues(tokens))
    default:
      throw unexpected(operator, 'in, notin, =, ==, !=')
  }
}

function readValue(tokens: Tokens): string {
  const token = tokens.peek()
  if (token === '' || token === ',') return ''
  if (!isWord(token)) throw unexpected(token, 'identifier')
  return tokens.take()
}

function readValues(tokens: Tokens): string[] {
  const open = tokens.take()
  if (open !== '(') throw new SelectorError(`found '${open}' expected: '('`)
  const values: string[] = []
  let expected = "',', ')' or identifier"
  for (;;) {
    const token = tokens.peek()
    if (isWord(token)) {
      values.push(tokens.take())
      const behind = tokens.take()
      if (behind === ')') return values
      if (behind !== ',') throw unexpected(behind, "',' or ')'")
    } else {
      if (token !== ',' && token !== ')') throw unexpected(token, expected)
      values.push('')
      if (tokens.take() === ')') return values
    }
    expected = "',', or identifier"
  }
}

/**
 * Writes a selector as a text: {@link parseSelector} reads the same selector from it.
 *
 * @throws {SelectorError} if it selects nothing: no text says that, and the empty one says the opposite
 */
export function formatSelector(selector: Selector): string {
  if (selector === 'nothing') throw new SelectorError('no text says that nothing is selected')
  return selector.map(formatRequirement).join(',')
}

function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values.join('')}` : `${key} in (${values.join(',')})`
    case 'NotIn':
      return values.length === 1 ? `${key}!=${values.join('')}` : `${key} notin (${values.join(',')})`
    case 'Exists':
      return key
    case 'DoesNotExist':
      return `!${key}`
  }
}
