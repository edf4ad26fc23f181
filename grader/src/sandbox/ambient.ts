/**
 * Takes from the submission's realm what would make a room depend on the machine: real time, real chance.
 * Using it throws a sentence that says what to use instead, wherever the room runs. A courtesy, not a guard.
 */
export function takeAwayAmbient(realm: Record<string, unknown>): void {
  const absent = (name: string, instead: string) => () => {
    throw new Error(`${name} is not there in a room: ${instead}`)
  }
  const timers = 'use the clock that the room is given, clock.setTimer(delayMs, fire)'
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) realm[name] = absent(`${name}()`, timers)

  const now = 'use the clock that the room is given, clock.now()'
  const RealDate = Date
  realm.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      args.length === 0 ? absent('new Date()', now)() : Reflect.construct(target, args, newTarget),
    apply: absent('Date()', now),
    get: (target, key) => (key === 'now' ? absent('Date.now()', now) : Reflect.get(target, key)),
  })
  // So that `new Date(0).constructor` is the one above, too.
  Object.defineProperty(RealDate.prototype, 'constructor', {
    value: realm.Date,
    writable: true,
    configurable: true,
  })
  Math.random = absent('Math.random()', 'use the random that the room is given, random.next()')
}
