import type { Client } from '#kit/client'
import type { Stream } from '#kit/stream'

/** The client of an API that could not be made: every call says why. */
export function rejectingClient(error: unknown): Client {
  const refuse = () => Promise.reject(error)
  return {
    get: refuse,
    list: refuse,
    watch: () => rejectingStream(error),
    create: refuse,
    update: refuse,
    patch: refuse,
    delete: refuse,
    deleteCollection: refuse,
  }
}

function rejectingStream(error: unknown): Stream<never> {
  return {
    next: () => Promise.reject(error),
    return: async () => ({ done: true, value: undefined }),
    [Symbol.asyncIterator]: () => rejectingStream(error),
  }
}
