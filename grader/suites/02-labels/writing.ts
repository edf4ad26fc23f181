// LB-11: selectors that are written.
import fc from 'fast-check'
import type { Selector } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import type { Subject } from '../../src/subject/subject.ts'
import type * as Asking from './asking.fixture.ts'
import { expectAll, expectAtOnce, forAny, labelsOf, outcomeOf } from './bench.ts'
import { byKey, exists, existsNot, has, hasNot, someKey, someValue } from './selectors.ts'
import { inWords, quoted } from './told.ts'

/** Looks at what is written of selectors. */
async function expectWritten(
  subject: Subject,
  rows: readonly (readonly [selector: Selector, expected: string])[],
): Promise<void> {
  await expectAll(
    subject,
    rows.map(([selector, expected]) => ({
      name: 'formatSelector',
      args: [selector],
      what: `formatSelector() of ${inWords(selector)}`,
      expected,
    })),
  )
}

check('LB-11.1', 'writes each kind of requirement', async (subject) => {
  await expectWritten(subject, [
    [[], ''],
    [[has('app', 'web')], 'app=web'],
    [[hasNot('app', 'web')], 'app!=web'],
    [[has('app', 'db', 'web')], 'app in (db,web)'],
    [[hasNot('app', 'db', 'web')], 'app notin (db,web)'],
    [[has('app', 'cache', 'db', 'mail', 'queue', 'web')], 'app in (cache,db,mail,queue,web)'],
    [[hasNot('app', 'cache', 'db', 'mail', 'queue', 'web')], 'app notin (cache,db,mail,queue,web)'],
    [[exists('example.com/app')], 'example.com/app'],
    [[existsNot('app')], '!app'],
    [[exists('in')], 'in'],
    [[existsNot('notin')], '!notin'],
    [[has('app', '')], 'app='],
    [[hasNot('app', '')], 'app!='],
    [[has('app', '', 'web')], 'app in (,web)'],
    [[hasNot('in', '', 'notin')], 'in notin (,notin)'],
    [
      [has('a', 'x'), existsNot('b'), hasNot('c', 'x', 'y'), exists('d'), has('e', '')],
      'a=x,!b,c notin (x,y),d,e=',
    ],
    [[hasNot('a', '2'), hasNot('a', '1')], 'a!=2,a!=1'],
    [[hasNot('a', '2'), has('a', '1'), exists('a')], 'a!=2,a=1,a'],
    [[has('a', '1'), has('a', '1'), exists('b')], 'a=1,a=1,b'],
    [[exists('10'), exists('9'), exists('B'), exists('a')], '10,9,B,a'],
  ])
  const keys = ['example.com/tier', 'in', 'notin']
  const lists = [[''], ['in'], ['', 'B', 'a'], ['10', '9']]
  await expectWritten(
    subject,
    keys.flatMap((key) => [
      [[exists(key)], key] as const,
      [[existsNot(key)], `!${key}`] as const,
      ...lists.flatMap((values) => {
        const isOne = values.length === 1
        const written = isOne ? values[0] : `(${values})`
        return [
          [[has(key, ...values)], `${key}${isOne ? '=' : ' in '}${written}`] as const,
          [[hasNot(key, ...values)], `${key}${isOne ? '!=' : ' notin '}${written}`] as const,
        ]
      }),
    ]),
  )
})

check('LB-11.2', "refuses to write 'nothing', for which there is no text", async (subject) => {
  const settlement = await labelsOf(subject).call('formatSelector', 'nothing').settled()
  expect(outcomeOf(settlement), "formatSelector('nothing')").toSatisfy(
    'a SelectorError with a message',
    () => {
      const error = settlement.status === 'rejected' ? settlement.error : undefined
      return error?.thrown === 'SelectorError' && error.message !== ''
    },
  )
  const end = await subject.room<typeof Asking>('fixture/asking').call('endOf', 'formatSelector', ['nothing'])
  expect(end, "what formatSelector('nothing') does").toEqual('it throws')
})

check('LB-11.3', 'writes what can be read again, whatever the selector', async (subject) => {
  const { call } = labelsOf(subject)
  const selectors = fc.array(someSelector, { minLength: 1, maxLength: 10, size: 'max' })
  await forAny(
    subject,
    selectors,
    async (examples) => {
      const written = await Promise.all(
        examples.map((selector) => call('formatSelector', selector).settled()),
      )
      const texts = written.map((settlement, i) => {
        if (settlement.status === 'rejected' && settlement.error.thrown !== 'SelectorError')
          throw settlement.error
        const text = outcomeOf(settlement)
        const what = `formatSelector() of ${inWords(examples[i] ?? [])}`
        expect(text, what).toSatisfy('a text', (seen) => typeof seen === 'string')
        return String(text)
      })
      await expectAll(
        subject,
        texts.map((text, i) => ({
          name: 'parseSelector',
          args: [text],
          what: `parseSelector(${quoted(text)}), the text that formatSelector() wrote of ${inWords(examples[i] ?? [])}`,
          expected: examples[i],
        })),
      )
    },
    3,
  )
})

check('LB-11.4', 'answers with the text itself, not with a promise', async (subject) => {
  await expectAtOnce(subject, 'formatSelector([])', (room) => room.hold('formatSelector', []))
})

check('LB-11.5', 'writes the selector as it is now', async (subject) => {
  const expectIt = (selector: unknown, when: string, expected: string) =>
    expectAll(subject, [
      { name: 'formatSelector', args: [selector], what: `formatSelector() ${when}`, expected },
    ])
  const selector = subject.hold<Selector>([has('app', 'web')])
  await expectIt(selector, 'of app=web', 'app=web')
  await subject.assign(selector, [0], has('tier', 'web'))
  await expectIt(selector, 'after the same selector became tier=web', 'tier=web')
  // The same requirement, each time in another selector.
  const requirement = subject.hold(has('app', 'web'))
  await expectIt([requirement], 'of app=web', 'app=web')
  await subject.assign(requirement, ['values', 0], 'db')
  await expectIt([requirement], 'after the value of the same requirement became db', 'app=db')
  await subject.assign(requirement, ['values'], ['mail'])
  await expectIt([requirement], 'after the same requirement got other values', 'app=mail')
})

/** A selector as it comes out of a reader; no key twice. */
const someSelector = fc
  .uniqueArray(
    fc.record({
      key: someKey,
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: fc.uniqueArray(fc.oneof(someValue, fc.constant('')), { minLength: 1, maxLength: 3 }),
    }),
    { selector: ({ key }) => key, maxLength: 4 },
  )
  .map((requirements) =>
    byKey(
      requirements.map(({ key, operator, values }) => ({
        key,
        operator,
        values: operator === 'In' || operator === 'NotIn' ? values.sort() : [],
      })),
    ),
  )
