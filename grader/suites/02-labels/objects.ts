// LB-3: selectors in objects.
import type { LabelSelector, Selector } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import type { Handle } from '../../src/subject/subject.ts'
import { expectAll, expectAtOnce, expectOf } from './bench.ts'
import { type Refusal, refusal } from './messages.ts'
import { exists, existsNot, expression, has, hasNot } from './selectors.ts'

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
    expression('h', 'In', ['', 'x']),
    expression('i', 'NotIn', ['']),
    expression('j', 'NotIn', ['x', '', 'y']),
    expression('example.com/k', 'DoesNotExist'),
    expression('constructor', 'In', ['x']),
  ]
  const expected = [
    has('a', 'x', 'y'),
    hasNot('b', 'x'),
    exists('c'),
    existsNot('d'),
    exists('e'),
    existsNot('f'),
    has('g', ''),
    has('h', '', 'x'),
    hasNot('i', ''),
    hasNot('j', '', 'x', 'y'),
    existsNot('example.com/k'),
    has('constructor', 'x'),
  ]
  await expectOf(subject, [
    [{ matchExpressions }, expected],
    [{ matchLabels: {}, matchExpressions }, expected],
    ...matchExpressions.map((one, i) => [{ matchExpressions: [one] }, expected.slice(i, i + 1)] as const),
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

check('LB-3.6', 'reads the object anew each time, also one that it refused', async (subject) => {
  const expectIt = (object: Handle<LabelSelector>, when: string, expected: Selector | Refusal) => {
    const what = `selectorOf() of an object, ${when}`
    return expectAll(subject, [{ name: 'selectorOf', args: [object], what, expected }])
  }
  const one = subject.hold<LabelSelector>({
    matchExpressions: [expression('tier', 'In', ['front']), expression('zone', 'Has')],
  })
  const noOperator = refusal('"Has" is not a valid label selector operator')
  await expectIt(one, 'whose second requirement has the operator "Has"', noOperator)
  await expectIt(one, 'whose second requirement has the operator "Has", for the second time', noOperator)
  await subject.assign(one, ['matchExpressions', 1, 'operator'], 'Exists')
  await expectIt(one, 'after "Has" became "Exists"', [has('tier', 'front'), exists('zone')])
  await subject.assign(one, ['matchExpressions', 0, 'values', 0], 'back')
  await expectIt(one, 'after the value of tier became "back"', [has('tier', 'back'), exists('zone')])
  await subject.assign(one, ['matchExpressions', 2], existsNot('app'))
  const read = [existsNot('app'), has('tier', 'back'), exists('zone')]
  await expectIt(one, 'after !app was added to its matchExpressions', read)

  const other = subject.hold<LabelSelector>({ matchLabels: { app: 'web' } })
  await expectIt(other, "whose matchLabels are { app: 'web' }", [has('app', 'web')])
  await subject.assign(other, ['matchLabels', 'app'], 'db')
  await expectIt(other, "after its matchLabels became { app: 'db' }", [has('app', 'db')])
})

check('LB-3.7', 'answers with the selector itself, not with a promise', async (subject) => {
  await expectAtOnce(subject, 'selectorOf({})', (room) => room.hold('selectorOf', {}))
})
