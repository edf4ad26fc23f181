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

/**
 * Whether an object with these labels is selected.
 *
 * @param labels those of the object; `undefined` is an object without labels
 */
export function matches(selector: Selector, labels: Labels | undefined): boolean {
  if (selector === 'nothing') return false
  for (const requirement of selector) {
    if (!holds(requirement, labels ?? {})) return false
  }
  return true
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  const listed = value !== undefined && values.includes(value)
  switch (operator) {
    case 'In':
      return listed
    case 'NotIn':
      return !listed
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
  const requirements: Requirement[] = []
  for (const [key, value] of Object.entries(labelSelector.matchLabels ?? {})) {
    requirements.push(checked(key, 'In', [value]))
  }
  for (const { key, operator, values } of labelSelector.matchExpressions ?? []) {
    if (!isOperator(operator)) {
      throw new SelectorError(`${JSON.stringify(operator)} is not a valid label selector operator`)
    }
    requirements.push(checked(key, operator, values ?? []))
  }
  return byKey(requirements)
}

function isOperator(text: string): text is Operator {
  return text === 'In' || text === 'NotIn' || text === 'Exists' || text === 'DoesNotExist'
}

/** The requirement, its values in order, or an error that says everything that is wrong with it. */
function checked(key: string, operator: Operator, given: readonly string[]): Requirement {
  const values = [...new Set(given)].sort()
  const problems = invalid('key', key, qualifiedNameProblems(key))
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) {
      problems.push(
        "values: Invalid value: []string(nil): for 'in', 'notin' operators, values set can't be empty",
      )
    }
  } else if (values.length > 0) {
    const list = values.map((value) => JSON.stringify(value)).join(', ')
    problems.push(
      `values: Invalid value: []string{${list}}: values set must be empty for exists and does not exist`,
    )
  }
  values.forEach((value, place) => {
    problems.push(...invalid(`values[${place}][${key}]`, value, labelValueProblems(value)))
  })
  if (problems.length > 0) {
    throw new SelectorError(problems.length === 1 ? problems.join() : `[${problems.join(', ')}]`)
  }
  return { key, operator, values }
}

/** What is wrong with one field: a line, or none. */
function invalid(field: string, value: string, problems: string[]): string[] {
  return problems.length === 0
    ? []
    : [`${field}: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`]
}

/** The requirements in order: the sort is stable, so equal keys stay as they stood. */
function byKey(requirements: Requirement[]): Requirement[] {
  return requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

/**
 * Reads a selector as `kubectl get -l` takes it: `app=web,tier in (front,back),!canary`.
 *
 * @throws {SelectorError} if it is not one; the message says what was found where something else was expected
 */
export function parseSelector(text: string): Selector {
  return new Parser(text).selector()
}

const whiteSpace = ' \t\r\n'
const symbolStarts = '=!(),<>'

/** Stands at one token of a text, character by character, and goes on to the next when asked. */
class Scanner {
  readonly #text: string
  #next = 0
  /** The token it stands at, and what it is; at the end it is `''`. */
  token = ''
  kind: 'word' | 'symbol' | 'end' = 'end'

  constructor(text: string) {
    this.#text = text
    this.advance()
  }

  advance(): void {
    while (this.#at(whiteSpace)) this.#next++
    const start = this.#next
    if (start >= this.#text.length) {
      this.kind = 'end'
    } else if (this.#at(symbolStarts)) {
      this.kind = 'symbol'
      // Only `==` and `!=` are longer than one character.
      const mayGrow = this.#at('=!')
      this.#next++
      if (mayGrow && this.#at('=')) this.#next++
    } else {
      this.kind = 'word'
      while (this.#next < this.#text.length && !this.#at(whiteSpace) && !this.#at(symbolStarts)) this.#next++
    }
    this.token = this.#text.slice(start, this.#next)
  }

  /** Whether the next character is one of these; none is at the end. */
  #at(characters: string): boolean {
    return this.#next < this.#text.length && characters.includes(this.#text.charAt(this.#next))
  }
}

class Parser {
  readonly #scanner: Scanner

  constructor(text: string) {
    this.#scanner = new Scanner(text)
  }

  selector(): Requirement[] {
    const requirements: Requirement[] = []
    if (this.#atEnd()) return requirements
    if (!this.#atRequirement()) throw this.#found(", expected: !, identifier, or 'end of string'")
    for (;;) {
      requirements.push(this.#prefixed(() => this.#requirement()))
      if (this.#atEnd()) return byKey(requirements)
      if (!this.#skip(',')) throw this.#found(", expected: ',' or 'end of string'")
      if (!this.#atRequirement()) throw this.#found(", expected: identifier after ','")
    }
  }

  /** Everything that is wrong inside a requirement is told with the same beginning. */
  #prefixed<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error
      throw new SelectorError(`unable to parse requirement: ${error.message}`)
    }
  }

  #requirement(): Requirement {
    const negated = this.#skip('!')
    const key = this.#key()
    if (negated) return checked(key, 'DoesNotExist', [])
    if (this.#atEnd() || this.#is(',')) return checked(key, 'Exists', [])
    const operator = this.#scanner.token
    switch (operator) {
      case '=':
      case '==':
      case '!=':
        this.#scanner.advance()
        return checked(key, operator === '!=' ? 'NotIn' : 'In', [this.#value()])
      case 'in':
      case 'notin':
        this.#scanner.advance()
        return checked(key, operator === 'notin' ? 'NotIn' : 'In', this.#set())
      default:
        throw this.#found(', expected: in, notin, =, ==, !=')
    }
  }

  #key(): string {
    if (!this.#atWord()) throw this.#found(', expected: identifier')
    const key = this.#scanner.token
    const [problem] = invalid('<nil>', key, qualifiedNameProblems(key))
    if (problem !== undefined) throw new SelectorError(problem)
    this.#scanner.advance()
    return key
  }

  #value(): string {
    if (this.#atWord()) return this.#word()
    if (this.#atEnd() || this.#is(',')) return ''
    throw this.#found(', expected: identifier')
  }

  #set(): string[] {
    if (!this.#skip('(')) throw this.#found(" expected: '('")
    const values: string[] = []
    let expected = ", expected: ',', ')' or identifier"
    for (;;) {
      if (this.#atWord()) values.push(this.#word())
      else if (this.#is(',') || this.#is(')')) values.push('')
      else throw this.#found(expected)
      if (this.#skip(')')) return values
      if (!this.#skip(',')) throw this.#found(", expected: ',' or ')'")
      expected = ", expected: ',', or identifier"
    }
  }

  #atEnd(): boolean {
    return this.#scanner.kind === 'end'
  }

  #atWord(): boolean {
    return this.#scanner.kind === 'word'
  }

  #atRequirement(): boolean {
    return this.#atWord() || this.#is('!')
  }

  #is(symbol: string): boolean {
    return this.#scanner.kind === 'symbol' && this.#scanner.token === symbol
  }

  #skip(symbol: string): boolean {
    if (!this.#is(symbol)) return false
    this.#scanner.advance()
    return true
  }

  #word(): string {
    const word = this.#scanner.token
    this.#scanner.advance()
    return word
  }

  #found(rest: string): SelectorError {
    return new SelectorError(`found '${this.#scanner.token}'${rest}`)
  }
}

/**
 * Writes a selector as a text: {@link parseSelector} reads the same selector from it.
 *
 * @throws {SelectorError} if it selects nothing: no text says that, and the empty one says the opposite
 */
export function formatSelector(selector: Selector): string {
  if (selector === 'nothing') throw new SelectorError('a selector that selects nothing cannot be written')
  return selector.map(written).join(',')
}

function written({ key, operator, values }: Requirement): string {
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
