// LB-8: the order of what is read.
import { check } from '../../src/runner/check.ts'
import { expectOf, expectRead } from './bench.ts'
import { invalidValue, refusal, tooMany } from './messages.ts'
import { exists, existsNot, expression, expressionOf, has, hasNot } from './selectors.ts'

check('LB-8.1', 'puts the requirements in ascending order of their keys, as < compares', async (subject) => {
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

check(
  'LB-8.2',
  'keeps all requirements with the same key, in the order in which they were',
  async (subject) => {
    await expectRead(subject, [
      ['!a,a', [existsNot('a'), exists('a')]],
      ['a=1,a=1', [has('a', '1'), has('a', '1')]],
      ['b=1,a!=2,a!=1,a', [hasNot('a', '2'), hasNot('a', '1'), exists('a'), has('b', '1')]],
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
      [
        {
          matchLabels: { a: '1' },
          matchExpressions: [
            expression('a', 'In', ['1']),
            expression('b', 'Exists'),
            expression('b', 'Exists'),
          ],
        },
        [has('a', '1'), has('a', '1'), exists('b'), exists('b')],
      ],
    ])
  },
)

check('LB-8.3', 'puts the values in ascending order, as < compares, each once', async (subject) => {
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
