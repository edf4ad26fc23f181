import fc from 'fast-check'
import type { LabelSelector, Labels, Requirement, Selector } from '#kit/labels'
import { labelValueProblems, qualifiedNameProblems } from '#kit/names'
import type * as LabelsRoom from '#rooms/labels'
import { check } from '../src/runner/check.ts'
import { expect, expectRejection, words } from '../src/runner/expect.ts'
import { forAll } from '../src/runner/property.ts'
import type { Call, Settlement, Subject } from '../src/subject/subject.ts'

const labelsOf = ({ room }: Pick<Subject, 'room'>) => room<typeof LabelsRoom>('labels')

const has = (key: string, ...values: string[]): Requirement => ({ key, operator: 'In', values })
const hasNot = (key: string, ...values: string[]): Requirement => ({ key, operator: 'NotIn', values })
const exists = (key: string): Requirement => ({ key, operator: 'Exists', values: [] })
const existsNot = (key: string): Requirement => ({ key, operator: 'DoesNotExist', values: [] })

/** How a selector is refused. */
interface Refusal {
  error: 'SelectorError'
  message: string
}

/** One call that was made, and what must come of it. */
interface Look {
  call: Call<unknown>
  what: string
  expected: unknown
}

/** Looks at calls that were all made before, so they go out as one. The first that is not as expected is reported. */
async function expectAll(looks: readonly Look[]): Promise<void> {
  const settlements = await Promise.all(looks.map(({ call }) => call.settled()))
  for (const [i, { what, expected }] of looks.entries()) {
    expect(answerOf(settlements[i], isRefusal(expected)), what).toEqual(expected)
  }
}

/**
 * What came of a call: its value, or the error that it threw.
 *
 * @param mayThrow whether any error is an answer; otherwise only a SelectorError is, and others are a crash
 */
function answerOf(settlement: Settlement<unknown> | undefined, mayThrow: boolean): unknown {
  if (settlement?.status === 'resolved') return settlement.value
  if (settlement?.status !== 'rejected') return words('it is still waiting')
  const { error } = settlement
  if (error.thrown !== 'SelectorError' && !mayThrow) throw error
  return { error: error.thrown, message: error.message }
}

const isRefusal = (expected: unknown): boolean =>
  typeof expected === 'object' && expected !== null && 'error' in expected

/** The error that a selector is refused with. */
const refusal = (message: string): Refusal => ({ error: 'SelectorError', message })

const inRequirement = (message: string) => refusal(`unable to parse requirement: ${message}`)

/** Looks at what is read from texts: each one a selector, or an error. */
async function expectRead(
  subject: Subject,
  rows: readonly (readonly [text: string, expected: Selector | Refusal])[],
): Promise<void> {
  const { call } = labelsOf(subject)
  await expectAll(
    rows.map(([text, expected]) => ({
      call: call('parseSelector', text),
      what: `parseSelector(${JSON.stringify(text)})`,
      expected,
    })),
  )
}

/** Looks at what is read from objects. */
async function expectOf(
  subject: Subject,
  rows: readonly (readonly [object: LabelSelector | undefined, expected: Selector | Refusal])[],
): Promise<void> {
  const { call } = labelsOf(subject)
  await expectAll(
    rows.map(([object, expected]) => ({
      call: call('selectorOf', object),
      what: `selectorOf(${object === undefined ? 'undefined' : JSON.stringify(object)})`,
      expected,
    })),
  )
}

/** Looks at whether a selector selects objects with these labels. */
async function expectMatches(
  subject: Subject,
  rows: readonly (readonly [selector: Selector, labels: Labels | undefined, expected: boolean])[],
): Promise<void> {
  const { call } = labelsOf(subject)
  await expectAll(
    rows.map(([selector, labels, expected]) => ({
      call: call('matches', selector, labels),
      what: `whether ${inWords(selector)} selects an object with labels ${JSON.stringify(labels)}`,
      expected,
    })),
  )
}

/** Examples that can be told in a report. */
function shown<T>(examples: fc.Arbitrary<T>, inText: (example: T) => string) {
  return examples.map((example) => ({ example, toString: () => inText(example) }))
}

/** A selector, as somebody would say it. */
function inWords(selector: Selector): string {
  if (selector === 'nothing') return "'nothing'"
  if (selector.length === 0) return 'no requirement'
  return selector
    .map(({ key, operator, values }) => [key, operator, ...values.map(quoted)].join(' '))
    .join(', ')
}

function quoted(value: string): string {
  return JSON.stringify(value)
}

// LB-1: one requirement

check('LB-1.1', 'holds In where the label has one of the values', async (subject) => {
  const oneOf = [has('tier', 'back', 'front')]
  await expectMatches(subject, [
    [oneOf, { tier: 'back' }, true],
    [oneOf, { app: 'web', tier: 'front' }, true],
    [oneOf, { tier: 'middle' }, false],
    [oneOf, { tier: 'fron' }, false],
    [oneOf, { tier: 'back,front' }, false],
    [oneOf, { tier: '' }, false],
    [oneOf, { app: 'front' }, false],
    [oneOf, {}, false],
    [[has('Tier', 'front')], { tier: 'front' }, false],
    [[has('example.com/tier', 'front')], { 'example.com/tier': 'front' }, true],
    [[has('example.com/tier', 'front')], { tier: 'front' }, false],
  ])
})

check('LB-1.2', 'holds NotIn where In does not, also where the label is missing', async (subject) => {
  const noneOf = [hasNot('tier', 'back', 'front')]
  await expectMatches(subject, [
    [noneOf, { tier: 'back' }, false],
    [noneOf, { tier: 'front', app: 'web' }, false],
    [noneOf, { tier: 'middle' }, true],
    [noneOf, { app: 'front' }, true],
    [noneOf, {}, true],
    [noneOf, { tier: '' }, true],
  ])
})

check('LB-1.3', 'holds Exists and DoesNotExist by whether there is such a label', async (subject) => {
  await expectMatches(subject, [
    [[exists('canary')], { canary: 'yes' }, true],
    [[exists('canary')], { app: 'web' }, false],
    [[existsNot('canary')], { canary: 'yes' }, false],
    [[existsNot('canary')], { app: 'web' }, true],
    [[existsNot('canary')], {}, true],
  ])
})

check('LB-1.4', 'takes the empty value for a value like others', async (subject) => {
  await expectMatches(subject, [
    [[exists('canary')], { canary: '' }, true],
    [[existsNot('canary')], { canary: '' }, false],
    [[has('canary', '')], { canary: '' }, true],
    [[has('canary', '', 'yes')], { canary: 'yes' }, true],
    [[has('canary', '')], { app: 'web' }, false],
    [[has('canary', '')], { canary: 'yes' }, false],
    [[hasNot('canary', '')], { canary: '' }, false],
    [[hasNot('canary', '')], { app: 'web' }, true],
    [[hasNot('canary', 'undefined')], {}, true],
    [[has('canary', 'undefined')], {}, false],
  ])
})

check('LB-1.5', 'finds the labels that stand in the object, and no others', async (subject) => {
  const rows = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'].flatMap(
    (key): [Selector, Labels, boolean][] => [
      [[exists(key)], { app: 'web' }, false],
      [[existsNot(key)], { app: 'web' }, true],
      [[has(key, 'web')], { [key]: 'web' }, true],
      [[exists(key)], { [key]: '' }, true],
    ],
  )
  await expectMatches(subject, rows)
})

check('LB-1.6', 'does what a model does, whatever the selector and the labels', async (subject) => {
  const requirement = fc
    .record({
      key: fc.constantFrom('app', 'tier', 'canary'),
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: fc.subarray(['', 'a', 'b'], { minLength: 1 }),
    })
    .map(({ key, operator, values }): Requirement => {
      return { key, operator, values: operator === 'In' || operator === 'NotIn' ? values : [] }
    })
  const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'canary'), fc.constantFrom('', 'a', 'b', 'c'), {
    maxKeys: 3,
    noNullPrototype: true,
  })
  const cases = fc.array(fc.tuple(fc.array(requirement, { maxLength: 3 }).map(byKey), labels), {
    minLength: 1,
    maxLength: 25,
    size: 'max',
  })
  const inText = (rows: [Requirement[], Labels][]) =>
    rows.map(([selector, of]) => `${inWords(selector)} of ${JSON.stringify(of)}`).join('; ')
  await forAll(
    subject.seed,
    shown(cases, inText),
    ({ example }) =>
      expectMatches(
        subject,
        example.map(([selector, of]): [Selector, Labels, boolean] => [
          selector,
          of,
          modelMatches(selector, of),
        ]),
      ),
    5,
  )
})

/** LB-1 and LB-2 in the plainest terms: asks all labels for each requirement. */
function modelMatches(selector: readonly Requirement[], labels: Labels): boolean {
  const counts = selector.map(({ key, operator, values }) => {
    const found = Object.entries(labels).filter(([name]) => name === key)
    const fitting = found.filter(([, value]) => new Set(values).has(value))
    const count = { In: fitting, NotIn: fitting, Exists: found, DoesNotExist: found }[operator].length
    return operator === 'In' || operator === 'Exists' ? count : 1 - count
  })
  return counts.reduce((product, count) => product * count, 1) === 1
}

// LB-2: all requirements

check('LB-2.1', 'selects where all requirements hold', async (subject) => {
  const selector = [has('app', 'web'), existsNot('canary'), hasNot('tier', 'back')]
  await expectMatches(subject, [
    [selector, { app: 'web', tier: 'front' }, true],
    [selector, { app: 'web' }, true],
    [selector, { app: 'db', tier: 'front' }, false],
    [selector, { app: 'web', canary: 'yes' }, false],
    [selector, { app: 'web', tier: 'back' }, false],
    [[has('app', 'web'), has('app', 'db')], { app: 'web' }, false],
    [[has('app', 'web'), hasNot('app', 'web')], { app: 'web' }, false],
    [[hasNot('app', 'web'), hasNot('app', 'db')], { app: 'mail' }, true],
  ])
})

check('LB-2.2', 'selects everything without requirements, and nothing with nothing', async (subject) => {
  await expectMatches(subject, [
    [[], { app: 'web' }, true],
    [[], {}, true],
    [[], undefined, true],
    ['nothing', { app: 'web' }, false],
    ['nothing', {}, false],
    ['nothing', undefined, false],
  ])
})

check('LB-2.3', 'takes an object whose labels are undefined for one without labels', async (subject) => {
  await expectMatches(subject, [
    [[has('app', 'web')], undefined, false],
    [[hasNot('app', 'web')], undefined, true],
    [[exists('app')], undefined, false],
    [[existsNot('app')], undefined, true],
  ])
})

// LB-3: selectors in objects

const expression = (key: string, operator: string, values?: string[]) => ({
  key,
  operator,
  ...(values && { values }),
})

check('LB-3.1', 'selects nothing where there is no selector', async (subject) => {
  await expectOf(subject, [[undefined, 'nothing']])
})

check('LB-3.2', 'selects everything where the selector is empty', async (subject) => {
  await expectOf(subject, [
    [{}, []],
    [{ matchLabels: {} }, []],
    [{ matchExpressions: [] }, []],
    [{ matchLabels: {}, matchExpressions: [] }, []],
  ])
})

check('LB-3.3', 'makes a requirement of each of the matchLabels', async (subject) => {
  await expectOf(subject, [
    [{ matchLabels: { app: 'web' } }, [has('app', 'web')]],
    [
      { matchLabels: { app: 'web', canary: '', constructor: 'x', 'example.com/tier': 'front' } },
      [has('app', 'web'), has('canary', ''), has('constructor', 'x'), has('example.com/tier', 'front')],
    ],
    [{ matchLabels: { app: 'web' }, matchExpressions: [] }, [has('app', 'web')]],
  ])
})

check('LB-3.4', 'makes a requirement of each of the matchExpressions', async (subject) => {
  const matchExpressions = [
    expression('a', 'In', ['x', 'y']),
    expression('b', 'NotIn', ['x']),
    expression('c', 'Exists'),
    expression('d', 'DoesNotExist', []),
    expression('e', 'Exists', []),
    expression('f', 'DoesNotExist'),
    expression('g', 'In', ['']),
  ]
  const expected = [
    has('a', 'x', 'y'),
    hasNot('b', 'x'),
    exists('c'),
    existsNot('d'),
    exists('e'),
    existsNot('f'),
    has('g', ''),
  ]
  await expectOf(subject, [
    [{ matchExpressions }, expected],
    [{ matchLabels: {}, matchExpressions }, expected],
  ])
})

check('LB-3.5', 'asks for both parts where both are there', async (subject) => {
  await expectOf(subject, [
    [
      { matchLabels: { app: 'web' }, matchExpressions: [expression('tier', 'NotIn', ['back', 'front'])] },
      [has('app', 'web'), hasNot('tier', 'back', 'front')],
    ],
  ])
})

// LB-4: what is no requirement

const expressionOf = (key: string, operator: string, values?: string[]): LabelSelector => ({
  matchExpressions: [expression(key, operator, values)],
})

/** A line of a message: what is wrong with one key or value. */
const invalid = (field: string, value: string, problems: readonly string[]) =>
  `${field}: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`

const invalidKey = (key: string) => invalid('key', key, qualifiedNameProblems(key))

const invalidValue = (key: string, index: number, value: string) =>
  invalid(`values[${index}][${key}]`, value, labelValueProblems(value))

const NO_VALUES =
  "values: Invalid value: []string(nil): for 'in', 'notin' operators, values set can't be empty"

const tooMany = (list: string) =>
  `values: Invalid value: []string{${list}}: values set must be empty for exists and does not exist`

check('LB-4.1', 'refuses an operator that is none, and says nothing else then', async (subject) => {
  const rows = ['in', 'Equals', '=', '', 'exists', 'constructor', 'Gt', 'a "b"'].map(
    (operator) =>
      [
        expressionOf('app', operator, ['web']),
        refusal(`${JSON.stringify(operator)} is not a valid label selector operator`),
      ] as const,
  )
  await expectOf(subject, [
    ...rows,
    [expressionOf('a b', 'Is', ['c d']), refusal('"Is" is not a valid label selector operator')],
  ])
})

check(
  'LB-4.2',
  'refuses values where there must be none, and none where there must be some',
  async (subject) => {
    await expectOf(subject, [
      [expressionOf('app', 'In'), refusal(NO_VALUES)],
      [expressionOf('app', 'In', []), refusal(NO_VALUES)],
      [expressionOf('app', 'NotIn'), refusal(NO_VALUES)],
      [expressionOf('app', 'Exists', ['a']), refusal(tooMany('"a"'))],
      [expressionOf('app', 'DoesNotExist', ['a', 'b']), refusal(tooMany('"a", "b"'))],
      [expressionOf('app', 'Exists', ['']), refusal(tooMany('""'))],
    ])
  },
)

check('LB-4.3', 'refuses a key or a value that is not well-formed', async (subject) => {
  const long = 'x'.repeat(64)
  await expectOf(subject, [
    [{ matchLabels: { 'a b': 'web' } }, refusal(invalidKey('a b'))],
    [{ matchLabels: { app: 'c d' } }, refusal(invalidValue('app', 0, 'c d'))],
    [expressionOf('-app', 'Exists'), refusal(invalidKey('-app'))],
    [expressionOf('', 'DoesNotExist'), refusal(invalidKey(''))],
    [expressionOf(long, 'In', ['web']), refusal(invalidKey(long))],
    [expressionOf('app', 'In', [long]), refusal(invalidValue('app', 0, long))],
    [expressionOf('app', 'NotIn', ['a', 'b_']), refusal(invalidValue('app', 1, 'b_'))],
    [expressionOf('A.com/app', 'Exists'), refusal(invalidKey('A.com/app'))],
    [expressionOf('a/b/c', 'Exists'), refusal(invalidKey('a/b/c'))],
  ])
})

check('LB-4.4', 'says all that is wrong with one requirement', async (subject) => {
  const longBad = `${'x'.repeat(64)}-`
  await expectOf(subject, [
    [{ matchLabels: { 'a b': 'c d' } }, refusal(`[${invalidKey('a b')}, ${invalidValue('a b', 0, 'c d')}]`)],
    [
      expressionOf('app', 'In', ['$', 'a', 'é']),
      refusal(`[${invalidValue('app', 0, '$')}, ${invalidValue('app', 2, 'é')}]`),
    ],
    [expressionOf('a b', 'In'), refusal(`[${invalidKey('a b')}, ${NO_VALUES}]`)],
    [
      expressionOf('a b', 'Exists', ['$']),
      refusal(`[${invalidKey('a b')}, ${tooMany('"$"')}, ${invalidValue('a b', 0, '$')}]`),
    ],
    [expressionOf(longBad, 'Exists'), refusal(invalidKey(longBad))],
    [{ matchLabels: { app: longBad } }, refusal(invalidValue('app', 0, longBad))],
  ])
})

check('LB-4.5', 'refuses the whole selector if one requirement is none', async (subject) => {
  await expectOf(subject, [
    [
      { matchLabels: { app: 'web' }, matchExpressions: [expression('a', 'Exists'), expression('b', 'Has')] },
      refusal('"Has" is not a valid label selector operator'),
    ],
    [{ matchLabels: { app: 'web', tier: '-' } }, refusal(invalidValue('tier', 0, '-'))],
  ])
})

/** What a text is refused with for a key. */
const nilKey = (key: string) => inRequirement(invalid('<nil>', key, qualifiedNameProblems(key)))

// LB-5: one value, any, none

check('LB-5.1', 'reads =, == and != with one value', async (subject) => {
  await expectRead(subject, [
    ['app=web', [has('app', 'web')]],
    ['app==web', [has('app', 'web')]],
    ['app!=web', [hasNot('app', 'web')]],
    ['example.com/tier=front.1_A-b', [has('example.com/tier', 'front.1_A-b')]],
  ])
})

check('LB-5.2', 'reads a key alone and a key behind !', async (subject) => {
  await expectRead(subject, [
    ['app', [exists('app')]],
    ['!app', [existsNot('app')]],
    ['!example.com/tier', [existsNot('example.com/tier')]],
    ['constructor', [exists('constructor')]],
  ])
})

check('LB-5.3', 'takes the empty value where none stands', async (subject) => {
  await expectRead(subject, [
    ['app=', [has('app', '')]],
    ['app==', [has('app', '')]],
    ['app!=', [hasNot('app', '')]],
    ['a=,b!=,c', [has('a', ''), hasNot('b', ''), exists('c')]],
  ])
})

check(
  'LB-5.4',
  'reads requirements with commas between them, and none from an empty text',
  async (subject) => {
    await expectRead(subject, [
      ['', []],
      ['a=x,b!=y,c,!d', [has('a', 'x'), hasNot('b', 'y'), exists('c'), existsNot('d')]],
      ['!a,b,c==x', [existsNot('a'), exists('b'), has('c', 'x')]],
    ])
  },
)

// LB-6: sets of values

check('LB-6.1', 'reads in and notin with their values', async (subject) => {
  await expectRead(subject, [
    ['tier in (back,front)', [has('tier', 'back', 'front')]],
    ['tier notin (back,front)', [hasNot('tier', 'back', 'front')]],
    ['tier in (back)', [has('tier', 'back')]],
    ['a in (x,y),b notin (z),c', [has('a', 'x', 'y'), hasNot('b', 'z'), exists('c')]],
    ['a,b in (x,y)', [exists('a'), has('b', 'x', 'y')]],
  ])
})

check('LB-6.2', 'takes the empty value where nothing stands beside a comma', async (subject) => {
  await expectRead(subject, [
    ['a in ()', [has('a', '')]],
    ['a notin ()', [hasNot('a', '')]],
    ['a in (,)', [has('a', '')]],
    ['a in (b,)', [has('a', '', 'b')]],
    ['a in (,b)', [has('a', '', 'b')]],
    ['a notin (b,,c)', [hasNot('a', '', 'b', 'c')]],
    ['a in (,b,c),d', [has('a', '', 'b', 'c'), exists('d')]],
    ['a in ( , b ), c notin ( )', [has('a', '', 'b'), hasNot('c', '')]],
  ])
})

// LB-7: white space, symbols, words

check('LB-7.1', 'passes over white space between tokens', async (subject) => {
  await expectRead(subject, [
    ['  app  =  web  ', [has('app', 'web')]],
    ['\tapp\n!=\r\nweb\t', [hasNot('app', 'web')]],
    [' ! app , tier ', [existsNot('app'), exists('tier')]],
    ['tier in(back,front)', [has('tier', 'back', 'front')]],
    ['tier\tnotin\n( back , front )\r,\nz', [hasNot('tier', 'back', 'front'), exists('z')]],
    ['a = , b != ', [has('a', ''), hasNot('b', '')]],
    [' \t\r\n', []],
  ])
})

check('LB-7.2', 'takes nothing for white space but space, tab and line ends', async (subject) => {
  const { call } = labelsOf(subject)
  const looks = ['\u00a0', '\ufeff', '\v'].flatMap((space) =>
    [`app${space}`, `${space}app=web`, space, `app=web${space}`, `app in (web${space})`].map((text) => ({
      call: call('parseSelector', text),
      what: `parseSelector(${inAscii(text)})`,
    })),
  )
  for (const look of looks) await expectRejection(look.call, look.what, 'SelectorError')
})

/** A text in quotes, with what cannot be seen as escapes. */
function inAscii(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return `'${text.replace(/[^ -~]/g, escaped)}'`
}

check('LB-7.3', 'takes in and notin for words where a key or a value is due', async (subject) => {
  await expectRead(subject, [
    ['in', [exists('in')]],
    ['!notin', [existsNot('notin')]],
    ['in=notin', [has('in', 'notin')]],
    ['notin!=in', [hasNot('notin', 'in')]],
    ['in in (in,notin)', [has('in', 'in', 'notin')]],
    ['notin notin (a,in)', [hasNot('notin', 'a', 'in')]],
    ['a,in,notin', [exists('a'), exists('in'), exists('notin')]],
    ['In', [exists('In')]],
    ['inn in (notinn)', [has('inn', 'notinn')]],
  ])
})

check('LB-7.4', 'reads the longest symbol, and no symbol out of two that are apart', async (subject) => {
  const { call } = labelsOf(subject)
  await expectRead(subject, [
    ['a!=b', [hasNot('a', 'b')]],
    ['a==b', [has('a', 'b')]],
    ['!a', [existsNot('a')]],
  ])
  const looks = ['a=!=b', 'a=!b', 'a===b', 'a!==b', 'a= =b', 'a! =b', '!!a', 'a>=b', 'a<b'].map((text) => ({
    call: call('parseSelector', text),
    what: `parseSelector('${text}')`,
  }))
  for (const look of looks) await expectRejection(look.call, look.what, 'SelectorError')
})

check('LB-7.5', 'reads what was meant, however it is spaced and spelt', async (subject) => {
  const spellings = fc.array(spelling, { minLength: 1, maxLength: 10, size: 'max' })
  await forAll(
    subject.seed,
    shown(spellings, (examples) => examples.map(([text]) => quoted(text)).join('; ')),
    ({ example }) => expectRead(subject, example),
    5,
  )
})

const blank = fc.constantFrom('', '', ' ', '\t', '\r\n', '   ')
const someValue = fc.constantFrom('a', 'b1', 'B', 'x-y', '1.2_3', 'in', 'notin')
const someKeys = ['app', 'Tier', 'example.com/tier', 'a.b/c', 'in', 'notin', 'x1', '9']

/** A text, and the selector that it spells; no key twice. */
const spelling = fc
  .array(fc.record({ kind: fc.nat(4), values: fc.array(someValue, { minLength: 1, maxLength: 4 }) }), {
    maxLength: 4,
  })
  .chain((kinds) =>
    fc.record({
      kinds: fc.constant(kinds),
      keys: fc.shuffledSubarray(someKeys, { minLength: kinds.length, maxLength: kinds.length }),
      blanks: fc.array(blank, { minLength: 16, maxLength: 16 }),
    }),
  )
  .map(({ kinds, keys, blanks }): [text: string, selector: Selector] => {
    let used = 0
    const gap = () => blanks[used++ % blanks.length] ?? ''
    const spelt = kinds.map(({ kind, values }, i): [string, Requirement] => {
      const key = keys[i] ?? 'app'
      const value = values[0] ?? ''
      const list = `(${values.map((each) => gap() + each + gap()).join(',')})`
      const sorted = [...new Set(values)].sort()
      const all: [string, Requirement][] = [
        [`${key}${gap()}=${i % 2 === 0 ? '=' : ''}${gap()}${value}`, has(key, value)],
        [`${key}${gap()}!=${gap()}${value}`, hasNot(key, value)],
        [`${key} ${gap()}in${gap()}${list}`, has(key, ...sorted)],
        [`${key} ${gap()}notin${gap()}${list}`, hasNot(key, ...sorted)],
        i % 2 === 0 ? [key, exists(key)] : [`!${gap()}${key}`, existsNot(key)],
      ]
      return all[kind] ?? [key, exists(key)]
    })
    const text = gap() + spelt.map(([part]) => part).join(`${gap()},${gap()}`) + gap()
    return [text, byKey(spelt.map(([, requirement]) => requirement))]
  })

function byKey(requirements: readonly Requirement[]): Requirement[] {
  return [...requirements].sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1))
}

// LB-8: order

check('LB-8.1', 'puts the requirements in the order of their keys', async (subject) => {
  await expectRead(subject, [
    ['z,a=1,m!=2', [has('a', '1'), hasNot('m', '2'), exists('z')]],
    ['b,B,a10,a9,a/b,a-b', ['B', 'a-b', 'a/b', 'a10', 'a9', 'b'].map(exists)],
  ])
  await expectOf(subject, [
    [{ matchLabels: { z: '1', b: '2', B: '3' } }, [has('B', '3'), has('b', '2'), has('z', '1')]],
    [
      { matchExpressions: [expression('m', 'Exists'), expression('B', 'Exists'), expression('b', 'Exists')] },
      ['B', 'b', 'm'].map(exists),
    ],
  ])
})

check('LB-8.2', 'keeps all requirements with the same key, as they stand', async (subject) => {
  await expectRead(subject, [
    ['b=1,a!=2,a!=1,a', [hasNot('a', '2'), hasNot('a', '1'), exists('a'), has('b', '1')]],
    ['a=1,a=1', [has('a', '1'), has('a', '1')]],
    ['!a,a', [existsNot('a'), exists('a')]],
  ])
  await expectOf(subject, [
    [
      {
        matchExpressions: [
          expression('a', 'NotIn', ['x']),
          expression('a', 'Exists'),
          expression('A', 'Exists'),
        ],
        matchLabels: { a: '1' },
      },
      [exists('A'), has('a', '1'), hasNot('a', 'x'), exists('a')],
    ],
  ])
})

check('LB-8.3', 'puts the values in order, each once', async (subject) => {
  await expectRead(subject, [
    ['a in (c,B,b,10,9)', [has('a', '10', '9', 'B', 'b', 'c')]],
    ['a notin (b,a,b,a)', [hasNot('a', 'a', 'b')]],
    ['a in (b,b)', [has('a', 'b')]],
  ])
  await expectOf(subject, [
    [expressionOf('a', 'In', ['c', 'a', 'B', 'a']), [has('a', 'B', 'a', 'c')]],
    [expressionOf('a', 'NotIn', ['b', 'b']), [hasNot('a', 'b')]],
    [expressionOf('a', 'In', ['b', '$', 'a']), refusal(invalidValue('a', 0, '$'))],
    [expressionOf('a', 'Exists', ['b', 'a', 'b']), refusal(tooMany('"a", "b"'))],
  ])
})

// LB-9: what may stand where

check('LB-9.1', 'says what it found at the beginning, and behind a requirement', async (subject) => {
  const atTheBeginning = "expected: !, identifier, or 'end of string'"
  const behind = "expected: ',' or 'end of string'"
  const behindTheComma = "expected: identifier after ','"
  await expectRead(subject, [
    [',', refusal(`found ',', ${atTheBeginning}`)],
    ['=a', refusal(`found '=', ${atTheBeginning}`)],
    [' (a)', refusal(`found '(', ${atTheBeginning}`)],
    ['!=a', refusal(`found '!=', ${atTheBeginning}`)],
    ['a=b=c', refusal(`found '=', ${behind}`)],
    ['a=b c', refusal(`found 'c', ${behind}`)],
    ['!a=b', refusal(`found '=', ${behind}`)],
    ['!a in (b)', refusal(`found 'in', ${behind}`)],
    ['a in (b))', refusal(`found ')', ${behind}`)],
    ['a in (b) c', refusal(`found 'c', ${behind}`)],
    ['a,b=c!=d', refusal(`found '!=', ${behind}`)],
    ['a=b<c', refusal(`found '<', ${behind}`)],
    ['a,', refusal(`found '', ${behindTheComma}`)],
    ['a=b,,c', refusal(`found ',', ${behindTheComma}`)],
    ['a=,', refusal(`found '', ${behindTheComma}`)],
    ['!a, =', refusal(`found '=', ${behindTheComma}`)],
    ['a in (b),)', refusal(`found ')', ${behindTheComma}`)],
  ])
})

check('LB-9.2', 'says what it found in a requirement, and where one should begin', async (subject) => {
  const operators = 'expected: in, notin, =, ==, !='
  await expectRead(subject, [
    ['!', inRequirement("found '', expected: identifier")],
    ['!,a', inRequirement("found ',', expected: identifier")],
    ['a,!=b', refusal("found '!=', expected: identifier after ','")],
    ['a b', inRequirement(`found 'b', ${operators}`)],
    ['a)', inRequirement(`found ')', ${operators}`)],
    ['a!', inRequirement(`found '!', ${operators}`)],
    ['a,b (c)', inRequirement(`found '(', ${operators}`)],
    ['a IN (b)', inRequirement(`found 'IN', ${operators}`)],
    ['a constructor', inRequirement(`found 'constructor', ${operators}`)],
    ['a=(b)', inRequirement("found '(', expected: identifier")],
    ['a==)', inRequirement("found ')', expected: identifier")],
    ['a!=!', inRequirement("found '!', expected: identifier")],
  ])
})

check('LB-9.3', 'says what it found in and around a set of values', async (subject) => {
  const atTheBeginning = "expected: ',', ')' or identifier"
  const behindAValue = "expected: ',' or ')'"
  const behindAComma = "expected: ',', or identifier"
  await expectRead(subject, [
    ['a in', inRequirement("found '' expected: '('")],
    ['a in b', inRequirement("found 'b' expected: '('")],
    ['a notin, b', inRequirement("found ',' expected: '('")],
    ['a notin )', inRequirement("found ')' expected: '('")],
    ['a in (', inRequirement(`found '', ${atTheBeginning}`)],
    ['a notin (=', inRequirement(`found '=', ${atTheBeginning}`)],
    ['a in ((', inRequirement(`found '(', ${atTheBeginning}`)],
    ['a in (b', inRequirement(`found '', ${behindAValue}`)],
    ['a in (b c)', inRequirement(`found 'c', ${behindAValue}`)],
    ['a in (b,c d)', inRequirement(`found 'd', ${behindAValue}`)],
    ['a in (b,', inRequirement(`found '', ${behindAComma}`)],
    ['a in (,', inRequirement(`found '', ${behindAComma}`)],
    ['a in (b,!c)', inRequirement(`found '!', ${behindAComma}`)],
    ['a in (,=)', inRequirement(`found '=', ${behindAComma}`)],
    ['a in (b,c,(', inRequirement(`found '(', ${behindAComma}`)],
  ])
})

check('LB-9.4', 'reads each text by itself: one that was refused leaves nothing behind', async (subject) => {
  await expectRead(subject, [
    ['a in (b,c', inRequirement("found '', expected: ',' or ')'")],
    ['d in (e)', [has('d', 'e')]],
    ['a=b=c', refusal("found '=', expected: ',' or 'end of string'")],
    ['d', [exists('d')]],
  ])
})

check('LB-9.5', 'names the symbol that it found, and that is the longest', async (subject) => {
  const operators = 'expected: in, notin, =, ==, !='
  await expectRead(subject, [
    ['a=!=b', inRequirement("found '!=', expected: identifier")],
    ['a=!b', inRequirement("found '!', expected: identifier")],
    ['a===b', inRequirement("found '=', expected: identifier")],
    ['a!==b', inRequirement("found '=', expected: identifier")],
    ['a= =b', inRequirement("found '=', expected: identifier")],
    ['a! =b', inRequirement(`found '!', ${operators}`)],
    ['!!a', inRequirement("found '!', expected: identifier")],
    ['a>=b', inRequirement(`found '>', ${operators}`)],
    ['a<b', inRequirement(`found '<', ${operators}`)],
  ])
})

// LB-10: keys and values that are not well-formed

check('LB-10.1', 'refuses a key that is not well-formed', async (subject) => {
  const long = 'x'.repeat(64)
  const longPrefix = `${'x'.repeat(254)}/a`
  const keys = ['a$', '-a', 'a/b/c', '/a', 'a/', 'A.com/a', long, longPrefix, `${long}-`, 'a"b']
  await expectRead(subject, [
    ...keys.map((key) => [key, nilKey(key)] as const),
    ['!a$', nilKey('a$')],
    ['a,b_=c', nilKey('b_')],
    [`${'x'.repeat(253)}/${'y'.repeat(63)}`, [exists(`${'x'.repeat(253)}/${'y'.repeat(63)}`)]],
  ])
})

check('LB-10.2', 'refuses a value that is not well-formed', async (subject) => {
  const long = 'x'.repeat(64)
  await expectRead(subject, [
    ['app=c$', inRequirement(invalidValue('app', 0, 'c$'))],
    ['app!=-', inRequirement(invalidValue('app', 0, '-'))],
    ['app==a/b', inRequirement(invalidValue('app', 0, 'a/b'))],
    [`app=${long}`, inRequirement(invalidValue('app', 0, long))],
    ['a,b in (x,y_)', inRequirement(invalidValue('b', 1, 'y_'))],
    ['x.com/b notin (y_)', inRequirement(invalidValue('x.com/b', 0, 'y_'))],
    [`app=${'x'.repeat(63)}`, [has('app', 'x'.repeat(63))]],
  ])
})

check('LB-10.3', 'says all that is wrong with the values', async (subject) => {
  const longBad = `${'x'.repeat(64)}-`
  await expectRead(subject, [
    [`app=${longBad}`, inRequirement(invalidValue('app', 0, longBad))],
    ['a in (z_,y,$)', inRequirement(`[${invalidValue('a', 0, '$')}, ${invalidValue('a', 2, 'z_')}]`)],
  ])
})

check('LB-10.4', 'reports the first of two slips, from left to right', async (subject) => {
  await expectRead(subject, [
    ['a$ b', nilKey('a$')],
    ['a$=c$', nilKey('a$')],
    ['a$ in (', nilKey('a$')],
    ['a=c$ d', inRequirement(invalidValue('a', 0, 'c$'))],
    ['a=c$,,', inRequirement(invalidValue('a', 0, 'c$'))],
    ['a=c$,d$', inRequirement(invalidValue('a', 0, 'c$'))],
    ['a in (c$', inRequirement("found '', expected: ',' or ')'")],
    ['a=b,c$ d', nilKey('c$')],
    ['a b$', inRequirement("found 'b$', expected: in, notin, =, ==, !=")],
  ])
})

// LB-11: writing

/** Looks at what is written of selectors. */
async function expectWritten(
  subject: Subject,
  rows: readonly (readonly [selector: Selector, expected: string])[],
): Promise<void> {
  const { call } = labelsOf(subject)
  await expectAll(
    rows.map(([selector, expected]) => ({
      call: call('formatSelector', selector),
      what: `formatSelector() of ${inWords(selector)}`,
      expected,
    })),
  )
}

check('LB-11.1', 'writes each kind of requirement', async (subject) => {
  await expectWritten(subject, [
    [[], ''],
    [[has('app', 'web')], 'app=web'],
    [[hasNot('app', 'web')], 'app!=web'],
    [[has('app', 'db', 'web')], 'app in (db,web)'],
    [[hasNot('app', 'db', 'web')], 'app notin (db,web)'],
    [[exists('example.com/app')], 'example.com/app'],
    [[existsNot('app')], '!app'],
    [[has('app', '')], 'app='],
    [[hasNot('app', '')], 'app!='],
    [[has('app', '', 'web')], 'app in (,web)'],
    [[hasNot('in', '', 'notin')], 'in notin (,notin)'],
    [
      [has('a', 'x'), existsNot('b'), hasNot('c', 'x', 'y'), exists('d'), has('e', '')],
      'a=x,!b,c notin (x,y),d,e=',
    ],
    [[hasNot('a', '2'), hasNot('a', '1')], 'a!=2,a!=1'],
  ])
})

check('LB-11.2', 'refuses to write what selects nothing', async (subject) => {
  const settlement = await labelsOf(subject).call('formatSelector', 'nothing').settled()
  const seen = answerOf(settlement, true)
  expect(seen, "formatSelector('nothing')").toSatisfy('a SelectorError with a message', () => {
    const error = settlement.status === 'rejected' ? settlement.error : undefined
    return error?.thrown === 'SelectorError' && error.message !== ''
  })
})

check('LB-11.3', 'writes what can be read again, whatever the selector', async (subject) => {
  const { call } = labelsOf(subject)
  const selectors = fc.array(someSelector, { minLength: 1, maxLength: 10, size: 'max' })
  await forAll(
    subject.seed,
    shown(selectors, (examples) => examples.map(inWords).join('; ')),
    async ({ example: examples }) => {
      const written = await Promise.all(
        examples.map((selector) => call('formatSelector', selector).settled()),
      )
      const texts = written.map((settlement, i) => {
        const text = answerOf(settlement, false)
        const what = `formatSelector() of ${inWords(examples[i] ?? [])}`
        expect(text, what).toSatisfy('a text', (seen) => typeof seen === 'string')
        return String(text)
      })
      await expectAll(
        texts.map((text, i) => ({
          call: call('parseSelector', text),
          what: `parseSelector(${JSON.stringify(text)}), which is what was written of that selector`,
          expected: examples[i],
        })),
      )
    },
    3,
  )
})

/** A selector as it comes out of a reader; no key twice. */
const someSelector = fc
  .uniqueArray(
    fc.record({
      key: fc.constantFrom(...someKeys),
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: fc.uniqueArray(fc.oneof(someValue, fc.constant('')), { minLength: 1, maxLength: 3 }),
    }),
    { selector: ({ key }) => key, maxLength: 4 },
  )
  .map((requirements) =>
    byKey(
      requirements.map(({ key, operator, values }) => ({
        key,
        operator,
        values: operator === 'In' || operator === 'NotIn' ? values.sort() : [],
      })),
    ),
  )

// LB-12: what is passed in

check('LB-12.1', 'leaves the object that it reads as it is', async (subject) => {
  const objects = [
    { matchLabels: { z: '1', a: '2' } },
    {
      matchExpressions: [
        { key: 'm', operator: 'In', values: ['c', 'a', 'b', 'a'] },
        { key: 'b', operator: 'Exists', values: [] },
      ],
    },
  ]
  const selectors = [
    [has('a', '2'), has('z', '1')],
    [exists('b'), has('m', 'a', 'b', 'c')],
  ]
  const { call } = labelsOf(subject)
  const looks = objects.flatMap((object, i): Look[] => {
    const held = subject.hold<LabelSelector>(object)
    const what = `selectorOf(${JSON.stringify(object)})`
    return [
      { call: call('selectorOf', held), what, expected: selectors[i] },
      { call: subject.read(held), what: `the object, after ${what}`, expected: object },
    ]
  })
  await expectAll(looks)
})
