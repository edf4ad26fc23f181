// LB-8: the order of what is read.
import type { LabelSelectorRequirement, Requirement } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import { expectOf, expectRead } from './bench.ts'
import { exists, existsNot, expression, expressionOf, has, hasNot, listsOf } from './selectors.ts'

const ordered = { ordered: true }

check('LB-8.1', 'puts the requirements in ascending order of their keys, as < compares', async (subject) => {
  const ascending = ['10', '9', 'B', 'a-b', 'a/b', 'a10', 'a9', 'b']
  const expected = ascending.map((key) => has(key, '1'))
  const unordered = ['b', 'B', '9', 'a10', 'a9', '10', 'a/b', 'a-b']
  await expectRead(
    subject,
    [
      ['z=3,a=1,m=2', [has('a', '1'), has('m', '2'), has('z', '3')]],
      ['9,10,!1', [existsNot('1'), exists('10'), exists('9')]],
      ['9=a,10=b', [has('10', 'b'), has('9', 'a')]],
      [unordered.map((key) => `${key}=1`).join(','), expected],
    ],
    ordered,
  )
  await expectOf(
    subject,
    [
      [
        { matchLabels: { z: '1', b: '2', B: '3' }, matchExpressions: [] },
        [has('B', '3'), has('b', '2'), has('z', '1')],
      ],
      [{ matchLabels: { 9: 'a', 10: 'b' } }, [has('10', 'b'), has('9', 'a')]],
      [{ matchLabels: Object.fromEntries(unordered.map((key) => [key, '1'])) }, expected],
      [{ matchLabels: {}, matchExpressions: unordered.map((key) => expression(key, 'In', ['1'])) }, expected],
    ],
    ordered,
  )
})

check(
  'LB-8.2',
  'keeps all requirements with the same key, in the order in which they were',
  async (subject) => {
    // Each as a text, as one of the matchExpressions, and as it is read.
    const kinds: [text: string, LabelSelectorRequirement, Requirement][] = [
      ['a', expression('a', 'Exists'), exists('a')],
      ['!a', expression('a', 'DoesNotExist'), existsNot('a')],
      ['a=x', expression('a', 'In', ['x']), has('a', 'x')],
      ['a!=x', expression('a', 'NotIn', ['x']), hasNot('a', 'x')],
      ['a in (x,y)', expression('a', 'In', ['x', 'y']), has('a', 'x', 'y')],
      ['a notin (x,y)', expression('a', 'NotIn', ['x', 'y']), hasNot('a', 'x', 'y')],
    ]
    const pairs = kinds.flatMap((one) => kinds.map((other) => [one, other]))
    const many = ['l', 'k', 'j', 'i', 'h', 'g', 'f', 'e', 'd', 'c', 'b', 'a']
    await expectRead(
      subject,
      [
        ['b=1,a=2,a=1,a', [has('a', '2'), has('a', '1'), exists('a'), has('b', '1')]],
        ...pairs.map(
          (pair) => [pair.map(([text]) => text).join(','), pair.map(([, , read]) => read)] as const,
        ),
        [many.map((value) => `a!=${value}`).join(','), many.map((value) => hasNot('a', value))],
      ],
      ordered,
    )
    await expectOf(
      subject,
      [
        [
          {
            matchExpressions: [
              expression('a', 'NotIn', ['x']),
              expression('a', 'In', ['2']),
              expression('A', 'In', ['x']),
            ],
            matchLabels: { a: '1' },
          },
          [has('A', 'x'), has('a', '1'), hasNot('a', 'x'), has('a', '2')],
        ],
        ...pairs.map(
          (pair) =>
            [
              { matchLabels: { a: 'x' }, matchExpressions: pair.map(([, part]) => part) },
              [has('a', 'x'), ...pair.map(([, , read]) => read)],
            ] as const,
        ),
        [
          { matchExpressions: many.map((value) => expression('a', 'NotIn', [value])) },
          many.map((value) => hasNot('a', value)),
        ],
      ],
      ordered,
    )
  },
)

check('LB-8.3', 'puts the values in ascending order, as < compares, each once', async (subject) => {
  const lists = [
    ...listsOf(['c', 'b', ''], 2),
    ['', 'b', ''],
    ['c', 'b', 'c'],
    ['c', '9', 'a', '10', 'B', 'a'],
  ]
  const readIn = (list: readonly string[]) => [...new Set(list)].sort()
  await expectRead(
    subject,
    [
      ['a in (c,B,b,10,9)', [has('a', '10', '9', 'B', 'b', 'c')]],
      ['a notin (b,a,b,a)', [hasNot('a', 'a', 'b')]],
      ['a in (b,b)', [has('a', 'b')]],
    ],
    ordered,
  )
  await expectRead(
    subject,
    [
      ...lists.map((list) => [`a in (${list.join(',')})`, [has('a', ...readIn(list))]] as const),
      ...lists.map((list) => [`a notin (${list.join(',')})`, [hasNot('a', ...readIn(list))]] as const),
    ],
    { ordered: 'where right' },
  )
  await expectOf(
    subject,
    [
      ...lists.map((list) => [expressionOf('a', 'In', list), [has('a', ...readIn(list))]] as const),
      ...lists.map((list) => [expressionOf('a', 'NotIn', list), [hasNot('a', ...readIn(list))]] as const),
    ],
    ordered,
  )
})
