// LB-9 and LB-10: texts that are refused.
import { check } from '../../src/runner/check.ts'
import { expectRead } from './bench.ts'
import { inRequirement, invalidValue, nilKey, refusal } from './messages.ts'
import { has } from './selectors.ts'

// LB-9: what may stand where

check(
  'LB-9.1',
  'says what it found at the beginning and behind a requirement, without a prefix',
  async (subject) => {
    const atTheBeginning = "expected: !, identifier, or 'end of string'"
    const behind = "expected: ',' or 'end of string'"
    const behindTheComma = "expected: identifier after ','"
    await expectRead(subject, [
      [',', refusal(`found ',', ${atTheBeginning}`)],
      ['=a', refusal(`found '=', ${atTheBeginning}`)],
      [' (a)', refusal(`found '(', ${atTheBeginning}`)],
      ['!=a', refusal(`found '!=', ${atTheBeginning}`)],
      ['a=b=c', refusal(`found '=', ${behind}`)],
      ['a=b c', refusal(`found 'c', ${behind}`)],
      ['!a=b', refusal(`found '=', ${behind}`)],
      ['!a in (b)', refusal(`found 'in', ${behind}`)],
      ['a in (b))', refusal(`found ')', ${behind}`)],
      ['a in (b) c', refusal(`found 'c', ${behind}`)],
      ['a,b=c!=d', refusal(`found '!=', ${behind}`)],
      ['a=b<c', refusal(`found '<', ${behind}`)],
      ['a,', refusal(`found '', ${behindTheComma}`)],
      ['a=b,,c', refusal(`found ',', ${behindTheComma}`)],
      ['a=b,', refusal(`found '', ${behindTheComma}`)],
      ['a,!=b', refusal(`found '!=', ${behindTheComma}`)],
      ['!a, =', refusal(`found '=', ${behindTheComma}`)],
      ['a in (b),)', refusal(`found ')', ${behindTheComma}`)],
    ])
  },
)

check('LB-9.2', 'says what it found inside a requirement', async (subject) => {
  const operators = 'expected: in, notin, =, ==, !='
  await expectRead(subject, [
    ['!', inRequirement("found '', expected: identifier")],
    ['!,a', inRequirement("found ',', expected: identifier")],
    ['!(a)', inRequirement("found '(', expected: identifier")],
    ['a b', inRequirement(`found 'b', ${operators}`)],
    ['a)', inRequirement(`found ')', ${operators}`)],
    ['a!', inRequirement(`found '!', ${operators}`)],
    ['a,b (c)', inRequirement(`found '(', ${operators}`)],
    ['a not in (b)', inRequirement(`found 'not', ${operators}`)],
    ['a IN (b)', inRequirement(`found 'IN', ${operators}`)],
    ['a constructor', inRequirement(`found 'constructor', ${operators}`)],
    ['a=(b)', inRequirement("found '(', expected: identifier")],
    ['a==(b)', inRequirement("found '(', expected: identifier")],
    ['a!=(b)', inRequirement("found '(', expected: identifier")],
    ['a==)', inRequirement("found ')', expected: identifier")],
    ['a!=!', inRequirement("found '!', expected: identifier")],
  ])
})

check('LB-9.3', 'says what it found in and around a set of values', async (subject) => {
  const atTheBeginning = "expected: ',', ')' or identifier"
  const behindAValue = "expected: ',' or ')'"
  const behindAComma = "expected: ',', or identifier"
  await expectRead(subject, [
    ['a in', inRequirement("found '' expected: '('")],
    ['a in b', inRequirement("found 'b' expected: '('")],
    ['a notin', inRequirement("found '' expected: '('")],
    ['a notin b', inRequirement("found 'b' expected: '('")],
    ['a notin, b', inRequirement("found ',' expected: '('")],
    ['a notin )', inRequirement("found ')' expected: '('")],
    ['a in (', inRequirement(`found '', ${atTheBeginning}`)],
    ['a notin (=', inRequirement(`found '=', ${atTheBeginning}`)],
    ['a in ((', inRequirement(`found '(', ${atTheBeginning}`)],
    ['a in (b', inRequirement(`found '', ${behindAValue}`)],
    ['a in (b c)', inRequirement(`found 'c', ${behindAValue}`)],
    ['a in (b,c d)', inRequirement(`found 'd', ${behindAValue}`)],
    ['a in (b,', inRequirement(`found '', ${behindAComma}`)],
    ['a in (,', inRequirement(`found '', ${behindAComma}`)],
    ['a in (b,!c)', inRequirement(`found '!', ${behindAComma}`)],
    ['a in (,=)', inRequirement(`found '=', ${behindAComma}`)],
    ['a in (b,c,(', inRequirement(`found '(', ${behindAComma}`)],
  ])
})

check('LB-9.4', 'reads each text by itself: one that was refused leaves nothing behind', async (subject) => {
  await expectRead(subject, [
    ['a in (b,c', inRequirement("found '', expected: ',' or ')'")],
    ['d in (e)', [has('d', 'e')]],
    ['a=b=c', refusal("found '=', expected: ',' or 'end of string'")],
    ['d=e', [has('d', 'e')]],
  ])
})

check('LB-9.5', 'names the symbol that it found, the longest where two are possible', async (subject) => {
  const operators = 'expected: in, notin, =, ==, !='
  await expectRead(subject, [
    ['a=!=b', inRequirement("found '!=', expected: identifier")],
    ['a=!b', inRequirement("found '!', expected: identifier")],
    ['a===b', inRequirement("found '=', expected: identifier")],
    ['a!==b', inRequirement("found '=', expected: identifier")],
    ['a= =b', inRequirement("found '=', expected: identifier")],
    ['a! =b', inRequirement(`found '!', ${operators}`)],
    ['!!a', inRequirement("found '!', expected: identifier")],
    ['a>=b', inRequirement(`found '>', ${operators}`)],
    ['a<b', inRequirement(`found '<', ${operators}`)],
  ])
})

// LB-10: keys and values that are not well-formed

check('LB-10.1', 'refuses a key that is not well-formed', async (subject) => {
  const long = 'x'.repeat(64)
  const longPrefix = `${'x'.repeat(254)}/a`
  const longest = `${'x'.repeat(253)}/${'y'.repeat(63)}`
  const keys = ['a$', '-a', 'a/b/c', '/a', 'a/', 'A.com/a', long, longPrefix, `${long}-`, 'a"b']
  await expectRead(subject, [
    ...keys.map((key) => [key, nilKey(key)] as const),
    ['!a$', nilKey('a$')],
    ['a,b_=c', nilKey('b_')],
    [':=b', nilKey(':')],
    [`${longest}=a`, [has(longest, 'a')]],
  ])
})

check('LB-10.2', 'refuses a value that is not well-formed', async (subject) => {
  const long = 'x'.repeat(64)
  await expectRead(subject, [
    ['app=c$', inRequirement(invalidValue('app', 0, 'c$'))],
    ['app!=-', inRequirement(invalidValue('app', 0, '-'))],
    ['app==a/b', inRequirement(invalidValue('app', 0, 'a/b'))],
    [`app=${long}`, inRequirement(invalidValue('app', 0, long))],
    ['a,b in (x,y_)', inRequirement(invalidValue('b', 1, 'y_'))],
    ['x.com/b notin (y_)', inRequirement(invalidValue('x.com/b', 0, 'y_'))],
    [`app=${'x'.repeat(63)}`, [has('app', 'x'.repeat(63))]],
  ])
})

check('LB-10.3', 'says all that is wrong with the values', async (subject) => {
  const longBad = `${'x'.repeat(64)}-`
  await expectRead(subject, [
    [`app=${longBad}`, inRequirement(invalidValue('app', 0, longBad))],
    ['a in (z_,y,$)', inRequirement(`[${invalidValue('a', 0, '$')}, ${invalidValue('a', 2, 'z_')}]`)],
  ])
})

check('LB-10.4', 'reports the first of two slips, from left to right', async (subject) => {
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
    ['a=c$ d', inRequirement(invalidValue('a', 0, 'c$'))],
    ['a!=c$ d', inRequirement(invalidValue('a', 0, 'c$'))],
    ['a in (c$) d', inRequirement(invalidValue('a', 0, 'c$'))],
    ['a notin (c$) d', inRequirement(invalidValue('a', 0, 'c$'))],
    ['a=c$,,', inRequirement(invalidValue('a', 0, 'c$'))],
    ['a=c$,d$', inRequirement(invalidValue('a', 0, 'c$'))],
    ['a in (c$', inRequirement("found '', expected: ',' or ')'")],
    ['a=b,c$ d', nilKey('c$')],
    ['a b$', inRequirement("found 'b$', expected: in, notin, =, ==, !=")],
  ])
})
