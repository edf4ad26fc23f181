import { describe, expect, it } from 'vitest'
import { Trace } from '#cluster/world/trace'
import { traceLines, untold } from '../src/runner/trace-lines.ts'

/** A trace of steps at these moments, in ms. */
function traceOf(...steps: [atMs: number, who: string, what: string][]): Trace {
  let nowMs = 0
  const trace = new Trace({ now: () => nowMs })
  for (const [atMs, who, what] of steps) {
    nowMs = atMs
    trace.add(who, what)
  }
  return trace
}

describe('what happened', () => {
  it('is told with its times', () => {
    expect(traceLines(traceOf([0, 'a', 'begins'], [1_500, 'b', 'ends']))).toEqual([
      '+0.000 s  a  begins',
      '+1.500 s  b  ends',
    ])
  })

  it('is told without times where none passes', () => {
    expect(traceLines(traceOf([0, 'a', 'begins'], [0, 'b', 'ends']))).toEqual(['a  begins', 'b  ends'])
  })

  it('is one line where the same happens several times in a row', () => {
    const again: [number, string, string][] = [0, 10, 20].map((atMs) => [atMs, 'a', 'tries'])
    expect(traceLines(traceOf(...again, [30, 'b', 'tries']))).toEqual([
      '+0.000 s  a  tries, 3 times until +0.020 s',
      '+0.030 s  b  tries',
    ])
    expect(traceLines(traceOf([0, 'a', 'tries'], [0, 'a', 'tries']))).toEqual(['a  tries, 2 times'])
  })

  it('is cut where a step is too long', () => {
    const [line] = traceLines(traceOf([0, 'a', 'x'.repeat(1_000)]))
    expect(line).toBe(`a  ${'x'.repeat(297)}…`)
  })

  it('says how much is not told', () => {
    expect([untold(1, 'step'), untold(2, 'line')]).toEqual(['… 1 step before that', '… 2 lines before that'])
  })
})
