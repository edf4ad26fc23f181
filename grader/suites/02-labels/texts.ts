// LB-5, LB-6 and LB-7: selectors in texts.
import { check } from '../../src/runner/check.ts'
import { expectAll, expectAtOnce, expectRead, type Look, labelsOf } from './bench.ts'
import { Refusal } from './messages.ts'
import { exists, existsNot, has, hasNot } from './selectors.ts'
import { quoted } from './told.ts'

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
    await expectRead(subject, [
      ['', []],
      ['a=x,b!=y,c,!d', [has('a', 'x'), hasNot('b', 'y'), exists('c'), existsNot('d')]],
      ['!a,b,c==x', [existsNot('a'), exists('b'), has('c', 'x')]],
    ])
  },
)

check('LB-5.5', 'answers with the selector itself, not with a promise', async (subject) => {
  await expectAtOnce(subject, "parseSelector('app')", (room) => room.hold('parseSelector', 'app'))
})

// LB-6: sets of values

check('LB-6.1', 'reads in and notin with their values', async (subject) => {
  await expectRead(subject, [
    ['tier in (back,front)', [has('tier', 'back', 'front')]],
    ['tier notin (back,front)', [hasNot('tier', 'back', 'front')]],
    ['tier in (back)', [has('tier', 'back')]],
    ['a in (x,y),b notin (z),c', [has('a', 'x', 'y'), hasNot('b', 'z'), exists('c')]],
    ['a,b in (x,y)', [exists('a'), has('b', 'x', 'y')]],
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
    ['a in (,b,c),d', [has('a', '', 'b', 'c'), exists('d')]],
    ['a in ( , b ), c notin ( )', [has('a', '', 'b'), hasNot('c', '')]],
  ])
})

// LB-7: white space, symbols, words

check('LB-7.1', 'passes over white space between tokens', async (subject) => {
  await expectRead(subject, [
    ['  app  =  web  ', [has('app', 'web')]],
    ['\tapp\n!=\r\nweb\t', [hasNot('app', 'web')]],
    [' ! app , tier ', [existsNot('app'), exists('tier')]],
    ['tier in(back,front)', [has('tier', 'back', 'front')]],
    ['tier\tnotin\n( back , front )\r,\nz', [hasNot('tier', 'back', 'front'), exists('z')]],
    ['a = , b != ', [has('a', ''), hasNot('b', '')]],
    [' \t\r\n', []],
  ])
})

check('LB-7.2', 'takes nothing for white space but space, tab and line ends', async (subject) => {
  const { call } = labelsOf(subject)
  const spaces = [
    ['\u00a0', 'a no-break space'],
    ['\ufeff', 'a byte order mark'],
    ['\v', 'a vertical tab'],
    ['\f', 'a form feed'],
  ] as const
  const looks = spaces.flatMap(([space, name]) =>
    [`app${space}`, `${space}app=web`, space, `app=web${space}`, `app in (web${space})`].map(
      (text): Look => ({
        call: () => call('parseSelector', text),
        what: `parseSelector(${quoted(text)}), with ${name}`,
        expected: new Refusal(),
      }),
    ),
  )
  await expectAll(looks)
})

check('LB-7.3', 'takes in and notin for words where a key or a value is due', async (subject) => {
  await expectRead(subject, [
    ['in', [exists('in')]],
    ['!notin', [existsNot('notin')]],
    ['in=notin', [has('in', 'notin')]],
    ['notin!=in', [hasNot('notin', 'in')]],
    ['in in (in,notin)', [has('in', 'in', 'notin')]],
    ['notin notin (a,in)', [hasNot('notin', 'a', 'in')]],
    ['a,in,notin', [exists('a'), exists('in'), exists('notin')]],
    ['In', [exists('In')]],
    ['inn in (notinn)', [has('inn', 'notinn')]],
  ])
})

check('LB-7.4', 'reads the longest symbol, and no symbol out of two that are apart', async (subject) => {
  const refused = ['a=!=b', 'a=!b', 'a===b', 'a!==b', 'a= =b', 'a! =b', '!!a', 'a>=b', 'a<b']
  await expectRead(subject, [
    ['a!=b', [hasNot('a', 'b')]],
    ['a==b', [has('a', 'b')]],
    ['!a', [existsNot('a')]],
    ...refused.map((text) => [text, new Refusal()] as const),
  ])
})

check(
  'LB-7.6',
  'takes everything else for a part of a word, which no key and no value may have',
  async (subject) => {
    const quotes = ['a="b"', "a='b'", 'a in ("b")', "a notin ('b')", '"a"']
    const separators = ['a;', 'a=b;', 'a=b;c=d', 'a=b&c=d', 'a=b|c=d']
    const escapes = ['a=b+', 'a+', 'a=%62', 'a%3Db']
    await expectRead(
      subject,
      [...quotes, ...separators, ...escapes].map((text) => [text, new Refusal()] as const),
    )
  },
)
