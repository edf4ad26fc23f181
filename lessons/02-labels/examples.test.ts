import { expect, test } from 'vitest'
import { SelectorError } from '#kit/labels'
import { formatSelector, matches, parseSelector, selectorOf } from '#rooms/labels'

test('LB-1: In asks for one of several values', () => {
  const selector = [{ key: 'tier', operator: 'In', values: ['back', 'front'] }] as const

  expect(matches(selector, { app: 'web', tier: 'front' })).toBe(true)
  expect(matches(selector, { app: 'web', tier: 'middle' })).toBe(false)
  expect(matches(selector, { app: 'web' })).toBe(false)
})

test('LB-3: matchLabels become requirements, and so do matchExpressions', () => {
  expect(selectorOf({ matchLabels: { app: 'web' } })).toEqual([
    { key: 'app', operator: 'In', values: ['web'] },
  ])
  expect(selectorOf({ matchExpressions: [{ key: 'tier', operator: 'Exists' }] })).toEqual([
    { key: 'tier', operator: 'Exists', values: [] },
  ])
})

test('LB-5: reads the ways to ask for one value, or for any', () => {
  expect(parseSelector('app=web,canary,tier!=back')).toEqual([
    { key: 'app', operator: 'In', values: ['web'] },
    { key: 'canary', operator: 'Exists', values: [] },
    { key: 'tier', operator: 'NotIn', values: ['back'] },
  ])
})

test('LB-6: reads a set of values', () => {
  expect(parseSelector('tier in (back,front)')).toEqual([
    { key: 'tier', operator: 'In', values: ['back', 'front'] },
  ])
})

test('LB-9: says what it found, and what it expected', () => {
  expect(() => parseSelector('a in (')).toThrow(
    new SelectorError("unable to parse requirement: found '', expected: ',', ')' or identifier"),
  )
})

test('LB-11: writes a selector as it can be read again', () => {
  expect(formatSelector(parseSelector(' tier == front , ! canary '))).toBe('!canary,tier=front')
})
