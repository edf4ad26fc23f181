import { describe, expect, it } from 'vitest'
import { overused, RequestTime } from '../src/sandbox/budget.ts'
import { exceeded } from '../src/sandbox/fault.ts'
import type { Usage } from '../src/sandbox/process-tree.ts'

const usage = (over: Partial<Usage>): Usage => ({ pids: [1, 2], cpuMs: 0, residentBytes: 2 ** 20, ...over })

describe('the time of a request', () => {
  it('counts processor time from the first look on', () => {
    const time = new RequestTime()
    expect(time.spent(usage({ cpuMs: 5_000 }), 25)).toBeUndefined()
    expect(time.spent(usage({ cpuMs: 6_000 }), 25)).toBeUndefined()
    expect(time.spent(usage({ cpuMs: 6_010 }), 25)).toBe('requestCpu')
  })

  it('does not mind a machine that is busy with something else', () => {
    const time = new RequestTime()
    expect(time.spent(usage({ cpuMs: 0 }), 9_000)).toBeUndefined()
  })

  it('ends a wait that takes no processor time', () => {
    const time = new RequestTime()
    expect(time.spent(usage({}), 10_000)).toBeUndefined()
    expect(time.spent(usage({}), 1)).toBe('requestWall')
  })

  it('is short where processor time cannot be measured', () => {
    const time = new RequestTime()
    expect(time.spent(undefined, 2_000)).toBeUndefined()
    expect(time.spent(undefined, 1)).toBe('unmeasuredWall')
  })
})

describe('what a process may use', () => {
  it('names the limit that is hit', () => {
    expect(overused(usage({ residentBytes: 256 * 2 ** 20 }))).toBeUndefined()
    expect(overused(usage({ residentBytes: 256 * 2 ** 20 + 1 }))).toBe('memory')
    expect(overused(usage({ pids: [1, 2, 3, 4] }))).toBeUndefined()
    expect(overused(usage({ pids: [1, 2, 3, 4, 5] }))).toBe('processes')
    expect(overused(usage({ cpuMs: 20_000 }))).toBeUndefined()
    expect(overused(usage({ cpuMs: 20_010 }))).toBe('totalCpu')
  })

  it.each([
    ['requestCpu', 'timed-out', 'still running after 1 s of processor time or 256 MiB of memory'],
    ['requestWall', 'timed-out', 'no answer within 10 s'],
    ['unmeasuredWall', 'timed-out', 'no answer within 2 s'],
    ['totalCpu', 'over-limit', 'used more than 20 s of processor time in all'],
    ['memory', 'timed-out', 'still running after 1 s of processor time or 256 MiB of memory'],
  ] as const)('says of %s: %s', (limit, outcome, message) => {
    expect(exceeded(limit)).toMatchObject({ outcome, message, limit, frames: [] })
  })
})
