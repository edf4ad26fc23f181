// Runs beside the rooms of a submission: the client that informers are given.
import { around } from '#cluster/world/around'
import type { Client } from '#kit/client'

/** The same client, made of the same things wherever it comes from: by them a room could tell what it is in. */
export function plain(client: Client): Client {
  return around(client, {
    call: (_, proceed) => proceed(),
    watch(_, open) {
      const stream = open()
      const same: typeof stream = {
        next: () => stream.next(),
        return: () => stream.return(),
        [Symbol.asyncIterator]: () => same,
      }
      return same
    },
  })
}
