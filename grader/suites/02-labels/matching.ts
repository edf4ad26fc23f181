// LB-1 and LB-2: what a selector selects.
import fc from 'fast-check'
import type { Labels, Requirement, Selector } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import { expectAll, expectAtOnce, expectMatches, forAny } from './bench.ts'
import { exists, existsNot, has, hasNot } from './selectors.ts'

// LB-1: one requirement

check('LB-1.1', 'holds In where the label has one of the values', async (subject) => {
  const oneOf = [has('tier', 'back', 'front')]
  await expectMatches(subject, [
    [oneOf, { tier: 'back' }, true],
    [oneOf, { app: 'web', tier: 'front' }, true],
    [oneOf, { tier: 'middle' }, false],
    [oneOf, { tier: 'fron' }, false],
    [oneOf, { tier: 'back,front' }, false],
    [oneOf, { tier: '' }, false],
    [oneOf, { app: 'front' }, false],
    [oneOf, {}, false],
    [[has('Tier', 'front')], { tier: 'front' }, false],
    [[has('tier', 'Front')], { tier: 'front' }, false],
    [[has('version', '1.2', '1.3')], { version: '1-2' }, false],
    [[has('version', '1')], { version: '1.0' }, false],
    [[has('tier', 'front')], { 'tier-2': 'front' }, false],
    [[has('tier', 'front')], { 'example.com/tier': 'front' }, false],
    [[has('example.com/tier', 'front')], { 'example.com/tier': 'front' }, true],
    [[has('example.com/tier', 'front')], { tier: 'front' }, false],
    [[has('tier', 'front')], { Tier: 'front' }, false],
    [[has('release', 'v2')], { release: '2' }, false],
  ])
})

check('LB-1.2', 'holds NotIn where In does not, also where the label is missing', async (subject) => {
  const noneOf = [hasNot('tier', 'back', 'front')]
  await expectMatches(subject, [
    [noneOf, { tier: 'back' }, false],
    [noneOf, { tier: 'front', app: 'web' }, false],
    [noneOf, { tier: 'middle' }, true],
    [noneOf, {}, true],
    [noneOf, { app: 'front' }, true],
    [noneOf, { tier: '' }, true],
    [[hasNot('tier', 'Front')], { tier: 'front' }, true],
    [[hasNot('version', '1.2', '1.3')], { version: '1-2' }, true],
    [[hasNot('version', '1')], { version: '01' }, true],
    [[hasNot('tier', 'front')], { 'tier-2': 'front' }, true],
    [[hasNot('tier', 'front')], { 'example.com/tier': 'front' }, true],
    [[hasNot('tier', 'front')], { Tier: 'front' }, true],
  ])
})

check('LB-1.3', 'holds Exists and DoesNotExist by whether there is such a label', async (subject) => {
  await expectMatches(subject, [
    [[exists('canary')], { canary: 'yes' }, true],
    [[exists('canary')], { app: 'web' }, false],
    [[existsNot('canary')], { canary: 'yes' }, false],
    [[existsNot('canary')], { app: 'web' }, true],
    [[existsNot('canary')], {}, true],
    [[exists('canary')], { 'canary-2': 'yes' }, false],
    [[existsNot('canary')], { 'example.com/canary': 'yes' }, true],
    [[exists('canary')], { Canary: 'yes' }, false],
    ...['false', '0', 'undefined', 'null'].flatMap((canary): [Selector, Labels, boolean][] => [
      [[exists('canary')], { canary }, true],
      [[existsNot('canary')], { canary }, false],
    ]),
  ])
})

check('LB-1.4', 'takes the empty value for a value like others', async (subject) => {
  await expectMatches(subject, [
    [[exists('canary')], { canary: '' }, true],
    [[existsNot('canary')], { canary: '' }, false],
    [[has('canary', '')], { canary: '' }, true],
    [[has('canary', '', 'yes')], { canary: 'yes' }, true],
    [[has('canary', '')], { app: 'web' }, false],
    [[has('canary', '')], { canary: 'yes' }, false],
    [[hasNot('canary', '')], { canary: '' }, false],
    [[hasNot('canary', '')], { app: 'web' }, true],
    [[hasNot('canary', 'undefined')], {}, true],
    [[has('canary', 'undefined')], {}, false],
  ])
})

check('LB-1.5', 'finds the labels that stand in the object, none that it inherits', async (subject) => {
  const inherited = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf']
  const rows = inherited.flatMap((key): [Selector, Labels, boolean][] => [
    [[exists(key)], { app: 'web' }, false],
    [[existsNot(key)], { app: 'web' }, true],
    [[has(key, '')], { app: 'web' }, false],
    [[hasNot(key, 'web')], { app: 'web' }, true],
    [[hasNot(key, '')], { app: 'web' }, true],
    [[has(key, 'web')], { [key]: 'web' }, true],
    [[hasNot(key, 'web')], { [key]: 'web' }, false],
    [[exists(key)], { [key]: '' }, true],
    [[existsNot(key)], { [key]: '' }, false],
  ])
  await expectMatches(subject, rows)
})

check('LB-1.6', 'holds or not by the one label under its key, whatever the labels', async (subject) => {
  const requirement = fc
    .record({
      key: fc.constantFrom('app', 'tier', 'canary'),
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: fc.subarray(['', 'a', 'b'], { minLength: 1 }),
    })
    .map(({ key, operator, values }): Requirement => {
      return { key, operator, values: operator === 'In' || operator === 'NotIn' ? values : [] }
    })
  const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'canary'), fc.constantFrom('', 'a', 'b', 'c'), {
    minKeys: 1,
    maxKeys: 3,
    noNullPrototype: true,
  })
  const cases = fc.array(fc.tuple(requirement, labels), { minLength: 1, maxLength: 25, size: 'max' })
  const answered = ([one, of]: [Requirement, Labels]): [Selector, Labels, boolean] => [
    [one],
    of,
    modelHolds(one, of),
  ]
  await forAny(subject, cases, (example) => expectMatches(subject, example.map(answered)), 5)
})

/** LB-1 in the plainest terms: asks all labels. */
function modelHolds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const found = Object.entries(labels).filter(([name]) => name === key)
  const fitting = found.filter(([, value]) => new Set(values).has(value))
  const counted = { In: fitting, NotIn: fitting, Exists: found, DoesNotExist: found }[operator]
  return counted.length > 0 === (operator === 'In' || operator === 'Exists')
}

// LB-2: all requirements

check('LB-2.1', 'selects where all requirements hold', async (subject) => {
  const selector = [has('app', 'web'), existsNot('canary'), hasNot('tier', 'back')]
  await expectMatches(subject, [
    [selector, { app: 'web', tier: 'front' }, true],
    [selector, { app: 'web' }, true],
    [selector, { app: 'db', tier: 'front' }, false],
    [selector, { app: 'web', canary: 'yes' }, false],
    [selector, { app: 'web', tier: 'back' }, false],
    [[has('app', 'web'), has('app', 'db')], { app: 'web' }, false],
    [[has('app', 'db'), has('app', 'web')], { app: 'web' }, false],
    [
      [exists('app'), exists('team'), exists('tier'), existsNot('zone')],
      { app: 'web', team: 'blue', tier: 'front', zone: 'a' },
      false,
    ],
    [[has('app', 'web'), hasNot('app', 'web')], { app: 'web' }, false],
    [[hasNot('app', 'web'), hasNot('app', 'db')], { app: 'mail' }, true],
  ])
})

check('LB-2.2', "selects every object by [], and none by 'nothing'", async (subject) => {
  await expectMatches(subject, [
    [[], { app: 'web' }, true],
    [[], {}, true],
    [[], undefined, true],
    ['nothing', { app: 'web' }, false],
    ['nothing', {}, false],
    ['nothing', undefined, false],
  ])
})

check('LB-2.3', 'takes an object whose labels are undefined for one without labels', async (subject) => {
  await expectMatches(subject, [
    [[has('app', 'web')], undefined, false],
    [[hasNot('app', 'web')], undefined, true],
    [[exists('app')], undefined, false],
    [[existsNot('app')], undefined, true],
  ])
})

check(
  'LB-2.4',
  'asks anew each time, of the labels and the selector that are there then',
  async (subject) => {
    const selector = subject.hold<Selector>([has('app', 'web')])
    const labels = subject.hold<Labels>({ app: 'web' })
    const expectAnswer = (what: string, expected: boolean) =>
      expectAll(subject, [
        { name: 'matches', args: [selector, labels], what: `matches() of ${what}`, expected },
      ])
    await expectAnswer("app=web and { app: 'web' }", true)
    await subject.assign(labels, ['app'], 'db')
    await expectAnswer("app=web, after the same labels became { app: 'db' }", false)
    await subject.assign(selector, [0, 'values', 0], 'db')
    await expectAnswer("{ app: 'db' } and the same selector, after its value became db", true)
    await subject.assign(selector, [0], hasNot('app', 'db'))
    await expectAnswer("{ app: 'db' } and the same selector, which became app!=db", false)
  },
)

check('LB-2.5', 'answers with true or false itself, not with a promise', async (subject) => {
  await expectAtOnce(subject, 'matches([], {})', (room) => room.hold('matches', [], {}))
})

check('LB-2.6', 'asks each of several requirements for one key', async (subject) => {
  const requirements = [
    has('tier', 'front'),
    has('tier', 'back', 'front'),
    hasNot('tier', 'front'),
    hasNot('tier', 'back'),
    exists('tier'),
    existsNot('tier'),
  ]
  const objects: Labels[] = [{}, { tier: 'front' }, { tier: 'back' }, { tier: 'middle' }]
  const pairs = requirements.flatMap((one) => requirements.map((other) => [one, other]))
  await expectMatches(
    subject,
    pairs.flatMap((selector) =>
      objects.map((labels) => [selector, labels, selector.every((one) => modelHolds(one, labels))] as const),
    ),
  )
})
