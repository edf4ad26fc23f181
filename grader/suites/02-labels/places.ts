// LB-9: what may stand where in a text. Each place, reached in several ways, with each token that may not stand there.
import { check } from '../../src/runner/check.ts'
import type { Subject } from '../../src/subject/subject.ts'
import { expectRead } from './bench.ts'
import { inRequirement, type Refusal, refusal } from './messages.ts'

const WORDS = ['c', 'in', 'notin', '"c"', "'c'", 'c\\d', 'a-rather-long-word-which-is-told-whole']
const SYMBOLS = ['=', '==', '!=', '!', '(', ')', ',', '<', '>']
/** As a token, the end of the text. */
const END = ''
const TOKENS = [...WORDS, ...SYMBOLS, END]

/** One place in a text. */
interface Place {
  /** Texts that end there. */
  behind: string[]
  may: string[]
  refused: (found: string) => Refusal
}

/**
 * Looks at what is said of each token that may not stand there, and behind other texts of some of them. Between a text
 * and the token stands white space.
 */
async function expectFound(subject: Subject, { behind, may, refused }: Place): Promise<void> {
  const found = TOKENS.filter((token) => !may.includes(token))
  const some = ['c', 'in', '!', '(', '=', END].filter((token) => found.includes(token))
  const gaps = [' ', '\n', ' \t']
  await expectRead(
    subject,
    behind.flatMap((text, i) =>
      (i === 0 ? found : some).map(
        (token) => [`${text}${gaps[i % gaps.length]}${token}`, refused(token)] as const,
      ),
    ),
  )
}

function outside(expected: string): Place['refused'] {
  return (found) => refusal(`found '${found}', expected: ${expected}`)
}

function inside(expected: string): Place['refused'] {
  return (found) => inRequirement(`found '${found}'${expected}`)
}

check('LB-9.1', 'says what it found at the beginning of the text', async (subject) => {
  await expectFound(subject, {
    behind: ['', ' '],
    may: [...WORDS, '!', END],
    refused: outside("!, identifier, or 'end of string'"),
  })
})

check('LB-9.2', 'says what it found behind a requirement', async (subject) => {
  await expectFound(subject, {
    behind: ['a=b', '!a', 'a in (b,c)', 'a==b', 'a!=b', 'a notin (b)', 'a,b=c', 'x,!y,z=1,a in ()'],
    may: [',', END],
    refused: outside("',' or 'end of string'"),
  })
})

check('LB-9.3', 'says what it found behind the comma after a requirement', async (subject) => {
  await expectFound(subject, {
    behind: ['a,', 'a=b,', '!a,', 'a=,', 'a in (b),', 'a notin (b,c),', 'a,b,c,'],
    may: [...WORDS, '!'],
    refused: outside("identifier after ','"),
  })
})

check('LB-9.4', 'says what it found behind !', async (subject) => {
  await expectFound(subject, {
    behind: ['!', 'a,!', 'x,!y,z=1,!'],
    may: WORDS,
    refused: inside(', expected: identifier'),
  })
})

check('LB-9.5', 'says what it found behind a key', async (subject) => {
  await expectFound(subject, {
    behind: ['a', 'x.com/a', 'b=c,a', 'x,!y,z=1,a'],
    may: ['in', 'notin', '=', '==', '!=', ',', END],
    refused: inside(', expected: in, notin, =, ==, !='),
  })
  const words = [
    'not',
    'IN',
    'In',
    'NotIn',
    'notIn',
    'inside',
    'notinside',
    'not-in',
    'in.',
    'nin',
    'eq',
    'constructor',
  ]
  await expectRead(
    subject,
    words.map((word) => [`a ${word} (b)`, inRequirement(`found '${word}', expected: in, notin, =, ==, !=`)]),
  )
})

check('LB-9.6', 'says what it found behind =, == and !=', async (subject) => {
  await expectFound(subject, {
    behind: ['a=', 'a==', 'a!=', 'b,a=', 'x,!y,z=1,a='],
    may: [...WORDS, ',', END],
    refused: inside(', expected: identifier'),
  })
})

check('LB-9.7', 'says what it found behind in and notin', async (subject) => {
  await expectFound(subject, {
    behind: ['a in', 'a notin', 'b=c,a in', 'x,!y,z=1,a notin'],
    may: ['('],
    refused: inside(" expected: '('"),
  })
})

check('LB-9.8', 'says what it found at the beginning of a set of values', async (subject) => {
  await expectFound(subject, {
    behind: ['a in (', 'a notin (', 'x,!y,z=1,a in ('],
    may: [...WORDS, ',', ')'],
    refused: inside(", expected: ',', ')' or identifier"),
  })
})

check('LB-9.9', 'says what it found behind a word in a set of values', async (subject) => {
  await expectFound(subject, {
    behind: ['a in (b', 'a notin (b', 'a in (b,c', 'a in (,b', 'a notin (,b', 'x,!y,z=1,a notin (b,c'],
    may: [',', ')'],
    refused: inside(", expected: ',' or ')'"),
  })
})

check('LB-9.10', 'says what it found behind a comma in a set of values', async (subject) => {
  await expectFound(subject, {
    behind: ['a in (b,', 'a notin (b,', 'a in (,', 'a notin (,', 'a in (b,c,', 'x,!y,z=1,a notin (b,c,'],
    may: [...WORDS, ',', ')'],
    refused: inside(", expected: ',', or identifier"),
  })
})
