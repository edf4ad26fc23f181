import { PushedStream } from '#cluster/world/pushed-stream'
import type { Client } from '#kit/client'
import { StatusError } from '#kit/status-error'
import type { CheckContext } from '../runner/check.ts'
import { RoomError } from '../subject/subject.ts'
import type * as OwnApi from './own-api.fixture.ts'

/** The API of a submission's own stack, as a client on our side. */
export function ownApi(context: CheckContext): { api: Client; compact: (revision: number) => Promise<void> } {
  const { hold, call } = context.room<typeof OwnApi>('own-api')
  const own = hold('newApi', context.clock, context.seed)
  const answer = async <T>(asked: PromiseLike<unknown>): Promise<T> => {
    try {
      return (await asked) as T
    } catch (error) {
      throw asStatus(error)
    }
  }
  const api: Client = {
    get: (...args) => answer(own.get(...args)),
    list: (...args) => answer(own.list(...args)),
    create: (...args) => answer(own.create(...args)),
    update: (...args) => answer(own.update(...args)),
    patch: (...args) => answer(own.patch(...args)),
    delete: (...args) => answer(own.delete(...args)),
    deleteCollection: (...args) => answer(own.deleteCollection(...args)),
    watch(...args) {
      const source = own.watch.hold(...args)
      const stream = new PushedStream<never>(() => void source.return())
      const read = async () => {
        try {
          for (;;) {
            const next = await source.next.patient()
            if (next.done) return stream.end()
            stream.push(next.value as never)
          }
        } catch (error) {
          stream.fail(asStatus(error))
        }
      }
      void read()
      return stream
    },
  }
  return { api, compact: async (revision) => void (await call('compact', own, revision)) }
}

/** The error as a client knows it, where it is a Status. */
function asStatus(error: unknown): unknown {
  if (!(error instanceof RoomError) || error.thrown !== 'StatusError') return error
  const status: unknown = error.fields.status
  return typeof status === 'object' && status !== null ? new StatusError(status) : error
}
