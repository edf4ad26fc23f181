// LB-7: white space, symbols and words.
import fc from 'fast-check'
import type { Requirement } from '#kit/labels'
import { check } from '../../src/runner/check.ts'
import { expectAll, expectRead, forAny, type Look, labelsOf } from './bench.ts'
import { Refusal } from './messages.ts'
import { exists, existsNot, has, hasNot, someKey, someValue } from './selectors.ts'
import { quoted } from './told.ts'

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
  // With the one space that it needs, and then with more between any two tokens.
  const tokens = [
    'a',
    ' in',
    '(',
    'w',
    ',',
    'x',
    ')',
    ',',
    '!',
    'b',
    ',',
    'c',
    '!=',
    ',',
    'd',
    '==',
    'y',
    ',',
    'e',
  ]
  const expected = [has('a', 'w', 'x'), existsNot('b'), hasNot('c', ''), has('d', 'y'), exists('e')]
  const spaces = [' \t', '\n', '\r']
  const spaced = tokens.flatMap((_, i) =>
    spaces.map((space) => tokens.slice(0, i).join('') + space + tokens.slice(i).join('')),
  )
  await expectRead(subject, [
    ...spaced.map((text) => [text, expected] as const),
    ...spaces.map((space) => [tokens.join('') + space, expected] as const),
    // It parts words, but no requirements.
    ...spaces.map((space) => [`a=b${space}c=d`, new Refusal()] as const),
    ...spaces.map((space) => [`a in (b,c)${space}d`, new Refusal()] as const),
    ...spaces.map((space) => [`a${space}!b`, new Refusal()] as const),
  ])
})

check('LB-7.2', 'takes nothing for white space but space, tab and line ends', async (subject) => {
  const spaces = [
    ['\u00a0', 'a no-break space'],
    ['\ufeff', 'a byte order mark'],
    ['\v', 'a vertical tab'],
    ['\f', 'a form feed'],
    ['\u0085', 'a next line'],
    ['\u2028', 'a line separator'],
    ['\u3000', 'an ideographic space'],
    ['\0', 'a NUL'],
  ] as const
  const looks = spaces.flatMap(([space, name]) =>
    [`app${space}`, `${space}app=web`, space, `app=web${space}`, `app in (web${space})`].map(
      (text): Look => ({
        name: 'parseSelector',
        args: [text],
        what: `parseSelector(${quoted(text)}), with ${name}`,
        expected: new Refusal(),
      }),
    ),
  )
  await expectAll(subject, looks)
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
    ['inn in (notinn)', [has('inn', 'notinn')]],
  ])
  const words = ['in', 'notin']
  const keys: [text: string, read: Requirement][] = words.flatMap((key) => [
    [key, exists(key)],
    [`!${key}`, existsNot(key)],
    [`${key}=`, has(key, '')],
    [`${key}!=`, hasNot(key, '')],
    [`${key} in (b)`, has(key, 'b')],
    [`${key} notin (b,c)`, hasNot(key, 'b', 'c')],
  ])
  const values: [text: string, read: Requirement][] = ['a', ...words].flatMap((key) =>
    words.flatMap((value): [string, Requirement][] => [
      [`${key}=${value}`, has(key, value)],
      [`${key} == ${value}`, has(key, value)],
      [`${key}!=${value}`, hasNot(key, value)],
      [`${key} in (${value})`, has(key, value)],
      [`${key} in (${value},b)`, has(key, value, 'b')],
      [`${key} in (b,${value})`, has(key, 'b', value)],
      [`${key} notin (${value} )`, hasNot(key, value)],
    ]),
  )
  await expectRead(
    subject,
    [...keys, ...values].map(([text, read]) => [`x,${text},z`, [exists('x'), read, exists('z')]] as const),
  )
})

check('LB-7.4', 'reads the longest symbol, and no symbol out of two that are apart', async (subject) => {
  const refused = ['a=!=b', 'a=!b', 'a===b', 'a!==b', 'a= =b', 'a! =b', '!!a', 'a>=b', 'a<b', 'a<>b', 'a=>b']
  await expectRead(subject, [
    ['a!=b', [hasNot('a', 'b')]],
    ['a==b', [has('a', 'b')]],
    ['!a', [existsNot('a')]],
    ...refused.map((text) => [text, new Refusal()] as const),
  ])
})

check('LB-7.5', 'reads any text as it reads the same one without needless white space', async (subject) => {
  const { call } = labelsOf(subject)
  const examples = fc.array(fc.record({ tokens: someTokens, gaps: someGaps }), {
    minLength: 1,
    maxLength: 10,
    size: 'max',
  })
  await forAny(
    subject,
    examples,
    async (texts) => {
      const plain = texts.map(({ tokens }) => spelt(tokens, []))
      const read = await Promise.all(plain.map((text) => call('parseSelector', text).settled()))
      const looks = texts.flatMap(({ tokens, gaps }, i): Look[] => {
        const settlement = read[i]
        if (settlement?.status === 'rejected' && settlement.error.thrown !== 'SelectorError')
          throw settlement.error
        // What it refuses, or does not return, is looked at elsewhere.
        if (settlement?.status !== 'resolved') return []
        const text = spelt(tokens, gaps)
        return [
          {
            name: 'parseSelector',
            args: [text],
            what: `parseSelector(${quoted(text)}), which must return what ${quoted(plain[i] ?? '')} does`,
            expected: settlement.value,
            ordered: true,
          },
        ]
      })
      await expectAll(subject, looks)
    },
    5,
  )
})

check(
  'LB-7.6',
  'takes everything else for a part of a word, which no key and no value may have',
  async (subject) => {
    const printed = [
      '"',
      '#',
      '$',
      '%',
      '&',
      "'",
      '*',
      '+',
      ':',
      ';',
      '?',
      '@',
      '[',
      ']',
      '^',
      '`',
      '{',
      '|',
      '}',
    ]
    const more = ['~', '\\', '\0', '\u0001', '\b', '\u001b', '\u007f', '\u00ad', '\u200b', '\u2060', 'é']
    const texts = [...printed, ...more].flatMap((x) => [
      `a${x}`,
      `a=b ${x}c`,
      `a=${x}b${x}`,
      `${x}a=b${x}`,
      `a=b${x}c=d`,
      `a in (${x}b${x},c)`,
    ])
    const pairs = ['a in [b]', 'a in {b}', 'a notin [b,c]', 'a=%62', 'a%3Db', '(a)', '(a=b)', 'a in <b>']
    await expectRead(
      subject,
      [...texts, ...pairs].map((text) => [text, new Refusal()] as const),
    )
  },
)

const someGaps = fc.array(fc.constantFrom('', '', ' ', '\t', '\r\n', '   '), { minLength: 16, maxLength: 16 })

const someSet = fc
  .array(someValue, { minLength: 1, maxLength: 4 })
  .map((values) => ['(', ...values.flatMap((value) => [',', value]).slice(1), ')'])

/** The tokens of a text of valid requirements. */
const someTokens = fc
  .array(
    fc.oneof(
      fc.tuple(someKey),
      fc.tuple(fc.constant('!'), someKey),
      fc.tuple(someKey, fc.constantFrom('=', '==', '!='), someValue),
      fc.tuple(someKey, fc.constantFrom('in', 'notin'), someSet).map((parts) => parts.flat()),
    ),
    { maxLength: 4 },
  )
  .map((requirements) => requirements.flatMap((tokens) => [',', ...tokens]).slice(1))

/** Tokens as a text, with one gap after the other between them. Words are always apart. */
function spelt(tokens: readonly string[], gaps: readonly string[]): string {
  const gap = (i: number) => gaps[i % gaps.length] ?? ''
  const isWord = (token: string) => /\w/.test(token)
  const parts = tokens.map((token, i) => {
    const isApart = isWord(token) && isWord(tokens[i - 1] ?? '')
    return `${isApart ? ' ' : ''}${gap(i)}${token}`
  })
  return parts.join('') + gap(tokens.length)
}
