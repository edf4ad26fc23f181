// LB-3 and LB-4: selectors in objects.
import type { LabelSelector } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import { expectAll, expectAtOnce, expectOf, labelsOf } from './bench.ts'
import { invalidKey, invalidValue, NO_VALUES, refusal, tooMany } from './messages.ts'
import { exists, existsNot, expression, expressionOf, has, hasNot } from './selectors.ts'

// LB-3: selectors in objects

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

check('LB-3.6', 'reads the object anew each time', async (subject) => {
  const { call } = labelsOf(subject)
  const object = subject.hold<LabelSelector>({ matchLabels: { app: 'web' } })
  const look = { call: () => call('selectorOf', object), what: 'selectorOf() of the matchLabels' }
  await expectAll([{ ...look, what: `${look.what} { app: 'web' }`, expected: [has('app', 'web')] }])
  await subject.assign(object, ['matchLabels', 'app'], 'db')
  await expectAll([
    { ...look, what: `${look.what}, after they became { app: 'db' }`, expected: [has('app', 'db')] },
  ])
})

check('LB-3.7', 'answers with the selector itself, not with a promise', async (subject) => {
  await expectAtOnce(subject, 'selectorOf({})', (room) => room.hold('selectorOf', {}))
})

// LB-4: what is no requirement

check(
  'LB-4.1',
  'refuses an operator that is none of the four, and says nothing else then',
  async (subject) => {
    const rows = ['in', 'Equals', '=', '', 'exists', 'constructor', 'Gt', 'In ', 'NotExists', 'a "b"'].map(
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
      [expressionOf('app', 'Exists', ['a']), refusal(tooMany('"a"'))],
      [expressionOf('app', 'DoesNotExist', ['a', 'b']), refusal(tooMany('"a", "b"'))],
      [expressionOf('app', 'Exists', ['']), refusal(tooMany('""'))],
    ])
  },
)

check('LB-4.3', 'refuses a key or a value that is not well-formed, in matchLabels too', async (subject) => {
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
})

check('LB-4.5', 'refuses the whole selector if one of its requirements is wrong', async (subject) => {
  await expectOf(subject, [
    [
      { matchLabels: { app: 'web' }, matchExpressions: [expression('a', 'Exists'), expression('b', 'Has')] },
      refusal('"Has" is not a valid label selector operator'),
    ],
    [{ matchLabels: { app: 'web', tier: '-' } }, refusal(invalidValue('tier', 0, '-'))],
    [{ matchLabels: { 'a b': 'web', 'c d': 'web' } }, refusal(invalidKey('a b'), invalidKey('c d'))],
    [
      { matchLabels: { 'a b': 'web' }, matchExpressions: [expression('app', 'In')] },
      refusal(invalidKey('a b'), NO_VALUES),
    ],
  ])
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
})
