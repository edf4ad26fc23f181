// LB-12: what is passed in.
import type { LabelSelector, Labels, Selector } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import { expectAll, type Look, labelsOf } from './bench.ts'
import { exists, existsNot, has, hasNot } from './selectors.ts'

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
      { call: () => call('selectorOf', held), what, expected: selectors[i] },
      { call: () => subject.read(held), what: `the object, after ${what}`, expected: object },
    ]
  })
  await expectAll(looks)
})

check('LB-12.2', 'leaves selectors and labels as they are', async (subject) => {
  const selector = [has('app', 'db', 'web'), existsNot('canary'), hasNot('tier', 'back', 'middle')]
  const labels = { app: 'web', tier: 'front' }
  const { call } = labelsOf(subject)
  const heldSelector = subject.hold<Selector>(selector)
  const heldLabels = subject.hold<Labels>(labels)
  // What they answer is looked at elsewhere.
  await call('matches', heldSelector, heldLabels).settled()
  await expectAll([
    {
      call: () => subject.read(heldLabels),
      what: 'the labels, after matches()',
      expected: labels,
    },
    {
      call: () => subject.read(heldSelector),
      what: 'the selector, after matches()',
      expected: selector,
    },
  ])
  await call('formatSelector', heldSelector).settled()
  await expectAll([
    {
      call: () => subject.read(heldSelector),
      what: 'the selector, after formatSelector()',
      expected: selector,
    },
  ])
})
