import { type LabelSelector, type Labels, type Requirement, type Selector, SelectorError } from '#kit/labels'
import { labelValueProblems, qualifiedNameProblems } from '#kit/names'

export function matches(selector: Selector, labels: Labels | undefined): boolean {
  if (selector === 'nothing') return false
  for (const { key, operator, values } of selector) {
    const there = labels !== undefined && Object.hasOwn(labels, key)
    const fits = there && values.includes(labels[key] ?? '')
    if (operator === 'In' && !fits) return false
    if (operator === 'NotIn' && fits) return false
    if (operator === 'Exists' && !there) return false
    if (operator === 'DoesNotExist' && there) return false
  }
  return true
}

export function selectorOf(labelSelector: LabelSelector | undefined): Selector {
  if (!labelSelector) return 'nothing'
  const { matchLabels = {}, matchExpressions = [] } = labelSelector
  const equal = Object.entries(matchLabels).map(([key, value]) => makeRequirement(key, 'In', [value]))
  const expressed = matchExpressions.map(({ key, operator, values }) => {
    if (!isOperator(operator)) {
      throw new SelectorError(`${JSON.stringify(operator)} is not a valid label selector operator`)
    }
    return makeRequirement(key, operator, values ?? [])
  })
  const requirements = expressed.length === 0 ? equal : expressed
  return requirements.sort(compareKeys)
}

export function parseSelector(text: string): Selector {
  const tokens = tokenize(text)
  let at = 0
  // The prefix of a message: only inside a requirement is there one.
  let prefix = ''
  const now = (): Token => tokens[at] ?? { kind: 'end', text: '' }
  const is = (...texts: string[]) => now().kind !== 'word' && texts.includes(now().text)
  const fail = (expected: string): SelectorError =>
    new SelectorError(`${prefix}found '${now().text}', expected: ${expected}`)

  function parseValues(): string[] {
    if (!is('(')) throw new SelectorError(`${prefix}found '${now().text}' expected: '('`)
    at++
    const values: string[] = []
    let expected = "',', ')' or identifier"
    while (true) {
      if (now().kind === 'word') {
        values.push(now().text)
        at++
        if (!is(',', ')')) throw fail("',' or ')'")
      } else if (is(',', ')')) {
        values.push('')
      } else {
        throw fail(expected)
      }
      const last = is(')')
      at++
      if (last) return values
      expected = "',', or identifier"
    }
  }

  function parseOne(): Requirement {
    const negated = is('!')
    if (negated) at++
    const { kind, text: key } = now()
    if (kind !== 'word') throw fail('identifier')
    const bad = qualifiedNameProblems(key)
    if (bad.length > 0) throw new SelectorError(prefix + describe('<nil>', key, bad))
    at++
    if (negated) return { key, operator: 'DoesNotExist', values: [] }
    if (is(',', '')) return { key, operator: 'Exists', values: [] }
    const operator = now().text
    if (!['in', 'notin', '=', '==', '!='].includes(operator)) throw fail('in, notin, =, ==, !=')
    at++
    const negative = operator === 'notin' || operator === '!='
    let values: string[]
    if (operator === 'in' || operator === 'notin') {
      values = parseValues()
    } else if (is(',', '')) {
      values = ['']
    } else if (now().kind === 'word') {
      values = [now().text]
      at++
    } else {
      throw fail('identifier')
    }
    return makeRequirement(key, negative ? 'NotIn' : 'In', values, prefix)
  }

  const requirements: Requirement[] = []
  if (is('')) return []
  if (now().kind !== 'word' && !is('!')) throw fail("!, identifier, or 'end of string'")
  while (true) {
    prefix = 'unable to parse requirement: '
    requirements.push(parseOne())
    prefix = ''
    if (is('')) break
    if (!is(',')) throw fail("',' or 'end of string'")
    at++
    if (now().kind !== 'word' && !is('!')) throw fail("identifier after ','")
  }
  return requirements.sort(compareKeys)
}

export function formatSelector(selector: Selector): string {
  if (selector === 'nothing') throw new SelectorError('nothing cannot be written')
  const parts: string[] = []
  for (const { key, operator, values } of selector) {
    if (operator === 'Exists') parts.push(key)
    else if (operator === 'DoesNotExist') parts.push('!' + key)
    else if (values.length === 1) parts.push(key + (operator === 'In' ? '=' : '!=') + values[0])
    else parts.push(`${key} ${operator.toLowerCase()} (${values})`)
  }
  return parts.join(',')
}

interface Token {
  kind: 'word' | 'symbol' | 'end'
  text: string
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let word = ''
  const endWord = () => {
    if (word !== '') tokens.push({ kind: 'word', text: word })
    word = ''
  }
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i)
    if (' \t\r\n'.includes(character)) {
      endWord()
    } else if ('=!(),<>'.includes(character)) {
      endWord()
      const two = text.slice(i, i + 2)
      const isTwo = two === '==' || two === '!='
      tokens.push({ kind: 'symbol', text: isTwo ? two : character })
      if (isTwo) i++
    } else {
      word += character
    }
  }
  endWord()
  return tokens
}

function isOperator(operator: string): operator is Requirement['operator'] {
  return ['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator)
}

function describe(where: string, what: string, problems: string[]): string {
  return `${where}: Invalid value: ${JSON.stringify(what)}: ${problems.join('; ')}`
}

function makeRequirement(
  key: string,
  operator: Requirement['operator'],
  given: readonly string[],
  prefix = '',
): Requirement {
  const values = Array.from(new Set(given)).sort()
  const errors: string[] = []
  const keyProblems = qualifiedNameProblems(key)
  if (keyProblems.length > 0) errors.push(describe('key', key, keyProblems))
  const wantsValues = operator === 'In' || operator === 'NotIn'
  if (wantsValues && values.length === 0) {
    errors.push(
      "values: Invalid value: []string(nil): for 'in', 'notin' operators, values set can't be empty",
    )
  }
  if (!wantsValues && values.length > 0) {
    const shown = values.map((value) => JSON.stringify(value)).join(', ')
    errors.push(
      `values: Invalid value: []string{${shown}}: values set must be empty for exists and does not exist`,
    )
  }
  values.forEach((value, index) => {
    const problems = labelValueProblems(value)
    if (problems.length > 0) errors.push(describe(`values[${index}][${key}]`, value, problems))
  })
  if (errors.length > 0) {
    throw new SelectorError(prefix + (errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`))
  }
  return { key, operator, values }
}

function compareKeys(a: Requirement, b: Requirement): number {
  if (a.key === b.key) return 0
  return a.key < b.key ? -1 : 1
}
