import { expect, it } from 'vitest'
import { whereTheyDiffer } from '../src/runner/difference.ts'

it.each([
  [{ a: 1 }, { a: 2 }, 'a'],
  [{ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } }, 'a.b[1].c'],
  [[1, 2], [1], '[1]'],
  [[1], [1, 2], '[1]'],
  [{ a: 1 }, {}, 'a'],
  [{}, { b: 1 }, 'b'],
  [{ a: [1] }, { a: { 0: 1 } }, 'a'],
  [1, 2, undefined],
  [{ a: 1 }, undefined, undefined],
  [{ a: undefined }, {}, undefined],
  [JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 2}'), '__proto__'],
])('between %j and %j is %s', (expected, seen, place) => {
  expect(whereTheyDiffer(expected, seen)).toBe(place)
})
