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
  await expectLeft(subject, expressionOf('a', 'Exists', ['y', 'x']))
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
  const object = subject.hold(expressionOf('tier', 'In', ['front']))
  const selector = labelsOf(subject).hold('selectorOf', object)
  const read = await subject.read(selector)
  // Which is refused if the object was frozen.
  await subject.assign(object, ['matchExpressions', 0, 'values', 0], 'back').settled()
  await subject.assign(object, ['matchLabels'], { app: 'web' }).settled()
  const changed = { ...expressionOf('tier', 'In', ['back']), matchLabels: { app: 'web' } }
  const what = 'after selectorOf() had read it and its owner changed it'
  expect(await subject.read(object), `the object, ${what}`).toEqual(changed)
  expect(await subject.read(selector), `the selector of an object, ${what}`).toEqual(read)
})
