import type { Clock } from '#kit/clock'

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, fire) {
    if (!(delayMs >= 0 && Number.isFinite(delayMs)))
      throw new RangeError(`a timer's delay is a number of ms, 0 or more, and this is ${delayMs}`)
    // Node fires at once what is set for later than 24 days from now.
    const longest = 2 ** 31 - 1
    let timer: NodeJS.Timeout
    const wait = (restMs: number) => {
      const stepMs = Math.min(restMs, longest)
      timer = setTimeout(() => (restMs > stepMs ? wait(restMs - stepMs) : fire()), stepMs)
    }
    wait(delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
}
