// LB-9 and LB-10: texts that are refused.
import { check } from '../../src/runner/check.ts'
import { expectAll, expectRead, type Look } from './bench.ts'
import { inRequirement, invalidValue, invalidValues, nilKey, Refusal, refusal, together } from './messages.ts'
import { has, listsOf } from './selectors.ts'
import { quoted } from './told.ts'

// LB-9: tokens that stand side by side, and one text behind the other

check('LB-9.11', 'says what it found where no white space stands', async (subject) => {
  const atTheBeginning = "expected: !, identifier, or 'end of string'"
  const behind = "expected: ',' or 'end of string'"
  const behindTheComma = "expected: identifier after ','"
  const operators = 'expected: in, notin, =, ==, !='
  await expectRead(subject, [
    [',a=b', refusal(`found ',', ${atTheBeginning}`)],
    ['!=a', refusal(`found '!=', ${atTheBeginning}`)],
    ['(a)', refusal(`found '(', ${atTheBeginning}`)],
    ['a=b=c', refusal(`found '=', ${behind}`)],
    ['a=b==c', refusal(`found '==', ${behind}`)],
    ['!a=b', refusal(`found '=', ${behind}`)],
    ['a in (b))', refusal(`found ')', ${behind}`)],
    ['a in (b)c', refusal(`found 'c', ${behind}`)],
    ['a=b,', refusal(`found '', ${behindTheComma}`)],
    ['a=b,,c', refusal(`found ',', ${behindTheComma}`)],
    ['a,!=b', refusal(`found '!=', ${behindTheComma}`)],
    ['!', inRequirement("found '', expected: identifier")],
    ['!(a)', inRequirement("found '(', expected: identifier")],
    ['a)', inRequirement(`found ')', ${operators}`)],
    ['a(b)', inRequirement(`found '(', ${operators}`)],
    ['a not in (b)', inRequirement(`found 'not', ${operators}`)],
    ['a in', inRequirement("found '' expected: '('")],
    ['a notin,b', inRequirement("found ',' expected: '('")],
    ['a in (', inRequirement("found '', expected: ',', ')' or identifier")],
    ['a in((', inRequirement("found '(', expected: ',', ')' or identifier")],
    ['a in (b', inRequirement("found '', expected: ',' or ')'")],
    ['a in (b=c)', inRequirement("found '=', expected: ',' or ')'")],
    ['a in (b,', inRequirement("found '', expected: ',', or identifier")],
    ['a in (b,!c)', inRequirement("found '!', expected: ',', or identifier")],
  ])
})

check('LB-9.12', 'names the symbol that it found, the longest where two are possible', async (subject) => {
  const operators = 'expected: in, notin, =, ==, !='
  await expectRead(subject, [
    ['a=!=b', inRequirement("found '!=', expected: identifier")],
    ['a=!b', inRequirement("found '!', expected: identifier")],
    ['a===b', inRequirement("found '=', expected: identifier")],
    ['a!==b', inRequirement("found '=', expected: identifier")],
    ['a= =b', inRequirement("found '=', expected: identifier")],
    ['a! =b', inRequirement(`found '!', ${operators}`)],
    ['!!a', inRequirement("found '!', expected: identifier")],
    ['!==a', refusal("found '!=', expected: !, identifier, or 'end of string'")],
    ['a>=b', inRequirement(`found '>', ${operators}`)],
    ['a<=b', inRequirement(`found '<', ${operators}`)],
    ['a<>b', inRequirement(`found '<', ${operators}`)],
    ['a=<b', inRequirement("found '<', expected: identifier")],
    ['a in (=!b', inRequirement("found '=', expected: ',', ')' or identifier")],
  ])
})

check('LB-9.13', 'reads each text by itself: one that was refused leaves nothing behind', async (subject) => {
  const refused = ['a in (b,c', 'a=b=c', 'a,!b,', '!', 'a notin', 'a in (b,c$)', 'a=b$']
  const looks = refused.flatMap((text): Look[] => [
    { name: 'parseSelector', args: [text], what: `parseSelector(${quoted(text)})`, expected: new Refusal() },
    {
      name: 'parseSelector',
      args: ['d in (e)'],
      what: `parseSelector("d in (e)"), after parseSelector(${quoted(text)}) had been refused`,
      expected: [has('d', 'e')],
    },
  ])
  await expectAll(subject, looks)
})

// LB-10: keys and values that are not well-formed

check('LB-10.1', 'refuses a key that is not well-formed', async (subject) => {
  const long = 'x'.repeat(64)
  const longPrefix = `${'x'.repeat(254)}/a`
  const longest = `${'x'.repeat(253)}/${'y'.repeat(63)}`
  const keys = ['a$', '-a', 'a/b/c', '/a', 'a/', 'A.com/a', 'x.com/a$', long, longPrefix, `${long}-`, 'a"b']
  await expectRead(subject, [
    ...keys.flatMap((key) =>
      [key, `!${key}`, `a,${key}`, `a,b!=c,!${key}`, `${key}=b`, `${key} notin (b,c)`].map(
        (text) => [text, nilKey(key)] as const,
      ),
    ),
    [':=b', nilKey(':')],
    [`${longest}=a`, [has(longest, 'a')]],
  ])
})

check('LB-10.2', 'refuses a value that is not well-formed', async (subject) => {
  const long = 'x'.repeat(64)
  await expectRead(subject, [
    ['app=c$', inRequirement(invalidValue('app', 0, 'c$'))],
    ['a,b in (x,y_)', inRequirement(invalidValue('b', 1, 'y_'))],
    ['x.com/b notin (y_)', inRequirement(invalidValue('x.com/b', 0, 'y_'))],
    [`app=${'x'.repeat(63)}`, [has('app', 'x'.repeat(63))]],
  ])
  const values = ['c$', '-', 'a/b', 'b"c', 'c\\d', long, `${long}-`]
  await expectRead(
    subject,
    values.flatMap((value) =>
      ['app', 'x.com/app'].flatMap((key) =>
        [`${key}=${value}`, `${key}==${value}`, `z,${key}!=${value}`, `${key} in (${value})`].map(
          (text) => [text, inRequirement(invalidValue(key, 0, value))] as const,
        ),
      ),
    ),
  )
})

check('LB-10.3', 'says all that is wrong with the values, in order, each once', async (subject) => {
  await expectRead(subject, [
    ['a in (z_,y,$)', inRequirement(`[${invalidValue('a', 0, '$')}, ${invalidValue('a', 2, 'z_')}]`)],
    ['a notin (b$,c$)', inRequirement(`[${invalidValue('a', 0, 'b$')}, ${invalidValue('a', 1, 'c$')}]`)],
    ['a in (b,b,c$)', inRequirement(invalidValue('a', 1, 'c$'))],
  ])
  const lists = [...listsOf(['c$', 'b', '-'], 2), ['b', 'c$', 'b'], ['c$', '-', 'd$'], ['b', 'c$', 'c$']]
  const wrong = lists.flatMap((list) => {
    const problems = invalidValues('x.com/b', [...new Set(list)].sort())
    return problems.length === 0 ? [] : [[`(${list.join(',')})`, inRequirement(together(problems))] as const]
  })
  await expectRead(
    subject,
    wrong.flatMap(([list, refused]) => [
      [`x.com/b in ${list}`, refused] as const,
      [`a,x.com/b notin ${list}`, refused] as const,
    ]),
  )
})

check('LB-10.4', 'reports the first of two slips, from left to right', async (subject) => {
  const values = ['a=c$', 'a==c$', 'a!=c$', 'a in (c$)', 'a notin (c$)', 'a in (d,c$,c$)', 'a=b,a notin (c$)']
  const behind = [' !', ' =d', ')', ',,', ',!d$', ',d=e$', '<d', ' d', ',', ',d$', ' (d)']
  await expectRead(subject, [
    ['a$ b', nilKey('a$')],
    ['!a$ b', nilKey('a$')],
    ['!a$=b', nilKey('a$')],
    ['a$!', nilKey('a$')],
    ['a$)', nilKey('a$')],
    ['a$ (b)', nilKey('a$')],
    ['a$<b', nilKey('a$')],
    ['a$=c$', nilKey('a$')],
    ['a$ in (', nilKey('a$')],
    ...values.flatMap((text, i) =>
      behind
        .slice(i === 3 ? 0 : -4)
        .map((slip) => [text + slip, inRequirement(invalidValue('a', 0, 'c$'))] as const),
    ),
    ['a in (c$', inRequirement("found '', expected: ',' or ')'")],
    ['a=b,c$ d', nilKey('c$')],
    ['a b$', inRequirement("found 'b$', expected: in, notin, =, ==, !=")],
  ])
})
