// LB-5 and LB-6: selectors in texts.
import type { Requirement } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import { expectAll, expectAtOnce, expectRead, labelsOf } from './bench.ts'
import { exists, existsNot, has, hasNot, someLists } from './selectors.ts'

// LB-5: one value, any, none

check('LB-5.1', 'reads =, == and != with one value', async (subject) => {
  await expectRead(subject, [
    ['app=web', [has('app', 'web')]],
    ['app==web', [has('app', 'web')]],
    ['app!=web', [hasNot('app', 'web')]],
    ['example.com/tier=front.1_A-b', [has('example.com/tier', 'front.1_A-b')]],
  ])
})

check('LB-5.2', 'reads a key alone and a key behind !', async (subject) => {
  await expectRead(subject, [
    ['app', [exists('app')]],
    ['!app', [existsNot('app')]],
    ['!example.com/tier', [existsNot('example.com/tier')]],
    ['constructor', [exists('constructor')]],
    ['App', [exists('App')]],
  ])
})

check('LB-5.3', 'takes the empty value where none stands', async (subject) => {
  await expectRead(subject, [
    ['app=', [has('app', '')]],
    ['app==', [has('app', '')]],
    ['app!=', [hasNot('app', '')]],
    ['a=,b!=,c', [has('a', ''), hasNot('b', ''), exists('c')]],
  ])
})

check(
  'LB-5.4',
  'reads requirements with commas between them, and none from an empty text',
  async (subject) => {
    // Keys and values may not be longer than these.
    const longest = ['a', 'b', 'c', 'd'].map(
      (x) => [`${x.repeat(253)}/${x.repeat(63)}`, x.repeat(63)] as const,
    )
    await expectRead(subject, [
      ['', []],
      ['a=x,b!=y,c,!d', [has('a', 'x'), hasNot('b', 'y'), exists('c'), existsNot('d')]],
      ['!a,b,c==x', [existsNot('a'), exists('b'), has('c', 'x')]],
      [
        longest.map(([key, value]) => `${key}=${value}`).join(','),
        longest.map(([key, value]) => has(key, value)),
      ],
    ])
  },
)

check('LB-5.5', 'answers with the selector itself, not with a promise', async (subject) => {
  await expectAtOnce(subject, "parseSelector('app')", (room) => room.hold('parseSelector', 'app'))
})

check('LB-5.6', 'reads a text anew each time, whatever became of an earlier answer', async (subject) => {
  const answer = labelsOf(subject).hold('parseSelector', 'app=web')
  // Which is refused if the room freezes what it answers.
  await subject.assign(answer, [0, 'key'], 'tier').settled()
  await expectAll(subject, [
    {
      name: 'parseSelector',
      args: ['app=web'],
      what: 'parseSelector("app=web"), after somebody changed the key in what it answered before',
      expected: [has('app', 'web')],
    },
  ])
})

check(
  'LB-5.7',
  'reads each kind of requirement behind each other kind, and many of a kind',
  async (subject) => {
    const kinds: ((key: string) => [text: string, requirement: Requirement])[] = [
      (key) => [key, exists(key)],
      (key) => [`!${key}`, existsNot(key)],
      (key) => [`${key}=x`, has(key, 'x')],
      (key) => [`${key}!=x`, hasNot(key, 'x')],
      (key) => [`${key}=`, has(key, '')],
      (key) => [`${key} in (x,y)`, has(key, 'x', 'y')],
      (key) => [`${key} notin (x,y)`, hasNot(key, 'x', 'y')],
    ]
    const pairs = kinds.flatMap((one) => kinds.map((other) => [one('a'), other('b')]))
    const many = kinds.map((kind) => ['a', 'b', 'c', 'd', 'e', 'f'].map(kind))
    await expectRead(
      subject,
      [...pairs, ...many].map((read) => [
        read.map(([text]) => text).join(','),
        read.map(([, requirement]) => requirement),
      ]),
    )
  },
)

// LB-6: sets of values

check('LB-6.1', 'reads in and notin with their values', async (subject) => {
  await expectRead(subject, [
    ['tier in (back,front)', [has('tier', 'back', 'front')]],
    ['tier notin (back,front)', [hasNot('tier', 'back', 'front')]],
    ['tier in (back)', [has('tier', 'back')]],
    ['tier in (Back,cache,front,middle,queue)', [has('tier', 'Back', 'cache', 'front', 'middle', 'queue')]],
    ['a in (x,y),b notin (z),c=x', [has('a', 'x', 'y'), hasNot('b', 'z'), has('c', 'x')]],
    ['a=x,b in (x,y)', [has('a', 'x'), has('b', 'x', 'y')]],
  ])
})

check('LB-6.2', 'takes the empty value where nothing stands beside a comma', async (subject) => {
  await expectRead(subject, [
    ['a in ()', [has('a', '')]],
    ['a notin ()', [hasNot('a', '')]],
    ['a in (,)', [has('a', '')]],
    ['a in (b,)', [has('a', '', 'b')]],
    ['a in (,b)', [has('a', '', 'b')]],
    ['a notin (b,,c)', [hasNot('a', '', 'b', 'c')]],
    ['a in (,b,c),d=x', [has('a', '', 'b', 'c'), has('d', 'x')]],
    ['a in (b, ,c)', [has('a', '', 'b', 'c')]],
    ['a in ( , b ), c notin ( )', [has('a', '', 'b'), hasNot('c', '')]],
  ])
  const lists = someLists.map((list) => [`(${list.join(',')})`, list] as const)
  await expectRead(subject, [
    ...lists.map(([text, list]) => [`a in ${text}`, [has('a', ...list)]] as const),
    ...lists.map(([text, list]) => [`a notin ${text},d`, [hasNot('a', ...list), exists('d')]] as const),
  ])
})
