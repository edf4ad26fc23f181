import { around } from '#cluster/world/around'
import { PushedStream } from '#cluster/world/pushed-stream'
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import type { Random } from '#kit/random'

/** How long answers and events are on their way, in ms: any number from `leastMs` to `mostMs`, equally likely. */
export interface Latency {
  leastMs: number
  mostMs: number
}

/**
 * A client whose answers and events take their time. What a request does, it does at once: only word of it is late. The
 * events of one watch keep their order.
 */
export function delayed(inner: Client, { leastMs, mostMs }: Latency, clock: Clock, random: Random): Client {
  const delayMs = () => leastMs + Math.floor(random.next() * (mostMs - leastMs + 1))
  const pass = (ms: number) => new Promise<void>((resolve) => void clock.setTimer(ms, resolve))
  return around(inner, {
    async call(_, proceed) {
      const arrived = pass(delayMs())
      try {
        return await proceed()
      } finally {
        await arrived
      }
    },

    watch<T>(_: unknown, open: () => AsyncIterator<T, undefined>) {
      const source = open()
      const stream = new PushedStream<T>(() => void source.return?.())
      let lastMs = clock.now()
      const onTheWay: (() => void)[] = []
      /** Does something when it would have arrived; never before what set out earlier. */
      const arrive = (what: () => void) => {
        lastMs = Math.max(lastMs, clock.now() + delayMs())
        onTheWay.push(what)
        // Those that arrive at the same instant may fire in any order: whichever does brings the oldest.
        clock.setTimer(lastMs - clock.now(), () => onTheWay.shift()?.())
      }
      const read = async () => {
        try {
          for (let next = await source.next(); !next.done; next = await source.next()) {
            const { value } = next
            arrive(() => stream.push(value))
          }
          arrive(() => stream.end())
        } catch (error) {
          arrive(() => stream.fail(error))
        }
      }
      void read()
      return stream
    },
  })
}
