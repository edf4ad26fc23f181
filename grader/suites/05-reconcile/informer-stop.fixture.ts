// Runs beside the rooms of a submission: stops informers at every moment after something has happened.
import type { Client, WatchEvent } from '#kit/client'
import type { Clock } from '#kit/clock'
import type { Stream } from '#kit/stream'
import { InformerRig } from './informer.fixture.ts'
import type { Item } from './shown.fixture.ts'
import { type Late, lateOf, Moments, pass } from './turns.fixture.ts'

/** What happens: it is started, or its watch brings an event or breaks off. */
export type Happening = 'start' | 'break' | WatchEvent<'ConfigMap'>

/** A watch that brings one event or breaks off, when it is told to. */
function watchOf(happening: Happening) {
  type Next = IteratorResult<WatchEvent<'ConfigMap'>, undefined>
  const over: Next = { done: true, value: undefined }
  let settle: (next: Next | Promise<never>) => void = () => {}
  const first = new Promise<Next>((resolve) => {
    settle = resolve
  })
  // Perhaps nobody has asked.
  first.catch(() => undefined)
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
  const bring = () => {
    if (happening === 'break') settle(Promise.reject(new Error('connection reset')))
    else if (happening !== 'start') settle({ done: false, value: happening })
  }
  return { stream, bring }
}

/**
 * Stops informers that have listed one object just after something has happened: each one a turn of the job queue later
 * than the one before.
 *
 * @returns what is to be asked when nothing runs any more: after how many turns `stop()` was called, where anything was asked
 *   or told, a timer left, or the cache changed after it; `Infinity` is among them where what happened was never noticed,
 *   though nothing was stopped
 */
export async function goesOnAfterStop(listed: Item, happening: Happening): Promise<Late> {
  const stopped: { turns: number; goesOn: () => boolean }[] = []
  const moments = new Moments()
  for (const turns of moments) {
    const { stream, bring } = watchOf(happening)
    const { resourceVersion } = listed.metadata
    let [asked, timers] = [0, 0]
    const client = {
      async list() {
        asked++
        return { metadata: { resourceVersion }, items: [listed] }
      },
      watch() {
        asked++
        return stream
      },
    }
    // No time passes here.
    const setTimer = () => {
      timers++
      return { cancel: () => void timers-- }
    }
    const clock: Clock = { now: () => Date.UTC(2026, 0, 1), setTimer }
    const rig = new InformerRig(client as unknown as Client, clock, {})
    const start = rig.start()
    if (happening !== 'start') await pass(50)
    bring()
    // Not pass(): that would take a turn more.
    for (let turn = 0; turn < turns; turn++) await undefined
    const askedBefore = asked
    void Promise.allSettled([start, rig.stop()])
    const before = rig.look()
    const noticed = before.told.length + before.errors.length + (happening === 'start' ? 1 : 0)
    moments.enter(noticed >= 2)
    const goesOn = () => {
      const { told, errors, cache } = rig.look()
      const changed = told.length + errors.length > 0 || cache.join() !== before.cache.join()
      return changed || asked > askedBefore || timers > 0
    }
    stopped.push({ turns, goesOn })
  }
  return lateOf(stopped, moments)
}
