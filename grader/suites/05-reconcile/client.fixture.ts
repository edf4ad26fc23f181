// Runs beside the rooms of a submission: the client that informers are given.
import type { Client } from '#kit/client'

/** The same client, made of the same things wherever it comes from: by them a room could tell what it is in. */
export function plain(client: Client): Client {
  return {
    get: (...args) => client.get(...args),
    list: (...args) => client.list(...args),
    create: (...args) => client.create(...args),
    update: (...args) => client.update(...args),
    patch: (...args) => client.patch(...args),
    delete: (...args) => client.delete(...args),
    deleteCollection: (...args) => client.deleteCollection(...args),
    watch(...args) {
      const stream = client.watch(...args)
      const same: typeof stream = {
        next: () => stream.next(),
        return: () => stream.return(),
        [Symbol.asyncIterator]: () => same,
      }
      return same
    },
  }
}
