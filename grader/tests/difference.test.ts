import { expect, it } from 'vitest'
import { difference } from '../src/runner/difference.ts'

const long = 'x'.repeat(81)

it.each([
  ['short values as they are', { a: 1, b: 2 }, { a: 1, b: 3 }, ['{ a: 1, b: 2 }', '{ a: 1, b: 3 }']],
  ['what differs alone', { a: long, b: 2 }, { a: long, b: 3 }, ['{ b: 2, … }', '{ b: 3, … }']],
  [
    'what differs deep inside',
    { a: { b: [{ long }, { c: 2, long }] } },
    { a: { b: [{ long }, { c: 3, long }] } },
    ['{ a: { b: […, { c: 2, … }] } }', '{ a: { b: […, { c: 3, … }] } }'],
  ],
  ['words of a list', ['a', 'b', long], ['a', 'c', long], ['["a", "b", …]', '["a", "c", …]']],
  ['what one of them lacks', { a: long, b: 1 }, { a: long }, ['{ b: 1, … }', '{ … }']],
  ['what only one of them has', { a: long }, { a: long, b: 1 }, ['{ … }', '{ b: 1, … }']],
  [
    'where a long list differs',
    Array.from({ length: 150 }, (_, n) => `name-${n}`),
    Array.from({ length: 150 }, (_, n) => `name-${n === 148 ? 'x' : n}`),
    ['[148 times …, "name-148", …]', '[148 times …, "name-x", …]'],
  ],
  ['where a long text differs', `${long}a`, `${long}b`, [`…"${'x'.repeat(20)}a"`, `…"${'x'.repeat(20)}b"`]],
  ['a null in a list', [null, 1, long], [null, 2, long], ['[null, 1, …]', '[null, 2, …]']],
  ['values of two kinds', { a: long }, 1, [`{ a: "${long}" }`, '1']],
  [
    'a member that only looks inherited',
    JSON.parse(`{ "__proto__": 1, "a": "${long}" }`),
    { a: long },
    ['{ __proto__: 1, … }', '{ … }'],
  ],
])('shows %s', (_, expected, seen, texts) => {
  expect(difference(expected, seen)).toEqual(texts)
})
