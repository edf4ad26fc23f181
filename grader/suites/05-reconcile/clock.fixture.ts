// Runs beside the rooms of a submission: clocks around the one of the check.
import type { Clock, Timer } from '#kit/clock'

/** How many timers of 0 ms an informer may set at the same instant. It needs none. */
const ZERO_TIMERS = 10

/**
 * A clock that sets no more timers of 0 ms at an instant once there were many: who sets the next one when the last one
 * fires would never come to an end.
 *
 * @param set in how many ms each is due
 */
export function bounded(clock: Clock, set: number[] = []): Clock {
  let [nowMs, count] = [clock.now(), 0]
  return {
    now: () => clock.now(),
    setTimer(delayMs, fire) {
      if (clock.now() > nowMs) [nowMs, count] = [clock.now(), 0]
      set.push(delayMs)
      if (delayMs === 0 && ++count > ZERO_TIMERS) return { cancel() {} }
      return clock.setTimer(delayMs, fire)
    },
  }
}

/** A clock on which everything that is due at the same instant takes one timer: for many components side by side. */
export function sharedClock(clock: Clock): Clock {
  const slots = new Map<number, { fires: Set<() => void>; timer: Timer }>()
  const slotAt = (atMs: number) => {
    const fires = new Set<() => void>()
    const timer = clock.setTimer(atMs - clock.now(), () => {
      slots.delete(atMs)
      for (const fire of fires) fire()
    })
    return { fires, timer }
  }
  return {
    now: () => clock.now(),
    setTimer(delayMs, fire) {
      const atMs = clock.now() + delayMs
      const slot = slots.get(atMs) ?? slotAt(atMs)
      slots.set(atMs, slot)
      const mine = () => fire()
      slot.fires.add(mine)
      return {
        cancel() {
          slot.fires.delete(mine)
          if (slot.fires.size > 0 || slots.get(atMs) !== slot) return
          slot.timer.cancel()
          slots.delete(atMs)
        },
      }
    },
  }
}
