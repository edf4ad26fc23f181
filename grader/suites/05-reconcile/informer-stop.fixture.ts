// Runs beside the rooms of a submission: stops informers at every moment after an event.
import type { Client, WatchEvent } from '#kit/client'
import type { Clock } from '#kit/clock'
import type { Stream } from '#kit/stream'
import { InformerRig } from './informer.fixture.ts'
import type { Item } from './shown.fixture.ts'
import { pass, TURNS } from './turns.fixture.ts'

/** A watch that brings one event, when it is told to. */
function watchOf(event: WatchEvent<'ConfigMap'>) {
  type Next = IteratorResult<WatchEvent<'ConfigMap'>, undefined>
  const over: Next = { done: true, value: undefined }
  let settle: (next: Next) => void = () => {}
  const first = new Promise<Next>((resolve) => {
    settle = resolve
  })
  let end = () => {}
  const last = new Promise<Next>((resolve) => {
    end = () => resolve(over)
  })
  let isFirst = true
  const stream: Stream<WatchEvent<'ConfigMap'>> = {
    async next() {
      const next = isFirst ? first : last
      isFirst = false
      return next
    },
    async return() {
      settle(over)
      end()
      return over
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return { stream, bring: () => settle({ done: false, value: event }) }
}

/**
 * Stops informers that have listed one object just after an event has come to them: each one a turn of the job queue later
 * than the one before.
 *
 * @returns after how many turns `stop()` was called, where a handler was told or the cache changed after it; `Infinity` is
 *   among them where an event was never told, though nothing was stopped
 */
export async function changedAfterStop(listed: Item, events: WatchEvent<'ConfigMap'>[]): Promise<number[]> {
  const late = new Set<number>()
  // No time passes here.
  const clock: Clock = { now: () => Date.UTC(2026, 0, 1), setTimer: () => ({ cancel() {} }) }
  for (let turns = 0; turns < TURNS; turns++) {
    for (const event of events) {
      const { stream, bring } = watchOf(event)
      const { resourceVersion } = listed.metadata
      const client = {
        list: async () => ({ metadata: { resourceVersion }, items: [listed] }),
        watch: () => stream,
      }
      const rig = new InformerRig(client as unknown as Client, clock, {})
      const start = rig.start()
      await pass(50)
      bring()
      // Not pass(): that would take a turn more.
      for (let turn = 0; turn < turns; turn++) await undefined
      const isLast = turns === TURNS - 1
      if (isLast) await pass(50)
      void Promise.allSettled([start, rig.stop()])
      const before = rig.look()
      // Who notices nothing at all is silent for that, and not for the stop.
      if (isLast && before.told.length < 2) late.add(Number.POSITIVE_INFINITY)
      await pass(50)
      const { told, cache } = rig.look()
      if (told.length > 0 || cache.join() !== before.cache.join()) late.add(turns)
    }
  }
  return [...late]
}
