// LB-8: the order of what is read.
import { check } from '../../src/runner/check.ts'
import { expectOf, expectRead } from './bench.ts'
import { exists, expression, expressionOf, has, hasNot } from './selectors.ts'

const ordered = { ordered: true }

check('LB-8.1', 'puts the requirements in ascending order of their keys, as < compares', async (subject) => {
  const ascending = ['B', 'a-b', 'a/b', 'a10', 'a9', 'b']
  const expected = ascending.map((key) => has(key, '1'))
  const unordered = ['b', 'B', 'a10', 'a9', 'a/b', 'a-b']
  await expectRead(
    subject,
    [
      ['z=3,a=1,m=2', [has('a', '1'), has('m', '2'), has('z', '3')]],
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
      [{ matchLabels: {}, matchExpressions: unordered.map((key) => expression(key, 'In', ['1'])) }, expected],
    ],
    ordered,
  )
})

check(
  'LB-8.2',
  'keeps all requirements with the same key, in the order in which they were',
  async (subject) => {
    await expectRead(
      subject,
      [
        ['a=1,a=1', [has('a', '1'), has('a', '1')]],
        ['b=1,a=2,a=1,a', [has('a', '2'), has('a', '1'), exists('a'), has('b', '1')]],
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
        [
          {
            matchLabels: { a: '1' },
            matchExpressions: [
              expression('a', 'In', ['1']),
              expression('b', 'NotIn', ['x']),
              expression('b', 'NotIn', ['x']),
            ],
          },
          [has('a', '1'), has('a', '1'), hasNot('b', 'x'), hasNot('b', 'x')],
        ],
      ],
      ordered,
    )
  },
)

check('LB-8.3', 'puts the values in ascending order, as < compares, each once', async (subject) => {
  await expectRead(
    subject,
    [
      ['a in (c,B,b,10,9)', [has('a', '10', '9', 'B', 'b', 'c')]],
      ['a notin (b,a,b,a)', [hasNot('a', 'a', 'b')]],
      ['a in (b,b)', [has('a', 'b')]],
    ],
    ordered,
  )
  await expectOf(
    subject,
    [
      [expressionOf('a', 'In', ['c', 'a', 'B', 'a']), [has('a', 'B', 'a', 'c')]],
      [expressionOf('a', 'NotIn', ['b', 'b']), [hasNot('a', 'b')]],
    ],
    ordered,
  )
})
