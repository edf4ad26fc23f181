// LB-12: what is passed in.
import type { LabelSelector, Labels, Selector } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Subject } from '../../src/subject/subject.ts'
import { labelsOf } from './bench.ts'
import { existsNot, expression, expressionOf, has, hasNot } from './selectors.ts'

/** Looks at what is left of an object that was read. What came of that is looked at elsewhere. */
async function expectLeft(subject: Subject, object: LabelSelector): Promise<void> {
  const held = subject.hold(object)
  await labelsOf(subject).call('selectorOf', held).settled()
  expect(await subject.read(held), `the object, after selectorOf(${JSON.stringify(object)})`).toEqual(object)
}

check('LB-12.1', 'leaves the object that it reads as it is, and one that it refuses', async (subject) => {
  await expectLeft(subject, { matchLabels: { z: '1', a: '2' } })
  await expectLeft(subject, {
    matchExpressions: [
      expression('m', 'In', ['c', 'a', 'b', 'a']),
      expression('b', 'Exists', []),
      expression('a', 'NotIn', ['y', 'x']),
    ],
  })
  await expectLeft(subject, {
    matchLabels: { b: '1' },
    matchExpressions: [expression('z', 'Exists'), expression('c', 'DoesNotExist')],
  })
  // These it refuses.
  for (const operator of ['In', 'NotIn', 'Exists', 'DoesNotExist', ' Exists ', 'in']) {
    await expectLeft(subject, expressionOf('a', operator, ['z', 'c d', 'z', 'b']))
  }
  await expectLeft(subject, {
    matchLabels: { z: '1', 'a b': '2' },
    matchExpressions: [expression('m', 'In', ['c', 'a']), expression('b', 'NotIn')],
  })
})

check('LB-12.2', 'leaves selectors and labels as they are', async (subject) => {
  const selector = [
    has('app', 'db', 'web'),
    existsNot('canary'),
    has('release', 'v2'),
    hasNot('team', 'blue'),
    hasNot('tier', 'back', 'middle'),
  ]
  const labels = { app: 'web', release: 'v2', tier: 'front' }
  const { call } = labelsOf(subject)
  const heldSelector = subject.hold<Selector>(selector)
  const heldLabels = subject.hold<Labels>(labels)
  // What they answer is looked at elsewhere.
  await call('matches', heldSelector, heldLabels).settled()
  expect(await subject.read(heldLabels), 'the labels, after matches()').toEqual(labels)
  expect(await subject.read(heldSelector), 'the selector, after matches()').toEqual(selector)
  await call('formatSelector', heldSelector).settled()
  expect(await subject.read(heldSelector), 'the selector, after formatSelector()').toEqual(selector)
})

check('LB-12.3', 'shares no list with the object, which may change afterwards', async (subject) => {
  const lists = [['b'], ['b', 'c'], ['b', 'c', 'd'], ['d', 'c', 'b']]
  const parts = [
    ...lists.flatMap((list, i) => [
      expression(`in-${i}`, 'In', list),
      expression(`notin-${i}`, 'NotIn', list),
    ]),
    expression('some', 'Exists', []),
    expression('none', 'DoesNotExist', []),
  ]
  const object = subject.hold<LabelSelector>({ matchLabels: { app: 'web' }, matchExpressions: parts })
  const selector = labelsOf(subject).hold('selectorOf', object)
  const read = await subject.read(selector)
  expect(read, 'the selector of that object').toSatisfy(
    'a list of requirements',
    (seen) => Array.isArray(seen) && seen.length > 0,
  )
  // The first of the values becomes another one, and one more comes.
  for (const [i, { values = [] }] of parts.entries()) {
    subject.assign(object, ['matchExpressions', i, 'values', 0], 'x')
    subject.assign(object, ['matchExpressions', i, 'values', values.length || 1], 'x')
  }
  subject.assign(object, ['matchLabels', 'app'], 'db')
  subject.assign(object, ['matchLabels'], { app: 'mail' })
  const changed = {
    matchLabels: { app: 'mail' },
    matchExpressions: parts.map(({ key, operator, values = [] }) =>
      expression(key, operator, ['x', ...values.slice(1), 'x']),
    ),
  }
  const frozen =
    'the object that selectorOf() had read, after its owner changed it: what is frozen stays as it is'
  expect(await subject.read(object), frozen).toEqual(changed)
  const what =
    'the selector of an object, after selectorOf() had read it and its owner changed all its values'
  expect(await subject.read(selector), what).toEqual(read)
})
