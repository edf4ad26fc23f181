import { $ } from 'kleur/colors'
import { expect, it, onTestFinished } from 'vitest'
import { figureLines, inMs, spreadOf } from '../src/bench/figure.ts'

it('takes the value in the middle of a spread, or half-way between the two that are there', () => {
  expect(spreadOf([30, 10, 100])).toEqual({ median: 30, min: 10, max: 100, count: 3 })
  expect(spreadOf([9, 100, 10, 20])).toEqual({ median: 15, min: 9, max: 100, count: 4 })
  expect(() => spreadOf([])).toThrow('a spread of no values')
})

it('shows tenths of a millisecond only where they matter', () => {
  expect(inMs(spreadOf([118.4, 101.2, 159.6]))).toBe('118 ms (101..160)')
  expect(inMs(spreadOf([4.26]))).toBe('4.3 ms (4.3..4.3)')
})

it('prints a figure with what it is to be, and whether it is', () => {
  const { enabled } = $
  $.enabled = false
  onTestFinished(() => {
    $.enabled = enabled
  })
  const figure = { what: 'a batch', value: '400 a minute', wanted: '≥ 450', details: ['of ten'] }
  expect(figureLines({ ...figure, held: false })).toEqual([
    '✗ a batch: 400 a minute, wanted ≥ 450',
    '    of ten',
  ])
  expect(figureLines({ ...figure, held: true })[0]).toBe('✓ a batch: 400 a minute, wanted ≥ 450')
})
