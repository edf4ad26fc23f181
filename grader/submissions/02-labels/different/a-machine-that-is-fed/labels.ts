/**
 * Label selectors, as an automaton: the text is scanned character by character, and each token is pushed into
 * a table of states.
 */
import { type LabelSelector, type Labels, type Requirement, type Selector, SelectorError } from '#kit/labels'
import { labelValueProblems, qualifiedNameProblems } from '#kit/names'

type Operator = Requirement['operator']

export function matches(selector: Selector, labels: Labels | undefined): boolean {
  if (selector === 'nothing') return false
  const has = new Map<string, string>(labels === undefined ? [] : Object.entries(labels))
  for (const requirement of selector) {
    if (!holds(requirement, has)) return false
  }
  return true
}

function holds({ key, operator, values }: Requirement, has: Map<string, string>): boolean {
  const present = has.has(key)
  switch (operator) {
    case 'Exists':
      return present
    case 'DoesNotExist':
      return !present
    case 'In':
      return present && values.includes(has.get(key) ?? '')
    case 'NotIn':
      return !(present && values.includes(has.get(key) ?? ''))
  }
}

export function selectorOf(labelSelector: LabelSelector | undefined): Selector {
  if (labelSelector === undefined) return 'nothing'
  const found: Requirement[] = []
  const { matchLabels, matchExpressions } = labelSelector
  if (matchLabels !== undefined) {
    for (const [key, value] of Object.entries(matchLabels)) insert(found, checked('key', key, 'In', [value]))
  }
  if (matchExpressions !== undefined) {
    for (const { key, operator, values } of matchExpressions) {
      insert(found, checked('key', key, known(operator), values ?? []))
    }
  }
  return found
}

function known(operator: string): Operator {
  switch (operator) {
    case 'In':
    case 'NotIn':
    case 'Exists':
    case 'DoesNotExist':
      return operator
  }
  throw new SelectorError(`${JSON.stringify(operator)} is not a valid label selector operator`)
}

/** Behind all whose key is not greater. */
function insert(into: Requirement[], requirement: Requirement): void {
  let at = into.length
  for (; at > 0; at--) {
    const before = into[at - 1]
    if (before !== undefined && before.key <= requirement.key) break
  }
  into.splice(at, 0, requirement)
}

function inOrder(values: readonly string[]): string[] {
  const ordered: string[] = []
  for (const value of values) {
    let at = 0
    while (at < ordered.length && (ordered[at] ?? '') < value) at++
    if (ordered[at] !== value) ordered.splice(at, 0, value)
  }
  return ordered
}

function checked(path: string, key: string, operator: Operator, written: readonly string[]): Requirement {
  const values = inOrder(written)
  const problems = invalid(path, key, qualifiedNameProblems(key))
  const wantsValues = operator === 'In' || operator === 'NotIn'
  if (wantsValues && values.length === 0) {
    problems.push("values: Invalid value: []string(nil): for 'in', 'notin' operators, values set can't be empty")
  }
  if (!wantsValues && values.length > 0) {
    const list = values.map((value) => JSON.stringify(value)).join(', ')
    problems.push(
      `values: Invalid value: []string{${list}}: values set must be empty for exists and does not exist`,
    )
  }
  for (const [place, value] of values.entries()) {
    problems.push(...invalid(`values[${place}][${key}]`, value, labelValueProblems(value)))
  }
  refuse(problems)
  return { key, operator, values }
}

function invalid(field: string, value: string, problems: readonly string[]): string[] {
  if (problems.length === 0) return []
  return [`${field}: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`]
}

function refuse(problems: readonly string[]): void {
  const [first, ...more] = problems
  if (first === undefined) return
  throw new SelectorError(more.length === 0 ? first : `[${problems.join(', ')}]`)
}

type State = 'start' | 'again' | 'negated' | 'keyed' | 'equated' | 'set' | 'opened' | 'valued' | 'parted' | 'over'
type Kind = 'word' | 'end' | '=' | '==' | '!=' | '!' | '(' | ')' | ',' | '<' | '>'

/** What to say where a token comes that has no step in this state. */
const expected: Record<State, string> = {
  start: ", expected: !, identifier, or 'end of string'",
  again: ", expected: identifier after ','",
  negated: ', expected: identifier',
  keyed: ', expected: in, notin, =, ==, !=',
  equated: ', expected: identifier',
  set: " expected: '('",
  opened: ", expected: ',', ')' or identifier",
  valued: ", expected: ',' or ')'",
  parted: ", expected: ',', or identifier",
  over: ", expected: ',' or 'end of string'",
}

const outside: ReadonlySet<State> = new Set<State>(['start', 'again', 'over'])

class Machine {
  readonly selector: Requirement[] = []
  #state: State = 'start'
  #key = ''
  #operator: Operator = 'Exists'
  #values: string[] = []

  push(kind: Kind, text: string): void {
    const state = this.#state
    if (outside.has(state)) {
      if (!this.#step(state, kind, text)) throw new SelectorError(`found '${text}'${expected[state]}`)
      return
    }
    this.#inside(() => {
      if (!this.#step(state, kind, text)) throw new SelectorError(`found '${text}'${expected[state]}`)
    })
  }

  /** Takes the token, unless none like it may come. */
  #step(state: State, kind: Kind, text: string): boolean {
    switch (state) {
      case 'start':
      case 'again':
        if (kind === 'end') return state === 'start'
        if (kind === '!') {
          this.#operator = 'DoesNotExist'
          this.#state = 'negated'
          return true
        }
        if (kind !== 'word') return false
        this.#operator = 'Exists'
        this.#named(text)
        this.#state = 'keyed'
        return true
      case 'negated':
        if (kind !== 'word') return false
        this.#named(text)
        this.#finish()
        return true
      case 'keyed':
        return this.#operated(kind, text)
      case 'equated':
        if (kind === 'word') {
          this.#values.push(text)
          this.#finish()
          return true
        }
        if (kind !== ',' && kind !== 'end') return false
        this.#values.push('')
        this.#finish()
        return this.#step('over', kind, text)
      case 'set':
        if (kind !== '(') return false
        this.#state = 'opened'
        return true
      case 'opened':
      case 'parted':
        if (kind === 'word') {
          this.#values.push(text)
          this.#state = 'valued'
          return true
        }
        if (kind !== ',' && kind !== ')') return false
        this.#values.push('')
        if (kind === ')') this.#finish()
        else this.#state = 'parted'
        return true
      case 'valued':
        if (kind === ')') this.#finish()
        else if (kind === ',') this.#state = 'parted'
        else return false
        return true
      case 'over':
        if (kind === ',') this.#state = 'again'
        return kind === ',' || kind === 'end'
    }
  }

  #operated(kind: Kind, text: string): boolean {
    if (kind === ',' || kind === 'end') {
      this.#finish()
      return this.#step('over', kind, text)
    }
    const single = kind === '=' || kind === '==' || kind === '!='
    const set = kind === 'word' && (text === 'in' || text === 'notin')
    if (!single && !set) return false
    this.#operator = text === '!=' || text === 'notin' ? 'NotIn' : 'In'
    this.#state = single ? 'equated' : 'set'
    return true
  }

  #named(key: string): void {
    this.#inside(() => refuse(invalid('<nil>', key, qualifiedNameProblems(key))))
    this.#key = key
    this.#values = []
  }

  #finish(): void {
    insert(this.selector, checked('<nil>', this.#key, this.#operator, this.#values))
    this.#state = 'over'
  }

  /** Says of what is wrong that it is inside a requirement, once. */
  #inside(does: () => void): void {
    try {
      does()
    } catch (error) {
      const prefix = 'unable to parse requirement: '
      if (!(error instanceof SelectorError) || error.message.startsWith(prefix)) throw error
      throw new SelectorError(prefix + error.message)
    }
  }
}

export function parseSelector(text: string): Selector {
  const machine = new Machine()
  let at = 0
  while (at < text.length) {
    const character = text.charAt(at)
    if (' \t\n\r'.includes(character)) {
      at += 1
      continue
    }
    const kind = symbolAt(text, at)
    if (kind !== undefined) {
      machine.push(kind, kind)
      at += kind.length
      continue
    }
    const from = at
    while (at < text.length && !' \t\n\r=!(),<>'.includes(text.charAt(at))) at += 1
    machine.push('word', text.slice(from, at))
  }
  machine.push('end', '')
  return machine.selector
}

function symbolAt(text: string, at: number): Exclude<Kind, 'word' | 'end'> | undefined {
  const symbols = ['==', '!=', '=', '!', '(', ')', ',', '<', '>'] as const
  return symbols.find((symbol) => text.startsWith(symbol, at))
}

export function formatSelector(selector: Selector): string {
  if (selector === 'nothing') throw new SelectorError("no text selects nothing, so 'nothing' cannot be written")
  let text = ''
  for (const requirement of selector) {
    if (text !== '') text += ','
    text += written(requirement)
  }
  return text
}

function written({ key, operator, values }: Requirement): string {
  if (operator === 'Exists') return key
  if (operator === 'DoesNotExist') return `!${key}`
  const not = operator === 'NotIn'
  if (values.length === 1) return `${key}${not ? '!=' : '='}${values.join()}`
  return `${key} ${not ? 'notin' : 'in'} (${values.join(',')})`
}
