// LB-4: objects that are refused.
import type { LabelSelector, LabelSelectorRequirement } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import type { Subject } from '../../src/subject/subject.ts'
import { expectOf } from './bench.ts'
import {
  invalidKey,
  invalidValue,
  NO_VALUES,
  problemsOf,
  type Refusal,
  refusal,
  together,
  tooMany,
} from './messages.ts'
import { expression, expressionOf } from './selectors.ts'

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist']
const LONG = 'x'.repeat(64)
const BAD_KEYS = ['a b', '-app', '', LONG, 'A.com/app', 'a/b/c', '/a', 'a/', 'x.com/a b', 'a"b', 'a$']
const BAD_VALUES = ['c d', LONG, 'b_', '-', 'x/y', 'web,db', ' web', 'web\n', 'a"b', 'é']

/** Looks at how these are refused, each as the only one of the matchExpressions. */
async function expectRefused(subject: Subject, wrong: readonly LabelSelectorRequirement[]): Promise<void> {
  await expectOf(
    subject,
    wrong.map((one) => [{ matchLabels: {}, matchExpressions: [one] }, refusal(together(problemsOf(one)))]),
  )
}

/** Looks at how these are refused, each as the only one of the matchLabels. */
async function expectLabelsRefused(
  subject: Subject,
  wrong: readonly (readonly [key: string, value: string])[],
): Promise<void> {
  await expectOf(
    subject,
    wrong.map(([key, value]) => [
      { matchLabels: { [key]: value } },
      refusal(together(problemsOf(expression(key, 'In', [value])))),
    ]),
  )
}

/** Values that go with an operator. */
function fitting(operator: string, ...values: string[]): string[] {
  return operator === 'In' || operator === 'NotIn' ? values : []
}

check(
  'LB-4.1',
  'refuses an operator that is none of the four, and says nothing else then',
  async (subject) => {
    const near = OPERATORS.flatMap((operator) => [
      operator.toLowerCase(),
      operator.toUpperCase(),
      `${operator[0]?.toLowerCase()}${operator.slice(1)}`,
      `${operator} `,
      ` ${operator}`,
      `${operator}\n`,
      operator.slice(0, -1),
    ])
    const others = ['', 'Not', '=', '!=', 'Equals', 'Gt', 'NotExists', 'constructor', 'a "b"']
    const strange = [...new Set([...near, ...others])].filter((operator) => !OPERATORS.includes(operator))
    const rows = strange.map(
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
  },
)

check(
  'LB-4.2',
  'refuses In and NotIn without values, and Exists and DoesNotExist with values',
  async (subject) => {
    await expectOf(subject, [
      [expressionOf('app', 'In'), refusal(NO_VALUES)],
      [expressionOf('app', 'In', []), refusal(NO_VALUES)],
      [expressionOf('app', 'NotIn'), refusal(NO_VALUES)],
      [expressionOf('app', 'NotIn', []), refusal(NO_VALUES)],
      ...['Exists', 'DoesNotExist'].flatMap((operator): [LabelSelector, Refusal][] => [
        [expressionOf('app', operator, ['a']), refusal(tooMany('"a"'))],
        [expressionOf('app', operator, ['a', 'b']), refusal(tooMany('"a", "b"'))],
        [expressionOf('app', operator, ['a', 'b', 'c']), refusal(tooMany('"a", "b", "c"'))],
        [expressionOf('app', operator, ['']), refusal(tooMany('""'))],
        [expressionOf('app', operator, ['', 'a']), refusal(tooMany('"", "a"'))],
      ]),
    ])
  },
)

check('LB-4.3', 'refuses a key or a value that is not well-formed, in matchLabels too', async (subject) => {
  await expectOf(subject, [
    [{ matchLabels: { 'a b': 'web' } }, refusal(invalidKey('a b'))],
    [{ matchLabels: { app: 'c d' } }, refusal(invalidValue('app', 0, 'c d'))],
    [expressionOf('-app', 'Exists'), refusal(invalidKey('-app'))],
    [expressionOf('app', 'NotIn', ['a', 'b_']), refusal(invalidValue('app', 1, 'b_'))],
  ])
  await expectLabelsRefused(subject, [
    ...BAD_KEYS.map((key) => [key, 'web'] as const),
    ...BAD_VALUES.map((value) => ['app', value] as const),
    ['x.com/app', 'c d'],
  ])
  await expectRefused(
    subject,
    OPERATORS.flatMap((operator) => [
      ...['a b', '', 'x.com/a$', 'a"b'].map((key) => expression(key, operator, fitting(operator, 'web'))),
      ...(fitting(operator, 'a').length === 0 ? [] : BAD_VALUES).flatMap((value) => [
        expression('app', operator, [value]),
        expression('x.com/app', operator, ['a', value]),
      ]),
    ]),
  )
})

check('LB-4.4', 'says all that is wrong with one requirement', async (subject) => {
  const longBad = `${LONG}-`
  await expectOf(subject, [
    [{ matchLabels: { 'a b': 'c d' } }, refusal(`[${invalidKey('a b')}, ${invalidValue('a b', 0, 'c d')}]`)],
    [
      expressionOf('app', 'In', ['$', 'a', 'é']),
      refusal(`[${invalidValue('app', 0, '$')}, ${invalidValue('app', 2, 'é')}]`),
    ],
    [expressionOf('a b', 'In'), refusal(`[${invalidKey('a b')}, ${NO_VALUES}]`)],
    [
      expressionOf('app', 'Exists', ['a"b']),
      refusal(`[${tooMany('"a\\"b"')}, ${invalidValue('app', 0, 'a"b')}]`),
    ],
    [
      expressionOf('a b', 'Exists', ['$']),
      refusal(`[${invalidKey('a b')}, ${tooMany('"$"')}, ${invalidValue('a b', 0, '$')}]`),
    ],
    [expressionOf(longBad, 'Exists'), refusal(invalidKey(longBad))],
    [{ matchLabels: { app: longBad } }, refusal(invalidValue('app', 0, longBad))],
  ])
  const twelve = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'].map((letter) => `${letter} `)
  const lists = [undefined, ['$'], ['$', 'b c'], ['a"b', 'b', '-'], twelve]
  const requirements = ['app', 'x.com/a b', ''].flatMap((key) =>
    OPERATORS.flatMap((operator) => lists.map((values) => expression(key, operator, values))),
  )
  await expectRefused(
    subject,
    requirements.filter((one) => problemsOf(one).length > 1),
  )
  await expectLabelsRefused(subject, [
    ['', 'c d'],
    ['a"b', 'c"d'],
    ['x.com/a b', '-'],
  ])
})

check('LB-4.5', 'refuses the whole selector if one of its requirements is wrong', async (subject) => {
  await expectOf(subject, [
    [{ matchLabels: { app: 'web', tier: '-' } }, refusal(invalidValue('tier', 0, '-'))],
    [{ matchLabels: { 'a b': 'web', 'c d': 'web' } }, refusal(invalidKey('a b'), invalidKey('c d'))],
    [
      { matchLabels: { 'a b': 'web' }, matchExpressions: [expression('tier', 'Exists')] },
      refusal(invalidKey('a b')),
    ],
  ])
  const wrong: [LabelSelectorRequirement, message: string][] = [
    [expression('b', 'Has'), '"Has" is not a valid label selector operator'],
    [expression('c d', 'Exists'), invalidKey('c d')],
    [expression('b', 'In'), NO_VALUES],
    [expression('b', 'DoesNotExist', ['x']), tooMany('"x"')],
    [expression('b', 'NotIn', ['x', 'y_']), invalidValue('b', 1, 'y_')],
  ]
  const right = expression('z', 'In', ['web'])
  await expectOf(
    subject,
    wrong.flatMap(([one, message]) => [
      [{ matchLabels: { app: 'web' }, matchExpressions: [one] }, refusal(message)] as const,
      [{ matchExpressions: [right, one] }, refusal(message)] as const,
      [{ matchExpressions: [one, right] }, refusal(message)] as const,
      [{ matchExpressions: [right, right, one, right] }, refusal(message)] as const,
      [
        { matchLabels: { 'a b': 'web' }, matchExpressions: [right, one] },
        refusal(invalidKey('a b'), message),
      ] as const,
      ...wrong.map(([other, said]) => [{ matchExpressions: [one, other] }, refusal(message, said)] as const),
    ]),
  )
})

check('LB-4.6', 'names the values in order, each once, and one by its place there', async (subject) => {
  await expectOf(subject, [
    [expressionOf('tier', 'Exists', ['b', 'a', 'b']), refusal(tooMany('"a", "b"'))],
    [expressionOf('tier', 'In', ['b', '$', 'a']), refusal(invalidValue('tier', 0, '$'))],
    [expressionOf('tier', 'In', ['c d', 'b']), refusal(invalidValue('tier', 1, 'c d'))],
    [expressionOf('tier', 'In', ['c d', 'b', 'c d']), refusal(invalidValue('tier', 1, 'c d'))],
    [
      expressionOf('tier', 'DoesNotExist', ['$', '$']),
      refusal(`[${tooMany('"$"')}, ${invalidValue('tier', 0, '$')}]`),
    ],
  ])
  const lists = [
    ['c', 'b', 'd d'],
    ['b', 'b', 'c d'],
    ['c d', 'b', 'a', 'b', 'c d'],
    ['é', '', '$', 'é', ''],
    // As < compares, the second is the lesser one.
    ['\uffff', '\u{10000}'],
  ]
  await expectRefused(
    subject,
    OPERATORS.flatMap((operator) => lists.map((values) => expression('x.com/tier', operator, values))),
  )
})
