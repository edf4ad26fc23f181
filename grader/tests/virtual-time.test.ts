import { describe, expect, it } from 'vitest'
import { seeded } from '#kit/random'
import { BudgetExceeded, VirtualTime } from '../src/subject/virtual-time.ts'

function newTime(seed = 1) {
  const time = new VirtualTime(seeded(seed))
  const startMs = time.nowMs
  const fired = (untilMs: number) => {
    const timers: [number, number][] = []
    for (let timer = time.next(startMs + untilMs); timer !== undefined; timer = time.next(startMs + untilMs))
      timers.push([timer, time.nowMs - startMs])
    return timers
  }
  return { time, startMs, fired }
}

describe('virtual time', () => {
  it('fires timers in the order of their due times, and stops where it is told', () => {
    const { time, startMs, fired } = newTime()
    for (const [id, delayMs] of [30, 10, 40, 20].entries()) time.set(id, delayMs)
    expect(fired(30)).toEqual([
      [1, 10],
      [3, 20],
      [0, 30],
    ])
    expect(time.nowMs).toBe(startMs + 30)
    expect(time.due).toEqual([startMs + 40])
  })

  it('forgets a timer that is cancelled, and moves one that is set again', () => {
    const { time, fired } = newTime()
    for (const id of [1, 2, 3]) time.set(id, 10)
    time.cancel(2)
    time.cancel(9)
    time.set(3, 20)
    expect(fired(100)).toEqual([
      [1, 10],
      [3, 20],
    ])
    expect(time.due).toEqual([])
  })

  it('lets the seed decide between timers that are due at the same instant', () => {
    const order = (seed: number) => {
      const { time, fired } = newTime(seed)
      for (let id = 0; id < 8; id++) time.set(id, 5)
      return fired(5).map(([timer]) => timer)
    }
    expect(order(1)).toEqual(order(1))
    expect(new Set([1, 2, 3, 4].map((seed) => order(seed).join())).size).toBeGreaterThan(1)
    expect(order(1).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('holds many timers without taking long over each, and no more than it may', () => {
    const { time, fired } = newTime()
    const startedMs = performance.now()
    for (let id = 0; id < 19_999; id++) time.set(id, id % 7)
    expect(fired(6)).toHaveLength(19_999)
    expect(performance.now() - startedMs).toBeLessThan(5_000)
    for (let id = 0; id < 20_000; id++) time.set(id, 1)
    expect(() => time.set(20_000, 1)).toThrow(BudgetExceeded)
  })

  it('takes no more timers in a check than it may, set again or not', () => {
    const { time } = newTime()
    for (let count = 0; count < 100_000; count++) time.set(1, 1)
    expect(() => time.set(1, 1)).toThrow(BudgetExceeded)
  })

  it('fires no more timers than it may', () => {
    const { time, startMs } = newTime()
    for (let count = 0; count < 20_000; count++) {
      time.set(1, 0)
      expect(time.next(startMs)).toBe(1)
    }
    time.set(1, 0)
    expect(() => time.next(startMs)).toThrow(BudgetExceeded)
  })
})
