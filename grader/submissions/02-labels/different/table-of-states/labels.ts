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

// ---- asking

const holds: Record<Operator, (value: string | undefined, values: readonly string[]) => boolean> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
}

/**
 * Whether an object with these labels is selected.
 *
 * @param labels those of the object; `undefined` is an object without labels
 */
export function matches(selector: Selector, labels: Labels | undefined): boolean {
  const own = new Map(Object.entries(labels ?? {}))
  return (
    selector !== 'nothing' &&
    selector.every(({ key, operator, values }) => holds[operator](own.get(key), values))
  )
}

// ---- checking and ordering: what both readers share

const isOperator = (operator: string): operator is Operator => Object.hasOwn(holds, operator)

const byKey = (a: Requirement, b: Requirement): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

const complaint = (path: string, value: string, problems: readonly string[]): string[] =>
  problems.length === 0 ? [] : [`${path}: Invalid value: ${value}: ${problems.join('; ')}`]

const keyComplaint = (path: string, key: string): string[] =>
  complaint(path, JSON.stringify(key), qualifiedNameProblems(key))

function sizeComplaint(operator: Operator, values: readonly string[]): string[] {
  const asksForValues = operator === 'In' || operator === 'NotIn'
  if (asksForValues === values.length > 0) return []
  return asksForValues
    ? complaint('values', '[]string(nil)', ["for 'in', 'notin' operators, values set can't be empty"])
    : complaint('values', `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}`, [
        'values set must be empty for exists and does not exist',
      ])
}

function requirement(key: string, operator: Operator, given: readonly string[], path = 'key'): Requirement {
  const values = [...new Set(given)].sort()
  const complaints = [
    ...keyComplaint(path, key),
    ...sizeComplaint(operator, values),
    ...values.flatMap((value, at) =>
      complaint(`values[${at}][${key}]`, JSON.stringify(value), labelValueProblems(value)),
    ),
  ]
  if (complaints.length > 0) {
    throw new SelectorError(complaints.length === 1 ? complaints[0] : `[${complaints.join(', ')}]`)
  }
  return { key, operator, values }
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
  return [
    ...Object.entries(matchLabels).map(([key, value]) => requirement(key, 'In', [value])),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      if (!isOperator(operator)) {
        throw new SelectorError(`${JSON.stringify(operator)} is not a valid label selector operator`)
      }
      return requirement(key, operator, values)
    }),
  ].sort(byKey)
}

// ---- reading a text: a table of states, and one step per token. The end of the text is the token ''.

type State =
  | 'start'
  | 'more'
  | 'bang'
  | 'key'
  | 'value'
  | 'paren'
  | 'first'
  | 'next'
  | 'inside'
  | 'behind'
  | 'done'

/** What is read so far: the state, and the requirement that is not whole yet. */
interface Reading {
  state: State
  key: string
  operator: Operator
  values: readonly string[]
  /** A requirement that this step has made whole. */
  whole?: Requirement
}

type Move = (reading: Reading, token: string) => Reading

const prefix = 'unable to parse requirement: '

const prefixed = <T>(read: () => T): T => {
  try {
    return read()
  } catch (error) {
    throw error instanceof SelectorError ? new SelectorError(prefix + error.message) : error
  }
}

const go =
  (state: State, change: Partial<Reading> = {}): Move =>
  (reading) => ({ ...reading, ...change, state })

const takeKey =
  (state: State): Move =>
  (reading, token) => {
    const [problem] = keyComplaint('<nil>', token)
    if (problem !== undefined) throw new SelectorError(prefix + problem)
    return { ...reading, state, key: token, values: [] }
  }

const finish =
  (state: State, operator?: Operator, value?: (token: string) => string): Move =>
  (reading, token) => {
    const values = value === undefined ? reading.values : [...reading.values, value(token)]
    const whole = prefixed(() => requirement(reading.key, operator ?? reading.operator, values, '<nil>'))
    return { ...reading, state, whole }
  }

const finishNegated: Move = (reading, token) =>
  finish('behind', 'DoesNotExist')(takeKey('behind')(reading, token), token)

const add =
  (state: State, value: (token: string) => string): Move =>
  (reading, token) => ({ ...reading, state, values: [...reading.values, value(token)] })

const itself = (token: string): string => token
const empty = (): string => ''

/** By state: what to do for a token, or for any `word`; and the message's end where nothing fits. */
const table: Record<State, { expected: string; moves: Readonly<Record<string, Move>> }> = {
  start: {
    expected: "!, identifier, or 'end of string'",
    moves: { '!': go('bang'), word: takeKey('key'), '': go('done') },
  },
  more: { expected: "identifier after ','", moves: { '!': go('bang'), word: takeKey('key') } },
  bang: { expected: 'identifier', moves: { word: finishNegated } },
  key: {
    expected: 'in, notin, =, ==, !=',
    moves: {
      '=': go('value', { operator: 'In' }),
      '==': go('value', { operator: 'In' }),
      '!=': go('value', { operator: 'NotIn' }),
      'word in': go('paren', { operator: 'In' }),
      'word notin': go('paren', { operator: 'NotIn' }),
      ',': finish('more', 'Exists'),
      '': finish('done', 'Exists'),
    },
  },
  value: {
    expected: 'identifier',
    moves: {
      word: finish('behind', undefined, itself),
      ',': finish('more', undefined, empty),
      '': finish('done', undefined, empty),
    },
  },
  paren: { expected: "'('", moves: { '(': go('first') } },
  first: {
    expected: "',', ')' or identifier",
    moves: { word: add('inside', itself), ',': add('next', empty), ')': finish('behind', undefined, empty) },
  },
  next: {
    expected: "',', or identifier",
    moves: { word: add('inside', itself), ',': add('next', empty), ')': finish('behind', undefined, empty) },
  },
  inside: { expected: "',' or ')'", moves: { ',': go('next'), ')': finish('behind') } },
  behind: { expected: "',' or 'end of string'", moves: { ',': go('more'), '': go('done') } },
  done: { expected: '', moves: {} },
}

const outside: readonly State[] = ['start', 'more', 'behind']

const symbol = /^(?:==|!=|[=!(),<>])?$/

function step(reading: Reading, token: string): Reading {
  const { expected, moves } = table[reading.state]
  const move = symbol.test(token) ? moves[token] : (moves.word ?? moves[`word ${token}`])
  if (move !== undefined) return move(reading, token)
  const comma = reading.state === 'paren' ? '' : ','
  throw new SelectorError(
    `${outside.includes(reading.state) ? '' : prefix}found '${token}'${comma} expected: ${expected}`,
  )
}

const tokensOf = (text: string): string[] =>
  text.split(/(==|!=|[=!(),<>])|[ \t\r\n]+/).filter((part) => part !== undefined && part !== '')

/**
 * Reads a selector as `kubectl get -l` takes it: `app=web,tier in (front,back),!canary`.
 *
 * @throws {SelectorError} if it is not one; the message says what was found where something else was expected
 */
export function parseSelector(text: string): Selector {
  const found: Requirement[] = []
  const start: Reading = { state: 'start', key: '', operator: 'In', values: [] }
  ;[...tokensOf(text), ''].reduce((reading, token) => {
    const { whole, ...rest } = step(reading, token)
    if (whole !== undefined) found.push(whole)
    return rest
  }, start)
  return found.sort(byKey)
}

// ---- writing a text

const written: Record<Operator, (key: string, values: readonly string[]) => string> = {
  In: (key, values) => (values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(',')})`),
  NotIn: (key, values) =>
    values.length === 1 ? `${key}!=${values[0]}` : `${key} notin (${values.join(',')})`,
  Exists: (key) => key,
  DoesNotExist: (key) => `!${key}`,
}

/**
 * Writes a selector as a text: {@link parseSelector} reads the same selector from it.
 *
 * @throws {SelectorError} if it selects nothing: no text says that, and the empty one says the opposite
 */
export function formatSelector(selector: Selector): string {
  if (selector === 'nothing') throw new SelectorError('a selector that selects nothing has no text')
  return selector.map(({ key, operator, values }) => written[operator](key, values)).join(',')
}
