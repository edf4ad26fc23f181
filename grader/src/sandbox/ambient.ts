const TIMERS = 'use the clock that the room is given, clock.setTimer(delayMs, fire)'
const NOW = 'use the clock that the room is given, clock.now()'
const CHANCE = 'use the random that the room is given, random.next()'

/** What every room finds under the names by which it could reach real time and real chance. */
export type Ambient = Record<'setTimeout' | 'setInterval' | 'setImmediate' | 'Date' | 'Math', unknown>

/**
 * Stand-ins for what would make a room depend on the machine. Using one throws a sentence that says what to use
 * instead, wherever the room runs. A courtesy, not a guard.
 */
export function ambient(): Ambient {
  // By its own name it is soon the stand-in.
  const RealDate = Date
  return {
    setTimeout: absent('setTimeout()', TIMERS),
    setInterval: absent('setInterval()', TIMERS),
    setImmediate: absent('setImmediate()', TIMERS),
    Math: Object.defineProperties(
      {},
      {
        ...Object.getOwnPropertyDescriptors(Math),
        random: { value: absent('Math.random()', CHANCE), configurable: true },
      },
    ),
    // Not the real one with another face: what is set on this one must not lead there.
    Date: new Proxy(
      Object.defineProperties(function date() {}, {
        ...Object.getOwnPropertyDescriptors(RealDate),
        now: { value: absent('Date.now()', NOW), configurable: true },
      }),
      {
        construct: (_, args, newTarget) =>
          args.length === 0 ? absent('new Date()', NOW)() : Reflect.construct(RealDate, args, newTarget),
        apply: absent('Date()', NOW),
      },
    ),
  }
}

function absent(name: string, instead: string): () => never {
  return () => {
    throw new Error(`${name} is not there in a room: ${instead}`)
  }
}
