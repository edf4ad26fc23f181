// LB-12: what is passed in.
import type { LabelSelector, Labels, Selector } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Subject } from '../../src/subject/subject.ts'
import { expectOf, labelsOf } from './bench.ts'
import { exists, existsNot, expression, expressionOf, has, hasNot } from './selectors.ts'

/** Looks at what is left of an object that was read, whatever came of that. */
async function expectLeft(subject: Subject, object: LabelSelector): Promise<void> {
  const held = subject.hold(object)
  await labelsOf(subject).call('selectorOf', held).settled()
  expect(await subject.read(held), `the object, after selectorOf(${JSON.stringify(object)})`).toEqual(object)
}

check('LB-12.1', 'leaves the object that it reads as it is', async (subject) => {
  const labels = { matchLabels: { z: '1', a: '2' } }
  const expressions = {
    matchExpressions: [
      expression('m', 'In', ['c', 'a', 'b', 'a']),
      expression('b', 'Exists', []),
      expression('a', 'NotIn', ['y', 'x']),
    ],
  }
  await expectLeft(subject, labels)
  await expectLeft(subject, expressions)
  await expectOf(subject, [
    [labels, [has('a', '2'), has('z', '1')]],
    [expressions, [hasNot('a', 'x', 'y'), exists('b'), has('m', 'a', 'b', 'c')]],
  ])
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

check('LB-12.3', 'leaves an object with both parts as it is, and one that it refuses', async (subject) => {
  // What it answers is looked at elsewhere.
  await expectLeft(subject, {
    matchLabels: { b: '1' },
    matchExpressions: [expression('z', 'Exists'), expression('c', 'DoesNotExist')],
  })
  await expectLeft(subject, expressionOf('a', 'Exists', ['y', 'x']))
})
